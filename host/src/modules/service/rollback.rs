//! Letting older versions count again in place of one that turned out to be bad.

use ydun_domain::ids::ActivationId;
use ydun_domain::{Day, Validity};
use ydun_runtime::Digest;

use super::activation::current;
use super::suspension::put_to_rest;
use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Tx};
use crate::modules::intervals::{shared, without};
use crate::modules::suspension::Cause;
use crate::modules::{Activation, Mode, Reopened, store};

/// Why nothing was rolled back.
#[derive(Debug, thiserror::Error)]
pub enum RollBackError {
    #[error("{benefit} {version} is not installed; see `ydun module list`")]
    NotInstalled { benefit: String, version: String },
    #[error("{benefit} {version} counts for no days, so there is nothing to roll back")]
    NotActive { benefit: String, version: String },
    #[error(
        "no other version that does not rest has counted for the days of {benefit} {version}; put it to rest with \
         `ydun module suspend`"
    )]
    NoneBefore { benefit: String, version: String },
    #[error(
        "it is known from {0} that the version counts; roll it back on that day or a later one"
    )]
    KnownLater(Day),
    #[error("say why; whoever comes after you must understand it")]
    NoReason,
    #[error("the activations could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Ends a version's days, as known from a day on, gives them back to the versions that counted
/// before it, and puts it to rest. No decision and no payment is touched.
pub async fn reopen(
    tx: &mut Tx,
    act: &Act<Administer>,
    (benefit, version): (&str, &str),
    known_from: Day,
    reason: &str,
) -> Result<Reopened, RollBackError> {
    let named = || (benefit.to_owned(), version.to_owned());
    if reason.trim().is_empty() {
        return Err(RollBackError::NoReason);
    }
    store::lock_benefit(tx, benefit).await?;
    let Some(bad) = store::version(tx, benefit, version).await? else {
        let (benefit, version) = named();
        return Err(RollBackError::NotInstalled { benefit, version });
    };
    let closed = closed(tx, act, benefit, bad.digest).await?;
    let Some(latest) = closed.iter().map(|activation| activation.known_from).max() else {
        let (benefit, version) = named();
        return Err(RollBackError::NotActive { benefit, version });
    };
    if latest > known_from {
        return Err(RollBackError::KnownLater(latest));
    }
    let history = fit(tx, act, benefit).await?;
    let (opened, left) = predecessors(&history, &closed, known_from);
    if opened.is_empty() {
        let (benefit, version) = named();
        return Err(RollBackError::NoneBefore { benefit, version });
    }
    for activation in &closed {
        store::end_activation(tx, act.tenant(), activation.id, known_from).await?;
    }
    store::insert_activations(tx, act, &opened).await?;
    put_to_rest(tx, act, bad.digest, Cause::Rollback, reason.trim()).await?;
    let detail = format!("{benefit} {version} known from {known_from}");
    audit::record(tx, act, Action::ModuleRolledBack, Subject::Module(bad.digest), detail).await?;
    Ok(Reopened { digest: bad.digest, closed, opened, left })
}

/// The activations by which a version counts now.
async fn closed(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    digest: Digest,
) -> Result<Vec<Activation>, sqlx::Error> {
    let mut current = current(tx, act.tenant(), benefit, Mode::Active).await?;
    current.retain(|activation| activation.digest == digest);
    Ok(current)
}

/// Every activation there has been of versions that do not rest.
async fn fit(
    db: &mut Read,
    act: &Act<Administer>,
    benefit: &str,
) -> Result<Vec<Activation>, sqlx::Error> {
    let resting = store::suspensions(db, act.tenant()).await?;
    let mut history = store::activations(db, act.tenant(), benefit).await?;
    history.retain(|old| resting.iter().all(|rests| rests.digest != old.digest));
    Ok(history)
}

/// What counted last for the days of the closed ones, of other versions; and the days that no other
/// version has counted for. Ids made later sort later, and each activation took the days it has from
/// those made before it.
fn predecessors(
    history: &[Activation],
    closed: &[Activation],
    known_from: Day,
) -> (Vec<Activation>, Vec<Validity>) {
    let is_other = |old: &&Activation| {
        old.mode == Mode::Active && closed.iter().all(|bad| bad.digest != old.digest)
    };
    let mut others: Vec<&Activation> = history.iter().filter(is_other).collect();
    others.sort_by_key(|old| std::cmp::Reverse(old.id));
    let mut left: Vec<Validity> = closed.iter().map(|bad| bad.days).collect();
    let mut opened = Vec::new();
    for old in others {
        let again = |days| Activation {
            id: ActivationId::generate(),
            days,
            known_from,
            known_until: None,
            ..old.clone()
        };
        opened.extend(left.iter().filter_map(|days| shared(*days, old.days)).map(again));
        left = left.into_iter().flat_map(|days| without(days, old.days)).collect();
    }
    (opened, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activation(version: &str, days: &str) -> Activation {
        Activation {
            id: ActivationId::generate(),
            benefit: "julehjaelp".into(),
            digest: Digest::of(version.as_bytes()),
            mode: Mode::Active,
            days: days.parse().unwrap(),
            known_from: Day::new(2020, 1, 1),
            known_until: None,
        }
    }

    /// `history` in the order it was made; the last one is rolled back.
    #[track_caller]
    fn check(history: &[(&str, &str)], opened: &[(&str, &str)], left: &[&str]) {
        let history: Vec<Activation> =
            history.iter().map(|(version, days)| activation(version, days)).collect();
        let bad = history.last().cloned().unwrap();
        let (found, over) = predecessors(&history, &[bad], Day::new(2020, 12, 1));
        let found: Vec<_> = found.iter().map(|old| (old.digest, old.days)).collect();
        let expected: Vec<_> = opened
            .iter()
            .map(|(version, days)| (Digest::of(version.as_bytes()), days.parse().unwrap()))
            .collect();
        let left: Vec<Validity> = left.iter().map(|days| days.parse().unwrap()).collect();
        assert_eq!((found, over), (expected, left));
    }

    #[test]
    fn days_go_back_to_the_version_that_had_them_last() {
        check(&[("1", "2020-01-01.."), ("2", "2020-10-01..")], &[("1", "2020-10-01..")], &[]);
        check(
            &[("1", "2020-01-01.."), ("2", "2020-10-01.."), ("3", "2020-09-01..")],
            &[("2", "2020-10-01.."), ("1", "2020-09-01..2020-09-30")],
            &[],
        );
        // Counting once more for the same days makes a version no predecessor of itself.
        check(
            &[("1", "2020-01-01.."), ("2", "2020-10-01.."), ("2", "2020-10-01..")],
            &[("1", "2020-10-01..")],
            &[],
        );
    }

    #[test]
    fn days_that_no_other_version_had_are_left_over() {
        check(&[("1", "2020-01-01..")], &[], &["2020-01-01.."]);
        check(
            &[("1", "2020-03-01..2020-03-31"), ("2", "2020-01-01..")],
            &[("1", "2020-03-01..2020-03-31")],
            &["2020-01-01..2020-02-29", "2020-04-01.."],
        );
    }
}
