//! The part of a case's page that tells why a month gives what it gives.

use askama::Template;
use ydun_domain::benefit::{State, Step, Verdict};
use ydun_domain::{Day, Dkk};

use crate::decisions::explain::{
    Answer, ExplainedCondition, ExplainedFact, ExplainedLine, Explanation,
};
use crate::web::danish::{self, Mark, Pair};

/// A month of a case, explained.
#[derive(Debug, Template)]
#[template(path = "month.html")]
pub(super) struct MonthPart {
    pub(super) title: String,
    /// What links within the page lead to.
    pub(super) anchor: String,
    /// None where nothing is decided yet: that is not 0 kr.
    pub(super) total: Option<Dkk>,
    pub(super) standing: Option<Mark>,
    pub(super) basis: String,
    pub(super) answer: AnswerPart,
    pub(super) facts: Vec<FactPart>,
    /// Conditions that are not all met are shown at once.
    pub(super) is_open: bool,
}

#[derive(Debug)]
pub(super) enum AnswerPart {
    Outcome {
        verdict: Mark,
        conditions: Conditions,
        lines: Vec<LinePart>,
    },
    /// The rules or the module gave no answer; the sentence says which.
    None {
        sentence: &'static str,
        detail: String,
    },
}

#[derive(Debug)]
pub(super) struct Conditions {
    pub(super) rows: Vec<ConditionPart>,
    /// `14 opfyldt, 1 skal vurderes`
    pub(super) summary: String,
    pub(super) all_met: bool,
}

#[derive(Debug)]
pub(super) struct ConditionPart {
    pub(super) label: String,
    pub(super) law: String,
    pub(super) mark: Mark,
    pub(super) notes: Vec<Pair>,
    /// Where the facts it rests on stand further down.
    pub(super) facts: Vec<FactLink>,
    pub(super) missing: Vec<String>,
}

#[derive(Debug)]
pub(super) struct FactLink {
    pub(super) number: usize,
    pub(super) anchor: String,
}

#[derive(Debug)]
pub(super) struct LinePart {
    pub(super) title: String,
    pub(super) payee: String,
    pub(super) about: Option<String>,
    pub(super) days: String,
    pub(super) amount: Dkk,
    pub(super) reference: Option<String>,
    pub(super) steps: Vec<StepPart>,
}

#[derive(Debug)]
pub(super) struct StepPart {
    pub(super) label: String,
    pub(super) law: String,
    pub(super) inputs: Vec<Pair>,
    pub(super) value: String,
}

#[derive(Debug)]
pub(super) struct FactPart {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) valid: String,
    pub(super) values: Vec<Pair>,
    pub(super) source: String,
    pub(super) known_from: String,
    pub(super) corrected: Option<String>,
}

impl From<Explanation> for MonthPart {
    fn from(explained: Explanation) -> Self {
        let anchor = format!("maaned-{}", explained.period.first().month());
        let facts = explained.facts.iter().zip(1..);
        Self {
            title: danish::capital(&danish::days(explained.period)),
            total: total(&explained.answer),
            standing: explained.decision.as_ref().map(|decision| danish::status(&decision.status)),
            basis: format!(
                "Beregnet med version {} pr. {} ud fra det, der var kendt {}.",
                explained.run.version,
                explained.run.as_of.in_words(),
                explained.run.known_at.in_words()
            ),
            facts: facts
                .map(|(fact, number)| FactPart::of(fact, fact_anchor(&anchor, number)))
                .collect(),
            answer: AnswerPart::of(explained.answer, &anchor),
            anchor,
            is_open: false,
        }
    }
}

fn total(answer: &Answer) -> Option<Dkk> {
    match answer {
        Answer::Outcome { verdict: Verdict::Incomplete | Verdict::NeedsHuman, .. }
        | Answer::Failure(_)
        | Answer::Fault { .. } => None,
        Answer::Outcome { lines, .. } => Some(lines.iter().map(|line| line.amount).sum()),
    }
}

fn fact_anchor(month: &str, number: usize) -> String {
    format!("{month}-oplysning-{number}")
}

impl AnswerPart {
    fn of(answer: Answer, month: &str) -> Self {
        match answer {
            Answer::Outcome { verdict, conditions, lines } => Self::Outcome {
                verdict: danish::verdict(verdict),
                conditions: Conditions::of(conditions, month),
                lines: lines.into_iter().map(LinePart::from).collect(),
            },
            Answer::Failure(failure) => Self::None {
                sentence: "Reglerne kunne ikke give et svar. En sagsbehandler skal se på sagen.",
                detail: failure.to_string(),
            },
            Answer::Fault { code, detail } => Self::None {
                sentence: "Beregningen fejlede. Løbende udbetalinger fortsætter, og driften har fået besked.",
                detail: format!("{code}: {detail}"),
            },
        }
    }
}

impl Conditions {
    fn of(conditions: Vec<ExplainedCondition>, month: &str) -> Self {
        let count = |state| conditions.iter().filter(|condition| condition.state == state).count();
        let counts = [
            (State::Met, "opfyldt"),
            (State::NotMet, "ikke opfyldt"),
            (State::NeedsHuman, "skal vurderes"),
            (State::NotAssessed, "ikke vurderet"),
        ];
        let told = counts.map(|(state, word)| (count(state), word));
        let told = told
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"));
        Self {
            summary: told.collect::<Vec<_>>().join(", "),
            all_met: count(State::NotMet) + count(State::NeedsHuman) == 0,
            rows: conditions
                .into_iter()
                .map(|condition| ConditionPart::of(condition, month))
                .collect(),
        }
    }
}

impl ConditionPart {
    fn of(condition: ExplainedCondition, month: &str) -> Self {
        let link = |number| FactLink { number, anchor: fact_anchor(month, number) };
        Self {
            mark: danish::condition(condition.state),
            notes: danish::pairs(&condition.note),
            facts: condition.facts.into_iter().map(link).collect(),
            label: condition.label,
            law: condition.law,
            missing: condition.missing,
        }
    }
}

impl From<ExplainedLine> for LinePart {
    fn from(line: ExplainedLine) -> Self {
        Self {
            title: line.title,
            payee: line.payee,
            about: line.about,
            days: danish::days(line.period),
            amount: line.amount,
            reference: line.reference,
            steps: line.steps.into_iter().map(StepPart::from).collect(),
        }
    }
}

impl From<Step> for StepPart {
    fn from(step: Step) -> Self {
        Self {
            inputs: danish::pairs(&step.inputs),
            value: danish::value(&step.value),
            label: step.label,
            law: step.law,
        }
    }
}

impl FactPart {
    fn of(fact: &ExplainedFact, anchor: String) -> Self {
        Self {
            anchor,
            title: fact.title.clone(),
            about: fact.about.clone(),
            valid: danish::validity(fact.valid),
            values: danish::pairs(&fact.attributes),
            source: fact.source.clone(),
            known_from: fact.known_from.in_words(),
            corrected: fact.known_until.map(Day::in_words),
        }
    }
}
