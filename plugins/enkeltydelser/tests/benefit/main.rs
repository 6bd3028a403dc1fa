//! The benefit from outside: a dossier in, an outcome out.
//!
//! Every file builds its cases from those in [`scene`], and changes what it is about.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod cases;
mod check;
mod dental;
mod effects;
mod expenses;
mod explanation;
mod manifest;
mod need_test;
mod payees;
mod person;
mod properties;
mod repayment;
mod scene;
mod sections;
mod several;
