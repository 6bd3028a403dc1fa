//! The letters of an outcome: what the employer is answered, and what the employee is told.

use ydun_benefit::explain::why_refused;
use ydun_benefit::prelude::*;

use crate::claims::{Claim, Claims};
use crate::facts::Case;
use crate::refund::{REFUND, SUPPLEMENT};

/// One letter to the employer, and one to the employee for each month that is asked for.
///
/// Nobody is written to about months that nobody has asked for.
pub(crate) fn all(
    case: &Case<'_>,
    employer: &Party,
    claims: &Claims<'_>,
    outcome: &Outcome,
) -> Vec<Effect> {
    let answer = answer(case, employer, claims, outcome);
    let notices = claims.ready.iter().map(|claim| notice(case, employer, claim));
    answer.into_iter().chain(notices).map(Effect::Letter).collect()
}

/// The answer to the request; none while a person is to judge it.
fn answer(
    case: &Case<'_>,
    employer: &Party,
    claims: &Claims<'_>,
    outcome: &Outcome,
) -> Option<Letter> {
    let less = why_less(claims);
    let (template, fields) = match outcome.verdict {
        // A month that nobody has asked for is no part refused.
        Verdict::Granted | Verdict::PartlyGranted if less.is_empty() => {
            ("bevilget", amounts(outcome))
        }
        Verdict::Granted | Verdict::PartlyGranted => {
            let mut fields = amounts(outcome);
            fields.push(told("grund", less));
            ("delvist-bevilget", fields)
        }
        Verdict::Refused if !claims.ready.is_empty() => {
            let grounds = [why_refused(outcome), less];
            ("afslag", vec![told("grund", grounds.join(" ").trim_end())])
        }
        Verdict::Incomplete if !claims.unfinished.is_empty() => {
            ("mangler", vec![told("mangler", claims.unfinished.join(" "))])
        }
        Verdict::Refused | Verdict::Incomplete | Verdict::NeedsHuman => return None,
    };
    let period = told("periode", months(case, claims).in_words());
    Some(Letter {
        key: format!("svar:{}", case.span),
        template: template.into(),
        recipient: employer.clone(),
        fields: std::iter::once(period).chain(fields).collect(),
        steps: outcome.lines.iter().filter_map(|line| line.steps.first().cloned()).collect(),
    })
}

/// From the first month that is answered to the last.
fn months(case: &Case<'_>, claims: &Claims<'_>) -> Period {
    match (claims.ready.first(), claims.ready.last()) {
        (Some(first), Some(last)) => {
            Period::new(first.month.first(), last.month.last()).expect("months come in order")
        }
        _ => case.span,
    }
}

fn amounts(outcome: &Outcome) -> Vec<Attribute> {
    let sum = |posting: &str| -> Dkk {
        let lines = outcome.lines.iter().filter(|line| line.posting == posting);
        lines.map(|line| line.amount).sum()
    };
    let (refund, supplement) = (sum(REFUND), sum(SUPPLEMENT));
    vec![told("refusion", refund), told("tillaeg", supplement), told("i-alt", refund + supplement)]
}

/// The days left out, and the months that wait for the employer.
fn why_less(claims: &Claims<'_>) -> String {
    let left_out = claims.ready.iter().flat_map(|claim| &claim.left_out);
    let whole_months = claims.left_out.iter().chain(&claims.unfinished);
    left_out.chain(whole_months).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The employee is told what has been asked for, and has nothing to pay or to answer.
fn notice(case: &Case<'_>, employer: &Party, claim: &Claim<'_>) -> Letter {
    Letter {
        key: format!("orientering:{}", claim.month),
        template: "orientering".into(),
        recipient: case.employee.clone(),
        fields: vec![
            told("arbejdsgiver", employer),
            told("maaned", claim.month),
            told("timer", claim.hours.paid.normalize()),
            told("loen", claim.hours.wage),
        ],
        steps: vec![],
    }
}
