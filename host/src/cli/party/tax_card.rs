//! `ydun party tax-card`: the tax cards of citizens.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use ydun::access::Register;
use ydun::parties::{self, PaymentIdentity};
use ydun::tax::service::{CardError, record};
use ydun::tax::{Card, TaxCard};
use ydun_domain::{Cpr, Day, Validity};

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::Output;
use crate::cli::session::Session;

pub(super) const HELP: &str = r#"The file is JSON, a list of cards:
  [{ "cpr": "010190-1234", "valid": "2026-01-01..", "known-from": "2025-12-01", "source": "eIndkomst",
     "card": { "kind": "main", "percent": 38, "allowance": "4000.00" } }]
The other kinds are { "kind": "secondary", "percent": 38 } and { "kind": "free", "allowance": "46000.00" }.
A main card's allowance is for a month, a free one's for a year. A card recorded again is left alone."#;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    file: PathBuf,
}

/// A card as the file has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    cpr: String,
    valid: Validity,
    known_from: Day,
    source: String,
    card: Card,
}

#[derive(Debug, Serialize)]
struct Recorded {
    read: usize,
    recorded: usize,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    Arguments { file }: Arguments,
) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text)
        .map_err(|error| Refused(format!("{}: {error}", file.display())))?;
    let mut tx = session.db.begin().await?;
    let mut cards = Vec::with_capacity(entries.len());
    for (place, entry) in entries.into_iter().enumerate() {
        let cpr: Result<Cpr, _> = entry.cpr.parse();
        let cpr =
            cpr.map_err(|_| Refused(format!("card [{place}]: the personal number is none")))?;
        let number = PaymentIdentity::Cpr(cpr);
        let party = parties::service::by_number(&mut tx, act.tenant(), &number).await?;
        let unknown = || {
            Refused(format!("card [{place}]: {number} is not registered; import the person first"))
        };
        let Entry { valid, known_from, source, card, .. } = entry;
        cards.push(TaxCard {
            party: party.ok_or_else(unknown)?.id,
            card,
            valid,
            known_from,
            source,
        });
    }
    let read = cards.len();
    let recorded = record(&mut tx, &act, cards).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&Recorded { read, recorded }, |it| {
        format!("{} skattekort læst, {} nye", it.read, it.recorded)
    })?;
    Ok(Ended::Done)
}

fn told(error: CardError) -> anyhow::Error {
    match error {
        CardError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
