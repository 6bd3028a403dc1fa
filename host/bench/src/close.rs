//! A month's close beside reading the same rows once, and corrections of a month that is paid.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use tempfile::TempDir;
use ydun::access::{Act, Approve, authorise};
use ydun::clock::Clock;
use ydun::db::{Row, Url, sql};
use ydun::decisions::service::sign_list;
use ydun::operations::close::service::check;
use ydun::operations::service::{Terms, approve_month};
use ydun::payments::{BankProfile, Lane};
use ydun_domain::ids::{CaseId, DecisionId, PartyId, PaymentFileId, PaymentId};
use ydun_domain::{Dkk, Month};

use crate::corrections;
use crate::figures::{Spread, ratio};
use crate::month::{BENEFIT, Town};

/// Measures a month's close, and corrections.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component.
    #[arg(long)]
    module: std::path::PathBuf,

    #[arg(long, default_value_t = 100_000)]
    cases: usize,

    /// How many of them are put right.
    #[arg(long, default_value_t = 200)]
    corrections: usize,

    /// An empty PostgreSQL database [default: SQLite in a folder of its own]
    #[arg(long)]
    postgres: Option<Url>,

    /// How often the month is held against itself; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

pub(crate) async fn measure(arguments: &Arguments) -> Result<()> {
    let month: Month = "2020-10".parse()?;
    let clock = Clock::Fixed("2021-01-28T08:00:00Z".parse()?);
    let folder = TempDir::new()?;
    let url =
        arguments.postgres.clone().unwrap_or_else(|| Url::Sqlite(folder.path().join("ydun.db")));
    let Arguments { module, cases, .. } = arguments;
    let town = Town::set_up(&url, folder.path(), module, *cases, clock, month).await?;
    town.run(month, clock).await?;
    town.pay(clock).await?;

    let (mut closes, mut floors, mut lines) = (vec![], vec![], 0);
    for _ in 0..arguments.rounds {
        let (took, agreed) = town.check(month, clock).await?;
        closes.push(took);
        lines = agreed;
        floors.push(town.read_once(month).await?);
    }
    let (close, floor) = (Spread::of(&closes), Spread::of(&floors));
    let engine = if arguments.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("{engine}, {cases} cases, {lines} lines paid, {} rounds", arguments.rounds);
    println!("month close                    {close}");
    println!("reading the same rows once     {floor}");
    println!("month close / reading          {}", ratio(&close, &floor));
    corrections::measure(&town, clock, arguments.corrections).await?;
    town.db.close().await;
    Ok(())
}

impl Town {
    /// Approves the newest run's proposals and has the bank pay them.
    async fn pay(&self, clock: Clock) -> Result<()> {
        const NEWEST: &str =
            "SELECT id FROM month_run WHERE tenant = $1 ORDER BY sequence DESC LIMIT 1";
        let mut read = self.db.read().await?;
        let (run,) = read.one(sql(NEWEST).bind(self.tenant)).await?;
        let act: Act<Approve> = authorise(&mut read, self.tenant, "bo", clock.now()).await?;
        let list = sign_list(&mut read, self.tenant, run).await?;
        drop(read);
        let bank = bank()?;
        let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
        approve_month(&self.db, &act, run, list.digest, &terms, |_| ()).await?;
        self.bank_pays(clock).await
    }

    /// As if every payment had been sent and the bank had said that it is paid.
    async fn bank_pays(&self, clock: Clock) -> Result<()> {
        const FILE: &str = "
            INSERT INTO payment_file
                (tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, made_by)
            VALUES ($1, $2, 'M', 'almindelig', '2021-02-03', 1, 1, 'M', $3, $4, 'ida')";
        const PAID: &str = "
            UPDATE payment SET state = 'settled', file_id = $2
            WHERE tenant = $1 AND state = 'planned'";
        let file = PaymentFileId::generate();
        let mut tx = self.db.begin().await?;
        let made = sql(FILE).bind(self.tenant).bind(file).bind(&b"d"[..]).bind(clock.now());
        tx.execute(made).await?;
        tx.execute(sql(PAID).bind(self.tenant).bind(file)).await?;
        Ok(tx.commit().await?)
    }

    /// How long it takes to hold the month against itself, and how many lines it has.
    async fn check(&self, month: Month, clock: Clock) -> Result<(Duration, u64)> {
        let mut read = self.db.read().await?;
        let begun = Instant::now();
        let months = check(&mut read, self.tenant, month, clock.today()).await?;
        let took = begun.elapsed();
        let found = months.iter().find(|found| found.benefit == BENEFIT);
        let found = found.filter(|found| found.differences.is_empty());
        ensure!(found.is_some(), "the month does not agree: {:?}", months.first());
        Ok((took, found.map_or(0, |found| found.totals.lines)))
    }

    /// How long it takes to read the rows that the close holds against each other, table by table.
    async fn read_once(&self, month: Month) -> Result<Duration> {
        const LINES: &str = "
            SELECT case_id, decision_id, line_key, payee, amount FROM decision_line
            WHERE tenant = $1 AND last_day BETWEEN $2 AND $3";
        const DECISIONS: &str = "
            SELECT case_id, id, state FROM decision
            WHERE tenant = $1 AND last_day BETWEEN $2 AND $3";
        const POSTINGS: &str = "
            SELECT case_id, line_key, payee, debit, credit, amount FROM posting
            WHERE tenant = $1 AND last_day BETWEEN $2 AND $3";
        const PARTS: &str = "
            SELECT payment_id, line_key, amount FROM payment_part
            WHERE tenant = $1 AND last_day BETWEEN $2 AND $3";
        const PAYMENTS: &str = "SELECT id, case_id, payee, state FROM payment WHERE tenant = $1";
        const CASES: &str = "SELECT id, number, benefit FROM benefit_case WHERE tenant = $1";
        let begun = Instant::now();
        self.read::<(CaseId, DecisionId, String, PartyId, Dkk)>(LINES, Some(month)).await?;
        self.read::<(CaseId, DecisionId, String)>(DECISIONS, Some(month)).await?;
        self.read::<(CaseId, String, PartyId, String, String, Dkk)>(POSTINGS, Some(month)).await?;
        self.read::<(PaymentId, String, Dkk)>(PARTS, Some(month)).await?;
        self.read::<(PaymentId, CaseId, PartyId, String)>(PAYMENTS, None).await?;
        self.read::<(CaseId, String, String)>(CASES, None).await?;
        Ok(begun.elapsed())
    }

    async fn read<T: Row>(&self, rows: &'static str, month: Option<Month>) -> Result<()> {
        let all = sql(rows).bind(self.tenant);
        let rows = match month {
            Some(month) => all.bind(month.first()).bind(month.last()),
            None => all,
        };
        let read: Vec<T> = self.db.read().await?.all(rows).await?;
        ensure!(!read.is_empty(), "there is nothing to read");
        Ok(())
    }
}

pub(crate) fn bank() -> Result<BankProfile> {
    Ok(BankProfile::demo("Demokøbing Kommune", "29189803".parse()?))
}
