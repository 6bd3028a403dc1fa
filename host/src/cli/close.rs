//! `ydun close`: does the month agree, what to do where it does not, and its end.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look, Pay};
use ydun::operations::close::refund::{RefundLine, refund_lines};
use ydun::operations::close::service::{self, CloseError};
use ydun::operations::close::{Closed, Difference, Later, Match, Totals, Waiting};
use ydun_domain::{Dkk, Month};

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Whether decided, booked, paid, reported and ready for refund agree, and every line that does not.
    Check {
        month: Month,

        /// Only this benefit.
        #[arg(long)]
        benefit: Option<String>,
    },
    /// Say why a difference may stand as it is. Another person must agree.
    Explain {
        month: Month,

        /// As `ydun close check` shows it.
        key: String,

        /// In words; it stays with the month.
        reason: String,
    },
    /// Agree that a difference may stand for the reason given.
    Accept { month: Month, key: String },
    /// Close a benefit's month.
    Close(MonthArguments),
    /// A closed month, and what was booked later and belongs to it.
    Show(MonthArguments),
    /// What the state refunds of a benefit's month, line by line.
    Refund(MonthArguments),
}

#[derive(Debug, Args)]
pub(crate) struct MonthArguments {
    month: Month,

    #[arg(long)]
    benefit: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Check { month, benefit } => check(session, output, month, benefit).await,
        Command::Explain { month, key, reason } => {
            explain(session, output, month, &key, &reason).await
        }
        Command::Accept { month, key } => accept(session, output, month, &key).await,
        Command::Close(arguments) => close(session, output, arguments).await,
        Command::Show(arguments) => show(session, output, arguments).await,
        Command::Refund(arguments) => refund(session, output, arguments).await,
    }
}

async fn check(
    session: &Session,
    output: Output,
    month: Month,
    benefit: Option<String>,
) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let (mut read, today) = (session.db.read().await?, session.clock.today());
    let mut months = service::check(&mut read, act.tenant(), month, today).await?;
    months.retain(|found| benefit.as_ref().is_none_or(|benefit| found.benefit == *benefit));
    output
        .answer(&months, |months| months.iter().map(match_text).collect::<Vec<_>>().join("\n\n"))?;
    let agree = months.iter().all(|month| month.open().next().is_none());
    Ok(if agree { Ended::Done } else { Ended::Found })
}

fn match_text(found: &Match) -> String {
    let closed = found.closed.as_ref().map(closed_text);
    let head = format!("{}, {}", found.benefit, found.month.in_words());
    let open = found.open().count();
    let end = if open == 0 {
        "Måneden stemmer.".to_owned()
    } else {
        format!("{open} afvigelser er ikke forklaret; måneden kan ikke lukkes.")
    };
    let listed = (!found.differences.is_empty()).then(|| differences_text(&found.differences));
    let waiting = (!found.waiting.is_empty()).then(|| waiting_text(&found.waiting));
    [Some(head), closed, Some(totals_text(&found.totals)), waiting, listed, Some(end)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
}

fn closed_text(closed: &Closed) -> String {
    let day = ydun::clock::danish(closed.at);
    format!("Lukket {} af {}", day.in_words(), closed.by)
}

fn totals_text(totals: &Totals) -> String {
    let Totals { lines, decided, booked, paid, income, reported, .. } = totals;
    let rows: Vec<Vec<String>> = [
        ("Besluttet", decided),
        ("Gælder, til afgørelser når frem", &totals.waiting),
        ("Bogført", booked),
        ("Udbetalt", paid),
        ("Heraf indkomst", income),
        ("Indberettet", reported),
        ("Grundlag for refusion", &totals.refundable),
        ("Heraf indberettet", &totals.refund_reported),
    ]
    .into_iter()
    .map(|(title, amount)| vec![title.to_owned(), amount.to_string()])
    .collect();
    format!("{}\n{lines} linjer", table(&["", "Beløb"], &rows))
}

/// What the law lets wait, and what ends it.
fn waiting_text(waiting: &[Waiting]) -> String {
    let row = |one: &Waiting| vec![one.case.clone(), one.line_key.clone(), one.amount.to_string()];
    let rows: Vec<Vec<String>> = waiting.iter().map(row).collect();
    let table = table(&["Sag", "Linje", "Bortfalder, når afgørelsen er nået frem"], &rows);
    format!(
        "Venter på, at en afgørelse når frem til parten (ydun decision held); det er ikke en afvigelse:\n{table}"
    )
}

fn differences_text(differences: &[Difference]) -> String {
    let row = |one: &Difference| {
        let explained = one.explanation.as_ref().map_or(String::new(), |explanation| {
            let by = match &explanation.accepted_by {
                Some(by) => format!("godkendt af {by}"),
                None => "venter på en anden".to_owned(),
            };
            format!("{} ({by})", explanation.reason)
        });
        vec![
            one.key.clone(),
            one.kind.in_words().to_owned(),
            one.case.clone().unwrap_or_default(),
            one.of.clone(),
            one.amount.to_string(),
            one.kind.advice().to_owned(),
            explained,
        ]
    };
    let rows: Vec<Vec<String>> = differences.iter().map(row).collect();
    table(
        &["Nøgle", "Afvigelse", "Sag", "Linje eller dage", "Beløb", "Det skal gøres", "Forklaring"],
        &rows,
    )
}

async fn explain(
    session: &Session,
    output: Output,
    month: Month,
    key: &str,
    reason: &str,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let mut tx = session.db.begin().await?;
    let explained = service::explain(&mut tx, &act, month, key, reason).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&explained, |one| {
        format!(
            "{} er forklaret. En anden godkender forklaringen: ydun close accept {month} {}",
            one.amount, one.key
        )
    })?;
    Ok(Ended::Done)
}

