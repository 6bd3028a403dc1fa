//! Rules across the fields of the monthly request (form AB 505).

use ydun_benefit::prelude::*;

/// What the employer, or a caseworker, should look at before the hours of the span are used.
///
/// A form that is not even readable (an attribute is missing) is the host's to refuse; here such
/// rows are passed over.
pub(crate) fn check(form: &Dossier) -> Vec<Finding> {
    let facts = Facts::of(form);
    let weeks: Vec<Week<'_>> =
        facts.kind("weekly-hours").meeting(form.span).iter().filter_map(Week::read).collect();
    let requests = facts.kind("monthly-request").meeting(form.span);
    let stays = facts.kind("school-stay");

    let mut findings = vec![];
    findings.extend(weeks.windows(2).filter_map(|pair| overlap(pair[0], pair[1])));
    for week in &weeks {
        findings.extend(negative_hours(*week));
        findings.extend(impossible_hours(*week));
        findings.extend(too_much_overtime(*week));
        findings.extend(across_week_or_month(*week));
        findings.extend(outside_month(*week, &requests));
        findings.extend(hours_during_school(*week, &stays));
    }
    for request in requests.iter() {
        findings.extend(total_differs(request, &weeks));
        findings.extend(future_month(request, form.known_at));
    }
    findings
}

/// A row of hours, readable.
#[derive(Clone, Copy)]
struct Week<'a> {
    fact: FactRef<'a>,
    period: Period,
    worked: Decimal,
    overtime: Decimal,
    /// At school and absent.
    elsewhere: Decimal,
}

impl<'a> Week<'a> {
    const ELSEWHERE: [&'static str; 4] = ["school", "sick", "holiday", "other-absence"];

    fn read(fact: FactRef<'a>) -> Option<Self> {
        let hours = |name: &str| fact.maybe_number(name).ok().map(Option::unwrap_or_default);
        Some(Self {
            fact,
            period: fact.period().ok()?,
            worked: fact.number("worked").ok()?,
            overtime: hours("overtime")?,
            elsewhere: Self::ELSEWHERE.into_iter().map(hours).sum::<Option<Decimal>>()?,
        })
    }

    fn finding(&self, code: &str, severity: Severity, attributes: Vec<Attribute>) -> Finding {
        let mut about = vec![told("uge fra", self.period.first())];
        about.extend(attributes);
        Finding {
            path: Some(self.fact.id().to_owned()),
            code: code.into(),
            severity,
            attributes: about,
        }
    }
}

fn overlap(week: Week<'_>, next: Week<'_>) -> Option<Finding> {
    let shared = week.period.overlap(next.period)?;
    Some(next.finding("weeks-overlap", Severity::Error, vec![told("fælles dage", shared)]))
}

fn negative_hours(week: Week<'_>) -> Option<Finding> {
    let names = ["worked", "overtime"].into_iter().chain(Week::ELSEWHERE);
    let mut hours = names.filter_map(|name| week.fact.maybe_number(name).ok().flatten());
    let negative = hours.find(|hours| *hours < Decimal::ZERO)?;
    Some(week.finding("negative-hours", Severity::Error, vec![told("timer", negative)]))
}

/// A day has 24 hours; a whole week 168.
fn impossible_hours(week: Week<'_>) -> Option<Finding> {
    let most = Decimal::from(week.period.len() * 24);
    let told_hours = week.worked + week.elsewhere;
    let attributes = || vec![told("timer", told_hours), told("højst", most)];
    (told_hours > most).then(|| week.finding("impossible-hours", Severity::Error, attributes()))
}

fn too_much_overtime(week: Week<'_>) -> Option<Finding> {
    let attributes = || vec![told("overarbejde", week.overtime), told("arbejdet", week.worked)];
    (week.overtime > week.worked)
        .then(|| week.finding("overtime-above-worked", Severity::Error, attributes()))
}

fn across_week_or_month(week: Week<'_>) -> Option<Finding> {
    let (first, last) = (week.period.first(), week.period.last());
    let is_across = first.monday() != last.monday() || first.month() != last.month();
    is_across
        .then(|| week.finding("across-week-or-month", Severity::Error, vec![told("til", last)]))
}

fn outside_month(week: Week<'_>, requests: &Found<'_>) -> Option<Finding> {
    let is_asked_for =
        requests.iter().any(|request| request.valid().within(week.period) == Some(week.period));
    (!is_asked_for).then(|| week.finding("week-outside-month", Severity::Warning, vec![]))
}

/// Hours in the firm in a week spent at school from first to last weekday.
fn hours_during_school(week: Week<'_>, stays: &Found<'_>) -> Option<Finding> {
    let at_school = |day: Day| stays.iter().any(|stay| stay.valid().contains(day));
    let is_all_school = week.period.days().filter(|day| day.is_weekday()).all(at_school);
    let has_weekday = week.period.weekdays() > 0;
    (is_all_school && has_weekday && week.worked > Decimal::ZERO).then(|| {
        week.finding("hours-during-school", Severity::Warning, vec![told("timer", week.worked)])
    })
}

fn total_differs(request: FactRef<'_>, weeks: &[Week<'_>]) -> Option<Finding> {
    let total = request.number("total-hours").ok()?;
    let sum: Decimal = weeks
        .iter()
        .filter(|week| request.valid().within(week.period).is_some())
        .map(|week| week.worked)
        .sum();
    (total != sum).then(|| Finding {
        path: Some(request.id().to_owned()),
        code: "total-differs".into(),
        severity: Severity::Warning,
        attributes: vec![told("timer i alt", total), told("sum af ugerne", sum.normalize())],
    })
}

/// Subsidy is paid in arrears, so a month is asked for when it is over.
fn future_month(request: FactRef<'_>, today: Day) -> Option<Finding> {
    let last = request.period().ok()?.last();
    (last >= today).then(|| Finding {
        path: Some(request.id().to_owned()),
        code: "month-not-over".into(),
        severity: Severity::Warning,
        attributes: vec![told("slutter", last)],
    })
}
