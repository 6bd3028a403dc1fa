//! The versions of the law, and what each gives to whom.
//!
//! Three clocks decide: the day the grant was decided chooses the version, the start of the
//! agreement the trials and the time limit, and the calendar day the transitional lift of 2020.

use ydun_benefit::prelude::*;

use crate::settings::Settings;

/// LAB is in force; the municipality of residence decides.
pub(crate) const LAB: Day = Day::new(2020, 1, 1);
const REFORM_2015: Day = Day::new(2015, 1, 1);
const CHANGE_2017: Day = Day::new(2017, 3, 1);
const TRIAL_2018: Day = Day::new(2018, 4, 1);
/// Last day for agreements under trial A: three months instead of six.
const TRIAL_A_LAST: Day = Day::new(2022, 12, 31);
/// Trial B: the outdated from employment are admitted, and the positive list is suspended.
const TRIAL_B_FIRST: Day = Day::new(2020, 8, 1);
const TRIAL_B_LAST: Day = Day::new(2021, 12, 31);

/// A version of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// Grants before 1 January 2015.
    Pre2015,
    Vl2015,
    /// The adjustments of 1 March 2017, whose contents have not been found.
    Vl2017,
    Vl2018,
    Vl2020,
}

/// Where the apprentice comes from, and with what schooling: the groups the law tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// From unemployment, and unemployed long enough for her schooling.
    Unemployed,
    /// From unemployment and unskilled, but not unemployed long enough.
    BrieflyUnemployed,
    Employed,
}

/// What an apprentice can have been schooled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schooling {
    Unskilled,
    /// Skilled, but not used in the last five years.
    Outdated,
    Skilled,
}

/// What a group is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) rate: RateKey,
    pub(crate) duration: Duration,
    pub(crate) needs_positive_list: bool,
}

/// A rate of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RateKey {
    /// 30 kr.
    Basic,
    /// 40 kr., grants of 2015-2019.
    Higher2015,
    /// 45 kr., from 2020.
    Higher2020,
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duration {
    WholeCourse,
    /// So many years from the start of the agreement.
    Years(u32),
}

impl Group {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unemployed => "fra ledighed",
            Self::BrieflyUnemployed => "fra ledighed, kortvarigt ledig",
            Self::Employed => "fra beskæftigelse",
        }
    }
}

impl RateKey {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Basic => "basic-rate",
            Self::Higher2015 => "higher-rate-2015",
            Self::Higher2020 => "higher-rate-2020",
        }
    }
}

impl Version {
    /// The version a grant follows for its whole course.
    pub(crate) fn of_grant(decided: Day) -> Self {
        match decided {
            day if day < REFORM_2015 => Self::Pre2015,
            day if day < CHANGE_2017 => Self::Vl2015,
            day if day < TRIAL_2018 => Self::Vl2017,
            day if day < LAB => Self::Vl2018,
            _ => Self::Vl2020,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pre2015 => "Før 2015",
            Self::Vl2015 => "VL-2015",
            Self::Vl2017 => "VL-2017",
            Self::Vl2018 => "VL-2018 (forsøg)",
            Self::Vl2020 => "VL-2020",
        }
    }

