//! Bugs planted in a copy of the source, to see that the simulator finds them.
//!
//! Each is one expression of the host written wrong, as a tired person might. All are compiled into the
//! copy at once, and the environment says which of them is there; nothing in the product knows of it.
//! The copy lies in `target`, begins with the dependencies as they are compiled there, and is removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::{modules, run, setup, source};

/// An expression of the host, right and wrong.
struct Bug {
    name: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
}

const BUGS: [Bug; 9] = [
    Bug {
        name: "double send: the bank is shown a file once more under another name",
        file: "host/src/payments/service/publish.rs",
        right: "store::set_published(&mut tx, job.tenant, id, self.now).await?",
        wrong: r#"{
            let again = self.outbox.path(&format!("igen-{}", file.name));
            let _ = std::fs::copy(self.outbox.path(&file.name), again);
            store::set_published(&mut tx, job.tenant, id, self.now).await?
        }"#,
    },
    Bug {
        name: "double payment: what is paid already is paid again",
        file: "host/src/payments/service/pay_again.rs",
        right: "part.amount.dkk().min(*open)",
        wrong: "part.amount.dkk()",
    },
    Bug {
        name: "lost reversal: what is withdrawn stays in the ledger",
        file: "host/src/payments/service/withdraw.rs",
        right: "undo(&self.parts, &own)",
        wrong: "undo(&[], &own)",
    },
    Bug {
        name: "lost return: money that comes back is not booked",
        file: "host/src/payments/service/hear.rs",
        right: "vec![came_back]",
        wrong: "vec![]",
    },
    Bug {
        name: "wrong sign: a correction downwards is reported upwards",
        file: "host/src/adapters/eindkomst.rs",
        right: r#"if amount.is_negative() { "-" } else { "+" }"#,
        wrong: r#""+""#,
    },
    Bug {
        name: "missing refund field: the account is told without its amount",
        file: "host/src/reports/due.rs",
        right: "amounts.extend(refund(paid, report, basis).filter(|(_, amount)| !amount.is_zero()))",
        wrong: "amounts.extend(refund(paid, report, basis).filter(|(_, amount)| amount.is_negative()))",
    },
    Bug {
        name: "off-by-one day: a hearing ends on its last day",
        file: "host/src/hearings.rs",
        right: "today > delivery.deadline",
        wrong: "today >= delivery.deadline",
    },
    Bug {
        name: "early effect: a decision that gives less counts before it arrives",
        file: "host/src/operations/approval.rs",
        right: "lowering.contains(&decision.id)",
        wrong: "false",
    },
    Bug {
        name: "one pair of eyes: who proposes also signs",
        file: "host/src/decisions/service.rs",
        right: "decision.proposed.by == act.by()",
        wrong: "false",
    },
];

/// Which bug is there.
const PLANTED: &str = "YDUN_PLANTED";

const IS_PLANTED: &str = r#"
pub(crate) fn planted(bug: &str) -> bool {
    std::env::var("YDUN_PLANTED").is_ok_and(|planted| planted == bug)
}
"#;

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
    modules::build(&setup::toolchain()?, &[])?;
    let place = root.join("target/planted");
    let simulator = build(&root, &place)?;
    let wanted = |bug: &&Bug| arguments.bug.as_ref().is_none_or(|part| bug.name.contains(part));
    let mut missed = Vec::new();
    ensure!(
        play(&root, &simulator, "none", 1)?.is_none(),
        "the simulator finds a bug where none is planted; see `cargo xtask simulate`"
    );
    for bug in BUGS.iter().filter(wanted) {
        let found = play(&root, &simulator, bug.name, arguments.towns)?;
        println!("{}: {}", bug.name, found.as_deref().unwrap_or("NOT FOUND"));
        missed.extend(found.is_none().then_some(bug.name));
    }
    fs::remove_dir_all(&place).context("the copy could not be removed")?;
    ensure!(missed.is_empty(), "the simulator did not find: {}", missed.join("; "));
    Ok(())
}

/// A simulator of a host with all the bugs.
fn build(root: &Path, place: &Path) -> Result<PathBuf> {
    let (copy, target) = (place.join("source"), place.join("target"));
    source::mirror(root, &copy)?;
    for bug in &BUGS {
        edit(&copy.join(bug.file), |text| bug.plant(&text))?;
    }
    edit(&copy.join("host/src/lib.rs"), |text| Ok(text + IS_PLANTED))?;
    for compiled in ["deps", "build", ".fingerprint"] {
        source::link(
            &root.join("target/debug").join(compiled),
            &target.join("debug").join(compiled),
        )?;
    }
    let mut build = source::cargo(&copy);
    // All of the workspace, or the dependencies would have other features and be built once more.
    build.args(["build", "--quiet", "--workspace", "--bin", "ydun-simulator", "--target-dir"]);
    run::run(build.arg(&target), "the bugs must compile; see above")?;
    Ok(target.join("debug/ydun-simulator"))
}

fn edit(file: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("{} is gone; write its bug anew", file.display()))?;
    Ok(fs::write(file, change(text)?)?)
}

impl Bug {
    fn plant(&self, text: &str) -> Result<String> {
        let Self { name, file, right, wrong } = self;
        let times = text.matches(right).count();
        ensure!(times == 1, "{file} says '{right}' {times} times, not once; write the bug anew");
        let either = format!("(if crate::planted({name:?}) {{ {wrong} }} else {{ {right} }})");
        Ok(text.replace(right, &either))
    }
}

/// The rule that broke, with seed and step; nothing when all towns held.
fn play(root: &Path, simulator: &Path, bug: &str, towns: u64) -> Result<Option<String>> {
    let mut play = Command::new(simulator);
    play.env(PLANTED, bug).stderr(Stdio::null());
    play.args(["--years", "1", "--cases", "10", "--towns", &towns.to_string(), "--modules"]);
    let output = play.arg(modules::folder(root)).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(None);
    }
    let told = text.lines().skip_while(|line| !line.starts_with("broken:"));
    let told: Vec<&str> = told.take(2).collect();
    ensure!(told.len() == 2, "the simulator ended without saying why:\n{text}");
    Ok(Some(told.join("; ")))
}
