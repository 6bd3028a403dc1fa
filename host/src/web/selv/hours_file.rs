//! A month's sheet as a file of rows, as Danish spreadsheets write them: `;` between cells and `,` in numbers.

use std::collections::BTreeMap;

use ydun_runtime::manifest::{AttributeKind, Days};

use super::answers::{FIRST, LAST, MONTH};
use super::hours_sheet::Sheet;
use crate::filings::Row;

/// The longest file that is read, in bytes.
pub(super) const LENGTH_MAX: usize = 1 << 20;

const CASE: &str = "Sag";
const NAME: &str = "Navn";
const PAGE: &str = "Afsnit";
/// A spreadsheet takes a file that begins so for UTF-8.
const MARK: &str = "\u{feff}";

/// Where in the file a row stands.
pub(super) type Lines = BTreeMap<(usize, usize, usize), usize>;

/// The sheet as a file: who, which days, and what is known already.
pub(super) fn write(sheet: &Sheet) -> String {
    let columns = columns(sheet);
    let mut file = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let head = [CASE, NAME, PAGE].into_iter().chain(columns.iter().map(String::as_str));
    file.write_record(head).expect("a row is written to memory");
    for entry in &sheet.entries {
        for (place, rows) in entry.pages.iter().enumerate() {
            for row in rows {
                let cells = columns.iter().map(|title| cell(sheet, place, row, title));
                let page = sheet.form.pages[place].title.clone();
                let first = [entry.case.to_string(), entry.who.clone(), page].map(harmless);
                file.write_record(first.into_iter().chain(cells))
                    .expect("a row is written to memory");
            }
        }
    }
    let bytes = file.into_inner().expect("rows are written to memory");
    format!("{MARK}{}", String::from_utf8_lossy(&bytes))
}

/// A name that a spreadsheet would take for a formula is told to be a text.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

/// The titles of all pages' columns, each once, with the days before the rest.
fn columns(sheet: &Sheet) -> Vec<String> {
    let pages = 0..sheet.form.pages.len();
    let mut columns: Vec<(String, String)> = pages.flat_map(|place| sheet.columns(place)).collect();
    columns.sort_by_key(|(name, _)| ![FIRST, LAST].contains(&name.as_str()));
    let mut titles: Vec<String> = Vec::new();
    for (_, title) in columns {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

fn cell(sheet: &Sheet, place: usize, row: &Row, title: &str) -> String {
    let found = sheet.columns(place).into_iter().find(|(_, known)| known == title);
    let text = found.and_then(|(name, _)| Some((row.get(&name)?.clone(), name)));
    let Some((text, name)) = text else { return String::new() };
    rule(sheet, place, &name).map_or(text.clone(), |rule| told(rule, &text))
}

fn rule<'a>(sheet: &'a Sheet, place: usize, name: &str) -> Option<&'a AttributeKind> {
    sheet.manifest.fact(&sheet.form.pages.get(place)?.fact)?.attribute(name)
}

/// The title of a code, for people to read.
fn told(rule: &AttributeKind, text: &str) -> String {
    let code = rule.codes.iter().find(|code| code.code == text);
    code.map_or_else(|| text.to_owned(), |code| code.title.clone())
}

/// The code of a title.
fn code(rule: &AttributeKind, text: &str) -> String {
    let code = rule.codes.iter().find(|code| code.title.eq_ignore_ascii_case(text));
    code.map_or_else(|| text.to_owned(), |code| code.code.clone())
}

