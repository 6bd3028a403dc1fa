//! Dossiers for a module's native tests: an ordinary case, and the changes a test is about.
//!
//! Rates and the defaults of settings come from the module's own manifest, so a test never holds a
//! second copy of a figure in law. A test of the arithmetic writes the figure and its sum in a
//! comment beside the expected amount.

mod cases;
mod properties;
mod tried;

use rust_decimal::Decimal;
use ydun_domain::benefit::{
    Attribute, Dossier, Fact, Failure, Finding, Line, Outcome, Party, RateRow, Scalar, State, Step,
    Verdict,
};
use ydun_domain::{Day, Dkk, Period};

pub use self::cases::kept_as_tables;
pub use self::tried::Tried;
use crate::Benefit;
use crate::explain::Assessments;

/// The module's own manifest.
#[derive(Clone, Debug)]
pub struct Manifest(ydun_manifest::Manifest);

impl Manifest {
    /// # Panics
    /// When the text is no manifest.
    pub fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).expect("the text is a manifest"))
    }

    /// It says nothing that contradicts itself.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn hangs_together(&self) {
        assert_eq!(self.0.check(), Ok(()));
    }

    /// The role a kind of fact is about, which is the party's name in a scene.
    fn about(&self, kind: &str) -> &str {
        &self.0.fact(kind).unwrap_or_else(|| panic!("the manifest has no fact '{kind}'")).about
    }
}

/// A dossier being changed, and the benefit it is for.
#[derive(Clone)]
pub struct Scene {
    manifest: &'static Manifest,
    calculate: fn(&Dossier) -> Result<Outcome, Failure>,
    check: fn(&Dossier) -> Vec<Finding>,
    dossier: Dossier,
}

impl std::fmt::Debug for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.dossier.fmt(f)
    }
}

impl Scene {
    /// An empty dossier for days such as `2020-10-01..2020-10-31`, looked at five days after.
    pub fn of<B: Benefit>(manifest: &'static Manifest, span: &str) -> Self {
        let span = period(span);
        let today = span.last().plus_days(5);
        let dossier = Dossier {
            as_of: today,
            known_at: today,
            span,
            facts: vec![],
            rates: vec![],
            settings: vec![],
            prior: vec![],
        };
        Self { manifest, calculate: B::calculate, check: B::check, dossier }
    }

    /// A fact about the party that has the role the manifest says, named by that role.
    pub fn fact(self, kind: &str, valid: &str, attributes: &[(&str, Scalar)]) -> Self {
        let about = self.manifest.about(kind).to_owned();
        self.fact_about(&about, kind, valid, attributes)
    }

    /// A fact about a party by name, where a role has several: a second parent, another child.
    pub fn fact_about(
        mut self,
        about: &str,
        kind: &str,
        valid: &str,
        attributes: &[(&str, Scalar)],
    ) -> Self {
        let count = self.dossier.facts.iter().filter(|fact| fact.kind == kind).count();
        self.dossier.facts.push(Fact {
            id: format!("{kind}-{}", count + 1),
            kind: kind.into(),
            about: Party::new(about),
            valid: valid.parse().expect("days such as 2020-10-01.."),
            attributes: attributes
                .iter()
                .map(|(name, value)| Attribute::new(*name, value.clone()))
                .collect(),
        });
        self
    }

    /// A person's answer to a condition.
    pub fn assessed(self, about: &str, condition: &str, met: bool, valid: &str) -> Self {
        self.fact_about(
            about,
            Assessments::KIND,
            valid,
            &[
                ("condition", code(condition)),
                ("met", Scalar::Flag(met)),
                ("reason", text("Efter oplysningerne i sagen.")),
            ],
        )
    }

    /// Changes an attribute of every fact of a kind.
    pub fn set(self, kind: &str, name: &str, value: Scalar) -> Self {
        let changed = Attribute::new(name, value);
        self.unset(kind, name).each(kind, |fact| fact.attributes.push(changed.clone()))
    }

    pub fn unset(self, kind: &str, name: &str) -> Self {
        self.each(kind, |fact| fact.attributes.retain(|attribute| attribute.name != name))
    }

    /// Changes the days the facts of a kind are about.
    pub fn valid(self, kind: &str, valid: &str) -> Self {
        self.each(kind, |fact| fact.valid = valid.parse().expect("days such as 2020-10-01.."))
    }

    /// Changes the facts of a kind, of which there must be one.
    pub fn each(mut self, kind: &str, change: impl FnMut(&mut Fact)) -> Self {
        let facts: Vec<&mut Fact> =
            self.dossier.facts.iter_mut().filter(|fact| fact.kind == kind).collect();
        assert!(!facts.is_empty(), "no {kind} to change");
        facts.into_iter().for_each(change);
        self
    }

    pub fn without(mut self, kind: &str) -> Self {
        self.dossier.facts.retain(|fact| fact.kind != kind);
        self
    }

    pub fn setting(mut self, key: &str, value: Scalar) -> Self {
        self.dossier.settings.retain(|setting| setting.name != key);
        self.dossier.settings.push(Attribute::new(key, value));
        self
    }

