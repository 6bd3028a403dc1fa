//! Steps, and the values that rest on them.

use rust_decimal::Decimal;
use ydun_domain::benefit::{Attribute, Failure, Step};
use ydun_domain::{Dkk, Rounding};

use crate::attributes::{Told, told};

/// A value together with every step it rests on.
///
/// It comes out of a [step](crate::explain::CaseFile::step) and in no other way; a line takes its
/// amount as one of these, so there is no line without an explanation.
#[derive(Clone, Debug)]
pub struct Explained<T> {
    pub value: T,
    steps: StepSet,
}

impl<T> Explained<T> {
    /// Another value with the same explanation, such as the list a step counted.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Explained<U> {
        Explained { value: make(self.value), steps: self.steps }
    }

    pub(super) fn steps(&self) -> &StepSet {
        &self.steps
    }
}

/// Places in the list of steps, last first.
pub(super) type StepSet = Vec<usize>;

/// A step being written.
#[derive(Debug)]
#[must_use = "a step counts when it is given its value"]
pub struct NewStep<'f> {
    steps: &'f mut Vec<Step>,
    id: String,
    label: String,
    law: String,
    inputs: Vec<Attribute>,
    rests_on: StepSet,
}

impl<'f> NewStep<'f> {
    pub(super) fn new(steps: &'f mut Vec<Step>, id: &str, label: String, law: String) -> Self {
        Self { id: unused(steps, id), steps, label, law, inputs: vec![], rests_on: vec![] }
    }

    /// Something the step was given.
    pub fn input(mut self, name: &str, value: impl Told) -> Self {
        self.inputs.push(told(name, value));
        self
    }

    /// The result of an earlier step, which this one then rests on.
    pub fn from<T: Told + Clone>(mut self, name: &str, earlier: &Explained<T>) -> Self {
        self.rests_on.extend_from_slice(&earlier.steps);
        self.input(name, earlier.value.clone())
    }

    /// Earlier steps that count without being named, such as the weeks of a month.
    pub fn from_all<'e, T: 'e>(
        mut self,
        earlier: impl IntoIterator<Item = &'e Explained<T>>,
    ) -> Self {
        self.rests_on.extend(earlier.into_iter().flat_map(|explained| &explained.steps));
        self
    }

    /// Finishes the step with its result.
    pub fn gives<T: Told + Clone>(self, value: T) -> Explained<T> {
        let Self { steps, id, label, law, inputs, mut rests_on } = self;
        rests_on.push(steps.len());
        rests_on.sort_unstable_by(|a, b| b.cmp(a));
        rests_on.dedup();
        steps.push(Step { id, label, law, inputs, value: value.clone().told() });
        Explained { value, steps: rests_on }
    }

    /// Finishes the step with a result in kroner, rounded as the rule says.
    pub fn gives_amount(self, kroner: Decimal, how: Rounding) -> Result<Explained<Dkk>, Failure> {
        let amount = Dkk::round(kroner, how)
            .map_err(|error| Failure::Unsupported(format!("{}: {error}", self.label)))?;
        Ok(self.gives(amount))
    }
}

/// The name, or the name with a number when it is taken.
fn unused(steps: &[Step], id: &str) -> String {
    let taken = |id: &str| steps.iter().any(|step| step.id == id);
    let numbered = (2..).map(|number| format!("{id}~{number}"));
    std::iter::once(id.to_owned())
        .chain(numbered)
        .find(|id| !taken(id))
        .expect("numbers do not end")
}
