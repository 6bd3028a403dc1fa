//! What verification found, for the person who approves the module.

use serde::Serialize;

use crate::canonical::Digest;
use crate::fault::{Code, Fault};
use crate::manifest::Manifest;

use super::{CaseReport, Signer};

/// The verification of one component, kept with it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    pub digest: Digest,
    /// The engine it was verified on.
    pub engine: String,
    /// As soon as it could be read.
    pub manifest: Option<Manifest>,
    /// Whose signatures it was accepted on; nobody's where none was asked for.
    pub signed_by: Vec<Signer>,
    /// No instruction in it calculates with floats.
    pub float_free: bool,
    /// The steps taken; the last one failed unless all passed.
    pub steps: Vec<StepReport>,
    pub cases: Vec<CaseReport>,
}

/// How one step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepReport {
    pub number: u8,
    pub code: Code,
    /// In Danish.
    pub sentence: String,
    pub passed: bool,
    /// For the developer; empty when the step passed.
    pub detail: String,
}

/// A step was not passed; the report says why.
#[derive(Debug)]
pub(super) struct Stopped;

impl Report {
    pub(super) fn new(digest: Digest, engine: &str) -> Self {
        Self {
            digest,
            engine: engine.to_owned(),
            manifest: None,
            signed_by: Vec::new(),
            float_free: false,
            steps: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// Whether every step was passed.
    pub fn passed(&self) -> bool {
        self.steps.len() == Step::ALL.len() && self.steps.iter().all(|step| step.passed)
    }

    /// The step that failed.
    pub fn failed(&self) -> Option<&StepReport> {
        self.steps.iter().find(|step| !step.passed)
    }

    pub(super) fn step<T>(&mut self, step: Step, result: Result<T, Fault>) -> Result<T, Stopped> {
        let (code, sentence, detail) = match &result {
            Ok(_) => (step.code(), step.sentence().to_owned(), String::new()),
            Err(fault) => (fault.code, fault.sentence(), fault.detail.clone()),
        };
        self.steps.push(StepReport {
            number: step.number(),
            code,
            sentence,
            passed: result.is_ok(),
            detail,
        });
        result.map_err(|_| Stopped)
    }
}

macro_rules! steps {
    ($($name:ident = $number:literal, $code:ident, $sentence:literal;)*) => {
        /// The steps, in the order they are taken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Step { $($name,)* }

        impl Step {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As in the design; parts of one step share its number.
            pub const fn number(self) -> u8 {
                match self { $(Self::$name => $number,)* }
            }

            const fn code(self) -> Code {
                match self { $(Self::$name => Code::$code,)* }
            }

            /// What it means to have passed.
            const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

steps! {
    Size = 1, Size, "Filens størrelse er i orden.";
    Signature = 2, SignatureMissing, "Reglen om underskrift er overholdt.";
    Format = 3, Format, "Filen er et gyldigt modul og bruger kun tilladte dele af WebAssembly.";
    Floats = 3, Floats, "Reglen om unøjagtige kommatal er overholdt.";
    Manifest = 4, ManifestContent, "Modulets beskrivelse af sig selv hænger sammen.";
    SizeOfClass = 1, Size, "Filen er ikke større, end modulets klasse må være.";
    Signed = 4, SignatureOther, "Det underskrevne er det, modulet siger, at det er.";
    Interface = 4, Interface, "Modulet har de indgange, som dets beskrivelse lover.";
    Imports = 5, Import, "Modulet kræver ikke adgang til noget.";
    Compatibility = 10, Incompatible, "Modulet passer til den forrige version.";
    Compile = 6, Compile, "Modulet er oversat til maskinkode.";
    Start = 7, Instantiate, "Modulet kan startes.";
    Cases = 8, CaseAnswer, "Modulet giver det rigtige svar på sine egne prøvesager, hver gang og i enhver rækkefølge.";
    Generated = 9, Generated, "Modulet svarer ordentligt på opdigtede sager.";
}
