//! Enkeltydelser: help with single expenses, LAS chapter 10.
//!
//! Read `calculate` first: it tells the whole story. An application is for one or more expenses,
//! and each is judged on its own: `conditions` has the tests, `need_test` and `dental` what the help
//! is worked out from, `grants` the amount, `payees` who gets it, `effects` the tasks, letters and
//! claims. README has the law in a table, and every point that is not verified with the setting
//! that decides it.

mod calculate;
mod check;
mod conditions;
mod dental;
mod effects;
mod facts;
mod grants;
mod guide;
mod need_test;
mod payees;
mod rules;
mod section;
mod settings;

use ydun_benefit::prelude::*;

/// The benefit.
#[derive(Debug)]
pub struct Enkeltydelser;

impl Benefit for Enkeltydelser {
    fn check(form: &Dossier) -> Vec<Finding> {
        check::check(form)
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        calculate::calculate(dossier)
    }
}

ydun_benefit::export!(Enkeltydelser);
