//! The letter that follows from the answer. Reasons and appeal guidance are added by the host.

use ydun_benefit::prelude::*;

use super::{conditions_of, conditions_of_all};
use crate::facts::{Case, Expense, short};
use crate::grants::Grant;
use crate::payees;
use crate::rules::Rule;

/// A decision, or what is missing. An undecided case has no letter.
pub(super) fn of(case: &Case<'_>, grants: &[Grant<'_, '_>], outcome: &Outcome) -> Option<Effect> {
    let (template, fields) = match outcome.verdict {
        Verdict::Granted => ("bevilling", granted(grants, outcome)),
        Verdict::PartlyGranted => {
            let refusal = told("afslag", refused_in_part(case, outcome));
            ("delvis-bevilling", [granted(grants, outcome), vec![refusal]].concat())
        }
        Verdict::Refused => ("afslag", vec![told("afslag", refused(case, outcome))]),
        Verdict::Incomplete => ("oplysninger", vec![told("mangler", missing(outcome))]),
        Verdict::NeedsHuman => return None,
    };
    Some(Effect::Letter(Letter {
        key: template.into(),
        template: template.into(),
        recipient: case.applicant.clone(),
        fields,
        steps: steps(outcome),
    }))
}

fn granted(grants: &[Grant<'_, '_>], outcome: &Outcome) -> Vec<Attribute> {
    let total: Dkk = grants.iter().map(|grant| grant.amount.value).sum();
    let expenses: Vec<String> = grants.iter().map(|grant| told_of(grant, outcome)).collect();
    vec![
        told("beloeb", total),
        told("udgifter", sentence(&expenses.join("; "))),
        told("vilkaar", terms(grants)),
    ]
}

/// Amounts end in a full stop of their own.
fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// `tandlæge: 3.200 kr. af 4.200 kr., heraf 3.000 kr. direkte til andre`
fn told_of(grant: &Grant<'_, '_>, outcome: &Outcome) -> String {
    let expense = grant.expense;
    let to_others =
        |line: &&Line| payees::is_for(line, expense) && line.payee != *expense.fact.about();
    let directly: Dkk = outcome.lines.iter().filter(to_others).map(|line| line.amount).sum();
    let mut text = format!("{}: {}", expense.purpose.name(), short(grant.amount.value));
    if grant.amount.value < expense.amount {
        text = format!("{text} af {}", short(expense.amount));
    }
    if !directly.is_zero() {
        text = format!("{text}, heraf {} direkte til andre", short(directly));
    }
    text
}

fn terms(grants: &[Grant<'_, '_>]) -> String {
    let repayable = grants.iter().filter(|grant| grant.is_repayable);
    let repayable: Vec<String> = repayable
        .map(|grant| format!("{} til {}", short(grant.amount.value), grant.expense.purpose.name()))
        .collect();
    if repayable.is_empty() {
        return "Du skal ikke betale hjælpen tilbage.".to_owned();
    }
    format!("Du skal betale denne hjælp tilbage (LAS § 93): {}.", repayable.join("; "))
}

/// What is refused beside what is granted.
fn refused_in_part(case: &Case<'_>, outcome: &Outcome) -> String {
    let refused = refused(case, outcome);
    if refused.is_empty() { "Du får mindre, end du har søgt om.".to_owned() } else { refused }
}

/// What is not met by the applicant, then each refused expense with what is not met by it.
fn refused(case: &Case<'_>, outcome: &Outcome) -> String {
    let of_all = conditions_of_all(outcome).filter(|condition| is_refusal(condition));
    let of_all = of_all.map(|found| format!("Dette er ikke opfyldt: {}.", told_as_rule(found)));
    let expenses = case.expenses.iter().filter_map(|expense| refusal(expense, outcome));
    of_all.chain(expenses).collect::<Vec<_>>().join(" ")
}

/// `Du får ikke hjælp til tøj 1.000 kr., fordi dette ikke er opfyldt: »…« (LAS § 81).`
fn refusal(expense: &Expense<'_>, outcome: &Outcome) -> Option<String> {
    let rules: Vec<String> = conditions_of(outcome, expense.number)
        .filter(|condition| is_refusal(condition))
        .map(told_as_rule)
        .collect();
    let (expense, rules) = (expense.in_words(), (!rules.is_empty()).then(|| rules.join(", "))?);
    Some(format!("Du får ikke hjælp til {expense}, fordi dette ikke er opfyldt: {rules}."))
}

fn is_refusal(condition: &Condition) -> bool {
    condition.state == State::NotMet
}

/// `»Behandlingen er nødvendig …« (LAS § 82)`, without the expense that the sentence names already.
fn told_as_rule(condition: &Condition) -> String {
    let label = Rule::named(&condition.id).map_or(condition.label.as_str(), |rule| rule.label);
    format!("»{label}« ({})", condition.law)
}

fn missing(outcome: &Outcome) -> String {
    let reasons: Vec<&str> = outcome.needs.iter().map(|need| need.reason.as_str()).collect();
    reasons.join(" ")
}

/// The steps the payments rest on, each once.
fn steps(outcome: &Outcome) -> Vec<String> {
    let mut steps: Vec<String> = vec![];
    for step in outcome.lines.iter().flat_map(|line| &line.steps) {
        if !steps.contains(step) {
            steps.push(step.clone());
        }
    }
    steps
}
