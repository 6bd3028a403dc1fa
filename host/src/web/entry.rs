//! What people type, as Danes write it, made into what the rest of the house reads.

use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Dkk, Month};
use ydun_runtime::manifest::ScalarKind;
use ydun_runtime::manifest::table;

/// Two digits of a year from here on belong to the century before.
const CENTURY_TURNS: i32 = 50;

/// A day: `1.2.2026`, `01-02-2026`, `1/2 26`, `010226`, `01022026` or `2026-02-01`.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let parts: Vec<&str> = match text.len() {
        6 | 8 if text.bytes().all(|sign| sign.is_ascii_digit()) => {
            vec![&text[..2], &text[2..4], &text[4..]]
        }
        _ => text.split(['.', '-', '/', ' ']).filter(|part| !part.is_empty()).collect(),
    };
    let [day, month, year] = parts[..] else { return None };
    let number: i32 = year.parse().ok()?;
    let year = match year.len() {
        2 if number < CENTURY_TURNS => 2000 + number,
        2 => 1900 + number,
        4 => number,
        _ => return None,
    };
    let (day, month): (u32, u32) = (day.parse().ok()?, month.parse().ok()?);
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

/// A month: `10.2020`, `10/2020`, `oktober 2020` or `2020-10`.
pub(super) fn month(text: &str) -> Option<Month> {
    let text = text.trim().to_lowercase();
    if let Ok(month) = text.parse() {
        return Some(month);
    }
    let (month, year) = text.split_once(['.', '/', '-', ' '])?;
    let year: i32 = year.trim().parse().ok().filter(|year| *year >= 1000)?;
    let of_year = |number: u32| format!("{year}-{number:02}").parse().ok();
    match month.parse() {
        Ok(number) => of_year(number),
        Err(_) => (1..=12).filter_map(of_year).find(|month: &Month| month.in_words() == text),
    }
}

/// A value of a kind in the house's own writing; else what to write instead.
pub(super) fn value(text: &str, kind: ScalarKind) -> Result<String, String> {
    let text = text.trim();
    let written = match kind {
        ScalarKind::Day => day(text).map(|day| day.to_string()),
        ScalarKind::Span => span(text),
        // A text that begins with an apostrophe keeps it.
        ScalarKind::Text => Some(format!("'{text}")),
        ScalarKind::Amount => Some(text.trim_end_matches(['-', ',']).to_owned()),
        _ => Some(text.to_owned()),
    };
    let is_read = |written: &String| table::read_value(written, kind).is_ok();
    written.filter(is_read).ok_or_else(|| expected(kind).to_owned())
}

/// An amount in kroner; else what to write instead.
pub(super) fn amount(text: &str) -> Result<Dkk, String> {
    let read = value(text, ScalarKind::Amount)
        .and_then(|written| table::read_value(&written, ScalarKind::Amount));
    match read {
        Ok(Scalar::Amount(amount)) => Ok(amount),
        _ => Err(expected(ScalarKind::Amount).to_owned()),
    }
}

/// `1.10.2020 - 31.10.2020`, or `1.10.2020 -` without an end.
fn span(text: &str) -> Option<String> {
    let (first, last) = text
        .split_once(" - ")
        .or_else(|| text.split_once(" til "))
        .unwrap_or((text.trim_end_matches('-'), ""));
    let first = day(first)?;
    let last = if last.trim().is_empty() { String::new() } else { day(last)?.to_string() };
    Some(format!("{first}..{last}"))
}

/// What to write, by example.
pub(super) fn expected(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Flag => "Vælg ja eller nej.",
        ScalarKind::Integer => "Skriv et helt tal, for eksempel 3.",
        ScalarKind::Amount => "Skriv et beløb i kroner, for eksempel 1.234,50.",
        ScalarKind::Number => "Skriv et tal, for eksempel 12,5.",
        ScalarKind::Day => "Skriv en dato, for eksempel 1.2.2026 eller 010226.",
        ScalarKind::Span => "Skriv første og sidste dag, for eksempel 1.2.2026 - 28.2.2026.",
        ScalarKind::Text => "Skriv en tekst.",
        ScalarKind::Code | ScalarKind::Who => "Vælg et af svarene.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_danes_write_it() {
        let expected = Some(Day::new(2026, 2, 1));
        for text in [
            "010226",
            "01022026",
            "1.2.2026",
            "1.2.26",
            "1/2 2026",
            "01-02-2026",
            "2026-02-01",
            " 1/2/26 ",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("070761"), Some(Day::new(1961, 7, 7)));
        for text in ["", "310226", "1.2", "i dag", "1.2.026", "12.30.2026", "aabbcc"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_is_read_as_danes_write_it() {
        let expected = Some("2020-10".parse().unwrap());
        for text in ["10.2020", "10/2020", "10-2020", "oktober 2020", " Oktober 2020 ", "2020-10"] {
            assert_eq!(month(text), expected, "{text}");
        }
        for text in ["", "2020", "13.2020", "10.20", "okt 2020", "1.10.2020"] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn a_value_becomes_what_the_house_reads_or_says_what_to_write() {
        let check = |text: &str, kind, expected: &str| {
            assert_eq!(value(text, kind).as_deref(), Ok(expected), "{text}");
        };
        check("1.234,50", ScalarKind::Amount, "1.234,50");
        check("1.234,-", ScalarKind::Amount, "1.234");
        check(" 12,5", ScalarKind::Number, "12,5");
        check("010226", ScalarKind::Day, "2026-02-01");
        check("1.10.2020 - 31.10.2020", ScalarKind::Span, "2020-10-01..2020-10-31");
        check("1.10.2020 -", ScalarKind::Span, "2020-10-01..");
        check("'s brev", ScalarKind::Text, "''s brev");
        for (text, kind) in [
            ("12.5", ScalarKind::Number),
            ("tre", ScalarKind::Integer),
            ("1,234", ScalarKind::Amount),
            ("31.2.2026", ScalarKind::Day),
            ("måske", ScalarKind::Flag),
        ] {
            assert_eq!(value(text, kind), Err(expected(kind).to_owned()), "{text}");
        }
    }
}
