//! `ydun freeze`: days on which nothing is approved, activated or sent.

use anyhow::Result;
use clap::{Args, Subcommand};
use ydun::access::{Administer, Approve, Look};
use ydun::cases::CaseNumber;
use ydun::freezes::service::{self, FreezeError};
use ydun::freezes::{Freeze, Kind};
use ydun_domain::ids::FreezeId;
use ydun_domain::{Day, Period};

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Approve, activate or send nothing on some days.
    Set(SetArguments),
    /// The freezes of a year, also those that were lifted.
    List {
        /// [default: this year]
        #[arg(long)]
        year: Option<i32>,
    },
    /// End a freeze before its last day.
    Lift {
        freeze: FreezeId,

        /// Why, for whoever comes after you.
        #[arg(long)]
        because: String,
    },
    /// Let a case be approved and paid at once all the same. Another person approves it.
    Allow {
        freeze: FreezeId,

        /// The case's number, such as 2020-00017.
        case: CaseNumber,

        /// Why it cannot wait.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    /// What is not done: approval, activation or sending.
    kind: Kind,

    /// The first and last day, such as 2020-12-21..2021-01-01.
    days: Period,

    /// Why, in Danish, as those who are stopped read it.
    #[arg(long)]
    reason: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Set(arguments) => set(session, output, arguments).await,
        Command::List { year } => list(session, output, year).await,
        Command::Lift { freeze, because } => lift(session, output, freeze, &because).await,
        Command::Allow { freeze, case, reason } => {
            allow(session, output, freeze, case, &reason).await
        }
    }
}

async fn set(session: &Session, output: Output, arguments: SetArguments) -> Result<Ended> {
    let SetArguments { kind, days, reason } = arguments;
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    let freeze = service::set(&mut tx, &act, kind, days, &reason).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&freeze, |freeze| {
        format!("Ingen {} {} ({}): {}", kind.in_words(), days.in_words(), freeze.id, freeze.reason)
    })?;
    Ok(Ended::Done)
}

async fn list(session: &Session, output: Output, year: Option<i32>) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let year = year.unwrap_or_else(|| session.clock.today().year());
    let days = Period::new(Day::new(year, 1, 1), Day::new(year, 12, 31))?;
    let mut read = session.db.read().await?;
    let freezes = service::of_days(&mut read, act.tenant(), days).await?;
    output.answer(&freezes, |freezes| freezes_text(freezes))?;
    Ok(Ended::Done)
}

fn freezes_text(freezes: &[Freeze]) -> String {
    let row = |freeze: &Freeze| {
        let lifted = freeze.lifted.as_ref();
        vec![
            freeze.id.to_string(),
            freeze.kind.in_words().to_owned(),
            freeze.days.to_string(),
            freeze.reason.clone(),
            freeze.set_by.clone(),
            lifted.map_or_else(String::new, |lifted| format!("{}: {}", lifted.by, lifted.because)),
        ]
    };
    let rows: Vec<Vec<String>> = freezes.iter().map(row).collect();
    table(&["Spærring", "Hvad", "Dage", "Hvorfor", "Sat af", "Ophævet"], &rows)
}

async fn lift(session: &Session, output: Output, freeze: FreezeId, because: &str) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    service::lift(&mut tx, &act, freeze, because).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&freeze, |freeze| format!("Spærringen {freeze} er ophævet: {because}"))?;
    Ok(Ended::Done)
}

async fn allow(
    session: &Session,
    output: Output,
    freeze: FreezeId,
    case: CaseNumber,
    reason: &str,
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let of = session.case(case).await?;
    let mut tx = session.db.begin().await?;
    service::allow(&mut tx, &act, freeze, of.id, reason).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&freeze, |_| {
        format!("Sag {case} kan udbetales straks. En anden godkender den: `ydun decision approve … --lane straks`")
    })?;
    Ok(Ended::Done)
}

fn told(error: FreezeError) -> anyhow::Error {
    match error {
        FreezeError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}
