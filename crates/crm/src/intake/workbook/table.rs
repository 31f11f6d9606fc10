//! Writes one sheet as a table of its own: UTF-8, semicolons, a line for every row, so that a line is the row of the sheet.

use super::{guard, shown};
use crate::intake::{
    dialect::{DateStyle, Decimal, Delimiter, Dialect, Encoding, LineEnd},
    fields::is_known_header,
    reader::MAX_COLUMNS,
    refusal::{FileRefusal, FileTrouble},
};
use calamine::{Dimensions, Reader, SheetType, Xlsx, XlsxError};
use kernel::Fault;
use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::Path,
};

/// Rows and columns a sheet can have.
const MOST_ROWS: u32 = 1_048_576;
/// Rows among which the header is looked for.
const HEAD: usize = 50;
/// Merged areas that are looked at, and cells of one of them.
const MOST_MERGED: usize = 10_000;

/// The sheets of a workbook that can be seen, in their order.
pub type Sheets = Vec<String>;

/// Names of the sheets.
pub fn sheets(path: &Path) -> Result<Sheets, FileTrouble> {
    guard::check(path)?;
    names(&open(path)?)
}

fn names(workbook: &Xlsx<BufReader<File>>) -> Result<Sheets, FileTrouble> {
    let seen = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
    if names.is_empty() { Err(FileRefusal::Empty.into()) } else { Ok(names) }
}

fn open(path: &Path) -> Result<Xlsx<BufReader<File>>, FileTrouble> {
    let file = File::open(path).map_err(Fault::io("opening the file to be read"))?;
    Xlsx::new(BufReader::new(file)).map_err(refused)
}

fn refused(error: XlsxError) -> FileTrouble {
    match error {
        XlsxError::Password => FileRefusal::Locked.into(),
        XlsxError::Io(error) => Fault::io("reading the workbook")(error).into(),
        _ => FileRefusal::BrokenWorkbook.into(),
    }
}

/// Writes a sheet, the first one where none is named, to `to`; answers how the table is to be read.
///
/// # Errors
/// A [`FileRefusal`] where the workbook is locked, broken, empty, too wide or made to burst.
pub fn write_table(path: &Path, sheet: Option<&str>, to: &Path) -> Result<Dialect, FileTrouble> {
    guard::check(path)?;
    guard::check_sheets(path)?;
    let mut workbook = open(path)?;
    let names = names(&workbook)?;
    let sheet = sheet.filter(|told| names.iter().any(|name| name == told)).unwrap_or(&names[0]).to_owned();
    let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(refused)?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(refused)?;
    let formats: Vec<Option<String>> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    let out = File::create(to).map_err(Fault::io("writing the table of a workbook"))?;
    let mut table = Table::new(BufWriter::new(out), Merged::new(&merged));
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(refused)? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).and_then(Option::as_deref);
        table.cell(row, column, shown::text(cell.get_value(), format))?;
    }
    let mut dialect = table.done()?;
    dialect.sheet = Some(sheet);
    dialect.sheets = names;
    Ok(dialect)
}

/// Cells under a merged area show what its first cell says.
struct Merged {
    /// By the first cell; the areas.
    areas: HashMap<(u32, u32), Dimensions>,
    /// What lower rows take over: by column the last row and the text.
    open: HashMap<u32, (u32, String)>,
}

impl Merged {
    fn new(areas: &[Dimensions]) -> Self {
        let areas = areas.iter().take(MOST_MERGED).filter(|area| area.end.0 > area.start.0);
        Self { areas: areas.map(|area| (area.start, *area)).collect(), open: HashMap::new() }
    }
}

struct Table<W> {
    out: W,
    merged: Merged,
    /// The first rows, until it is known which of them is the header.
    head: Option<Vec<Vec<String>>>,
    row: u32,
    cells: Vec<String>,
    width: usize,
    header: Option<usize>,
    any: bool,
}

