//! Tasks, with titles that say what, how much and when: one for each expense, so that whoever takes
//! it has everything about the expense before her.

use ydun_benefit::prelude::*;

use super::{conditions_of, conditions_of_all};
use crate::facts::{Case, Expense, Receipt, short};
use crate::payees;
use crate::rules::Rule;

/// What a person must judge, when that is all that is left.
pub(super) fn to_judge(case: &Case<'_>, outcome: &Outcome) -> Vec<Effect> {
    if outcome.verdict != Verdict::NeedsHuman {
        return vec![];
    }
    let of_all = conditions_of_all(outcome).filter(|condition| is_open(condition));
    let mut tasks: Vec<Task> = of_all.map(|condition| about_all(case, condition)).collect();
    tasks.extend(case.expenses.iter().filter_map(|expense| about_expense(case, expense, outcome)));
    tasks.into_iter().map(Effect::Task).collect()
}

fn is_open(condition: &Condition) -> bool {
    condition.state == State::NeedsHuman
}

/// `Enkeltydelse, marts 2026: 2 udgifter, 5.100 kr., vurder: Ansøgeren bor i kommunen`
fn about_all(case: &Case<'_>, condition: &Condition) -> Task {
    let applied: Dkk = case.expenses.iter().map(|expense| expense.amount).sum();
    let expenses = match &case.expenses[..] {
        [one] => one.in_words(),
        all => format!("{} udgifter, {}", all.len(), short(applied)),
    };
    let mut attributes = vec![
        told("betingelse", condition.label.as_str()),
        told("lov", condition.law.as_str()),
        told("søgt i alt", applied),
    ];
    attributes.extend(condition.note.iter().cloned());
    let days = case.expenses[0].month().period();
    Task {
        key: format!("vurder:{}", condition.id),
        queue: "vurdering".into(),
        title: format!("{}: {expenses}, vurder: {}", heading(&case.expenses[0]), condition.label),
        due: None,
        attributes,
        questions: vec![Assessments::question(&condition.id, None, case.applicant, days)],
    }
}

/// `Enkeltydelse, marts 2026: tandlæge 4.200 kr., 2 bilag, vurder nødvendighed og betalingsevne`
fn about_expense(case: &Case<'_>, expense: &Expense<'_>, outcome: &Outcome) -> Option<Task> {
    if conditions_of(outcome, expense.number).any(|condition| condition.state == State::NotMet) {
        return None;
    }
    let open: Vec<(&Rule, &Condition)> = conditions_of(outcome, expense.number)
        .filter(|condition| is_open(condition))
        .filter_map(|condition| Some((Rule::named(&condition.id)?, condition)))
        .collect();
    let subjects: Vec<&str> = open.iter().map(|(rule, _)| rule.subject).collect();
    let title = format!("{}, vurder {}", described(expense), enumerated(&subjects)?);
    let question = |(rule, _): &(&Rule, &Condition)| {
        let (part, days) = (Some(expense.number), expense.month().period());
        Assessments::question(rule.id, part, case.applicant, days)
    };
    let questions = open.iter().map(question).collect();
    let mut attributes = facts_of(expense);
    for (rule, condition) in open {
        attributes.push(told(rule.subject, rule.label));
        attributes.extend(condition.note.iter().cloned());
    }
    let key = format!("vurder:udgift:{}", expense.number);
    Some(Task { key, queue: "vurdering".into(), title, due: None, attributes, questions })
}

/// The expense was cheaper than what was granted for it. The applicant keeps the grant until somebody
/// has decided otherwise.
pub(super) fn cheaper_than_granted(
    case: &Case<'_>,
    outcome: &Outcome,
) -> Result<Vec<Effect>, Failure> {
    let mut tasks = vec![];
    for expense in &case.expenses {
        let Some(receipt) = Receipt::of(case, expense)? else { continue };
        let lines = outcome.lines.iter().filter(|line| payees::is_for(line, expense));
        let granted: Dkk = lines.map(|line| line.amount).sum();
        if granted > receipt.amount {
            tasks.push(Effect::Task(cheaper(expense, granted, receipt.amount)));
        }
    }
    Ok(tasks)
}

fn cheaper(expense: &Expense<'_>, granted: Dkk, paid: Dkk) -> Task {
    let less = short(granted - paid);
    let mut attributes = facts_of(expense);
    attributes.extend([told("bevilget", granted), told("kvittering", paid)]);
    Task {
        key: format!("kvittering:{}", expense.number),
        queue: "dokumentation".into(),
        title: format!("{}, kostede {less} mindre end bevilget", described(expense)),
        due: None,
        attributes,
        questions: vec![],
    }
}

fn facts_of(expense: &Expense<'_>) -> Vec<Attribute> {
    vec![
        told("udgift", expense.purpose.name()),
        told("lov", expense.section.law()),
        told("søgt", expense.amount),
        told("søgt den", expense.applied()),
        told("bilag", expense.documents),
    ]
}

fn heading(expense: &Expense<'_>) -> String {
    format!("Enkeltydelse, {}", expense.month().in_words())
}

fn described(expense: &Expense<'_>) -> String {
    let documents = match expense.documents {
        0 => "ingen bilag".to_owned(),
        count => format!("{count} bilag"),
    };
    format!("{}: {}, {documents}", heading(expense), expense.in_words())
}

/// `a, b og c`; nothing when there is none.
fn enumerated(words: &[&str]) -> Option<String> {
    match words {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first @ .., last] => Some(format!("{} og {last}", first.join(", "))),
    }
}
