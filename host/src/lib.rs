//! The host of the benefit modules.
//!
//! One folder for each business component, from the bottom up; a component uses those before it,
//! never those after it. Inside component `x`: `x.rs` says what exists, `x/service.rs` what can be
//! done, `x/store.rs` its SQL. The invariants are in `host/README.md`.

pub mod access;
pub mod words_placeholder;
pub mod audit;
pub mod clock;
pub mod db;
pub mod jobs;
pub mod ledger;
