//! Files of postings for the municipality's own ledger (ERP).

mod g69;
mod table;

use std::io;

use crate::operations::export::{Layout, Leaving, PostingExport, PostingFormat};

/// The ledger of the municipality.
#[derive(Clone, Copy, Debug, Default)]
pub struct Erp;

impl PostingFormat for Erp {
    fn postings_max(&self, layout: Layout) -> usize {
        match layout {
            Layout::Csv => 1_000_000,
            Layout::G69 => g69::POSTINGS_MAX,
        }
    }

    fn extension(&self, layout: Layout) -> &'static str {
        match layout {
            Layout::Csv => "csv",
            Layout::G69 => "g69.txt",
        }
    }

    fn refuse(&self, layout: Layout, number: &str) -> Option<String> {
        match layout {
            Layout::Csv => None,
            Layout::G69 => g69::refuse(number),
        }
    }

    fn write(
        &self,
        export: &PostingExport,
        postings: &[Leaving],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        match export.layout {
            Layout::Csv => table::write(postings, to),
            Layout::G69 => g69::write(export, postings, to),
        }
    }
}
