//! The people of the municipality at work: what the story has them do, again and again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::files::{Files, TENANT};
use crate::run;

pub(super) const PASSWORD: &str = "kaffe og rundstykker";

const VERSION: &str = "1.0.0";

/// Exit code of a command that was done and found something for a person to look at.
const FOUND: i32 = 1;

pub(super) struct Office<'a> {
    files: &'a Files,
}

impl<'a> Office<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        Self { files }
    }

    /// A publisher makes a key of its own for this folder, and the municipality trusts it.
    pub(super) fn trust_publisher(&self, moment: &str) -> Result<()> {
        let mut keygen = self.files.program("ydun-plugin");
        keygen.arg("keygen").arg(self.key()?).args(["--name", "Ydun", "--may-sign", "national"]);
        fs::write(self.files.path("publisher/ydun.json"), run::read(&mut keygen)?)?;
        self.ydun("drift", moment, &["publisher", "add", &self.path("publisher/ydun.json")])
    }

    /// The publisher delivers a benefit signed, and it counts from 2015 on.
    pub(super) fn switch_on(&self, benefit: &str, moment: &str) -> Result<()> {
        let module = self.deliver(benefit)?;
        let activate = ["module", "activate", benefit, VERSION, "--from", "2015-01-01"];
        let ours = json!({ "text": TENANT }).to_string();
        self.ydun("drift", moment, &["module", "install", &module])?;
        self.ydun("drift", moment, &activate)?;
        self.ydun("drift", moment, &["module", "set", benefit, "municipality", &ours])
    }

    fn deliver(&self, benefit: &str) -> Result<String> {
        let name = format!("{benefit}-{VERSION}");
        let module = self.files.folder("publisher")?.join(format!("{name}.wasm"));
        fs::copy(self.files.module(&name), &module)?;
        let mut sign = self.files.program("ydun-plugin");
        sign.arg("sign").arg(&module).arg("--key").arg(self.key()?);
        run::run(&mut sign, "the kit says why above")?;
        Ok(module.display().to_string())
    }

    fn key(&self) -> Result<PathBuf> {
        Ok(self.files.folder("publisher")?.join("ydun.pem"))
    }

    /// Anna proposes a month, Bo approves what he has seen, Ida sends it to the bank.
    pub(super) fn pay_month(&self, benefit: &str, month: &str, moment: &str) -> Result<()> {
        let about = [month, "--benefit", benefit];
        self.ydun("anna", moment, &[&["run", "month"], &about[..]].concat())?;
        self.hear_whoever_loses(moment)?;
        let list = self.ask("bo", moment, &[&["decision", "list"], &about[..]].concat())?;
        let digest = list["digest"].as_str().context("the list of proposals has no digest")?;
        let seen = ["--seen", digest];
        self.ydun("bo", moment, &[&["decision", "approve"], &about[..], &seen].concat())?;
        self.hand_over_decisions(moment)?;
        self.ydun("ida", moment, &["payment", "send"])
    }

    /// The employers gave the new hours themselves, and the law then asks for no hearing.
    fn hear_whoever_loses(&self, moment: &str) -> Result<()> {
        for loss in rows(&self.ask("bo", moment, &["hearing", "needed"])?)? {
            let [case, proposal] = [text(loss, "number")?, text(loss, "decision")?];
            let reason = "Arbejdsgiveren har selv rettet timerne.";
            let waive = ["hearing", "waive", case, proposal, "--ground", "party-knows", reason];
            self.ydun("bo", moment, &waive)?;
        }
        Ok(())
    }

    /// A decision that gives less changes payments when it has arrived.
    fn hand_over_decisions(&self, moment: &str) -> Result<()> {
        for held in rows(&self.ask("bo", moment, &["decision", "held"])?)? {
            let [case, decision] = [text(held, "number")?, text(held, "decision_id")?];
            let deliver = ["decision", "deliver", case, decision, "--channel", "digital-post"];
            self.ydun("bo", moment, &deliver)?;
        }
        Ok(())
    }

    /// The bank takes what lies in the outbox, and we read what it answers.
    pub(super) fn bank_answers(&self, moment: &str) -> Result<()> {
        let answers = self.files.folder("bank/in")?;
        let (day, _) = moment.split_once('T').context("a moment has a day and a time")?;
        let mut bank = self.files.program("simbank");
        bank.arg("process")
            .args(["--inbox", &self.path("bank/out")])
            .args(["--outbox", &self.path("bank/in")])
            .args(["--books", &self.path("bank/books.json")])
            .args(["--day", day]);
        run::run(&mut bank, "the bank says why above")?;
        self.ydun("ida", moment, &["payment", "receive", &answers.display().to_string()])
    }

    /// The benefit's months in figures, kept in a file and shown.
    pub(super) fn figures(&self, benefit: &str, months: &[&str], moment: &str) -> Result<()> {
        let path = self.files.path(&format!("figures/{benefit}.txt"));
        self.files.folder("figures")?;
        let mut figures = self.files.ydun("bo", moment);
        figures.arg("figures").args(months).args(["--benefit", benefit]);
        figures.stdout(fs::File::create(&path)?);
        run::run(&mut figures, "see what it says above")?;
        println!("{}", fs::read_to_string(&path)?);
        Ok(())
    }

    /// Everybody gets the same password: it opens an invented municipality on this machine.
    pub(super) fn hand_out_passwords(&self, moment: &str) -> Result<()> {
        let file = self.files.path("password.txt");
        fs::write(&file, PASSWORD)?;
        for worker in ["anna", "bo", "ida", "drift"] {
            let mut command = self.files.ydun("drift", moment);
            command.args(["worker", "password", worker]);
            command.stdin(fs::File::open(&file)?);
            run::read(&mut command)?;
        }
        Ok(())
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.files.path(name).display().to_string()
    }

    /// Runs a command of a worker. That it found something to look at is no reason to stop.
    pub(super) fn ydun(&self, worker: &str, moment: &str, arguments: &[&str]) -> Result<()> {
        println!("\n[{worker}] ydun {}", arguments.join(" "));
        let mut command = self.files.ydun(worker, moment);
        let status = command.args(arguments).status().context("ydun could not be started")?;
        ensure!(status.success() || status.code() == Some(FOUND), "the command above failed");
        Ok(())
    }

    /// Runs a command and reads its answer.
    pub(super) fn ask(&self, worker: &str, moment: &str, arguments: &[&str]) -> Result<Value> {
        let mut command: Command = self.files.ydun(worker, moment);
        Ok(serde_json::from_str(&run::read(command.arg("--json").args(arguments))?)?)
    }
}

fn rows(answer: &Value) -> Result<&Vec<Value>> {
    answer.as_array().context("the answer is no list")
}

fn text<'a>(row: &'a Value, field: &str) -> Result<&'a str> {
    row[field].as_str().with_context(|| format!("a row has no {field}"))
}
