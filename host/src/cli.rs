//! The operator's command line.
//!
//! One file for each group of commands. A command opens a [`Session`], checks the worker's right,
//! calls a service, and answers as text or as JSON. What the exit codes mean is in [`exit`].

mod account;
mod arguments;
mod campaign;
mod case;
mod close;
mod correction;
mod database;
mod decision;
mod elsewhere;
mod event;
mod exit;
mod freeze;
mod hearing;
mod import;
mod index;
mod letter;
mod module;
mod month;
mod notice;
mod output;
mod oversight;
mod party;
mod payment;
mod publisher;
mod replay;
mod report;
mod serve;
mod session;
mod task;
mod worker;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use self::exit::Ended;
use self::output::Output;
use self::session::{Session, SessionArguments};

/// Ydun: pays municipal benefits, and can say why.
#[derive(Debug, Parser)]
#[command(name = "ydun", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 done, and a person should look at something; 2 wrong usage; 3 refused;
4 the database or a file cannot be used; 5 another process is at it; 10 a fault of the program.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database's tables up to date.
    Migrate,
    /// Check that everything a municipality's month needs is in order.
    Doctor,
    /// Install benefit modules and say when they count.
    #[command(subcommand)]
    Module(module::Command),
    /// Whom the municipality trusts to deliver modules.
    #[command(subcommand)]
    Publisher(publisher::Command),
    /// Read a municipality, parties, cases and facts from a file.
    Import(import::Arguments),
    /// Calculate a month.
    #[command(subcommand)]
    Run(month::Run),
    /// The month's figures, as an economist wants them.
    Figures(month::Figures),
    /// Bring new rates to cases: try them, sign what they change, then wave by wave.
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Look at, approve and reject what has been proposed.
    #[command(subcommand)]
    Decision(decision::Command),
    /// When a third person must sign, and which decisions the management looks at.
    #[command(subcommand)]
    Oversight(oversight::Command),
    /// Hear parties before something is taken away.
    #[command(subcommand)]
    Hearing(hearing::Command),
    /// Put a case right: every month that comes out otherwise, in one piece.
    #[command(subcommand)]
    Correction(correction::Command),
    /// Send payments and read the bank's answers.
    #[command(subcommand)]
    Payment(payment::Command),
    /// Bring in money that another system has paid, such as on account through the ERP.
    #[command(subcommand)]
    Elsewhere(elsewhere::Command),
    /// The municipality's own account numbers, the trial balance, and postings for its ledger.
    #[command(subcommand)]
    Account(account::Command),
    /// Days on which nothing is approved, activated or sent.
    #[command(subcommand)]
    Freeze(freeze::Command),
    /// Whether the month agrees, and its end.
    #[command(subcommand)]
    Close(close::Command),
    /// Tell the common benefit index what is granted and paid.
    #[command(subcommand)]
    Index(index::Command),
    /// Report income to the tax authority, and read its answers.
    #[command(subcommand)]
    Report(report::Command),
    /// What is known of persons and firms beside their cases.
    #[command(subcommand)]
    Party(party::Command),
    /// What parties are told, as text and as PDF.
    #[command(subcommand)]
    Letter(letter::Command),
    /// What payees are told.
    #[command(subcommand)]
    Notice(notice::Command),
    /// What registers tell, and what it means for the cases.
    #[command(subcommand)]
    Event(event::Command),
    /// What waits for a person, and the person's answer.
    #[command(subcommand)]
    Task(task::Command),
    /// Look at cases.
    #[command(subcommand)]
    Case(case::Command),
    /// Say why a case got what it got for a month.
    Explain(case::Explain),
    /// Calculate what is stored again, and compare bit for bit.
    Verify(case::Verify),
    /// How those who work here log in.
    #[command(subcommand)]
    Worker(worker::Command),
    /// Serve the pages and the JSON interface.
    Serve(serve::Arguments),
}

/// Runs a command and tells how it went.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    let output = if arguments.json { Output::Json } else { Output::Text };
    match perform(arguments, output).await {
        Ok(ended) => ended.into(),
        Err(error) => {
            eprintln!("error: {error:#}");
            if let Some(step) = exit::next_step(&error) {
                eprintln!("{step}");
            }
            exit::code(&error)
        }
    }
}

async fn perform(arguments: Arguments, output: Output) -> Result<Ended> {
    let session = Session::open(arguments.session).await?;
    if !matches!(arguments.command, Command::Migrate) {
        session.require_current_tables().await?;
    }
    let ended = match arguments.command {
        Command::Migrate => database::migrate(&session, output).await,
        Command::Doctor => database::doctor(&session, output).await,
        Command::Module(command) => module::command(&session, output, command).await,
        Command::Publisher(command) => publisher::command(&session, output, command).await,
        Command::Worker(command) => worker::command(&session, output, command).await,
        Command::Import(arguments) => import::command(&session, output, arguments).await,
        Command::Run(month::Run::Month(arguments)) => month::run(&session, output, arguments).await,
        Command::Figures(arguments) => month::figures(&session, output, arguments).await,
        Command::Campaign(command) => campaign::command(&session, output, command).await,
        Command::Decision(command) => decision::command(&session, output, command).await,
        Command::Oversight(command) => oversight::command(&session, output, command).await,
        Command::Hearing(command) => hearing::command(&session, output, command).await,
        Command::Correction(command) => correction::command(&session, output, command).await,
        Command::Payment(command) => payment::command(&session, output, command).await,
        Command::Elsewhere(command) => elsewhere::command(&session, output, command).await,
        Command::Account(command) => account::command(&session, output, command).await,
        Command::Freeze(command) => freeze::command(&session, output, command).await,
        Command::Close(command) => close::command(&session, output, command).await,
        Command::Index(command) => index::command(&session, output, command).await,
        Command::Report(command) => report::command(&session, output, command).await,
        Command::Party(command) => party::command(&session, output, command).await,
        Command::Letter(command) => letter::command(&session, output, command).await,
        Command::Notice(command) => notice::command(&session, output, command).await,
        Command::Event(command) => event::command(&session, output, command).await,
        Command::Task(command) => task::command(&session, output, command).await,
        Command::Case(command) => case::command(&session, output, command).await,
        Command::Explain(arguments) => case::explain(&session, output, arguments).await,
        Command::Verify(arguments) => case::verify(&session, output, arguments).await,
        Command::Serve(arguments) => serve::command(&session, arguments).await,
    };
    session.db.close().await;
    ended
}