async fn accept(session: &Session, output: Output, month: Month, key: &str) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let mut tx = session.db.begin().await?;
    let accepted = service::accept(&mut tx, &act, month, key).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&accepted, |one| format!("Afvigelsen på {} må blive stående.", one.amount))?;
    Ok(Ended::Done)
}

async fn close(session: &Session, output: Output, arguments: MonthArguments) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let mut tx = session.db.begin().await?;
    let MonthArguments { month, benefit } = arguments;
    let closed = service::close(&mut tx, &act, &benefit, month).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&closed, match_text)?;
    Ok(Ended::Done)
}

/// A closed month with what came later.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    found: Match,
    later: Vec<Later>,
}

async fn show(session: &Session, output: Output, arguments: MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let MonthArguments { month, benefit } = arguments;
    let mut read = session.db.read().await?;
    let today = session.clock.today();
    let months = service::check(&mut read, act.tenant(), month, today).await?;
    let found = months.into_iter().find(|found| found.benefit == benefit);
    let not_closed =
        || Refused(format!("'{benefit}' is not closed for {month}; see `ydun close check`"));
    let found = found.filter(|found| found.closed.is_some()).ok_or_else(not_closed)?;
    let later = match &found.closed {
        Some(closed) => service::later(&mut read, act.tenant(), &benefit, month, closed).await?,
        None => Vec::new(),
    };
    output.answer(&Shown { found, later }, shown_text)?;
    Ok(Ended::Done)
}

fn shown_text(Shown { found, later }: &Shown) -> String {
    let head = format!("{}, {}", found.benefit, found.month.in_words());
    let then = found
        .closed
        .as_ref()
        .map(|closed| format!("{}\n{}", closed_text(closed), totals_text(&closed.totals)));
    let row = |later: &Later| {
        vec![later.booked.to_string(), later.postings.to_string(), later.cost.to_string()]
    };
    let rows: Vec<Vec<String>> = later.iter().map(row).collect();
    let later = if rows.is_empty() {
        "Intet er bogført siden på måneden.".to_owned()
    } else {
        let table = table(&["Bogført i", "Posteringer", "Ændring"], &rows);
        format!("Bogført senere og hører til {}:\n{table}", found.month.in_words())
    };
    [head, then.unwrap_or_default(), later].join("\n")
}

async fn refund(session: &Session, output: Output, arguments: MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let MonthArguments { month, benefit } = arguments;
    let mut read = session.db.read().await?;
    let lines = refund_lines(&mut read, act.tenant(), &benefit, month).await?;
    output.answer(&lines, |lines| refund_text(lines))?;
    Ok(Ended::Done)
}

fn refund_text(lines: &[RefundLine]) -> String {
    let row = |line: &RefundLine| {
        vec![
            line.case.clone(),
            line.posting_code.clone(),
            line.period.to_string(),
            line.amount.to_string(),
            format!("{} %", line.percent),
            line.refund.to_string(),
            line.account.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    let head = ["Sag", "Postering", "Dage", "Beløb", "Andel", "Refusion", "Refusionskonto"];
    let total: Dkk = lines.iter().map(|line| line.refund).sum();
    format!("{}\n{} linjer, refusion i alt {total}", table(&head, &rows), lines.len())
}

fn told(error: CloseError) -> anyhow::Error {
    match error {
        CloseError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
