//! Bugs planted in a copy of the source, to see that the simulator finds them.
//!
//! Each is one line of the host written wrong, as a tired person might. The copy lies in `target` and
//! shares its compiled dependencies; nothing in the product knows of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail, ensure};

use crate::{modules, run, setup, source};

/// A line of the host, right and wrong.
struct Bug {
    name: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
}

const BUGS: [Bug; 8] = [
    Bug {
        name: "double payment: what is paid already is paid again",
        file: "host/src/payments/service/pay_again.rs",
        right: "part.amount.dkk().min(*open)",
        wrong: "part.amount.dkk()",
    },
    Bug {
        name: "lost reversal: what is withdrawn stays in the ledger",
        file: "host/src/payments/service/withdraw.rs",
        right: "owed.chain(undo(&self.parts, &own)).collect()",
        wrong: "{ let _ = undo(&self.parts, &own); owed.collect() }",
    },
    Bug {
        name: "lost return: money that comes back is not booked",
        file: "host/src/payments/service/hear.rs",
        right: "(State::Settled, State::Returned) => vec![came_back]",
        wrong: "(State::Settled, State::Returned) => vec![]",
    },
    Bug {
        name: "wrong sign: a correction downwards is reported upwards",
        file: "host/src/adapters/eindkomst.rs",
        right: r#"if amount.is_negative() { "-" } else { "+" }"#,
        wrong: r#"if amount.is_zero() { "-" } else { "+" }"#,
    },
    Bug {
        name: "missing refund field: the account is told without its amount",
        file: "host/src/reports/due.rs",
        right: "refund(paid, report, basis).filter(|(_, amount)| !amount.is_zero())",
        wrong: "refund(paid, report, basis).filter(|(_, amount)| amount.is_negative())",
    },
    Bug {
        name: "off-by-one day: a hearing ends on its last day",
        file: "host/src/hearings.rs",
        right: "if today > delivery.deadline => Standing::Over",
        wrong: "if today >= delivery.deadline => Standing::Over",
    },
    Bug {
        name: "early effect: a decision that gives less counts before it arrives",
        file: "host/src/operations/approval.rs",
        right: "partition(|decision| lowering.contains(&decision.id))",
        wrong: "partition(|decision| lowering.is_empty() && lowering.contains(&decision.id))",
    },
    Bug {
        name: "one pair of eyes: who proposes also signs",
        file: "host/src/decisions/service.rs",
        right: "if decision.proposed.by == act.by() {",
        wrong: "if decision.proposed.by.is_empty() {",
    },
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many towns each bug may take to be found.
    #[arg(long, default_value_t = 12)]
    towns: u64,
    /// Only bugs whose name contains this.
    bug: Option<String>,
}

/// The chore `plant`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let toolchain = setup::toolchain()?;
    modules::build(&toolchain, &[])?;
    let copy = root.join("target/planted");
    source::mirror(&root, &copy)?;

    let wanted = |bug: &&Bug| arguments.bug.as_ref().is_none_or(|part| bug.name.contains(part));
    let mut missed = Vec::new();
    for bug in BUGS.iter().filter(wanted) {
        let found = try_bug(&root, &copy, bug, arguments.towns)?;
        println!("{}: {}", bug.name, found.as_deref().unwrap_or("NOT FOUND"));
        missed.extend(found.is_none().then_some(bug.name));
    }
    ensure!(missed.is_empty(), "the simulator did not find: {}", missed.join("; "));
    Ok(())
}

/// Plants a bug, plays towns until one breaks, and takes the bug out again. Says what was found.
fn try_bug(root: &Path, copy: &Path, bug: &Bug, towns: u64) -> Result<Option<String>> {
    let file = copy.join(bug.file);
    let right = fs::read_to_string(&file)?;
    if right.matches(bug.right).count() != 1 {
        bail!("{} does not say '{}' once any more; write the bug anew", bug.file, bug.right);
    }
    fs::write(&file, right.replace(bug.right, bug.wrong))?;
    let found = build(root, copy).and_then(|simulator| play(root, &simulator, towns));
    fs::write(&file, right)?;
    found
}

fn build(root: &Path, copy: &Path) -> Result<PathBuf> {
    let mut build = source::cargo(copy);
    // All of the workspace, or the dependencies would have other features and be built once more.
    build.args(["build", "--quiet", "--workspace", "--bin", "ydun-simulator", "--target-dir"]);
    build.arg(root.join("target"));
    run::run(&mut build, "the bug must compile; see above")?;
    let kept = root.join("target/planted-simulator");
    fs::copy(root.join("target/debug/ydun-simulator"), &kept)?;
    Ok(kept)
}

/// The rule that broke, with seed and step; nothing when all towns held.
fn play(root: &Path, simulator: &Path, towns: u64) -> Result<Option<String>> {
    let mut play = Command::new(simulator);
    play.args(["--years", "1", "--cases", "10", "--towns", &towns.to_string(), "--modules"]);
    let output = play.arg(modules::folder(root)).stderr(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(None);
    }
    let told = text.lines().skip_while(|line| !line.starts_with("broken:"));
    let told: Vec<&str> = told.take(2).collect();
    ensure!(told.len() == 2, "the simulator ended without saying why:\n{text}");
    Ok(Some(told.join("; ")))
}
