//! The municipality's choices where the law or its sources leave a point open.

use ydun_benefit::attributes::Settings as Given;
use ydun_benefit::prelude::*;

/// Every choice; the manifest has the defaults and the reasons.
#[derive(Clone, Debug)]
pub(crate) struct Settings<'a> {
    /// Our own municipality code; empty when nobody has filled it in.
    pub(crate) municipality: &'a str,
    /// Whether a month's refund stops at the wage that was paid.
    pub(crate) never_above_wage: bool,
    pub(crate) deducted_days: DeductedDays,
    pub(crate) supplement_base: SupplementBase,
}

/// The days on which an amount a day under sygedagpengeloven is deducted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeductedDays {
    /// Monday to Friday.
    Weekdays,
    All,
}

/// What the employer supplement is a percentage of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SupplementBase {
    /// The refund that is paid.
    AfterDeduction,
    /// The refund before amounts under sygedagpengeloven are deducted.
    BeforeDeduction,
}

impl<'a> Settings<'a> {
    pub(crate) fn of(dossier: &'a Dossier) -> Result<Self, Failure> {
        let given = Given::of(dossier);
        Ok(Self {
            municipality: given.text("municipality")?,
            never_above_wage: given.flag("never-above-wage")?,
            deducted_days: given.one_of(
                "deducted-days",
                &[("weekdays", DeductedDays::Weekdays), ("all", DeductedDays::All)],
            )?,
            supplement_base: given.one_of(
                "supplement-base",
                &[
                    ("after-deduction", SupplementBase::AfterDeduction),
                    ("before-deduction", SupplementBase::BeforeDeduction),
                ],
            )?,
        })
    }
}

impl DeductedDays {
    pub(crate) fn counts(self, day: Day) -> bool {
        match self {
            Self::Weekdays => day.is_weekday(),
            Self::All => true,
        }
    }
}
