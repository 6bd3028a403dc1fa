//! Values of Danish benefit administration.
//!
//! Money, days, rates, and the numbers of persons and firms, each with the checks that make a
//! wrong value impossible to hold; and [`benefit`], what the host and a module say to each other.
//! There is no input or output here, so the same code runs in the host and inside a module.

#[cfg(feature = "host")]
pub mod bank_days;
pub mod benefit;
#[cfg(feature = "host")]
mod codec;
#[cfg(feature = "sqlx")]
mod columns;
#[cfg(feature = "host")]
pub mod ids;
pub mod money;
pub mod numbers;
pub mod rate;
pub mod time;

#[cfg(feature = "host")]
pub use ids::Tenant;
pub use money::{Dkk, Rounding};
pub use numbers::{AccountNumber, Cpr, Cvr, NotAnAccount, PNumber, SeNumber};
pub use rate::{Rate, Timeline};
pub use time::{Day, Month, Period, Validity};
