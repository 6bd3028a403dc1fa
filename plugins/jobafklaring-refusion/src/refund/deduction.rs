//! What the employer can get under sygedagpengeloven §§ 55 and 56, day by day.

use ydun_benefit::prelude::*;

use super::Unfinished;
use super::fraction::Fraction;
use crate::claims::Claim;
use crate::facts::Case;
use crate::law;

/// The refund of the month less the amounts of its days: the amount that is paid.
///
/// It is counted per day refunded (BEK 1486/2019 § 2), so an amount above a day's refund takes that
/// day and nothing of the others. Every day of the month has the same part of the refund.
pub(super) fn deduct(
    case: &Case<'_>,
    claim: &Claim<'_>,
    refund: &Unfinished,
    file: &mut CaseFile,
) -> Result<Explained<Dkk>, Failure> {
    let month = claim.month;
    let days = of_days(case, claim)?;
    let left = days.taken_from(refund.exact);
    let deduction = (days.count_with_amount() > 0).then(|| {
        let label = "Fradrag pr. dag efter sygedagpengeloven";
        file.step(&format!("fradrag:{month}"), label, law::request(month.first()))
            .input("dage med refusion", days.count())
            .input("dage med beløb", days.count_with_amount())
            .input("beløb i alt", days.sum())
            .gives_amount(left.value() - refund.exact.value(), Rounding::NearestOere)
    });
    let label = format!("Refusion for {}", month.in_words());
    let step = file
        .step(&format!("refusion:{month}"), label, law::request(month.first()))
        .from("før fradrag", &refund.shown);
    let step = match deduction.transpose()? {
        Some(deduction) => step.from("fradrag", &deduction),
        None => step,
    };
    step.gives_amount(left.value(), Rounding::NearestOere)
}

/// The amount of each day that counts, zero on most.
struct DayAmounts(Vec<Dkk>);

fn of_days(case: &Case<'_>, claim: &Claim<'_>) -> Result<DayAmounts, Failure> {
    let found = case.about_employee("sickness-refund").meeting(claim.month.period());
    let mut amounts: Vec<(Validity, Dkk)> = vec![];
    for fact in found.iter() {
        let a_day = fact.amount("a-day")?;
        if a_day.is_negative() {
            return Err(fact.wrong("a-day", "what is deducted is not below zero"));
        }
        amounts.push((fact.valid(), a_day));
    }
    let counted = claim.days.iter().filter(|day| case.settings.deducted_days.counts(*day));
    let of_day = |day| {
        let holds = amounts.iter().filter(|(valid, _)| valid.contains(day));
        holds.map(|(_, a_day)| *a_day).sum()
    };
    Ok(DayAmounts(counted.map(of_day).collect()))
}

impl DayAmounts {
    fn count(&self) -> u32 {
        number(self.0.len())
    }

    fn count_with_amount(&self) -> u32 {
        number(self.0.iter().filter(|amount| !amount.is_zero()).count())
    }

    fn sum(&self) -> Dkk {
        self.0.iter().copied().sum()
    }

    /// What the amounts leave of a refund.
    fn taken_from(&self, refund: Fraction) -> Fraction {
        let count = Decimal::from(self.count());
        let a_day = refund.times(Decimal::ONE, count);
        let (partly, wholly): (Vec<Dkk>, Vec<Dkk>) = self
            .0
            .iter()
            .partition(|amount| Fraction::new(amount.decimal(), Decimal::ONE).is_below(a_day));
        let days_left = count - Decimal::from(number(wholly.len()));
        refund.times(days_left, count).less(partly.into_iter().sum::<Dkk>().decimal())
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a month has at most 31 days")
}
