//! What a test or a demonstration wants the bank to answer.
//!
//! ```json
//! {
//!   "SE:97000018": { "reject": "AC03", "text": "Ingen NemKonto" },
//!   "OKY00000002": { "pending": true, "then": "accept" },
//!   "CVR:97000018": { "pending": true, "then": "reject", "reject": "AC04", "text": "Kontoen er lukket" }
//! }
//! ```
//! A key is a payee or an end-to-end id; the id has the last word. An entry can also say what happens
//! later: `"return": "AC04"` gives a paid payment back, `"stop": "refuse"` or `"stop": "pending"` is the
//! answer when the sender wants it stopped. The key `*` is about all messages: `"delivery": "late"`,
//! `"twice"` or `"lost"`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::answers::Reason;
use super::delivery::Delivery;
use super::payees::{BadPayee, Kind, Payee, masked};

/// The key of what holds for every message.
const ALL: &str = "*";

/// The bank's instructions: who is refused, and who has to wait.
#[derive(Debug, Default)]
pub struct Script {
    payments: BTreeMap<String, (Instruction, Later)>,
    delivery: Delivery,
}

/// What becomes of a payment in the end, when the bank gets that far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Later {
    /// Comes back after it was paid.
    #[serde(default, rename = "return", skip_serializing_if = "Option::is_none")]
    pub(crate) returns: Option<Reason>,
    #[serde(default)]
    pub(crate) stop: Stopping,
}

/// What the bank does when the sender wants a payment stopped that it could stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stopping {
    #[default]
    Accept,
    Refuse,
    /// Says so on a later day, if the payment is not paid by then.
    Pending,
}

/// What to do with one payment that is right in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    Now(Decision),
    /// Pending today, decided when the bank works on a later day.
    Later(Decision),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decision {
    Accept,
    Reject(Reason),
}

/// The script cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("the script {0} cannot be read; see that --script names a readable file")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error(
        "the script is not of the form {{\"SE:97000018\": {{\"reject\": \"AC03\", \"text\": \"…\"}}}}"
    )]
    Malformed(#[source] serde_json::Error),
    #[error("the script's key {key} names no payee; write kind and number, such as SE:97000018")]
    BadPayee {
        key: String,
        #[source]
        cause: BadPayee,
    },
    #[error(
        "the script says nothing to do for {0}; give \"reject\" with a code, or \"pending\": true"
    )]
    Nothing(String),
    #[error("the script's code {0} is too long; the codes of ISO 20022 have up to four characters")]
    LongCode(String),
}

/// An entry as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    reject: Option<String>,
    text: Option<String>,
    #[serde(default)]
    pending: bool,
    #[serde(default)]
    then: Then,
    #[serde(rename = "return")]
    returns: Option<String>,
    stop: Option<Stopping>,
    delivery: Option<Delivery>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Then {
    #[default]
    Accept,
    Reject,
}

impl Script {
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ScriptError::Unreadable(path.to_owned(), error))?;
        Self::parse(&text)
    }

    pub fn parse(json: &str) -> Result<Self, ScriptError> {
        let mut entries: BTreeMap<String, Entry> =
            serde_json::from_str(json).map_err(ScriptError::Malformed)?;
        let delivery = entries.remove(ALL).and_then(|all| all.delivery).unwrap_or_default();
        let instruction = |(key, entry): (String, Entry)| {
            check_key(&key)?;
            let later = entry.later()?;
            let instruction = entry.instruction(&key)?;
            Ok((key, (instruction, later)))
        };
        let payments = entries.into_iter().map(instruction).collect::<Result<_, _>>()?;
        Ok(Self { payments, delivery })
    }

    pub(crate) fn for_payment(&self, end_to_end_id: &str, payee: &Payee) -> (Instruction, Later) {
        let entry = self.payments.get(end_to_end_id).or_else(|| self.payments.get(&payee.key()));
        let at_once = || (Instruction::Now(Decision::Accept), Later::default());
        entry.cloned().unwrap_or_else(at_once)
    }

    pub(crate) fn delivery(&self) -> Delivery {
        self.delivery
    }
}

