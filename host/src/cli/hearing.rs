//! `ydun hearing`: parties are heard before something is taken away.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look, Propose, Register};
use ydun::cases::{self, CaseNumber};
use ydun::decisions::gate::{Loss, losses};
use ydun::decisions::{Decision, service as decisions};
use ydun::hearings::service::{self, HearingError};
use ydun::hearings::{Answer, Channel, Ground, Hearing, Standing};
use ydun::operations::ahead::{self as operations, AheadError};
use ydun_domain::ids::{CaseId, DecisionId, HearingId};
use ydun_domain::{Day, Month};

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The open proposals that take something away, and how far their hearings have come.
    Needed,
    /// The hearings of a case.
    List {
        /// Such as 2020-00017.
        case: CaseNumber,
    },
    /// Begin to hear the parties that lose by a proposal.
    Open(OpenArguments),
    /// Begin to hear the parties that would lose in a coming month of a running benefit.
    Ahead(AheadArguments),
    /// A hearing reached the party: from that day the party has time to answer.
    Deliver(DeliverArguments),
    /// The party has answered.
    Answer(AnswerArguments),
    /// Leave the hearing out on a ground in forvaltningsloven § 19.
    Waive(WaiveArguments),
}

#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    #[command(flatten)]
    proposal: ProposalArguments,

    /// What is put before the party: what we intend, and what it rests on.
    text: String,

    /// How many days the party has to answer, from the day after it arrived.
    #[arg(long, default_value_t = 14)]
    days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct AheadArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// The month from which less is intended, such as 2022-03.
    month: Month,

    /// What is put before the party: what we intend, and what it rests on.
    text: String,

    /// How many days the party has to answer, from the day after it arrived.
    #[arg(long, default_value_t = 14)]
    days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ProposalArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// As `ydun hearing needed` shows it.
    decision: DecisionId,
}

#[derive(Debug, Args)]
pub(crate) struct HearingArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// As `ydun hearing list` shows it.
    hearing: HearingId,

    /// The day it happened [default: today]
    #[arg(long)]
    on: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct DeliverArguments {
    #[command(flatten)]
    of: HearingArguments,

    /// digital-post, letter or desk.
    #[arg(long)]
    channel: Channel,
}

#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    #[command(flatten)]
    of: HearingArguments,

    /// What the party says.
    text: String,
}

#[derive(Debug, Args)]
pub(crate) struct WaiveArguments {
    #[command(flatten)]
    proposal: ProposalArguments,

    /// party-knows, cannot-wait, not-essential or other-act.
    #[arg(long)]
    ground: Ground,

    /// In words, for whoever asks later.
    reason: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Needed => needed(session, output).await,
        Command::List { case } => list(session, output, case).await,
        Command::Open(arguments) => open(session, output, arguments).await,
        Command::Ahead(arguments) => ahead(session, output, arguments).await,
        Command::Deliver(arguments) => deliver(session, output, arguments).await,
        Command::Answer(arguments) => answer(session, output, arguments).await,
        Command::Waive(arguments) => waive(session, output, arguments).await,
    }
}

/// A loss, by the number people call the case.
#[derive(Debug, Serialize)]
struct Row {
    number: String,
    #[serde(flatten)]
    loss: Loss,
}

async fn needed(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let open = decisions::open(&mut tx, &act).await?;
    let losses = losses(&mut tx, act.tenant(), &open, session.clock.today()).await?;
    let ids: Vec<CaseId> = losses.iter().map(|loss| loss.intention.case).collect();
    let cases = cases::service::by_ids(&mut tx, act.tenant(), &ids).await?;
    tx.commit().await?;
    let row = |loss: Loss| {
        let case = cases.iter().find(|case| case.id == loss.intention.case);
        Row { number: case.map(ToString::to_string).unwrap_or_default(), loss }
    };
    let rows: Vec<Row> = losses.into_iter().map(row).collect();
    output.answer(&rows, |rows| needed_text(rows))?;
    Ok(Ended::Done)
}

fn needed_text(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "Ingen forslag giver nogen mindre, end der gælder.".to_owned();
    }
    let row = |Row { number, loss }: &Row| {
        vec![
            number.clone(),
            loss.decision.to_string(),
            loss.before.to_string(),
            loss.after.to_string(),
            loss.standing.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    table(&["Sag", "Forslag", "Gælder", "Foreslået", "Partshøring"], &rows)
}

async fn list(session: &Session, output: Output, case: CaseNumber) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = session.case(case).await?.id;
    let hearings = service::of_case(&mut session.db.read().await?, act.tenant(), case).await?;
    output.answer(&hearings, |hearings| {
        let row = |hearing: &Hearing| {
            let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
            vec![
                hearing.id.to_string(),
                day(hearing.delivery.as_ref().map(|delivery| delivery.on)),
                day(hearing.delivery.as_ref().map(|delivery| delivery.deadline)),
                day(hearing.answer.as_ref().map(|answer| answer.on)),
            ]
        };
        let rows: Vec<Vec<String>> = hearings.iter().map(row).collect();
        table(&["Høring", "Nået frem", "Frist", "Besvaret"], &rows)
    })?;
    Ok(Ended::Done)
}

