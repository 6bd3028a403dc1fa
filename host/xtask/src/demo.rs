//! The main job on the embedded database: a municipality's three months, from applications to the
//! bank's answers, with everything it wrote left in `target/demo` to be looked at.

mod files;
mod office;
mod self_service;
mod story;
mod visitor;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};

use self::files::Files;
use self::office::PASSWORD;
use self::story::Story;
use crate::{assets, modules, run, setup, source};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Stop when the files are written.
    #[arg(long)]
    no_serve: bool,
    /// Where the pages are served.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Deliver the other three benefits as well, and pay each in the month of its own case tables.
    #[arg(long)]
    all_benefits: bool,
    /// How many voksenlærling cases the municipality has.
    #[arg(long, default_value_t = 240)]
    cases: usize,
}

/// The chore `demo`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let toolchain = setup::toolchain()?;
    let shown = if arguments.all_benefits { vec![] } else { vec![story::BENEFIT.to_owned()] };
    modules::build(&toolchain, &shown)?;
    assets::command()?;
    build(&root)?;

    let begun = Instant::now();
    let files = Files::fresh(&root)?;
    Story::new(&files).tell(arguments.cases, arguments.all_benefits)?;
    println!("\n{}", files.map());
    println!("The municipality's story took {:.1} s.", begun.elapsed().as_secs_f32());
    if arguments.no_serve {
        return Ok(());
    }
    serve(&files, arguments)
}

fn build(root: &Path) -> Result<()> {
    let mut build = source::cargo(root);
    // All of the workspace, as the tests do: fewer packages would mean other features and a second build.
    build.args(["build", "--workspace", "--bins"]);
    run::run(&mut build, "the compiler says why above")
}

fn serve(files: &Files, arguments: &Arguments) -> Result<()> {
    let listen = arguments.listen;
    println!(
        "Open http://{listen} in a browser, and log in as anna, bo, ida or drift with the password \
         '{PASSWORD}'; Ctrl-C stops the server."
    );
    let _broker = self_service::switch_on(files, listen)?;
    println!("Citizens and companies log in at http://{listen}/selv and choose whom to be.");
    let mut serve = files.ydun("bo", story::end(arguments.all_benefits));
    serve.args(["serve", "--listen", &listen.to_string()]);
    run::status(&mut serve).map(drop).context("the pages are not served")
}
