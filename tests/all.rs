//! The tests of the whole, in one program. `support` is how they begin.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod messages;
mod money;
mod support;
mod voksenlaerling;

mod architecture;
mod audit;
mod bank;
mod bank_days;
mod benefits;
mod campaigns;
mod cases;
mod chart;
mod close;
mod corrections;
mod crash;
mod decisions;
mod elsewhere;
mod facts;
mod hearings;
mod index;
mod intake;
mod jobs;
mod ledger;
mod logins;
mod modules;
mod month_run;
mod packages;
mod parties;
mod payments;
mod publishers;
mod reconcile;
mod replay;
mod reports;
mod rollback;
mod running;
mod schema;
mod settings;
mod stops;
mod suspension;
mod tax;
mod transactions;
mod web;
