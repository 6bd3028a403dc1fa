//! The bank of the town: simbank with its moods, and what the simulator sees pass by.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use ydun_peers::simbank::{Message, Script, Simbank};

/// What becomes of payments to a payee; the first is paid.
pub(crate) const MOODS: [(&str, Option<&str>); 8] = [
    ("pays", None),
    ("pays", None),
    ("is slow", Some(r#"{"pending": true}"#)),
    ("rejects", Some(r#"{"reject": "AC03", "text": "Modtageren har ingen NemKonto"}"#)),
    ("rejects later", Some(r#"{"pending": true, "then": "reject", "reject": "AC04"}"#)),
    ("returns", Some(r#"{"return": "AC04"}"#)),
    ("does not stop", Some(r#"{"stop": "refuse"}"#)),
    ("stops slowly", Some(r#"{"stop": "pending"}"#)),
];

/// How the bank's messages come; the first is at once.
pub(crate) const DELIVERIES: [(&str, Option<&str>); 4] = [
    ("at once", None),
    ("late", Some(r#"{"delivery": "late"}"#)),
    ("twice", Some(r#"{"delivery": "twice"}"#)),
    ("not at all", Some(r#"{"delivery": "lost"}"#)),
];

/// The key of all messages in a script.
pub(crate) const MESSAGES: &str = "*";

/// ISO 20022: the bank has seen it before.
const DUPLICATE: &str = "AM05";

/// The bank, and its letters.
#[derive(Debug)]
pub(crate) struct Bank {
    books: Option<Simbank>,
    script: BTreeMap<String, &'static str>,
    files: BTreeSet<String>,
    /// Every payment that was ordered, with its file and øre.
    orders: BTreeMap<String, (String, i64)>,
    /// Messages that have not been opened.
    pub(crate) mail: Vec<Vec<u8>>,
    pub(crate) opened: Vec<Vec<u8>>,
}

impl Bank {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        Ok(Self {
            books: Some(Simbank::open(&folder.join("bank.json"))?),
            script: BTreeMap::new(),
            files: BTreeSet::new(),
            orders: BTreeMap::new(),
            mail: Vec::new(),
            opened: Vec::new(),
        })
    }

    pub(crate) fn books(&self) -> &Simbank {
        self.books.as_ref().expect("the bank is there but while it changes its mind")
    }

    /// Changes what becomes of a payee's payments, or of messages.
    pub(crate) fn follow(&mut self, key: &str, rule: Option<&'static str>) -> Result<()> {
        match rule {
            Some(rule) => self.script.insert(key.to_owned(), rule),
            None => self.script.remove(key),
        };
        self.change_mind()
    }

    /// From now on all goes as it should.
    pub(crate) fn come_to_its_senses(&mut self) -> Result<()> {
        self.script.clear();
        self.change_mind()
    }

    fn change_mind(&mut self) -> Result<()> {
        let entry = |(key, rule): (&String, &&str)| format!("\"{key}\": {rule}");
        let script = format!("{{{}}}", self.script.iter().map(entry).collect::<Vec<_>>().join(","));
        let books = self.books.take().context("the bank is closed")?;
        self.books = Some(books.with_script(Script::parse(&script)?));
        Ok(())
    }

    /// Works for a day on the files it has not seen.
    pub(crate) fn work(&mut self, outbox: &Path, day: NaiveDate) -> Result<usize> {
        let new = self.new_files(outbox)?;
        for (name, file) in &new {
            self.read_orders(name, file)?;
        }
        let books = self.books.as_mut().context("the bank is closed")?;
        let messages = books.work(&new, day);
        let messages: Vec<Vec<u8>> = messages.iter().map(Message::xml).collect();
        for message in &messages {
            let text = String::from_utf8_lossy(message);
            ensure!(!text.contains(DUPLICATE), "the bank was asked for the same twice: {text}");
        }
        self.mail.extend(messages);
        Ok(new.len())
    }

    /// Asks for every answer once more, as somebody does who has lost some.
    pub(crate) fn ask_again(&mut self, outbox: &Path, day: NaiveDate) -> Result<()> {
        let mut files = Vec::new();
        for name in &self.files {
            files.push((format!("again-{name}"), fs::read(outbox.join(name))?));
        }
        let books = self.books.as_mut().context("the bank is closed")?;
        self.mail.extend(books.work(&files, day).iter().map(Message::xml));
        Ok(())
    }

    fn new_files(&mut self, outbox: &Path) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(outbox)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|end| end == "xml") && self.files.insert(name.clone()) {
                files.push((name, fs::read(path)?));
            }
        }
        files.sort();
        Ok(files)
    }

    /// No payment is ordered twice, whatever the bank would make of it.
    fn read_orders(&mut self, name: &str, file: &[u8]) -> Result<()> {
        let text = String::from_utf8_lossy(file);
        if !text.contains("pain.001") {
            return Ok(());
        }
        for transfer in text.split("<CdtTrfTxInf>").skip(1) {
            let id = between(transfer, "<EndToEndId>", "</EndToEndId>").context("no id")?;
            let amount = between(transfer, "<InstdAmt Ccy=\"DKK\">", "</InstdAmt>");
            let oere = amount.context("no amount")?.replace('.', "").parse()?;
            let before = self.orders.insert(id.to_owned(), (name.to_owned(), oere));
            ensure!(before.is_none(), "payment {id} is ordered in {name} and in {before:?}");
        }
        Ok(())
    }

    /// The øre a payment was ordered with.
    pub(crate) fn ordered(&self, end_to_end: &str) -> Option<i64> {
        self.orders.get(end_to_end).map(|(_, oere)| *oere)
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside)
}
