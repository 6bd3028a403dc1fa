//! `ydun payment calendar`: when money approved on a day is there, and until when it can be stopped.

use anyhow::Result;
use clap::Args;
use ydun::payments::Lane;
use ydun::payments::calendar::{CalendarDay, calendar};
use ydun_domain::Day;

use crate::cli::exit::Ended;
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct CalendarArguments {
    /// The first day [default: today]
    #[arg(long)]
    from: Option<Day>,

    /// How many bank days.
    #[arg(long, default_value = "10")]
    days: usize,

    /// One lane: almindelig, dag-til-dag or straks [default: all of them]
    #[arg(long)]
    lane: Option<Lane>,
}

pub(super) async fn show(
    session: &Session,
    output: Output,
    CalendarArguments { from, days, lane }: CalendarArguments,
) -> Result<Ended> {
    let bank = session.bank_profile().await?;
    let from = from.unwrap_or_else(|| session.clock.today());
    let mut rows = Vec::new();
    for lane in Lane::ALL.iter().filter(|one| lane.is_none_or(|lane| lane == **one)) {
        rows.extend(calendar(&bank, *lane, from, days)?);
    }
    output.answer(&rows, |rows| calendar_text(rows))?;
    Ok(Ended::Done)
}

fn calendar_text(rows: &[CalendarDay]) -> String {
    let row = |day: &CalendarDay| {
        let time = day.cut_off.format("%H.%M");
        let bank = day.bank_stops_until.map_or_else(
            || "banken har ikke oplyst en frist".to_owned(),
            |(last, time)| format!("{last} kl. {}", time.format("%H.%M")),
        );
        vec![
            day.lane.to_string(),
            format!("{} inden kl. {time}", day.approved),
            day.send_by.to_string(),
            day.disposal.to_string(),
            bank,
        ]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    let head =
        ["Spor", "Godkendt", "Sendes, standses her til", "Til rådighed", "Banken standser til"];
    table(&head, &rows)
}
