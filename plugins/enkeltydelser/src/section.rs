//! The sections of chapter 10 that help can be given under.

/// The law's basis for an expense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// § 81: a reasonable single expense after a change in circumstances.
    SingleExpense,
    /// § 81 a: temporary help with the rent to those who face eviction.
    Rent,
    /// § 82: treatment, medicine and dental care.
    Treatment,
    /// § 82 a: the dental grant of those on the level of cash benefit.
    DentalGrant,
    /// § 83: contact with one's own children.
    Contact,
    /// § 85: moving.
    Moving,
}

impl Section {
    pub(crate) const CODES: &[(&str, Self)] = &[
        ("81", Self::SingleExpense),
        ("81a", Self::Rent),
        ("82", Self::Treatment),
        ("82a", Self::DentalGrant),
        ("83", Self::Contact),
        ("85", Self::Moving),
    ];

    pub(crate) fn law(self) -> &'static str {
        match self {
            Self::SingleExpense => "LAS § 81",
            Self::Rent => "LAS § 81 a",
            Self::Treatment => "LAS § 82",
            Self::DentalGrant => "LAS § 82 a",
            Self::Contact => "LAS § 83",
            Self::Moving => "LAS § 85",
        }
    }

    /// Whether what the household can pay itself is taken off; the dental grant has a share of the
    /// bill instead.
    pub(crate) fn is_need_tested(self) -> bool {
        self != Self::DentalGrant
    }

    /// The posting code; help that must be paid back (§ 93) has its own.
    pub(crate) fn posting(self, repayable: bool) -> &'static str {
        match (self, repayable) {
            (Self::SingleExpense, false) => "enkeltudgift",
            (Self::SingleExpense, true) => "enkeltudgift-93",
            (Self::Rent, false) => "huslejehjaelp",
            (Self::Rent, true) => "huslejehjaelp-93",
            (Self::Treatment, false) => "sygebehandling",
            (Self::Treatment, true) => "sygebehandling-93",
            (Self::DentalGrant, false) => "tandtilskud",
            (Self::DentalGrant, true) => "tandtilskud-93",
            (Self::Contact, false) => "samvaer",
            (Self::Contact, true) => "samvaer-93",
            (Self::Moving, false) => "flytning",
            (Self::Moving, true) => "flytning-93",
        }
    }
}
