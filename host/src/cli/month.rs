//! `ydun run month` and `ydun figures`: a benefit's month.

use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use ydun::access::{Look, Propose};
use ydun::modules::service::SettingError;
use ydun::operations::figures::{self, Figures as MonthFigures};
use ydun::operations::service::{self, Request, RunError, Summary};
use ydun::operations::{CaseResult, Share};
use ydun_domain::{Day, Month};

use super::arguments::seconds;
use super::exit::{Busy, Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Run {
    /// Calculate every open case of a benefit and put to decision what changes.
    ///
    /// An interrupted run goes on where it stopped when the command is given again.
    Month(RunArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Such as 2020-10.
    month: Month,

    #[arg(long, default_value = "voksenlaerling")]
    benefit: String,

    /// The day to assess as of [default: the last of the month]
    #[arg(long)]
    as_of: Option<Day>,

    /// What became known later is not used [default: today]
    #[arg(long)]
    known_at: Option<Day>,

    /// Calculate, and write nothing.
    #[arg(long)]
    dry_run: bool,

    /// Cases in a transaction.
    #[arg(long, default_value_t = 500)]
    batch: u32,

    /// Seconds the month is kept for this process after each batch.
    #[arg(long, default_value = "10", value_parser = seconds)]
    lease: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Figures {
    /// Such as 2020-10; give several for several rows.
    #[arg(required = true)]
    months: Vec<Month>,

    #[arg(long, default_value = "voksenlaerling")]
    benefit: String,
}

pub(crate) async fn run(
    session: &Session,
    output: Output,
    arguments: RunArguments,
) -> Result<Ended> {
    let act = session.act::<Propose>().await?;
    let registry = session.registry()?;
    let RunArguments { month, benefit, as_of, known_at, dry_run, batch, lease } = arguments;
    let request =
        Request { as_of, known_at, dry_run, batch, lease, ..Request::new(benefit, month) };
    let bar = output.bar("sager beregnet", open_cases(session, &request).await?);
    let summary = service::run_month(&session.db, &registry, &act, &request, |tally| {
        bar.set_position(tally.cases().unsigned_abs());
    })
    .await;
    bar.finish_and_clear();
    let summary = summary.map_err(told)?;
    output.answer(&summary, |summary| summary_text(summary, &request))?;
    let needs_somebody = [CaseResult::NeedsHuman, CaseResult::Incomplete, CaseResult::Fault];
    let found = needs_somebody.iter().any(|result| summary.tally.of(*result).cases > 0);
    Ok(if found { Ended::Found } else { Ended::Done })
}

/// How far the bar goes.
async fn open_cases(session: &Session, request: &Request) -> Result<u64> {
    let look = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let figures = figures::figures(&mut read, &look, &request.benefit, request.month).await?;
    Ok(figures.open_cases.unsigned_abs())
}

pub(super) fn told(error: RunError) -> anyhow::Error {
    match error {
        RunError::AlreadyRunning { .. } | RunError::TakenOver => Busy(error.to_string()).into(),
        RunError::OtherDays { .. }
        | RunError::NotActive(_)
        | RunError::PutToRest(_)
        | RunError::Setting(SettingError::Split { .. }) => Refused(error.to_string()).into(),
        other => other.into(),
    }
}

fn summary_text(summary: &Summary, request: &Request) -> String {
    let head = match &summary.run {
        Some(run) => format!(
            "{}, {}, kørsel {} (vurderet pr. {}, kendt {})",
            run.benefit,
            run.month.in_words(),
            run.sequence,
            run.as_of,
            run.known_at
        ),
        None => {
            format!("{}, {}: en prøve, intet er gemt", request.benefit, request.month.in_words())
        }
    };
    let resumed = match summary.resumed_after {
        0 => String::new(),
        cases => format!("\nGenoptaget efter {cases} sager."),
    };
    let row = |(result, share): (&CaseResult, &Share)| {
        vec![
            danish(*result).to_owned(),
            share.cases.to_string(),
            share.amount.to_string(),
            share.decided.to_string(),
            (share.amount - share.decided).to_string(),
        ]
    };
    let mut rows: Vec<Vec<String>> = summary.tally.0.iter().map(row).collect();
    rows.push(vec![
        "I alt".to_owned(),
        summary.tally.cases().to_string(),
        String::new(),
        String::new(),
        summary.tally.difference().to_string(),
    ]);
    let table = table(&["Resultat", "Sager", "Beregnet", "Besluttet før", "Forskel"], &rows);
    format!("{head}{resumed}\n\n{table}")
}

fn danish(result: CaseResult) -> &'static str {
    match result {
        CaseResult::Proposed => "Indstillet til godkendelse",
        CaseResult::Unchanged => "Uændret",
        CaseResult::Nothing => "Ingen penge for måneden",
        CaseResult::Refused => "Afslag indstillet",
        CaseResult::Incomplete => "Mangler oplysninger",
        CaseResult::NeedsHuman => "Skal vurderes af et menneske",
        CaseResult::Unanswered => "Afventer anmodning",
        CaseResult::Fault => "Beregningen fejlede",
    }
}

pub(crate) async fn figures(
    session: &Session,
    output: Output,
    arguments: Figures,
) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let mut months = Vec::with_capacity(arguments.months.len());
    for month in &arguments.months {
        months.push(figures::figures(&mut read, &act, &arguments.benefit, *month).await?);
    }
    output.answer(&months, |months| figures_text(months))?;
    let agrees = |month: &MonthFigures| month.not_booked().is_zero() && month.not_paid().is_zero();
    Ok(if months.iter().all(agrees) { Ended::Done } else { Ended::Found })
}

fn figures_text(months: &[MonthFigures]) -> String {
    let head: Vec<String> = std::iter::once(String::new())
        .chain(months.iter().map(|month| month.month.in_words()))
        .collect();
    let row = |label: &str, value: &dyn Fn(&MonthFigures) -> String| {
        std::iter::once(label.to_owned()).chain(months.iter().map(value)).collect::<Vec<_>>()
    };
    let rows = [
        row("Åbne sager", &|month| month.open_cases.to_string()),
        row("Afgørelser godkendt", &|month| month.decisions.approved.to_string()),
        row("– heraf afslag", &|month| month.decisions.refused.to_string()),
        row("Forslag, der venter", &|month| month.decisions.proposed.to_string()),
        row("Opgaver, der venter", &|month| month.open_tasks.to_string()),
        row("Besluttet", &|month| month.decisions.amount_approved.to_string()),
        row("Bogført som udgift", &|month| month.booked.expense.to_string()),
        row("– tilbageholdt i skat m.m.", &|month| month.booked.withheld.to_string()),
        row("– betalt i andre systemer", &|month| month.booked.elsewhere.to_string()),
        row("– kommet tilbage", &|month| month.booked.repaid.to_string()),
        row("– ikke længere skyldigt", &|month| month.overpaid.amount.to_string()),
        row("Planlagt til betaling", &|month| month.paid.amount_planned.to_string()),
        row("Undervejs i banken", &|month| month.paid.amount_on_the_way.to_string()),
        row("Betalt", &|month| month.paid.amount_settled.to_string()),
        row("Afvist eller tilbage", &|month| month.paid.amount_troubled.to_string()),
        row("Meddelelser til modtagere", &|month| month.notices.to_string()),
        row("Difference, besluttet/bogført", &|month| month.not_booked().to_string()),
        row("Difference, bogført/betalt", &|month| month.not_paid().to_string()),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    table(&head, &rows)
}
