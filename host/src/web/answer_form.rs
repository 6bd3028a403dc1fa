//! The form that answers a task, made from what the module asks: the attributes of its facts, their types,
//! words and limits. What is typed comes back as it was, with what is wrong told at the field.

use ydun_domain::benefit::{Party, Question};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::AttributeKind;

use super::danish::{self, Pair, pairs};
use super::field::Field;
use super::form::Fields;

/// The questions of a task, as a form.
#[derive(Debug)]
pub(super) struct AnswerForm {
    pub(super) parts: Vec<Part>,
}

/// One question: the fact that answers it.
#[derive(Debug)]
pub(super) struct Part {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) days: String,
    pub(super) about: Option<String>,
    /// What the task says already.
    pub(super) given: Vec<Pair>,
    pub(super) fields: Vec<Field>,
    /// What is wrong with the fact as a whole.
    pub(super) problem: Option<String>,
}

/// What was filled in of a question.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) number: usize,
    /// Attributes and their values in the house's own writing.
    pub(super) values: Vec<(String, String)>,
}

impl AnswerForm {
    /// An empty form. `parties` are those a value may name.
    pub(super) fn new(
        manifest: &Manifest,
        questions: &[Question],
        parties: &[(Party, String)],
    ) -> Self {
        let part = |(number, question)| Part::new(manifest, number, question, parties);
        Self { parts: (1..).zip(questions).map(part).collect() }
    }

    /// Fills in what was typed, and reads it. A question nobody has begun on is left open.
    pub(super) fn read(&mut self, typed: &Fields) -> Vec<Given> {
        for field in self.parts.iter_mut().flat_map(|part| &mut part.fields) {
            typed.get(&field.name).clone_into(&mut field.value);
        }
        let begun = self.parts.iter_mut().filter(|part| part.is_begun());
        begun.map(Part::read).collect()
    }

    /// Tells what is wrong at a field of a question, or with the question as a whole.
    pub(super) fn refuse(&mut self, number: usize, attribute: Option<&str>, problem: String) {
        let Some(part) = self.parts.iter_mut().find(|part| part.number == number) else { return };
        let field = part.fields.iter_mut().find(|field| Some(&*field.attribute) == attribute);
        match field {
            Some(field) => field.problem = Some(problem),
            None => part.problem = Some(problem),
        }
    }

    /// What is wrong, with the field it is about.
    pub(super) fn problems(&self) -> Vec<(&str, &str, &str)> {
        let mut problems = Vec::new();
        for part in &self.parts {
            problems.extend(part.problem.as_deref().map(|problem| ("svar", &*part.title, problem)));
            let told = part
                .fields
                .iter()
                .filter_map(|field| Some((&*field.name, &*field.title, field.problem.as_deref()?)));
            problems.extend(told);
        }
        problems
    }
}

impl Part {
    fn new(
        manifest: &Manifest,
        number: usize,
        question: &Question,
        parties: &[(Party, String)],
    ) -> Self {
        let kind = manifest.fact(&question.kind);
        let is_open =
            |rule: &&AttributeKind| question.given.iter().all(|given| given.name != rule.name);
        let rules = kind.map(|kind| kind.attributes.as_slice()).unwrap_or_default();
        let about = parties.iter().find(|(party, _)| *party == question.about);
        Self {
            number,
            title: kind.map_or_else(|| question.kind.clone(), |kind| kind.title.clone()),
            days: danish::validity(question.valid),
            about: about.map(|(_, name)| name.clone()),
            given: given_pairs(rules, question),
            fields: rules
                .iter()
                .filter(is_open)
                .map(|rule| Field::new(format!("svar-{number}-{}", rule.name), rule, parties))
                .collect(),
            problem: None,
        }
    }

    fn is_begun(&self) -> bool {
        self.fields.iter().any(|field| !field.value.is_empty())
    }

    fn read(&mut self) -> Given {
        let mut values = Vec::new();
        for field in &mut self.fields {
            match field.read() {
                Ok(value) => values.extend(value.map(|value| (field.attribute.clone(), value))),
                Err(problem) => field.problem = Some(problem),
            }
        }
        Given { number: self.number, values }
    }
}

/// What the task says already, by the attributes' titles and the words of their codes.
fn given_pairs(rules: &[AttributeKind], question: &Question) -> Vec<Pair> {
    let told = pairs(&question.given).into_iter().zip(&question.given);
    let pair = |(pair, given): (Pair, &ydun_domain::benefit::Attribute)| {
        let Some(rule) = rules.iter().find(|rule| rule.name == given.name) else { return pair };
        let code = rule.codes.iter().find(|code| code.code == given.value.to_string());
        Pair { name: rule.title.clone(), value: code.map_or(pair.value, |code| code.title.clone()) }
    };
    told.map(pair).collect()
}
