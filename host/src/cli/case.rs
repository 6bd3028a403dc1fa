//! `ydun case`, `ydun explain` and `ydun verify`: a case, why it got what it got, and whether that
//! still holds.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::Look;
use ydun::audit::{self, Subject};
use ydun::cases::{self, ALL_CASES, Case, CaseNumber};
use ydun::decisions::explain;
use ydun::decisions::verify::{self, Verified};
use ydun::parallel;
use ydun_domain::{Day, Month, Period};

use super::exit::Ended;
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The open cases of a benefit.
    List {
        #[arg(long, default_value = "voksenlaerling")]
        benefit: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// Months such as 2020-10, or days such as 2020-10-01..2020-10-15; each is explained by itself.
    #[arg(required = true, value_parser = read_period)]
    periods: Vec<Period>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The case's number, such as 2020-00017.
    #[arg(required_unless_present = "all")]
    case: Option<CaseNumber>,

    /// Every case of the municipality.
    #[arg(long, conflicts_with = "case")]
    all: bool,
}

fn read_period(text: &str) -> Result<Period, String> {
    let month = text.parse::<Month>().map(Month::period);
    month
        .or_else(|_| text.parse())
        .map_err(|error: ydun_domain::time::NotAPeriod| error.to_string())
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    Command::List { benefit }: Command,
) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let open = cases::service::next_open(&mut tx, act.tenant(), &benefit, None, u32::MAX).await?;
    let detail = format!("the list of {} open cases of {benefit}", open.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, detail).await?;
    tx.commit().await?;
    let listed: Vec<Listed> = open.into_iter().map(Listed::from).collect();
    output.answer(&listed, |listed| {
        let row = |case: &Listed| {
            let key = case.external_key.clone().unwrap_or_default();
            vec![case.number.clone(), key, case.opened.to_string()]
        };
        let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
        table(&["Sag", "Nøgle", "Oprettet"], &rows)
    })?;
    Ok(Ended::Done)
}

/// A case on the list.
#[derive(Debug, Serialize)]
struct Listed {
    number: String,
    external_key: Option<String>,
    opened: Day,
}

impl From<Case> for Listed {
    fn from(case: Case) -> Self {
        Self {
            number: case.number.to_string(),
            external_key: case.external_key,
            opened: case.opened,
        }
    }
}

pub(crate) async fn explain(
    session: &Session,
    output: Output,
    arguments: Explain,
) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = session.case(arguments.case).await?.id;
    let mut tx = session.db.begin().await?;
    let mut explanations = Vec::with_capacity(arguments.periods.len());
    for period in arguments.periods {
        explanations.push(explain::explain(&mut tx, &act, case, period).await?);
    }
    tx.commit().await?;
    output.answer(&explanations, |explanations| {
        explanations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
    })?;
    Ok(Ended::Done)
}

pub(crate) async fn verify(session: &Session, output: Output, arguments: Verify) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let registry = session.registry()?;
    let cases = match arguments.case {
        Some(number) => {
            let id = session.case(number).await?.id;
            id..=id
        }
        None => ALL_CASES,
    };
    let bar = output.progress("beregninger efterprøvet");
    let verified =
        verify::verify(&session.db, &registry, &act, &cases, parallel::cores(), |so_far| {
            bar.set_position(so_far.runs + so_far.broken.len() as u64);
        })
        .await?;
    bar.finish_and_clear();
    output.answer(&verified, verified_text)?;
    Ok(if verified.broken.is_empty() { Ended::Done } else { Ended::Found })
}

fn verified_text(verified: &Verified) -> String {
    let Verified { runs, decisions, broken } = verified;
    let mut lines = vec![format!(
        "{runs} beregninger gav det samme igen, bit for bit, og {decisions} afgørelser følger af dem."
    )];
    lines.extend(broken.iter().map(|broken| {
        format!("BRUDT  sag {}, beregning {}: {}", broken.case, broken.run, broken.what)
    }));
    lines.join("\n")
}
