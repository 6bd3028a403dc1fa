//! Tabt arbejdsfortjeneste: the loss of earnings of a parent who cares for a disabled or long-term
//! ill child at home. Barnets lov § 87, and serviceloven § 42 before 2024.
//!
//! Read `calculate` first: it tells the whole story of one applicant. `conditions` has the tests,
//! `days` the days that are covered, `income` what a month is worth, `gross` what is given for it,
//! `lines` who is paid, and `supplements` what holiday and the end add. README has the law in a
//! table, and every point that is not verified with the setting that decides it.

mod applicants;
mod calculate;
mod check;
mod conditions;
mod days;
mod ending;
mod facts;
mod gross;
mod income;
mod law;
mod letters;
mod lines;
mod rates;
mod settings;
mod supplements;
mod tasks;

use ydun_benefit::prelude::*;

/// The benefit.
#[derive(Debug)]
pub struct TabtArbejdsfortjeneste;

impl Benefit for TabtArbejdsfortjeneste {
    fn check(form: &Dossier) -> Vec<Finding> {
        check::check(form)
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        applicants::calculate(dossier)
    }
}

ydun_benefit::export!(TabtArbejdsfortjeneste);
