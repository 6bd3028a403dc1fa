//! Which act a day is under.

use ydun_benefit::prelude::*;

/// The first day of barnets lov.
const CHILDRENS_ACT: Day = Day::new(2024, 1, 1);
/// Who applied before this day has no cap, and another regulation.
pub(crate) const FIRST_DAY_OF_CAP: Day = Day::new(2011, 1, 1);

/// The act that gives the benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Serviceloven § 42, until the end of 2023.
    Services,
    /// Barnets lov § 87, from 2024.
    Children,
}

impl Act {
    pub(crate) fn on(day: Day) -> Self {
        if day < CHILDRENS_ACT { Self::Services } else { Self::Children }
    }

    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Services => "Serviceloven § 42",
            Self::Children => "Barnets lov § 87",
        }
    }

    /// The executive order's rule on the supplement for holiday.
    pub(crate) fn holiday_supplement(self) -> &'static str {
        match self {
            Self::Services => "Serviceloven § 42 og bekendtgørelse nr. 932 af 19. juni 2020",
            Self::Children => "Bekendtgørelse nr. 1603 af 14. december 2023, § 15",
        }
    }

    /// The executive order's rule on the supplements when the benefit ends.
    pub(crate) fn end_supplement(self) -> &'static str {
        match self {
            Self::Services => "Serviceloven § 42 og bekendtgørelse nr. 932 af 19. juni 2020",
            Self::Children => "Bekendtgørelse nr. 1603 af 14. december 2023, § 16",
        }
    }
}

/// The section that governs a day.
pub(crate) fn section(day: Day) -> &'static str {
    Act::on(day).section()
}

/// The section that governs a period, or both when it reaches over the change of acts.
pub(crate) fn section_over(period: Period) -> &'static str {
    match (Act::on(period.first()), Act::on(period.last())) {
        (Act::Services, Act::Children) => {
            "Serviceloven § 42 (til og med 2023) og barnets lov § 87 (fra 2024)"
        }
        (act, _) => act.section(),
    }
}
