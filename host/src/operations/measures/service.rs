//! The figures of a month, and the cases behind them.

use chrono::{DateTime, Utc};
use ydun_domain::{Day, Month};

use super::{Behind, Figures, Measure, Share, store};
use crate::access::{Act, Look};
use crate::clock::midnight;
use crate::db::{Read, Result};
use crate::events::service as events;
use crate::events::tried::Total;

/// The days of a month, and the moments they begin and end at in Denmark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) from: DateTime<Utc>,
    /// Not included.
    pub(super) until: DateTime<Utc>,
}

impl From<Month> for Span {
    fn from(month: Month) -> Self {
        Self {
            first: month.first(),
            last: month.last(),
            from: midnight(month.first()),
            until: midnight(month.next().first()),
        }
    }
}

/// The figures of a month.
pub async fn figures(db: &mut Read, act: &Act<Look>, month: Month) -> Result<Figures> {
    let (tenant, span) = (act.tenant(), Span::from(month));
    let mut hours = store::task_hours(db, tenant, span).await?;
    hours.sort_unstable();
    let events = Total::of(&events::tried(db, act, month).await?);
    Ok(Figures {
        month,
        corrected: store::corrected(db, tenant, span).await?,
        self_service: store::self_service(db, tenant, span).await?,
        facts: store::facts(db, tenant, span).await?,
        tasks_done: i64::try_from(hours.len()).expect("they fit in memory"),
        hours_middle: hours.get(hours.len() / 2).copied(),
        tasks_per_decided: store::tasks_per_decided(db, tenant, span).await?,
        events_closed: Share { part: events.closed, whole: events.received },
    })
}

/// The cases behind a figure of a month, those that count most first.
pub async fn behind(
    db: &mut Read,
    act: &Act<Look>,
    measure: Measure,
    month: Month,
    limit: u32,
) -> Result<Vec<Behind>> {
    store::behind(db, act.tenant(), measure, month.into(), limit).await
}
