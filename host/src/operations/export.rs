//! Postings on their way to the municipality's own ledger.
//!
//! A month's postings leave in files, each posting in one file only, with the municipality's own
//! account numbers as they were that day. A file is made of its rows, so it can be made again years
//! later with the same bytes. Nothing leaves while an account has no number: see `ledger::chart`.

pub mod service;
mod store;

use std::{fmt, io};

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{CaseId, EntryId, PostingExportId};
use ydun_domain::{Cpr, Day, Dkk, Month, Period, Tenant};

use crate::words::words;

words! {
    /// How a file of postings is laid out.
    Layout("layout of a posting file") {
        /// Ours, for spreadsheets and whoever reads CSV.
        Csv = "csv",
        /// The transactions G69 of older ERPs.
        G69 = "g69",
    }
}

/// A file of postings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostingExport {
    pub tenant: Tenant,
    pub id: PostingExportId,
    pub layout: Layout,
    pub month: Month,
    pub name: String,
    #[serde(skip)]
    pub digest: Vec<u8>,
    pub postings: i64,
    /// The debits, which are the credits.
    pub total: Dkk,
    pub made_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
}

/// A posting as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    pub entry: EntryId,
    pub number: i64,
    /// Its number through all files.
    pub serial: i64,
    pub booked: Day,
    /// Our keys.
    pub debit: String,
    pub credit: String,
    /// The municipality's own numbers.
    pub debit_number: String,
    pub credit_number: String,
    pub amount: Dkk,
    pub case_id: CaseId,
    pub case_number: String,
    pub posting_code: String,
    /// The days it belongs to, whenever it is booked.
    pub period: Period,
    /// Of a payee who is a citizen.
    pub cpr: Option<Cpr>,
}

/// How files of postings are written.
pub trait PostingFormat: fmt::Debug + Send + Sync {
    /// How many postings a file of the layout holds at most.
    fn postings_max(&self, layout: Layout) -> usize;

    /// The last part of a file's name.
    fn extension(&self, layout: Layout) -> &'static str;

    /// Why an account number cannot stand in such a file, if it cannot.
    fn refuse(&self, layout: Layout, number: &str) -> Option<String>;

    /// Writes a file. The same export and postings give the same bytes.
    fn write(
        &self,
        export: &PostingExport,
        postings: &[Leaving],
        to: &mut dyn io::Write,
    ) -> io::Result<()>;
}
