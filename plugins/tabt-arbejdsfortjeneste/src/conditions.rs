//! The conditions of the law, each tested to met, not met, or for a person to judge.

mod child;
mod parent;
mod work;

use ydun_benefit::prelude::*;

use crate::facts::Case;

/// Tests every condition for one applicant.
pub(crate) fn test(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    parent::application(case, file);
    child::deciding_municipality(case, file)?;
    child::age(case, file)?;
    child::impairment(case, file)?;
    child::in_home(case, file)?;
    child::care_at_home(case, file);
    parent::relation(case, file)?;
    parent::most_suitable(case, file);
    parent::not_both(case, file)?;
    work::income_basis(case, file)?;
    work::loss(case, file)?;
    work::atp(case, file)?;
    work::days(case, file)
}

/// A condition about the days until the benefit ends, under the act that governs them.
fn about_days(case: &Case<'_>, id: &str, label: &str) -> Test {
    Test::new(id, label, case.section()).about(case.tested)
}