/// Reads a file into a sheet, in place of the rows of each page that it names. Says where each row stands in
/// the file, or what is wrong with the file as such; values are read later, with what is typed.
pub(super) fn read(sheet: &mut Sheet, content: &[u8]) -> Result<Lines, Vec<String>> {
    let text = text(content);
    let mut file =
        csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let head: Vec<String> = match file.headers() {
        Ok(head) => head.iter().map(|title| title.trim().to_owned()).collect(),
        Err(error) => return Err(vec![format!("Filen kan ikke læses: {error}.")]),
    };
    check_head(sheet, &head)?;
    let mut problems = Vec::new();
    let mut read: BTreeMap<(usize, usize), Vec<(usize, Row)>> = BTreeMap::new();
    // Counted here: where lines end in two signs, the reader's own count is one behind.
    for (line, record) in (2..).zip(file.records()) {
        let record = match record {
            Ok(record) => record,
            Err(error) => return Err(vec![format!("Filen kan ikke læses: {error}.")]),
        };
        let cells: BTreeMap<&str, &str> =
            head.iter().map(String::as_str).zip(record.iter().map(str::trim)).collect();
        match find(sheet, &cells) {
            Ok((entry, place)) => {
                let row = row(sheet, place, &cells);
                read.entry((entry, place)).or_default().push((line, row));
            }
            Err(why) => problems.push(format!("Linje {line}: {why}")),
        }
    }
    if problems.is_empty() { Ok(take_in(sheet, read)) } else { Err(problems) }
}

/// UTF-8, or what older spreadsheets write (Windows-1252, which is Latin-1 where Danish is concerned).
fn text(content: &[u8]) -> String {
    match std::str::from_utf8(content) {
        Ok(text) => text.trim_start_matches(MARK).to_owned(),
        Err(_) => content.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn check_head(sheet: &Sheet, head: &[String]) -> Result<(), Vec<String>> {
    let mut known = columns(sheet);
    known.extend([CASE, NAME, PAGE].map(str::to_owned));
    let missing = [CASE, PAGE].into_iter().filter(|title| !head.iter().any(|there| there == title));
    let missing = missing.map(|title| format!("Kolonnen {title} mangler. Hent skabelonen igen."));
    let unknown = head.iter().filter(|title| !title.is_empty() && !known.contains(title));
    let unknown = unknown
        .map(|title| format!("Kolonnen {title} kendes ikke. Kolonnerne er: {}.", known.join(", ")));
    let problems: Vec<String> = missing.chain(unknown).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The case and the page of a row. A case of others is one that is not there.
fn find(sheet: &Sheet, cells: &BTreeMap<&str, &str>) -> Result<(usize, usize), String> {
    let cell = |title| cells.get(title).copied().unwrap_or_default();
    let (case, page) = (cell(CASE), cell(PAGE));
    let entry = sheet.entries.iter().position(|entry| entry.case.to_string() == case);
    let entry = entry.ok_or_else(|| format!("I har ingen åben sag med nummeret {case}."))?;
    let place = sheet.form.pages.iter().position(|known| known.title == page);
    let place = place.ok_or_else(|| {
        let titles: Vec<&str> = sheet.form.pages.iter().map(|page| page.title.as_str()).collect();
        format!("Afsnittet {page} kendes ikke. Skriv et af disse: {}.", titles.join(", "))
    })?;
    Ok((entry, place))
}

fn row(sheet: &Sheet, place: usize, cells: &BTreeMap<&str, &str>) -> Row {
    let mut row = Row::new();
    for (name, title) in sheet.columns(place) {
        let text = cells.get(title.as_str()).copied().unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        let is_day = [FIRST, LAST].contains(&name.as_str());
        let text = match rule(sheet, place, &name).filter(|_| !is_day) {
            Some(rule) => code(rule, text),
            None => text.to_owned(),
        };
        row.insert(name, text);
    }
    if sheet.form.pages[place].days == Days::Month {
        let month = sheet.month;
        row.insert(MONTH.to_owned(), format!("{}.{}", month.number(), month.year()));
    }
    row
}

fn take_in(sheet: &mut Sheet, read: BTreeMap<(usize, usize), Vec<(usize, Row)>>) -> Lines {
    let mut lines = Lines::new();
    for ((entry, place), rows) in read {
        lines.extend(
            rows.iter().enumerate().map(|(number, (line, _))| ((entry, place, number), *line)),
        );
        sheet.entries[entry].pages[place] = rows.into_iter().map(|(_, row)| row).collect();
    }
    lines
}
