//! The month an address asks for.

use serde::Deserialize;
use ydun_domain::{Day, Month};

use super::failure::Failure;

#[derive(Debug, Default, Deserialize)]
pub(super) struct MonthQuery {
    maaned: Option<String>,
}

impl MonthQuery {
    /// The month that is asked for; else this one.
    pub(super) fn month(&self, today: Day) -> Result<Month, Failure> {
        match &self.maaned {
            Some(text) => text.parse().map_err(Failure::misunderstood),
            None => Ok(today.month()),
        }
    }
}
