//! The third and fourth step: how far the work is, what a dry run found, what became of the rows.

use super::{find, wording};
use crate::{
    door::{Answer, Desk, Path, Trouble, headers::attachment},
    pages::{
        Frame, Place, draw,
        imports::{
            ImportProgress, ImportProgressFragment, ImportResultPage, ImportStage, Rejection, Reverted, Stayed, Tally,
        },
    },
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use crm::{
    customers,
    intake::{
        Encoding, ImportKind,
        runs::{self, ImportRun, ImportState, KeptContact},
    },
};
use kernel::{Sentence, Timestamp, sentence::say, time::SECOND};

/// Rejected rows the page shows; the file has them all.
const SHOWN: i64 = 100;

pub async fn page(desk: &Desk, run: ImportRun) -> Answer<Response> {
    let frame = desk.frame().at(Place::Import, run.file_name.clone());
    let stage = stage(desk, &run, &frame).await?;
    let rejections = runs::rejections(&desk.db.read().await?, run.id, 0, SHOWN).await?;
    let page = ImportResultPage {
        frame,
        id: run.id,
        about: wording::about(&run, desk.locale) + &kept_out(desk, &run),
        stage,
        rejections: rejections.into_iter().map(|rejection| shown(desk, run.kind, rejection)).collect(),
        may_revert: run.kind == ImportKind::Contacts && matches!(run.state, ImportState::Done | ImportState::Cancelled),
        records: "/kontakte?sort=seit".to_owned(),
        file: run.file_name,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// Rows that were left alone because the person asked to be erased or restricted.
fn kept_out(desk: &Desk, run: &ImportRun) -> String {
    let count = |name: &str| run.outcome.as_ref().and_then(|outcome| outcome["further"][name].as_i64()).unwrap_or(0);
    let told = [("erased_kept_out", "privacy-import-erased"), ("restricted_kept", "privacy-import-restricted")];
    let said = told.into_iter().filter(|(name, _)| count(name) > 0);
    said.map(|(name, key)| format!(" · {}", Sentence::new(key).with("n", count(name)).say(desk.locale))).collect()
}

async fn stage(desk: &Desk, run: &ImportRun, frame: &Frame) -> Answer<ImportStage> {
    let tally = Tally { created: run.created, updated: run.updated, unchanged: run.unchanged, rejected: run.rejected };
    Ok(match run.state {
        ImportState::Prepared | ImportState::Checked => ImportStage::Tried(tally),
        ImportState::Checking | ImportState::Running | ImportState::Reverting => {
            ImportStage::Working(working(desk, run, frame.clone()).await?)
        }
        ImportState::Done => ImportStage::Done(tally),
        ImportState::Cancelled => ImportStage::Cancelled(tally),
        ImportState::Reverted => ImportStage::Reverted(reverted(desk, run)),
        ImportState::Failed => {
            let why = run.outcome.clone().and_then(|outcome| serde_json::from_value::<Sentence>(outcome).ok());
            ImportStage::Failed(why.unwrap_or_else(|| Sentence::new("intake-run-failed")).say(desk.locale))
        }
    })
}

fn reverted(desk: &Desk, run: &ImportRun) -> Reverted {
    let done = run.reverted.clone().unwrap_or_default();
    let named = |kept: &KeptContact| Stayed {
        id: kept.id,
        name: kept.name.clone(),
        why: match kept.fields.as_slice() {
            [] => say(desk.locale, "import-stayed-used", None),
            fields => {
                let labels: Vec<String> =
                    fields.iter().map(|field| customers::field_label(field, &[], desk.locale)).collect();
                Sentence::new("import-stayed-changed").with("fields", labels.join(", ")).say(desk.locale)
            }
        },
    };
    Reverted {
        removed: done.removed,
        restored: done.restored,
        kept: done.kept,
        stayed: done.named.iter().map(named).collect(),
    }
}

async fn working(desk: &Desk, run: &ImportRun, frame: Frame) -> Answer<ImportProgressFragment> {
    let job = match run.job {
        Some(id) => store::jobs::find(&desk.db.read().await?, id).await?,
        None => None,
    };
    let (done, total) = job.as_ref().map_or((0, 0), |job| (job.done, job.total));
    let began = job.as_ref().and_then(|job| job.started_at).map(Timestamp);
    let doing = match (began, run.state) {
        (None, _) => "import-doing-waiting",
        (_, ImportState::Checking) => "import-doing-checking",
        (_, ImportState::Reverting) => "import-doing-reverting",
        _ => "import-doing-running",
    };
    let progress = ImportProgress {
        rows: done,
        percent: if total > 0 { (done * 100 / total).clamp(0, 100) } else { 0 },
        rest: began
            .and_then(|began| rest(desk.now().0 - began.0, done, total))
            .map_or_else(String::new, |s| s.say(desk.locale)),
        doing: say(desk.locale, doing, None),
    };
    Ok(ImportProgressFragment { frame, id: run.id, progress })
}

/// The time that remains, from the time the first rows took.
fn rest(passed: i64, done: i64, total: i64) -> Option<Sentence> {
    if done <= 0 || passed <= 0 || total <= done {
        return None;
    }
    let seconds = (i128::from(passed) * i128::from(total - done) / i128::from(done) / i128::from(SECOND)) as i64;
    Some(match seconds {
        0..90 => Sentence::new("import-rest-seconds").with("n", seconds.max(1)),
        _ => Sentence::new("import-rest-minutes").with("n", (seconds + 30) / 60),
    })
}

/// Asked every two seconds; once the work is done the whole page is asked for instead.
pub async fn progress(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let run = find(&desk, id).await?;
    if !run.state.is_busy() {
        return Ok((StatusCode::OK, [(HeaderName::from_static("hx-refresh"), "true")]).into_response());
    }
    Ok(draw(StatusCode::OK, &working(&desk, &run, desk.frame()).await?))
}

fn shown(desk: &Desk, kind: ImportKind, rejection: crm::intake::Rejection) -> Rejection {
    Rejection {
        line: rejection.line.unsigned_abs(),
        field: rejection.field.as_deref().map(|key| wording::field(kind, key, desk.locale)).unwrap_or_default(),
        value: rejection.sentence.args.get("value").cloned().unwrap_or_default(),
        reason: rejection.sentence.say(desk.locale),
    }
}

/// The rejected rows as a file that can be corrected and imported again.
pub async fn error_file(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let run = find(&desk, id).await?;
    let bytes = runs::error_file_of(&desk.db.read().await?, &run, desk.locale).await?;
    let kind = match run.dialect.encoding {
        Encoding::Utf8 => "text/csv; charset=utf-8",
        Encoding::Windows1252 => "text/csv; charset=windows-1252",
        Encoding::Utf16Le | Encoding::Utf16Be => "text/csv; charset=utf-16",
    };
    let stem = run.file_name.rsplit_once('.').map_or(run.file_name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-{}.csv", say(desk.locale, "import-errors-name", None));
    let disposition = HeaderValue::from_str(&attachment(&name)).map_err(|_| Trouble::MISSING)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_said_once_something_is_known() {
        assert_eq!(rest(10 * SECOND, 0, 100), None);
        assert_eq!(rest(10 * SECOND, 50, 100), Some(Sentence::new("import-rest-seconds").with("n", 10)));
        assert_eq!(rest(60 * SECOND, 10, 100), Some(Sentence::new("import-rest-minutes").with("n", 9)));
    }
}
