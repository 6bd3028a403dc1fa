//! The first place where two answers part, in the order the law is followed.

use std::fmt;

use serde::Serialize;
use ydun_domain::benefit::{Condition, Failure, Line, Outcome, Scalar, State, Step};

use super::{Answered, bare};

/// Where two answers part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Parting {
    pub place: Place,
    /// The id of the condition or step without the days it is about: `sats` of `sats:2020-10`.
    pub kind: String,
    /// As the version calls it, in Danish.
    pub label: String,
    pub law: String,
    /// What the old answer has there; none where it has nothing.
    pub before: Option<String>,
    pub after: Option<String>,
    /// `granted-to-refused`, where the verdict is another.
    pub turn: Option<String>,
}

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Condition,
    Step,
    /// A line whose steps are the same.
    Line,
    /// Tasks, letters, claims, needs and findings.
    Beside,
    /// There is no outcome.
    Failure,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Condition => "condition",
            Self::Step => "step",
            Self::Line => "line",
            Self::Beside => "beside",
            Self::Failure => "failure",
        })
    }
}

/// The first place where answers that are not equal part.
pub(super) fn first(old: Answered<'_>, new: Answered<'_>) -> Parting {
    let parting = match (old, new) {
        (Answered::Outcome(old), Answered::Outcome(new)) => of_outcomes(old, new),
        (_, Answered::Failure(failure)) | (Answered::Failure(failure), _) => of_failure(failure),
        (_, Answered::Fault(code)) | (Answered::Fault(code), _) => of_fault(code),
    };
    let turn = (old.word() != new.word()).then(|| format!("{}-to-{}", old.word(), new.word()));
    let told = |answer: Answered<'_>, told: Option<String>| match answer {
        Answered::Outcome(_) => told,
        Answered::Failure(failure) => Some(failure.to_string()),
        Answered::Fault(code) => Some(code.to_owned()),
    };
    Parting { before: told(old, parting.before), after: told(new, parting.after), turn, ..parting }
}

/// What decides comes before what is only told in other words.
fn of_outcomes(old: &Outcome, new: &Outcome) -> Parting {
    let conditions = side_by_side(&old.conditions, &new.conditions);
    let steps = side_by_side(&old.steps, &new.steps);
    let lines = side_by_side(&old.lines, &new.lines);
    find(&conditions, |old, new| state(old) != state(new))
        .or_else(|| find(&steps, |old, new| figures(old) != figures(new)))
        .or_else(|| find(&lines, |old, new| old.map(bare) != new.map(bare)))
        .or_else(|| find(&conditions, |old, new| old != new))
        .or_else(|| find(&steps, |old, new| old != new))
        .or_else(|| find(&lines, |old, new| old != new))
        .unwrap_or_else(beside)
}

/// A condition that one version does not know holds up nothing there.
fn state(condition: Option<&Condition>) -> State {
    condition.map_or(State::Met, |condition| condition.state)
}

/// What a step was given and gave, whatever it is called. Texts it was given are only told.
fn figures(step: Option<&Step>) -> Option<(Vec<&Scalar>, &Scalar)> {
    let step = step?;
    let given = step.inputs.iter().map(|input| &input.value);
    Some((given.filter(|value| !matches!(value, Scalar::Text(_))).collect(), &step.value))
}

type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

fn find<T: Told>(
    pairs: &[Pair<'_, T>],
    differs: impl Fn(Option<&T>, Option<&T>) -> bool,
) -> Option<Parting> {
    pairs.iter().find(|(old, new)| differs(*old, *new)).and_then(|(old, new)| parting(*old, *new))
}

/// The rows of both answers by id, in the order of the new one. What only the old one has stands
/// where it stood.
fn side_by_side<'a, T: Told>(old: &'a [T], new: &'a [T]) -> Vec<Pair<'a, T>> {
    let in_new = |row: &&T| new.iter().any(|other| other.id() == row.id());
    let mut olds = old.iter().peekable();
    let mut pairs = Vec::with_capacity(new.len());
    for row in new {
        while let Some(gone) = olds.next_if(|old| !in_new(old)) {
            pairs.push((Some(gone), None));
        }
        olds.next_if(|old| old.id() == row.id());
        pairs.push((old.iter().find(|old| old.id() == row.id()), Some(row)));
    }
    pairs.extend(olds.filter(|old| !in_new(old)).map(|gone| (Some(gone), None)));
    pairs
}

fn parting<T: Told>(old: Option<&T>, new: Option<&T>) -> Option<Parting> {
    let shown = new.or(old)?;
    Some(Parting {
        place: T::PLACE,
        kind: shown.kind().to_owned(),
        label: shown.label().to_owned(),
        law: shown.law().to_owned(),
        before: old.map(T::told),
        after: new.map(T::told),
        turn: None,
    })
}

fn beside() -> Parting {
    nowhere(Place::Beside, "beside", "Opgaver, breve, krav og bemærkninger".to_owned())
}

fn of_failure(failure: &Failure) -> Parting {
    match failure {
        Failure::MissingRate(key) => {
            nowhere(Place::Failure, key, format!("Satsen '{key}' mangler for dagene"))
        }
        Failure::Unsupported(what) => nowhere(
            Place::Failure,
            "unsupported",
            format!("Reglerne kan ikke beregne sagen: {what}"),
        ),
        Failure::Contradiction(what) => nowhere(
            Place::Failure,
            "contradiction",
            format!("Oplysningerne modsiger hinanden: {what}"),
        ),
    }
}

fn of_fault(code: &str) -> Parting {
    nowhere(Place::Failure, code, format!("Beregningen fejlede ({code})"))
}

/// A parting that no section of the law has.
fn nowhere(place: Place, kind: &str, label: String) -> Parting {
    let (kind, law) = (kind.to_owned(), String::new());
    Parting { place, kind, label, law, before: None, after: None, turn: None }
}

/// Something an outcome tells, that another outcome can tell too.
trait Told {
    const PLACE: Place;
    fn id(&self) -> &str;
    fn label(&self) -> &str;
    fn law(&self) -> &str;
    /// What it came to.
    fn told(&self) -> String;

    /// The id without days or number: `sats` of `sats:2020-10`.
    fn kind(&self) -> &str {
        self.id().split([':', '~']).next().unwrap_or_default()
    }
}

impl Told for Condition {
    const PLACE: Place = Place::Condition;

    fn id(&self) -> &str {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn law(&self) -> &str {
        &self.law
    }

    fn told(&self) -> String {
        match self.state {
            State::Met => "opfyldt",
            State::NotMet => "ikke opfyldt",
            State::NeedsHuman => "skal vurderes",
            State::NotAssessed => "ikke vurderet",
        }
        .to_owned()
    }
}

impl Told for Step {
    const PLACE: Place = Place::Step;

    fn id(&self) -> &str {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn law(&self) -> &str {
        &self.law
    }

    fn told(&self) -> String {
        self.value.to_string()
    }
}

impl Told for Line {
    const PLACE: Place = Place::Line;

    fn id(&self) -> &str {
        &self.key
    }

    fn label(&self) -> &str {
        &self.posting
    }

    fn law(&self) -> &'static str {
        ""
    }

    fn told(&self) -> String {
        self.amount.to_string()
    }
}
