//! Letting versions count for days.

use std::collections::BTreeSet;

use ydun_domain::ids::ActivationId;
use ydun_domain::{Day, Period, Tenant, Validity};
use ydun_runtime::{Digest, Fault};

use super::publishers::distrust;
use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::freezes::{Frozen, Kind, service as freezes};
use crate::modules::intervals::{gaps, without};
use crate::modules::replay::gate;
use crate::modules::{Activated, Activation, Mode, store};

/// Why a version was not activated.
#[derive(Debug, thiserror::Error)]
pub enum ActivateError {
    #[error("{benefit} {version} is not installed; see `ydun module list`")]
    NotInstalled { benefit: String, version: String },
    #[error(
        "for some of these days another activation is known from {0}; choose that day or a later one"
    )]
    KnownLater(Day),
    #[error(
        "{benefit} {version} rests: {reason}; see `ydun module resume` before it counts for anything"
    )]
    Suspended { benefit: String, version: String, reason: String },
    #[error(transparent)]
    Frozen(#[from] Frozen),
    #[error(transparent)]
    Gate(#[from] gate::Closed),
    #[error(
        "{benefit} {version}: {} ({why}); install it with a signature that counts here, or see `ydun publisher list`",
        .why.sentence()
    )]
    NotTrusted { benefit: String, version: String, why: Box<Fault> },
    #[error("the activation could not be saved")]
    Store(#[from] sqlx::Error),
}

/// A version to activate.
#[derive(Clone, Debug)]
pub struct Activate<'a> {
    pub benefit: &'a str,
    pub version: &'a str,
    /// The days of the benefit it shall count for.
    pub days: Validity,
    /// The day from which calculations use it.
    pub known_from: Day,
    pub mode: Mode,
}

/// Lets a version count for some days of the benefit, as known from a day on.
///
/// Where another version counted for the same days it no longer does; for its other days it goes on.
/// What was known before stays known as it was, so that a calculation of the past finds its version.
/// Where it takes over days that were calculated, a person must have signed what it changes ([`gate`]).
pub async fn activate(
    tx: &mut Tx,
    act: &Act<Administer>,
    new: Activate<'_>,
) -> Result<Activated, ActivateError> {
    store::lock_benefit(tx, new.benefit).await?;
    let artifact = fit(tx, act, &new).await?;
    let Activate { benefit, version, days, known_from, mode } = new;
    let current = current(tx, act.tenant(), benefit, mode).await?;
    let (replaced, kept): (Vec<_>, Vec<_>) =
        current.into_iter().partition(|old| old.days.meets(days));
    if let Some(later) =
        replaced.iter().map(|old| old.known_from).max().filter(|later| *later > known_from)
    {
        return Err(ActivateError::KnownLater(later));
    }
    if mode == Mode::Active {
        refuse_frozen(tx, act).await?;
        let old = replaced.iter().map(|old| old.digest).collect();
        let takeover = gate::Takeover { benefit, old, new: artifact.digest, days };
        gate::pass(tx, act.tenant(), &takeover).await?;
    }
    let id = ActivationId::generate();
    let benefit = benefit.to_owned();
    let activation = Activation {
        id,
        benefit,
        digest: artifact.digest,
        mode,
        days,
        known_from,
        known_until: None,
    };
    let rests: Vec<Activation> = replaced.iter().flat_map(|old| rest(old, &activation)).collect();
    for old in &replaced {
        store::end_activation(tx, act.tenant(), old.id, known_from).await?;
    }
    let added: Vec<Activation> = rests.into_iter().chain([activation]).collect();
    store::insert_activations(tx, act, &added).await?;
    let detail = format!("{} {version} {mode} {days} known from {known_from}", new.benefit);
    audit::record(tx, act, Action::ModuleActivated, Subject::Activation(id), detail).await?;
    let gaps = gaps(kept.iter().chain(&added).map(|activation| activation.days).collect());
    Ok(Activated { id, replaced, gaps })
}

/// A freeze keeps versions from beginning to count; what runs in the shadow pays nothing.
async fn refuse_frozen(db: &mut Read, act: &Act<Administer>) -> Result<(), ActivateError> {
    let today = danish(act.at());
    match freezes::in_force(db, act.tenant(), Kind::Activation, today).await? {
        Some(frozen) => Err(frozen.into()),
        None => Ok(()),
    }
}

