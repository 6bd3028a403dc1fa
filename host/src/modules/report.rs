//! What verification found when a module was installed, read back.

use serde::{Deserialize, Serialize};
use ydun_runtime::verify::{Signer, StepReport};
use ydun_runtime::{Digest, Report};

/// The stored report: the parts of it that people read.
///
/// It is read leniently, because it may have been written by an older host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptReport {
    pub digest: Digest,
    /// The engine it was verified on.
    pub engine: String,
    /// None where it could not be read.
    pub manifest: Option<Named>,
    /// Whose signatures it was accepted on; nobody's where none was asked for.
    #[serde(default)]
    pub signed_by: Vec<Signer>,
    pub float_free: bool,
    /// In the order they were taken; the last one failed unless all passed.
    pub steps: Vec<Step>,
    #[serde(default)]
    pub cases: Vec<CaseName>,
}

/// Which module it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub version: String,
    pub title: String,
}

/// How one step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub number: u8,
    pub code: String,
    /// In Danish.
    pub sentence: String,
    pub passed: bool,
    /// For the developer; empty when the step passed.
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseName {
    pub name: String,
}

impl KeptReport {
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.passed)
    }
}

impl From<&Report> for KeptReport {
    fn from(report: &Report) -> Self {
        let manifest = report.manifest.as_ref().map(|manifest| Named {
            id: manifest.id.clone(),
            version: manifest.version.to_string(),
            title: manifest.title.clone(),
        });
        let step = |step: &StepReport| Step {
            number: step.number,
            code: step.code.to_string(),
            sentence: step.sentence.clone(),
            passed: step.passed,
            detail: step.detail.clone(),
        };
        Self {
            digest: report.digest,
            engine: report.engine.clone(),
            manifest,
            signed_by: report.signed_by.clone(),
            float_free: report.float_free,
            steps: report.steps.iter().map(step).collect(),
            cases: report.cases.iter().map(|case| CaseName { name: case.name.clone() }).collect(),
        }
    }
}
