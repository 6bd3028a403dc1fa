//! The wage is paid before it is refunded.

use ydun_benefit::prelude::*;

use super::question::Question;
use crate::claims::Claim;
use crate::days::Days;
use crate::law;

/// Refund is asked for when the wage has been paid. The rule is known from guidance only, so a
/// request that came before the wage is for a person.
pub(super) fn paid_before(claims: &mut [Claim<'_>], file: &mut CaseFile) {
    let law = law::request(claims[0].month.first());
    let mut question = Question::new("wage-paid");
    let mut facts = vec![];
    for claim in claims.iter_mut() {
        facts.push(claim.hours.fact);
        let Some(days) = claim.days.whole() else { continue };
        if claim.hours.wage_paid <= claim.request.received {
            continue;
        }
        if question.ask(days, file) == Some(false) {
            let why = format!(
                "Lønnen for {} var ikke betalt, da anmodningen kom.",
                claim.month.in_words()
            );
            claim.leave_out(Days::default(), why);
            file.partly();
        }
    }
    let (test, state) = question.test("Lønnen var betalt, da refusionen blev anmodet", law, true);
    file.condition(test.rests_on_all(facts).state(state));
}
