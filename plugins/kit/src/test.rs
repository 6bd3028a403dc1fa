//! `test`: the cases, and what they cost.

mod fuel;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use similar::TextDiff;
use ydun_build::cases;
use ydun_manifest::{Case, Manifest, table};
use ydun_runtime::{Code, Fault, Module, verify};

use self::fuel::FuelLock;
use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// Write what the module answers into the tables, and what it costs into fuel.lock. Titles and
    /// reasons stay. Read the difference before you commit it.
    #[arg(long)]
    update: bool,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let module = subject.load()?;
    let cases = subject.cases()?;
    if arguments.update {
        let Some(package) = &subject.package else {
            bail!("only a package can be updated; name its folder");
        };
        return update(package, &module, &cases);
    }
    let lock = match &subject.package {
        Some(package) => FuelLock::read(package)?,
        None => FuelLock::default(),
    };
    let mut failed = 0;
    for case in &cases {
        let result = verify::try_case(&module, case);
        let told = match &result {
            Ok(report) => match lock.strayed(&report.name, report.fuel) {
                None => format!("ok      {:<48} {:>10} fuel", case.name, report.fuel),
                Some(strayed) => format!("FUEL    {:<48} {strayed}", case.name),
            },
            Err(fault) => format!("FAILED  {}\n{}", case.name, why(&module, case, fault)),
        };
        failed += usize::from(!told.starts_with("ok"));
        println!("{told}");
    }
    println!(
        "{} cases, {failed} failed; each run three times, once with its rows turned around",
        cases.len()
    );
    if failed > 0 {
        println!("`ydun-plugin test --update` writes what the module answers and costs now");
    }
    Ok(failed == 0)
}

/// The fault; for another answer than promised, each row that differs.
fn why(module: &Module, case: &Case, fault: &Fault) -> String {
    if fault.code != Code::CaseAnswer {
        return format!("{fault}\n");
    }
    let manifest = module.manifest();
    match answered(module, case) {
        Ok(found) => difference(&table::write(case, manifest), &table::write(&found, manifest)),
        Err(fault) => format!("{fault}\n"),
    }
}

/// The case with what the module answers in place of what was promised.
fn answered(module: &Module, case: &Case) -> Result<Case, Fault> {
    let answer = module.calculate(&case.dossier).answer?;
    Ok(Case { expected: answer.into(), ..case.clone() })
}

/// Rows that went (-) and came (+), with the row above for orientation.
pub(crate) fn difference(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(1).to_string()
}

fn update(package: &Path, module: &Module, cases: &[Case]) -> Result<bool> {
    let mut lock = FuelLock::default();
    for case in cases {
        let found = answered(module, case)
            .map_err(|fault| anyhow::anyhow!("case '{}' has no answer: {fault}", case.name))?;
        write(package, module.manifest(), &found)?;
        let report = verify::try_case(module, &found)
            .map_err(|fault| anyhow::anyhow!("case '{}': {fault}", case.name))?;
        lock.note(&report.name, report.fuel);
    }
    lock.write(package)?;
    println!(
        "{} cases as the module answers them; read the difference before you commit",
        cases.len()
    );
    Ok(true)
}

/// Writes a table where it differs, and prints how.
fn write(package: &Path, manifest: &Manifest, case: &Case) -> Result<()> {
    let file = cases::file(&package.join("cases"), &case.name);
    let old = fs::read_to_string(&file).unwrap_or_default();
    let new = table::write(case, manifest);
    if old == new {
        return Ok(());
    }
    println!("{}\n{}", file.display(), difference(&old, &new));
    fs::write(&file, new).with_context(|| format!("{} cannot be written", file.display()))
}
