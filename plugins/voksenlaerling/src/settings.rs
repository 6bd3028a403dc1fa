//! The municipality's choices where the law or its sources leave a point open.

use std::cmp::Ordering;

use ydun_benefit::attributes::Settings as Given;
use ydun_benefit::prelude::*;

/// Every choice; the manifest has the defaults and the reasons.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Our own municipality code; empty when nobody has filled it in.
    pub(crate) municipality: String,
    pub(crate) age_date_before_2020: AgeDate,
    /// What it means to be exactly at a limit of months or years.
    pub(crate) exactly: Answer,
    /// First day of trial A (three months' unemployment for the skilled).
    pub(crate) trial_a_first_day: Day,
    pub(crate) cap_window: CapWindow,
    pub(crate) counted_absence: CountedAbsence,
    pub(crate) de_minimis: DeMinimis,
    /// Years a 30-kr grant of 2015-2018 to a briefly unemployed apprentice runs.
    pub(crate) years_for_briefly_unemployed: u32,
    /// Whether such an apprentice of 2018-2019 is lifted to the rate of 2020 as well.
    pub(crate) lifts_briefly_unemployed: bool,
}

/// Which hours of absence count as if worked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountedAbsence {
    pub(crate) sick: bool,
    pub(crate) holiday: bool,
    pub(crate) other: bool,
}

/// Limits in EUR of aid that needs no notification.
#[derive(Clone, Debug)]
pub(crate) struct DeMinimis {
    pub(crate) limit: Decimal,
    pub(crate) limit_from_2024: Decimal,
    /// Transport, farming and fishery; zero when a person must look it up.
    pub(crate) limit_of_other_sectors: Decimal,
    /// Fiscal years the firm's account must cover.
    pub(crate) years: i64,
}

/// Which day's age counts for agreements before 2020.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgeDate {
    AgreementStart,
    AgreementMade,
    EducationStart,
}

/// The days over which hours are held against the agreed working time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CapWindow {
    Week,
    Month,
}

/// Whether a limit is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// A person must say.
    Unclear,
}

impl Settings {
    pub(crate) fn of(dossier: &Dossier) -> Result<Self, Failure> {
        let given = Given::of(dossier);
        Ok(Self {
            municipality: given.text("municipality")?.to_owned(),
            age_date_before_2020: given.one_of(
                "age-date-before-2020",
                &[
                    ("agreement-start", AgeDate::AgreementStart),
                    ("agreement-made", AgeDate::AgreementMade),
                    ("education-start", AgeDate::EducationStart),
                ],
            )?,
            exactly: given.one_of(
                "exactly-at-limit",
                &[("human", Answer::Unclear), ("passed", Answer::Yes), ("not-passed", Answer::No)],
            )?,
            trial_a_first_day: given.day("trial-a-first-day")?,
            cap_window: given
                .one_of("cap-window", &[("week", CapWindow::Week), ("month", CapWindow::Month)])?,
            counted_absence: CountedAbsence {
                sick: given.flag("count-sick-hours")?,
                holiday: given.flag("count-holiday-hours")?,
                other: given.flag("count-other-absence-hours")?,
            },
            de_minimis: DeMinimis {
                limit: given.number("de-minimis-limit")?,
                limit_from_2024: given.number("de-minimis-limit-2024")?,
                limit_of_other_sectors: given.number("de-minimis-limit-other-sectors")?,
                years: given.integer("de-minimis-years")?,
            },
            years_for_briefly_unemployed: years(given)?,
            lifts_briefly_unemployed: given.flag("lift-briefly-unemployed")?,
        })
    }

    /// Whether something compares as more than a limit, with the municipality's view of equality.
    pub(crate) fn beyond(&self, compared: Ordering) -> Answer {
        match compared {
            Ordering::Greater => Answer::Yes,
            Ordering::Less => Answer::No,
            Ordering::Equal => self.exactly,
        }
    }
}

fn years(given: Given<'_>) -> Result<u32, Failure> {
    const NAME: &str = "years-for-briefly-unemployed-2015";
    let years = given.integer(NAME)?;
    u32::try_from(years)
        .ok()
        .filter(|years| (1..=10).contains(years))
        .ok_or_else(|| given.wrong(NAME, "it must be 1 to 10 years"))
}

impl From<Answer> for State {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::Met,
            Answer::No => Self::NotMet,
            Answer::Unclear => Self::NeedsHuman,
        }
    }
}
