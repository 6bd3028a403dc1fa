//! Three months back from the request.

use ydun_benefit::prelude::*;

use super::question::Question;
use crate::claims::Claim;
use crate::facts::Request;
use crate::law;

/// Days more than three months before the request are left out, unless a person has found a ground
/// for an exception: wrong guidance, or other special circumstances.
///
/// A person is asked when the employer asks for it, and may find such a ground unasked.
pub(super) fn in_time(claims: &mut [Claim<'_>], file: &mut CaseFile) {
    let law = law::request(claims[0].month.first());
    let mut question = Question::new("deadline");
    let mut first_days = vec![];
    for claim in claims.iter_mut() {
        let first = Request::first_day_in_time(claim.request.received);
        let Some(late) = claim.days.before(first).whole() else { continue };
        let answer = if claim.request.asks_exception {
            question.ask(late, file)
        } else {
            Some(question.judged(late, file).unwrap_or(false))
        };
        if answer == Some(false) {
            let why = format!(
                "Dagene før {} ligger mere end tre måneder før anmodningen.",
                first.in_words()
            );
            claim.leave_out(claim.days.from(first), why);
            file.partly();
        }
        first_days.push(first);
    }
    first_days.dedup();
    let (test, state) =
        question.test("Fristen på tre måneder er overholdt eller afklaret", law, true);
    let test = test.rests_on_all(claims.iter().map(|claim| claim.request.fact));
    let test =
        first_days.into_iter().fold(test, |test, first| test.note("første dag i tide", first));
    file.condition(test.state(state));
}
