//! What the host and a benefit module say to each other: a dossier in, an outcome out.
//!
//! The shapes are those of `wit/ydun-benefit/1.0/benefit.wit`, with values already checked: an
//! amount is a [`Dkk`](crate::Dkk), a day is a [`Day`](crate::Day). [`bindings!`](crate::bindings)
//! converts to and from what the component model generates, on both sides of the wall.

mod bindings;
mod dossier;
mod outcome;
mod scalar;

pub use bindings::{Malformed, Wire, number};
pub use dossier::{Attribute, Dossier, Fact, RateRow};
pub use outcome::{
    Claim, Condition, Effect, Failure, Finding, Letter, Line, Need, Outcome, Question, Severity,
    State, Step, Task, Verdict,
};
pub use scalar::{Party, Scalar};
