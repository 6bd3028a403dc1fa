//! When the benefit ends, and when it begins anew.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::{days, gross};

/// The last day of the benefit, and why there are no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) last_day: Day,
    pub(crate) reason: Reason,
    /// The first day of hours that are granted anew.
    anew: Option<Day>,
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
    /// Every end that is known, in order of time; the last of them ends it for good.
    pub(crate) fn all(case: &Case<'_>) -> Result<Vec<Self>, Failure> {
        let by_itself = Self::by_itself(case)?;
        let mut all = Self::decided(case)?;
        all.retain(|decided| by_itself.is_none_or(|end| decided.last_day < end.last_day));
        if all.iter().all(|decided| decided.anew.is_some()) {
            all.extend(by_itself);
        }
        all.sort_by_key(|ending| ending.last_day);
        Ok(all)
    }

    /// The end that no hours granted until the span is over undo.
    pub(crate) fn of(case: &Case<'_>) -> Result<Option<Self>, Failure> {
        let lasts = |ending: &Self| ending.anew.is_none_or(|first| first > case.span.last());
        Ok(Self::all(case)?.into_iter().find(lasts))
    }

    /// The child's eighteenth birthday, and a death: the earliest of them.
    fn by_itself(case: &Case<'_>) -> Result<Option<Self>, Failure> {
        let day = |found: Found<'_>| found.only()?.map(|fact| fact.day("day")).transpose();
        let eighteen = case
            .birth()?
            .map(|(_, born)| (eighteenth_birthday(born).previous(), Reason::TurnedEighteen));
        let child = day(case.about_child("child-death"))?.map(|day| (day, Reason::ChildDied));
        let parent = day(case.about_parent("parent-death"))?.map(|day| (day, Reason::ParentDied));
        let known = [parent, eighteen, child].into_iter().flatten();
        let known = known.map(|(last_day, reason)| Self { last_day, reason, anew: None });
        Ok(known.map(|end| end.with_run_off(case)).min_by_key(|end| end.last_day))
    }

    /// Decisions to end it. Of two before the same hours granted anew the later one counts.
    fn decided(case: &Case<'_>) -> Result<Vec<Self>, Failure> {
        let mut decided: Vec<Self> = vec![];
        for fact in case.about_parent("ended").iter() {
            let last_day = fact.day("last-day")?;
            let reason = fact.one_of("reason", Reason::CODES)?;
            let grants = case.about_parent("hours-granted");
            let first_days = grants.iter().map(|grant| grant.valid().first());
            let anew = first_days.filter(|first| *first > last_day).min();
            decided.retain(|earlier| earlier.anew != anew);
            decided.push(Self { last_day, reason, anew }.with_run_off(case));
        }
        Ok(decided)
    }

    fn with_run_off(self, case: &Case<'_>) -> Self {
        let weeks = if self.reason.comes_suddenly() { case.settings.run_off_weeks } else { 0 };
        Self { last_day: self.last_day.plus_days(weeks * 7), ..self }
    }

    /// The part of a period until the last day.
    pub(crate) fn until(self, period: Period) -> Option<Period> {
        Period::new(period.first(), period.last().min(self.last_day)).ok()
    }

    /// The days between the end and the hours granted anew.
    pub(crate) fn pause(self) -> Option<Period> {
        Period::new(self.last_day.next(), self.anew?.previous()).ok()
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
