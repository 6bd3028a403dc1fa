//! Keeping tax cards and tax settings, and finding those that count.

use std::collections::BTreeMap;

use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Tenant};

use super::settings::{BadValue, Settings, Value};
use super::{Card, TaxCard, store};
use crate::access::{Act, Administer, Register};
use crate::audit::{self, Action, Event, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};

/// Why a tax card was not kept.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("a tax card has a percentage from 0 to 100, not {0}")]
    Percent(u8),
    #[error("a tax card's allowance is not below zero")]
    Allowance,
    #[error("the card cannot be known from {known_from}, as today is {today}; correct the day")]
    NotYet { known_from: Day, today: Day },
    #[error("the card says nothing of where it is from; give a source, such as eIndkomst")]
    NoSource,
    #[error("the tax card could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Records tax cards of registered citizens. A card recorded again is left alone.
pub async fn record(
    tx: &mut Tx,
    act: &Act<Register>,
    cards: Vec<TaxCard>,
) -> Result<usize, CardError> {
    cards.iter().try_for_each(|card| check(card, danish(act.at())))?;
    let parties: Vec<PartyId> = cards.iter().map(|card| card.party).collect();
    let known = store::cards(tx, act.tenant(), &parties).await?;
    let new: Vec<TaxCard> = cards.into_iter().filter(|card| !known.contains(card)).collect();
    store::insert_cards(tx, act, &new).await?;
    let event = |card: &TaxCard| {
        let detail = format!("{} from {}", card.card.kind(), card.valid.first());
        Event::new(Action::TaxCardRecorded, Subject::Party(card.party), detail)
    };
    audit::record_all(tx, act, new.iter().map(event).collect()).await?;
    Ok(new.len())
}

fn check(card: &TaxCard, today: Day) -> Result<(), CardError> {
    if let Some(percent) = card.card.percent().filter(|percent| *percent > 100) {
        return Err(CardError::Percent(percent));
    }
    if card.card.allowance().is_some_and(ydun_domain::Dkk::is_negative) {
        return Err(CardError::Allowance);
    }
    if card.known_from > today {
        return Err(CardError::NotYet { known_from: card.known_from, today });
    }
    if card.source.trim().is_empty() { Err(CardError::NoSource) } else { Ok(()) }
}

/// Every card of a person, in the order they were recorded.
pub async fn cards_of(db: &mut Read, tenant: Tenant, party: PartyId) -> db::Result<Vec<TaxCard>> {
    store::cards(db, tenant, &[party]).await
}

/// Every card of some persons, each person's in the order they were recorded.
pub async fn cards(
    db: &mut Read,
    tenant: Tenant,
    parties: &[PartyId],
) -> db::Result<BTreeMap<PartyId, Vec<TaxCard>>> {
    let mut by_party: BTreeMap<PartyId, Vec<TaxCard>> = BTreeMap::new();
    for card in store::cards(db, tenant, parties).await? {
        by_party.entry(card.party).or_default().push(card);
    }
    Ok(by_party)
}

/// The card a payment of a day is taxed by, as known on another.
pub fn card_on(cards: &[TaxCard], day: Day, known_at: Day) -> Option<Card> {
    super::card::in_force(cards, day, known_at).map(|card| card.card)
}

/// Keeps others from working out the tax of these persons until the transaction ends.
///
/// Else two payments approved at once could both use the month's allowance.
pub async fn lock_payers(tx: &mut Tx, tenant: Tenant, parties: &[PartyId]) -> db::Result<()> {
    store::lock_payers(tx, tenant, parties).await
}

/// Why a setting was not chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    #[error(transparent)]
    BadValue(#[from] BadValue),
    #[error("a choice needs a source: where the municipality has the value from")]
    NoSource,
    #[error("the setting could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Chooses the value of a setting from a day on, known from today.
pub async fn choose(tx: &mut Tx, act: &Act<Administer>, value: Value) -> Result<(), ChooseError> {
    value.key.check(&value.value)?;
    if value.source.trim().is_empty() {
        return Err(ChooseError::NoSource);
    }
    store::insert_setting(tx, act, &value, danish(act.at())).await?;
    let detail = format!("{} = {} from {}", value.key, value.value, value.from);
    audit::record(tx, act, Action::SettingChosen, Subject::Municipality, detail).await?;
    Ok(())
}

/// The settings as known on a day.
pub async fn settings(db: &mut Read, tenant: Tenant, known_at: Day) -> db::Result<Settings> {
    Ok(Settings::new(store::settings(db, tenant, known_at).await?))
}
