//! Rules across the fields of the request (form DP 202H).

use ydun_benefit::prelude::*;

use crate::facts::Request;

/// What the employer, or a caseworker, should look at before the months of the span are refunded.
///
/// A form that is not even readable (an attribute is missing) is the host's to refuse; here such
/// rows are passed over.
pub(crate) fn check(form: &Dossier) -> Vec<Finding> {
    let facts = Facts::of(form);
    let requests: Vec<Asked<'_>> =
        facts.kind("refund-request").meeting(form.span).iter().filter_map(Asked::read).collect();
    let rows: Vec<Row<'_>> =
        facts.kind("month-hours").meeting(form.span).iter().filter_map(Row::read).collect();

    let mut findings = vec![];
    for request in &requests {
        findings.extend(too_late(request));
        findings.extend(exception_without_ground(request));
        findings.extend(months_without_hours(request, &rows, form.span));
        findings.extend(refund_without_amounts(request, &facts));
    }
    for row in &rows {
        findings.extend(across_months(row));
        findings.extend(above_normal_hours(row));
        findings.extend(impossible_hours(row));
        findings.extend(not_asked_for(row, &requests));
        findings.extend(wage_not_yet_paid(row, &requests, form.known_at));
    }
    findings
}

/// A request, readable.
struct Asked<'a> {
    fact: FactRef<'a>,
    period: Period,
    received: Day,
    asks_exception: bool,
}

impl<'a> Asked<'a> {
    fn read(fact: FactRef<'a>) -> Option<Self> {
        Some(Self {
            fact,
            period: fact.period().ok()?,
            received: fact.day("received").ok()?,
            asks_exception: fact.flag("asks-exception").ok()?,
        })
    }
}

/// A month's hours, readable.
struct Row<'a> {
    fact: FactRef<'a>,
    period: Period,
    normal: Decimal,
    paid: Decimal,
    wage_paid: Day,
}

impl<'a> Row<'a> {
    fn read(fact: FactRef<'a>) -> Option<Self> {
        Some(Self {
            fact,
            period: fact.period().ok()?,
            normal: fact.number("normal-hours").ok()?,
            paid: fact.number("paid-hours").ok()?,
            wage_paid: fact.day("wage-paid").ok()?,
        })
    }
}

fn found(fact: FactRef<'_>, code: &str, severity: Severity, attributes: Vec<Attribute>) -> Finding {
    Finding { path: Some(fact.id().to_owned()), code: code.into(), severity, attributes }
}

fn too_late(request: &Asked<'_>) -> Option<Finding> {
    let first = Request::first_day_in_time(request.received);
    let is_late = request.period.first() < first && !request.asks_exception;
    let attributes = || vec![told("første dag i tide", first)];
    is_late.then(|| found(request.fact, "days-too-old", Severity::Warning, attributes()))
}

fn exception_without_ground(request: &Asked<'_>) -> Option<Finding> {
    let is_told = |name: &str| request.fact.value(name).is_some();
    let lacks = !is_told("exception-ground") || !is_told("exception-reason");
    (request.asks_exception && lacks)
        .then(|| found(request.fact, "exception-without-ground", Severity::Error, vec![]))
}

fn months_without_hours(request: &Asked<'_>, rows: &[Row<'_>], span: Period) -> Vec<Finding> {
    let has_row = |days: &Period| rows.iter().any(|row| row.period.overlap(*days).is_some());
    let months = request.period.overlap(span).into_iter().flat_map(Period::by_month);
    let lacking = months.filter(|days| !has_row(days));
    let finding = |days: Period| {
        let attributes = vec![told("måned", days.first().month())];
        found(request.fact, "month-without-hours", Severity::Warning, attributes)
    };
    lacking.map(finding).collect()
}

fn refund_without_amounts(request: &Asked<'_>, facts: &Facts<'_>) -> Option<Finding> {
    let declares = request.fact.flag("sickness-refund").unwrap_or(false);
    let is_told = !facts.kind("sickness-refund").meeting(request.period).is_empty();
    (declares && !is_told)
        .then(|| found(request.fact, "refund-without-amounts", Severity::Warning, vec![]))
}

fn across_months(row: &Row<'_>) -> Option<Finding> {
    let (first, last) = (row.period.first(), row.period.last());
    let attributes = || vec![told("fra", first), told("til", last)];
    (first.month() != last.month())
        .then(|| found(row.fact, "across-months", Severity::Error, attributes()))
}

fn above_normal_hours(row: &Row<'_>) -> Option<Finding> {
    let attributes = || vec![told("fraværstimer", row.paid), told("normale timer", row.normal)];
    (row.paid > row.normal)
        .then(|| found(row.fact, "hours-above-normal", Severity::Error, attributes()))
}

/// A day has 24 hours.
fn impossible_hours(row: &Row<'_>) -> Option<Finding> {
    let most = Decimal::from(row.period.len() * 24);
    let attributes = || vec![told("normale timer", row.normal), told("højst", most)];
    (row.normal > most).then(|| found(row.fact, "impossible-hours", Severity::Error, attributes()))
}

fn not_asked_for(row: &Row<'_>, requests: &[Asked<'_>]) -> Option<Finding> {
    let is_asked_for = requests.iter().any(|request| request.period.overlap(row.period).is_some());
    (!is_asked_for).then(|| found(row.fact, "month-not-asked-for", Severity::Warning, vec![]))
}

/// Refund is asked for when the wage has been paid.
fn wage_not_yet_paid(row: &Row<'_>, requests: &[Asked<'_>], today: Day) -> Option<Finding> {
    let request = requests.iter().find(|request| request.period.overlap(row.period).is_some());
    let asked = request.map_or(today, |request| request.received);
    let attributes = || vec![told("løn betalt", row.wage_paid), told("anmodet", asked)];
    (row.wage_paid > asked)
        .then(|| found(row.fact, "wage-not-yet-paid", Severity::Warning, attributes()))
}
