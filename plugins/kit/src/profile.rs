//! `profile`: where the fuel goes.

use anyhow::Result;
use ydun_runtime::{Input, Module};

use crate::run::percent;
use crate::subject::Named;

/// Fuel counts the module's instructions, so it is the same on every machine. The engine counts it by
/// the call, not by the function: what is told is what each case costs, how much of that goes to
/// reading the dossier (the price of `check`, which reads the same rows), and the price of a row.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let module = subject.load()?;
    println!("        fuel      reading  rows  per row  of budget  memory   case");
    for case in subject.cases()? {
        println!("{}  {}", row(&module, case.dossier), case.name);
    }
    println!(
        "\nFuel by the call, counted by the host's own engine. 'reading' is what `check` costs for \
         the same dossier;\nthe rest is the calculation and writing the answer."
    );
    Ok(true)
}

fn row(module: &Module, dossier: ydun_domain::benefit::Dossier) -> String {
    let reading = module.check(&dossier).fuel;
    let input = Input::from(dossier);
    let run = module.answer(&input);
    let rows = input.rows();
    let allowed = module.limits().calculate.for_rows(rows);
    let per_row = run.fuel / (rows as u64).max(1);
    format!(
        "{:>12} {reading:>12} {rows:>5} {per_row:>8} {:>8} %  {:>4} KiB",
        run.fuel,
        percent(run.fuel, allowed),
        run.memory_peak >> 10,
    )
}
