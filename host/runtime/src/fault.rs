//! What went wrong with a module, told twice: to the caseworker and to its developer.

use std::fmt;

use serde::{Serialize, Serializer};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::guest::{Guest, Level, TraceFull, TraceLine};

/// How many of the last trace lines go into the developer's record.
const TRACE_KEPT: usize = 10;

/// A module did not do what a module must.
///
/// Not to be mistaken for a [`Failure`](ydun_domain::benefit::Failure), which is a module's own
/// orderly answer. A faulty run is void: nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Fault {
    pub code: Code,
    /// For the developer, in English. It may quote the module, so it may hold values of the case;
    /// persons and firms are opaque in it, as they are to the module.
    pub detail: String,
    /// Innermost function first.
    pub backtrace: Vec<String>,
    /// The last lines the module wrote.
    pub trace: Vec<TraceLine>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $consequence:ident, $sentence:literal;)*) => {
        /// Every way a module can fail. Numbers of such codes are watched; a code never changes meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What happened, and what happens now, for a caseworker.
            pub fn sentence(self) -> String {
                let (what, now) = match self { $(Self::$name => ($sentence, $consequence),)* };
                format!("{what} {now}")
            }
        }
    };
}

const VOID: &str = "Kørslen er ugyldig, og der udbetales intet ud fra den. Løbende udbetalinger fortsætter, og sagen ligger i køen til manuel behandling.";
const REFUSED: &str = "Modulet er ikke taget i brug.";

