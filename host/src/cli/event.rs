//! `ydun event`: what registers tell, and what it means for the cases.

mod ignore;
mod listen;
mod unread;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Administer, Look, Register};
use ydun::audit::{self, Subject};
use ydun::cases;
use ydun::events::reconcile::{self, ReconcileError, Reconciled, Snapshot};
use ydun::events::service::{self as events, WindowError};
use ydun::events::tried::{Total, Tried};
use ydun::events::{Event, Gap, Kind, Outcome, Verdict};
use ydun::operations::judge::{self, Tally};
use ydun_domain::ids::{CaseId, EventId};
use ydun_domain::{Day, Month};

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The newest events with what came of them, and the numbers that are missing.
    List(ListArguments),
    /// One event, and what came of it in each case.
    Show { event: EventId },
    /// Judge every event whose time has come. Do it before payments are sent.
    Judge,
    /// Take in events from a broker until stopped, and judge them as their time comes.
    Listen(listen::Arguments),
    /// Say that a kind of event means nothing in a case for a while.
    #[command(subcommand)]
    Ignore(ignore::Command),
    /// What the rules made of the events of a month.
    Tried {
        /// Such as 2024-03.
        month: Month,
    },
    /// Hold what we were told against what the register says stands; what was lost is taken in.
    Reconcile {
        /// The register's snapshot, as JSON.
        file: PathBuf,
    },
    /// Messages that could not be read.
    #[command(subcommand)]
    Unread(unread::Command),
    /// How many days the moves of one household wait for each other.
    Window(WindowArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only those that wait to be judged.
    #[arg(long)]
    waiting: bool,

    /// So many.
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct WindowArguments {
    /// From 0 to 14.
    days: i64,

    /// Why, for whoever looks later.
    reason: String,

    /// The day it counts from [default: today]
    #[arg(long)]
    from: Option<Day>,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::List(arguments) => list(session, output, &arguments).await,
        Command::Show { event } => show(session, output, event).await,
        Command::Judge => judge(session, output).await,
        Command::Listen(arguments) => listen::command(session, arguments).await,
        Command::Ignore(command) => ignore::command(session, output, command).await,
        Command::Tried { month } => tried(session, output, month).await,
        Command::Reconcile { file } => reconcile(session, output, &file).await,
        Command::Unread(command) => unread::command(session, output, command).await,
        Command::Window(arguments) => window(session, output, &arguments).await,
    }
}

/// An event without whom it is about.
#[derive(Debug, Serialize)]
struct Row {
    id: EventId,
    source: String,
    sequence: Option<i64>,
    kind: Kind,
    day: Day,
    /// What came of it, or why it waits.
    reason: String,
}

impl Row {
    fn of(event: Event) -> Self {
        let Event { id, message, due_at, judged, last_error, .. } = event;
        let waits = || match last_error {
            Some(error) => format!("venter: {error}"),
            None => format!("venter til {}", due_at.format("%Y-%m-%d %H:%M")),
        };
        let reason = judged.map_or_else(waits, |judged| judged.reason);
        let (source, sequence) = (message.source, message.sequence);
        Self { id, source, sequence, kind: message.kind, day: message.day, reason }
    }
}

#[derive(Debug, Serialize)]
struct Inbox {
    events: Vec<Row>,
    lost: Vec<Gap>,
}

async fn list(session: &Session, output: Output, arguments: &ListArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let found = if arguments.waiting {
        events::waiting(&mut tx, act.tenant(), arguments.limit).await?
    } else {
        events::newest(&mut tx, &act, arguments.limit).await?
    };
    let lost = events::lost(&mut tx, &act).await?;
    let detail = format!("{} events", found.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, detail).await?;
    tx.commit().await?;
    let inbox = Inbox { events: found.into_iter().map(Row::of).collect(), lost };
    output.answer(&inbox, inbox_text)?;
    Ok(if inbox.lost.is_empty() { Ended::Done } else { Ended::Found })
}

fn inbox_text(inbox: &Inbox) -> String {
    let row = |row: &Row| {
        let sequence = row.sequence.map(|number| number.to_string()).unwrap_or_default();
        let (id, kind, day) = (row.id.to_string(), row.kind.in_words(), row.day.to_string());
        vec![id, row.source.clone(), sequence, kind.to_owned(), day, row.reason.clone()]
    };
    let rows: Vec<Vec<String>> = inbox.events.iter().map(row).collect();
    let events =
        table(&["Hændelse", "Kilde", "Nummer", "Hvad", "Dag", "Hvad der kom ud af det"], &rows);
    let lost = inbox.lost.iter().map(|Gap { source, first, last }| {
        format!("{source}: nummer {first} til {last} mangler; afstem med `ydun event reconcile`")
    });
    std::iter::once(events).chain(lost).collect::<Vec<_>>().join("\n")
}

/// An event with what came of it in each case.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    row: Row,
    known: Day,
    outcomes: Vec<(String, Outcome)>,
}

