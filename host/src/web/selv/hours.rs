//! `/selv/timer/{benefit}/{form}/{month}`: a month's hours of all one's cases, typed in or read from a file.

use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use ydun_domain::Month;

use super::documents::Upload;
use super::frame::Frame;
use super::hours_file::{self, Lines};
use super::hours_sheet::{Filled, Sheet};
use super::visitor::{Sent, Visitor};
use crate::access::{Act, Own};
use crate::audit::{self, Subject};
use crate::db::Tx;
use crate::facts::service::FactError;
use crate::filings::SendError;
use crate::filings::service as filings;
use crate::web::danish;
use crate::web::failure::{Failure, PageError};
use crate::web::field::{Control, Field};
use crate::web::form::Fields;
use crate::web::task_words;

#[derive(Template)]
#[template(path = "selv/hours.html")]
struct HoursPage {
    frame: Frame,
    title: String,
    benefit: String,
    intro: String,
    month: String,
    address: String,
    /// The months before and after.
    neighbours: [(String, String); 2],
    sections: Vec<Section>,
    state: State,
}

/// How far it has come.
enum State {
    /// As we know it.
    Shown,
    /// What was told is registered.
    Told,
    /// A file was read and is to be looked over and sent.
    Read,
    /// Nothing was taken, because of this.
    Refused(Vec<Problem>),
}

struct Problem {
    /// The field it is about; none where it is the file or a case as such.
    field: Option<String>,
    text: String,
}

/// A page of the form: a row for each week or request of each case.
struct Section {
    title: String,
    intro: Option<String>,
    columns: Vec<String>,
    rows: Vec<TableRow>,
}

struct TableRow {
    case: String,
    who: String,
    /// The field that tells what the row asked.
    asked_name: String,
    asked: String,
    /// Fields nobody sees, such as the month.
    hidden: Vec<(String, String)>,
    /// A cell for each column; none where it is not asked in this row.
    cells: Vec<Option<Cell>>,
}

struct Cell {
    field: Field,
    label: String,
}

pub(super) type Place = Path<(String, String, String)>;

fn month(text: &str) -> Result<Month, Failure> {
    text.parse().map_err(Failure::misunderstood)
}

pub(super) async fn show(
    visitor: Visitor,
    RawQuery(query): RawQuery,
    Path((benefit, form, text)): Place,
) -> Result<Response, PageError> {
    let month = month(&text)?;
    let (mut tx, act) = visitor.act().await?;
    let sheet = look(&mut tx, &act, &visitor, (&benefit, &form), month).await?;
    let frame = Frame::of(&mut tx, &visitor).await?;
    tx.commit().await?;
    let filled = sheet.entries.iter().map(|entry| sheet.fill(entry, &visitor)).collect();
    let state = if query.as_deref() == Some("gemt") { State::Told } else { State::Shown };
    answer(frame, &sheet, filled, state)
}

async fn look(
    tx: &mut Tx,
    act: &Act<Own>,
    visitor: &Visitor,
    form: (&str, &str),
    month: Month,
) -> Result<Sheet, Failure> {
    let sheet = Sheet::load(tx, act, visitor, form, month).await?;
    let party = visitor.visit.party.id;
    audit::record_look(tx, act, Subject::Party(party), format!("hours of {month}")).await?;
    Ok(sheet)
}

/// What was typed is registered: all of it, or nothing.
pub(super) async fn tell(
    Path((benefit, form, text)): Place,
    Sent { visitor, form: typed }: Sent<Fields>,
) -> Result<Response, PageError> {
    let month = month(&text)?;
    let (mut tx, act) = visitor.act().await?;
    let mut sheet = look(&mut tx, &act, &visitor, (&benefit, &form), month).await?;
    let frame = Frame::of(&mut tx, &visitor).await?;
    sheet.type_in(&typed);
    let filled: Vec<Filled> =
        sheet.entries.iter().map(|entry| sheet.fill(entry, &visitor)).collect();
    let mut problems = problems(&sheet, &filled, &Lines::new());
    if problems.is_empty() {
        problems = record(&mut tx, &act, &sheet, &filled).await?;
    }
    if !problems.is_empty() {
        return answer(frame, &sheet, filled, State::Refused(problems));
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/selv/timer/{benefit}/{form}/{month}?gemt")).into_response())
}

/// Registers what is told, and says what could not be.
async fn record(
    tx: &mut Tx,
    act: &Act<Own>,
    sheet: &Sheet,
    filled: &[Filled],
) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for (entry, filled) in sheet.entries.iter().zip(filled).filter(|(_, it)| !it.told.is_empty()) {
        let case = (entry.case.id, entry.owner);
        let told = filings::tell(tx, act, &sheet.manifest, &sheet.form, case, &filled.told).await;
        match told {
            Ok(_) => {}
            Err(SendError::Fact { error: FactError::Refused(refused), .. }) => {
                let why = task_words::not_a_fact(&refused);
                let text = format!("Sag {}, {}: {why}", entry.case, entry.who);
                problems.push(Problem { field: None, text });
            }
            Err(SendError::Store(error)) => return Err(error.into()),
            Err(other) => return Err(Failure::broken(other)),
        }
    }
    Ok(problems)
}

