//! Reading a municipality, parties, cases and facts from a file.
//!
//! The file is JSON:
//!
//! ```json
//! {
//!   "municipality": { "code": "0561", "name": "Esbjerg Kommune", "cvr": "29189803" },
//!   "workers": [{ "id": "abc", "name": "Anna B. Carlsen", "rights": ["look", "register"] }],
//!   "parties": [
//!     { "type": "citizen", "key": "p1", "name": "Bo Dam", "cpr": "010190-1234" },
//!     { "type": "company", "key": "f1", "name": "Tømrer Dam ApS", "cvr": "29189803" },
//!     { "type": "unit-by-p", "key": "u1", "name": "Tømrer Dam, Ribe", "company": "f1", "p": "1003000000" },
//!     { "type": "unit-by-se", "key": "u2", "name": "Tømrer Dam, løn", "company": "f1", "se": "29189803" }
//!   ],
//!   "cases": [
//!     {
//!       "key": "VL-17", "benefit": "voksenlaerling", "opened": "2020-08-01",
//!       "roles": { "apprentice": "p1", "employer": "u1" },
//!       "facts": [
//!         {
//!           "kind": "hours", "about": "apprentice", "valid": "2020-10-01..2020-10-31",
//!           "attributes": { "worked": { "number": "148.5" }, "paid-by": { "who": "employer" } },
//!           "source": "AB 505", "known-from": "2020-11-02"
//!         }
//!       ]
//!     },
//!     { "case": "2020-00012", "facts": [] }
//!   ]
//! }
//! ```
//!
//! - A municipality that is there already needs only its code. Workers are set up, or changed by
//!   one with the right to administer.
//! - Parties are known by their numbers, cases by `key`; `case` names one that is there already, by
//!   key or number. Reading a file twice changes nothing the second time.
//! - A part may be had by several: `"child": ["p2", "p3"]`. `about` and `who` name a part in the
//!   case, when one party has it, or the key of a party in the file.
//! - A fact that is there already is left alone. With `"corrects": true` it takes the place of the
//!   one fact of its kind, about the same party, that it contradicts.
//! - `known-from` is left out for what is known from today.
//!
//! A case goes in whole or not at all; [`Report::refused`] says which did not, and why.

mod entry;
mod file;
mod parties;
mod plan;
pub mod service;
mod setup;
mod store;

use std::fmt;

use serde::Serialize;

use crate::audit::hide_personal_numbers;

pub use file::{ImportFile, UnreadableFile};
pub use setup::SetUpError;

/// What becomes of the good when some is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The good goes in.
    Lenient,
    /// Nothing goes in.
    Strict,
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether anything went in: not when something was refused in [`Mode::Strict`].
    pub kept: bool,
    pub parties_new: usize,
    pub parties_updated: usize,
    pub cases_opened: usize,
    pub facts_recorded: usize,
    pub facts_corrected: usize,
    /// Facts that were there already.
    pub facts_unchanged: usize,
    pub refused: Vec<Remark>,
    pub warnings: Vec<Remark>,
}

/// Something about one entry of the file, without any personal number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// `cases[17] 'VL-17'`, counted from 0.
    pub place: String,
    pub text: String,
}

impl Remark {
    fn new(place: &Place, text: &str) -> Self {
        Self { place: hide_personal_numbers(&place.to_string()), text: hide_personal_numbers(text) }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Where in the file an entry stands.
#[derive(Clone, Debug)]
struct Place {
    list: &'static str,
    index: usize,
    /// As the file names the entry, if it does.
    key: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.list, self.index)?;
        self.key.as_ref().map_or(Ok(()), |key| write!(f, " '{key}'"))
    }
}
