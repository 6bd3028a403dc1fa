//! The tax of the payments that are made together.

use std::collections::BTreeMap;

use ydun_domain::ids::{PartyId, PaymentId};
use ydun_domain::{Day, Dkk, Month, Tenant};

use crate::access::{Act, Right};
use crate::clock::danish;
use crate::db::{Result, Tx};
use crate::payments::store::{self, Taxed};
use crate::tax::withhold::{Basis, Income, Withheld, withhold};
use crate::tax::{self, Card, Settings, TaxCard};

/// What the tax of some persons' payments rests on, kept up to date as payments are worked out.
pub(super) struct TaxDesk {
    settings: Settings,
    known_at: Day,
    cards: BTreeMap<PartyId, Vec<TaxCard>>,
    allowance_used: BTreeMap<(PartyId, Span), Dkk>,
    atp_taken: BTreeMap<PartyId, BTreeMap<Month, Dkk>>,
}

/// What an allowance is for: a month on a main card, a year on a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Span {
    Month(Month),
    Year(i32),
}

impl TaxDesk {
    /// Opens the desk for some persons, and keeps others from taxing them meanwhile.
    pub(super) async fn open<R: Right>(
        tx: &mut Tx,
        act: &Act<R>,
        payees: &[PartyId],
    ) -> Result<Self> {
        let (tenant, today) = (act.tenant(), danish(act.at()));
        let settings = tax::service::settings(tx, tenant, today).await?;
        let (cards, known_at) = (BTreeMap::new(), today);
        let (allowance_used, atp_taken) = (BTreeMap::new(), BTreeMap::new());
        let mut desk = Self { settings, known_at, cards, allowance_used, atp_taken };
        if !payees.is_empty() {
            tax::service::lock_payers(tx, tenant, payees).await?;
            desk.look_up(tx, tenant, payees).await?;
        }
        Ok(desk)
    }

    async fn look_up(&mut self, tx: &mut Tx, tenant: Tenant, payees: &[PartyId]) -> Result<()> {
        self.cards = tax::service::cards(tx, tenant, payees).await?;
        let year = Day::new(self.known_at.year(), 1, 1);
        for used in store::allowances_used(tx, tenant, payees, year).await? {
            if let Some(span) = span(&used.card, used.taxed_on) {
                *self.allowance_used.entry((used.payee, span)).or_default() += used.used;
            }
        }
        for (payee, month, atp) in store::atp_taken(tx, tenant, payees).await? {
            *self.atp_taken.entry(payee).or_default().entry(month).or_default() += atp;
        }
        Ok(())
    }

    /// Works out what is withheld from a payment that is at a person's disposal on a day.
    pub(super) fn withhold(
        &mut self,
        payment: PaymentId,
        payee: PartyId,
        on: Day,
        incomes: &[Income],
    ) -> (Withheld, Taxed) {
        let cards = self.cards.get(&payee).map_or(&[][..], Vec::as_slice);
        let card = tax::service::card_on(cards, on, self.known_at);
        let kind = card.map_or("none", |card: Card| card.kind());
        let used = span(kind, on).map(|span| self.allowance_used.entry((payee, span)).or_default());
        let atp_taken = self.atp_taken.entry(payee).or_default();
        let basis = Basis {
            rules: &self.settings.at(on),
            card,
            paid: on,
            allowance_used: used.as_deref().copied().unwrap_or_default(),
            atp_taken: atp_taken.clone(),
        };
        let withheld = withhold(&basis, incomes);
        if let Some(used) = used {
            *used += withheld.allowance_used;
        }
        for (income, taken) in incomes.iter().zip(&withheld.taken) {
            *atp_taken.entry(income.period.last().month()).or_default() += taken.atp;
        }
        let (percent, allowance_used) = (withheld.percent, withheld.allowance_used);
        (withheld, Taxed { payment, card: kind, percent, on, allowance_used })
    }
}

/// What the allowance of a kind of card is for, on a payment day.
fn span(card: &str, on: Day) -> Option<Span> {
    match card {
        "main" => Some(Span::Month(on.month())),
        "free" => Some(Span::Year(on.year())),
        _ => None,
    }
}
