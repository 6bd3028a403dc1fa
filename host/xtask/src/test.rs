//! All tests, against everything they can be run against.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::postgres::{self, Cluster, Durability};
use crate::{assets, modules, rabbitmq, run, setup, source};

/// Where the tests look for the finished modules, and for the XML schemas of outside formats.
const MODULES_VARIABLE: &str = "YDUN_MODULES";
const SCHEMAS_VARIABLE: &str = "YDUN_SCHEMAS";

/// Where the tests look for the browser's driver, and for the checker of accessibility.
const DRIVER_VARIABLE: &str = "YDUN_CHROMEDRIVER";
const AXE_VARIABLE: &str = "YDUN_AXE";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only tests whose name contains this; then the check of reproducible modules is left out.
    filter: Option<String>,
    /// Leave PostgreSQL out.
    #[arg(long)]
    sqlite_only: bool,
}

/// The chore `test`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let (toolchain, browser, cluster) = if arguments.sqlite_only {
        eprintln!("PostgreSQL is left out: stores are tested on SQLite only.");
        let toolchain = setup::toolchain()?;
        assets::command()?;
        (toolchain, setup::browser(), None)
    } else {
        let tools = setup::everything()?;
        let cluster = Cluster::start(&tools.postgres, Durability::Fast)?;
        (tools.toolchain, tools.browser, Some(cluster))
    };
    let modules = modules::build(&toolchain, &[])?;

    build_programs(&root)?;
    let mut tests = tests(&root, arguments.filter.as_deref());
    tests.env(MODULES_VARIABLE, modules::folder(&root)).env_remove(postgres::ADDRESS_VARIABLE);
    if let Some(cluster) = &cluster {
        tests.env(postgres::ADDRESS_VARIABLE, cluster.address());
    }
    if let Some(driver) = browser {
        tests.env(DRIVER_VARIABLE, driver).env(AXE_VARIABLE, assets::checker(&root));
    }
    if let Some(server) = rabbitmq::find() {
        tests.env(rabbitmq::SERVER_VARIABLE, server);
    }
    offer_schemas(&mut tests, &root);
    run::run(&mut tests, "the tests that failed are named above")?;
    drop(cluster);

    if arguments.filter.is_none() {
        modules::check_reproducible(&toolchain, &modules)?;
    }
    Ok(())
}

/// Some tests start the programs themselves, as an operator would.
fn build_programs(root: &Path) -> Result<()> {
    let mut build = source::cargo(root);
    run::run(build.args(["build", "--workspace", "--bins"]), "the compiler says why above")
}

fn tests(root: &Path, filter: Option<&str>) -> Command {
    let mut command = source::cargo(root);
    if setup::nextest().is_some() {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        command.args(["test", "--workspace", "--no-fail-fast"]);
    }
    command.args(filter);
    command
}

/// The schemas belong to others and are not in the repository: without them, what is checked
/// against them is left out, and said to be.
fn offer_schemas(tests: &mut Command, root: &Path) {
    let beside = root.join("../shared/schemas");
    if std::env::var_os(SCHEMAS_VARIABLE).is_some() {
        return;
    }
    if beside.is_dir() {
        tests.env(SCHEMAS_VARIABLE, beside);
    } else {
        eprintln!(
            "Checks of files against their XML schemas are skipped: \
             put the schemas in a folder and name it in {SCHEMAS_VARIABLE} to have them."
        );
    }
}
