//! Conditions: met, not met, or for a person to judge.

use ydun_domain::benefit::{Condition, Failure, Need, Party, Question, State};
use ydun_domain::{Period, Validity};

use crate::attributes::{Attributes, Code, Told, told};
use crate::facts::{FactRef, Facts};

/// A condition being tested.
#[derive(Clone, Debug)]
#[must_use = "a condition counts when it has a state"]
pub struct Test {
    condition: Condition,
    about: Option<Period>,
    part: Option<u32>,
}

/// A condition with its state, and what should be fetched before it can have another.
#[derive(Clone, Debug)]
#[must_use = "a condition counts when the case file has it"]
pub struct Tested {
    pub(super) condition: Condition,
    pub(super) about: Option<Period>,
    pub(super) part: Option<u32>,
    pub(super) need: Option<Need>,
}

impl Test {
    /// `law` is act, section and paragraph.
    pub fn new(id: &str, label: &str, law: &str) -> Self {
        let condition = Condition {
            id: id.into(),
            label: label.into(),
            law: law.into(),
            state: State::NotAssessed,
            facts: vec![],
            missing: vec![],
            note: vec![],
        };
        Self { condition, about: None, part: None }
    }

    /// It decides one part of what is asked for, such as the second of three expenses, and that
    /// part only. The part's number comes after its id: `need:2`.
    pub fn of_part(mut self, part: u32) -> Self {
        self.part = Some(part);
        self
    }

    /// The days the question is about; without them it is about the case as a whole.
    ///
    /// What a person has judged about other days does not answer it, nor does a yes to some of them.
    pub fn about(mut self, days: Period) -> Self {
        self.about = Some(days);
        self
    }

    /// A fact the answer rests on.
    pub fn rests_on(mut self, fact: FactRef<'_>) -> Self {
        if !self.condition.facts.iter().any(|id| id == fact.id()) {
            self.condition.facts.push(fact.id().to_owned());
        }
        self
    }

    pub fn rests_on_all<'a>(self, facts: impl IntoIterator<Item = FactRef<'a>>) -> Self {
        facts.into_iter().fold(self, Self::rests_on)
    }

    /// A figure the reader needs to follow the answer.
    pub fn note(mut self, name: &str, value: impl Told) -> Self {
        self.condition.note.push(told(name, value));
        self
    }

    /// A person's judgement the answer rests on.
    pub fn judged(mut self, judgement: &Judgement) -> Self {
        self.condition.facts.push(judgement.fact.clone());
        self.note("vurdering", judgement.reason.as_str())
    }

    pub fn is(self, met: bool) -> Tested {
        self.state(if met { State::Met } else { State::NotMet })
    }

    pub fn needs_human(self) -> Tested {
        self.state(State::NeedsHuman)
    }

    pub fn state(mut self, state: State) -> Tested {
        self.condition.state = state;
        Tested { condition: self.condition, about: self.about, part: self.part, need: None }
    }

    /// It cannot be tested before the host has fetched or asked for this.
    pub fn lacks(mut self, need: Need) -> Tested {
        self.condition.missing.push(need.kind.clone());
        Tested { need: Some(need), ..self.state(State::NotAssessed) }
    }
}

/// Something the host should fetch or ask for, and why, in Danish.
pub fn need(kind: &str, about: &Party, valid: impl Into<Validity>, reason: &str) -> Need {
    Need { kind: kind.into(), about: about.clone(), valid: valid.into(), reason: reason.into() }
}

/// What people have judged: facts of the kind `assessment` with the attributes `condition`, `met`
/// and `reason`, and `part` when it is about one part only. The latest about a condition counts, and
/// only where the rules leave it to a person.
#[derive(Clone, Debug, Default)]
pub struct Assessments(Vec<Judgement>);

/// A person's answer to a condition.
#[derive(Clone, Debug)]
pub struct Judgement {
    fact: String,
    condition: String,
    part: Option<i64>,
    valid: Validity,
    pub met: bool,
    pub reason: String,
}

impl Assessments {
    pub const KIND: &str = "assessment";

    pub fn of(facts: &Facts<'_>) -> Result<Self, Failure> {
        facts.kind(Self::KIND).iter().map(Judgement::read).collect::<Result<_, _>>().map(Self)
    }

    /// The assessment that answers a condition: for these days, and for this part if there is one.
    pub fn question(condition: &str, part: Option<u32>, about: &Party, days: Period) -> Question {
        let mut given = vec![told("condition", Code(condition))];
        given.extend(part.map(|part| told("part", i64::from(part))));
        Question { kind: Self::KIND.into(), about: about.clone(), valid: days.into(), given }
    }

    /// The latest about a condition; when it is a question of days, of those that answer it for them.
    pub(super) fn about(
        &self,
        condition: &str,
        part: Option<u32>,
        days: Option<Period>,
    ) -> Option<&Judgement> {
        self.0.iter().rev().find(|judgement| {
            judgement.condition == condition
                && judgement.covers(part)
                && days.is_none_or(|days| judgement.answers(days))
        })
    }

    /// The condition after a person has had her say.
    pub(super) fn settle(&self, tested: Tested) -> Tested {
        let Tested { condition, about, part, .. } = &tested;
        match self.about(&condition.id, *part, *about) {
            Some(judgement) if condition.state == State::NeedsHuman => {
                let Tested { condition, about, part, .. } = tested;
                Test { condition, about, part }.judged(judgement).is(judgement.met)
            }
            _ => tested,
        }
    }
}

impl Judgement {
    /// Whether it is about a part: its own, or any when it names none.
    fn covers(&self, part: Option<u32>) -> bool {
        self.part.is_none() || self.part == part.map(i64::from)
    }

    /// Whether it answers a question about these days: a yes when it is about every one of them, a no
    /// when it is about any, for nothing is paid for a day that somebody has refused.
    fn answers(&self, days: Period) -> bool {
        let covers = self.valid.contains(days.first()) && self.valid.contains(days.last());
        if self.met { covers } else { self.valid.meets(days.into()) }
    }

    fn read(fact: FactRef<'_>) -> Result<Self, Failure> {
        Ok(Self {
            fact: fact.id().to_owned(),
            condition: fact.code("condition")?.to_owned(),
            part: fact.maybe_integer("part")?,
            valid: fact.valid(),
            met: fact.flag("met")?,
            reason: fact.text("reason")?.to_owned(),
        })
    }
}
