//! An event as a register tells it: one JSON object, the same by REST and by AMQP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use ydun_domain::{Day, Tenant};
use ydun_runtime::Digest;

use super::Kind;
use crate::parties::PaymentIdentity;

/// A message as it comes. [`Message::read`] says whether it can be used.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wire {
    /// The register, or whoever passes its events on.
    #[schema(example = "cpr")]
    pub source: String,
    /// Never used for another event of the source.
    #[schema(example = "7f6c0d3e-5a31-4a8e-9b02-1f2f0c5f9d11")]
    pub message_id: String,
    /// The event's number at the source, where it counts them.
    #[serde(default)]
    pub sequence: Option<i64>,
    #[schema(example = "moved")]
    pub kind: String,
    pub about: About,
    /// The day it happened.
    #[schema(example = "2024-03-14")]
    pub day: String,
    /// Its last day, where it has one: of a placement, a stay or an absence.
    #[serde(default)]
    pub until: Option<String>,
    /// The day the register knew it.
    #[schema(example = "2024-03-15")]
    pub known: String,
    /// Of a move: the municipality the person lives in since.
    #[serde(default)]
    #[schema(example = "0563")]
    pub municipality: Option<String>,
    /// Of a new name.
    #[serde(default)]
    pub name: Option<String>,
}

/// Whom it is about.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    #[schema(example = "010190-1234")]
    Cpr(String),
    #[schema(example = "29189803")]
    Cvr(String),
}

/// A personal number is not printed by accident.
impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cpr(_) => "Cpr(…)",
            Self::Cvr(_) => "Cvr(…)",
        })
    }
}

/// A message that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub source: String,
    pub message_id: String,
    pub sequence: Option<i64>,
    pub kind: Kind,
    pub about: PaymentIdentity,
    pub day: Day,
    pub until: Option<Day>,
    pub known: Day,
    pub municipality: Option<Tenant>,
    pub name: Option<String>,
    /// Of all it says: the same message sent twice has the same.
    pub digest: Digest,
}