    /// A rate the manifest has no value for, as a publisher would announce it.
    pub fn rate(mut self, key: &str, valid: &str, value: Scalar) -> Self {
        let valid = valid.parse().expect("days such as 2020-10-01..");
        self.dossier.rates.push(RateRow {
            key: key.into(),
            valid,
            value,
            source: "prøvesag".into(),
        });
        self
    }

    /// Lines of earlier decisions.
    pub fn prior(mut self, lines: Vec<Line>) -> Self {
        self.dossier.prior = lines;
        self
    }

    pub fn span(mut self, span: &str) -> Self {
        self.dossier.span = period(span);
        self
    }

    pub fn seen_on(mut self, today: &str) -> Self {
        self.dossier.as_of = day(today);
        self.dossier.known_at = day(today);
        self
    }

    /// The dossier as the host would send it: with the manifest's rates as far as they were
    /// announced, and its defaults where nothing was chosen.
    pub fn dossier(&self) -> Dossier {
        let mut dossier = self.dossier.clone();
        let Manifest(manifest) = self.manifest;
        dossier.rates.extend(manifest.rates_known(dossier.known_at));
        dossier.settings = manifest.with_defaults(dossier.settings);
        dossier.sort();
        dossier
    }

    /// # Errors
    /// As the benefit's.
    pub fn calculate(&self) -> Result<Outcome, Failure> {
        (self.calculate)(&self.dossier())
    }

    /// # Panics
    /// When the benefit fails.
    #[track_caller]
    pub fn outcome(&self) -> Outcome {
        self.calculate().unwrap_or_else(|failure| panic!("{failure}"))
    }

    pub fn findings(&self) -> Vec<Finding> {
        (self.check)(&self.dossier())
    }

    /// The verdict, and the sum of all lines in plain kroner: `7326.00`.
    #[track_caller]
    pub fn gives(&self, verdict: Verdict, amount: &str) -> Outcome {
        let outcome = self.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (verdict, amount),
            "{}",
            told(&outcome)
        );
        outcome
    }

    /// The sum of the lines with one posting code, in plain kroner.
    #[track_caller]
    pub fn pays(&self, posting: &str, amount: &str) {
        let outcome = self.outcome();
        let lines = outcome.lines.iter().filter(|line| line.posting == posting);
        let sum: Dkk = lines.map(|line| line.amount).sum();
        assert_eq!(sum.plain(), amount, "{}", told(&outcome));
    }

    #[track_caller]
    pub fn state(&self, condition: &str, expected: State) {
        let outcome = self.outcome();
        let found = outcome.conditions.iter().find(|found| found.id == condition);
        let found =
            found.unwrap_or_else(|| panic!("no condition '{condition}': {}", told(&outcome)));
        assert_eq!(found.state, expected, "{found:?}");
    }

    #[track_caller]
    pub fn fails(&self, expected: &str) {
        match self.calculate() {
            Err(failure) => assert_eq!(failure.to_string(), expected),
            Ok(outcome) => panic!("it did not fail: {}", told(&outcome)),
        }
    }
}

pub fn total(outcome: &Outcome) -> Dkk {
    outcome.lines.iter().map(|line| line.amount).sum()
}

/// The outcome in the lines a test's reader needs when it is not the one expected.
pub fn told(outcome: &Outcome) -> String {
    let conditions = outcome
        .conditions
        .iter()
        .map(|condition| format!("\n  {} {:?}", condition.id, condition.state));
    let needs = outcome.needs.iter().map(|need| format!("\n  needs {} {}", need.kind, need.valid));
    let lines = outcome
        .lines
        .iter()
        .map(|line| format!("\n  {} {} {}", line.key, line.posting, line.amount));
    conditions.chain(needs).chain(lines).collect()
}

/// The steps as a person reads them: label and value, and below them the law and what went in.
pub fn explained(outcome: &Outcome) -> String {
    let step = |step: &Step| {
        let inputs: Vec<String> =
            step.inputs.iter().map(|input| format!("{} {}", input.name, input.value)).collect();
        format!("{} = {}\n    {}: {}\n", step.label, step.value, step.law, inputs.join(", "))
    };
    outcome.steps.iter().map(step).collect()
}

/// # Panics
/// When the text is no day; so for the other values below.
pub fn day(text: &str) -> Day {
    text.parse().expect("a day such as 2020-10-01")
}

pub fn period(text: &str) -> Period {
    text.parse().expect("days such as 2020-10-01..2020-10-31")
}

pub fn on(text: &str) -> Scalar {
    Scalar::Day(day(text))
}

pub fn kroner(text: &str) -> Scalar {
    Scalar::Amount(Dkk::parse_plain(text).expect("plain kroner such as 150.00"))
}

pub fn number(text: &str) -> Scalar {
    Scalar::Number(text.parse::<Decimal>().expect("a number such as 7.5"))
}

pub fn code(word: &str) -> Scalar {
    Scalar::Code(word.into())
}

pub fn text(words: &str) -> Scalar {
    Scalar::Text(words.into())
}

pub fn who(party: &str) -> Scalar {
    Scalar::Who(Party::new(party))
}
