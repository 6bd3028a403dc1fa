//! What the income register says about a file.
//!
//! The layouts of its receipt, error and advice files are not public, so this is what they say
//! whatever their form.

use serde::{Deserialize, Serialize};

/// An answer about one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answer {
    /// The register's own, by which the same answer is known again.
    pub answer_id: String,
    /// The main id of the file.
    pub file_id: String,
    pub verdict: Verdict,
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The file can be read, and will be worked on.
    Received,
    /// It was worked on; what no error names is accepted.
    Processed,
    /// Nothing of it counts.
    Refused,
}

/// Something said of a file, a report, or a field of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Remark {
    #[serde(default)]
    pub report_id: Option<String>,
    #[serde(default)]
    pub line: Option<u64>,
    #[serde(default)]
    pub field: Option<u16>,
    pub severity: Severity,
    pub code: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// What it is about does not count.
    Error,
    /// It counts all the same.
    Advice,
}

/// The bytes are no answer of the income register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file is not an answer of the income register that we can read: {0}")]
pub struct NotAnAnswer(pub String);

impl Answer {
    /// What is wrong with the whole file.
    pub fn complaint(&self) -> String {
        let about_file = self.remarks.iter().filter(|remark| remark.report_id.is_none());
        about_file.map(Remark::told).collect::<Vec<_>>().join(" ")
    }

    pub fn about<'a>(&'a self, report_id: &'a str) -> impl Iterator<Item = &'a Remark> + 'a {
        self.remarks.iter().filter(move |remark| remark.report_id.as_deref() == Some(report_id))
    }
}

impl Remark {
    /// `E07 felt 14: Summen er under nul`
    pub fn told(&self) -> String {
        let field = self.field.map_or_else(String::new, |field| format!(" felt {field}"));
        format!("{}{field}: {}", self.code, self.text)
    }
}
