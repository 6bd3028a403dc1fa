//! The town as it lives: day after day, step after step.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use demo_municipality::people::Dice;
use ydun::db::Tx;
use ydun_domain::ids::{CaseId, CorrectionId, DecisionId, MonthRunId, PartyId, RedirectionId};
use ydun_domain::{Day, Month};
use ydun_runtime::Digest;

use crate::bank::Bank;
use crate::books::Books;
use crate::check::Ledger;
use crate::deeds::Deed;
use crate::killed::Tired;
use crate::people::{CaseFile, Letter};
use crate::register::IncomeRegister;
use crate::town::{BENEFITS, Modules, Place, Town, WORKERS};
use crate::{Plan, Played};

/// The first month that money is decided for.
pub(crate) const BEGINS: (i32, u32) = (2022, 1);

/// Everything there is, and what the simulator knows of it.
pub(crate) struct World<'a> {
    pub(crate) plan: Plan,
    pub(crate) modules: &'a Modules,
    pub(crate) town: Town,
    pub(crate) books: Books,
    pub(crate) bank: Bank,
    pub(crate) register: IncomeRegister,
    pub(crate) cases: Vec<CaseFile>,
    /// Papers on their way, by the day they come.
    pub(crate) letters: BTreeMap<(Day, usize), Letter>,
    /// Lists that wait for a signature, and who made them.
    pub(crate) lists: Vec<List>,
    pub(crate) corrections: Vec<OpenCorrection>,
    /// The numbers of all parties, as the bank writes them.
    pub(crate) numbers: BTreeMap<PartyId, String>,
    pub(crate) ledger: Ledger,
    /// Persons of whom the register refuses everything.
    pub(crate) refused: BTreeSet<String>,
    pub(crate) tired: Tired,
    /// Where some of somebody's money goes to others.
    pub(crate) redirections: Vec<RedirectionId>,
    /// The years of cases in which something was put right that had been told.
    pub(crate) corrected: BTreeSet<(CaseId, i32)>,
    pub(crate) step: u64,
    pub(crate) dice: Dice,
    pub(crate) log: Vec<String>,
    pub(crate) seen: BTreeMap<&'static str, u64>,
}

/// A month's list of proposals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) run: MonthRunId,
    pub(crate) by: &'static str,
}

/// A correction that waits for a signature.
#[derive(Clone, Debug)]
pub(crate) struct OpenCorrection {
    pub(crate) case: CaseId,
    pub(crate) id: CorrectionId,
    pub(crate) digest: Digest,
    pub(crate) decisions: Vec<DecisionId>,
    pub(crate) by: &'static str,
}

impl<'a> World<'a> {
    pub(crate) async fn found(plan: Plan, place: &Place, modules: &'a Modules) -> Result<Self> {
        let town = Town::found(place, modules).await?;
        let (bank, register) =
            (Bank::open(&town.folder("bank")?)?, IncomeRegister::open(&town.folder("skat")?)?);
        Ok(Self {
            dice: Dice::new(plan.seed),
            plan,
            modules,
            town,
            books: Books::default(),
            bank,
            register,
            cases: Vec::new(),
            letters: BTreeMap::new(),
            lists: Vec::new(),
            corrections: Vec::new(),
            numbers: BTreeMap::new(),
            ledger: Ledger::default(),
            refused: BTreeSet::new(),
            tired: Tired::new(),
            redirections: Vec::new(),
            corrected: BTreeSet::new(),
            step: 0,
            log: Vec::new(),
            seen: BTreeMap::new(),
        })
    }

    pub(crate) async fn play(&mut self) -> Result<()> {
        while self.today() <= self.last_month().last() && !self.is_over() {
            let (year, month) = (self.today().year(), self.today().month());
            self.day().await?;
            self.sleep();
            if self.today().month() != month {
                self.each_month(month).await?;
            }
            if self.today().year() != year && !self.is_over() {
                self.step += 1;
                self.come_to_rest().await.context("at rest")?;
            }
        }
        Ok(())
    }

    /// What happens on a day: the mail, some deeds, and what leaves the house.
    async fn day(&mut self) -> Result<()> {
        for deed in [Deed::MailComes, Deed::BankWorks, Deed::HearBank] {
            self.take(deed).await?;
        }
        for _ in 0..self.toss().roll(5) {
            let deed = Deed::any(&mut self.toss());
            self.take(deed).await?;
        }
        self.last_days().await?;
        for deed in [Deed::SendStops, Deed::Send, Deed::Publish] {
            self.take(deed).await?;
        }
        Ok(())
    }