/// The losses by one open proposal that nothing has been done about.
async fn losses_by(session: &Session, proposal: &ProposalArguments) -> Result<Vec<Loss>> {
    let act = session.act::<Look>().await?;
    let case = session.case(proposal.case).await?.id;
    let mut read = session.db.read().await?;
    let mut open: Vec<Decision> = decisions::open_of_case(&mut read, act.tenant(), case).await?;
    open.retain(|decision| decision.id == proposal.decision);
    let mut losses = losses(&mut read, act.tenant(), &open, session.clock.today()).await?;
    losses.retain(|loss| loss.standing == Standing::Missing);
    if losses.is_empty() {
        let told =
            "by this proposal nobody loses who is not heard already; see `ydun hearing needed`";
        return Err(Refused(told.to_owned()).into());
    }
    Ok(losses)
}

async fn open(session: &Session, output: Output, arguments: OpenArguments) -> Result<Ended> {
    let losses = losses_by(session, &arguments.proposal).await?;
    begin(session, output, losses, &arguments.text, arguments.days).await
}

async fn ahead(session: &Session, output: Output, arguments: AheadArguments) -> Result<Ended> {
    let AheadArguments { case, month, text, days } = arguments;
    let act = session.act::<Look>().await?;
    let case = session.case(case).await?.id;
    let losses = operations::ahead(&session.db, &session.registry()?, &act, case, month).await;
    let mut losses = losses.map_err(|error| match error {
        AheadError::Store(error) => anyhow::Error::from(error),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    })?;
    losses.retain(|loss| loss.standing == Standing::Missing);
    begin(session, output, losses, &text, days).await
}

async fn begin(
    session: &Session,
    output: Output,
    losses: Vec<Loss>,
    text: &str,
    days: u32,
) -> Result<Ended> {
    let act = session.act::<Propose>().await?;
    let mut tx = session.db.begin().await?;
    let mut opened = Vec::with_capacity(losses.len());
    for loss in losses {
        let open = service::open(&mut tx, &act, loss.intention, text, days);
        opened.push(open.await.map_err(told)?);
    }
    tx.commit().await?;
    output.answer(&opened, |opened| {
        let line = |hearing: &Hearing| {
            format!("Høringen {} er begyndt. Fristen løber, når den er nået frem.", hearing.id)
        };
        opened.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Ended::Done)
}

async fn deliver(session: &Session, output: Output, arguments: DeliverArguments) -> Result<Ended> {
    let HearingArguments { case, hearing, on } = arguments.of;
    let act = session.act::<Register>().await?;
    let case = session.case(case).await?.id;
    let on = on.unwrap_or_else(|| session.clock.today());
    let mut tx = session.db.begin().await?;
    let delivered = service::deliver(&mut tx, &act, (case, hearing), on, arguments.channel).await;
    let delivery = delivered.map_err(told)?;
    tx.commit().await?;
    output.answer(&delivery, |delivery| {
        format!("Høringen er nået frem. Parten kan svare til og med {}.", delivery.deadline)
    })?;
    Ok(Ended::Done)
}

async fn answer(session: &Session, output: Output, arguments: AnswerArguments) -> Result<Ended> {
    let HearingArguments { case, hearing, on } = arguments.of;
    let act = session.act::<Register>().await?;
    let case = session.case(case).await?.id;
    let on = on.unwrap_or_else(|| session.clock.today());
    let answer = Answer { on, text: arguments.text };
    let mut tx = session.db.begin().await?;
    service::answer(&mut tx, &act, (case, hearing), answer).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&hearing, |hearing| format!("Svaret på høringen {hearing} er noteret."))?;
    Ok(Ended::Done)
}

async fn waive(session: &Session, output: Output, arguments: WaiveArguments) -> Result<Ended> {
    let WaiveArguments { proposal, ground, reason } = arguments;
    let losses = losses_by(session, &proposal).await?;
    let act = session.act::<Approve>().await?;
    let mut tx = session.db.begin().await?;
    for loss in &losses {
        service::waive(&mut tx, &act, loss.intention, ground, &reason).await.map_err(told)?;
    }
    tx.commit().await?;
    output
        .answer(&losses.len(), |count| format!("{count} høringer undladt ({ground}): {reason}"))?;
    Ok(Ended::Done)
}

fn told(error: HearingError) -> anyhow::Error {
    match error {
        HearingError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
