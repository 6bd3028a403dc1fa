//! Cases as tables that a spreadsheet opens: a dossier, and the answer the law gives for it.
//!
//! A file is one case, named by its file: `cases/ordinary-month.csv`. It has semicolons, UTF-8 and one
//! heading; `del` says what a row is about, and a row without it is a field of what stands above. Rates
//! and settings are only told where they differ from the manifest's, which are filled in as the host
//! fills them in. The module carries its cases as JSON.

mod cell;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use self::rows::NotACase;
use super::{Case, Manifest, ScalarKind};
use ydun_domain::benefit::Scalar;

/// The extension of a case table.
pub const EXTENSION: &str = "csv";

/// The case a table tells. `name` is the file's, without extension.
pub fn read(name: &str, table: &[u8], manifest: &Manifest) -> Result<Case, NotACase> {
    read::case(name, &rows::read(table)?, manifest)
}

/// A value of a kind as it is written in a table, and by people: `1.234,50 kr.`, `37,5`, `ja`.
pub fn read_value(text: &str, kind: ScalarKind) -> Result<Scalar, String> {
    cell::read(text, kind)
}

/// The table that tells a case: what [`read()`] reads back is the same case.
pub fn write(case: &Case, manifest: &Manifest) -> String {
    rows::write(&write::rows(case, manifest))
}
