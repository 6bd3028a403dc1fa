//! How one value stands in one cell: as a Danish reader writes it, and so that no spreadsheet
//! changes what it means.
//!
//! A spreadsheet takes `0561` for a number, `maj 2020` for a day and `=a` for a formula. A text that
//! could be taken so has an apostrophe in front, which is not part of it. Days may come back as
//! `31-10-2020`, and numbers without the zeros at their end; both are read.

use crate::ScalarKind;
use rust_decimal::Decimal;
use ydun_domain::benefit::{Party, Scalar};
use ydun_domain::{Day, Dkk, Period, Validity};

/// Begins a text that a spreadsheet would otherwise take for something else.
const TEXT: char = '\'';

/// The beginnings of the months' names, Danish and English: what a spreadsheet makes days of.
const MONTHS: [&str; 15] = [
    "jan", "feb", "mar", "apr", "maj", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov",
    "dec", "des",
];

pub(super) fn write_text(text: &str) -> String {
    if is_mistakable(text) { format!("{TEXT}{text}") } else { text.to_owned() }
}

pub(super) fn read_text(cell: &str) -> String {
    cell.strip_prefix(TEXT).unwrap_or(cell).to_owned()
}

/// Whether a spreadsheet could take the text for a number, a day, a truth or a formula, or trim it.
fn is_mistakable(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let lower = text.to_lowercase();
    let is_month = MONTHS.iter().any(|month| lower.starts_with(month));
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let is_truth = ["sand", "falsk", "true", "false"].contains(&lower.as_str());
    let plain_start = first.is_alphabetic() || matches!(first, '§' | '"' | '(');
    !plain_start || (is_month && has_digit) || is_truth || text.trim() != text
}

/// Ids in one cell, with a comma between.
pub(super) fn write_list(ids: &[String]) -> String {
    let escaped: Vec<String> =
        ids.iter().map(|id| id.replace('\\', r"\\").replace(',', r"\,")).collect();
    write_text(&escaped.join(", "))
}

pub(super) fn read_list(cell: &str) -> Vec<String> {
    let text = read_text(cell);
    if text.is_empty() {
        return Vec::new();
    }
    let mut ids = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let id = ids.last_mut().expect("there is always one");
        match letter {
            '\\' => id.extend(letters.next()),
            ',' => {
                letters.next_if_eq(&' ');
                ids.push(String::new());
            }
            _ => id.push(letter),
        }
    }
    ids
}

pub(super) fn write(value: &Scalar) -> String {
    match value {
        Scalar::Flag(_) | Scalar::Integer(_) | Scalar::Amount(_) | Scalar::Number(_) => {
            value.to_string()
        }
        Scalar::Day(day) => day.to_string(),
        Scalar::Span(days) => days.to_string(),
        Scalar::Text(text) | Scalar::Code(text) => write_text(text),
        Scalar::Who(party) => write_text(&party.0),
    }
}

pub(super) fn read(cell: &str, kind: ScalarKind) -> Result<Scalar, String> {
    Ok(match kind {
        ScalarKind::Flag => Scalar::Flag(flag(cell)?),
        ScalarKind::Integer => Scalar::Integer(integer(cell)?),
        ScalarKind::Amount => Scalar::Amount(amount(cell)?),
        ScalarKind::Number => Scalar::Number(number(cell)?),
        ScalarKind::Day => Scalar::Day(day(cell)?),
        ScalarKind::Span => Scalar::Span(validity(cell)?),
        ScalarKind::Text => Scalar::Text(read_text(cell)),
        ScalarKind::Code => Scalar::Code(read_text(cell)),
        ScalarKind::Who => Scalar::Who(Party(read_text(cell))),
    })
}

fn flag(cell: &str) -> Result<bool, String> {
    match cell.to_lowercase().as_str() {
        "ja" => Ok(true),
        "nej" => Ok(false),
        _ => Err(format!("'{cell}' is neither ja nor nej")),
    }
}

fn integer(cell: &str) -> Result<i64, String> {
    let wrong = || format!("'{cell}' is not a whole number such as 3");
    plain(cell).and_then(|digits| digits.parse().ok()).ok_or_else(wrong)
}

/// `1.234,50 kr.`, with or without dots, øre and unit.
pub(super) fn amount(cell: &str) -> Result<Dkk, String> {
    let wrong = || format!("'{cell}' is not an amount such as 1.234,50 kr.");
    let kroner = cell.trim_end_matches('.').trim_end_matches("kr").trim();
    let mut digits = plain(kroner).ok_or_else(wrong)?;
    if digits.split_once('.').is_some_and(|(_, oere)| oere.len() == 1) {
        digits.push('0');
    }
    Dkk::parse_plain(&digits).map_err(|_| wrong())
}

