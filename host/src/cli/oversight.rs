//! `ydun oversight`: when a third person must sign, and which decisions the management looks at.

use std::collections::HashMap;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Administer, Approve, Look};
use ydun::cases::{CaseNumber, service as cases};
use ydun::decisions::oversight::service::{self, OversightError};
use ydun::decisions::oversight::{Because, Finding, Limits, Over, Sampled};
use ydun::decisions::service::{Listed, sign_list};
use ydun_domain::ids::{CaseId, DecisionId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::Digest;

use super::decision::{MonthArguments, latest_run};
use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the limits, and change what is given.
    Limits(LimitArguments),
    /// The open proposals of a month that are over a limit.
    Over(MonthArguments),
    /// Sign a proposal over the limit as the third person. Another one approves it.
    Countersign {
        /// The case's number, such as 2020-00017.
        case: CaseNumber,
        /// As `ydun oversight over` shows it.
        decision: DecisionId,
        /// The digest that `ydun oversight over` showed.
        #[arg(long)]
        seen: Digest,
    },
    /// The decisions of a month that the management looks at: the same whoever asks.
    Sample(MonthArguments),
    /// Say what was found in a decision of the sample.
    Review(ReviewArguments),
}

#[derive(Debug, Args)]
pub(crate) struct LimitArguments {
    /// A decision of more takes a third person, in kroner such as 25000.00; 'none' for no limit.
    #[arg(long)]
    amount: Option<String>,

    /// So does one that differs by more from what was decided before.
    #[arg(long)]
    deviation: Option<String>,

    /// How many of a month's list are drawn by lot.
    #[arg(long)]
    drawn: Option<u32>,

    /// How many of the most unusual of a month's list are looked at.
    #[arg(long)]
    odd: Option<u32>,

    /// The day the change counts from [default: today]
    #[arg(long)]
    from: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    #[command(flatten)]
    month: MonthArguments,

    /// As `ydun oversight sample` shows it.
    decision: DecisionId,

    /// right or wrong.
    finding: Finding,

    /// What is wrong, for whoever puts it right.
    #[arg(long, default_value = "")]
    note: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Limits(arguments) => limits(session, output, arguments).await,
        Command::Over(month) => over(session, output, &month).await,
        Command::Countersign { case, decision, seen } => {
            countersign(session, output, case, (decision, seen)).await
        }
        Command::Sample(month) => sample(session, output, &month).await,
        Command::Review(arguments) => review(session, output, arguments).await,
    }
}

/// Changes what is given, and shows what applies.
async fn limits(session: &Session, output: Output, arguments: LimitArguments) -> Result<Ended> {
    let look = session.act::<Look>().await?;
    let from = arguments.from.unwrap_or_else(|| session.clock.today());
    let mut read = session.db.read().await?;
    let before = service::limits(&mut read, look.tenant(), from).await?;
    drop(read);
    let limits = changed(before, &arguments)?;
    if limits != before {
        let act = session.act::<Administer>().await?;
        let mut tx = session.db.begin().await?;
        service::set_limits(&mut tx, &act, from, limits).await?;
        tx.commit().await?;
    }
    output.answer(&limits, limits_text)?;
    Ok(Ended::Done)
}

fn changed(before: Limits, arguments: &LimitArguments) -> Result<Limits> {
    let limit = |text: &Option<String>, before| match text.as_deref() {
        None => Ok(before),
        Some("none") => Ok(None),
        Some(text) => Dkk::parse_plain(text).map(Some),
    };
    Ok(Limits {
        amount: limit(&arguments.amount, before.amount)?,
        deviation: limit(&arguments.deviation, before.deviation)?,
        drawn: arguments.drawn.unwrap_or(before.drawn),
        odd: arguments.odd.unwrap_or(before.odd),
    })
}

fn limits_text(limits: &Limits) -> String {
    let told = |limit: Option<Dkk>| limit.map_or("ingen grænse".to_owned(), |at| at.to_string());
    format!(
        "En tredje person skal underskrive\n  over beløbet: {}\n  ved større ændring end: {}\nLedelsestilsyn af \
         hver måned\n  de mest usædvanlige: {}\n  udtrukket ved lod: {}",
        told(limits.amount),
        told(limits.deviation),
        limits.odd,
        limits.drawn
    )
}

/// A decision by the number people call its case, and why it is shown.
#[derive(Debug, Serialize)]
struct Row {
    number: String,
    decision: DecisionId,
    why: String,
    told: String,
}

