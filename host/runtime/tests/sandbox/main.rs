//! The sandbox against modules that do as they please.
//!
//! Modules are written as core WebAssembly text and made into components with the interface's own
//! file, so that a row of a table can be read: [`guest`] is the well-behaved module they start from.

#![expect(clippy::unwrap_used, reason = "what a helper here cannot do, its test cannot do either")]

mod abi;
mod calls;
mod class;
mod fixture;
mod frozen;
mod generated;
mod guest;
mod hostile;
mod images;
mod signing;
mod verification;