/// A key that begins like a payee has to be one; otherwise a slip would silently change nothing.
fn check_key(key: &str) -> Result<(), ScriptError> {
    let is_payee = key.split_once(':').is_some_and(|(kind, _)| Kind::named(kind).is_some());
    match key.parse::<Payee>() {
        Err(cause) if is_payee => Err(ScriptError::BadPayee { key: masked(key), cause }),
        _ => Ok(()),
    }
}

impl Entry {
    fn later(&self) -> Result<Later, ScriptError> {
        let reason = |code: &String| self.reason(code, "Pengene er kommet tilbage");
        let returns = self.returns.as_ref().map(reason).transpose()?;
        Ok(Later { returns, stop: self.stop.unwrap_or_default() })
    }

    fn reason(&self, code: &str, otherwise: &str) -> Result<Reason, ScriptError> {
        const LONGEST_CODE: usize = 4;
        if code.is_empty() || code.chars().count() > LONGEST_CODE {
            return Err(ScriptError::LongCode(code.to_owned()));
        }
        Ok(Reason::new(code, self.text.as_deref().unwrap_or(otherwise)))
    }

    fn instruction(self, key: &str) -> Result<Instruction, ScriptError> {
        /// ISO 20022: the bank gives no reason.
        const NO_REASON: &str = "MS03";
        let code = self.reject.as_deref().unwrap_or(NO_REASON);
        let reason = self.reason(code, "Banken har afvist betalingen")?;
        match (self.pending, self.then, &self.reject) {
            (true, Then::Accept, _) => Ok(Instruction::Later(Decision::Accept)),
            (true, Then::Reject, _) => Ok(Instruction::Later(Decision::Reject(reason))),
            (false, _, Some(_)) => Ok(Instruction::Now(Decision::Reject(reason))),
            (false, _, None) if self.returns.is_some() || self.stop.is_some() => {
                Ok(Instruction::Now(Decision::Accept))
            }
            (false, _, None) => Err(ScriptError::Nothing(masked(key))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_has_the_last_word() {
        let script = r#"{"SE:97000018": {"reject": "AC03", "text": "Ingen NemKonto"}, "E2": {"pending": true}}"#;
        let script = Script::parse(script).unwrap();
        let payee = "SE:97000018".parse().unwrap();
        let refused = Instruction::Now(Decision::Reject(Reason::new("AC03", "Ingen NemKonto")));
        assert_eq!(script.for_payment("E1", &payee).0, refused);
        assert_eq!(script.for_payment("E2", &payee).0, Instruction::Later(Decision::Accept));
    }

    #[test]
    fn what_happens_later_can_be_said_alone() {
        let script =
            r#"{"E1": {"return": "AC04"}, "E2": {"stop": "refuse"}, "*": {"delivery": "late"}}"#;
        let script = Script::parse(script).unwrap();
        let payee = "SE:97000018".parse().unwrap();
        let (now, later) = script.for_payment("E1", &payee);
        assert_eq!(now, Instruction::Now(Decision::Accept));
        assert_eq!(later.returns.unwrap().code, "AC04");
        assert_eq!(script.for_payment("E2", &payee).1.stop, Stopping::Refuse);
        assert_eq!(script.delivery(), Delivery::Late);
    }

    #[track_caller]
    fn check(json: &str, complaint: &str) {
        let error = Script::parse(json).unwrap_err().to_string();
        assert!(error.contains(complaint), "{error}");
    }

    #[test]
    fn a_slip_in_the_script_is_told() {
        check(r#"{"SE:97000015": {"reject": "AC03"}}"#, "names no payee");
        check(r#"{"E1": {}}"#, "nothing to do for E1");
        check(r#"{"E1": {"reject": "AC03X"}}"#, "too long");
        check(r#"{"E1": {"refuse": "AC03"}}"#, "not of the form");
        check(r#"{"CPR:3201010000": {"reject": "AC03"}}"#, "CPR:******");
    }
}
