//! Many payments of other systems from one table, as a spreadsheet saves it.
//!
//! Semicolons between the columns, which the first row names: `sag`, `postering`, `fra`, `til`,
//! `beløb`, `system`, `bilag` and `betalt` must be there; `modtager` (the number of whoever got the
//! money), `atp`, `am-bidrag`, `a-skat` and `pension` may be. Days are written `2020-11-01`, amounts
//! `30.000,00` or `30000.00`.

use std::collections::BTreeMap;
use std::str::FromStr;

use ydun_domain::ids::ElsewhereId;
use ydun_domain::{Day, Dkk, Period};

use super::{BringInError, Given, GivenPayee, register};
use crate::access::{Act, Register};
use crate::db::Tx;
use crate::payments::elsewhere::Voucher;
use crate::payments::service::elsewhere::ElsewhereError;
use crate::tax::withhold::Taken;

const NEEDED: [&str; 8] = ["sag", "postering", "fra", "til", "beløb", "system", "bilag", "betalt"];
const OPTIONAL: [&str; 5] = ["modtager", "atp", "am-bidrag", "a-skat", "pension"];

/// Why nothing of a file was registered.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the file is no table: {0}; save it as CSV with semicolons, in UTF-8")]
    NotATable(#[from] csv::Error),
    #[error("the column '{0}' is missing; the first row names the columns")]
    NoColumn(&'static str),
    #[error("there is no column '{0}' in such a file; it is one of {columns}", columns = columns())]
    StrangeColumn(String),
    #[error("nothing was registered, as {} rows are wrong:\n{}", .0.len(), lines(.0))]
    Rows(Vec<RowError>),
    #[error("the rows could not be saved")]
    Store(#[from] sqlx::Error),
}

/// A row that cannot be registered.
#[derive(Debug, thiserror::Error)]
#[error("row {row}: {why}")]
pub struct RowError {
    /// As a spreadsheet counts them: the first row is the columns' names.
    pub row: usize,
    pub why: String,
}

fn columns() -> String {
    NEEDED.into_iter().chain(OPTIONAL).collect::<Vec<_>>().join(", ")
}

fn lines(rows: &[RowError]) -> String {
    rows.iter().map(RowError::to_string).collect::<Vec<_>>().join("\n")
}

/// Registers every row of a table, or none: then every row that is wrong is told.
pub async fn import(
    tx: &mut Tx,
    act: &Act<Register>,
    table: &[u8],
) -> Result<Vec<ElsewhereId>, FileError> {
    let (mut ids, mut wrong) = (Vec::new(), Vec::new());
    for (row, cells) in rows(table)? {
        match given(&cells) {
            Ok(given) => match register(tx, act, &given).await {
                Ok(id) => ids.push(id),
                Err(
                    BringInError::Store(broken)
                    | BringInError::Elsewhere(ElsewhereError::Store(broken)),
                ) => return Err(broken.into()),
                Err(refused) => wrong.push(RowError { row, why: refused.to_string() }),
            },
            Err(why) => wrong.push(RowError { row, why }),
        }
    }
    if wrong.is_empty() { Ok(ids) } else { Err(FileError::Rows(wrong)) }
}

type Cells = BTreeMap<String, String>;

/// The rows by the names of their columns, and their numbers in a spreadsheet.
fn rows(table: &[u8]) -> Result<Vec<(usize, Cells)>, FileError> {
    let table = table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(table);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').trim(csv::Trim::All).from_reader(table);
    let names: Vec<String> = reader.headers()?.iter().map(str::to_lowercase).collect();
    if let Some(missing) =
        NEEDED.into_iter().find(|needed| !names.iter().any(|name| name == needed))
    {
        return Err(FileError::NoColumn(missing));
    }
    let is_known =
        |name: &&String| NEEDED.contains(&name.as_str()) || OPTIONAL.contains(&name.as_str());
    if let Some(strange) = names.iter().find(|name| !is_known(name)) {
        return Err(FileError::StrangeColumn(strange.clone()));
    }
    let cells = |(place, record): (usize, csv::Result<csv::StringRecord>)| {
        let record = record?;
        let cells = names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        Ok((place + 2, cells))
    };
    reader.records().enumerate().map(cells).collect()
}

fn given(cells: &Cells) -> Result<Given, String> {
    let payee = cells.get("modtager").filter(|number| !number.is_empty());
    let digits = |number: &String| number.chars().filter(char::is_ascii_digit).collect();
    let (first, last): (Day, Day) = (parsed(cells, "fra")?, parsed(cells, "til")?);
    Ok(Given {
        case: parsed(cells, "sag")?,
        posting_code: cells["postering"].clone(),
        period: Period::new(first, last).map_err(|error| error.to_string())?,
        payee: payee.map(|number| GivenPayee::Number(digits(number))),
        voucher: Voucher {
            system: cells["system"].clone(),
            number: cells["bilag"].clone(),
            paid_on: parsed(cells, "betalt")?,
        },
        amount: amount(cells, "beløb")?,
        taken: Taken {
            atp: amount(cells, "atp")?,
            am_bidrag: amount(cells, "am-bidrag")?,
            a_tax: amount(cells, "a-skat")?,
            pension: amount(cells, "pension")?,
        },
    })
}

fn parsed<T: FromStr<Err: std::fmt::Display>>(cells: &Cells, column: &str) -> Result<T, String> {
    cells[column].parse().map_err(|error| format!("{column}: {error}"))
}

/// `30.000,00`, `30000.00`, or nothing at all.
fn amount(cells: &Cells, column: &str) -> Result<Dkk, String> {
    let text = cells.get(column).map_or("", String::as_str).trim_end_matches(" kr.");
    if text.is_empty() {
        return Ok(Dkk::ZERO);
    }
    let plain =
        if text.contains(',') { text.replace('.', "").replace(',', ".") } else { text.to_owned() };
    Dkk::parse_plain(&plain).map_err(|error| format!("{column}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "sag;postering;fra;til;beløb;system;bilag;betalt";

    fn one(row: &str) -> Result<Given, String> {
        given(&rows(format!("\u{feff}{HEAD};a-skat\n{row}\n").as_bytes()).unwrap()[0].1)
    }

    #[test]
    fn a_row_is_read_as_a_spreadsheet_writes_it() {
        let given =
            one("2020-00017;ydelse;2020-11-01;2020-12-31;30.000,00;Prisme;20417;2020-12-18;");
        let given = given.unwrap();
        assert_eq!(given.amount, Dkk::from_kroner(30_000));
        assert_eq!(given.taken, Taken::default());
        assert_eq!(given.period.to_string(), "2020-11-01..2020-12-31");
        let english = one("2020-00017;ydelse;2020-11-01;2020-11-30;15000.50;P;1;2020-12-18;12,00");
        assert_eq!(english.unwrap().amount, Dkk::from_oere(1_500_050));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_column() {
        for (row, expected) in [
            ("17;y;2020-11-01;2020-11-30;1;P;1;2020-12-18;", "sag: "),
            ("2020-00017;y;i går;2020-11-30;1;P;1;2020-12-18;", "fra: "),
            ("2020-00017;y;2020-11-30;2020-11-01;1;P;1;2020-12-18;", ""),
            ("2020-00017;y;2020-11-01;2020-11-30;meget;P;1;2020-12-18;", "beløb: "),
        ] {
            let why = one(row).unwrap_err();
            assert!(why.starts_with(expected), "{why}");
        }
    }

    #[test]
    fn a_file_without_its_columns_or_with_others_is_refused() {
        let refused = |table: &str| rows(table.as_bytes()).unwrap_err().to_string();
        assert!(refused("sag;postering\n").contains("'fra' is missing"));
        assert!(refused(&format!("{HEAD};cpr\n")).contains("no column 'cpr'"));
    }
}
