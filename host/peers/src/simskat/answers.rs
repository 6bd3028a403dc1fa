//! What the register says of a file.

use serde::{Deserialize, Serialize};

use super::file::Item;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answer {
    pub answer_id: String,
    pub file_id: String,
    pub verdict: Verdict,
    pub remarks: Vec<Remark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Received,
    Processed,
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Remark {
    pub report_id: Option<String>,
    pub line: Option<u64>,
    pub field: Option<u16>,
    pub severity: Severity,
    pub code: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Error,
    Advice,
}

impl Remark {
    pub(super) fn of_file(code: &str, text: &str) -> Self {
        Self {
            report_id: None,
            line: None,
            field: None,
            severity: Severity::Error,
            code: code.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(super) fn of_line(line: u64, code: &str, text: &str) -> Self {
        Self { line: Some(line), ..Self::of_file(code, text) }
    }

    pub(super) fn of_item(item: &Item, field: Option<u16>, code: &str, text: &str) -> Self {
        let report_id = Some(item.id().to_owned());
        Self { report_id, field, ..Self::of_line(item.line(), code, text) }
    }
}
