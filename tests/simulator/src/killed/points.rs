//! The process that is to be killed: it stops when it passes a point where none has died.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use ydun::payments::stop::{StopFile, Stopping};
use ydun::payments::{Answer, BankFormat, NotAnAnswer, Payment, PaymentFile};
use ydun::reports::{self, Item, ReportFile, ReportFormat};

/// Where the database's driver tells of each statement it has carried out.
const STATEMENTS: &str = "sqlx::query";

/// A statement that is carried out more often has no more points.
const TIMES: u32 = 2;

/// Signs of a statement that make its name.
const NAME: usize = 70;

/// How far the process has come.
#[derive(Debug, Default)]
pub struct Points(Mutex<Way>);

#[derive(Debug, Default)]
struct Way {
    /// What is done; nothing before it is begun.
    errand: Option<String>,
    died: BTreeSet<String>,
    passed: BTreeMap<String, u32>,
    /// Who has only looked leaves nothing behind: there are no points before the first change.
    has_changed: bool,
}

impl Points {
    /// From now on each statement is a point.
    pub fn watch_statements(self: &Arc<Self>) -> Result<()> {
        tracing_subscriber::registry().with(Statements(self.clone())).try_init()?;
        Ok(())
    }

    /// The errand begins: what is passed from here on counts.
    pub(super) fn begin(&self, errand: String, died: BTreeSet<String>) {
        *self.way() = Way { errand: Some(errand), died, ..Way::default() };
    }

    fn way(&self) -> MutexGuard<'_, Way> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes a statement that has just been carried out.
    fn pass_statement(&self, text: &str) {
        const LOOKS: [&str; 2] = ["SELECT", "PRAGMA"];
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_change = words.first().is_some_and(|first| !LOOKS.contains(first));
        self.way().has_changed |= is_change;
        let name: String = words.join(" ").chars().take(NAME).collect();
        self.pass(name.trim_end());
    }

    /// A part of a file is written, or nothing yet.
    fn pass_file(&self, what: &str) {
        self.way().has_changed = true;
        self.pass(what);
    }

    /// Waits here to be killed, when none has died here.
    pub(super) fn pass(&self, what: &str) {
        let Some(point) = self.way().is_new(what) else { return };
        let mut out = io::stdout().lock();
        if writeln!(out, "{point}").and_then(|()| out.flush()).is_ok() {
            loop {
                std::thread::park();
            }
        }
    }
}

impl Way {
    fn is_new(&mut self, what: &str) -> Option<String> {
        let errand = self.errand.as_ref().filter(|_| self.has_changed)?;
        let times = self.passed.entry(what.to_owned()).or_default();
        *times += 1;
        let again = if *times > 1 { ", again" } else { "" };
        let point = format!("{errand}: {what}{again}");
        (*times <= TIMES && !self.died.contains(&point)).then_some(point)
    }
}

/// Passes a point for each statement.
struct Statements(Arc<Points>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == STATEMENTS {
            let mut told = Told::default();
            event.record(&mut told);
            self.0.pass_statement(told.text());
        }
    }
}

/// The text of a statement; a short one is told in the summary alone.
#[derive(Default)]
struct Told {
    summary: String,
    whole: String,
}

impl Told {
    fn text(&self) -> &str {
        if self.whole.is_empty() { &self.summary } else { &self.whole }
    }
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// A format whose files have points before the first byte, in the middle and after the last.
#[derive(Debug)]
pub(super) struct Watched<F> {
    format: F,
    points: Arc<Points>,
}

impl<F> Watched<F> {
    pub(super) fn new(format: F, points: &Arc<Points>) -> Self {
        Self { format, points: points.clone() }
    }

    fn write(
        &self,
        what: &str,
        to: &mut dyn io::Write,
        content: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut whole = Vec::new();
        content(&mut whole)?;
        self.points.pass_file(&format!("the file of {what} is empty"));
        let (first, last) = whole.split_at(whole.len() / 2);
        to.write_all(first)?;
        to.flush()?;
        self.points.pass_file(&format!("the file of {what} is half written"));
        to.write_all(last)?;
        to.flush()?;
        self.points.pass_file(&format!("the file of {what} is written"));
        Ok(())
    }
}

impl<F: BankFormat> BankFormat for Watched<F> {
    fn extension(&self) -> &'static str {
        self.format.extension()
    }

    fn write(
        &self,
        file: &PaymentFile,
        payments: &[Payment],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.write("payments", to, |whole| self.format.write(file, payments, whole))
    }

    fn stop_extension(&self) -> &'static str {
        self.format.stop_extension()
    }

    fn write_stops(
        &self,
        file: &StopFile,
        stops: &[Stopping],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.write("stops", to, |whole| self.format.write_stops(file, stops, whole))
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        self.format.read(answer)
    }
}

impl<F: ReportFormat> ReportFormat for Watched<F> {
    fn write(&self, file: &ReportFile, items: &[Item], to: &mut dyn io::Write) -> io::Result<()> {
        self.write("reports", to, |whole| self.format.write(file, items, whole))
    }

    fn read(&self, answer: &[u8]) -> Result<reports::Answer, reports::NotAnAnswer> {
        self.format.read(answer)
    }
}
