//! Logging in and out, and who a token belongs to.

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::Tenant;

use super::password::{self, PasswordError};
use super::{IDLE, Kind, Login, SESSION, Token, store};
use crate::access::{AccessError, Act, Administer, Look, authorise};
use crate::audit::{self, Action, Subject};
use crate::db::{Db, Read, Result, Tx};

/// So many wrong passwords in a row are forgiven.
const FAILURES_MAX: i64 = 5;
/// After that nobody gets in as this worker for so long.
const BLOCKED: TimeDelta = TimeDelta::minutes(5);
/// The longest another system's key lasts.
const KEY_DAYS_MAX: u32 = 366;

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Also where there is no such worker: which of the two is nobody's business.
    #[error("initials and password do not belong together")]
    Wrong,
    #[error("too many wrong passwords; try again after {until}")]
    Blocked { until: DateTime<Utc> },
    #[error(transparent)]
    Denied(#[from] AccessError),
    #[error("the login could not be checked")]
    Store(#[from] sqlx::Error),
}

/// Why another system got no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("a key lasts from 1 to {KEY_DAYS_MAX} days")]
    Days,
    #[error("municipality has no worker '{0}'; the import file sets workers up")]
    NoWorker(String),
    #[error("the key could not be kept")]
    Store(#[from] sqlx::Error),
}

/// Gives a worker a password, and ends the worker's sessions: whoever knew the old one is out.
pub async fn set_password(
    tx: &mut Tx,
    act: &Act<Administer>,
    worker: &str,
    password: &str,
) -> std::result::Result<(), PasswordError> {
    if !store::is_worker(tx, act.tenant(), worker).await? {
        return Err(PasswordError::NoWorker(worker.to_owned()));
    }
    let kept = password::hash(password)?;
    store::set_password(tx, act, worker, &kept).await?;
    store::end_sessions(tx, act.tenant(), worker, act.at()).await?;
    let subject = Subject::Worker(worker.to_owned());
    Ok(audit::record(tx, act, Action::PasswordSet, subject, "").await?)
}

/// Checks initials and password, and begins a session.
///
/// The password is checked outside any transaction, since it takes long on purpose.
pub async fn log_in(
    db: &Db,
    tenant: Tenant,
    worker: &str,
    password: &str,
    now: DateTime<Utc>,
) -> std::result::Result<Token, LogInError> {
    let kept = store::credential(&mut db.read().await?, tenant, worker).await?;
    if let Some(until) = kept.as_ref().and_then(|kept| blocked_until(kept, now)) {
        return Err(LogInError::Blocked { until });
    }
    if !is_right(kept.map(|kept| kept.password), password).await {
        let mut tx = db.begin().await?;
        store::count_failure(&mut tx, tenant, worker, now).await?;
        tx.commit().await?;
        return Err(LogInError::Wrong);
    }
    let mut tx = db.begin().await?;
    let act: Act<Look> = authorise(&mut tx, tenant, worker, now).await?;
    let token = begin(&mut tx, tenant, worker, Kind::Session, (now, now + SESSION)).await?;
    store::forget_failures(&mut tx, tenant, worker).await?;
    audit::record(&mut tx, &act, Action::LoggedIn, Subject::Worker(worker.to_owned()), "").await?;
    tx.commit().await?;
    Ok(token)
}

async fn is_right(kept: Option<String>, password: &str) -> bool {
    let password = password.to_owned();
    let check = move || password::is_right(kept.as_deref(), &password);
    tokio::task::spawn_blocking(check).await.expect("checking a password does not stop")
}

fn blocked_until(kept: &store::Credential, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let until = kept.last_failure? + BLOCKED;
    (kept.failures >= FAILURES_MAX && now < until).then_some(until)
}

/// Gives another system a key that makes it a worker for so many days.
pub async fn issue_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    worker: &str,
    days: u32,
) -> std::result::Result<Token, KeyError> {
    if !(1..=KEY_DAYS_MAX).contains(&days) {
        return Err(KeyError::Days);
    }
    if !store::is_worker(tx, act.tenant(), worker).await? {
        return Err(KeyError::NoWorker(worker.to_owned()));
    }
    let lasts = (act.at(), act.at() + TimeDelta::days(days.into()));
    let token = begin(tx, act.tenant(), worker, Kind::Key, lasts).await?;
    let subject = Subject::Worker(worker.to_owned());
    audit::record(tx, act, Action::KeyIssued, subject, format!("{days} days")).await?;
    Ok(token)
}

async fn begin(
    tx: &mut Tx,
    tenant: Tenant,
    worker: &str,
    kind: Kind,
    (seen_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Token> {
    let token = Token::generate();
    let login = Login { worker: worker.to_owned(), kind, seen_at, ends_at };
    store::insert(tx, tenant, &token, &login).await?;
    Ok(token)
}

/// Whose token it is, where it counts now.
pub async fn whose(
    db: &mut Read,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Login>> {
    let found = store::find(db, tenant, token).await?;
    Ok(found.filter(|login| login.counts_at(now)))
}

/// Whether a session should be told that it is still used: often enough, and not at every request.
pub fn is_stale(login: &Login, now: DateTime<Utc>) -> bool {
    login.kind == Kind::Session && now - login.seen_at > IDLE / 10
}

/// Remembers that a token was used.
pub async fn seen(tx: &mut Tx, tenant: Tenant, token: &Token, now: DateTime<Utc>) -> Result<()> {
    store::seen(tx, tenant, token, now).await
}

/// Ends the login of a token; one that has ended stays so.
pub async fn log_out(tx: &mut Tx, act: &Act<Look>, token: &Token) -> Result<()> {
    store::end(tx, act.tenant(), token, act.at()).await?;
    let subject = Subject::Worker(act.by().to_owned());
    audit::record(tx, act, Action::LoggedOut, subject, "").await
}

/// Ends every session and key of a worker.
pub async fn revoke(tx: &mut Tx, act: &Act<Administer>, worker: &str) -> Result<u64> {
    let ended = store::end_all(tx, act.tenant(), worker, act.at()).await?;
    let subject = Subject::Worker(worker.to_owned());
    audit::record(tx, act, Action::LoginsRevoked, subject, format!("{ended} logins")).await?;
    Ok(ended)
}
