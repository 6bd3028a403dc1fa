//! Whether this municipality decides.

use ydun_benefit::prelude::*;

use super::question::Question;
use crate::facts::Case;
use crate::law;

const ID: &str = "residence";
const LABEL: &str = "Medarbejderen bor i kommunen";

/// The employer asks the municipality where the employee lives.
///
/// What follows when she moves during a course has not been found, so another municipality is for a
/// person.
pub(super) fn residence(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let law = law::request(case.span.first());
    let places = case.about_employee(ID).meeting(case.span);
    if places.is_empty() {
        let reason = "Det mangler, hvilken kommune medarbejderen bor i.";
        let lacking = need(ID, case.employee, case.span, reason);
        file.condition(Test::new(ID, LABEL, law).lacks(lacking));
        return Ok(());
    }
    let mut question = Question::new(ID);
    let mut ours = true;
    for place in places.iter() {
        if place.text("municipality")? != case.settings.municipality
            && let Some(days) = place.valid().within(case.span)
        {
            ours &= question.ask(days, file).unwrap_or(true);
        }
    }
    let (test, state) = question.test(LABEL, law, ours);
    let test = test.rests_on_all(places.iter()).note("kommune", case.settings.municipality);
    file.condition(test.state(state));
    Ok(())
}
