//! What can be done with a month: check whether it agrees, explain, close, and look at it afterwards.

use ydun_domain::{Day, Dkk, Month, Tenant};

use super::agreement::{Known, agree};
use super::{Closed, Difference, Explanation, Later, Match, store};
use crate::access::{Act, Approve, Pay, Right};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::reports;

/// Why a month was not closed, or a difference not explained.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error("{0} is not over; a month is closed when nothing more can happen in it")]
    NotOver(Month),
    #[error("'{benefit}' has nothing decided, booked or paid in {month}")]
    Nothing { benefit: String, month: Month },
    #[error("'{benefit}' is closed for {month} already; see `ydun close show`")]
    ClosedBefore { benefit: String, month: Month },
    #[error(
        "'{benefit}' does not agree for {month}: {} differences that nobody has explained, {sum} in all; \
         `ydun close check {month}` lists each with what to do", .open.len()
    )]
    Differs { benefit: String, month: Month, open: Vec<Difference>, sum: Dkk },
    #[error("{month} has no difference {key}; `ydun close check {month}` lists them")]
    NoDifference { month: Month, key: String },
    #[error("say why the difference may stand")]
    NoReason,
    #[error("nobody has explained the difference {0}; explain it first with `ydun close explain`")]
    NotExplained(String),
    #[error(
        "the difference {key} was explained when it was {then}, and is {now} now; explain it anew"
    )]
    Moved { key: String, then: Dkk, now: Dkk },
    #[error("'{by}' explained it; another person must agree")]
    SamePerson { by: String },
    #[error("the month could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Whether every benefit's month agrees, by benefit.
pub async fn check(
    db: &mut Read,
    tenant: Tenant,
    month: Month,
    today: Day,
) -> db::Result<Vec<Match>> {
    let lines = store::lines(db, tenant, month.period()).await?;
    let told = reports::service::told(db, tenant, month.period(), today).await?;
    let known = Known {
        explanations: store::explanations(db, tenant, month).await?.into_iter().collect(),
        closed: store::closed(db, tenant, month).await?.into_iter().collect(),
    };
    Ok(agree(month, &lines, &told, known))
}

/// Says why a difference may stand as it is. It counts when another person agrees.
pub async fn explain(
    tx: &mut Tx,
    act: &Act<Pay>,
    month: Month,
    key: &str,
    reason: &str,
) -> Result<Difference, CloseError> {
    if reason.trim().is_empty() {
        return Err(CloseError::NoReason);
    }
    let mut difference = find(tx, act, month, key).await?;
    store::explain(tx, act, month, (key, difference.amount), reason).await?;
    difference.explanation = Some(Explanation {
        amount: difference.amount,
        reason: reason.to_owned(),
        explained_by: act.by().to_owned(),
        accepted_by: None,
    });
    let detail = format!("{month} {key} {}: {reason}", difference.amount);
    audit::record(tx, act, Action::DifferenceExplained, Subject::Municipality, detail).await?;
    Ok(difference)
}

/// Agrees that a difference may stand for the reason given.
pub async fn accept(
    tx: &mut Tx,
    act: &Act<Approve>,
    month: Month,
    key: &str,
) -> Result<Difference, CloseError> {
    let mut difference = find(tx, act, month, key).await?;
    let now = difference.amount;
    let Some(explanation) = &mut difference.explanation else {
        return Err(CloseError::NotExplained(key.to_owned()));
    };
    if explanation.amount != now {
        return Err(CloseError::Moved { key: key.to_owned(), then: explanation.amount, now });
    }
    if explanation.explained_by == act.by() {
        return Err(CloseError::SamePerson { by: act.by().to_owned() });
    }
    explanation.accepted_by = Some(act.by().to_owned());
    store::accept(tx, act, month, key).await?;
    let detail = format!("{month} {key} {now}");
    audit::record(tx, act, Action::DifferenceAccepted, Subject::Municipality, detail).await?;
    Ok(difference)
}

async fn find<R: Right>(
    db: &mut Read,
    act: &Act<R>,
    month: Month,
    key: &str,
) -> Result<Difference, CloseError> {
    let months = check(db, act.tenant(), month, danish(act.at())).await?;
    let found = months.into_iter().flat_map(|month| month.differences).find(|one| one.key == key);
    found.ok_or_else(|| CloseError::NoDifference { month, key: key.to_owned() })
}

/// Closes a benefit's month, when it agrees or two persons have explained what does not.
pub async fn close(
    tx: &mut Tx,
    act: &Act<Pay>,
    benefit: &str,
    month: Month,
) -> Result<Match, CloseError> {
    let today = danish(act.at());
    if today <= month.last() {
        return Err(CloseError::NotOver(month));
    }
    let months = check(tx, act.tenant(), month, today).await?;
    let of = || (benefit.to_owned(), month);
    let found = months.into_iter().find(|found| found.benefit == benefit);
    let mut found = found.ok_or_else(|| {
        let (benefit, month) = of();
        CloseError::Nothing { benefit, month }
    })?;
    let open: Vec<Difference> = found.open().cloned().collect();
    if !open.is_empty() {
        let sum = open.iter().map(|difference| difference.amount.abs()).sum();
        let (benefit, month) = of();
        return Err(CloseError::Differs { benefit, month, open, sum });
    }
    let explained = i64::try_from(found.differences.len()).expect("they fit in memory");
    if !store::close(tx, act, (benefit, month), &found.totals, explained).await? {
        let (benefit, month) = of();
        return Err(CloseError::ClosedBefore { benefit, month });
    }
    let by = act.by().to_owned();
    found.closed = Some(Closed { at: act.at(), by, totals: found.totals, explained });
    let detail = format!("{benefit} {month}, {explained} explained differences");
    audit::record(tx, act, Action::MonthClosed, Subject::Municipality, detail).await?;
    Ok(found)
}

/// What was booked after a benefit's month was closed and belongs to it, by the month it is booked in.
pub async fn later(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    month: Month,
    closed: &Closed,
) -> db::Result<Vec<Later>> {
    store::later(db, tenant, benefit, month.period(), closed.at).await
}
