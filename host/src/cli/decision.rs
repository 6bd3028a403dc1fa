//! `ydun decision`: what has been proposed, approved over the numbers that were seen.

use std::collections::HashMap;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look};
use ydun::cases::{self, Case, CaseNumber};
use ydun::decisions::Objection;
use ydun::decisions::service::{self, Listed, SignList};
use ydun::hearings::Channel;
use ydun::operations::MonthRun;
use ydun::operations::approval::{Approval, ApproveMonthError, Terms, approve_month};
use ydun::operations::delivery::{self, DeliverError, Held};
use ydun::operations::service::month_runs;
use ydun::payments::Lane;
use ydun_domain::ids::{CaseId, DecisionId};
use ydun_domain::{Day, Dkk, Month};
use ydun_runtime::Digest;

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The month's proposals, and the digest that is signed to approve them.
    List(MonthArguments),
    /// Approve the month's proposals, over the digest that was seen.
    Approve(ApproveArguments),
    /// Reject one proposal, with a reason.
    Reject(RejectArguments),
    /// Approved decisions that give less, and wait to reach the party.
    Held,
    /// A decision that gives less reached the party: from now on it counts.
    Deliver(DeliverArguments),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct MonthArguments {
    /// Such as 2020-10.
    month: Month,

    #[arg(long, default_value = "voksenlaerling")]
    benefit: String,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArguments {
    #[command(flatten)]
    month: MonthArguments,

    /// The digest that `ydun decision list` showed.
    #[arg(long)]
    seen: Digest,

    #[command(flatten)]
    terms: PayTerms,
}

/// How what is approved is paid.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PayTerms {
    /// How quickly it is paid: almindelig, dag-til-dag or straks.
    #[arg(long, default_value = "almindelig")]
    pub(crate) lane: Lane,

    /// The day the money should be there [default: as soon as the lane allows]
    #[arg(long)]
    pub(crate) due: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct RejectArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// As `ydun decision list` shows it.
    decision: DecisionId,

    /// facts, judgement, calculation or other.
    #[arg(long)]
    because: Objection,

    /// In words, for whoever proposed it.
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct DeliverArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// As `ydun decision held` shows it.
    decision: DecisionId,

    /// The day it arrived [default: today]
    #[arg(long)]
    on: Option<Day>,

    /// digital-post, letter or desk.
    #[arg(long)]
    channel: Channel,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::List(arguments) => list(session, output, arguments).await,
        Command::Approve(arguments) => approve(session, output, arguments).await,
        Command::Reject(arguments) => reject(session, output, arguments).await,
        Command::Held => held(session, output).await,
        Command::Deliver(arguments) => deliver(session, output, arguments).await,
    }
}

/// A month's list, as it is shown to whoever signs it.
#[derive(Debug, Serialize)]
struct Shown {
    run: MonthRun,
    digest: Digest,
    proposals: Vec<Row>,
}

/// A proposal, by the number people call the case.
#[derive(Debug, Serialize)]
struct Row {
    number: String,
    #[serde(flatten)]
    proposal: Listed,
}

impl Shown {
    fn of(run: MonthRun, list: SignList, cases: &[Case]) -> Self {
        let numbers: HashMap<CaseId, String> =
            cases.iter().map(|case| (case.id, case.to_string())).collect();
        let row = |proposal: Listed| Row { number: numbers[&proposal.case].clone(), proposal };
        Self { run, digest: list.digest, proposals: list.proposals.into_iter().map(row).collect() }
    }
}

async fn list(session: &Session, output: Output, arguments: MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let run = latest_run(session, &arguments).await?;
    let mut read = session.db.read().await?;
    let list = service::sign_list(&mut read, act.tenant(), run.id).await?;
    let ids: Vec<CaseId> = list.proposals.iter().map(|proposal| proposal.case).collect();
    let cases = cases::service::by_ids(&mut read, act.tenant(), &ids).await?;
    output.answer(&Shown::of(run, list, &cases), list_text)?;
    Ok(Ended::Done)
}

fn list_text(Shown { run, digest, proposals }: &Shown) -> String {
    let row = |Row { number, proposal }: &Row| {
        let state = if proposal.is_open { "venter" } else { "afsluttet" };
        vec![number.clone(), proposal.id.to_string(), state.to_owned(), proposal.total.to_string()]
    };
    let rows: Vec<Vec<String>> = proposals.iter().map(row).collect();
    let open: Vec<Dkk> =
        proposals.iter().filter(|row| row.proposal.is_open).map(|row| row.proposal.total).collect();
    format!(
        "{}\n\n{}, kørsel {}: {} venter, i alt {}\nGodkend med --seen {digest}",
        table(&["Sag", "Afgørelse", "Tilstand", "Beløb"], &rows),
        run.month.in_words(),
        run.sequence,
        open.len(),
        open.iter().copied().sum::<Dkk>(),
    )
}

