//! What the host costs beside its floor, as ratios within one run. Optimised, so it builds longer.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{Cluster, Durability};
use crate::{modules, run, setup, source};

const BENEFIT: &str = "voksenlaerling";
const VERSION: &str = "1.0.0";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Cases in the measured month.
    #[arg(long, default_value_t = 10_000)]
    cases: usize,
    /// Cases in the month that is closed.
    #[arg(long, default_value_t = 100_000)]
    closed_cases: usize,
}

/// The chore `bench`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let tools = setup::everything()?;
    modules::build(&tools.toolchain, &[])?;
    let mut build = source::cargo(&root);
    build.args(["build", "--release", "-p", "ydun-bench"]);
    run::run(&mut build, "the compiler says why above")?;

    let module = modules::folder(&root).join(format!("{BENEFIT}-{VERSION}.wasm"));
    let cases = arguments.cases.to_string();
    let bench = |measure: &str| {
        let mut command = Command::new(root.join("target/release/ydun-bench"));
        command.arg(measure).arg("--module").arg(&module);
        command
    };
    let measured = "see what it says above";
    run::run(&mut bench("sandbox"), measured)?;
    run::run(Command::new(root.join("target/release/ydun-bench")).arg("letters"), measured)?;
    run::run(bench("month").args(["--cases", &cases]), measured)?;
    run::run(bench("replay").args(["--cases", &cases]), measured)?;
    let closed = arguments.closed_cases.to_string();
    run::run(bench("close").args(["--cases", &closed]), measured)?;
    for (measure, cases) in [("month", &cases), ("close", &closed)] {
        let cluster = Cluster::start(&tools.postgres, Durability::Safe)?;
        let arguments = ["--cases", cases, "--postgres", &cluster.address()];
        run::run(bench(measure).args(arguments), measured)?;
    }
    Ok(())
}
