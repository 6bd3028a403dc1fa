//! Self-service in the demonstration: a broker that says who people are, and an employer who applies.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::files::Files;
use super::visitor::Visitor;

/// Opens an invented municipality on this machine.
const SECRET: &str = "kun til prøve";

/// A program that runs beside the story and ends with it.
pub(super) struct Beside {
    program: Child,
    /// The address it says it answers at.
    pub(super) address: String,
}

impl Beside {
    fn start(command: &mut Command) -> Result<Self> {
        let mut program =
            command.stdout(Stdio::piped()).spawn().context("a program could not be started")?;
        let said = program.stdout.take().context("the program says nothing")?;
        let mut address = String::new();
        BufReader::new(said).read_line(&mut address)?;
        ensure!(address.starts_with("http://"), "the program did not say where it answers");
        Ok(Self { program, address: address.trim().to_owned() })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It may have ended by itself, as on Ctrl-C.
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

/// Starts the broker, and switches self-service on for pages at an address.
pub(super) fn switch_on(files: &Files, pages: SocketAddr) -> Result<Beside> {
    let people = json!([
        { "as": "company", "name": "Mette Lund", "cvr": "91510006",
          "company": "Tømrerne Klitten A/S, afd. Vesterhavn", "se": "91000008", "rid": "17" },
        { "as": "citizen", "name": "Sofie Holm", "cpr": "0101901234" },
    ]);
    let file = files.folder("self-service")?.join("people.json");
    fs::write(&file, serde_json::to_vec_pretty(&people)?)?;
    let mut simid = files.program("simid");
    simid.args(["--listen", "127.0.0.1:0", "--client-secret", SECRET]).arg("--people").arg(file);
    simid.arg("--redirect").arg(format!("http://{pages}/selv/svar"));
    let broker = Beside::start(&mut simid)?;
    let profile = json!({
        "address": format!("http://{pages}"), "issuer": broker.address, "client-id": "ydun",
        "secret-file": "self-service/secret", "answer-days": { "voksenlaerling": 28 },
    });
    fs::write(files.path("self-service/secret"), SECRET)?;
    fs::write(files.path("self-service.json"), serde_json::to_vec_pretty(&profile)?)?;
    Ok(broker)
}

/// An employer applies for an apprentice by the pages, and is told the case's number.
pub(super) fn apply(files: &Files, moment: &str) -> Result<String> {
    let pages = TcpListener::bind("127.0.0.1:0")?.local_addr()?; // free again when it is dropped
    let _broker = switch_on(files, pages)?;
    let mut serve = files.ydun("bo", moment);
    serve.args(["serve", "--listen", &pages.to_string()]);
    let _pages = Beside::start(&mut serve)?;
    let mut mette = Visitor::new(&pages.to_string());
    mette.log_in(0)?;
    let home = mette.get("/selv")?;
    let owner = home.hidden("owner").context("there is nothing to apply for")?;
    let wanted = [("benefit", "voksenlaerling"), ("form", "ansoegning"), ("owner", &*owner)];
    let begun = mette.send(&home, "/selv/formularer", &wanted)?.location()?;
    let (form, _) = begun.rsplit_once('/').context("a form has steps")?;
    for (step, answers) in ANSWERS {
        mette.fill_in(&format!("{form}/{step}"), answers)?;
    }
    let check = mette.get(&format!("{form}/kontrol"))?;
    let receipt = mette.send(&check, &format!("{form}/kontrol"), &[])?.location()?;
    let receipt = mette.get(&receipt)?;
    let (_, rest) = receipt.body.split_once("Sag ").context("the receipt has no number")?;
    Ok(rest.split('<').next().unwrap_or_default().to_owned())
}

type Answers = &'static [(&'static str, &'static str)];

/// What the employer answers, step by step.
const ANSWERS: [(&str, Answers); 8] = [
    ("personer", &[("p1-navn", "Nanna Krog"), ("p1-cpr", "010193-2345")]),
    (
        "1",
        &[
            ("r1-dage-fra", "1.2.2021"),
            ("r1-dage-til", "31.1.2024"),
            ("r1-act", "vocational"),
            ("r1-education", "Tømrer"),
            ("r1-collective-adult-pay", "nej"),
            ("r1-weekly-hours", "37"),
            ("r1-made", "25.1.2021"),
            ("r1-school-approved", "ja"),
            ("r1-education-start", "1.2.2021"),
        ],
    ),
    ("2", &[("r1-earlier-employment", "nej"), ("r1-other-support", "nej")]),
    ("3", &[]),
    ("4", &[]),
    (
        "5",
        &[
            ("r1-comes-from", "unemployment"),
            ("r1-target-group", "section-6-1-to-8"),
            ("r1-schooling", "unskilled"),
            ("r1-unemployed-since", "1.6.2020"),
            ("r1-unemployed-months", "8"),
        ],
    ),
    (
        "6",
        &[("r1-dage-fra", "1.2.2021"), ("r1-hourly-paid", "150"), ("r1-lowest-unskilled", "130")],
    ),
    (
        "7",
        &[
            ("r1-received-eur", "0"),
            ("r1-this-aid", "200.000"),
            ("r1-euro-rate", "7,44"),
            ("r1-rate-date", "28.1.2021"),
            ("r1-sector", "general"),
            ("r1-years", "3"),
            ("r1-declared", "29.1.2021"),
        ],
    ),
];
