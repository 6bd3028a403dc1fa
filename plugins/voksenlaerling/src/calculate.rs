//! The subsidy: hours with the employer times the rate, month by month.

use ydun_benefit::prelude::*;

use crate::check;
use crate::conditions::{self, Entitlement};
use crate::facts::{Case, MonthlyRequest, WeekHours};
use crate::hours::{self, MonthHours};
use crate::letters;
use crate::paid_days;
use crate::rules::{Duration, RateKey};

/// The posting code of every line.
const POSTING: &str = "tilskud";

/// Tests the conditions, finds the days that are covered, and pays each month that is asked for.
pub(crate) fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
    let Some(case) = Case::read(dossier)? else { return without_agreement(dossier) };
    let mut file = CaseFile::new(Assessments::of(&case.facts)?);
    let entitlement = conditions::test(&case, &mut file)?;
    if let Some(entitlement) = entitlement.filter(|_| file.all_met()) {
        pay(&case, &entitlement, &mut file)?;
    }
    let mut outcome = file.close_asking(&Asking {
        queue: "vurdering",
        subject: "Voksenlærling",
        about: case.apprentice(),
        span: dossier.span,
    });
    let letter = letters::answer(&case, entitlement.as_ref(), &outcome)?;
    outcome.effects.extend(letter.map(Effect::Letter));
    outcome.findings = check::check(dossier);
    Ok(outcome)
}

/// There is nobody to test and nobody to pay: the agreement is asked for first.
fn without_agreement(dossier: &Dossier) -> Result<Outcome, Failure> {
    let facts = Facts::of(dossier);
    let known = facts.kind("birth").first().or_else(|| facts.iter().next());
    let known = known
        .ok_or_else(|| Failure::Unsupported("the dossier has no fact to begin with".into()))?;
    let mut file = CaseFile::default();
    let test = Test::new(
        "agreement",
        "Uddannelsesaftale efter erhvervs- eller søfartsuddannelsesloven",
        "LAB § 154",
    );
    file.condition(test.lacks(need(
        "training-agreement",
        known.about(),
        dossier.span,
        "Uddannelsesaftalen mangler.",
    )));
    Ok(file.close())
}

fn pay(case: &Case<'_>, entitlement: &Entitlement<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let rules = rules_step(case, entitlement, file).map(drop);
    let Some(days) = paid_days::covered(case, entitlement, file)? else { return Ok(()) };
    let basis = Basis { case, entitlement, rules, days: days.clone().map(drop) };
    for month in days.value.months() {
        let days = days.value.within(month);
        let Some(request) = Request::read(case, month, &days, file)? else { continue };
        for portion in by_rate(case, entitlement, &days)? {
            basis.pay(&request, &portion, file)?;
        }
    }
    Ok(())
}

/// Which rules the grant follows and what they give, as the first step of all.
fn rules_step(
    case: &Case<'_>,
    entitlement: &Entitlement<'_>,
    file: &mut CaseFile,
) -> Explained<&'static str> {
    let Entitlement { version, terms, decided, .. } = *entitlement;
    let law = match terms.duration {
        Duration::WholeCourse => version.law("LAB §§ 155 og 159"),
        Duration::Years(_) => version.law("LAB § 155, stk. 2, og § 159"),
    };
    let step = file
        .step("regler", "Regler, gruppe og varighed", law)
        .input("bevilget", decided)
        .input("aftalen begynder", case.agreement.start())
        .input("gruppe", entitlement.group.name());
    let step = match terms.duration {
        Duration::WholeCourse => step.input("varighed", "hele uddannelsen"),
        Duration::Years(years) => step.input("varighed i år", years),
    };
    step.gives(version.name())
}

/// A month's request, and the hours it is for.
struct Request<'a> {
    month: Month,
    form: MonthlyRequest<'a>,
    weeks: Vec<WeekHours<'a>>,
}

impl<'a> Request<'a> {
    /// None, and a need, when the month has not been asked for.
    fn read(
        case: &Case<'a>,
        month: Month,
        days: &[Period],
        file: &mut CaseFile,
    ) -> Result<Option<Self>, Failure> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
        let whole = Period::new(first.first(), last.last()).expect("periods are in order");
        let Some(form) = MonthlyRequest::of(case, month)? else {
            let reason =
                format!("Arbejdsgiverens anmodning (AB 505) for {} mangler.", month.in_words());
            file.need(need("monthly-request", case.apprentice(), whole, &reason));
            return Ok(None);
        };
        let weeks = WeekHours::of(case, month)?;
        if weeks.is_empty() && !form.total_hours.is_zero() {
            let reason = format!("Timerne uge for uge i {} mangler.", month.in_words());
            file.need(need("weekly-hours", case.apprentice(), whole, &reason));
            return Ok(None);
        }
        Ok(Some(Self { month, form, weeks }))
    }
}