    /// The place in the act in force, or in the act before it.
    pub(crate) fn law(self, lab: &'static str) -> &'static str {
        match self {
            Self::Vl2020 => lab,
            Self::Vl2018 => "Tidligere LAB § 98 g og forsøgsbekendtgørelsens § 10",
            Self::Pre2015 | Self::Vl2015 | Self::Vl2017 => "Tidligere LAB § 98 g",
        }
    }

    /// Months of unemployment an apprentice with this schooling must have passed; none means that
    /// no length is asked for.
    pub(crate) fn months_unemployed(
        self,
        schooling: Schooling,
        start: Day,
        settings: &Settings,
    ) -> Option<u32> {
        let trial_a = settings.trial_a_first_day <= start && start <= TRIAL_A_LAST;
        match (self, schooling) {
            (Self::Vl2015 | Self::Vl2017, Schooling::Skilled) => Some(12),
            (Self::Vl2015 | Self::Vl2017, _) | (Self::Vl2018, Schooling::Unskilled) => Some(2),
            (Self::Vl2020, Schooling::Skilled) if trial_a => Some(3),
            (Self::Vl2018 | Self::Vl2020, Schooling::Skilled) => Some(6),
            (Self::Pre2015 | Self::Vl2020, _) | (Self::Vl2018, Schooling::Outdated) => None,
        }
    }

    /// Whether an apprentice from employment is admitted with this schooling.
    pub(crate) fn admits_from_employment(self, schooling: Schooling, start: Day) -> bool {
        match schooling {
            Schooling::Unskilled => true,
            Schooling::Outdated => self == Self::Vl2020 && is_in_trial_b(start),
            Schooling::Skilled => false,
        }
    }

    pub(crate) fn terms(self, group: Group, start: Day, settings: &Settings) -> Terms {
        let listed = |rate, duration| Terms { rate, duration, needs_positive_list: true };
        let unlisted = |rate, duration| Terms { rate, duration, needs_positive_list: false };
        let brief = Duration::Years(settings.years_for_briefly_unemployed);
        match (self, group) {
            (Self::Vl2020, Group::Unemployed | Group::BrieflyUnemployed) => {
                unlisted(RateKey::Higher2020, Duration::WholeCourse)
            }
            (Self::Vl2020, Group::Employed) if is_in_trial_b(start) => {
                unlisted(RateKey::Basic, Duration::Years(2))
            }
            (Self::Vl2018, Group::BrieflyUnemployed) => {
                unlisted(RateKey::Basic, Duration::WholeCourse)
            }
            (Self::Vl2015 | Self::Vl2017 | Self::Vl2018, Group::Unemployed) => {
                unlisted(RateKey::Higher2015, Duration::WholeCourse)
            }
            (Self::Vl2015 | Self::Vl2017, Group::BrieflyUnemployed) => {
                listed(RateKey::Basic, brief)
            }
            (Self::Pre2015, _) | (_, Group::Employed) => listed(RateKey::Basic, Duration::Years(2)),
        }
    }
}

impl Duration {
    /// The last day of subsidy by the time limit: the day before the anniversary.
    pub(crate) fn last_day(self, start: Day) -> Option<Day> {
        match self {
            Self::WholeCourse => None,
            Self::Years(years) => Some(anniversary(start, years).previous()),
        }
    }
}

/// The same date so many years later; 1 March where the year has no 29 February.
fn anniversary(start: Day, years: u32) -> Day {
    let later = start.plus_months(12 * years);
    let is_cut = start.years_until(later) < i32::try_from(years).expect("a few years");
    if is_cut { later.next() } else { later }
}

fn is_in_trial_b(start: Day) -> bool {
    (TRIAL_B_FIRST..=TRIAL_B_LAST).contains(&start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn version(decided: &str, expected: Version) {
        assert_eq!(Version::of_grant(decided.parse().unwrap()), expected);
    }

    #[test]
    fn the_day_of_the_grant_chooses_the_version() {
        version("2014-12-31", Version::Pre2015);
        version("2015-01-01", Version::Vl2015);
        version("2017-02-28", Version::Vl2015);
        version("2017-03-01", Version::Vl2017);
        version("2018-03-31", Version::Vl2017);
        version("2018-04-01", Version::Vl2018);
        version("2019-12-31", Version::Vl2018);
        version("2020-01-01", Version::Vl2020);
    }

    #[track_caller]
    fn two_years(start: &str, last: &str) {
        assert_eq!(
            Duration::Years(2).last_day(start.parse().unwrap()),
            Some(last.parse().unwrap())
        );
    }

    #[test]
    fn two_years_end_the_day_before_the_anniversary() {
        two_years("2020-08-10", "2022-08-09");
        two_years("2020-03-01", "2022-02-28");
        two_years("2020-02-29", "2022-02-28"); // the anniversary is 1 March
        two_years("2019-02-28", "2021-02-27");
        assert_eq!(Duration::WholeCourse.last_day(LAB), None);
    }
}
