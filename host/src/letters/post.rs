//! Getting a letter to its reader: which way it goes, what became of it, and what is tried next.
//!
//! How a party can be reached belongs to the sending and never to the letter or the case. An address is
//! read when an envelope is printed and at no other time. Nothing waits for an address: whoever has
//! neither Digital Post nor an address finds the letter at the desk, and somebody is asked to see to it.

pub mod format;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, LetterId, MessageId, PartyId};
use ydun_typeset::Letter;

use super::{About, Kind};
use crate::hearings::Channel;
use crate::words::words;

words! {
    /// What became of a try to get a letter to its reader.
    State("state of a dispatch") {
        /// Its file is not made yet.
        Planned = "planned",
        /// With the postal service, or ready at the desk.
        Sent = "sent",
        Arrived = "arrived",
        /// It came back, or was refused; another way is tried.
        Failed = "failed",
    }

    /// Why another party gets a party's letters.
    Instead("reason to write to another") {
        Guardian = "guardian",
        Estate = "estate",
        /// Somebody the party trusts, such as a shelter or a relative.
        Contact = "contact",
    }
}

/// How a party can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Registered for Digital Post.
    pub digital: bool,
    /// Nobody else may see where the party lives.
    pub protected: bool,
    pub address: Option<Address>,
    /// Who gets the letters for the party.
    pub instead: Option<(Instead, PartyId)>,
}

/// Where an envelope goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Address {
    /// As they are printed, without name and post code.
    pub lines: Vec<String>,
    pub post_code: Option<String>,
    /// Two letters (ISO 3166).
    pub country: String,
}

/// The lines do not fit an envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an address has one to six lines of at most 34 signs, and a country of two letters such as DK"
)]
pub struct NotAnAddress;

impl Address {
    /// What a print service takes (`ForsendelseI`, `PostalAddressFirstLineText` to the sixth).
    const LINES_MAX: usize = 6;
    const SIGNS_MAX: usize = 34;

    pub fn new(
        lines: Vec<String>,
        post_code: Option<String>,
        country: String,
    ) -> Result<Self, NotAnAddress> {
        let fits = |line: &String| (1..=Self::SIGNS_MAX).contains(&line.trim().chars().count());
        let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        let are_lines = (1..=Self::LINES_MAX).contains(&lines.len()) && lines.iter().all(fits);
        if are_lines && is_country {
            Ok(Self { lines, post_code, country })
        } else {
            Err(NotAnAddress)
        }
    }
}

impl Reach {
    /// A firm is bound to read its Digital Post; of a person nobody has told us.
    pub fn untold(is_firm: bool) -> Self {
        Self { digital: is_firm, protected: false, address: None, instead: None }
    }

    /// The way a letter goes, when some have been tried: Digital Post, an envelope, the desk.
    pub fn way(&self, tried: &[Channel]) -> Channel {
        let is_open = |channel: Channel| !tried.contains(&channel);
        if self.digital && is_open(Channel::DigitalPost) {
            Channel::DigitalPost
        } else if self.address.is_some() && is_open(Channel::Letter) {
            Channel::Letter
        } else {
            Channel::Desk
        }
    }
}

/// A letter as it is kept: what it says stays, whatever becomes of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub id: LetterId,
    pub case: CaseId,
    pub kind: Kind,
    pub about: About,
    pub recipient: PartyId,
    pub letter: Letter,
}

/// A try to get a letter to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dispatch {
    /// What the postal service calls it: the same when it is sent again.
    pub message: MessageId,
    pub letter: LetterId,
    pub case: CaseId,
    pub title: String,
    pub kind: Kind,
    /// The recipient, or who gets letters instead.
    pub to: PartyId,
    pub channel: Channel,
    pub state: State,
    pub planned_at: DateTime<Utc>,
    /// The day it arrived or came back.
    pub closed_on: Option<Day>,
    /// Why it came back.
    pub reason: String,
}

/// What the postal service, or the desk, says about a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Said {
    pub message: MessageId,
    pub on: Day,
    pub fate: Fate,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Arrived,
    /// With the reason.
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::new(vec!["Torvet 1".to_owned()], Some("9999".to_owned()), "DK".to_owned()).unwrap()
    }

    #[track_caller]
    fn check(digital: bool, address: Option<Address>, tried: &[Channel], expected: Channel) {
        let reach = Reach { digital, address, ..Reach::untold(false) };
        assert_eq!(reach.way(tried), expected);
    }

    #[test]
    fn a_letter_goes_the_best_way_that_is_left_and_at_last_to_the_desk() {
        use Channel::{Desk, DigitalPost, Letter};
        check(true, Some(address()), &[], DigitalPost);
        check(true, Some(address()), &[DigitalPost], Letter);
        check(true, Some(address()), &[DigitalPost, Letter], Desk);
        check(true, None, &[], DigitalPost); // also without an address
        check(false, Some(address()), &[], Letter);
        check(false, None, &[], Desk); // no fixed address: nothing waits for one
        check(false, None, &[Desk], Desk);
    }

    #[test]
    fn an_address_fits_the_envelope() {
        let lines = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let new =
            |given: Vec<&str>, country: &str| Address::new(lines(given), None, country.to_owned());
        assert!(new(vec!["c/o Varmestuen", "Havnegade 2"], "DK").is_ok());
        assert!(new(vec!["x"; 6], "SE").is_ok());
        let too_long = "x".repeat(35);
        for (given, country) in [
            (vec!["x"; 7], "DK"),
            (vec![], "DK"),
            (vec![""], "DK"),
            (vec![&*too_long], "DK"),
            (vec!["x"], "dk"),
        ] {
            assert_eq!(new(given, country), Err(NotAnAddress));
        }
    }
}
