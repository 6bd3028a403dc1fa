//! What must hold of every change besides its tests: layout, lints and documentation.

use anyhow::Result;

use crate::{run, source};

/// What is private is documented too, so a link to it leads somewhere.
const DOCUMENTATION_FLAGS: &str = "-D warnings -A rustdoc::private-intra-doc-links";

/// The chore `check`, cheapest first.
pub(crate) fn command() -> Result<()> {
    let root = source::root()?;
    let cargo = |arguments: &[&str]| {
        let mut command = source::cargo(&root);
        command.args(arguments);
        command
    };
    run::run(&mut cargo(&["fmt", "--all", "--check"]), "run `cargo fmt --all`")?;
    run::run(
        &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        "clippy's advice is above",
    )?;
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"]);
    run::run(
        documentation.env("RUSTDOCFLAGS", DOCUMENTATION_FLAGS),
        "mend the comments named above",
    )
}
