//! `/`: the municipality's months in figures, and what waits for a person.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Html;
use ydun_domain::Dkk;

use super::html;
use super::tasks::FirstTasks;
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::db::{Read, Result};
use crate::operations::service::{self as operations, Figures};
use crate::web::danish;
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::titles::Titles;

const TASKS_SHOWN: u32 = 8;
const MONTHS_SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "municipality.html")]
struct MunicipalityPage {
    frame: Frame,
    today: String,
    months: Vec<MonthRow>,
    tasks: FirstTasks,
}

/// A benefit's month in figures.
struct MonthRow {
    month: String,
    benefit: String,
    /// Where the list shows the month's cases.
    address: String,
    proposed: Count,
    approved: Count,
    refused: i64,
    booked: Dkk,
    withheld: Dkk,
    settled: Count,
    under_way: Count,
    troubled: Count,
    overpaid: Count,
    notices: i64,
    tasks: i64,
    agrees: Agreement,
}

struct Count {
    count: i64,
    amount: Dkk,
}

/// Whether decided, booked and paid agree; else what is between them.
enum Agreement {
    Agrees,
    NotBooked(Dkk),
    NotPaid(Dkk),
}

pub(super) async fn show(desk: Desk) -> std::result::Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let months = months(&mut tx, &act, &titles).await?;
    let tasks = FirstTasks::read(&mut tx, &act, &titles, TASKS_SHOWN).await?;
    let looked = format!("overview with {} tasks", tasks.rows.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    let today = desk.app.clock.today().in_words();
    html(&MunicipalityPage { frame, today, months, tasks })
}

async fn months(db: &mut Read, act: &Act<Look>, titles: &Titles) -> Result<Vec<MonthRow>> {
    let mut seen = BTreeSet::new();
    let runs = operations::month_runs(db, act).await?;
    let newest = runs.into_iter().filter(|run| seen.insert((run.benefit.clone(), run.month)));
    let mut rows = Vec::new();
    for run in newest.take(MONTHS_SHOWN) {
        let figures = operations::figures(db, act, &run.benefit, run.month).await?;
        rows.push(MonthRow::of(&figures, titles));
    }
    Ok(rows)
}

impl MonthRow {
    fn of(figures: &Figures, titles: &Titles) -> Self {
        let Figures { decisions, booked, overpaid, paid, .. } = figures;
        let count = |count, amount| Count { count, amount };
        Self {
            month: danish::capital(&figures.month.in_words()),
            benefit: titles.of(&figures.benefit).to_owned(),
            address: format!("/sager?maaned={}", figures.month),
            proposed: count(decisions.proposed, decisions.amount_proposed),
            approved: count(decisions.approved, decisions.amount_approved),
            refused: decisions.refused,
            booked: booked.expense,
            withheld: booked.withheld,
            settled: count(paid.settled, paid.amount_settled),
            under_way: count(
                paid.planned + paid.on_the_way,
                paid.amount_planned + paid.amount_on_the_way,
            ),
            troubled: count(paid.troubled, paid.amount_troubled),
            overpaid: count(overpaid.count, overpaid.amount),
            notices: figures.notices,
            tasks: figures.open_tasks,
            agrees: Agreement::of(figures),
        }
    }
}

impl Agreement {
    fn of(figures: &Figures) -> Self {
        match (figures.not_booked(), figures.not_paid()) {
            (Dkk::ZERO, Dkk::ZERO) => Self::Agrees,
            (Dkk::ZERO, not_paid) => Self::NotPaid(not_paid),
            (not_booked, _) => Self::NotBooked(not_booked),
        }
    }
}
