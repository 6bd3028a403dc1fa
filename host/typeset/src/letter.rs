//! What a letter says.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ydun_domain::Day;

/// A letter, without the name and address of whoever gets it: those are put on when it is sent, so
/// that one letter fits all its receivers and no address is kept in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What tells this letter from all others; it goes into the PDF's identifier.
    pub id: String,
    pub sender: Sender,
    pub date: Day,
    pub case_number: String,
    /// What the letter is about, in the reader's words.
    pub title: String,
    pub blocks: Vec<Block>,
    pub signature: Signature,
}

/// Who a letter is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    pub municipality: String,
    /// Where to ask, one line each.
    pub contact: Vec<String>,
    pub colour: Colour,
    pub logo: Option<Logo>,
}

/// A municipality's mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    pub svg: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

/// How a letter is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Print {
    #[default]
    Normal,
    /// For readers with weak sight.
    Large,
}

/// A part of a letter's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    Heading(String),
    Paragraph(String),
    /// Points of equal weight.
    List(Vec<String>),
    /// What matters most, in a box of its own.
    Summary(Vec<Entry>),
    /// How a figure comes about, from the first step to the last.
    Steps(Vec<Step>),
    Table(Table),
}

/// A label and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub label: String,
    pub value: String,
}

/// One rule's contribution to a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub label: String,
    /// Act, section and paragraph.
    pub law: String,
    /// What it starts from.
    pub given: Vec<Entry>,
    pub value: String,
}

/// Rows of equal length under a head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// The last row, where it sums up the others.
    total: Option<Vec<String>>,
}

/// A column's title, and whether it holds figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    title: String,
    figures: bool,
}

/// Who stands behind a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Such as the name of a caseworker and a department, one line each.
    pub lines: Vec<String>,
}

impl Entry {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

impl Column {
    pub fn words(title: &str) -> Self {
        Self { title: title.to_owned(), figures: false }
    }

    /// Figures stand at the right, under each other.
    pub fn figures(title: &str) -> Self {
        Self { title: title.to_owned(), figures: true }
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn has_figures(&self) -> bool {
        self.figures
    }
}

impl Table {
    pub fn new<const N: usize>(
        columns: [Column; N],
        rows: Vec<[String; N]>,
        total: Option<[String; N]>,
    ) -> Self {
        Self {
            columns: columns.into(),
            rows: rows.into_iter().map(Vec::from).collect(),
            total: total.map(Vec::from),
        }
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(crate) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    pub(crate) fn total(&self) -> Option<&[String]> {
        self.total.as_deref()
    }
}

/// A colour as the web writes it: `#0b5563`. It is used for lines and never for text, so any will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

/// A quiet blue-green, for whoever has chosen none.
impl Default for Colour {
    fn default() -> Self {
        Self([0x0b, 0x55, 0x63])
    }
}

/// The text is no colour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a colour such as #0b5563: write a # and six hexadecimal digits")]
pub struct NotAColour(String);

impl FromStr for Colour {
    type Err = NotAColour;
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let refuse = || NotAColour(text.to_owned());
        let digits = text.strip_prefix('#').ok_or_else(refuse)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refuse());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| refuse())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = NotAColour;
    fn try_from(text: String) -> Result<Self, NotAColour> {
        text.parse()
    }
}

/// Ties what must not be parted at the end of a line: `§ 159`, `stk. 2`, `45,00 kr.`, `31. oktober`.
pub fn tied(text: &str) -> String {
    const NO_BREAK: char = '\u{a0}';
    let mut tied = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        tied.push_str(word);
        if let Some(next) = words.peek() {
            tied.push(if belongs(word, next) { NO_BREAK } else { ' ' });
        }
    }
    tied
}

fn belongs(word: &str, next: &str) -> bool {
    let starts_with_digit = next.starts_with(|first: char| first.is_ascii_digit());
    let is_ordinal = word.strip_suffix('.').is_some_and(is_short_number);
    matches!(word, "§" | "§§" | "stk." | "nr." | "kap.") && starts_with_digit
        || next.starts_with("kr.")
        || is_ordinal && next.starts_with(|first: char| first.is_lowercase())
}

fn is_short_number(digits: &str) -> bool {
    matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        assert_eq!("#0B5563".parse::<Colour>().unwrap().to_string(), "#0b5563");
        for wrong in ["0b5563", "#0b55", "#0b556g", "#+12345", ""] {
            assert_eq!(wrong.parse::<Colour>(), Err(NotAColour(wrong.to_owned())));
        }
    }

    #[test]
    fn what_belongs_together_stays_on_one_line() {
        let check =
            |text: &str, expected: &str| assert_eq!(tied(text), expected.replace('~', "\u{a0}"));
        check("efter § 159, stk. 2, i LAB", "efter §~159, stk.~2, i LAB");
        check("7.326,00 kr. den 31. oktober 2020", "7.326,00~kr. den 31.~oktober 2020");
        check("Det var i 2020. vi ringer", "Det var i 2020. vi ringer");
        check("", "");
    }
}
