//! What happens, in order: the back payment of October to December 2020.
//!
//! On the day of the letter from Esbjerg nothing had been paid for these months. Anna calculates and
//! proposes, Bo approves, Ida sends; the bank answers. The day after, employers correct October.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::files::Files;
use crate::run;

const BENEFIT: &str = "voksenlaerling";
const VERSION: &str = "1.0.0";
const MONTHS: [&str; 3] = ["2020-10", "2020-11", "2020-12"];

/// The day of the letter.
const FIRST_DAY: &str = "2021-01-28T08:00:00Z";
const DAY_AFTER: &str = "2021-01-29T08:00:00Z";
/// The money is there by now: four bank days after the second approval.
pub(super) const TOLD_AT: &str = "2021-02-05T08:00:00Z";

/// Exit code of a command that was done and found something for a person to look at.
const FOUND: i32 = 1;

pub(super) struct Story<'a> {
    files: &'a Files,
}

impl<'a> Story<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        Self { files }
    }

    pub(super) fn tell(&self, cases: usize) -> Result<()> {
        chapter("A municipality is set up, and the benefit is switched on");
        self.generate(cases)?;
        self.set_up()?;
        for month in MONTHS {
            chapter(&format!(
                "The month {month}: one proposes, another approves, the bank is told"
            ));
            self.pay_month(month, FIRST_DAY)?;
        }
        self.bank_answers("2021-01-28", FIRST_DAY)?;
        chapter("The day after: employers correct October, and only the difference is paid");
        self.correct_october()?;
        self.bank_answers("2021-01-29", DAY_AFTER)?;
        chapter("The money is there: the bank's last word, the notices, the figures");
        self.bank_answers("2021-02-05", TOLD_AT)?;
        self.notices()?;
        self.explanations()?;
        self.figures()?;
        chapter("Every decision is calculated again, bit for bit");
        self.ydun("drift", TOLD_AT, &["verify", "--all"])?;
        self.ydun("drift", TOLD_AT, &["doctor"])
    }

    fn generate(&self, cases: usize) -> Result<()> {
        let mut generate = self.files.program("demo-municipality");
        generate.args(["--cases", &cases.to_string()]);
        generate.args(MONTHS.iter().flat_map(|month| ["--month", month]));
        generate.arg(self.files.path(""));
        run::run(&mut generate, "see what it says above")
    }

    fn set_up(&self) -> Result<()> {
        self.ydun("drift", FIRST_DAY, &["migrate"])?;
        self.ydun("anna", FIRST_DAY, &["import", &self.path("municipality.json")])?;
        let module = self.publish()?;
        self.ydun("drift", FIRST_DAY, &["publisher", "add", &self.path("publisher/ydun.json")])?;
        self.ydun("drift", FIRST_DAY, &["module", "install", &module])?;
        self.ydun(
            "drift",
            FIRST_DAY,
            &["module", "activate", BENEFIT, VERSION, "--from", "2015-01-01"],
        )?;
        let ours = json!({ "text": "0999" }).to_string();
        self.ydun("drift", FIRST_DAY, &["module", "set", BENEFIT, "municipality", &ours])?;
        self.ydun("anna", FIRST_DAY, &["import", &self.path("cases.json")])
    }

    /// The publisher makes a key of its own for this folder, and delivers the module signed.
    fn publish(&self) -> Result<String> {
        let folder = self.files.folder("publisher")?;
        let key = folder.join("ydun.pem");
        let mut keygen = self.files.program("ydun-plugin");
        keygen.arg("keygen").arg(&key).args(["--name", "Ydun", "--may-sign", "national"]);
        fs::write(folder.join("ydun.json"), run::read(&mut keygen)?)?;

        let name = format!("{BENEFIT}-{VERSION}");
        let module = folder.join(format!("{name}.wasm"));
        fs::copy(self.files.module(&name), &module)?;
        let mut sign = self.files.program("ydun-plugin");
        sign.arg("sign").arg(&module).arg("--key").arg(&key);
        run::run(&mut sign, "the kit says why above")?;
        Ok(module.display().to_string())
    }

    fn pay_month(&self, month: &str, moment: &str) -> Result<()> {
        self.ydun("anna", moment, &["run", "month", month])?;
        self.hear_whoever_loses(moment)?;
        let list = self.ask("bo", moment, &["decision", "list", month])?;
        let digest = list["digest"].as_str().context("the list of proposals has no digest")?;
        self.ydun("bo", moment, &["decision", "approve", month, "--seen", digest])?;
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
    fn bank_answers(&self, day: &str, moment: &str) -> Result<()> {
        let answers = self.files.folder("bank/in")?;
        let mut bank = self.files.program("simbank");
        bank.arg("process")
            .args(["--inbox", &self.path("bank/out")])
            .args(["--outbox", &self.path("bank/in")])
            .args(["--books", &self.path("bank/books.json")])
            .args(["--day", day]);
        run::run(&mut bank, "the bank says why above")?;
        self.ydun("ida", moment, &["payment", "receive", &answers.display().to_string()])
    }

    /// One apprentice was not ill after all, and gets the hours; another was, and gets fewer.
    fn correct_october(&self) -> Result<()> {
        let week = |hours: &str| {
            json!({
                "kind": "weekly-hours", "about": "apprentice", "valid": "2020-10-26..2020-10-31",
                "attributes": { "worked": { "number": hours } },
                "source": "Rettet AB 505", "known-from": "2021-01-29", "corrects": true,
            })
        };
        let file = json!({
            "municipality": { "code": "0999" },
            "cases": [
                { "case": "vl-00020", "facts": [week("37")] },
                { "case": "vl-00002", "facts": [week("29.6")] },
            ],
        });
        fs::write(self.files.path("correction.json"), serde_json::to_vec_pretty(&file)?)?;
        self.ydun("anna", DAY_AFTER, &["import", &self.path("correction.json")])?;
        self.pay_month(MONTHS[0], DAY_AFTER)
    }

    fn notices(&self) -> Result<()> {
        self.ydun(
            "ida",
            TOLD_AT,
            &["notice", "export", "--from", "2021-01-28", "--to", "2021-02-28"],
        )
    }

    /// One file for each of the first cases, which are the situations of the law.
    fn explanations(&self) -> Result<()> {
        const SITUATIONS: usize = 28;
        let folder = self.files.folder("explanations")?;
        let cases = self.ask("bo", TOLD_AT, &["case", "list"])?;
        let cases = cases.as_array().context("the list of cases is no list")?;
        ensure!(cases.len() >= SITUATIONS, "there are fewer cases than situations");
        let by_key = |number: usize| {
            let key = format!("vl-{number:05}");
            cases
                .iter()
                .find(|case| case["external_key"] == key.as_str())
                .context("a case is missing")
        };
        for situation in 1..=SITUATIONS {
            let number = by_key(situation)?["number"].as_str().context("a case has no number")?;
            let mut explain = self.files.ydun("bo", TOLD_AT);
            let text = run::read(explain.args(["explain", number]).args(MONTHS))?;
            fs::write(folder.join(format!("{number}.txt")), text)?;
        }
        Ok(())
    }

    fn figures(&self) -> Result<()> {
        let path = self.files.path("figures.txt");
        let mut figures = self.files.ydun("bo", TOLD_AT);
        figures.arg("figures").args(MONTHS).stdout(fs::File::create(&path)?);
        run::run(&mut figures, "see what it says above")?;
        println!("{}", fs::read_to_string(&path)?);
        Ok(())
    }

    fn path(&self, name: &str) -> String {
        self.files.path(name).display().to_string()
    }

    /// Runs a command of a worker. That it found something to look at is no reason to stop.
    fn ydun(&self, worker: &str, moment: &str, arguments: &[&str]) -> Result<()> {
        println!("\n[{worker}] ydun {}", arguments.join(" "));
        let mut command = self.files.ydun(worker, moment);
        let status = command.args(arguments).status().context("ydun could not be started")?;
        ensure!(status.success() || status.code() == Some(FOUND), "the command above failed");
        Ok(())
    }

    /// Runs a command and reads its answer.
    fn ask(&self, worker: &str, moment: &str, arguments: &[&str]) -> Result<Value> {
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

fn chapter(title: &str) {
    println!("\n── {title} {}", "─".repeat(90usize.saturating_sub(title.chars().count())));
}
