//! A field of a form, made from the attribute it is about: its type, words and limits.

use ydun_domain::benefit::Party;
use ydun_runtime::manifest::{AttributeKind, ScalarKind};

use super::entry;

#[derive(Debug)]
pub(super) struct Field {
    /// Both its id and its name in the form.
    pub(super) name: String,
    pub(super) attribute: String,
    pub(super) kind: ScalarKind,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) value: String,
    pub(super) problem: Option<String>,
    pub(super) is_optional: bool,
    pub(super) control: Control,
}

#[derive(Debug)]
pub(super) enum Control {
    /// One line of text.
    Line {
        suffix: &'static str,
        numeric: bool,
    },
    Text,
    /// A few answers, all in sight.
    Choice(Vec<Answer>),
}

/// An answer to choose.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) value: String,
    pub(super) word: String,
}

impl Field {
    /// An empty field. `parties` are those a value may name.
    pub(super) fn new(name: String, rule: &AttributeKind, parties: &[(Party, String)]) -> Self {
        Self {
            name,
            attribute: rule.name.clone(),
            kind: rule.kind,
            title: rule.title.clone(),
            hint: hint(rule),
            value: String::new(),
            problem: None,
            is_optional: rule.optional,
            control: control(rule, parties),
        }
    }

    /// A line that is no attribute's, such as a name.
    pub(super) fn line(name: String, attribute: &str, title: &str, hint: &str) -> Self {
        Self {
            name,
            attribute: attribute.to_owned(),
            kind: ScalarKind::Text,
            title: title.to_owned(),
            hint: hint.to_owned(),
            value: String::new(),
            problem: None,
            is_optional: false,
            control: Control::Line { suffix: "", numeric: false },
        }
    }

    /// The value in the house's own writing; none where the field may be left out and is.
    pub(super) fn read(&self) -> Result<Option<String>, String> {
        match (self.value.is_empty(), self.is_optional) {
            (true, true) => Ok(None),
            (true, false) => Err(entry::expected(self.kind).to_owned()),
            (false, _) => entry::value(&self.value, self.kind).map(Some),
        }
    }
}

/// How it is written, and between which limits.
fn hint(rule: &AttributeKind) -> String {
    let example = match rule.kind {
        ScalarKind::Day | ScalarKind::Span | ScalarKind::Number | ScalarKind::Amount => {
            entry::expected(rule.kind)
        }
        _ => "",
    };
    let limits = match (&rule.min, &rule.max) {
        (Some(min), Some(max)) => format!("Fra {min} til {max}."),
        (Some(min), None) => format!("Mindst {min}."),
        (None, Some(max)) => format!("Højst {max}."),
        (None, None) => String::new(),
    };
    format!("{example} {limits}").trim().to_owned()
}

fn control(rule: &AttributeKind, parties: &[(Party, String)]) -> Control {
    let answer =
        |value: &str, word: &str| Answer { value: value.to_owned(), word: word.to_owned() };
    match rule.kind {
        ScalarKind::Flag => Control::Choice(vec![answer("ja", "Ja"), answer("nej", "Nej")]),
        ScalarKind::Code => {
            Control::Choice(rule.codes.iter().map(|code| answer(&code.code, &code.title)).collect())
        }
        ScalarKind::Who => {
            Control::Choice(parties.iter().map(|(party, name)| answer(&party.0, name)).collect())
        }
        ScalarKind::Text => Control::Text,
        ScalarKind::Amount => Control::Line { suffix: "kr.", numeric: true },
        ScalarKind::Integer | ScalarKind::Number => Control::Line { suffix: "", numeric: true },
        ScalarKind::Day | ScalarKind::Span => Control::Line { suffix: "", numeric: false },
    }
}
