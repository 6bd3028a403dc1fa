//! The host of the benefit modules.
//!
//! One folder for each business component, from the bottom up; a component uses those before it,
//! never those after it. Inside component `x`: `x.rs` says what exists, `x/service.rs` what can be
//! done, `x/store.rs` its SQL. The invariants are in `host/README.md`.

pub mod access;
pub mod adapters;
pub mod audit;
pub mod cases;
pub mod clock;
pub mod db;
pub mod decisions;
pub mod documents;
pub mod events;
pub mod facts;
pub mod filings;
pub mod freezes;
pub mod hearings;
pub mod intake;
pub mod jobs;
pub mod ledger;
pub mod letters;
pub mod logins;
pub mod modules;
pub mod municipalities;
pub mod notices;
pub mod operations;
pub mod parallel;
pub mod parties;
pub mod payments;
pub mod reports;
pub mod tasks;
pub mod tax;
pub mod visits;
pub mod web;
pub mod words;
pub mod workers;
