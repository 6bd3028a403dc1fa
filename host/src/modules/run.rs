//! One calculation, with all it takes to make it again bit for bit.

use ydun_domain::Period;
use ydun_domain::benefit::{Dossier, Failure, Outcome};
use ydun_domain::ids::{CaseId, RunId};
use ydun_runtime::canonical::{self, Unreadable};
use ydun_runtime::{Calculation, Digest, Module, agreed, retry_once};

use super::policy::SelfCheck;
use crate::words::words;

words! {
    /// What a calculation was made for.
    Purpose("purpose of a run") {
        /// Decisions may rest on it.
        Live = "live",
        /// A new version beside the active one.
        Shadow = "shadow",
    }
}

/// A calculation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub case: CaseId,
    pub artifact: Digest,
    /// The sandbox's fingerprint.
    pub engine: String,
    pub purpose: Purpose,
    pub span: Period,
    pub dossier: Sealed,
    pub answer: Answer,
    pub fuel: i64,
    pub memory_bytes: i64,
    pub micros: i64,
}

/// Canonical bytes and their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub bytes: Vec<u8>,
    pub digest: Digest,
}

/// How a module answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What it [`Said`].
    Given(Sealed),
    /// The module did not answer as a module must; the run is void.
    Fault { code: String, detail: String },
}

/// What a module answers in good order: an outcome, or that the rules cannot give one.
pub type Said = Result<Outcome, Failure>;

impl Sealed {
    pub fn of<T: minicbor::Encode<()>>(value: &T) -> Self {
        let bytes = canonical::encode(value);
        Self { digest: Digest::of(&bytes), bytes }
    }

    /// Whether the bytes still are those the digest was made of.
    pub fn is_intact(&self) -> bool {
        Digest::of(&self.bytes) == self.digest
    }
}

impl Answer {
    pub fn of(calculation: &Calculation) -> Self {
        match &calculation.answer {
            Ok(said) => Self::Given(Sealed::of(said)),
            Err(fault) => {
                Self::Fault { code: fault.code.to_string(), detail: fault.detail.clone() }
            }
        }
    }
}

impl Run {
    pub fn read_dossier(&self) -> Result<Dossier, Unreadable> {
        canonical::decode(&self.dossier.bytes)
    }

    /// What the module said, or nothing when it failed.
    pub fn said(&self) -> Result<Option<Said>, Unreadable> {
        match &self.answer {
            Answer::Given(sealed) => canonical::decode(&sealed.bytes).map(Some),
            Answer::Fault { .. } => Ok(None),
        }
    }
}

/// Calculates a dossier, and gives the run to keep beside the answer to work with.
///
/// A dossier that the self-check picks is calculated twice; where the two differ, the run is void.
pub fn calculate(
    module: &Module,
    case: CaseId,
    purpose: Purpose,
    dossier: &Dossier,
    self_check: Option<SelfCheck>,
) -> (Run, Calculation) {
    let sealed = Sealed::of(dossier);
    let is_picked = self_check.is_some_and(|check| check.picks(sealed.digest));
    let calculation = checked(is_picked, || module.calculate(dossier));
    let run = Run {
        id: RunId::generate(),
        case,
        artifact: module.digest(),
        engine: module.sandbox().fingerprint().to_owned(),
        purpose,
        span: dossier.span,
        dossier: sealed,
        answer: Answer::of(&calculation),
        fuel: whole(calculation.fuel),
        memory_bytes: whole(calculation.memory_peak as u64),
        micros: whole(calculation.micros),
    };
    (run, calculation)
}

fn checked(is_picked: bool, call: impl Fn() -> Calculation) -> Calculation {
    let first = retry_once(&call);
    if is_picked { agreed(first, &call()) } else { first }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use ydun_domain::benefit::Failure;

    use super::*;

    /// A module that says something else each time it is asked.
    fn fickle(calls: &Cell<u64>) -> Calculation {
        calls.set(calls.get() + 1);
        let said = Err(Failure::Unsupported(format!("call {}", calls.get())));
        Calculation { answer: Ok(said), fuel: 1, memory_peak: 0, micros: 0, trace: vec![] }
    }

    #[test]
    fn only_a_dossier_that_is_picked_is_calculated_twice_and_a_disagreement_is_void() {
        let calls = Cell::new(0);
        assert!(checked(false, || fickle(&calls)).answer.is_ok());
        assert_eq!(calls.get(), 1);
        let fault = checked(true, || fickle(&calls)).answer.unwrap_err();
        assert_eq!((fault.code.as_str(), calls.get()), ("YDP-NONDET", 3));
    }
}
