//! Values of Danish benefit administration.
//!
//! Money, days, rates, and the numbers of persons and firms, each with the checks that make a
//! wrong value impossible to hold; and [`benefit`], what the host and a module say to each other.
//! There is no input or output here, so the same code runs in the host and inside a module.

pub mod benefit;
#[cfg(feature = "host")]
mod codec;
pub mod money;
pub mod rate;
pub mod time;

pub use money::{Dkk, Rounding};
pub use rate::{Rate, Timeline};
pub use time::{Day, Month, Period, Validity};
