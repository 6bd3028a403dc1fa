//! Calculations through the sandbox beside the same Rust code called directly.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;
use voksenlaerling::Voksenlaerling;
use ydun_benefit::Benefit as _;
use ydun_domain::benefit::Dossier;
use ydun_runtime::{ClassLimits, Input, Module, Sandbox, case};

use crate::figures::{Spread, ratio};

/// Measures what a fresh sandbox for every calculation costs.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component; the dossiers of its own cases are what is calculated.
    #[arg(long)]
    module: PathBuf,

    /// How often everything is measured; the median counts.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
}

pub(crate) fn measure(arguments: &Arguments) -> Result<()> {
    let sandbox = Sandbox::new(ClassLimits::default())?;
    let component = std::fs::read(&arguments.module)
        .with_context(|| format!("{} cannot be read", arguments.module.display()))?;
    let module = Module::load(&sandbox, &component)?;
    let dossiers: Vec<Dossier> =
        case::read(&component)?.into_iter().map(|case| case.dossier).collect();
    let inputs: Vec<Input> = dossiers.iter().cloned().map(Input::from).collect();
    let calls = (4_000 / dossiers.len()).max(1) * dossiers.len();

    let (mut native, mut sandboxed, mut both) = (vec![], vec![], vec![]);
    for _ in 0..=arguments.rounds {
        native.push(one_core(calls, |call| {
            black_box(Voksenlaerling::calculate(&dossiers[call % dossiers.len()])).ok();
        }));
        sandboxed.push(one_core(calls, |call| {
            black_box(module.answer(&inputs[call % inputs.len()]));
        }));
        both.push(two_threads(calls, |call| {
            black_box(module.answer(&inputs[call % inputs.len()]));
        }));
    }
    // The first round warms caches and pages.
    let [native, sandboxed, both] = [native, sandboxed, both].map(|times| Spread::of(&times[1..]));

    println!("{} calls a round, {} dossiers, {} rounds", calls, dossiers.len(), arguments.rounds);
    println!("native, one thread             {}", native.per_call(calls));
    println!("sandbox, fresh for each call   {}", sandboxed.per_call(calls));
    println!("sandbox, two threads together  {}", both.per_call(2 * calls));
    println!("sandbox / native               {}", ratio(&sandboxed, &native));
    println!("two threads / one, throughput  {}", ratio(&sandboxed, &both.halved()));
    Ok(())
}

fn one_core(calls: usize, mut call: impl FnMut(usize)) -> Duration {
    let begun = Instant::now();
    (0..calls).for_each(&mut call);
    begun.elapsed()
}

/// Each thread makes as many calls as one core did.
fn two_threads(calls: usize, call: impl Fn(usize) + Sync) -> Duration {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..calls).for_each(&call));
        }
    });
    begun.elapsed()
}
