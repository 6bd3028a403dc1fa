//! The work: what was earned, that it is lost, and what is covered.

use ydun_benefit::prelude::*;

use super::about_days;
use crate::days;
use crate::facts::{Atp, Basis, BasisKind, Case, Grant};
use crate::gross;

/// The latest wage before. Other incomes, and a wage after the hours were cut, a person looks at;
/// a public benefit is never a basis.
pub(super) fn income_basis(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(case, "income-basis", "Indtægten før kan lægges til grund");
    let bases = Basis::of(case, case.tested)?;
    if let Some(day) = day_without_basis(case, &bases)? {
        let reason = "Indtægten og arbejdstiden før tabt arbejdsfortjeneste mangler.";
        let from = Period::new(day, case.tested.last()).expect("the day lies in the span");
        file.condition(test.lacks(need("income-basis", case.parent, from, reason)));
        return Ok(());
    }
    hours_are_within(case, &bases)?;
    let test = test.rests_on_all(bases.iter().map(|basis| basis.fact));
    let test = bases.iter().fold(test, |test, basis| test.note("grundlag", basis.kind.in_words()));
    let any = |kind: BasisKind| bases.iter().any(|basis| basis.kind == kind);
    let is_plain = |basis: &Basis<'_>| basis.kind == BasisKind::LatestWage && !basis.hours_were_cut;
    file.condition(if any(BasisKind::PublicBenefit) {
        test.is(false)
    } else if bases.iter().all(is_plain) {
        test.is(true)
    } else {
        test.needs_human()
    });
    Ok(())
}

/// Nobody is granted more hours than she worked; then the facts contradict each other.
fn hours_are_within(case: &Case<'_>, bases: &[Basis<'_>]) -> Result<(), Failure> {
    for grant in Grant::of(case, case.tested)? {
        let share_days = |basis: &&Basis<'_>| basis.fact.valid().meets(grant.fact.valid());
        bases.iter().filter(share_days).try_for_each(|basis| basis.holds(&grant))?;
    }
    Ok(())
}

/// The first day that is helped, or asked for, without an income to compare with.
fn day_without_basis(case: &Case<'_>, bases: &[Basis<'_>]) -> Result<Option<Day>, Failure> {
    let has_basis = |day: &Day| bases.iter().any(|basis| basis.fact.valid().contains(*day));
    let running = days::running(case, case.tested)?;
    let weekly = running.periods().flat_map(Period::days);
    let single = gross::lost_hours(case, case.tested)?.into_iter().map(|single| single.day);
    let helped: Vec<Day> = weekly.chain(single).collect();
    let first = if helped.is_empty() { vec![case.tested.last()] } else { helped };
    Ok(first.into_iter().filter(|day| !has_basis(day)).min())
}

/// The hours covered are hours the applicant no longer works.
///
/// An employer's statement that says so is enough. Where it says fewer hours than granted, or the
/// income is no wage, a person looks at the loss.
pub(super) fn loss(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(case, "loss", "Ansøgeren arbejder ikke i timerne og mister indtægt");
    let grants = Grant::of(case, case.tested)?;
    let bases = Basis::of(case, case.tested)?;
    let is_wage = bases.iter().all(|basis| basis.kind == BasisKind::LatestWage);
    let statements = case.about_parent("employer-statement").disjoint()?.meeting(case.tested);
    let test = test.rests_on_all(statements.iter());
    let single = gross::lost_hours(case, case.tested)?;
    file.condition(if grants.is_empty() && !single.is_empty() {
        test.rests_on_all(single.into_iter().map(|single| single.fact)).is(true)
    } else if !is_wage {
        test.needs_human()
    } else if statements.is_empty() {
        let reason =
            "Arbejdsgiverens erklæring om, hvor mange timer ansøgeren arbejder nu, mangler.";
        test.lacks(need("employer-statement", case.parent, case.tested, reason))
    } else {
        Loss::of(&grants, &bases, &statements)?.settle(test)
    });
    Ok(())
}

/// How the hours no longer worked compare with those granted.
enum Loss {
    AsGranted,
    LessThanGranted { hours: Decimal },
    None,
}

impl Loss {
    /// Every grant against each statement and income that share days with it; the worst counts.
    fn of(
        grants: &[Grant<'_>],
        bases: &[Basis<'_>],
        statements: &Found<'_>,
    ) -> Result<Self, Failure> {
        let mut worst = Self::AsGranted;
        for statement in statements.iter() {
            let now = statement.number("weekly-hours-now")?;
            let share = |fact: FactRef<'_>| fact.valid().meets(statement.valid());
            for basis in bases.iter().filter(|basis| share(basis.fact)) {
                let lost = basis.weekly_hours - now;
                let granted = grants.iter().filter(|grant| share(grant.fact));
                let granted = granted.map(|grant| grant.weekly_hours + grant.sibling_hours).max();
                if lost <= Decimal::ZERO {
                    return Ok(Self::None);
                }
                if granted.is_some_and(|granted| lost < granted) {
                    worst = Self::LessThanGranted { hours: lost };
                }
            }
        }
        Ok(worst)
    }

    fn settle(self, test: Test) -> Tested {
        match self {
            Self::AsGranted => test.is(true),
            Self::LessThanGranted { hours } => {
                test.note("timer, der ikke arbejdes længere", hours).needs_human()
            }
            Self::None => test.is(false),
        }
    }
}

/// The municipality pays in ATP, so it must be known to whom.
pub(super) fn atp(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(case, "atp", "Det er oplyst, hvor ATP-bidrag betales");
    let reason = "Modtageren af ATP-bidrag mangler.";
    file.condition(match Atp::on(case, case.tested.first())? {
        Some(atp) => test.rests_on(atp.fact).is(true),
        None => test.lacks(need("atp", case.parent, case.tested, reason)),
    });
    Ok(())
}

/// There is something to pay for: granted weekly hours, or single hours.
pub(super) fn days(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(case, "days", "Der er bevilgede timer i perioden");
    let helped: Vec<FactRef<'_>> =
        case.helped().filter(|fact| fact.valid().within(case.tested).is_some()).collect();
    if helped.is_empty() {
        let reason = "Det er ikke bevilget, hvor mange timer der er behov for.";
        file.condition(test.lacks(need("hours-granted", case.parent, case.tested, reason)));
        return Ok(());
    }
    let covers = !days::running(case, case.tested)?.is_empty()
        || !gross::lost_hours(case, case.tested)?.is_empty();
    file.condition(test.rests_on_all(helped).is(covers));
    Ok(())
}