fn rows_text(rows: &[Row], told: &str) -> String {
    let row = |row: &Row| {
        vec![row.number.clone(), row.decision.to_string(), row.why.clone(), row.told.clone()]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    table(&["Sag", "Afgørelse", "Fordi", told], &rows)
}

async fn over(session: &Session, output: Output, month: &MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let (run, today) = (latest_run(session, month).await?.id, session.clock.today());
    let mut read = session.db.read().await?;
    let over = service::over_of_list(&mut read, act.tenant(), run, today).await?;
    let signed = service::countersigned(&mut read, act.tenant(), run).await?;
    let list = sign_list(&mut read, act.tenant(), run).await?;
    let open: Vec<_> = list.proposals.iter().filter(|listed| listed.is_open).collect();
    let ids: Vec<CaseId> = open.iter().map(|listed| listed.case).collect();
    let numbers = numbers(&mut read, act.tenant(), &ids).await?;
    let by = |id: DecisionId| {
        let of = signed.iter().filter(|(signed, _)| *signed == id);
        of.map(|(_, by)| by.clone()).collect::<Vec<_>>().join(", ")
    };
    let row = |listed: &&Listed| {
        let why = in_words(*over.get(&listed.id)?).to_owned();
        let number = numbers.get(&listed.case).cloned().unwrap_or_default();
        let told = format!("{} --seen {}", by(listed.id), listed.digest);
        Some(Row { number, decision: listed.id, why, told })
    };
    let rows: Vec<Row> = open.iter().filter_map(row).collect();
    output.answer(&rows, |rows| rows_text(rows, "Underskrevet af; underskriv med"))?;
    Ok(if rows.is_empty() { Ended::Done } else { Ended::Found })
}

fn in_words(over: Over) -> &'static str {
    match over {
        Over::Amount => "beløbet er over grænsen",
        Over::Deviation => "ændringen er over grænsen",
    }
}

async fn numbers(
    db: &mut ydun::db::Read,
    tenant: ydun_domain::Tenant,
    ids: &[CaseId],
) -> ydun::db::Result<HashMap<CaseId, String>> {
    let cases = cases::by_ids(db, tenant, ids).await?;
    Ok(cases.into_iter().map(|case| (case.id, case.to_string())).collect())
}

async fn countersign(
    session: &Session,
    output: Output,
    case: CaseNumber,
    (decision, seen): (DecisionId, Digest),
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let of = session.case(case).await?.id;
    let mut tx = session.db.begin().await?;
    service::countersign(&mut tx, &act, (of, decision), seen).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&decision, |_| {
        format!(
            "Forslaget i sag {case} er underskrevet af en tredje person. En anden godkender det."
        )
    })?;
    Ok(Ended::Done)
}

async fn sample(session: &Session, output: Output, month: &MonthArguments) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let (run, today) = (latest_run(session, month).await?.id, session.clock.today());
    let mut read = session.db.read().await?;
    let sample = service::sample_of(&mut read, act.tenant(), run, today).await?;
    let reviews = service::reviews(&mut read, act.tenant(), run).await?;
    let ids: Vec<CaseId> = sample.iter().map(|one| one.candidate.case).collect();
    let numbers = numbers(&mut read, act.tenant(), &ids).await?;
    let row = |Sampled { candidate, because }: &Sampled| {
        let review = reviews.iter().find(|review| review.decision == candidate.id);
        Row {
            number: numbers.get(&candidate.case).cloned().unwrap_or_default(),
            decision: candidate.id,
            why: match because {
                Because::Odd => "usædvanlig".to_owned(),
                Because::Drawn => "udtrukket".to_owned(),
            },
            told: review.map_or_else(String::new, |review| {
                format!("{} {}: {}", review.found_by, review.finding, review.note)
            }),
        }
    };
    let rows: Vec<Row> = sample.iter().map(row).collect();
    output.answer(&rows, |rows| rows_text(rows, "Fundet"))?;
    Ok(Ended::Done)
}

async fn review(session: &Session, output: Output, arguments: ReviewArguments) -> Result<Ended> {
    let ReviewArguments { month, decision, finding, note } = arguments;
    let act = session.act::<Approve>().await?;
    let run = latest_run(session, &month).await?.id;
    let mut tx = session.db.begin().await?;
    service::review(&mut tx, &act, run, decision, (finding, &note)).await.map_err(told)?;
    tx.commit().await?;
    output
        .answer(&decision, |decision| format!("Tilsynet med {decision} er noteret: {finding}"))?;
    Ok(Ended::Done)
}

fn told(error: OversightError) -> anyhow::Error {
    match error {
        OversightError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}
