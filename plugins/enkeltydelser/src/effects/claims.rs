//! § 93: help that must be paid back is a claim from the day it is granted.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::grants::Grant;
use crate::payees;

/// One claim for each payment, so that a payment which comes back takes its own claim with it.
pub(super) fn of(case: &Case<'_>, grants: &[Grant<'_, '_>], outcome: &Outcome) -> Vec<Effect> {
    let must_be_repaid = |line: &&Line| {
        grants.iter().any(|grant| grant.is_repayable && payees::is_for(line, grant.expense))
    };
    let claim = |line: &Line| Claim {
        key: format!("tilbagebetaling:{}", line.key),
        debtor: case.applicant.clone(),
        period: line.period,
        amount: line.amount,
        ground: "las-93".into(),
        details: vec![],
        steps: line.steps.clone(),
    };
    outcome.lines.iter().filter(must_be_repaid).map(|line| Effect::Claim(claim(line))).collect()
}
