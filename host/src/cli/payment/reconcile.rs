//! `ydun payment reconcile`: what does not agree, whose it is, and for how long.

use anyhow::Result;
use ydun::access::Pay;
use ydun::payments::reconcile::{Break, Kind};
use ydun::payments::service;
use ydun_domain::Day;

use crate::cli::exit::Ended;
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

pub(super) async fn reconcile(
    session: &Session,
    output: Output,
    day: Option<Day>,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let day = day.unwrap_or_else(|| session.clock.today());
    let mut tx = session.db.begin().await?;
    let breaks = service::reconcile(&mut tx, &act, day).await?;
    tx.commit().await?;
    output.answer(&breaks, |breaks| breaks_text(breaks, day))?;
    Ok(if breaks.is_empty() { Ended::Done } else { Ended::Found })
}

fn breaks_text(breaks: &[Break], day: Day) -> String {
    if breaks.is_empty() {
        return "Alt stemmer: sendt og kvitteret, kvitteret og kontoudtog, bogført og besluttet."
            .to_owned();
    }
    let row = |found: &Break| {
        vec![
            danish(found.kind).to_owned(),
            found.age(day).to_string(),
            found.owner.clone(),
            found.amount.to_string(),
            found.title.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = breaks.iter().map(row).collect();
    let table = table(&["Afvigelse", "Dage", "Ejer", "Beløb", "Hvad"], &rows);
    format!("{table}\n{} afvigelser {}", breaks.len(), day.in_words())
}

fn danish(kind: Kind) -> &'static str {
    match kind {
        Kind::Unanswered => "ubesvaret",
        Kind::Unsettled => "ikke udført",
        Kind::OffStatement => "kontoudtog",
        Kind::Stranger => "ukendt",
        Kind::Gap => "hul i kontoudtog",
        Kind::Unpaid => "ikke betalt",
        Kind::Overpaid => "betalt for meget",
        Kind::Books => "bogføring",
    }
}
