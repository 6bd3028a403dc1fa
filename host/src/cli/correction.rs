//! `ydun correction`: a case calculated anew, and what differs put right in one piece.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look, Propose};
use ydun::cases::{Case, CaseNumber};
use ydun::operations::approval::{Approval, Terms};
use ydun::operations::correction::{
    self, CorrectError, Correction, Leg, MonthChange, Preview, Status, legs_of, of_case,
};
use ydun_domain::Day;
use ydun_domain::ids::CorrectionId;
use ydun_runtime::Digest;

use super::decision::{PayTerms, approval_text};
use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What a correction of the case would change; nothing is kept.
    Preview(PreviewArguments),
    /// Propose a correction of everything in the case that comes out otherwise than it is decided.
    Propose(ProposeArguments),
    /// The case's corrections, and how far each consequence has come.
    Show(CaseArguments),
    /// Approve a correction, over the digest that was seen.
    Approve(ApproveArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CaseArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,
}

#[derive(Debug, Args)]
pub(crate) struct PreviewArguments {
    #[command(flatten)]
    of: CaseArguments,

    /// What became known later is not used [default: today]
    #[arg(long)]
    known_at: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct ProposeArguments {
    #[command(flatten)]
    of: CaseArguments,

    /// In words, for whoever approves it.
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArguments {
    #[command(flatten)]
    of: CaseArguments,

    /// As `ydun correction show` shows it.
    correction: CorrectionId,

    /// The digest that `ydun correction show` showed.
    #[arg(long)]
    seen: Digest,

    #[command(flatten)]
    terms: PayTerms,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Preview(arguments) => preview(session, output, arguments).await,
        Command::Propose(arguments) => propose(session, output, arguments).await,
        Command::Show(arguments) => show(session, output, arguments).await,
        Command::Approve(arguments) => approve(session, output, arguments).await,
    }
}

async fn preview(session: &Session, output: Output, arguments: PreviewArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = session.case(arguments.of.case).await?.id;
    let known_at = arguments.known_at.unwrap_or_else(|| session.clock.today());
    let registry = session.registry()?;
    let preview = correction::preview(&session.db, &registry, &act, case, known_at);
    output.answer(&preview.await.map_err(told)?, preview_text)?;
    Ok(Ended::Done)
}

fn preview_text(preview: &Preview) -> String {
    if preview.months.is_empty() && preview.open.is_empty() {
        return format!("Sag {} giver det samme, som er afgjort.", preview.case);
    }
    let months = preview.months.iter().map(month_text);
    let open =
        preview.open.iter().map(|open| format!("{}  venter: {}", open.period, open.question));
    let sum = format!("I alt {}", preview.difference());
    months.chain(open).chain([sum]).collect::<Vec<_>>().join("\n\n")
}

fn month_text(month: &MonthChange) -> String {
    let head = format!("{}  {} -> {}", month.period, month.before, month.after);
    let because = month.because.iter().map(|because| format!("  fordi {because}"));
    let lines =
        month.lines.iter().map(|line| format!("  {}: {} -> {}", line.key, line.before, line.after));
    let pay = month.payments.pay.values().map(|amount| format!("  betales: {amount}"));
    let withdrawn = month.payments.withdraw.iter();
    let withdrawn = withdrawn.map(|payment| format!("  trækkes tilbage: betaling {payment}"));
    let overpaid = month.payments.overpaid.values();
    let overpaid = overpaid.map(|amount| format!("  betalt for meget: {amount}"));
    [head]
        .into_iter()
        .chain(because)
        .chain(lines)
        .chain(pay)
        .chain(withdrawn)
        .chain(overpaid)
        .collect::<Vec<_>>()
        .join("\n")
}

async fn propose(session: &Session, output: Output, arguments: ProposeArguments) -> Result<Ended> {
    let act = session.act::<Propose>().await?;
    let case = session.case(arguments.of.case).await?.id;
    let registry = session.registry()?;
    let proposed = correction::propose(&session.db, &registry, &act, case, &arguments.reason);
    output.answer(&proposed.await.map_err(told)?, |correction| {
        let Correction { id, decisions, since, digest, .. } = correction;
        format!(
            "Rettelsen {id} af {} måneder fra {since} er foreslået.\nGodkend med --seen {digest}",
            decisions.len()
        )
    })?;
    Ok(Ended::Done)
}

/// A correction with its consequences.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    correction: Correction,
    legs: Vec<Leg>,
}

async fn show(session: &Session, output: Output, arguments: CaseArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let Case { id, .. } = session.case(arguments.case).await?;
    let mut read = session.db.read().await?;
    let mut shown = Vec::new();
    for correction in of_case(&mut read, act.tenant(), id).await? {
        let legs = match correction.status {
            Status::Approved => {
                legs_of(&mut read, act.tenant(), &correction, session.clock.today()).await?
            }
            Status::Proposed | Status::Dropped => Vec::new(),
        };
        shown.push(Shown { correction, legs });
    }
    output.answer(&shown, |shown| shown.iter().map(shown_text).collect::<Vec<_>>().join("\n\n"))?;
    Ok(Ended::Done)
}

fn shown_text(Shown { correction, legs }: &Shown) -> String {
    let status = match correction.status {
        Status::Proposed => {
            format!("venter på godkendelse; godkend med --seen {}", correction.digest)
        }
        Status::Approved => "godkendt".to_owned(),
        Status::Dropped => "bortfaldet".to_owned(),
    };
    let head =
        format!("{}  fra {}  {}\n{status}", correction.id, correction.since, correction.reason);
    if legs.is_empty() {
        return head;
    }
    let row = |leg: &Leg| vec![leg.kind.to_string(), leg.state.to_string(), leg.told.clone()];
    let rows: Vec<Vec<String>> = legs.iter().map(row).collect();
    format!("{head}\n{}", table(&["Ben", "Tilstand", "Hvordan det står"], &rows))
}

async fn approve(session: &Session, output: Output, arguments: ApproveArguments) -> Result<Ended> {
    let ApproveArguments { of, correction, seen, terms } = arguments;
    let act = session.act::<Approve>().await?;
    let case = session.case(of.case).await?.id;
    let bank = session.bank_profile().await?;
    let terms = Terms { bank: &bank, lane: terms.lane, due: terms.due };
    let mut tx = session.db.begin().await?;
    let approved = correction::approve(&mut tx, &act, (case, correction), seen, &terms).await;
    let approval: Approval = approved.map_err(told)?;
    tx.commit().await?;
    output.answer(&approval, approval_text)?;
    Ok(if approval.overpayments == 0 { Ended::Done } else { Ended::Found })
}

fn told(error: CorrectError) -> anyhow::Error {
    match error {
        CorrectError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
