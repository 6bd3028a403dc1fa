//! The municipality's choices: its guiding amounts, and where the law or its sources leave a point
//! open. The host gives those of the days calculated. An amount that is zero has not been set.

use ydun_benefit::attributes::Settings as Given;
use ydun_benefit::prelude::*;

use crate::dental::Terms;

/// Every choice; the manifest has the defaults and the reasons.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Our own municipality code; empty when nobody has filled it in.
    pub(crate) municipality: String,
    pub(crate) guide: GuideAmounts,
    /// The age until which the amounts for young people count.
    young_until: i64,
    pub(crate) accepts_instalments: bool,
    /// None follows the limits of cash benefit.
    pub(crate) accepted_assets: Option<AcceptedAssets>,
    pub(crate) dental: DentalTerms,
}

/// What a household should have left each month when its fixed expenses are paid.
#[derive(Clone, Debug)]
pub(crate) struct GuideAmounts {
    pub(crate) single: Dkk,
    pub(crate) couple: Dkk,
    pub(crate) cohabiting: Dkk,
    pub(crate) child_of_single: Dkk,
    pub(crate) child_of_couple: Dkk,
    pub(crate) young_with_parents: Dkk,
    pub(crate) young_alone: Dkk,
}

/// Savings a household may keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AcceptedAssets {
    pub(crate) single: Dkk,
    pub(crate) couple: Dkk,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DentalTerms {
    pub(crate) young: Terms,
    pub(crate) older: Terms,
}

impl Settings {
    pub(crate) fn of(dossier: &Dossier) -> Result<Self, Failure> {
        let given = Given::of(dossier);
        let follows_cash_benefit =
            given.one_of("accepted-assets", &[("cash-benefit", true), ("own", false)])?;
        let own = AcceptedAssets {
            single: given.amount("accepted-assets-single")?,
            couple: given.amount("accepted-assets-couple")?,
        };
        Ok(Self {
            municipality: given.text("municipality")?.to_owned(),
            guide: GuideAmounts {
                single: given.amount("guide-single")?,
                couple: given.amount("guide-couple")?,
                cohabiting: given.amount("guide-cohabiting")?,
                child_of_single: given.amount("guide-child-single")?,
                child_of_couple: given.amount("guide-child-couple")?,
                young_with_parents: given.amount("guide-young-with-parents")?,
                young_alone: given.amount("guide-young-alone")?,
            },
            young_until: given.integer("young-until-age")?,
            accepts_instalments: given.flag("accept-debt-instalments")?,
            accepted_assets: (!follows_cash_benefit).then_some(own),
            dental: DentalTerms {
                young: terms(given, "dental-own-payment-young", "dental-share-young")?,
                older: terms(given, "dental-own-payment", "dental-share")?,
            },
        })
    }

    pub(crate) fn is_young(&self, age: i32) -> bool {
        i64::from(age) < self.young_until
    }
}

fn terms(given: Given<'_>, own_payment: &str, share: &str) -> Result<Terms, Failure> {
    let share_percent = given.number(share)?;
    if share_percent < Decimal::ZERO || share_percent > Decimal::ONE_HUNDRED {
        return Err(given.wrong(share, "it is a percentage from 0 to 100"));
    }
    Ok(Terms { own_payment: given.amount(own_payment)?, share_percent })
}
