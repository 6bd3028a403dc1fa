//! What the bank promises, tried from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod account;
mod command;
mod days;
mod files;
mod payees;
mod random;
mod schemas;
mod support;
