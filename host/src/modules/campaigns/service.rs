//! What can be done with campaigns, short of calculating: see `operations::campaign` for that.

use ydun_domain::ids::{CampaignId, CaseId, PublicationId};
use ydun_domain::{Day, Tenant, Validity};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{RateKind, ScalarKind};

use super::rates::AddedRate;
use super::{Campaign, Progress, Publication, RateFile, State, store};
use crate::access::{Act, Administer, Right};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx, is_duplicate};
use crate::modules::store as modules;

/// Why rates were not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    #[error("the file cannot be read as rates: {0}")]
    Unreadable(#[source] serde_json::Error),
    #[error("there is no rate in the file")]
    Empty,
    #[error("no module of {0} is installed; see `ydun module list`")]
    NotInstalled(String),
    #[error("{benefit} has no rate '{key}'; it has {}", known.join(", "))]
    UnknownRate { benefit: String, key: String, known: Vec<String> },
    #[error("'{key}' must be of the type {expected}, as its values in the module are")]
    OtherType { key: String, expected: &'static str },
    #[error("'{key}' says where it comes from with nothing; give the act or the announcement")]
    NoSource { key: String },
    #[error("two values of '{key}' are announced on {announced} for some of the same days")]
    Ambiguous { key: String, announced: Day },
    #[error("a campaign of {0} is under way already; finish it or withdraw it first")]
    UnderWay(String),
    #[error("there is no publication {0}; see `ydun campaign publications`")]
    NoPublication(PublicationId),
    #[error("there is no campaign {0}; see `ydun campaign list`")]
    NotFound(CampaignId),
    #[error("a campaign that is {now} cannot be {wanted}; see `ydun campaign list`")]
    WrongState { now: State, wanted: State },
    #[error("a campaign that is {now} was not stopped; see `ydun campaign show`")]
    NotStopped { now: State },
    #[error("the stored manifest of {0} cannot be read")]
    Manifest(String, #[source] serde_json::Error),
    #[error("the campaign could not be read or saved")]
    Store(#[from] sqlx::Error),
}

impl RateFile {
    /// Reads a file of rates.
    pub fn read(json: &[u8]) -> Result<Self, CampaignError> {
        serde_json::from_slice(json).map_err(CampaignError::Unreadable)
    }

    fn check(&self, manifest: &Manifest) -> Result<(), CampaignError> {
        if self.rates.is_empty() {
            return Err(CampaignError::Empty);
        }
        for (place, rate) in self.rates.iter().enumerate() {
            check(rate, manifest)?;
            if let Some(other) = self.rates[..place].iter().find(|other| clashes(other, rate)) {
                let announced = other.value.announced;
                return Err(CampaignError::Ambiguous { key: other.key.clone(), announced });
            }
        }
        Ok(())
    }
}

fn check(AddedRate { key, value }: &AddedRate, manifest: &Manifest) -> Result<(), CampaignError> {
    let known = manifest.rates.iter().find(|rate| rate.key == *key);
    let known = known.ok_or_else(|| CampaignError::UnknownRate {
        benefit: manifest.id.clone(),
        key: key.clone(),
        known: manifest.rates.iter().map(|rate| rate.key.clone()).collect(),
    })?;
    if let Some(expected) = kind(known).filter(|(kind, _)| *kind != ScalarKind::of(&value.value)) {
        return Err(CampaignError::OtherType { key: key.clone(), expected: expected.1 });
    }
    if value.source.trim().is_empty() {
        return Err(CampaignError::NoSource { key: key.clone() });
    }
    Ok(())
}

/// The type of a rate's values, where it has any.
fn kind(rate: &RateKind) -> Option<(ScalarKind, &'static str)> {
    let first = rate.values.first()?;
    Some((ScalarKind::of(&first.value), first.value.kind()))
}

fn clashes(one: &AddedRate, other: &AddedRate) -> bool {
    one.key == other.key
        && one.value.announced == other.value.announced
        && one.value.valid.meets(other.value.valid)
}

/// Publishes rates for all municipalities. They count nowhere until a municipality takes them in.
pub async fn publish(
    tx: &mut Tx,
    act: &Act<Administer>,
    file: RateFile,
) -> Result<Publication, CampaignError> {
    file.check(&manifest(tx, &file.benefit).await?)?;
    let id = PublicationId::generate();
    store::insert_publication(tx, act, id, &file).await?;
    let detail = format!("{} {}, {} values", file.benefit, file.title, file.rates.len());
    audit::record(tx, act, Action::RatesPublished, Subject::Publication(id), detail).await?;
    Ok(Publication { id, file, published_at: act.at(), published_by: act.by().to_owned() })
}

/// What has been published for all municipalities, the newest first.
pub async fn publications(db: &mut Read) -> db::Result<Vec<Publication>> {
    store::publications(db).await
}

/// Writes down the municipality's own new rates. They count for no case yet.
pub async fn create(
    tx: &mut Tx,
    act: &Act<Administer>,
    file: RateFile,
) -> Result<Campaign, CampaignError> {
    begin(tx, act, file, None).await
}

/// Takes in rates that were published for all municipalities. They count for no case yet.
pub async fn take_in(
    tx: &mut Tx,
    act: &Act<Administer>,
    publication: PublicationId,
) -> Result<Campaign, CampaignError> {
    let all = store::publications(tx).await?;
    let found = all.into_iter().find(|published| published.id == publication);
    let found = found.ok_or(CampaignError::NoPublication(publication))?;
    begin(tx, act, found.file, Some(publication)).await
}

async fn begin(
    tx: &mut Tx,
    act: &Act<Administer>,
    file: RateFile,
    publication: Option<PublicationId>,
) -> Result<Campaign, CampaignError> {
    file.check(&manifest(tx, &file.benefit).await?)?;
    let RateFile { benefit, title, rates } = file;
    let campaign = Campaign {
        id: CampaignId::generate(),
        benefit,
        title,
        publication,
        state: State::Draft,
        resumes_as: None,
        note: String::new(),
        created_at: act.at(),
        created_by: act.by().to_owned(),
        done_on: None,
        withdrawn_on: None,
        rates,
    };
    store::insert(tx, act, &campaign).await.map_err(|error| {
        let taken = is_duplicate(&error);
        if taken { CampaignError::UnderWay(campaign.benefit.clone()) } else { error.into() }
    })?;
    record(tx, act, &campaign).await?;
    Ok(campaign)
}

async fn manifest(db: &mut Read, benefit: &str) -> Result<Manifest, CampaignError> {
    let newest = modules::newest(db, benefit).await?;
    let newest = newest.ok_or_else(|| CampaignError::NotInstalled(benefit.to_owned()))?;
    serde_json::from_str(&newest.manifest)
        .map_err(|error| CampaignError::Manifest(benefit.to_owned(), error))
}

/// Every campaign of the municipality, the newest first.
pub async fn campaigns(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Campaign>> {
    store::all(db, tenant).await
}

pub async fn campaign(
    db: &mut Read,
    tenant: Tenant,
    id: CampaignId,
) -> Result<Campaign, CampaignError> {
    store::by_id(db, tenant, id).await?.ok_or(CampaignError::NotFound(id))
}

/// One campaign; nobody else moves it until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant: Tenant, id: CampaignId) -> Result<Campaign, CampaignError> {
    store::lock(tx, tenant, id).await?.ok_or(CampaignError::NotFound(id))
}

/// How many cases waves have chosen and taken; those that wait are not counted.
pub async fn so_far(db: &mut Read, tenant: Tenant, id: CampaignId) -> db::Result<Progress> {
    store::progress(db, tenant, id).await
}

/// How many cases are before and behind it.
pub async fn progress(db: &mut Read, tenant: Tenant, campaign: &Campaign) -> db::Result<Progress> {
    let so_far = store::progress(db, tenant, campaign.id).await?;
    let waiting = waiting(db, tenant, campaign).await?.len();
    Ok(Progress { cases: so_far.cases + i64::try_from(waiting).unwrap_or(i64::MAX), ..so_far })
}

/// The cases the rates matter to that no wave has chosen, in the order of their ids.
pub async fn waiting(
    db: &mut Read,
    tenant: Tenant,
    campaign: &Campaign,
) -> db::Result<Vec<CaseId>> {
    store::waiting(db, tenant, campaign, campaign.days()).await
}

/// Puts cases in a wave: calculating them is planned by the caller in the same transaction.
pub async fn choose(
    tx: &mut Tx,
    tenant: Tenant,
    campaign: &Campaign,
    wave: i64,
    cases: &[CaseId],
) -> db::Result<()> {
    store::choose(tx, tenant, campaign.id, wave, cases).await
}

/// From today on, the cases know the new rates.
pub async fn take<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    campaign: &Campaign,
    cases: &[CaseId],
) -> db::Result<()> {
    store::take(tx, act.tenant(), campaign.id, cases, danish(act.at())).await
}

/// Moves a campaign that is locked on to another state, and says why.
pub async fn advance<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    campaign: &mut Campaign,
    to: State,
    note: &str,
) -> Result<(), CampaignError> {
    campaign.advance(to, note, danish(act.at()))?;
    store::save(tx, act, campaign).await?;
    record(tx, act, campaign).await?;
    Ok(())
}

async fn record<R: Right>(tx: &mut Tx, act: &Act<R>, campaign: &Campaign) -> db::Result<()> {
    let Campaign { id, benefit, title, state, note, .. } = campaign;
    let detail = format!("{benefit} {title}: {state} {note}");
    audit::record(tx, act, Action::CampaignMoved, Subject::Campaign(*id), detail.trim_end()).await
}

impl Campaign {
    /// All days its rates are about, and those between them.
    pub fn days(&self) -> Validity {
        let first = self.rates.iter().map(|rate| rate.value.valid.first()).min();
        let last: Option<Vec<Day>> =
            self.rates.iter().map(|rate| rate.value.valid.last()).collect();
        let last = last.and_then(|days| days.into_iter().max());
        let first = first.expect("a campaign has rates");
        Validity::new(first, last).expect("the first of several days is before their last")
    }

    /// Refuses a step that does not follow from where the campaign stands.
    pub fn may_become(&self, to: State) -> Result<(), CampaignError> {
        use State::{Done, Draft, Halted, Paused, Sampled, Tried, Waves, Withdrawn};
        let allowed = match (self.state, to) {
            (Draft | Tried, Tried)
            | (Tried, Sampled)
            | (Sampled | Waves, Waves | Paused | Halted | Done) => true,
            (Paused | Halted, Sampled | Waves) => self.resumes_as == Some(to),
            (now, Withdrawn) => !matches!(now, Done | Withdrawn),
            _ => false,
        };
        if allowed {
            Ok(())
        } else {
            Err(CampaignError::WrongState { now: self.state, wanted: to })
        }
    }

    fn advance(&mut self, to: State, note: &str, today: Day) -> Result<(), CampaignError> {
        self.may_become(to)?;
        self.resumes_as = matches!(to, State::Paused | State::Halted).then_some(self.state);
        self.done_on = (to == State::Done).then_some(today);
        self.withdrawn_on = (to == State::Withdrawn).then_some(today);
        self.state = to;
        note.clone_into(&mut self.note);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use State::{Done, Draft, Halted, Paused, Sampled, Tried, Waves, Withdrawn};

    use super::*;

    fn campaign(state: State, resumes_as: Option<State>) -> Campaign {
        let rates = serde_json::from_value(serde_json::json!([
            { "key": "a", "valid": "2021-01-01..2021-12-31", "announced": "2020-12-01", "value": { "integer": 1 }, "source": "§ 1" },
            { "key": "b", "valid": "2020-07-01..2021-06-30", "announced": "2020-12-01", "value": { "integer": 2 }, "source": "§ 1" },
        ]));
        Campaign {
            id: CampaignId::generate(),
            benefit: "b".into(),
            title: "Satser".into(),
            publication: None,
            state,
            resumes_as,
            note: String::new(),
            created_at: "2020-12-01T09:00:00Z".parse().unwrap(),
            created_by: "abc".into(),
            done_on: None,
            withdrawn_on: None,
            rates: rates.unwrap(),
        }
    }

    #[test]
    fn a_campaign_takes_one_step_at_a_time() {
        let next = |state: State, resumes_as| {
            let from = campaign(state, resumes_as);
            State::ALL.iter().copied().filter(|to| from.may_become(*to).is_ok()).collect::<Vec<_>>()
        };
        assert_eq!(next(Draft, None), [Tried, Withdrawn]);
        assert_eq!(next(Tried, None), [Tried, Sampled, Withdrawn]); // it may be tried again
        assert_eq!(next(Sampled, None), [Waves, Paused, Halted, Done, Withdrawn]);
        assert_eq!(next(Waves, None), [Waves, Paused, Halted, Done, Withdrawn]);
        assert_eq!(next(Paused, Some(Sampled)), [Sampled, Withdrawn]);
        assert_eq!(next(Halted, Some(Waves)), [Waves, Withdrawn]);
        assert_eq!(next(Done, None), []);
        assert_eq!(next(Withdrawn, None), []);
    }

    #[test]
    fn what_stopped_goes_on_as_what_it_was() {
        let today = Day::new(2020, 12, 10);
        let mut campaign = campaign(Sampled, None);
        campaign.advance(Halted, "hvorfor?", today).unwrap();
        assert_eq!((campaign.resumes_as, campaign.note.as_str()), (Some(Sampled), "hvorfor?"));
        campaign.advance(Sampled, "", today).unwrap();
        assert_eq!((campaign.resumes_as, campaign.note.as_str()), (None, ""));
        campaign.advance(Done, "", today).unwrap();
        assert_eq!(campaign.done_on, Some(today));
    }

    #[test]
    fn its_days_reach_from_the_first_to_the_last_of_its_rates() {
        let mut campaign = campaign(Draft, None);
        assert_eq!(campaign.days(), "2020-07-01..2021-12-31".parse().unwrap());
        campaign.rates[1].value.valid = "2020-07-01..".parse().unwrap();
        assert_eq!(campaign.days(), "2020-07-01..".parse().unwrap());
    }
}
