//! The rates that came as data, and which cases know them.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::{CampaignId, CaseId};
use ydun_domain::{Day, Tenant, Validity};
use ydun_runtime::manifest::RateValue;

use super::{Campaign, State, store};
use crate::clock::danish;
use crate::db::{Read, Result};

/// A value of a rate beside those in the module's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct AddedRate {
    /// The key of a rate of the manifest.
    pub key: String,
    pub value: RateValue,
}

/// An added rate as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    key: String,
    valid: Validity,
    announced: Day,
    value: Scalar,
    source: String,
}

/// The rates of all campaigns of a benefit.
#[derive(Clone, Debug, Default)]
pub struct Added {
    campaigns: Vec<Campaign>,
    /// One that is tried on cases it has not taken.
    tried: Option<CampaignId>,
}

/// Which campaigns' rates a case knows, by their places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known(Vec<usize>);

/// The days on which campaigns took cases.
#[derive(Clone, Debug, Default)]
pub struct Taken(HashMap<CaseId, Vec<(CampaignId, Day)>>);

impl Added {
    /// Everything added to a benefit's rates in a municipality.
    pub async fn read(db: &mut Read, tenant: Tenant, benefit: &str) -> Result<Self> {
        let mut campaigns = store::of_benefit(db, tenant, benefit).await?;
        campaigns.retain(|campaign| !matches!(campaign.state, State::Draft | State::Tried));
        Ok(Self { campaigns, tried: None })
    }

    /// As if a campaign counted for every case already.
    pub fn trying(mut self, campaign: &Campaign) -> Self {
        self.campaigns.retain(|other| other.id != campaign.id);
        self.campaigns.push(campaign.clone());
        self.tried = Some(campaign.id);
        self
    }

    /// When campaigns took the cases of a range, for use on a day and later. Nothing is asked where
    /// all cases know the same by then.
    pub async fn taken(
        &self,
        db: &mut Read,
        tenant: Tenant,
        cases: &RangeInclusive<CaseId>,
        known_at: Day,
    ) -> Result<Taken> {
        let is_under_way =
            |campaign: &Campaign| campaign.done_on.is_none_or(|done| known_at < done);
        let mut taken = Taken::default();
        if self.campaigns.iter().any(is_under_way) {
            for (case, campaign, day) in store::taken(db, tenant, cases).await? {
                taken.0.entry(case).or_default().push((campaign, day));
            }
        }
        Ok(taken)
    }

    /// What a case knew on a day.
    pub fn known(&self, case: CaseId, taken: &Taken, known_at: Day) -> Known {
        let is_known = |campaign: &Campaign| {
            let from = taken.on(case, campaign.id).into_iter().chain(campaign.done_on).min();
            let counts = from.is_some_and(|from| from <= known_at)
                && campaign.withdrawn_on.is_none_or(|until| known_at < until);
            counts || self.tried == Some(campaign.id)
        };
        let places = (0..self.campaigns.len()).filter(|place| is_known(&self.campaigns[*place]));
        Known(places.collect())
    }

    /// The rates themselves, oldest campaign first. Each says in its source how it came.
    pub fn rates(&self, known: &Known) -> Vec<AddedRate> {
        let campaigns = known.0.iter().map(|place| &self.campaigns[*place]);
        campaigns
            .flat_map(|campaign| campaign.rates.iter().map(|rate| rate.from(campaign)))
            .collect()
    }
}

impl Taken {
    fn on(&self, case: CaseId, campaign: CampaignId) -> Option<Day> {
        let of_case = self.0.get(&case)?;
        of_case.iter().find(|(taker, _)| *taker == campaign).map(|(_, day)| *day)
    }
}

impl AddedRate {
    fn from(&self, campaign: &Campaign) -> Self {
        let whose = if campaign.publication.is_some() { "fælles" } else { "kommunens egne" };
        let day = danish(campaign.created_at);
        let source = format!("{}; {whose} satser tilføjet {day}", self.value.source);
        Self { key: self.key.clone(), value: RateValue { source, ..self.value.clone() } }
    }
}

impl From<Written> for AddedRate {
    fn from(Written { key, valid, announced, value, source }: Written) -> Self {
        Self { key, value: RateValue { valid, announced, value, source } }
    }
}

impl From<AddedRate> for Written {
    fn from(
        AddedRate { key, value: RateValue { valid, announced, value, source } }: AddedRate,
    ) -> Self {
        Self { key, valid, announced, value, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(done_on: Option<&str>, withdrawn_on: Option<&str>) -> Campaign {
        let day = |text: &str| text.parse().unwrap();
        Campaign {
            id: CampaignId::generate(),
            benefit: "b".into(),
            title: "Satser".into(),
            publication: None,
            state: State::Waves,
            resumes_as: None,
            note: String::new(),
            created_at: "2020-12-01T09:00:00Z".parse().unwrap(),
            created_by: "abc".into(),
            done_on: done_on.map(day),
            withdrawn_on: withdrawn_on.map(day),
            rates: vec![],
        }
    }

    #[track_caller]
    fn check(campaign: Campaign, taken_on: Option<&str>, expected: &[(&str, bool)]) {
        let case = CaseId::generate();
        let taken = taken_on.map(|day| (case, vec![(campaign.id, day.parse().unwrap())]));
        let taken = Taken(taken.into_iter().collect());
        let added = Added { campaigns: vec![campaign], tried: None };
        for (day, is_known) in expected {
            let known = added.known(case, &taken, day.parse().unwrap());
            assert_eq!(!known.0.is_empty(), *is_known, "on {day}");
        }
    }

    #[test]
    fn a_case_knows_new_rates_from_the_day_it_was_taken_or_all_were() {
        let (eve, day) = ("2020-12-09", "2020-12-10");
        check(campaign(None, None), None, &[("2021-12-31", false)]);
        check(campaign(None, None), Some(day), &[(eve, false), (day, true)]);
        check(campaign(Some(day), None), None, &[(eve, false), (day, true)]);
        let both = [("2020-12-04", false), ("2020-12-05", true), ("2020-12-31", true)];
        check(campaign(Some(day), None), Some("2020-12-05"), &both);
    }

    #[test]
    fn what_was_withdrawn_was_still_known_until_then() {
        let withdrawn = campaign(None, Some("2020-12-15"));
        let known = [("2020-12-10", true), ("2020-12-14", true), ("2020-12-15", false)];
        check(withdrawn, Some("2020-12-10"), &known);
    }

    #[test]
    fn a_campaign_that_is_tried_counts_for_every_case() {
        let campaign = campaign(None, None);
        let added = Added::default().trying(&campaign);
        let known = added.known(CaseId::generate(), &Taken::default(), Day::new(2020, 1, 1));
        assert_eq!(known.0, [0]);
    }

    #[test]
    fn a_rate_is_read_as_a_manifest_writes_it() {
        let text = r#"{"key":"sats","valid":"2021-01-01..","announced":"2020-12-01","value":{"amount":"46.00"},"source":"BEK"}"#;
        let rate: AddedRate = serde_json::from_str(text).unwrap();
        assert_eq!(rate.value.announced, Day::new(2020, 12, 1));
        assert_eq!(serde_json::to_string(&rate).unwrap(), text);
        let strange = text.replace("source", "sauce");
        assert!(serde_json::from_str::<AddedRate>(&strange).is_err());
    }
}