codes! {
    /// Out of fuel.
    Budget = "YDP-BUDGET", VOID, "Beregningen brugte flere regneskridt, end den må.";
    /// Out of wall-clock time; the machine may have been busy.
    Time = "YDP-TIME", VOID, "Beregningen tog for lang tid.";
    Memory = "YDP-MEMORY", VOID, "Beregningen brugte mere hukommelse, end den må.";
    Stack = "YDP-STACK", VOID, "Beregningen kaldte sig selv for mange gange.";
    /// The module gave up.
    Panic = "YDP-PANIC", VOID, "Beregningen gik i stå på grund af en fejl i modulet.";
    /// The answer or the trace is too long.
    Output = "YDP-OUTPUT", VOID, "Beregningen gav et svar, der fylder for meget.";
    /// The dossier is too large or holds a number no benefit has.
    Input = "YDP-INPUT", VOID, "Sagens oplysninger fylder for meget til at blive beregnet på én gang.";
    /// The module broke a rule of WebAssembly or of the component model.
    Trap = "YDP-TRAP", VOID, "Beregningen gik i stå på grund af en teknisk fejl i modulet.";
    /// The answer breaks a rule of the host.
    Invalid = "YDP-INVALID", VOID, "Beregningens svar hænger ikke sammen og er afvist.";
    /// The same dossier gave two answers.
    Nondeterministic = "YDP-NONDET", VOID, "Beregningen gav to forskellige svar på de samme oplysninger.";

    Size = "YDV-SIZE", REFUSED, "Modulets fil er for stor.";
    SignatureFormat = "YDV-SIGNATURE-FORMAT", REFUSED, "Filen med modulets underskrifter kan ikke læses.";
    SignatureMissing = "YDV-SIGNATURE-MISSING", REFUSED, "Modulet er ikke underskrevet.";
    SignatureUnknown = "YDV-SIGNATURE-UNKNOWN", REFUSED, "Modulet er ikke underskrevet af nogen, som er godkendt her.";
    SignatureInvalid = "YDV-SIGNATURE-INVALID", REFUSED, "Underskriften passer ikke til modulet. Filen eller underskriften kan være ændret.";
    SignatureRevoked = "YDV-SIGNATURE-REVOKED", REFUSED, "Modulet er underskrevet med en nøgle, der er spærret.";
    /// A municipality has signed what is not its own.
    SignatureReach = "YDV-SIGNATURE-REACH", REFUSED, "Modulet er underskrevet af en udgiver, der ikke må udgive netop denne ydelse.";
    SignatureOther = "YDV-SIGNATURE-OTHER", REFUSED, "Underskriften gælder en anden ydelse eller en anden version, end modulet selv siger.";
    Format = "YDV-FORMAT", REFUSED, "Filen er ikke et gyldigt modul, eller den bruger dele af WebAssembly, som ikke er tilladt.";
    Floats = "YDV-FLOATS", REFUSED, "Modulet regner med kommatal, der ikke er nøjagtige.";
    ManifestMissing = "YDV-MANIFEST-MISSING", REFUSED, "Modulet har ingen beskrivelse af sig selv (manifest).";
    ManifestTwice = "YDV-MANIFEST-TWICE", REFUSED, "Modulet har mere end én beskrivelse af sig selv (manifest).";
    ManifestFormat = "YDV-MANIFEST-FORMAT", REFUSED, "Modulets beskrivelse af sig selv (manifest) kan ikke læses.";
    ManifestContent = "YDV-MANIFEST-CONTENT", REFUSED, "Modulets beskrivelse af sig selv (manifest) hænger ikke sammen.";
    Interface = "YDV-INTERFACE", REFUSED, "Modulet har ikke de indgange, som dets beskrivelse lover.";
    Import = "YDV-IMPORT", REFUSED, "Modulet kræver adgang til andet end det, et modul må få.";
    Compile = "YDV-COMPILE", REFUSED, "Modulet kan ikke oversættes til maskinkode.";
    Instantiate = "YDV-START", REFUSED, "Modulet kan ikke startes.";
    CasesFormat = "YDV-CASES-FORMAT", REFUSED, "Modulets egne prøvesager mangler eller kan ikke læses.";
    CaseFault = "YDV-CASE-FAULT", REFUSED, "Modulet fejler på en af sine egne prøvesager.";
    CaseAnswer = "YDV-CASE-ANSWER", REFUSED, "Modulet giver et andet svar på en af sine egne prøvesager, end det lover.";
    CaseRepeat = "YDV-CASE-REPEAT", REFUSED, "Modulet giver ikke det samme svar, når den samme prøvesag beregnes igen.";
    CaseOrder = "YDV-CASE-ORDER", REFUSED, "Modulets svar afhænger af den rækkefølge, oplysningerne kommer i.";
    CaseBudget = "YDV-CASE-BUDGET", REFUSED, "Modulet bruger mere end halvdelen af de tilladte regneskridt på en af sine egne prøvesager.";
    Generated = "YDV-GENERATED", REFUSED, "Modulet svarer ikke ordentligt på en af de opdigtede sager, det er prøvet med.";
    Incompatible = "YDV-INCOMPATIBLE", REFUSED, "Modulet passer ikke til den forrige version, som kommunens opsætning og ansøgninger bygger på.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Fault {
    pub(crate) fn new(code: Code, detail: impl fmt::Display) -> Self {
        Self { code, detail: detail.to_string(), backtrace: Vec::new(), trace: Vec::new() }
    }

    /// For the caseworker, in Danish: what happened and what happens now.
    pub fn sentence(&self) -> String {
        self.code.sentence()
    }

    /// Whether trying once more makes sense: the machine, not the module, may have been at fault.
    pub fn is_worth_a_retry(&self) -> bool {
        self.code == Code::Time
    }

    /// Why a call ended early.
    pub(crate) fn of_call(error: &wasmtime::Error, guest: &Guest) -> Self {
        let code = code_of(error, guest);
        let mut fault = Self::new(code, error.root_cause());
        if code == Code::Panic
            && let Some(line) = guest.trace.lines.iter().rfind(|line| line.level == Level::Error)
        {
            fault.detail.clone_from(&line.message);
        }
        if let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() {
            fault.backtrace = backtrace
                .to_string()
                .lines()
                .skip(1)
                .map(|frame| frame.trim().to_owned())
                .collect();
        }
        let kept = guest.trace.lines.len().saturating_sub(TRACE_KEPT);
        fault.trace = guest.trace.lines[kept..].to_vec();
        fault
    }
}

/// A refusal of memory comes first: the module panics or runs into something else because of it.
fn code_of(error: &wasmtime::Error, guest: &Guest) -> Code {
    if guest.memory.hit {
        return Code::Memory;
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return match trap {
            Trap::OutOfFuel => Code::Budget,
            Trap::Interrupt => Code::Time,
            Trap::StackOverflow => Code::Stack,
            Trap::UnreachableCodeReached => Code::Panic,
            _ => Code::Trap,
        };
    }
    if error.is::<TraceFull>() || is_output_limit(error) {
        return Code::Output;
    }
    // A full pool is the machine's doing, like a slow one.
    if error.is::<PoolConcurrencyLimitError>() { Code::Time } else { Code::Trap }
}

/// Wasmtime keeps this error's type to itself, so its text is what there is.
fn is_output_limit(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted")
}

/// With the sentence, so that a reader of the record needs no list of codes.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Record<'a> {
            code: Code,
            sentence: String,
            detail: &'a str,
            backtrace: &'a [String],
            trace: &'a [TraceLine],
        }
        let Self { code, detail, backtrace, trace } = self;
        Record { code: *code, sentence: code.sentence(), detail, backtrace, trace }
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_its_own_and_says_what_happens_now() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let now = if code.as_str().starts_with("YDP-") { VOID } else { REFUSED };
            assert!(code.sentence().ends_with(now), "{code}");
        }
    }
}
