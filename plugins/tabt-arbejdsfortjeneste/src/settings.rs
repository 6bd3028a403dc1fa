//! The municipality's choices where the law or its sources leave a point open.

use ydun_benefit::attributes::Settings as Given;
use ydun_benefit::prelude::*;

/// Every choice; the manifest has the defaults and the reasons.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Our own municipality code; empty when nobody has filled it in.
    pub(crate) municipality: String,
    /// The cap of 2020, which the sources disagree about.
    pub(crate) cap_2020: Dkk,
    /// The yearly regulation that the caps of 2019-2021 imply.
    pub(crate) regulation_2019_2021: YearTable,
    /// The yearly regulation of benefits applied for before 2011.
    pub(crate) regulation_before_2011: YearTable,
    /// Full-time hours of a month that an hour is a part of; none until it is filled in.
    pub(crate) hour_divisor: Option<Decimal>,
    /// Weekly hours that the divisor is for.
    pub(crate) full_time_hours: Decimal,
    /// Contributions to ATP a month; none until they are filled in.
    pub(crate) atp_own: Option<Dkk>,
    pub(crate) atp_municipality: Option<Dkk>,
    /// Whether the former employer's pension contribution shrinks with the hours.
    pub(crate) scales_pension_limit: bool,
    /// Percent of a year's gross benefit, for benefits that ended before 2024.
    pub(crate) end_supplement_before_2024: Decimal,
    /// The month the supplement for holiday is paid in; none when it is not paid from here.
    pub(crate) holiday_supplement_month: Option<u32>,
    /// The month the holiday year begins, when the second end supplement is paid.
    pub(crate) holiday_year_month: u32,
    /// Weeks the benefit goes on after a sudden end.
    pub(crate) run_off_weeks: u32,
    /// Weeks of holiday a year with the benefit kept; none when holiday changes nothing.
    pub(crate) holiday_weeks_kept: Option<u32>,
}

impl Settings {
    pub(crate) fn of(dossier: &Dossier) -> Result<Self, Failure> {
        let given = Given::of(dossier);
        Ok(Self {
            municipality: given.text("municipality")?.to_owned(),
            cap_2020: given.amount("cap-2020")?,
            regulation_2019_2021: YearTable::of(given, "regulation-2019-2021")?,
            regulation_before_2011: YearTable::of(given, "regulation-before-2011")?,
            hour_divisor: Some(not_negative(given, "hour-divisor")?)
                .filter(|divisor| !divisor.is_zero()),
            full_time_hours: hours_of_a_week(given, "full-time-hours")?,
            atp_own: filled_in(given, "atp-own")?,
            atp_municipality: filled_in(given, "atp-municipality")?,
            scales_pension_limit: given.flag("scale-pension-limit")?,
            end_supplement_before_2024: not_negative(given, "end-supplement-before-2024")?,
            holiday_supplement_month: Some(whole(given, "holiday-supplement-month", 0..=12)?)
                .filter(|month| *month > 0),
            holiday_year_month: whole(given, "holiday-year-month", 1..=12)?,
            run_off_weeks: whole(given, "run-off-weeks", 0..=52)?,
            holiday_weeks_kept: Some(whole(given, "holiday-weeks-kept", 0..=52)?)
                .filter(|weeks| *weeks > 0),
        })
    }
}

/// An amount, or none while it is the zero it was delivered with.
fn filled_in(given: Given<'_>, name: &str) -> Result<Option<Dkk>, Failure> {
    let amount = given.amount(name)?;
    if amount.is_negative() {
        return Err(given.wrong(name, "it cannot be below zero"));
    }
    Ok(Some(amount).filter(|amount| !amount.is_zero()))
}

fn not_negative(given: Given<'_>, name: &str) -> Result<Decimal, Failure> {
    let number = given.number(name)?;
    if number.is_sign_negative() && !number.is_zero() {
        return Err(given.wrong(name, "it cannot be below zero"));
    }
    Ok(number)
}

fn hours_of_a_week(given: Given<'_>, name: &str) -> Result<Decimal, Failure> {
    let hours = given.number(name)?;
    if hours <= Decimal::ZERO || hours > Decimal::from(168) {
        return Err(given.wrong(name, "a week has more than 0 and at most 168 hours"));
    }
    Ok(hours)
}

fn whole(
    given: Given<'_>,
    name: &str,
    allowed: std::ops::RangeInclusive<u32>,
) -> Result<u32, Failure> {
    let number = given.integer(name)?;
    u32::try_from(number).ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
        given.wrong(name, &format!("it must be {} to {}", allowed.start(), allowed.end()))
    })
}

/// A percentage for each of some years, written `2019=2.2 2020=2.5`.
#[derive(Clone, Debug, Default)]
pub(crate) struct YearTable(Vec<(i32, Decimal)>);

impl YearTable {
    fn of(given: Given<'_>, name: &str) -> Result<Self, Failure> {
        let words = given.text(name)?.split_whitespace();
        let table = words.map(Self::entry).collect::<Option<Vec<_>>>();
        table
            .map(Self)
            .ok_or_else(|| given.wrong(name, "write a percentage for each year: 2019=2.2 2020=2.5"))
    }

    fn entry(word: &str) -> Option<(i32, Decimal)> {
        let (year, percent) = word.split_once('=')?;
        Some((year.parse().ok()?, percent.replace(',', ".").parse().ok()?))
    }

    pub(crate) fn percent(&self, year: i32) -> Option<Decimal> {
        self.0.iter().find(|(of, _)| *of == year).map(|(_, percent)| *percent)
    }
}
