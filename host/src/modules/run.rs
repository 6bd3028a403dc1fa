//! One calculation, with all it takes to make it again bit for bit.

use ydun_domain::Period;
use ydun_domain::benefit::{Dossier, Failure, Outcome};
use ydun_domain::ids::{CaseId, RunId};
use ydun_runtime::canonical::{self, Unreadable};
use ydun_runtime::{Calculation, Digest, Module, retry_once};

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
pub fn calculate(
    module: &Module,
    case: CaseId,
    purpose: Purpose,
    dossier: &Dossier,
) -> (Run, Calculation) {
    let calculation = retry_once(|| module.calculate(dossier));
    let run = Run {
        id: RunId::generate(),
        case,
        artifact: module.digest(),
        engine: module.sandbox().fingerprint().to_owned(),
        purpose,
        span: dossier.span,
        dossier: Sealed::of(dossier),
        answer: Answer::of(&calculation),
        fuel: whole(calculation.fuel),
        memory_bytes: whole(calculation.memory_peak as u64),
        micros: whole(calculation.micros),
    };
    (run, calculation)
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
