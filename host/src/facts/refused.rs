//! Why a fact is not taken in, in words that say what to do.

use ydun_domain::Validity;
use ydun_domain::benefit::Scalar;
use ydun_runtime::manifest::ScalarKind;

use crate::cases::CaseNumber;

/// A fact that is not taken in: in which case, of which kind, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}, fact '{kind}'{}: {why}", case_named(*case), field_named(field.as_ref()))]
pub struct Refused {
    /// None while the case has no number yet.
    pub case: Option<CaseNumber>,
    pub kind: String,
    /// The attribute the reason is about.
    pub field: Option<String>,
    pub why: Box<Why>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("the benefit reads no such fact; it reads {}", .known.join(", "))]
    UnknownKind { known: Vec<String> },
    #[error("it must be about the case's {role}; name a party that has that part in the case")]
    WrongParty { role: String },
    #[error("it is not given; give '{title}' as {}", written(*.expected))]
    Missing { title: String, expected: ScalarKind },
    #[error("the fact has no such field; its fields are {}", .known.join(", "))]
    UnknownField { known: Vec<String> },
    #[error("it is given twice; give it once")]
    Twice,
    #[error("'{given}' is of the type {}; give it as {}", .given.kind(), written(*.expected))]
    WrongType { given: Scalar, expected: ScalarKind },
    #[error("{given} is too small; the smallest allowed is {min}")]
    TooSmall { given: Scalar, min: Scalar },
    #[error("{given} is too large; the largest allowed is {max}")]
    TooLarge { given: Scalar, max: Scalar },
    #[error("{given} has more than 18 digits before the decimal point; give a smaller number")]
    TooManyDigits { given: Scalar },
    #[error("'{given}' is not one of the words it may be: {}", .known.join(", "))]
    UnknownCode { given: String, known: Vec<String> },
    #[error("'{given}' is no registered party; register the party first")]
    UnknownParty { given: String },
    #[error(
        "the days {given} have no end, but this fact is about a limited time; give the days as first..last"
    )]
    NoEnd { given: Validity },
    #[error(
        "the days {given} overlap with those of another such fact, {other}; change the days, or correct that fact instead"
    )]
    Overlap { given: Validity, other: Validity },
}

fn case_named(case: Option<CaseNumber>) -> String {
    case.map_or_else(|| "new case".to_owned(), |number| format!("case {number}"))
}

fn field_named(field: Option<&String>) -> String {
    field.map(|name| format!(", field '{name}'")).unwrap_or_default()
}

/// How a value of the type is written, by example.
fn written(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Flag => r#"{"flag": true} or {"flag": false}"#,
        ScalarKind::Integer => r#"{"integer": 3}"#,
        ScalarKind::Amount => r#"{"amount": "1234.50"}"#,
        ScalarKind::Number => r#"{"number": "37.5"}"#,
        ScalarKind::Day => r#"{"day": "2020-10-31"}"#,
        ScalarKind::Span => r#"{"span": "2020-10-01..2020-10-31"}"#,
        ScalarKind::Text => r#"{"text": "…"}"#,
        ScalarKind::Code => r#"{"code": "…"}"#,
        ScalarKind::Who => r#"{"who": "…"}"#,
    }
}
