//! Rules across the answers of the forms.

use ydun_benefit::prelude::*;

/// What the applicant, the employer or a caseworker should look at again.
///
/// A form that is not even readable (an attribute is missing) is the host's to refuse; here such
/// rows are passed over.
pub(crate) fn check(form: &Dossier) -> Vec<Finding> {
    let facts = Facts::of(form);
    let mut findings = vec![];
    for basis in facts.kind("income-basis").iter() {
        findings.extend(own_pension_above_wage(basis));
        findings.extend(public_benefit(basis));
        let same_days = |kind| {
            let found = facts.kind(kind).about(basis.about());
            found.keep(|fact| fact.valid().meets(basis.valid()))
        };
        findings.extend(
            same_days("hours-granted").iter().filter_map(|fact| too_many_granted(fact, basis)),
        );
        findings
            .extend(same_days("application").iter().filter_map(|fact| too_many_asked(fact, basis)));
        findings.extend(
            same_days("employer-statement").iter().filter_map(|fact| still_works_all(fact, basis)),
        );
    }
    findings.extend(facts.kind("illness").iter().filter_map(short_illness));
    findings.extend(facts.kind("saving").iter().filter_map(membership));
    findings.extend(facts.kind("pension-scheme").iter().filter_map(pension_unclear));
    for hours in facts.kind("single-hours").meeting(form.span).iter() {
        findings.extend(several_days(hours));
        findings.extend(paid_hours(hours));
    }
    findings
        .extend(facts.kind("paid-elsewhere").meeting(form.span).iter().filter_map(paid_elsewhere));
    findings
}

fn finding(
    fact: FactRef<'_>,
    attribute: &str,
    code: &str,
    severity: Severity,
    attributes: Vec<Attribute>,
) -> Finding {
    Finding {
        path: Some(format!("{}.{attribute}", fact.id())),
        code: code.into(),
        severity,
        attributes,
    }
}

fn own_pension_above_wage(basis: FactRef<'_>) -> Option<Finding> {
    let wage =
        basis.amount("wage").ok()? + basis.maybe_amount("supplements").ok()?.unwrap_or_default();
    let own = basis.maybe_amount("own-pension").ok()??;
    let attributes = || vec![told("løn og tillæg", wage), told("eget bidrag", own)];
    (own > wage).then(|| {
        finding(basis, "own-pension", "own-pension-above-wage", Severity::Error, attributes())
    })
}

/// Unemployment, sickness and cash benefit are never a basis.
fn public_benefit(basis: FactRef<'_>) -> Option<Finding> {
    (basis.code("kind").ok()? == "public-benefit")
        .then(|| finding(basis, "kind", "public-benefit-is-no-basis", Severity::Warning, vec![]))
}

fn too_many_granted(grant: FactRef<'_>, basis: FactRef<'_>) -> Option<Finding> {
    let siblings = grant.maybe_number("sibling-hours").ok()?.unwrap_or_default();
    let granted = grant.number("weekly-hours").ok()? + siblings;
    above_work(grant, granted, basis, "weekly-hours", "more-hours-than-worked", Severity::Error)
}

fn too_many_asked(application: FactRef<'_>, basis: FactRef<'_>) -> Option<Finding> {
    let asked = application.maybe_number("weekly-hours").ok()??;
    let code = "asks-for-more-than-worked";
    above_work(application, asked, basis, "weekly-hours", code, Severity::Warning)
}

fn above_work(
    fact: FactRef<'_>,
    hours: Decimal,
    basis: FactRef<'_>,
    attribute: &str,
    code: &str,
    severity: Severity,
) -> Option<Finding> {
    let worked = basis.number("weekly-hours").ok()?;
    let attributes = || vec![told("timer", hours), told("arbejdstid før", worked)];
    (hours > worked).then(|| finding(fact, attribute, code, severity, attributes()))
}

/// As many hours as before: nothing is lost.
fn still_works_all(statement: FactRef<'_>, basis: FactRef<'_>) -> Option<Finding> {
    let (now, before) =
        (statement.number("weekly-hours-now").ok()?, basis.number("weekly-hours").ok()?);
    let attributes = || vec![told("timer nu", now), told("arbejdstid før", before)];
    (now >= before).then(|| {
        finding(statement, "weekly-hours-now", "no-hours-lost", Severity::Warning, attributes())
    })
}

fn short_illness(illness: FactRef<'_>) -> Option<Finding> {
    let months = illness.maybe_integer("expected-months").ok()??;
    let is_short = illness.code("kind").ok()? == "long-term" && months < 12;
    is_short.then(|| {
        let attributes = vec![told("måneder", months)];
        finding(illness, "expected-months", "shorter-than-a-year", Severity::Warning, attributes)
    })
}

/// Fees to a union or an unemployment fund are counted as no saving.
fn membership(saving: FactRef<'_>) -> Option<Finding> {
    (saving.code("kind").ok()? == "membership")
        .then(|| finding(saving, "kind", "membership-is-no-saving", Severity::Info, vec![]))
}

fn pension_unclear(scheme: FactRef<'_>) -> Option<Finding> {
    if scheme.code("kind").ok()? != "employer" {
        return None;
    }
    let amount = scheme.maybe_amount("employer-contribution").ok()?;
    let firm = scheme.maybe_who("firm").ok()?;
    let attribute = match (amount, firm) {
        (None, _) => "employer-contribution",
        (_, None) => "firm",
        (Some(_), Some(_)) => return None,
    };
    Some(finding(scheme, attribute, "pension-is-unclear", Severity::Warning, vec![]))
}

fn several_days(hours: FactRef<'_>) -> Option<Finding> {
    let days = hours.period().ok()?;
    (days.len() > 1).then(|| {
        finding(
            hours,
            "hours",
            "several-days-in-one-row",
            Severity::Error,
            vec![told("dage", days)],
        )
    })
}

fn paid_hours(hours: FactRef<'_>) -> Option<Finding> {
    (!hours.flag("unpaid").ok()?)
        .then(|| finding(hours, "unpaid", "hours-were-paid", Severity::Warning, vec![]))
}

/// Paid in another system. It changes no amount here: the host sets it against the benefit.
fn paid_elsewhere(payment: FactRef<'_>) -> Option<Finding> {
    let attributes = vec![
        told("beløb", payment.amount("amount").ok()?),
        told("periode", payment.period().ok()?),
        told("system", payment.text("system").ok()?),
        told("bilag", payment.text("voucher").ok()?),
    ];
    Some(finding(payment, "amount", "paid-elsewhere", Severity::Info, attributes))
}
