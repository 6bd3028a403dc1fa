//! What happens, in order: the back payment of October to December 2020.
//!
//! On the day of the letter from Esbjerg nothing had been paid for these months. Anna calculates and
//! proposes, Bo approves, Ida sends; the bank answers. The day after, employers correct October.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::files::Files;
use super::office::Office;
use super::self_service;
use crate::{run, source};

pub(super) const BENEFIT: &str = "voksenlaerling";
const MONTHS: [&str; 3] = ["2020-10", "2020-11", "2020-12"];

/// The day of the letter.
const FIRST_DAY: &str = "2021-01-28T08:00:00Z";
const DAY_AFTER: &str = "2021-01-29T08:00:00Z";
/// The money is there by now: four bank days after the second approval.
const TOLD_AT: &str = "2021-02-05T08:00:00Z";
const LAST_DAY: &str = "2026-04-15T08:00:00Z";

/// When the story ends.
pub(super) fn end(all_benefits: bool) -> &'static str {
    if all_benefits { LAST_DAY } else { TOLD_AT }
}

/// Another benefit, in the month its own case tables are about.
struct Other {
    benefit: &'static str,
    month: &'static str,
    /// When it is paid, and when the money is there.
    moments: [&'static str; 2],
    /// Where its invented numbers begin.
    serial: u32,
    /// What the law leaves to the municipality, and it has chosen.
    choices: &'static [(&'static str, &'static str)],
}

const OTHERS: [Other; 3] = [
    Other {
        benefit: "jobafklaring-refusion",
        month: "2020-10",
        moments: ["2021-02-08T08:00:00Z", "2021-02-12T08:00:00Z"],
        serial: 20_000,
        choices: &[],
    },
    Other {
        benefit: "tabt-arbejdsfortjeneste",
        month: "2024-03",
        moments: ["2024-04-08T08:00:00Z", "2024-04-12T08:00:00Z"],
        serial: 30_000,
        choices: &[
            ("atp-own", r#"{"amount":"50.00"}"#),
            ("atp-municipality", r#"{"amount":"100.00"}"#),
        ],
    },
    Other {
        benefit: "enkeltydelser",
        month: "2026-03",
        moments: ["2026-04-08T08:00:00Z", LAST_DAY],
        serial: 40_000,
        choices: &[
            ("guide-single", r#"{"amount":"4000.00"}"#),
            ("guide-couple", r#"{"amount":"7000.00"}"#),
            ("guide-child-single", r#"{"amount":"1100.00"}"#),
            ("guide-child-couple", r#"{"amount":"1200.00"}"#),
        ],
    },
];

pub(super) struct Story<'a> {
    files: &'a Files,
    office: Office<'a>,
}

impl<'a> Story<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        Self { files, office: Office::new(files) }
    }

    pub(super) fn tell(&self, cases: usize, all_benefits: bool) -> Result<()> {
        let office = &self.office;
        chapter("A municipality is set up, and the benefit is switched on");
        self.generate(cases)?;
        self.set_up()?;
        for month in MONTHS {
            chapter(&format!(
                "The month {month}: one proposes, another approves, the bank is told"
            ));
            office.pay_month(BENEFIT, month, FIRST_DAY)?;
        }
        office.bank_answers(FIRST_DAY)?;
        chapter("The day after: employers correct October, and only the difference is paid");
        self.correct_october()?;
        office.bank_answers(DAY_AFTER)?;
        chapter("The money is there: the bank's last word, the notices, the figures");
        office.bank_answers(TOLD_AT)?;
        self.notices()?;
        self.letters()?;
        self.explanations()?;
        chapter("An employer applies in self-service, and the task is on the bench");
        self.apply()?;
        office.figures(BENEFIT, &MONTHS, TOLD_AT)?;
        for other in OTHERS.iter().filter(|_| all_benefits) {
            chapter(&format!("Another benefit in the same house: {}", other.benefit));
            self.pay(other)?;
        }
        chapter("Every decision is calculated again, bit for bit");
        let end = end(all_benefits);
        office.hand_out_passwords(end)?;
        office.ydun("drift", end, &["verify", "--all"])?;
        office.ydun("drift", end, &["doctor"])
    }

    fn generate(&self, cases: usize) -> Result<()> {
        let mut generate = self.files.program("demo-municipality");
        generate.args(["municipality", "--cases", &cases.to_string()]);
        generate.args(MONTHS.iter().flat_map(|month| ["--month", month]));
        generate.arg(self.files.path(""));
        run::run(&mut generate, "see what it says above")
    }

    fn set_up(&self) -> Result<()> {
        let office = &self.office;
        office.ydun("drift", FIRST_DAY, &["migrate"])?;
        office.ydun("anna", FIRST_DAY, &["import", &office.path("municipality.json")])?;
        office.trust_publisher(FIRST_DAY)?;
        office.switch_on(BENEFIT, FIRST_DAY)?;
        office.ydun("anna", FIRST_DAY, &["import", &office.path("cases.json")])
    }

    /// A benefit nobody here has seen before is delivered, switched on and paid.
    fn pay(&self, other: &Other) -> Result<()> {
        let Other { benefit, month, moments: [paid, settled], serial, choices } = other;
        let file = self.files.folder("cases")?.join(format!("{benefit}.json"));
        let mut generate = self.files.program("demo-municipality");
        generate.arg("benefit").arg(source::root()?.join("plugins").join(benefit));
        generate.args(["--month", month, "--serial", &serial.to_string()]).arg(&file);
        run::run(&mut generate, "see what it says above")?;

        self.office.switch_on(benefit, paid)?;
        for (key, value) in *choices {
            self.office.ydun("drift", paid, &["module", "set", benefit, key, value])?;
        }
        self.office.ydun("anna", paid, &["import", &file.display().to_string()])?;
        self.office.pay_month(benefit, month, paid)?;
        self.office.bank_answers(paid)?;
        self.office.bank_answers(settled)?;
        self.office.figures(benefit, &[month], settled)
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
        self.office.ydun("anna", DAY_AFTER, &["import", &self.office.path("correction.json")])?;
        self.office.pay_month(BENEFIT, MONTHS[0], DAY_AFTER)
    }

    fn apply(&self) -> Result<()> {
        let case = self_service::apply(self.files, TOLD_AT)?;
        println!("Mette Lund has applied for Nanna Krog. The receipt says: Sag {case}");
        let tasks = self.office.ask("bo", TOLD_AT, &["task", "list"])?;
        let tasks = tasks.as_array().context("the list of tasks is no list")?;
        let asked = tasks.iter().find(|task| task["number"] == case.as_str());
        let asked = asked.context("nobody is asked about the application")?;
        println!("On the bench: {}, due {}", asked["title"], asked["due"]);
        Ok(())
    }

    fn notices(&self) -> Result<()> {
        self.office.ydun(
            "ida",
            TOLD_AT,
            &["notice", "export", "--from", "2021-01-28", "--to", "2021-02-28"],
        )
    }

    /// The letters of the first case and of those that were corrected, as they are sent.
    fn letters(&self) -> Result<()> {
        let folder = self.files.folder("letters")?;
        let to = folder.to_str().context("the folder's name is text")?;
        let numbers = self.numbers()?;
        for situation in [1, 2, 20] {
            let case = numbers.get(&key(situation)).context("a case is missing")?;
            let show = ["letter", "show", case, MONTHS[0], "--pdf", to];
            self.office.ydun("bo", TOLD_AT, &show)?;
            self.office.ydun("bo", TOLD_AT, &["letter", "payments", case, "--pdf", to])?;
        }
        Ok(())
    }

    /// What people call the cases, by their keys in `cases.json`.
    fn numbers(&self) -> Result<BTreeMap<String, String>> {
        let cases = self.office.ask("bo", TOLD_AT, &["case", "list"])?;
        let cases = cases.as_array().context("the list of cases is no list")?;
        let text = |case: &Value, name: &str| case[name].as_str().map(str::to_owned);
        let named =
            cases.iter().filter_map(|case| text(case, "external_key").zip(text(case, "number")));
        Ok(named.collect())
    }

    /// One file for each of the first cases, which are the situations of the law.
    fn explanations(&self) -> Result<()> {
        const SITUATIONS: usize = 28;
        let folder = self.files.folder("explanations")?;
        let numbers = self.numbers()?;
        for situation in 1..=SITUATIONS {
            let number = numbers.get(&key(situation)).context("a case is missing")?;
            let mut explain = self.files.ydun("bo", TOLD_AT);
            let text = run::read(explain.args(["explain", number]).args(MONTHS))?;
            fs::write(folder.join(format!("{number}.txt")), text)?;
        }
        Ok(())
    }
}

/// A case's key, by its place among the situations of the law.
fn key(situation: usize) -> String {
    format!("vl-{situation:05}")
}

fn chapter(title: &str) {
    println!("\n── {title} {}", "─".repeat(90usize.saturating_sub(title.chars().count())));
}