/// The module to activate, when it is installed, well, and somebody trusted stands behind it.
async fn fit(
    db: &mut Read,
    act: &Act<Administer>,
    new: &Activate<'_>,
) -> Result<store::Kept, ActivateError> {
    let (benefit, version) = (new.benefit.to_owned(), new.version.to_owned());
    let Some(artifact) = store::version(db, new.benefit, new.version).await? else {
        return Err(ActivateError::NotInstalled { benefit, version });
    };
    let resting = store::suspension(db, act.tenant(), artifact.digest).await?;
    if let Some(resting) = resting.filter(|_| new.mode == Mode::Active) {
        return Err(ActivateError::Suspended { benefit, version, reason: resting.reason });
    }
    match distrust(db, act, artifact.digest).await? {
        Some(why) => Err(ActivateError::NotTrusted { benefit, version, why: Box::new(why) }),
        None => Ok(artifact),
    }
}

/// What an older activation still counts for beside a newer one.
fn rest(old: &Activation, new: &Activation) -> Vec<Activation> {
    let rest = |days| Activation {
        id: ActivationId::generate(),
        days,
        known_from: new.known_from,
        ..old.clone()
    };
    without(old.days, new.days).into_iter().map(rest).collect()
}

/// The activations that nothing has replaced.
pub(super) async fn current(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    mode: Mode,
) -> db::Result<Vec<Activation>> {
    let mut all = store::activations(db, tenant, benefit).await?;
    all.retain(|activation| activation.mode == mode && activation.known_until.is_none());
    Ok(all)
}

/// Every activation of a benefit there has been.
pub async fn activations(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
) -> db::Result<Vec<Activation>> {
    store::activations(db, tenant, benefit).await
}

/// Why there is no one version to calculate with.
#[derive(Debug, thiserror::Error)]
pub enum NotActive {
    #[error(
        "no version of {benefit} counts for all of {span}, as known on {known_at}; see `ydun module activate`"
    )]
    None { benefit: String, span: Period, known_at: Day },
    #[error(
        "two versions of {benefit} count for parts of {span}; let the later begin on the first day of a month"
    )]
    Split { benefit: String, span: Period },
    #[error(
        "{benefit} rests since {since}: {reason}; see `ydun module resume` and `ydun module rollback`"
    )]
    Suspended { benefit: String, since: Day, reason: String },
    #[error("the activations could not be read")]
    Store(#[from] sqlx::Error),
}

/// The version to calculate days of a benefit with, as known on a day.
///
/// One that rests is not used, whenever that was known: it rests because it cannot be trusted.
pub async fn active(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    span: Period,
    known_at: Day,
) -> Result<Digest, NotActive> {
    let digest = counts(db, tenant, benefit, span, known_at).await?;
    match store::suspension(db, tenant, digest).await? {
        None => Ok(digest),
        Some(resting) => Err(NotActive::Suspended {
            benefit: benefit.to_owned(),
            since: danish(resting.at),
            reason: resting.reason,
        }),
    }
}

/// The version that counts for days of a benefit, as known on a day.
async fn counts(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    span: Period,
    known_at: Day,
) -> Result<Digest, NotActive> {
    let mut known = store::activations(db, tenant, benefit).await?;
    known.retain(|activation| activation.mode == Mode::Active && activation.is_known(known_at));
    let parts = || {
        known
            .iter()
            .filter_map(|activation| Some((activation.digest, activation.days.within(span)?)))
    };
    let covered: u32 = parts().map(|(_, days)| days.len()).sum();
    let digests: BTreeSet<Digest> = parts().map(|(digest, _)| digest).collect();
    let benefit = benefit.to_owned();
    match digests.first() {
        Some(digest) if covered == span.len() && digests.len() == 1 => Ok(*digest),
        Some(_) if covered == span.len() => Err(NotActive::Split { benefit, span }),
        _ => Err(NotActive::None { benefit, span, known_at }),
    }
}

/// The version that runs in the shadow of all of some days of a benefit, as known on a day.
pub async fn shadow(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    span: Period,
    known_at: Day,
) -> db::Result<Option<Digest>> {
    let known = store::activations(db, tenant, benefit).await?;
    let shadows = known.into_iter().filter(|activation| {
        activation.mode == Mode::Shadow
            && activation.is_known(known_at)
            && activation.days.within(span) == Some(span)
    });
    let last = shadows.max_by_key(|activation| (activation.known_from, activation.id));
    let Some(digest) = last.map(|activation| activation.digest) else { return Ok(None) };
    let rests = store::suspension(db, tenant, digest).await?.is_some();
    Ok((!rests).then_some(digest))
}

impl Activation {
    fn is_known(&self, day: Day) -> bool {
        self.known_from <= day && self.known_until.is_none_or(|until| day < until)
    }
}
