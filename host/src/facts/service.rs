//! Recording, correcting and withdrawing facts.

use ydun_domain::benefit::Scalar;
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_domain::{Day, Tenant};
use ydun_runtime::manifest::Manifest;

use super::{CaseView, Checked, Content, Fact, Refused, check, store};
use crate::access::{Act, Register};
use crate::audit::{self, Action, Event, Subject};
use crate::cases::{self, Case, CaseNumber, CaseRange};
use crate::clock::danish;
use crate::db::Tx;
use crate::parties;

pub use super::store::{known, known_about, known_of};

/// Why a fact was not recorded, corrected or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum FactError {
    #[error("there is no such case")]
    NoCase,
    #[error("case {number} was closed on {on}; facts are recorded in open cases only")]
    Closed { number: CaseNumber, on: Day },
    #[error(
        "case {number} has no such fact, or it was corrected or withdrawn already; look at the case again"
    )]
    NotKnown { number: CaseNumber },
    #[error(
        "case {number}: a correction is of the same kind, '{kind}', and about the same party; \
         withdraw the fact and record the other instead"
    )]
    AnotherKind { number: CaseNumber, kind: String },
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the fact could not be saved")]
    Store(#[from] sqlx::Error),
}

/// A checked fact on its way into a case.
#[derive(Clone, Debug)]
pub struct NewFact {
    pub case: CaseId,
    pub checked: Checked,
    pub source: String,
    /// Today, or an earlier day when it comes from a system that has known it since.
    pub known_from: Day,
    /// The fact it takes the place of.
    pub corrects: Option<FactId>,
}

/// Records a fact in an open case; it is known from today.
pub async fn record(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    case: CaseId,
    content: Content,
    source: &str,
) -> Result<FactId, FactError> {
    let case = lock_open(tx, act.tenant(), case).await?;
    let today = danish(act.at());
    let known = store::known(tx, act.tenant(), CaseRange::of_one(case.id), today).await?;
    let view = view(tx, act.tenant(), manifest, &case, known, &content).await?;
    let checked = check(&view, content)?;
    let new = NewFact {
        case: case.id,
        checked,
        source: source.to_owned(),
        known_from: today,
        corrects: None,
    };
    Ok(record_all(tx, act, vec![new]).await?[0])
}

/// Takes a fact to have been wrong: it is known until today, and another from today.
pub async fn correct(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    (case, wrong): (CaseId, FactId),
    content: Content,
    source: &str,
) -> Result<FactId, FactError> {
    let case = lock_open(tx, act.tenant(), case).await?;
    let today = danish(act.at());
    let mut known = store::known(tx, act.tenant(), CaseRange::of_one(case.id), today).await?;
    let place = known.iter().position(|fact| fact.id == wrong);
    let wrong = known.remove(place.ok_or(FactError::NotKnown { number: case.number })?);
    if (&wrong.content.kind, wrong.content.about) != (&content.kind, content.about) {
        return Err(FactError::AnotherKind { number: case.number, kind: wrong.content.kind });
    }
    let view = view(tx, act.tenant(), manifest, &case, known, &content).await?;
    let checked = check(&view, content)?;
    let (source, corrects) = (source.to_owned(), Some(wrong.id));
    let new = NewFact { case: case.id, checked, source, known_from: today, corrects };
    Ok(record_all(tx, act, vec![new]).await?[0])
}

/// Takes a fact never to have been true, as of today.
pub async fn withdraw(
    tx: &mut Tx,
    act: &Act<Register>,
    (case, fact): (CaseId, FactId),
    reason: &str,
) -> Result<(), FactError> {
    let case = lock_open(tx, act.tenant(), case).await?;
    if !store::end(tx, act.tenant(), case.id, fact, danish(act.at())).await? {
        return Err(FactError::NotKnown { number: case.number });
    }
    Ok(audit::record(
        tx,
        act,
        Action::FactWithdrawn,
        Subject::Fact(fact),
        format!("{case}: {reason}"),
    )
    .await?)
}

/// Records checked facts of many cases with few statements. The caller holds the locks of the cases
/// since before the facts were checked.
pub async fn record_all(
    tx: &mut Tx,
    act: &Act<Register>,
    new: Vec<NewFact>,
) -> Result<Vec<FactId>, sqlx::Error> {
    let mut events = Vec::with_capacity(new.len());
    let mut facts = Vec::with_capacity(new.len());
    for NewFact { case, checked, source, known_from, corrects } in new {
        let content = checked.into_content();
        let id = FactId::generate();
        events.push(match corrects {
            Some(wrong) => {
                if !store::end(tx, act.tenant(), case, wrong, known_from).await? {
                    return Err(sqlx::Error::RowNotFound);
                }
                Event::new(
                    Action::FactCorrected,
                    Subject::Fact(id),
                    format!("{} instead of {wrong}", content.kind),
                )
            }
            None => Event::new(Action::FactRecorded, Subject::Fact(id), content.kind.clone()),
        });
        facts.push(Fact { id, case, content, source, known_from, known_until: None });
    }
    store::insert(tx, act.tenant(), &facts, act.at(), act.by()).await?;
    audit::record_all(tx, act, events).await?;
    Ok(facts.into_iter().map(|fact| fact.id).collect())
}

async fn lock_open(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Case, FactError> {
    let case = cases::service::lock(tx, tenant, case).await?.ok_or(FactError::NoCase)?;
    match case.closed {
        Some(on) => Err(FactError::Closed { number: case.number, on }),
        None => Ok(case),
    }
}

/// What one fact of one case is checked against.
async fn view<'a>(
    tx: &mut Tx,
    tenant: Tenant,
    manifest: &'a Manifest,
    case: &Case,
    known: Vec<Fact>,
    content: &Content,
) -> Result<CaseView<'a>, sqlx::Error> {
    let roles = cases::service::roles(tx, tenant, CaseRange::of_one(case.id)).await?;
    let registered = parties::service::by_ids(tx, tenant, &named_by(content)).await?;
    Ok(CaseView {
        number: Some(case.number),
        manifest,
        roles: roles.into_iter().map(|part| (part.role, part.party)).collect(),
        known: known.into_iter().map(|fact| fact.content).collect(),
        registered: registered.into_iter().map(|party| party.id).collect(),
    })
}

/// The parties that a fact's values name.
fn named_by(content: &Content) -> Vec<PartyId> {
    let named = content.attributes.iter().filter_map(|attribute| match &attribute.value {
        Scalar::Who(party) => PartyId::try_from(party).ok(),
        _ => None,
    });
    named.collect()
}
