//! `ydun payment holds` and `ydun payment release`: money kept back until a person has looked.

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use ydun::access::{Look, Register};
use ydun::cases;
use ydun::payments::hold::Hold;
use ydun::payments::service::{ReleaseError, open_holds, release as let_go};
use ydun_domain::ids::{CaseId, HoldId};

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct ReleaseArguments {
    /// As `ydun payment holds` shows it.
    hold: HoldId,

    /// Why the money may go.
    because: String,
}

/// A hold, by the number people call its case.
#[derive(Debug, Serialize)]
struct Row {
    number: String,
    #[serde(flatten)]
    hold: Hold,
}

pub(crate) async fn holds(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let holds = open_holds(&mut read, act.tenant()).await?;
    let ids: Vec<CaseId> = holds.iter().map(|hold| hold.case).collect();
    let cases = cases::service::by_ids(&mut read, act.tenant(), &ids).await?;
    let number = |hold: &Hold| {
        cases.iter().find(|case| case.id == hold.case).map(ToString::to_string).unwrap_or_default()
    };
    let rows: Vec<Row> =
        holds.into_iter().map(|hold| Row { number: number(&hold), hold }).collect();
    output.answer(&rows, |rows| holds_text(rows))?;
    Ok(if rows.is_empty() { Ended::Done } else { Ended::Found })
}

fn holds_text(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "Ingen penge holdes tilbage.".to_owned();
    }
    let row = |Row { number, hold }: &Row| {
        vec![hold.id.to_string(), number.clone(), hold.since.to_string(), hold.reason.clone()]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    table(&["Nummer", "Sag", "Fra", "Hvorfor"], &rows)
}

pub(crate) async fn release(
    session: &Session,
    output: Output,
    arguments: ReleaseArguments,
) -> Result<Ended> {
    let ReleaseArguments { hold, because } = arguments;
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    let_go(&mut tx, &act, hold, &because).await.map_err(|error| match error {
        ReleaseError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&hold, |hold| {
        format!("{hold} er frigivet; betalingen går med næste forsendelse.")
    })?;
    Ok(Ended::Done)
}