fn number(cell: &str) -> Result<Decimal, String> {
    let wrong = || format!("'{cell}' is not a number such as 37,5");
    plain(cell).and_then(|digits| Decimal::from_str_exact(&digits).ok()).ok_or_else(wrong)
}

/// Danish digits as computers write them. A dot only parts thousands: `162.8` is a slip, not 1628.
fn plain(danish: &str) -> Option<String> {
    let (whole, fraction) = danish.split_once(',').unwrap_or((danish, ""));
    let mut groups = whole.trim_start_matches('-').split('.');
    let first = groups.next().unwrap_or_default();
    let thousands: Vec<&str> = groups.collect();
    let in_groups = thousands.iter().all(|group| group.len() == 3);
    if !in_groups || (!thousands.is_empty() && first.len() > 3) {
        return None;
    }
    let whole = whole.replace('.', "");
    Some(if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") })
}

/// `2020-10-31`, or `31-10-2020` as a Danish spreadsheet writes it.
pub(super) fn day(cell: &str) -> Result<Day, String> {
    let turned = || {
        let mut parts = cell.splitn(3, '-');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        format!("{year}-{month}-{day}").parse().ok()
    };
    let read = cell.parse().ok().or_else(turned);
    read.ok_or_else(|| format!("'{cell}' is not a day such as 2020-10-31"))
}

pub(super) fn period(cell: &str) -> Result<Period, String> {
    let wrong = || format!("'{cell}' is not a period such as 2020-10-01..2020-10-31");
    let (first, last) = cell.split_once("..").ok_or_else(wrong)?;
    Period::new(day(first)?, day(last)?).map_err(|_| wrong())
}

/// A period, or days without end: `2020-10-01..`
pub(super) fn validity(cell: &str) -> Result<Validity, String> {
    match cell.strip_suffix("..") {
        Some(first) => day(first).map(Validity::from_day),
        None => period(cell).map(Validity::from),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_a_spreadsheet_would_change_is_marked() {
        for text in [
            "0561",
            "2020-10",
            "maj 2020",
            "Okt-20",
            "=A1",
            "+45",
            "-",
            "@x",
            "sand",
            "FALSE",
            " a",
            "a ",
            "'a",
            "1e5",
            ".5",
            "december 24",
        ] {
            assert_eq!(write_text(text), format!("'{text}"));
        }
        for text in ["Tømrer", "LAB § 159", "Projekt 4711", "§ 2", "", "(ingen)", "beloeb:2020-10"]
        {
            assert_eq!(write_text(text), text);
        }
    }

    #[test]
    fn what_a_spreadsheet_has_written_is_read() {
        let check = |cell: &str, kind, expected: Scalar| {
            assert_eq!(read(cell, kind), Ok(expected), "{cell}");
        };
        let kroner = |text: &str| Scalar::Amount(Dkk::parse_plain(text).unwrap());
        check("31-10-2020", ScalarKind::Day, Scalar::Day(Day::new(2020, 10, 31)));
        check("150", ScalarKind::Amount, kroner("150.00"));
        check("-1234,5", ScalarKind::Amount, kroner("-1234.50"));
        check("1.234,50 kr.", ScalarKind::Amount, kroner("1234.50"));
        check("7,445", ScalarKind::Number, Scalar::Number("7.4450".parse().unwrap()));
        check("JA", ScalarKind::Flag, Scalar::Flag(true));
        check("1.000", ScalarKind::Integer, Scalar::Integer(1_000));
    }

    #[test]
    fn what_is_no_value_is_told_with_an_example() {
        let check = |cell: &str, kind, expected: &str| {
            assert_eq!(read(cell, kind).unwrap_err(), expected);
        };
        check("sandt", ScalarKind::Flag, "'sandt' is neither ja nor nej");
        check("3,5", ScalarKind::Integer, "'3,5' is not a whole number such as 3");
        check("1,234", ScalarKind::Amount, "'1,234' is not an amount such as 1.234,50 kr.");
        check("", ScalarKind::Number, "'' is not a number such as 37,5");
        check("162.8", ScalarKind::Number, "'162.8' is not a number such as 37,5");
        check("1234.567", ScalarKind::Number, "'1234.567' is not a number such as 37,5");
        check("2020-10", ScalarKind::Day, "'2020-10' is not a day such as 2020-10-31");
        check("31-11-2020", ScalarKind::Day, "'31-11-2020' is not a day such as 2020-10-31");
    }

    proptest! {
        #[test]
        fn a_text_survives_its_cell(text in any::<String>()) {
            prop_assert_eq!(read_text(&write_text(&text)), text);
        }

        #[test]
        fn a_list_survives_its_cell(ids in prop::collection::vec(r"[a-z0-9:, \\']{1,6}", 0..4)) {
            prop_assert_eq!(read_list(&write_list(&ids)), ids);
        }
    }
}
