//! What the tax authority is told of a line.

use serde::{Deserialize, Serialize};

/// How a line is reported to the tax authority's income register (eIndkomst), as data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IncomeReport {
    /// Income type (indkomsttype), two digits: `04` other personal income, `06` cash benefit.
    pub income_type: String,
    /// Kind of income (indtægtsart, field 68), four digits; none where the register asks for none.
    #[serde(default)]
    pub income_kind: Option<String>,
    /// The account by which the state finds its refund.
    #[serde(default)]
    pub refund: Option<RefundAccount>,
    /// The payee's own share of ATP is taken from the line.
    #[serde(default)]
    pub atp: bool,
    /// The line gives obligatory pension (obligatorisk pensionsordning), which is paid on top of it.
    #[serde(default)]
    pub pension: bool,
}

/// A municipal account of Ydelsesrefusion (field 115).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RefundAccount {
    /// The account's number as the register spells it, with at most [`RefundAccount::TEXT_MAX`] signs.
    pub text: String,
    pub kind: RefundKind,
}

impl RefundAccount {
    /// What fits in a record of text.
    pub const TEXT_MAX: usize = 58;
}

/// The kind of a refund account (`KontoArt`); it decides which amount goes with it.
///
/// Kind 2, a wage subsidy to an employer, is not here: it wants field 216 too, whose content is not
/// verified, and nothing is reported on a person for an employer's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundKind {
    /// 1: a refundable benefit (field 214).
    Benefit,
    /// 3: a subsidy to a citizen (field 215).
    CitizenSubsidy,
}
