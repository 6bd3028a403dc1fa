//! From gross to net: what is taken from a person's payment, and why.
//!
//! The order is that of the national design: the gross; the person's own contributions; AM-bidrag
//! and A-tax by the [`TaxCard`] of the payment day; then what is held back from the net. [`withhold`]
//! is the calculation, and it is pure. Everything in it that is open or not verified is a dated
//! [`Setting`](settings::Key) with a default, its grade and its source; the municipality can choose
//! otherwise, and `ydun report settings` shows what counts.

pub mod card;
pub mod service;
pub mod settings;
pub mod share;
mod store;
pub mod withhold;

pub use card::{Card, TaxCard};
pub use settings::{Rules, Settings};
