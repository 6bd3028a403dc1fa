//! The tests of the whole, in one program. `support` is how they begin.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

mod audit;
mod jobs;
