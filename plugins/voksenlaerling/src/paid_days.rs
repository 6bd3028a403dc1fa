//! The days subsidy is given for.

use ydun_benefit::prelude::*;

use crate::conditions::Entitlement;
use crate::facts::{Application, Case};

/// The days asked for: those of the span on which the agreement runs.
pub(crate) fn asked(case: &Case<'_>) -> Result<Option<Period>, Failure> {
    let agreement = Validity::new(case.agreement.start(), case.last_day()?);
    let agreement =
        agreement.map_err(|_| case.agreement.fact.contradicts("it ended before it began"))?;
    Ok(agreement.within(case.dossier.span))
}

/// The periods, without those in which there is other public support for the apprentice.
///
/// The bonus from AUB is allowed (§ 158, stk. 3).
pub(crate) fn without_other_support(
    case: &Case<'_>,
    mut periods: Vec<Period>,
) -> Result<Vec<Period>, Failure> {
    for support in case.about_apprentice("other-support").iter() {
        let is_allowed = support
            .one_of("kind", &[("aub-bonus", true), ("wage-subsidy", false), ("other", false)])?;
        if !is_allowed {
            periods =
                periods.into_iter().flat_map(|period| without(period, support.valid())).collect();
        }
    }
    Ok(periods)
}

/// What is left of a period on either side of another.
fn without(period: Period, taken: Validity) -> impl Iterator<Item = Period> {
    let before = Period::new(period.first(), period.last().min(taken.first().previous())).ok();
    let after = taken
        .last()
        .and_then(|last| Period::new(period.first().max(last.next()), period.last()).ok());
    before.into_iter().chain(after)
}

/// The days asked for that the grant covers, explained. None is a refusal.
pub(crate) fn covered(
    case: &Case<'_>,
    entitlement: &Entitlement<'_>,
    file: &mut CaseFile,
) -> Result<Option<Explained<Days>>, Failure> {
    let agreement = &case.agreement;
    let asked = asked(case)?;
    let first = if entitlement.application.is_late(agreement) {
        entitlement.application.received
    } else {
        agreement.start()
    };
    let limit = entitlement.terms.duration.last_day(agreement.start());
    let granted = Validity::new(first, limit)
        .ok()
        .zip(asked)
        .and_then(|(granted, asked)| granted.within(asked));
    let periods = without_other_support(case, granted.into_iter().collect())?;

    let test = Test::new(
        "days",
        "Der er dage at give tilskud for",
        entitlement.version.law("LAB §§ 158-159"),
    )
    .rests_on(agreement.fact)
    .rests_on(entitlement.application.fact);
    file.condition(test.is(!periods.is_empty()));
    let (Some(asked), Some(earliest), Some(latest)) = (asked, periods.first(), periods.last())
    else {
        return Ok(None);
    };
    if periods != [asked] {
        file.partly();
    }

    let whole = Period::new(earliest.first(), latest.last()).expect("periods are in order");
    let mut step = file
        .step("dage", "Dage med tilskud", entitlement.version.law("LAB §§ 158-159"))
        .input("aftalen begynder", agreement.start())
        .input("ansøgning modtaget", entitlement.application.received)
        .input("første dag", whole.first())
        .input("sidste dag", whole.last());
    if let Some(limit) = limit {
        step = step.input("tidsgrænse", limit);
    }
    let days: u32 = periods.iter().map(|period| period.len()).sum();
    Ok(Some(step.gives(days).map(|_| Days(periods))))
}

/// Why days that are asked for have no subsidy, as sentences to the employer.
pub(crate) fn why_less(
    case: &Case<'_>,
    entitlement: &Entitlement<'_>,
) -> Result<Vec<String>, Failure> {
    let Some(asked) = asked(case)? else { return Ok(vec![]) };
    let (agreement, application) = (&case.agreement, entitlement.application);
    let mut sentences = vec![];
    if application.is_late(agreement) && application.received > asked.first() {
        sentences.push(format!(
            "Ansøgningen skulle være kommet senest den {}. Den kom den {}, og tilskuddet begynder den dag.",
            Application::deadline(agreement).in_words(),
            application.received.in_words()
        ));
    }
    let limit = entitlement.terms.duration.last_day(agreement.start());
    if let Some(limit) = limit.filter(|limit| *limit < asked.last()) {
        sentences.push(format!("Tilskuddet gives længst til og med den {}.", limit.in_words()));
    }
    if without_other_support(case, vec![asked])? != [asked] {
        sentences
            .push("Der er ikke tilskud for dage med anden offentlig støtte til lærlingen.".into());
    }
    Ok(sentences)
}

/// Periods in order of time, none of them touching the next.
#[derive(Clone, Debug)]
pub(crate) struct Days(Vec<Period>);

impl Days {
    pub(crate) fn months(&self) -> Vec<Month> {
        let mut months: Vec<Month> = self.0.iter().flat_map(|period| period.months()).collect();
        months.dedup();
        months
    }

    /// The days that lie in a month.
    pub(crate) fn within(&self, month: Month) -> Vec<Period> {
        self.0.iter().filter_map(|period| period.overlap(month.period())).collect()
    }
}
