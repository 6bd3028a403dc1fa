//! `explain`: an answer in Danish, as the caseworker who must answer for it reads it.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use ydun_domain::benefit::{Attribute, Outcome, State, Step, Verdict};

use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// A case by its name, a case table, or a dossier as JSON.
    #[arg(long)]
    case: String,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let dossier = subject.dossier(&arguments.case)?;
    match subject.load()?.calculate(&dossier).answer {
        Ok(Ok(outcome)) => print!("{}", self::outcome(&outcome)),
        Ok(Err(failure)) => println!("Sagen kan ikke afgøres af modulet: {failure}"),
        Err(fault) => bail!("{fault}"),
    }
    Ok(true)
}

/// The decision, its conditions, what is paid, and each step with its section.
pub(crate) fn outcome(outcome: &Outcome) -> String {
    let mut text = format!("{}\n", verdict(outcome.verdict));
    if !outcome.conditions.is_empty() {
        text.push_str("\nBetingelser\n");
    }
    for condition in &outcome.conditions {
        let state = state(condition.state);
        let _ = writeln!(text, "  {state:<14} {} ({})", condition.label, condition.law);
        if !condition.note.is_empty() {
            let _ = writeln!(text, "  {:<14}   {}", "", told(&condition.note));
        }
    }
    if !outcome.lines.is_empty() {
        text.push_str("\nUdbetaling\n");
    }
    for line in &outcome.lines {
        let _ = writeln!(
            text,
            "  {:>14} til {} for {} ({})",
            line.amount.to_string(),
            line.payee,
            line.period,
            line.posting
        );
    }
    if !outcome.steps.is_empty() {
        text.push_str("\nBeregning\n");
    }
    outcome.steps.iter().for_each(|step| text.push_str(&self::step(step)));
    text
}

fn step(step: &Step) -> String {
    let inputs =
        if step.inputs.is_empty() { String::new() } else { format!(": {}", told(&step.inputs)) };
    format!("  {} = {}\n      {}{inputs}\n", step.label, step.value, step.law)
}

fn told(attributes: &[Attribute]) -> String {
    let told: Vec<String> =
        attributes.iter().map(|told| format!("{} {}", told.name, told.value)).collect();
    told.join(", ")
}

pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Granted => "Bevilges",
        Verdict::PartlyGranted => "Bevilges delvist",
        Verdict::Refused => "Afslag",
        Verdict::Incomplete => "Mangler oplysninger",
        Verdict::NeedsHuman => "Skal vurderes",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Met => "opfyldt",
        State::NotMet => "ikke opfyldt",
        State::NeedsHuman => "skal vurderes",
        State::NotAssessed => "ikke vurderet",
    }
}
