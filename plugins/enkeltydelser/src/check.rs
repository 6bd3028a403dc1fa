//! Rules across the fields of an application, before anything is decided.

use ydun_benefit::prelude::*;

/// What the applicant, or a caseworker, should look at.
///
/// A form that is not even readable (an attribute is missing) is the host's to refuse; here such
/// rows are passed over.
pub(crate) fn check(form: &Dossier) -> Vec<Finding> {
    let facts = Facts::of(form);
    let expenses = facts.kind("expense");
    let mut findings = vec![];
    findings.extend(number_twice(&expenses));
    for expense in expenses.iter().filter(|fact| form.span.contains(fact.valid().first())) {
        findings.extend(before_application(expense));
        findings.extend(no_documents(expense));
        findings.extend(covered_by_others(expense));
        findings.extend(more_than_the_bill(expense, &facts));
        findings.extend(rent_without_arrears(expense, &facts));
    }
    for kind in ["approval", "repayment", "payee", "rent-arrears", "receipt", "grant"] {
        findings
            .extend(facts.kind(kind).iter().filter_map(|fact| unknown_expense(fact, &expenses)));
    }
    findings.extend(spouse(&facts, form.span));
    findings.extend(facts.kind("application").iter().filter_map(event_after_application));
    findings
}

fn finding(
    fact: FactRef<'_>,
    code: &str,
    severity: Severity,
    attributes: Vec<Attribute>,
) -> Finding {
    Finding { path: Some(fact.id().to_owned()), code: code.into(), severity, attributes }
}

/// Everything about an expense names its number, so a number names one expense.
fn number_twice(expenses: &Found<'_>) -> Vec<Finding> {
    let mut seen: Vec<i64> = vec![];
    let mut findings = vec![];
    for expense in expenses.iter() {
        let Ok(number) = expense.integer("number") else { continue };
        if seen.contains(&number) {
            let attributes = vec![told("nr.", number)];
            findings.push(finding(expense, "number-twice", Severity::Error, attributes));
        }
        seen.push(number);
    }
    findings
}

fn before_application(expense: FactRef<'_>) -> Option<Finding> {
    let committed = expense.maybe_day("committed").ok().flatten()?;
    let applied = expense.valid().first();
    (committed < applied).then(|| {
        let attributes = vec![told("afholdt eller aftalt", committed), told("søgt", applied)];
        finding(expense, "committed-before-application", Severity::Warning, attributes)
    })
}

fn no_documents(expense: FactRef<'_>) -> Option<Finding> {
    let documents = expense.integer("documents").ok()?;
    (documents <= 0).then(|| finding(expense, "no-documents", Severity::Warning, vec![]))
}

fn covered_by_others(expense: FactRef<'_>) -> Option<Finding> {
    let (amount, covered) =
        (expense.amount("amount").ok()?, expense.maybe_amount("covered").ok()??);
    (covered >= amount).then(|| {
        let attributes = vec![told("søgt", amount), told("dækkes af andre", covered)];
        finding(expense, "covered-by-others", Severity::Warning, attributes)
    })
}

/// The bills to be paid directly come to more than was applied for.
fn more_than_the_bill(expense: FactRef<'_>, facts: &Facts<'_>) -> Option<Finding> {
    let (number, amount) = (expense.integer("number").ok()?, expense.amount("amount").ok()?);
    let bills: Dkk = facts
        .kind("payee")
        .keep(|payee| payee.integer("expense") == Ok(number))
        .iter()
        .filter_map(|payee| payee.maybe_amount("amount").ok().flatten())
        .sum();
    (bills > amount).then(|| {
        let attributes = vec![told("søgt", amount), told("regninger i alt", bills)];
        finding(expense, "bills-above-expense", Severity::Warning, attributes)
    })
}

fn rent_without_arrears(expense: FactRef<'_>, facts: &Facts<'_>) -> Option<Finding> {
    let number = expense.integer("number").ok()?;
    let is_rent = expense.code("purpose") == Ok("rent");
    let arrears = facts.kind("rent-arrears").keep(|fact| fact.integer("expense") == Ok(number));
    (is_rent && arrears.is_empty())
        .then(|| finding(expense, "rent-without-arrears", Severity::Warning, vec![]))
}

fn unknown_expense(fact: FactRef<'_>, expenses: &Found<'_>) -> Option<Finding> {
    let number = fact.integer("expense").ok()?;
    let is_known = expenses.iter().any(|expense| expense.integer("number") == Ok(number));
    (!is_known)
        .then(|| finding(fact, "unknown-expense", Severity::Error, vec![told("nr.", number)]))
}

/// The spouse's money is told exactly when there is a spouse.
fn spouse(facts: &Facts<'_>, span: Period) -> Option<Finding> {
    let household = facts.kind("household").meeting(span).last()?;
    let is_married = household.code("family").ok()? == "married";
    let means = facts.kind("spouse-means").meeting(span).last();
    match (is_married, means) {
        (true, None) => Some(finding(household, "spouse-means-missing", Severity::Warning, vec![])),
        (false, Some(means)) => {
            Some(finding(means, "spouse-of-unmarried", Severity::Warning, vec![]))
        }
        _ => None,
    }
}

/// What has happened is the reason to apply, so it came first.
fn event_after_application(application: FactRef<'_>) -> Option<Finding> {
    let happened = application.maybe_day("event-day").ok().flatten()?;
    let applied = application.valid().first();
    (happened > applied).then(|| {
        let attributes = vec![told("hændelse", happened), told("søgt", applied)];
        finding(application, "event-after-application", Severity::Warning, attributes)
    })
}
