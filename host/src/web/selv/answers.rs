//! From what was typed to what it means, and back.

use ydun_domain::Day;
use ydun_domain::benefit::Scalar;
use ydun_runtime::manifest::{Days, FactKind, Page, Question, ScalarKind, table};

use crate::clock;
use crate::facts::Fact;
use crate::filings::Row;
use crate::web::entry;

/// Fields of a row that are no attributes.
pub(super) const MONTH: &str = "dage-maaned";
pub(super) const FIRST: &str = "dage-fra";
pub(super) const LAST: &str = "dage-til";
/// Where what stands in the row is from, until the filer has saved it.
pub(super) const SOURCE: &str = "kilde";

/// Whether a question is asked, by what was answered before it.
pub(super) fn is_asked(question: &Question, fact: &FactKind, row: &Row) -> bool {
    let Some(when) = &question.show_when else { return true };
    let Some(rule) = fact.attribute(&when.attribute) else { return false };
    let typed = row.get(&when.attribute).map(String::as_str).unwrap_or_default();
    let read = entry::value(typed, rule.kind)
        .ok()
        .and_then(|written| table::read_value(&written, rule.kind).ok());
    read.as_ref() == Some(&when.is)
}

/// A value as people type it; none for one that names a party, whom another case may call otherwise.
fn typed(value: &Scalar) -> Option<String> {
    match value {
        Scalar::Day(day) => Some(short(*day)),
        Scalar::Span(span) => Some(format!(
            "{} - {}",
            short(span.first()),
            span.last().map(short).unwrap_or_default()
        )),
        Scalar::Amount(amount) => Some(amount.to_string().trim_end_matches(" kr.").to_owned()),
        Scalar::Who(_) => None,
        other => Some(other.to_string()),
    }
}

/// `1.2.2026`
pub(super) fn short(day: Day) -> String {
    day.date().format("%-d.%-m.%Y").to_string()
}

/// A row filled in with what is known already.
pub(super) fn filled_in(page: &Page, fact: &Fact) -> Row {
    let mut row = Row::new();
    for question in &page.questions {
        let known = fact.content.attributes.iter().find(|known| known.name == question.attribute);
        if let Some(text) = known.and_then(|known| typed(&known.value)) {
            row.insert(question.attribute.clone(), text);
        }
    }
    if matches!(page.days, Days::AskedFirst | Days::Asked) {
        row.insert(FIRST.to_owned(), short(fact.content.valid.first()));
    }
    let source = format!("{}, {}", fact.source, fact.known_from.in_words());
    row.insert(SOURCE.to_owned(), source);
    row
}

/// Whether nothing was typed in a row.
pub(super) fn is_blank(row: &Row) -> bool {
    row.iter().all(|(field, text)| field == SOURCE || text.trim().is_empty())
}

/// What a kind of value is shown as, once it was typed.
pub(super) fn shown(text: &str, rule: &ydun_runtime::manifest::AttributeKind) -> String {
    match rule.kind {
        ScalarKind::Code => rule
            .codes
            .iter()
            .find(|code| code.code == text)
            .map_or_else(|| text.to_owned(), |code| code.title.clone()),
        ScalarKind::Day => entry::day(text).map_or_else(|| text.to_owned(), Day::in_words),
        ScalarKind::Amount => {
            entry::amount(text).map_or_else(|_| text.to_owned(), |amount| amount.to_string())
        }
        ScalarKind::Flag if text == "ja" => "Ja".to_owned(),
        ScalarKind::Flag if text == "nej" => "Nej".to_owned(),
        _ => text.to_owned(),
    }
}

/// When something was saved: `23. november 2026 kl. 9.15`.
pub(super) fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    format!("{} kl. {}", clock::danish(at).in_words(), crate::web::danish::time(at))
}
