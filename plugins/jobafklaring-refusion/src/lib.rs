//! Refund to employers of ressourceforløbsydelse during jobafklaring: LAS §§ 69 t-69 u.
//!
//! An employer who pays wages to an ill employee gets what the employee would have had. Read
//! `calculate` first: it tells the whole story. `conditions` has the tests, `claims` the months
//! asked for with the days that count, `refund` the amounts. README has the law in a table, and
//! every point that is not verified with the setting that decides it.

mod calculate;
mod check;
mod claims;
mod conditions;
mod days;
mod facts;
mod law;
mod letters;
mod refund;
mod settings;

use ydun_benefit::prelude::*;

/// The benefit.
#[derive(Debug)]
pub struct JobafklaringRefusion;

impl Benefit for JobafklaringRefusion {
    fn check(form: &Dossier) -> Vec<Finding> {
        check::check(form)
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        calculate::calculate(dossier)
    }
}

ydun_benefit::export!(JobafklaringRefusion);
