//! Tax cards: what the tax authority says is taken from a person's income.

use serde::{Deserialize, Serialize};
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Validity};

/// A person's card, the days it applies to, and since when we knew of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxCard {
    pub party: PartyId,
    pub card: Card,
    pub valid: Validity,
    pub known_from: Day,
    /// Where we have it from.
    pub source: String,
}

/// What is taken from an income.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Card {
    /// Main card (hovedkort): a percentage of what is above a monthly allowance.
    Main { percent: u8, allowance: Dkk },
    /// Secondary card (bikort): a percentage of everything, as another payer uses the allowance.
    Secondary { percent: u8 },
    /// Free card (frikort): no A-tax until the year's income reaches an amount.
    Free { allowance: Dkk },
}

impl Card {
    /// Its word in a column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Main { .. } => "main",
            Self::Secondary { .. } => "secondary",
            Self::Free { .. } => "free",
        }
    }

    pub fn percent(&self) -> Option<u8> {
        match self {
            Self::Main { percent, .. } | Self::Secondary { percent } => Some(*percent),
            Self::Free { .. } => None,
        }
    }

    pub fn allowance(&self) -> Option<Dkk> {
        match self {
            Self::Main { allowance, .. } | Self::Free { allowance } => Some(*allowance),
            Self::Secondary { .. } => None,
        }
    }
}

/// The card in force on a day, as known on another: the one we learned of last.
///
/// `cards` are those of one person in the order they were recorded.
pub fn in_force(cards: &[TaxCard], day: Day, known_at: Day) -> Option<&TaxCard> {
    let counts = |card: &&TaxCard| card.known_from <= known_at && card.valid.contains(day);
    cards.iter().filter(counts).max_by_key(|card| card.known_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(percent: u8, first: &str, known_from: &str) -> TaxCard {
        TaxCard {
            party: PartyId::generate(),
            card: Card::Secondary { percent },
            valid: Validity::from_day(first.parse().unwrap()),
            known_from: known_from.parse().unwrap(),
            source: "opfundet".to_owned(),
        }
    }

    #[test]
    fn the_card_learned_of_last_counts_as_known_on_the_day() {
        let cards = [
            card(38, "2026-01-01", "2025-12-01"),
            card(40, "2026-03-01", "2026-02-20"),
            card(41, "2026-03-01", "2026-02-20"), // recorded after the other on the same day
            card(30, "2026-02-01", "2026-04-01"), // with back effect
        ];
        for (day, known_at, percent) in [
            ("2025-12-31", "2026-05-01", None),
            ("2026-02-28", "2026-02-28", Some(38)),
            ("2026-03-01", "2026-02-19", Some(38)),
            ("2026-03-01", "2026-02-20", Some(41)),
            ("2026-03-01", "2026-04-01", Some(30)),
            ("2026-01-31", "2026-04-01", Some(38)),
        ] {
            let found = in_force(&cards, day.parse().unwrap(), known_at.parse().unwrap());
            assert_eq!(found.and_then(|card| card.card.percent()), percent, "{day} {known_at}");
        }
    }
}
