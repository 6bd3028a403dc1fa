//! `ydun-plugin`: write, test, sign and ship a benefit without seeing the host.
//!
//! Every command links the host's own sandbox, so what passes here passes there. One file a command.

mod build;
mod check;
mod coverage;
mod diff;
mod explain;
mod form;
mod fuzz;
mod inspect;
mod keygen;
mod new;
mod pack;
mod profile;
mod run;
mod sign;
mod subject;
mod test;
mod verify;
mod wit;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The kit of those who write benefits for Ydun.
///
/// MODULE is the folder of a module's package, which is built first, or a finished .wasm file.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Begin a benefit: a folder that compiles, with a test case that passes.
    New(new::Arguments),
    /// Compile the package and make the module.
    Build(build::Arguments),
    /// Take the module through every step of the host's verification.
    Check(check::Arguments),
    /// Calculate one case and tell what came out and what it cost.
    Run(run::Arguments),
    /// Run the cases: the answer promised, twice the same, in any order, for the same fuel.
    Test(test::Arguments),
    /// Tell the steps of a case as a caseworker reads them.
    Explain(explain::Arguments),
    /// What no case has tried: conditions, sections of law, settings, postings.
    Coverage(coverage::Arguments),
    /// Answer thousands of invented dossiers, and shrink the first that breaks a rule.
    Fuzz(fuzz::Arguments),
    /// Hold the answers of two versions against each other.
    Diff(diff::Arguments),
    /// Show what is in a module.
    Inspect(inspect::Arguments),
    /// Print the interface, to write a module in another language.
    Wit,
    /// Where the fuel goes, case by case.
    Profile(profile::Arguments),
    /// Show the forms.
    #[command(subcommand)]
    Form(form::Command),
    /// Make a key to sign with.
    Keygen(keygen::Arguments),
    /// Sign a finished module; the signature goes into a file beside it.
    Sign(sign::Arguments),
    /// Check the signatures of a module against a list of publishers.
    Verify(verify::Arguments),
    /// Lay a module out for transport: a plain folder, and an OCI image.
    Pack(pack::Arguments),
}

fn main() -> ExitCode {
    perform(Arguments::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Fails when something could not be done, and ends with a failing code when something was found.
fn perform(command: Command) -> Result<ExitCode> {
    let passed = match command {
        Command::New(arguments) => new::command(&arguments)?,
        Command::Build(arguments) => build::command(&arguments)?,
        Command::Check(arguments) => check::command(&arguments)?,
        Command::Run(arguments) => run::command(&arguments)?,
        Command::Test(arguments) => test::command(&arguments)?,
        Command::Explain(arguments) => explain::command(&arguments)?,
        Command::Coverage(arguments) => coverage::command(&arguments)?,
        Command::Fuzz(arguments) => fuzz::command(&arguments)?,
        Command::Diff(arguments) => diff::command(&arguments)?,
        Command::Inspect(arguments) => inspect::command(&arguments)?,
        Command::Wit => wit::command(),
        Command::Profile(arguments) => profile::command(&arguments)?,
        Command::Form(command) => form::command(&command)?,
        Command::Keygen(arguments) => keygen::command(&arguments)?,
        Command::Sign(arguments) => sign::command(&arguments)?,
        Command::Verify(arguments) => verify::command(&arguments)?,
        Command::Pack(arguments) => pack::command(&arguments)?,
    };
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
