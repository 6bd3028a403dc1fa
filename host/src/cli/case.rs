//! `ydun explain` and `ydun verify`: why a case got what it got, and whether it still holds.

use anyhow::{Context as _, Result};
use clap::Args;
use ydun::access::Look;
use ydun::cases::CaseNumber;
use ydun::decisions::explain;
use ydun::decisions::verify::{self, Verified};
use ydun::parallel;
use ydun_domain::ids::CaseId;
use ydun_domain::{Month, Period};

use super::exit::{Ended, Refused};
use super::output::Output;
use super::session::Session;

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// A month such as 2020-10, or days such as 2020-10-01..2020-12-31.
    #[arg(value_parser = read_period)]
    period: Period,
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
    month.or_else(|_| text.parse()).map_err(|error: ydun_domain::time::NotAPeriod| error.to_string())
}

pub(crate) async fn explain(
    session: &Session,
    output: Output,
    arguments: Explain,
) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = case(session, &arguments.case).await?;
    let mut tx = session.db.begin().await?;
    let explanation = explain::explain(&mut tx, &act, case, arguments.period).await?;
    tx.commit().await?;
    output.answer(&explanation, ToString::to_string)?;
    Ok(Ended::Done)
}

pub(crate) async fn verify(session: &Session, output: Output, arguments: Verify) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let registry = session.registry()?;
    let cases = match &arguments.case {
        Some(number) => {
            let id = case(session, number).await?;
            id..=id
        }
        None => verify::all_cases(),
    };
    let bar = output.progress("beregninger efterprøvet");
    let verified = verify::verify(
        &session.db,
        &registry,
        &act,
        &cases,
        parallel::cores(),
        |so_far| bar.set_position(so_far.runs + so_far.broken.len() as u64),
    )
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

async fn case(session: &Session, number: &CaseNumber) -> Result<CaseId> {
    let mut read = session.db.read().await?;
    let found = ydun::cases::service::by_number(&mut read, session.tenant()?, *number)
        .await
        .context("the case could not be looked up")?;
    let missing = || Refused(format!("there is no case {number}; see `ydun decision list`"));
    Ok(found.ok_or_else(missing)?.id)
}
