//! A case table as rows of named cells: semicolons, UTF-8, one heading.

use std::fmt;

/// The columns, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Part,
    Name,
    Kind,
    About,
    Recipient,
    Days,
    Field,
    Value,
    Type,
    Law,
    RestsOn,
    Text,
}

pub(super) const COLUMNS: [(Column, &str); 12] = [
    (Column::Part, "del"),
    (Column::Name, "navn"),
    (Column::Kind, "slags"),
    (Column::About, "om"),
    (Column::Recipient, "modtager"),
    (Column::Days, "dage"),
    (Column::Field, "felt"),
    (Column::Value, "værdi"),
    (Column::Type, "type"),
    (Column::Law, "lov"),
    (Column::RestsOn, "bygger på"),
    (Column::Text, "tekst"),
];

/// By this a spreadsheet knows that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Why a table is no case, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NotACase {
    /// As a spreadsheet numbers its rows; none where it is about the whole.
    row: Option<u64>,
    column: Option<&'static str>,
    why: String,
}

impl fmt::Display for NotACase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column '{column}': {}", self.why),
            (Some(row), None) => write!(f, "row {row}: {}", self.why),
            _ => f.write_str(&self.why),
        }
    }
}

impl NotACase {
    pub(super) fn whole(why: impl Into<String>) -> Self {
        Self { row: None, column: None, why: why.into() }
    }
}

/// One row, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    number: u64,
    cells: [String; COLUMNS.len()],
}

impl Row {
    pub(super) fn with(mut self, column: Column, cell: impl Into<String>) -> Self {
        self.cells[column as usize] = cell.into();
        self
    }

    pub(super) fn get(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    /// Reads a cell; where that fails, the error names it.
    pub(super) fn read<T>(
        &self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, NotACase> {
        read(self.get(column)).map_err(|why| NotACase {
            row: Some(self.number),
            column: Some(COLUMNS[column as usize].1),
            why,
        })
    }

    pub(super) fn wrong(&self, why: impl Into<String>) -> NotACase {
        NotACase { row: Some(self.number), column: None, why: why.into() }
    }
}

/// The rows of a file that are not empty.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, NotACase> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        NotACase::whole("the file is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet")
    })?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut breaks_inside = 0;
    while reader.read_record(&mut record).map_err(|error| NotACase::whole(error.to_string()))? {
        breaks_inside += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        // The reader stands on the line after the row, blank lines above it passed over.
        rows.push(row(reader.position().line() - 1 - breaks_inside, &record)?);
    }
    let heading = COLUMNS.map(|(_, name)| name.to_owned());
    if rows.first().is_none_or(|first| first.cells != heading) {
        let why = format!("the first row must be {}", heading.join(";"));
        return Err(NotACase::whole(why));
    }
    rows.remove(0);
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    Ok(rows)
}

fn row(number: u64, record: &csv::StringRecord) -> Result<Row, NotACase> {
    let mut row = Row { number, ..Row::default() };
    for (place, cell) in record.iter().enumerate() {
        match row.cells.get_mut(place) {
            Some(kept) => cell.clone_into(kept),
            None if cell.is_empty() => {}
            None => return Err(row.wrong(format!("'{cell}' stands outside the columns"))),
        }
    }
    Ok(row)
}

/// The file, as [`read`] reads it.
pub(super) fn write(rows: &[Row]) -> String {
    let heading = Row { number: 1, cells: COLUMNS.map(|(_, name)| name.to_owned()) };
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(vec![]);
    for row in [&heading].into_iter().chain(rows) {
        writer.write_record(&row.cells).expect("writing to memory does not fail");
    }
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    let text = String::from_utf8(bytes).expect("the cells are text");
    format!("{BYTE_ORDER_MARK}{text}")
}
