//! `ydun letter write`, `send`, `list` and `hear`: letters on their way.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Serialize;
use ydun::access::{Approve, Look, Register};
use ydun::adapters::post::CommonPost;
use ydun::audit::{self, Subject};
use ydun::cases::CaseNumber;
use ydun::letters::Stationery;
use ydun::letters::post::service::{self, PostError, Sent};
use ydun::letters::post::{Dispatch, Fate, Said};
use ydun::operations::delivery::DeliverError;
use ydun::operations::post::{self, Clerk, Consequence, HearError};
use ydun::payments::outbox::Outbox;
use ydun_domain::ids::MessageId;
use ydun_domain::{Day, Period};

use crate::cli::arguments::files;
use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct WriteArguments {
    /// The first day something was decided, put to a party, or is paid.
    #[arg(long)]
    from: Day,

    #[arg(long)]
    to: Day,
}

pub(super) async fn write(
    session: &Session,
    output: Output,
    WriteArguments { from, to }: WriteArguments,
) -> Result<Ended> {
    let days = Period::new(from, to).map_err(|error| Refused(error.to_string()))?;
    let (look, register) = (session.act::<Look>().await?, session.act::<Register>().await?);
    let sender = session.sender().await?;
    let mut tx = session.db.begin().await?;
    let cases = post::touched(&mut tx, &look, days).await?;
    tx.commit().await?;
    let mut written = 0;
    for case in cases {
        let mut tx = session.db.begin().await?;
        written += post::write(&mut tx, &look, &register, &sender, case).await?;
        tx.commit().await?;
    }
    output.answer(&written, |written| {
        format!("{written} breve er skrevet og venter på at blive sendt.")
    })?;
    Ok(Ended::Done)
}

/// What sending came to, as the command tells it.
#[derive(Debug, Serialize)]
struct Told {
    folder: PathBuf,
    sent: usize,
    failed: Vec<String>,
}

pub(super) async fn send(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let stationery = Stationery::new(session.sender().await?);
    let folder = session.folder("post")?.join("out");
    let outbox = Outbox::open(&folder)?;
    let now = session.clock.now();
    let Sent { messages, failed } =
        service::send(&session.db, act.tenant(), &stationery, &CommonPost, &outbox, now).await?;
    let failed = failed.into_iter().map(|error| format!("{:#}", anyhow::Error::from(error)));
    let told = Told { folder, sent: messages.len(), failed: failed.collect() };
    output.answer(&told, |told| {
        let sent = format!("{} breve i {}", told.sent, told.folder.display());
        let failed = told.failed.iter().map(|error| format!("ikke sendt: {error}"));
        std::iter::once(sent).chain(failed).collect::<Vec<_>>().join("\n")
    })?;
    Ok(if told.failed.is_empty() { Ended::Done } else { Ended::Found })
}

pub(super) async fn list(session: &Session, output: Output, case: CaseNumber) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = session.case(case).await?.id;
    let mut tx = session.db.begin().await?;
    let ways = service::ways(&mut tx, act.tenant(), case).await?;
    audit::record_look(&mut tx, &act, Subject::Case(case), "letters").await?;
    tx.commit().await?;
    output.answer(&ways, |ways| {
        let row = |way: &Dispatch| {
            let closed = way.closed_on.map(|day| day.to_string()).unwrap_or_default();
            let Dispatch { message, title, channel, state, reason, .. } = way;
            vec![
                message.to_string(),
                title.clone(),
                channel.to_string(),
                state.to_string(),
                closed,
                reason.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = ways.iter().map(row).collect();
        table(&["Forsendelse", "Brev", "Vej", "Tilstand", "Den", "Hvorfor"], &rows)
    })?;
    Ok(Ended::Done)
}

#[derive(Debug, Args)]
pub(crate) struct HearArguments {
    /// Answers as JSON, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct HandedOverArguments {
    /// As `ydun letter list` shows it.
    message: MessageId,

    /// The day on the receipt [default: today]
    #[arg(long)]
    on: Option<Day>,
}

pub(super) async fn hear(
    session: &Session,
    output: Output,
    HearArguments { paths }: HearArguments,
) -> Result<Ended> {
    let mut told = Vec::new();
    for path in files(&paths, "json")? {
        told.push(format!("{}: {}", path.display(), heard(session, &read(&path)?).await?));
    }
    output.answer(&told, |told| told.join("\n"))?;
    Ok(Ended::Done)
}

pub(super) async fn handed_over(
    session: &Session,
    output: Output,
    HandedOverArguments { message, on }: HandedOverArguments,
) -> Result<Ended> {
    let on = on.unwrap_or_else(|| session.clock.today());
    let told = heard(session, &Said { message, on, fate: Fate::Arrived }).await?;
    output.answer(&told, String::clone)?;
    Ok(Ended::Done)
}

fn read(path: &Path) -> Result<Said> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let said = serde_json::from_str(&text);
    said.map_err(|error| {
        Refused(format!("{} is no answer of the post: {error}", path.display())).into()
    })
}

/// Takes an answer down, and says in Danish what it meant. One that was taken down before means nothing more.
async fn heard(session: &Session, said: &Said) -> Result<String> {
    let (register, approve) = (session.act::<Register>().await?, session.act::<Approve>().await?);
    let bank = session.bank_profile().await?;
    let clerk = Clerk { register: &register, approve: &approve, bank: &bank };
    let mut tx = session.db.begin().await?;
    let consequence = post::hear(&mut tx, &clerk, said).await.map_err(told)?;
    tx.commit().await?;
    Ok(match consequence {
        Consequence::TriedAgain => "brevet kom tilbage og går en anden vej".to_owned(),
        Consequence::Arrived => "brevet er nået frem".to_owned(),
        Consequence::HearingRuns(until) => {
            format!("høringen er nået frem; parten kan svare til og med {until}")
        }
        Consequence::DecisionCounts => "afgørelsen er nået frem og gælder nu".to_owned(),
    })
}

fn told(error: HearError) -> anyhow::Error {
    match error {
        HearError::Post(PostError::Store(error))
        | HearError::Decision(DeliverError::Store(error)) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