/// The sheet as a file to fill in.
pub(super) async fn template(
    visitor: Visitor,
    Path((benefit, form, text)): Place,
) -> Result<Response, PageError> {
    let month = month(&text)?;
    let (mut tx, act) = visitor.act().await?;
    let sheet = look(&mut tx, &act, &visitor, (&benefit, &form), month).await?;
    tx.commit().await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"timer-{month}.csv\"")),
    ];
    Ok((headers, hours_file::write(&sheet)).into_response())
}

/// Reads a file into the table. Nothing is registered before it was looked over and sent.
pub(super) async fn read_file(
    visitor: Visitor,
    Path((benefit, form, text)): Place,
    parts: Multipart,
) -> Result<Response, PageError> {
    let month = month(&text)?;
    let upload = Upload::read(&visitor, parts).await.map_err(Failure::from)?;
    let (mut tx, act) = visitor.act().await?;
    let mut sheet = look(&mut tx, &act, &visitor, (&benefit, &form), month).await?;
    let frame = Frame::of(&mut tx, &visitor).await?;
    tx.commit().await?;
    let read = hours_file::read(&mut sheet, &upload.content);
    let filled: Vec<Filled> =
        sheet.entries.iter().map(|entry| sheet.fill(entry, &visitor)).collect();
    let problems = match read {
        Ok(lines) => problems(&sheet, &filled, &lines),
        Err(problems) => problems.into_iter().map(|text| Problem { field: None, text }).collect(),
    };
    let state = if problems.is_empty() { State::Read } else { State::Refused(problems) };
    answer(frame, &sheet, filled, state)
}

/// What is wrong, named at the cell, and by its line where it came from a file.
fn problems(sheet: &Sheet, filled: &[Filled], lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, (entry, filled)) in sheet.entries.iter().zip(filled).enumerate() {
        for (place, page) in filled.pages.iter().enumerate() {
            for (at, row) in page.rows.iter().enumerate() {
                let line = lines.get(&(number, place, at)).map(|line| format!("Linje {line}, "));
                let start =
                    format!("{}sag {}, {}", line.unwrap_or_default(), entry.case, entry.who);
                let start = danish::capital(&start);
                problems.extend(
                    row.problem
                        .iter()
                        .map(|why| Problem { field: None, text: format!("{start}: {why}") }),
                );
                problems.extend(row.fields.iter().filter_map(|field| {
                    let why = field.problem.as_ref()?;
                    let text = format!("{start}, {}: {why}", title(sheet, place, field));
                    Some(Problem { field: Some(field.name.clone()), text })
                }));
            }
        }
    }
    problems
}

/// What the column of a field is called.
fn title(sheet: &Sheet, place: usize, field: &Field) -> String {
    let found = sheet.columns(place).into_iter().find(|(name, _)| *name == field.attribute);
    found.map_or_else(|| field.title.clone(), |(_, title)| title)
}

fn answer(
    frame: Frame,
    sheet: &Sheet,
    filled: Vec<Filled>,
    state: State,
) -> Result<Response, PageError> {
    let of = |month: Month| format!("/selv/timer/{}/{}/{month}", sheet.manifest.id, sheet.form.key);
    let status = match state {
        State::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        State::Shown | State::Told | State::Read => StatusCode::OK,
    };
    let neighbours = [sheet.month.previous(), sheet.month.next()];
    let page = HoursPage {
        frame,
        title: sheet.form.title.clone(),
        benefit: sheet.manifest.title.clone(),
        intro: sheet.form.intro.clone(),
        month: danish::capital(&sheet.month.in_words()),
        address: of(sheet.month),
        neighbours: neighbours.map(|month| (of(month), danish::capital(&month.in_words()))),
        sections: sections(sheet, filled),
        state,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn sections(sheet: &Sheet, filled: Vec<Filled>) -> Vec<Section> {
    let pages = sheet.form.pages.iter().enumerate();
    let mut sections: Vec<Section> = pages
        .map(|(place, page)| Section {
            title: page.title.clone(),
            intro: page.intro.clone(),
            columns: sheet.columns(place).into_iter().map(|(_, title)| title).collect(),
            rows: vec![],
        })
        .collect();
    for (entry, filled) in sheet.entries.iter().zip(filled) {
        for (place, page) in filled.pages.into_iter().enumerate() {
            let columns = sheet.columns(place);
            let table_row = |row: super::question_page::RowForm| {
                let (asked, number) = (row.asked, row.number);
                let asked_name = format!("s{}-p{}-r{number}-vist", entry.case, place + 1);
                let (case, who) = (entry.case.to_string(), entry.who.clone());
                let (cells, hidden) = cells(&columns, row.fields, &who);
                TableRow { case, who, asked_name, asked, hidden, cells }
            };
            sections[place].rows.extend(page.rows.into_iter().map(table_row));
        }
    }
    sections
}

type Hidden = Vec<(String, String)>;

/// A cell for each column, and the fields that have none.
fn cells(
    columns: &[(String, String)],
    mut fields: Vec<Field>,
    who: &str,
) -> (Vec<Option<Cell>>, Hidden) {
    let mut cells = Vec::with_capacity(columns.len());
    for (name, title) in columns {
        let place = fields.iter().position(|field| field.attribute == *name);
        let label = format!("{title}, {who}");
        cells.push(place.map(|place| Cell { field: fields.remove(place), label }));
    }
    (cells, fields.into_iter().map(|field| (field.name, field.value)).collect())
}