impl<W: Write> Table<W> {
    fn new(out: W, merged: Merged) -> Self {
        Self { out, merged, head: Some(Vec::new()), row: 0, cells: Vec::new(), width: 0, header: None, any: false }
    }

    fn cell(&mut self, row: u32, column: u32, text: String) -> Result<(), FileTrouble> {
        // Rows come in their order; a file that jumps back was not written by a spreadsheet.
        if row < self.row || row >= MOST_ROWS {
            return Err(FileRefusal::BrokenWorkbook.into());
        }
        if text.is_empty() {
            return Ok(());
        }
        while self.row < row {
            self.end_row()?;
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(FileRefusal::TooManyColumns(column + 1).into());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(area) = self.merged.areas.get(&(row, column as u32)) {
            self.merged.open.insert(column as u32, (area.end.0, text.clone()));
        }
        self.any = true;
        self.cells[column] = text;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), FileTrouble> {
        let mut cells = std::mem::take(&mut self.cells);
        if !self.merged.open.is_empty() {
            let row = self.row;
            self.merged.open.retain(|_, (last, _)| *last >= row);
            for (column, (_, text)) in &self.merged.open {
                let column = *column as usize;
                if column < MAX_COLUMNS && cells.get(column).is_none_or(String::is_empty) {
                    cells.resize(cells.len().max(column + 1), String::new());
                    cells[column].clone_from(text);
                }
            }
        }
        self.row += 1;
        match &mut self.head {
            Some(head) => {
                head.push(cells);
                if head.len() == HEAD {
                    self.begin()?;
                }
                Ok(())
            }
            None => self.write(cells),
        }
    }

    /// Finds the header and writes what was held back.
    fn begin(&mut self) -> Result<(), FileTrouble> {
        let head = self.head.take().unwrap_or_default();
        let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
        let known = |row: &&Vec<String>| row.iter().filter(|cell| is_known_header(cell)).count() >= 2;
        let widest = head.iter().map(filled).max().unwrap_or_default();
        let named = head.iter().position(|row| known(&row));
        self.header = named.or_else(|| head.iter().position(|row| widest > 0 && filled(row) == widest));
        let at = self.header.unwrap_or_default();
        self.width = head.iter().skip(at).map(Vec::len).max().unwrap_or_default();
        if named.is_some() {
            self.width = self.width.max(head[at].len());
        }
        head.into_iter().try_for_each(|row| self.write(row))
    }

    fn write(&mut self, mut cells: Vec<String>) -> Result<(), FileTrouble> {
        let blank = cells.iter().all(String::is_empty);
        if !blank && cells.len() < self.width {
            cells.resize(self.width, String::new());
        }
        let mut line = String::with_capacity(cells.iter().map(String::len).sum::<usize>() + cells.len() + 1);
        if !blank {
            for (at, cell) in cells.iter().enumerate() {
                if at > 0 {
                    line.push(';');
                }
                if cell.contains([';', '"']) {
                    line.push('"');
                    line.push_str(&cell.replace('"', "\"\""));
                    line.push('"');
                } else {
                    line.push_str(cell);
                }
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes()).map_err(Fault::io("writing the table of a workbook"))?;
        Ok(())
    }

    fn done(mut self) -> Result<Dialect, FileTrouble> {
        if !self.any {
            return Err(FileRefusal::Empty.into());
        }
        self.end_row()?;
        if self.head.is_some() {
            self.begin()?;
        }
        self.out.flush().map_err(Fault::io("writing the table of a workbook"))?;
        Ok(Dialect {
            encoding: Encoding::Utf8,
            bom: false,
            delimiter: Delimiter::Semicolon,
            quote: true,
            header: true,
            skip_lines: self.header.unwrap_or_default() as u32,
            line_end: LineEnd::Lf,
            dates: DateStyle::Iso,
            decimal: Decimal::Comma,
            sheet: None,
            sheets: Vec::new(),
        })
    }
}
