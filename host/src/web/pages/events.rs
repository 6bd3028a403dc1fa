//! `/haendelser`: what registers have told, what came of it and why, and what the rules made of a month.

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Html;
use ydun_domain::{Day, Month};

use super::html;
use crate::access::Look;
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::clock::danish;
use crate::events::service as events;
use crate::events::tried::{Total, Tried};
use crate::events::{Event, Gap};
use crate::payments;
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::month_query::MonthQuery;

/// How many events are shown; the month's figures are of all.
const SHOWN_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    frame: Frame,
    month: Month,
    rows: Vec<EventRow>,
    kinds: Vec<Tried>,
    total: Total,
    lost: Vec<Gap>,
    unread: usize,
    /// How many payees' money is kept back.
    held: usize,
}

#[derive(Debug)]
struct EventRow {
    kind: &'static str,
    day: String,
    source: String,
    reason: String,
    waits: bool,
}

impl EventRow {
    fn of(event: Event) -> Self {
        let Event { message, due_at, judged, last_error, .. } = event;
        let waits = judged.is_none();
        let reason = judged.map_or_else(
            || match last_error {
                Some(error) => format!("Kunne ikke vurderes og prøves igen: {error}"),
                None => format!("Venter til {}", danish(due_at).in_words()),
            },
            |judged| judged.reason,
        );
        Self {
            kind: message.kind.in_words(),
            day: Day::in_words(message.day),
            source: message.source,
            reason: hide_personal_numbers(&reason),
            waits,
        }
    }
}

pub(super) async fn show(
    desk: Desk,
    query: Result<Query<MonthQuery>, QueryRejection>,
) -> Result<Html<String>, PageError> {
    let month = query?.0.month(desk.app.clock.today())?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let newest = events::newest(&mut tx, &act, SHOWN_MAX).await?;
    let kinds = events::tried(&mut tx, &act, month).await?;
    let lost = events::lost(&mut tx, &act).await?;
    let unread = events::open_unread(&mut tx, act.tenant()).await?.len();
    let held = payments::service::open_holds(&mut tx, act.tenant()).await?.len();
    let detail = format!("{} events", newest.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, detail).await?;
    tx.commit().await?;
    let rows = newest.into_iter().map(EventRow::of).collect();
    let total = Total::of(&kinds);
    html(&EventsPage { frame, month, rows, kinds, total, lost, unread, held })
}
