//! `run`: one case through the sandbox.

use anyhow::Result;
use ydun_domain::benefit::{Failure, Outcome};
use ydun_runtime::{Calculation, Input, Module};

use crate::explain;
use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// A case by its name, a case table, or a dossier as JSON.
    #[arg(long)]
    case: String,
    /// Everything, as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let dossier = subject.dossier(&arguments.case)?;
    let module = subject.load()?;
    let input = Input::from(dossier);
    let run = module.answer(&input);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&run)?);
    } else {
        print!("{}{}", answered(&run), cost(&module, &input, &run));
    }
    Ok(run.answer.is_ok())
}

fn answered(run: &Calculation) -> String {
    let trace = run.trace.iter().map(|line| format!("trace {:?}: {}\n", line.level, line.message));
    let answer = match &run.answer {
        Ok(Ok(outcome)) => outcome_told(outcome),
        Ok(Err(failure)) => failure_told(failure),
        Err(fault) => format!("{fault}\n{}\n{}\n", fault.sentence(), fault.backtrace.join("\n")),
    };
    trace.chain([answer]).collect()
}

fn outcome_told(outcome: &Outcome) -> String {
    let needs =
        outcome.needs.iter().map(|need| format!("mangler {} for {}\n", need.kind, need.about));
    let effects = outcome.effects.len();
    let also: String = needs.chain([format!("{effects} breve, opgaver og krav\n")]).collect();
    format!("{}{also}", explain::outcome(outcome))
}

fn failure_told(failure: &Failure) -> String {
    format!("Modulet kan ikke afgøre sagen: {failure}\n")
}

/// What it cost beside what it may cost.
fn cost(module: &Module, input: &Input, run: &Calculation) -> String {
    let limits = module.limits();
    let rows = input.rows();
    let allowed = limits.calculate.for_rows(rows);
    format!(
        "\nfuel   {:>12} of {allowed:>12}  {:>3} %\nmemory {:>12} of {:>12}  {:>3} %\n{rows} rows, {} µs on this machine\n",
        run.fuel,
        percent(run.fuel, allowed),
        run.memory_peak,
        limits.memory_bytes,
        percent(run.memory_peak as u64, limits.memory_bytes as u64),
        run.micros,
    )
}

pub(crate) fn percent(part: u64, whole: u64) -> u64 {
    (part * 100).div_ceil(whole.max(1))
}