async fn approve(session: &Session, output: Output, arguments: ApproveArguments) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let run = latest_run(session, &arguments.month).await?;
    let bank = session.bank_profile().await?;
    let PayTerms { lane, due } = arguments.terms;
    let terms = Terms { bank: &bank, lane, due };
    let bar = output.progress("afgørelser godkendt");
    let approval = approve_month(&session.db, &act, run.id, arguments.seen, &terms, |so_far| {
        bar.set_position(so_far.decisions as u64);
    })
    .await;
    bar.finish_and_clear();
    let approval = approval.map_err(told)?;
    output.answer(&approval, approval_text)?;
    Ok(if approval.overpayments == 0 { Ended::Done } else { Ended::Found })
}

fn told(error: ApproveMonthError) -> anyhow::Error {
    match error {
        ApproveMonthError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}

pub(crate) fn approval_text(approval: &Approval) -> String {
    let Approval { decisions, payments, paid, withdrawn, overpayments, held, waiting, over_limit } =
        approval;
    let mut lines =
        vec![format!("{decisions} afgørelser godkendt, {payments} betalinger på i alt {paid}")];
    if *withdrawn > 0 {
        lines.push(format!("{withdrawn} betalinger trukket tilbage, før de blev sendt"));
    }
    if *overpayments > 0 {
        lines.push(format!(
            "{overpayments} beløb er betalt og ikke længere skyldige; de er noteret som åbne poster"
        ));
    }
    if *held > 0 {
        lines.push(format!(
            "{held} giver mindre og virker, når de er nået frem; se `ydun decision held`"
        ));
    }
    if *waiting > 0 {
        lines.push(format!("{waiting} venter på partshøring; se `ydun hearing needed`"));
    }
    if *over_limit > 0 {
        lines.push(format!(
            "{over_limit} er over kommunens grænse og venter på en tredje person; se `ydun oversight over`"
        ));
    }
    lines.join("\n")
}

async fn reject(session: &Session, output: Output, arguments: RejectArguments) -> Result<Ended> {
    let RejectArguments { case, decision, because, reason } = arguments;
    let act = session.act::<Approve>().await?;
    let case = session.case(case).await?.id;
    let mut tx = session.db.begin().await?;
    service::reject(&mut tx, &act, (case, decision), because, &reason)
        .await
        .map_err(|error| Refused(error.to_string()))?;
    tx.commit().await?;
    output.answer(&decision, |decision| format!("Forslaget {decision} er afvist: {reason}"))?;
    Ok(Ended::Done)
}

/// A decision that waits, by the number people call the case.
#[derive(Debug, Serialize)]
struct HeldRow {
    number: String,
    #[serde(flatten)]
    held: Held,
}

async fn held(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let held = delivery::held(&mut read, act.tenant()).await?;
    let ids: Vec<CaseId> = held.iter().map(|held| held.case_id).collect();
    let cases = cases::service::by_ids(&mut read, act.tenant(), &ids).await?;
    let row = |held: Held| {
        let case = cases.iter().find(|case| case.id == held.case_id);
        HeldRow { number: case.map(ToString::to_string).unwrap_or_default(), held }
    };
    let rows: Vec<HeldRow> = held.into_iter().map(row).collect();
    output.answer(&rows, |rows| {
        let row = |row: &HeldRow| vec![row.number.clone(), row.held.decision_id.to_string()];
        table(&["Sag", "Afgørelse"], &rows.iter().map(row).collect::<Vec<_>>())
    })?;
    Ok(Ended::Done)
}

async fn deliver(session: &Session, output: Output, arguments: DeliverArguments) -> Result<Ended> {
    let DeliverArguments { case, decision, on, channel } = arguments;
    let act = session.act::<Approve>().await?;
    let case = session.case(case).await?.id;
    let bank = session.bank_profile().await?;
    let on = on.unwrap_or_else(|| session.clock.today());
    let mut tx = session.db.begin().await?;
    let delivered = delivery::deliver(&mut tx, &act, &bank, (case, decision), on, channel).await;
    let approval = delivered.map_err(|error| match error {
        DeliverError::Store(error) => error.into(),
        DeliverError::Payment(error) => told(error),
        other => anyhow::Error::from(Refused(other.to_string())),
    })?;
    tx.commit().await?;
    output.answer(&approval, delivery_text)?;
    Ok(if approval.overpayments == 0 { Ended::Done } else { Ended::Found })
}

fn delivery_text(approval: &Approval) -> String {
    let Approval { payments, paid, withdrawn, overpayments, .. } = approval;
    format!(
        "Afgørelsen er nået frem og virker nu: {withdrawn} betalinger trukket tilbage, {payments} nye på \
         i alt {paid}, {overpayments} åbne poster"
    )
}

/// The newest run of the month, which is the one whose proposals are open.
pub(super) async fn latest_run(session: &Session, arguments: &MonthArguments) -> Result<MonthRun> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let runs = month_runs(&mut read, &act).await?;
    let of_month =
        |run: &MonthRun| run.benefit == arguments.benefit && run.month == arguments.month;
    let latest = runs.into_iter().filter(of_month).max_by_key(|run| run.sequence);
    let missing = || {
        Refused(format!(
            "{} has not been run for {}; see `ydun run month {}`",
            arguments.benefit, arguments.month, arguments.month
        ))
    };
    Ok(latest.ok_or_else(missing)?)
}
