//! Values as a letter writes them.

use chrono::Weekday;
use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Period, Validity};

/// Days in words; everything else as Danes write it.
pub(super) fn in_words(value: &Scalar) -> String {
    match value {
        Scalar::Day(day) => day.in_words(),
        Scalar::Span(span) => span_in_words(*span),
        other => other.to_string(),
    }
}

fn span_in_words(span: Validity) -> String {
    let whole = span.last().and_then(|last| Period::new(span.first(), last).ok());
    whole.map_or_else(|| format!("fra {}", span.first().in_words()), Period::in_words)
}

/// `mandag den 30. november 2020`
pub(super) fn weekday_in_words(day: Day) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "mandag",
        Weekday::Tue => "tirsdag",
        Weekday::Wed => "onsdag",
        Weekday::Thu => "torsdag",
        Weekday::Fri => "fredag",
        Weekday::Sat => "lørdag",
        Weekday::Sun => "søndag",
    };
    format!("{weekday} den {}", day.in_words())
}

/// A word at the start of a line: `timer` becomes `Timer`.
pub(super) fn at_start(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A title within a sentence: `Tilskud til voksenlærlinge` becomes `tilskud til voksenlærlinge`.
pub(super) fn within_sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
