//! `ydun payment straks-report`: what was paid at once, and which two persons wanted it.

use anyhow::Result;
use clap::Args;
use ydun::access::Pay;
use ydun::operations::straks::{StraksPayment, report};
use ydun_domain::{Dkk, Period};

use crate::cli::exit::Ended;
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct StraksArguments {
    /// The days the money was there [default: this month]
    #[arg(long)]
    days: Option<Period>,
}

pub(super) async fn show(
    session: &Session,
    output: Output,
    arguments: StraksArguments,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let days = arguments.days.unwrap_or_else(|| session.clock.today().month().period());
    let mut tx = session.db.begin().await?;
    let payments = report(&mut tx, &act, days).await?;
    tx.commit().await?;
    output.answer(&payments, |payments| text(payments, days))?;
    Ok(Ended::Done)
}

fn text(payments: &[StraksPayment], days: Period) -> String {
    let row = |one: &StraksPayment| {
        vec![
            one.disposal.to_string(),
            one.case.clone(),
            one.payee.clone(),
            one.amount.to_string(),
            one.state.to_string(),
            one.first_person.clone(),
            one.second_person.clone(),
            one.id.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = payments.iter().map(row).collect();
    let head = [
        "Til rådighed",
        "Sag",
        "Modtager",
        "Beløb",
        "Tilstand",
        "Foreslået af",
        "Godkendt af",
        "Betaling",
    ];
    let total: Dkk = payments.iter().map(|one| one.amount).sum();
    let count = payments.len();
    format!(
        "{}\n{count} straksudbetalinger {}, i alt {total}",
        table(&head, &rows),
        days.in_words()
    )
}
