//! `ydun decision`: what has been proposed, approved over the numbers that were seen.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look};
use ydun::decisions::Objection;
use ydun::decisions::service::{self, SignList};
use ydun::operations::MonthRun;
use ydun::operations::approval::{Approval, ApproveMonthError, Terms, approve_month};
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

    /// How quickly it is paid: almindelig, dag-til-dag or straks.
    #[arg(long, default_value = "almindelig")]
    lane: Lane,

    /// The day the money should be there [default: as soon as the lane allows]
    #[arg(long)]
    due: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct RejectArguments {
    case: CaseId,
    decision: DecisionId,

    /// facts, judgement, calculation or other.
    #[arg(long)]
    because: Objection,

    /// In words, for whoever proposed it.
    reason: String,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    command: Command,
) -> Result<Ended> {
    match command {
        Command::List(arguments) => list(session, output, arguments).await,
        Command::Approve(arguments) => approve(session, output, arguments).await,
        Command::Reject(arguments) => reject(session, output, arguments).await,
    }
}

/// A month's list, as it is shown to whoever signs it.
#[derive(Debug, Serialize)]
struct Shown {
    run: MonthRun,
    #[serde(flatten)]
    list: SignList,
}

async fn list(session: &Session, output: Output, arguments: MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let run = latest_run(session, &arguments).await?;
    let mut read = session.db.read().await?;
    let list = service::sign_list(&mut read, act.tenant(), run.id).await?;
    output.answer(&Shown { run, list }, list_text)?;
    Ok(Ended::Done)
}

fn list_text(Shown { run, list }: &Shown) -> String {
    let row = |proposal: &service::Listed| {
        let state = if proposal.is_open { "venter" } else { "afsluttet" };
        vec![
            proposal.case.to_string(),
            proposal.id.to_string(),
            state.to_owned(),
            proposal.total.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = list.proposals.iter().map(row).collect();
    let open = list.proposals.iter().filter(|proposal| proposal.is_open);
    let total: Dkk = open.clone().map(|proposal| proposal.total).sum();
    format!(
        "{}\n\n{}, kørsel {}: {} venter, i alt {total}\nGodkend med --seen {}",
        table(&["Sag", "Afgørelse", "Tilstand", "Beløb"], &rows),
        run.month.in_words(),
        run.sequence,
        open.count(),
        list.digest,
    )
}

async fn approve(
    session: &Session,
    output: Output,
    arguments: ApproveArguments,
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let run = latest_run(session, &arguments.month).await?;
    let bank = session.bank_profile().await?;
    let terms = Terms { bank: &bank, lane: arguments.lane, due: arguments.due };
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

fn approval_text(approval: &Approval) -> String {
    let Approval { decisions, payments, paid, withdrawn, overpayments } = approval;
    let mut text = format!("{decisions} afgørelser godkendt, {payments} betalinger på i alt {paid}");
    if *withdrawn > 0 {
        text += &format!("\n{withdrawn} betalinger trukket tilbage, før de blev sendt");
    }
    if *overpayments > 0 {
        text += &format!("\n{overpayments} beløb er betalt og ikke længere skyldige; de er noteret som åbne poster");
    }
    text
}

async fn reject(session: &Session, output: Output, arguments: RejectArguments) -> Result<Ended> {
    let RejectArguments { case, decision, because, reason } = arguments;
    let act = session.act::<Approve>().await?;
    let mut tx = session.db.begin().await?;
    service::reject(&mut tx, &act, (case, decision), because, &reason)
        .await
        .map_err(|error| Refused(error.to_string()))?;
    tx.commit().await?;
    output.answer(&decision, |decision| format!("Forslaget {decision} er afvist: {reason}"))?;
    Ok(Ended::Done)
}

/// The newest run of the month, which is the one whose proposals are open.
async fn latest_run(session: &Session, arguments: &MonthArguments) -> Result<MonthRun> {
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