/// Days of one month with the same rate.
struct Portion<'a> {
    key: RateKey,
    rate: Cited<'a, Dkk>,
    days: Vec<Period>,
}

/// The days of a month, gathered by the rate in force on them.
fn by_rate<'a>(
    case: &Case<'a>,
    entitlement: &Entitlement<'_>,
    days: &[Period],
) -> Result<Vec<Portion<'a>>, Failure> {
    let mut portions: Vec<Portion<'a>> = vec![];
    for day in days.iter().flat_map(|period| period.days()) {
        let key = entitlement.rate_on(day, case);
        let rate = case.rates.amount(key.key(), day)?;
        match portions.iter_mut().find(|portion| (portion.key, portion.rate) == (key, rate)) {
            Some(portion) => portion.add(day),
            None => portions.push(Portion { key, rate, days: vec![Period::of_day(day)] }),
        }
    }
    Ok(portions)
}

impl Portion<'_> {
    /// A day after all others.
    fn add(&mut self, day: Day) {
        let latest = self.days.last_mut().expect("a portion begins with a day");
        if latest.last().next() == day {
            *latest = Period::new(latest.first(), day).expect("days come in order");
        } else {
            self.days.push(Period::of_day(day));
        }
    }

    fn whole(&self) -> Period {
        let (first, last) = (self.days[0], self.days[self.days.len() - 1]);
        Period::new(first.first(), last.last()).expect("days come in order")
    }
}

/// What every line of the case rests on.
struct Basis<'c, 'a> {
    case: &'c Case<'a>,
    entitlement: &'c Entitlement<'a>,
    rules: Explained<()>,
    days: Explained<()>,
}

impl Basis<'_, '_> {
    /// Hours times rate, as a line to the employer; no hours, no line.
    fn pay(
        &self,
        request: &Request<'_>,
        portion: &Portion<'_>,
        file: &mut CaseFile,
    ) -> Result<(), Failure> {
        let Self { case, entitlement, .. } = *self;
        let month = request.month;
        let hours = hours::of_month(case, entitlement, month, &portion.days, &request.weeks, file)?;
        let rate = self.rate(month, portion, file);
        let product = hours.eligible.value * rate.value.decimal();
        let amount = file
            .step(
                &format!("beloeb:{month}"),
                format!("Tilskud for {}", month.in_words()),
                entitlement.version.law("LAB § 159"),
            )
            .from("timer", &hours.eligible)
            .from("timesats", &rate)
            .from_all([&self.rules, &self.days])
            .gives_amount(product, Rounding::NearestOere)?;
        if !amount.value.is_zero() {
            file.pay(PaymentLine {
                key: key(month, portion),
                payee: case.agreement.employer,
                about: Some(case.apprentice()),
                period: portion.whole(),
                amount: &amount,
                posting: POSTING,
                reference: request.form.reference,
                details: details(&hours, portion),
            });
        }
        Ok(())
    }

    fn rate(&self, month: Month, portion: &Portion<'_>, file: &mut CaseFile) -> Explained<Dkk> {
        let step = file
            .step(
                &format!("sats:{month}"),
                "Sats pr. time",
                self.entitlement.version.law("LAB § 159"),
            )
            .input("kilde", portion.rate.source)
            .input("gælder", portion.rate.valid)
            .input("gruppe", self.entitlement.group.name());
        if portion.key == self.entitlement.terms.rate {
            step.gives(portion.rate.value)
        } else {
            step.input("overgangsregel", "LAB § 209, stk. 9").gives(portion.rate.value)
        }
    }
}

/// A month has one key, and one more for each rate that takes over during it.
fn key(month: Month, portion: &Portion<'_>) -> String {
    let first = portion.rate.valid.first();
    if first > month.first() {
        format!("{POSTING}:{month}:{first}")
    } else {
        format!("{POSTING}:{month}")
    }
}

fn details(hours: &MonthHours, portion: &Portion<'_>) -> Vec<Attribute> {
    vec![
        told("timer", hours.eligible.value),
        told("timesats", portion.rate.value),
        told("skoletimer uden tilskud", hours.school.normalize()),
        told("fraværstimer", hours.absence.normalize()),
    ]
}
