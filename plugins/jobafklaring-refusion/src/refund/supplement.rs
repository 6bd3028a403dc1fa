//! The employer supplement (tillæg), which replaces the obligatory pension.

use ydun_benefit::prelude::*;

use super::Unfinished;
use crate::claims::Claim;
use crate::facts::Case;
use crate::law;
use crate::settings::SupplementBase;

/// The obligatory pension began.
const FIRST_YEAR: i32 = 2020;

/// The supplement of a month.
pub(super) struct Supplement {
    pub(super) percent: Decimal,
    pub(super) amount: Explained<Dkk>,
}

/// The year's percentage of the refund; none before 2020.
pub(super) fn of(
    case: &Case<'_>,
    claim: &Claim<'_>,
    before_deduction: &Unfinished,
    refund: &Explained<Dkk>,
    file: &mut CaseFile,
) -> Result<Option<Supplement>, Failure> {
    let month = claim.month;
    if month.year() < FIRST_YEAR {
        return Ok(None);
    }
    let (name, base) = match case.settings.supplement_base {
        SupplementBase::AfterDeduction => ("refusion", refund),
        SupplementBase::BeforeDeduction => ("refusion før fradrag", &before_deduction.shown),
    };
    let rate = case.rates.number("employer-supplement", month.last())?;
    let percent = file
        .step(&format!("procent:{month}"), "Tillæg til refusion i procent", law::SUPPLEMENT)
        .input("kilde", rate.source)
        .input("gælder", rate.valid)
        .gives(rate.value);
    let label = format!("Tillæg til refusion for {}", month.in_words());
    let amount = file
        .step(&format!("tillaeg:{month}"), label, law::SUPPLEMENT)
        .from(name, base)
        .from("procent", &percent)
        .gives_amount(
            base.value.decimal() * rate.value / Decimal::ONE_HUNDRED,
            Rounding::NearestOere,
        )?;
    Ok(Some(Supplement { percent: rate.value, amount }))
}
