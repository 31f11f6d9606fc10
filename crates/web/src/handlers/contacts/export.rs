//! The list as a file: exactly the people, columns and order that are seen, all pages of them.

use super::{
    columns::{Beside, Column, cell},
    filter::Filter,
};
use crate::{
    door::{Answer, Desk, Trouble},
    pages::contacts::ListCell,
};
use axum::{
    body::Body,
    extract::{Path, Query},
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use crm::{
    customers::{self, ContactLine, ContactQuery},
    interactions, sales,
    staff::{Right, audit, users},
};
use futures::stream;
use kernel::{ContactId, Locale, Sentence, csv, sentence::say};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;
use std::collections::HashMap;
use store::Rows;

/// People read at a time.
const PAGE: u64 = 1_000;
/// Rows of an Excel file: it is made as a whole before it leaves, so larger lists go as CSV.
const MOST_IN_EXCEL: i64 = 100_000;

/// `GET /kontakte/export/{format}?…` with the words of the list.
pub async fn export(
    desk: Desk,
    Path(format): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    desk.actor.must(Right::ExportContacts)?;
    let filter = Filter::read(&query);
    let rows = desk.db.read().await?;
    let (mut question, _) = filter.question(&desk, &rows).await?;
    (question.limit, question.after) = (PAGE, None);
    let staff = users::list(&rows).await?.into_iter().map(|user| (user.id.0, user.name)).collect();
    let count = customers::count_contacts(&rows, &desk.actor, &question, i64::MAX as u64).await?;
    drop(rows);
    let sheet = Sheet { columns: Column::chosen(filter.get("spalten")), staff, desk, question };
    match format.as_str() {
        "csv" => {
            sheet.noted("csv", count, &filter).await?;
            Ok(file("text/csv; charset=utf-8", "csv", sheet.csv()))
        }
        "xlsx" if count > MOST_IN_EXCEL => {
            let sentence = Sentence::new("list-export-too-many").with("n", count).with("most", MOST_IN_EXCEL);
            Err(crm::Refusal::field("format", "too_many", sentence).into())
        }
        "xlsx" => {
            sheet.noted("xlsx", count, &filter).await?;
            let bytes = sheet.xlsx().await?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(file(kind, "xlsx", Body::from(bytes)))
        }
        _ => Err(Trouble::MISSING),
    }
}

fn file(kind: &'static str, ending: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"kontakte.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

struct Sheet {
    desk: Desk,
    columns: Vec<Column>,
    question: ContactQuery,
    staff: HashMap<i64, String>,
}

impl Sheet {
    /// An export leaves an entry before its first line leaves the house.
    async fn noted(&self, format: &str, count: i64, filter: &Filter) -> Answer<()> {
        let unit = self.desk.db.write().await?;
        let detail = json!({ "format": format, "contacts": count, "list": filter.nameless() });
        let deed = audit::Deed::new("contact.exported", "contact", None).with(detail);
        audit::note(&unit, &self.desk.actor, self.desk.now(), deed).await?;
        unit.save().await?;
        Ok(())
    }

    fn heads(&self) -> Vec<String> {
        let columns = self.columns.iter().map(|column| say(self.desk.locale, column.key(), None));
        std::iter::once(say(self.desk.locale, "contacts-name", None)).chain(columns).collect()
    }

    /// The next page as texts, and whether another one follows.
    async fn page(&mut self) -> Answer<(Vec<Vec<String>>, bool)> {
        let rows = self.desk.db.read().await?;
        let found = customers::contact_page(&rows, &self.desk.actor, &self.question).await?;
        self.question.after = found.next;
        let beside = self.beside(&rows, &found.lines).await?;
        let line = |line: &ContactLine| {
            let cells = self.columns.iter().map(|column| self.text(&cell(&self.desk, *column, line, &beside)));
            std::iter::once(line.display_name()).chain(cells).collect()
        };
        Ok((found.lines.iter().map(line).collect(), self.question.after.is_some()))
    }

    async fn beside(&self, rows: &Rows, lines: &[ContactLine]) -> Answer<Beside> {
        let ids: Vec<ContactId> = lines.iter().map(|line| ContactId(line.id)).collect();
        let bought = self.columns.iter().any(|column| matches!(column, Column::Orders | Column::Revenue));
        let latest = self.columns.contains(&Column::Last);
        Ok(Beside {
            bought: if bought { sales::bought(rows, &ids).await? } else { HashMap::new() },
            latest: if latest { interactions::latest(rows, &ids).await? } else { HashMap::new() },
            staff: self.staff.clone(),
        })
    }

    fn text(&self, cell: &ListCell) -> String {
        match cell {
            ListCell::Text(text) | ListCell::Number(text) => text.clone(),
            ListCell::MayMail(None) => String::new(),
            ListCell::MayMail(Some(may)) => {
                say(self.desk.locale, if *may { "contacts-mail-yes" } else { "contacts-mail-no" }, None)
            }
            ListCell::Last(last) => last.as_ref().map(|last| last.text.clone()).unwrap_or_default(),
        }
    }

    /// Page after page as it is read: memory for one page, however many people.
    fn csv(self) -> Body {
        let sign = if self.desk.locale == Locale::De { ';' } else { ',' };
        let head = format!("\u{feff}{}", csv::text_row(self.heads().iter().map(String::as_str), sign));
        let pages = stream::try_unfold(Some((self, Some(head))), move |state| async move {
            let Some((mut sheet, head)) = state else { return Ok(None) };
            let (lines, more) = sheet.page().await.map_err(|trouble| std::io::Error::other(format!("{trouble:?}")))?;
            let mut text = head.unwrap_or_default();
            lines.iter().for_each(|line| text += &csv::text_row(line.iter().map(String::as_str), sign));
            Ok::<_, std::io::Error>(Some((Bytes::from(text), more.then_some((sheet, None)))))
        });
        Body::from_stream(pages)
    }

    async fn xlsx(mut self) -> Answer<Vec<u8>> {
        let heads = self.heads();
        let mut lines = Vec::new();
        loop {
            let (page, more) = self.page().await?;
            lines.extend(page);
            if !more {
                break;
            }
        }
        let made = tokio::task::spawn_blocking(move || workbook(&heads, &lines)).await;
        let fault = |error: String| Trouble::Fault(kernel::Fault::Unreadable(error));
        made.map_err(|error| fault(error.to_string()))?.map_err(|error| fault(error.to_string()))
    }
}

/// Every cell is written as text, which a spreadsheet shows and never computes.
fn workbook(heads: &[String], lines: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet_with_low_memory()?;
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, head, &bold)?;
    }
    for (row, line) in lines.iter().enumerate() {
        for (column, text) in line.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row as u32 + 1, column as u16, text)?;
        }
    }
    book.save_to_buffer()
}
