//! The conditions of the law, each tested to met, not met, or for a person to judge.

mod agreement;
mod apprentice;
mod authority;
mod employer;

use ydun_benefit::prelude::*;

use crate::facts::{Application, Case};
use crate::rules::{self, Group, RateKey, Terms, Version};

/// What the conditions that are met entitle to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entitlement<'a> {
    /// The day the grant was decided.
    pub(crate) decided: Day,
    pub(crate) version: Version,
    pub(crate) group: Group,
    pub(crate) terms: Terms,
    pub(crate) application: Application<'a>,
}

impl Entitlement<'_> {
    /// The rate of a day: the one of the terms, until the transitional rule lifts it.
    pub(crate) fn rate_on(&self, day: Day, case: &Case<'_>) -> RateKey {
        if day >= rules::LAB && self.fits_section_155(case) {
            RateKey::Higher2020
        } else {
            self.terms.rate
        }
    }

    /// Whether she fits § 155, stk. 1: a grant from before 2020 is then lifted by LAB § 209, stk. 9,
    /// and one from after has that rate anyway.
    ///
    /// Who was unemployed long enough then, fits now: the lengths asked for in 2015-2019 were never
    /// shorter than those of 2020. For the briefly unemployed the sources do not say.
    fn fits_section_155(&self, case: &Case<'_>) -> bool {
        match self.group {
            Group::Unemployed => true,
            Group::BrieflyUnemployed => case.settings.lifts_briefly_unemployed,
            Group::Employed => false,
        }
    }
}

/// Tests every condition, and answers what they entitle to when enough of them are clear.
pub(crate) fn test<'a>(
    case: &Case<'a>,
    file: &mut CaseFile,
) -> Result<Option<Entitlement<'a>>, Failure> {
    let Some(decided) = authority::rule_version(case, file)? else { return Ok(None) };
    let version = Version::of_grant(decided);
    authority::deciding_municipality(case, decided, file)?;
    agreement::test(case, version, file);
    apprentice::age(case, version, file)?;
    let application = deadline(case, version, file)?;
    let group = apprentice::group(case, version, application, file)?;
    let terms = group.map(|group| version.terms(group, case.agreement.start(), &case.settings));
    if terms.is_some_and(|terms| terms.needs_positive_list) {
        apprentice::positive_list(case, version, file);
    }
    employer::wage(case, version, application, file)?;
    employer::other_support(case, version, application, file)?;
    let tested_on =
        application.map_or(decided, |application| application.tested_on(&case.agreement));
    employer::de_minimis(case, version, tested_on, file)?;

    let all = group.zip(terms).zip(application);
    Ok(all.map(|((group, terms), application)| Entitlement {
        decided,
        version,
        group,
        terms,
        application,
    }))
}

/// § 158: within a month of the start. A late application is no refusal; it moves the first day of
/// subsidy (see [`crate::paid_days`]).
fn deadline<'a>(
    case: &Case<'a>,
    version: Version,
    file: &mut CaseFile,
) -> Result<Option<Application<'a>>, Failure> {
    let test = Test::new("application", "Der er søgt om tilskud", version.law("LAB § 158"))
        .note("sidste rettidige dag", Application::deadline(&case.agreement));
    let application = case.application()?;
    file.condition(match application {
        None => test.lacks(need(
            "application",
            case.agreement.employer,
            case.agreement.fact.valid(),
            "Arbejdsgiverens ansøgning mangler.",
        )),
        Some(application) => test
            .rests_on(application.fact)
            .note("modtaget", application.received)
            .note("for sent", application.is_late(&case.agreement))
            .is(true),
    });
    Ok(application)
}