async fn show(session: &Session, output: Output, id: EventId) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let event = events::find(&mut tx, act.tenant(), id).await?;
    let event =
        event.ok_or_else(|| Refused(format!("there is no event {id}; see `ydun event list`")))?;
    let outcomes = events::outcomes(&mut tx, act.tenant(), id).await?;
    let ids: Vec<CaseId> = outcomes.iter().map(|outcome| outcome.case).collect();
    let cases = cases::service::by_ids(&mut tx, act.tenant(), &ids).await?;
    audit::record_look(&mut tx, &act, Subject::Event(id), "").await?;
    tx.commit().await?;
    let number = |case: CaseId| {
        cases.iter().find(|found| found.id == case).map(ToString::to_string).unwrap_or_default()
    };
    let outcomes = outcomes.into_iter().map(|outcome| (number(outcome.case), outcome)).collect();
    let known = event.message.known;
    output.answer(&Shown { row: Row::of(event), known, outcomes }, shown_text)?;
    Ok(Ended::Done)
}

fn shown_text(Shown { row, known, outcomes }: &Shown) -> String {
    let head = format!(
        "{}  {} {}, kendt {known}, fra {}\n{}",
        row.id,
        row.kind.in_words(),
        row.day,
        row.source,
        row.reason
    );
    let told = outcomes.iter().map(|(case, outcome)| {
        let money = if outcome.held { " Penge holdes tilbage." } else { "" };
        let amounts = match outcome.verdict {
            Verdict::Asked => format!(" {} -> {}.", outcome.before, outcome.after),
            _ => String::new(),
        };
        format!("{case}: {}{amounts}{money}", outcome.reason)
    });
    std::iter::once(head).chain(told).collect::<Vec<_>>().join("\n")
}

async fn judge(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let registry = session.registry()?;
    let tally = judge::judge_due(&session.db, &registry, &act).await?;
    output.answer(&tally, |Tally { judged, closed, put_off }| {
        let asked = judged - closed;
        format!("{judged} hændelser er vurderet: {closed} lukket, {asked} til en sagsbehandler, {put_off} udsat.")
    })?;
    Ok(if tally.put_off == 0 { Ended::Done } else { Ended::Found })
}

#[derive(Debug, Serialize)]
struct TriedAnswer {
    month: Month,
    kinds: Vec<Tried>,
    total: Total,
}

async fn tried(session: &Session, output: Output, month: Month) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let kinds = events::tried(&mut session.db.read().await?, &act, month).await?;
    let total = Total::of(&kinds);
    output.answer(&TriedAnswer { month, kinds, total }, tried_text)?;
    Ok(Ended::Done)
}

fn tried_text(answer: &TriedAnswer) -> String {
    let numbers = |numbers: [i64; 7]| numbers.map(|number| number.to_string()).to_vec();
    let row = |kind: &Tried| {
        let Tried { kind, received, waiting, closed, tasks, holds, done, for_nothing } = *kind;
        let mut row = vec![kind.in_words().to_owned()];
        row.extend(numbers([received, waiting, closed, tasks, holds, done, for_nothing]));
        row
    };
    let mut rows: Vec<Vec<String>> = answer.kinds.iter().map(row).collect();
    let Total { received, waiting, closed, tasks, holds, done, for_nothing } = answer.total;
    let mut total = vec!["I alt".to_owned()];
    total.extend(numbers([received, waiting, closed, tasks, holds, done, for_nothing]));
    rows.push(total);
    table(
        &["Hændelse", "Modtaget", "Venter", "Lukket", "Opgaver", "Holdt", "Løst", "Uden ændring"],
        &rows,
    )
}

async fn reconcile(session: &Session, output: Output, file: &Path) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let snapshot: Snapshot = serde_json::from_slice(&text)
        .map_err(|error| Refused(format!("{} is no snapshot: {error}", file.display())))?;
    let mut tx = session.db.begin().await?;
    let found =
        reconcile::reconcile(&mut tx, &act, &snapshot).await.map_err(|error| match error {
            ReconcileError::Store(error) => anyhow::Error::from(error),
            refused => Refused(refused.to_string()).into(),
        })?;
    tx.commit().await?;
    output.answer(&found, |found| {
        let Reconciled { compared, lost, unknown_to_register } = found;
        format!(
            "{compared} hændelser er holdt op mod vores: {} manglede og er taget ind, {} kender registret ikke.",
            lost.len(),
            unknown_to_register.len()
        )
    })?;
    let agrees = found.lost.is_empty() && found.unknown_to_register.is_empty();
    Ok(if agrees { Ended::Done } else { Ended::Found })
}

async fn window(session: &Session, output: Output, arguments: &WindowArguments) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let from = arguments.from.unwrap_or_else(|| session.clock.today());
    let mut tx = session.db.begin().await?;
    let set = events::set_window(&mut tx, &act, from, arguments.days, &arguments.reason).await;
    set.map_err(|error| match error {
        WindowError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&arguments.days, |days| {
        format!("En husstands flytninger venter på hinanden i {days} dage fra {from}.")
    })?;
    Ok(Ended::Done)
}
