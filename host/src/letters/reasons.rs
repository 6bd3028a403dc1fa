//! Why: the conditions and steps of a calculation, as blocks of a letter.
//!
//! Forvaltningsloven § 24 asks for the rules that were used and the facts that were given weight; both
//! stand beside each condition and step, as the module gave them.

use ydun_domain::benefit::{Attribute, State, Step};
use ydun_domain::ids::PartyId;
use ydun_typeset::{Block, Column, Entry, Table, tied};

use super::reader::Reader;
use super::value::in_words;
use crate::decisions::explain::{Answer, ExplainedCondition, ExplainedLine, Explanation};

/// The conditions, if the calculation gave any.
pub(super) fn conditions(explanation: &Explanation) -> Vec<Block> {
    let Answer::Outcome { conditions, .. } = &explanation.answer else { return Vec::new() };
    if conditions.is_empty() {
        return Vec::new();
    }
    let is_unmet = |condition: &ExplainedCondition| condition.state == State::NotMet;
    let summary = if conditions.iter().any(is_unmet) {
        "Loven stiller betingelser, og de er ikke alle opfyldt."
    } else {
        "Vi har set på de betingelser, som loven stiller."
    };
    let columns = [Column::words("Betingelse"), Column::words("Regel"), Column::words("Svar")];
    let rows = conditions.iter().map(row).collect();
    vec![Block::Paragraph(summary.to_owned()), Block::Table(Table::new(columns, rows, None))]
}

fn row(condition: &ExplainedCondition) -> [String; 3] {
    let told: Vec<String> = condition.note.iter().map(told).collect();
    let label = if told.is_empty() {
        condition.label.clone()
    } else {
        format!("{} ({})", condition.label, told.join(", "))
    };
    let answer = match condition.state {
        State::Met => "opfyldt",
        State::NotMet => "ikke opfyldt",
        State::NeedsHuman => "skal vurderes",
        State::NotAssessed => "ikke vurderet",
    };
    [label, tied(&condition.law), answer.to_owned()]
}

fn told(attribute: &Attribute) -> String {
    format!("{}: {}", attribute.name, in_words(&attribute.value))
}

/// How the amounts of some lines come about, if there are any.
pub(super) fn steps<'a>(lines: impl Iterator<Item = &'a ExplainedLine>) -> Vec<Block> {
    lines.filter(|line| !line.steps.is_empty()).flat_map(steps_of).collect()
}

fn steps_of(line: &ExplainedLine) -> [Block; 2] {
    let about = line.about.as_ref().map_or_else(String::new, |about| format!(" for {about}"));
    let heading = format!("{}{about}, {}", line.title, line.period.in_words());
    [Block::Heading(heading), Block::Steps(line.steps.iter().map(step).collect())]
}

fn step(step: &Step) -> ydun_typeset::Step {
    let given = |told: &Attribute| Entry::new(&told.name, tied(&in_words(&told.value)));
    ydun_typeset::Step {
        label: step.label.clone(),
        law: tied(&step.law),
        given: step.inputs.iter().map(given).collect(),
        value: tied(&in_words(&step.value)),
    }
}

/// The acts it all rests on.
pub(super) fn legal_basis(explanation: &Explanation) -> Vec<Block> {
    let basis = &explanation.words.legal_basis;
    if basis.is_empty() {
        return Vec::new();
    }
    let acts = basis.iter().map(|act| tied(act)).collect();
    vec![Block::Heading("Reglerne står her".to_owned()), Block::List(acts)]
}

/// The lines a party may see: a person all of the case, a firm those it is paid by.
pub(super) fn lines_for(
    explanation: &Explanation,
    recipient: PartyId,
    reader: Reader,
) -> impl Iterator<Item = &ExplainedLine> + Clone {
    let lines = match &explanation.answer {
        Answer::Outcome { lines, .. } => &lines[..],
        Answer::Failure(_) | Answer::Fault { .. } => &[],
    };
    lines.iter().filter(move |line| reader == Reader::Person || line.payee_id == Some(recipient))
}
