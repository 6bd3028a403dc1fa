//! When the benefit ends for good.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::{days, gross};

/// The last day of the benefit, and why there are no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) last_day: Day,
    pub(crate) reason: Reason,
}

/// Why the benefit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    TurnedEighteen,
    ChildDied,
    ParentDied,
    /// Ended without warning and through no fault of the parent.
    Sudden,
    Other,
}

impl Reason {
    const CODES: &[(&str, Self)] = &[
        ("need-ceased", Self::Other),
        ("own-wish", Self::Other),
        ("other-municipality", Self::Other),
        ("sudden", Self::Sudden),
        ("other", Self::Other),
    ];

    /// As the parent is told.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::TurnedEighteen => "barnet fylder 18 år",
            Self::ChildDied => "barnet er dødt",
            Self::ParentDied => "modtageren er død",
            Self::Sudden => "behovet for pasning i hjemmet er ophørt pludseligt",
            Self::Other => "kommunen har truffet afgørelse om det",
        }
    }

    pub(crate) fn is_death(self) -> bool {
        matches!(self, Self::ChildDied | Self::ParentDied)
    }

    /// Whether some weeks of run-off may follow: the parent could not prepare for the end.
    pub(crate) fn comes_suddenly(self) -> bool {
        matches!(self, Self::ChildDied | Self::Sudden)
    }
}

impl Ending {
    /// The earliest end that is known.
    pub(crate) fn of(case: &Case<'_>) -> Result<Option<Self>, Failure> {
        let born = case.about_child("birth").only()?.map(|fact| fact.day("day")).transpose()?;
        let eighteen =
            born.map(|born| Self::on(eighteenth_birthday(born).previous(), Reason::TurnedEighteen));
        let died = |fact: Option<FactRef<'_>>| fact.map(|fact| fact.day("day")).transpose();
        let child = died(case.about_child("child-death").only()?)?;
        let parent = died(case.about_parent("parent-death").only()?)?;
        let child = child.map(|day| Self::on(day, Reason::ChildDied));
        let parent = parent.map(|day| Self::on(day, Reason::ParentDied));
        let decided = Self::decided(case)?;
        let all = [parent, eighteen, child, decided].into_iter().flatten();
        Ok(all.map(|ending| ending.with_run_off(case)).min_by_key(|ending| ending.last_day))
    }

    fn on(last_day: Day, reason: Reason) -> Self {
        Self { last_day, reason }
    }

    /// The latest decision to end it.
    fn decided(case: &Case<'_>) -> Result<Option<Self>, Failure> {
        let Some(fact) = case.about_parent("ended").last() else { return Ok(None) };
        Ok(Some(Self::on(fact.day("last-day")?, fact.one_of("reason", Reason::CODES)?)))
    }

    fn with_run_off(self, case: &Case<'_>) -> Self {
        let weeks = if self.reason.comes_suddenly() { case.settings.run_off_weeks } else { 0 };
        Self { last_day: self.last_day.plus_days(weeks * 7), ..self }
    }

    /// The part of a period until the last day.
    pub(crate) fn until(self, period: Period) -> Option<Period> {
        Period::new(period.first(), period.last().min(self.last_day)).ok()
    }

    /// The end of a benefit that had begun and of which no day is left in the span.
    pub(crate) fn is_over(case: &Case<'_>) -> Result<Option<Self>, Failure> {
        let Some(ending) = Self::of(case)? else { return Ok(None) };
        let begun = case.helped().any(|fact| fact.valid().first() <= ending.last_day);
        let is_over = begun && ending.last_day <= case.span.last() && !gives_days(case)?;
        Ok(Some(ending).filter(|_| is_over))
    }
}

fn gives_days(case: &Case<'_>) -> Result<bool, Failure> {
    Ok(!days::running(case, case.span)?.is_empty()
        || !gross::lost_hours(case, case.span)?.is_empty())
}

/// Who is born on 29 February turns eighteen on 1 March when there is no such day.
pub(crate) fn eighteenth_birthday(born: Day) -> Day {
    let day = born.plus_months(18 * 12);
    if day.number() == born.number() { day } else { day.next() }
}
