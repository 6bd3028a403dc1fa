//! The hours subsidy is given for: with the employer, within normal working time.

use ydun_benefit::prelude::*;

use crate::conditions::Entitlement;
use crate::facts::{Case, WeekHours};
use crate::settings::CapWindow;

/// Hours of a month, or of its days at one rate.
#[derive(Debug)]
pub(crate) struct MonthHours {
    pub(crate) eligible: Explained<Decimal>,
    /// At school, left out.
    pub(crate) school: Decimal,
    /// Absence of every kind, counted or not.
    pub(crate) absence: Decimal,
}

/// Hours and cap of one week.
struct Week {
    name: String,
    /// Without overtime, with the absence that counts; under the cap when the cap is the week's.
    hours: Explained<Decimal>,
    cap: Explained<Decimal>,
    school: Decimal,
    absence: Decimal,
}

/// § 159: hours with the employer, capped at normal working time; school gives nothing.
pub(crate) fn of_month(
    case: &Case<'_>,
    entitlement: &Entitlement<'_>,
    month: Month,
    days: &[Period],
    rows: &[WeekHours<'_>],
    file: &mut CaseFile,
) -> Result<MonthHours, Failure> {
    let law = entitlement.version.law("LAB § 159");
    let mut weeks = vec![];
    for week in month.period().by_week() {
        let days: Vec<Day> =
            week.days().filter(|day| days.iter().any(|period| period.contains(*day))).collect();
        if !days.is_empty() {
            weeks.push(Week::read(case, law, &days, rows, file)?);
        }
    }
    let eligible = sum(&weeks, case.settings.cap_window, month, law, file);
    Ok(MonthHours {
        eligible,
        school: weeks.iter().map(|week| week.school).sum(),
        absence: weeks.iter().map(|week| week.absence).sum(),
    })
}

fn sum(
    weeks: &[Week],
    window: CapWindow,
    month: Month,
    law: &str,
    file: &mut CaseFile,
) -> Explained<Decimal> {
    let hours = weeks.iter().map(|week| week.hours.value).sum::<Decimal>().normalize();
    let cap = weeks.iter().map(|week| week.cap.value).sum::<Decimal>().normalize();
    let label = format!("Timer med tilskud i {}", month.in_words());
    let step = file.step(&format!("timer:{month}"), label, law);
    let step = weeks.iter().fold(step, |step, week| step.from(&week.name, &week.hours));
    match window {
        CapWindow::Week => step.gives(hours),
        CapWindow::Month => {
            let caps = weeks.iter().map(|week| &week.cap);
            step.from_all(caps).input("loft for måneden", cap).gives(hours.min(cap))
        }
    }
}

impl Week {
    /// `days` are those of one ISO week in one month that are paid for.
    fn read(
        case: &Case<'_>,
        law: &str,
        days: &[Day],
        rows: &[WeekHours<'_>],
        file: &mut CaseFile,
    ) -> Result<Self, Failure> {
        let cap = cap(case, law, days, file);
        let name = week_name(days[0]);
        let label = format!("Timer med tilskud i {name}");
        let mut step = file.step(&format!("uge:{}", days[0]), label, law);
        let (mut normal, mut school, mut absence) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for row in rows {
            let Some(share) = Share::of(case, row, days)? else { continue };
            let counted = row.counted_absence(case.settings.counted_absence);
            normal += share.take(row.worked - row.overtime + counted);
            school += share.take(row.school);
            absence += share.take(row.absence());
            step = step.input("arbejdet", row.worked).input("heraf overarbejde", row.overtime);
            step = step.input("fravær", row.absence()).input("heraf talt med", counted);
            step = step.input("på skole", row.school);
            if !share.is_whole() {
                step = step.input("ugens dage med tilskud", share.text());
            }
        }
        let hours = match case.settings.cap_window {
            CapWindow::Week => step.from("loft", &cap).gives(normal.min(cap.value).normalize()),
            CapWindow::Month => step.gives(normal.normalize()),
        };
        Ok(Self { name, hours, cap, school, absence })
    }
}

/// Agreed weekly hours, shared evenly over Monday to Friday: only days with the employer count, so
/// that a week cut by a month's end or a school stay has its part of the cap.
fn cap(case: &Case<'_>, law: &str, days: &[Day], file: &mut CaseFile) -> Explained<Decimal> {
    const WEEKDAYS: u32 = 5;
    let stays = case.about_apprentice("school-stay");
    let weekdays = || days.iter().filter(|day| day.is_weekday());
    let at_school =
        weekdays().filter(|day| stays.iter().any(|stay| stay.valid().contains(**day))).count();
    let with_employer =
        u32::try_from(weekdays().count() - at_school).expect("a week has five weekdays");
    let cap = case.agreement.weekly_hours * Decimal::from(with_employer) / Decimal::from(WEEKDAYS);
    file.step(
        &format!("loft:{}", days[0]),
        format!("Loft over timer i {}", week_name(days[0])),
        law,
    )
    .input("normal ugentlig arbejdstid", case.agreement.weekly_hours)
    .input("hverdage hos arbejdsgiveren", with_employer)
    .input("hverdage på skole", u32::try_from(at_school).expect("a week has five weekdays"))
    .gives(cap.normalize())
}

/// The part of a row that falls on certain days, by weekdays; by days when it has no weekday.
struct Share {
    paid: u32,
    all: u32,
}

impl Share {
    /// None when the row has nothing on these days. Hours can only have been worked while the
    /// agreement ran, so days outside it take no part of them.
    fn of(case: &Case<'_>, row: &WeekHours<'_>, days: &[Day]) -> Result<Option<Self>, Failure> {
        let last = case.last_day()?;
        let runs =
            |day: &Day| *day >= case.agreement.start() && last.is_none_or(|last| *day <= last);
        let worked: Vec<Day> = row.period.days().filter(runs).collect();
        let only_weekend = !worked.iter().any(|day| day.is_weekday());
        let counts = |day: &&Day| only_weekend || day.is_weekday();
        let number = |count: usize| u32::try_from(count).expect("a week has seven days");
        let all = number(worked.iter().filter(counts).count());
        let paid = number(worked.iter().filter(counts).filter(|day| days.contains(day)).count());
        Ok((paid > 0).then_some(Self { paid, all }))
    }

    fn take(&self, hours: Decimal) -> Decimal {
        hours * Decimal::from(self.paid) / Decimal::from(self.all)
    }

    fn is_whole(&self) -> bool {
        self.paid == self.all
    }

    fn text(&self) -> String {
        format!("{} af {}", self.paid, self.all)
    }
}

/// `uge 41`: the ISO week's number is that of its Thursday in the year.
fn week_name(day: Day) -> String {
    let thursday = day.monday().plus_days(3);
    let number = (thursday.epoch_days() - Day::new(thursday.year(), 1, 1).epoch_days()) / 7 + 1;
    format!("uge {number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_the_number_of_its_thursday() {
        assert_eq!(week_name(Day::new(2020, 10, 5)), "uge 41");
        assert_eq!(week_name(Day::new(2021, 1, 1)), "uge 53");
        assert_eq!(week_name(Day::new(2019, 12, 30)), "uge 1");
    }
}