/// Why a message cannot be used. Nothing of its content is repeated but the names of its fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("it is no message: {0}; see the API's description for one that is")]
    NotJson(String),
    #[error("the field '{0}' is empty; give it")]
    Empty(&'static str),
    #[error("the field '{field}': {why}")]
    Field { field: &'static str, why: String },
    #[error("a {kind} is about a {expected}; give the other number in 'about'")]
    AboutAnother { kind: Kind, expected: &'static str },
    #[error("a {kind} tells '{field}'; give it")]
    Missing { kind: Kind, field: &'static str },
    #[error("the last day 'until' is before the first; turn them round")]
    Backwards,
}

impl Message {
    /// Reads a message as it comes.
    pub fn read(bytes: &[u8]) -> Result<Self, MessageError> {
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| MessageError::NotJson(place(&error)))?;
        Self::of(&wire)
    }

    /// Checks a message.
    pub fn of(wire: &Wire) -> Result<Self, MessageError> {
        for (field, text) in [("source", &wire.source), ("message-id", &wire.message_id)] {
            if text.trim().is_empty() {
                return Err(MessageError::Empty(field));
            }
        }
        let message = Self {
            source: wire.source.clone(),
            message_id: wire.message_id.clone(),
            sequence: wire.sequence,
            kind: read("kind", &wire.kind)?,
            about: about(&wire.about)?,
            day: read("day", &wire.day)?,
            until: wire.until.as_deref().map(|text| read("until", text)).transpose()?,
            known: read("known", &wire.known)?,
            municipality: municipality(wire)?,
            name: wire.name.clone().filter(|name| !name.trim().is_empty()),
            digest: digest(wire),
        };
        message.check()?;
        Ok(message)
    }

    /// Whether it says the same of its party, whatever its number and source.
    pub fn says_as(&self, other: &Self) -> bool {
        let says = |message: &Self| {
            let name = message.name.clone();
            (message.kind, message.day, message.until, message.municipality, name)
        };
        self.about == other.about && says(self) == says(other)
    }

    fn check(&self) -> Result<(), MessageError> {
        let (kind, is_company) = (self.kind, matches!(self.about, PaymentIdentity::Cvr(_)));
        if kind.is_of_company() && !is_company {
            return Err(MessageError::AboutAnother { kind, expected: "company" });
        }
        if is_company && !kind.is_of_company() && kind != Kind::NameChanged {
            return Err(MessageError::AboutAnother { kind, expected: "person" });
        }
        if kind == Kind::Moved && self.municipality.is_none() {
            return Err(MessageError::Missing { kind, field: "municipality" });
        }
        if kind == Kind::NameChanged && self.name.is_none() {
            return Err(MessageError::Missing { kind, field: "name" });
        }
        if self.until.is_some_and(|until| until < self.day) {
            return Err(MessageError::Backwards);
        }
        Ok(())
    }
}

fn about(about: &About) -> Result<PaymentIdentity, MessageError> {
    match about {
        About::Cpr(text) => read("about.cpr", text).map(PaymentIdentity::Cpr),
        About::Cvr(text) => read("about.cvr", text).map(PaymentIdentity::Cvr),
    }
}

fn municipality(wire: &Wire) -> Result<Option<Tenant>, MessageError> {
    wire.municipality.as_deref().map(|text| read("municipality", text)).transpose()
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &'static str,
    text: &str,
) -> Result<T, MessageError> {
    text.parse().map_err(|why: T::Err| MessageError::Field { field, why: why.to_string() })
}

/// Where the JSON is wrong. What stands there is left out: it may be a personal number.
fn place(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a field is missing, unknown or of another type",
        _ => "the JSON is broken",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

fn digest(wire: &Wire) -> Digest {
    let text = serde_json::to_vec(wire).expect("our own types can be written as JSON");
    Digest::of(&text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn moved(with: &Value) -> Result<Message, MessageError> {
        let mut message = json!({
            "source": "cpr", "message-id": "1", "sequence": 1, "kind": "moved", "about": { "cpr": "010190-1234" },
            "day": "2024-03-14", "known": "2024-03-15", "municipality": "0563",
        });
        for (name, value) in with.as_object().unwrap() {
            message[name] = value.clone();
        }
        Message::read(message.to_string().as_bytes())
    }

    #[test]
    fn a_message_is_read_and_the_same_content_has_the_same_digest() {
        let message = moved(&json!({})).unwrap();
        assert_eq!((message.kind, message.day), (Kind::Moved, "2024-03-14".parse().unwrap()));
        assert_eq!(moved(&json!({})).unwrap().digest, message.digest);
        assert_ne!(moved(&json!({ "day": "2024-03-13" })).unwrap().digest, message.digest);
    }

    #[test]
    fn what_cannot_be_used_says_why_and_never_whom_it_is_about() {
        let check = |with: Value, expected: &str| {
            let why = moved(&with).unwrap_err().to_string();
            assert_eq!(why, expected);
            assert!(!why.contains("5678"), "{why}");
        };
        check(json!({ "message-id": " " }), "the field 'message-id' is empty; give it");
        check(json!({ "municipality": null }), "a moved tells 'municipality'; give it");
        check(
            json!({ "kind": "company-ceased" }),
            "a company-ceased is about a company; give the other number in 'about'",
        );
        check(
            json!({ "about": { "cvr": "29189803" } }),
            "a moved is about a person; give the other number in 'about'",
        );
        check(
            json!({ "about": { "cpr": "0101905678x" } }),
            "the field 'about.cpr': a personal number has ten digits, such as 010190-1234",
        );
        check(
            json!({ "kind": "absent", "until": "2024-03-13" }),
            "the last day 'until' is before the first; turn them round",
        );
        assert!(moved(&json!({ "color": "red" })).unwrap_err().to_string().contains("unknown"));
    }
}
