//! Putting a module to rest, by a person or because it cannot be trusted.

use ydun_domain::Tenant;
use ydun_runtime::{Code, Digest, Manifest};

use crate::access::{Act, Administer, Right};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::modules::policy::Policy;
use crate::modules::run::{Answer, Run};
use crate::modules::store;
use crate::modules::suspension::{Cause, Suspension};
use crate::tasks::{self, About, NewTask};

/// Faults that say nothing about the module: the machine was busy, or the case is too large.
const NOT_ITS_OWN: [Code; 2] = [Code::Time, Code::Input];

/// Where the owners of modules find their tasks.
const QUEUE: &str = "module-owner";

/// Why a module was not put to rest, or not let go again.
#[derive(Debug, thiserror::Error)]
pub enum SuspendError {
    #[error("{benefit} {version} is not installed; see `ydun module list`")]
    NotInstalled { benefit: String, version: String },
    #[error("{benefit} {version} rests already; see `ydun module list`")]
    Already { benefit: String, version: String },
    #[error("{benefit} {version} does not rest; see `ydun module list`")]
    NotSuspended { benefit: String, version: String },
    #[error("say why; whoever comes after you must understand it")]
    NoReason,
    #[error("the module's rest could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Puts a version to rest: nothing new is calculated with it, and what is decided is paid.
pub async fn suspend(
    tx: &mut Tx,
    act: &Act<Administer>,
    (benefit, version): (&str, &str),
    reason: &str,
) -> Result<Suspension, SuspendError> {
    let reason = given(reason)?;
    let digest = installed(tx, benefit, version).await?;
    let suspension = put_to_rest(tx, act, digest, Cause::Person, reason).await?;
    let (benefit, version) = (benefit.to_owned(), version.to_owned());
    suspension.ok_or(SuspendError::Already { benefit, version })
}

/// Lets a version calculate again, and closes the task about it.
pub async fn resume(
    tx: &mut Tx,
    act: &Act<Administer>,
    (benefit, version): (&str, &str),
    because: &str,
) -> Result<(), SuspendError> {
    let because = given(because)?;
    let digest = installed(tx, benefit, version).await?;
    if !store::resume(tx, act, digest, because).await? {
        let (benefit, version) = (benefit.to_owned(), version.to_owned());
        return Err(SuspendError::NotSuspended { benefit, version });
    }
    tasks::service::ask_about_module(tx, act, &topic(digest), None).await?;
    audit::record(tx, act, Action::ModuleResumed, Subject::Module(digest), because).await?;
    Ok(())
}

fn given(reason: &str) -> Result<&str, SuspendError> {
    Some(reason.trim()).filter(|reason| !reason.is_empty()).ok_or(SuspendError::NoReason)
}

async fn installed(db: &mut Read, benefit: &str, version: &str) -> Result<Digest, SuspendError> {
    let kept = store::version(db, benefit, version).await?;
    let (benefit, version) = (benefit.to_owned(), version.to_owned());
    kept.map(|kept| kept.digest).ok_or(SuspendError::NotInstalled { benefit, version })
}

/// Every module that rests in the municipality.
pub async fn suspensions(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Suspension>> {
    store::suspensions(db, tenant).await
}

/// Why and since when a module rests, if it does.
pub async fn suspension(
    db: &mut Read,
    tenant: Tenant,
    digest: Digest,
) -> db::Result<Option<Suspension>> {
    store::suspension(db, tenant, digest).await
}

/// Puts the module of these runs to rest when they show that it cannot be trusted. The runs are kept
/// already.
pub async fn watch<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    policy: &Policy,
    runs: &[&Run],
) -> db::Result<Option<Suspension>> {
    let Some(distrust) = distrust(tx, act, policy, runs).await? else { return Ok(None) };
    let Distrust { seen, cause, reason } = distrust;
    put_to_rest(tx, act, seen.artifact, cause, &reason).await
}

/// What makes a module unfit to go on.
struct Distrust<'a> {
    /// The run it was seen in.
    seen: &'a Run,
    cause: Cause,
    reason: String,
}

async fn distrust<'a, R: Right>(
    db: &mut Read,
    act: &Act<R>,
    policy: &Policy,
    runs: &[&'a Run],
) -> db::Result<Option<Distrust<'a>>> {
    let failed = |run: &&'a Run| fault_of(run).map(|code| (*run, code));
    if let Some((seen, _)) =
        runs.iter().filter_map(failed).find(|(_, code)| *code == Code::Nondeterministic.as_str())
    {
        let reason = "modulet gav to forskellige svar på de samme oplysninger".to_owned();
        return Ok(Some(Distrust { seen, cause: Cause::Disagreement, reason }));
    }
    let its_own = |code: &str| NOT_ITS_OWN.iter().all(|other| other.as_str() != code);
    let last = runs.iter().filter_map(failed).rfind(|(_, code)| its_own(code));
    let Some((seen, code)) = last else { return Ok(None) };
    let since = act.at() - policy.window();
    let faults = store::count_faults(db, act.tenant(), seen.artifact, since, &NOT_ITS_OWN).await?;
    if faults < i64::from(policy.fault_limit) {
        return Ok(None);
    }
    let times = if faults == 1 { "1 gang".to_owned() } else { format!("{faults} gange") };
    let window = match policy.window_hours {
        1 => "1 time".to_owned(),
        hours => format!("{hours} timer"),
    };
    let reason = format!("modulet fejlede {times} på {window}, senest med {code}");
    Ok(Some(Distrust { seen, cause: Cause::Faults, reason }))
}

fn fault_of(run: &Run) -> Option<&str> {
    match &run.answer {
        Answer::Given(_) => None,
        Answer::Fault { code, .. } => Some(code),
    }
}

fn owners_task(manifest: &Manifest, suspension: &Suspension) -> NewTask {
    let Manifest { id, version, title, owner, .. } = manifest;
    let Suspension { digest, number, reason, .. } = suspension;
    NewTask {
        business_key: format!("{}/{number}", topic(*digest)),
        about: About::Module(*digest),
        topic: topic(*digest),
        queue: QUEUE.to_owned(),
        title: format!("{title}: version {version} er sat i bero, fordi {reason}"),
        detail: format!(
            "Modulets ejer er {owner}. Det, der er besluttet, udbetales fortsat, men der beregnes intet nyt \
             med versionen.\nNår fejlen er fundet: `ydun module resume {id} {version}`. Skal en tidligere \
             version gælde igen: `ydun module rollback {id} {version}`."
        ),
        questions: Vec::new(),
        amount: None,
        due: None,
    }
}

fn topic(digest: Digest) -> String {
    format!("suspension/{digest}")
}

/// The one way a module comes to rest: its owner is asked to look at it. Nothing when it rests already.
pub(super) async fn put_to_rest<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    digest: Digest,
    cause: Cause,
    reason: &str,
) -> db::Result<Option<Suspension>> {
    let suspension = store::suspend(tx, act, digest, cause, reason).await?;
    if let Some(rests) = &suspension {
        let manifest = super::manifest(tx, digest).await?.ok_or(sqlx::Error::RowNotFound)?;
        let task = owners_task(&manifest, rests);
        tasks::service::ask_about_module(tx, act, &task.topic.clone(), Some(task)).await?;
        let detail = format!("{cause}: {reason}");
        audit::record(tx, act, Action::ModuleSuspended, Subject::Module(digest), detail).await?;
    }
    Ok(suspension)
}