    /// On the last day that a party can answer, somebody tries to decide what it is heard about.
    async fn last_days(&mut self) -> Result<()> {
        let ends = self.books.ends_on(self.today());
        for (case, first_day) in ends {
            let Some(file) = self.cases.iter().find(|file| file.id == case) else { continue };
            let (benefit, month) = (file.benefit, first_day.month());
            self.take(Deed::RunMonth { benefit, month }).await?;
            self.take(Deed::SignList).await?;
        }
        Ok(())
    }

    /// Everybody moves in during the first year, and every month is run when it is over.
    async fn each_month(&mut self, month: Month) -> Result<()> {
        if month >= first_month() {
            for benefit in BENEFITS {
                self.take(Deed::RunMonth { benefit, month }).await?;
                self.take(Deed::SignList).await?;
            }
        }
        for _ in 0..self.plan.cases.div_ceil(12) {
            self.take(Deed::OpenCase).await?;
        }
        self.take(Deed::Report).await
    }

    /// Takes a step, and sees that everything still holds.
    pub(crate) async fn take(&mut self, deed: Deed) -> Result<()> {
        if self.is_over() {
            return Ok(());
        }
        self.step += 1;
        self.dice = self.toss();
        if self.plan.without.contains(&self.step) {
            return Ok(());
        }
        let done = self.perform(deed).await;
        let said = match &done {
            Ok(said) => said.clone(),
            Err(error) => format!("{error:#}"),
        };
        let line = format!("{} {} {deed}: {said}", self.step, self.today());
        if self.plan.aloud {
            eprintln!("{line}");
        }
        self.log.push(line);
        done.with_context(|| deed.to_string())?;
        self.check().await.with_context(|| format!("after: {deed}"))
    }

    fn is_over(&self) -> bool {
        self.plan.until.is_some_and(|until| self.step >= until)
    }

    /// The chances of the step, which do not depend on those before it.
    fn toss(&self) -> Dice {
        let mut seeds = Dice::new(self.plan.seed);
        let whole = seeds.roll(u64::MAX);
        Dice::new(whole ^ (self.step + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// One to four days pass; nobody is at work on a Saturday or Sunday, but on a party's last day
    /// to answer.
    fn sleep(&mut self) {
        let mut days = 1 + self.toss().roll(4);
        while days > 0 || !self.today().is_weekday() {
            self.town.now += TimeDelta::days(1);
            days = days.saturating_sub(1);
            if !self.books.ends_on(self.today()).is_empty() {
                break;
            }
        }
        self.town.morning();
    }

    pub(crate) fn today(&self) -> Day {
        self.town.today()
    }

    pub(crate) fn last_month(&self) -> Month {
        let years = i32::try_from(self.plan.years).expect("a few years");
        Day::new(BEGINS.0 + years - 1, 12, 1).month()
    }

    pub(crate) fn one_in(&mut self, many: u64) -> bool {
        self.dice.roll(many) == 0
    }

    /// One of many, by its place.
    pub(crate) fn any(&mut self, of: usize) -> Option<usize> {
        (of > 0).then(|| usize::try_from(self.dice.roll(of as u64)).expect("a place"))
    }

    pub(crate) fn worker(&mut self) -> &'static str {
        self.dice.pick::<&str>(&WORKERS)
    }

    pub(crate) fn note(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// How people call a case.
    pub(crate) fn name(&self, case: CaseId) -> String {
        let place = self.cases.iter().position(|file| file.id == case);
        place.map_or_else(|| "an unknown case".to_owned(), |place| format!("case {place}"))
    }

    /// Keeps what was done in a transaction, as a process does that may be killed: before it commits,
    /// so that the work is done again, or after it, so that nobody hears that it was done.
    pub(crate) async fn change<T, E>(
        &mut self,
        work: impl AsyncFn(&mut Tx) -> Result<T, E>,
    ) -> Result<Result<T, E>> {
        if self.one_in(10) {
            let mut tx = self.town.db.begin().await?;
            drop(work(&mut tx).await);
            drop(tx);
            self.note("killed before the commit");
        }
        let mut tx = self.town.db.begin().await?;
        let done = work(&mut tx).await;
        if done.is_ok() {
            tx.commit().await?;
        }
        Ok(done)
    }

    pub(crate) async fn end(self) -> Result<Played> {
        let case_months = self.books.effective.len() as u64;
        let corrected = self.corrected.len() as u64;
        let played = Played { steps: self.step, case_months, corrected, seen: self.seen };
        self.town.close().await?;
        Ok(played)
    }
}

pub(crate) fn first_month() -> Month {
    Day::new(BEGINS.0, BEGINS.1, 1).month()
}
