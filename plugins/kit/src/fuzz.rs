//! `fuzz`: dossiers nobody has lived.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ydun_build::cases;
use ydun_domain::benefit::{Dossier, Failure};
use ydun_manifest::{Case, Expected, table};
use ydun_runtime::{Fault, Module, generated};

use crate::explain;
use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// How many dossiers.
    #[arg(long, default_value_t = 1_000)]
    count: u64,
    /// Another series of dossiers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where a counter-example is written.
    #[arg(long, default_value = "counter-examples")]
    out: PathBuf,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let module = subject.load()?;
    let lived: Vec<Dossier> = subject.cases()?.into_iter().map(|case| case.dossier).collect();
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    for number in 0..arguments.count {
        let dossier = dossier(&module, &lived, arguments.seed, number);
        if let Some(fault) = generated::broken(&module, &dossier) {
            let file = keep(arguments, &module, number, &dossier, &fault)?;
            println!("dossier {number} of seed {}: {fault}", arguments.seed);
            println!("made small in {}", file.display());
            return Ok(false);
        }
        *answers.entry(answer(&module, &dossier)).or_default() += 1;
    }
    for (answer, count) in &answers {
        println!("{count:>8}  {answer}");
    }
    println!("{} dossiers of seed {}, no rule broken", arguments.count, arguments.seed);
    Ok(true)
}

/// Every other dossier is near a case of the module, where it has some.
fn dossier(module: &Module, lived: &[Dossier], seed: u64, number: u64) -> Dossier {
    let near = (number % 2 == 1).then(|| generated::near(module.manifest(), lived, seed, number));
    near.flatten().unwrap_or_else(|| generated::dossier(module.manifest(), seed, number / 2))
}

/// What was answered, without what it was about.
fn answer(module: &Module, dossier: &Dossier) -> String {
    match module.calculate(dossier).answer {
        Ok(Ok(outcome)) => explain::verdict(outcome.verdict).to_owned(),
        Ok(Err(Failure::MissingRate(_))) => "Sats mangler".to_owned(),
        Ok(Err(Failure::Unsupported(_))) => "Ikke dækket".to_owned(),
        Ok(Err(Failure::Contradiction(_))) => "Modstrid".to_owned(),
        Err(fault) => fault.code.to_string(),
    }
}

/// Writes the smallest dossier with the same fault as a case, for a person to say what the law gives.
fn keep(
    arguments: &Arguments,
    module: &Module,
    number: u64,
    dossier: &Dossier,
    fault: &Fault,
) -> Result<PathBuf> {
    let same = |smaller: &Dossier| {
        generated::broken(module, smaller).is_some_and(|found| found.code == fault.code)
    };
    let name = format!("fuzz-{}-{number}", arguments.seed);
    let case = Case {
        title: format!("Modeksempel: sag {number} af rækken {}", arguments.seed),
        reason: format!("Skriv, hvad loven giver. Modulet svarede: {fault}"),
        dossier: generated::shrunk(dossier, same),
        expected: Expected::Failure(Failure::Unsupported("skriv det rigtige svar her".into())),
        name,
    };
    write(&arguments.out, module, &case)
}

fn write(folder: &Path, module: &Module, case: &Case) -> Result<PathBuf> {
    let file = cases::file(folder, &case.name);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, table::write(case, module.manifest())))
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(file)
}
