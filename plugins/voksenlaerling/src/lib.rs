//! Tilskud til arbejdsgivere, der ansætter voksenlærlinge: LAB kap. 23 and the rules before it.
//!
//! Read `calculate` first: it tells the whole story. `rules` has the versions of the law,
//! `conditions` the tests, `paid_days` and `hours` what is paid for, and `letters` what the employer is
//! answered. README has the law in a table,
//! and every point that is not verified with the setting that decides it.

mod calculate;
mod check;
mod conditions;
mod facts;
mod hours;
mod letters;
mod paid_days;
mod rules;
mod settings;

use ydun_benefit::prelude::*;

/// The benefit.
#[derive(Debug)]
pub struct Voksenlaerling;

impl Benefit for Voksenlaerling {
    fn check(form: &Dossier) -> Vec<Finding> {
        check::check(form)
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        calculate::calculate(dossier)
    }
}

ydun_benefit::export!(Voksenlaerling);
