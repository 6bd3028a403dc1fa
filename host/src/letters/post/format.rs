//! What a postal service is given.

use std::fmt;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use ydun_domain::ids::MessageId;
use ydun_domain::{Cvr, Day};

use super::Address;
use crate::parties::Party;

/// A letter on its way: to whom, and the pages.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub message: MessageId,
    pub sender: &'a str,
    pub sender_cvr: &'a Cvr,
    pub to: &'a Party,
    /// The company that a unit belongs to.
    pub company: Option<&'a Party>,
    pub title: &'a str,
    pub case_number: &'a str,
    pub date: Day,
    pub planned_at: DateTime<Utc>,
    pub pdf: &'a [u8],
}

/// How letters are handed to a postal service. The same item gives the same bytes.
pub trait PostFormat: fmt::Debug + Send + Sync {
    /// For the receiver's digital mailbox.
    fn digital(&self, item: &Item<'_>, to: &mut dyn Write) -> io::Result<()>;

    /// To be printed, put in an envelope and carried to an address.
    fn printed(&self, item: &Item<'_>, address: &Address, to: &mut dyn Write) -> io::Result<()>;
}
