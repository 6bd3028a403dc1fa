//! The training agreement itself.

use ydun_benefit::prelude::*;

use crate::facts::{Act, Case};
use crate::rules::Version;

/// § 154: an agreement of the right kind, for an education without another adult pay.
pub(crate) fn test(case: &Case<'_>, version: Version, file: &mut CaseFile) {
    let agreement = &case.agreement;
    let act = Test::new(
        "agreement",
        "Uddannelsesaftale efter erhvervs- eller søfartsuddannelsesloven",
        version.law("LAB § 154"),
    )
    .rests_on(agreement.fact)
    .note("uddannelse", agreement.education);
    file.condition(match agreement.act {
        Act::Other => act.is(false),
        Act::Vocational | Act::Maritime if agreement.is_school_approved => act.is(true),
        Act::Vocational | Act::Maritime => {
            act.note("årsag", "Skolen har ikke godkendt aftalen.").needs_human()
        }
    });

    let adult_pay = Test::new(
        "no-collective-adult-pay",
        "Ikke social-, sundheds- eller pædagogisk assistentuddannelse med ret til voksenelevløn",
        version.law("LAB § 154, stk. 2"),
    );
    file.condition(adult_pay.rests_on(agreement.fact).is(!agreement.has_collective_adult_pay));
}
