//! The second step: how the file is read and what each column means, with the first rows as they would be taken.

use super::{begin, find, to, wording};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Choice, Place, draw,
        imports::{ColumnRow, MappingPage, PreviewCell, PreviewRow},
    },
};
use axum::{http::StatusCode, response::Response};
use crm::{
    Refusal,
    intake::{
        Dialect, Mapping, Preview,
        runs::{self, ImportRun},
    },
};
use kernel::{Locale, Sentence, sentence::say};

/// Rows of the preview, and values shown beside a column.
const ROWS: usize = 20;
const SAMPLES: usize = 3;
/// Longest text of a cell that is shown, in characters.
const SHOWN: usize = 80;

pub async fn correct(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let run = find(&desk, id).await?;
    let sheet = fields.get("sheet");
    if !sheet.is_empty() && run.dialect.sheet.as_deref().is_some_and(|now| now != sheet) {
        return match runs::choose_sheet(&desk.db, &desk.actor, run.id, sheet).await {
            Ok(chosen) => page(&desk, chosen, Vec::new(), StatusCode::OK).await,
            Err(trouble) => {
                let wrong = complaints(trouble)?;
                page(&desk, run, wrong, StatusCode::UNPROCESSABLE_ENTITY).await
            }
        };
    }
    let now = run.dialect.clone();
    let dialect = Dialect {
        encoding: wording::chosen(fields.get("encoding"), now.encoding),
        delimiter: wording::chosen(fields.get("delimiter"), now.delimiter),
        header: match fields.get("header") {
            "yes" => true,
            "no" => false,
            _ => now.header,
        },
        dates: wording::chosen(fields.get("dates"), now.dates),
        decimal: wording::chosen(fields.get("numbers"), now.decimal),
        ..now.clone()
    };
    // Other signs or other bytes make other columns: what was said of the old ones means nothing for them.
    let same_columns = dialect.encoding == now.encoding && dialect.delimiter == now.delimiter;
    let mapping = same_columns.then(|| mapped(&fields, run.mapping.0.len()));
    let adjusted = match runs::adjust(&desk.db, &desk.actor, run.id, dialect, mapping).await {
        Ok(adjusted) => adjusted,
        Err(trouble) => {
            let wrong = complaints(trouble)?;
            return page(&desk, run, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    if !fields.has("weiter") {
        return page(&desk, adjusted, Vec::new(), StatusCode::OK).await;
    }
    match begin(&desk, id, true).await {
        Ok(()) => Ok(to(id)),
        // The page says itself what the mapping lacks.
        Err(Trouble::Refusal(Refusal::Invalid(_))) => {
            page(&desk, adjusted, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

fn mapped(fields: &Fields, columns: usize) -> Mapping {
    let chosen = |column: usize| Some(fields.get(&format!("c{column}"))).filter(|key| !key.is_empty());
    Mapping((0..columns).map(|column| chosen(column).map(str::to_owned)).collect())
}

/// What a refusal of the file says; anything else stays trouble.
fn complaints(trouble: crm::Trouble) -> Answer<Vec<Sentence>> {
    match trouble {
        crm::Trouble::Refusal(Refusal::Invalid(complaints)) => {
            Ok(complaints.into_iter().map(|complaint| complaint.sentence).collect())
        }
        other => Err(other.into()),
    }
}

pub async fn page(desk: &Desk, run: ImportRun, mut wrong: Vec<Sentence>, status: StatusCode) -> Answer<Response> {
    let preview = match runs::preview_of(&run, ROWS, desk.zone.day(desk.now())).await {
        Ok(preview) => preview,
        Err(trouble) => {
            for sentence in complaints(trouble)? {
                if !wrong.contains(&sentence) {
                    wrong.push(sentence);
                }
            }
            Preview { dialect: run.dialect.clone(), header: Vec::new(), mapping: run.mapping.clone(), rows: Vec::new() }
        }
    };
    let columns = preview.header.len().max(run.mapping.0.len());
    if let Err(lacking) = run.mapping.check(run.kind, columns) {
        wrong.extend(lacking);
    }
    let locale = desk.locale;
    let page = MappingPage {
        frame: desk.frame().at(Place::Import, run.file_name.clone()),
        id: run.id,
        about: wording::about(&run, locale),
        sheets: wording::sheets(&run.dialect),
        encodings: wording::encodings(&run.dialect),
        delimiters: wording::delimiters(&run.dialect, locale),
        headers: wording::headers(&run.dialect, locale),
        dates: wording::dates(&run.dialect),
        numbers: wording::numbers(&run.dialect),
        columns: (0..columns).map(|index| column(&run, &preview, index, locale)).collect(),
        preview_heads: (0..columns).map(|index| heading(&preview, index, locale)).collect(),
        preview: preview.rows.iter().map(|row| preview_row(&run, row, locale)).collect(),
        errors: wrong.iter().map(|sentence| wording::named(sentence, run.kind, locale)).collect(),
        file: run.file_name,
    };
    Ok(draw(status, &page))
}

fn heading(preview: &Preview, index: usize, locale: Locale) -> String {
    match preview.header.get(index).map(|name| name.trim()) {
        Some(name) if !name.is_empty() => short(name),
        _ => Sentence::new("import-column-nth").with("n", index + 1).say(locale),
    }
}

fn column(run: &ImportRun, preview: &Preview, index: usize, locale: Locale) -> ColumnRow {
    let mapped = run.mapping.0.get(index).cloned().flatten();
    let mut samples: Vec<String> = Vec::new();
    for cell in preview.rows.iter().filter_map(|row| row.cells.get(index)).map(|cell| cell.trim()) {
        let cell = short(cell);
        if samples.len() < SAMPLES && !cell.is_empty() && !samples.contains(&cell) {
            samples.push(cell);
        }
    }
    let none = Choice::new("", say(locale, "import-field-none", None), mapped.is_none());
    let fields = run
        .kind
        .fields()
        .iter()
        .map(|field| Choice::new(field.key, say(locale, field.label, None), mapped.as_deref() == Some(field.key)));
    let twice = mapped
        .as_deref()
        .is_some_and(|key| run.mapping.0.iter().flatten().filter(|other| other.as_str() == key).count() > 1);
    ColumnRow {
        index,
        heading: heading(preview, index, locale),
        samples,
        fields: std::iter::once(none).chain(fields).collect(),
        error: if twice { say(locale, "import-field-twice", None) } else { String::new() },
    }
}

fn preview_row(run: &ImportRun, row: &crm::intake::PreviewRow, locale: Locale) -> PreviewRow {
    let mut cells: Vec<PreviewCell> =
        row.cells.iter().map(|cell| PreviewCell { text: short(cell), error: String::new() }).collect();
    let mut error = String::new();
    if let Some(rejection) = &row.rejection {
        let said = rejection.sentence.say(locale);
        let at = rejection.field.as_deref().and_then(|key| run.mapping.column(key));
        match at.and_then(|column| cells.get_mut(column)) {
            Some(cell) => cell.error = said,
            None => error = said,
        }
    }
    PreviewRow { line: row.line.unsigned_abs(), cells, error }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
