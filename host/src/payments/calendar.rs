//! When money approved on a day is there, and until when it can be stopped.

use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use ydun_domain::{Day, Month, bank_days};

use super::profile::NoTermsYet;
use super::{BankProfile, Lane};

/// What follows from an approval on a bank day, when the money is wanted as soon as the lane can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarDay {
    pub lane: Lane,
    pub approved: Day,
    /// Danish time; what is approved later counts from the next bank day.
    pub cut_off: NaiveTime,
    /// The bank day it leaves. Until then it is stopped here.
    pub send_by: Day,
    /// The bank day the money is at the payee's disposal.
    pub disposal: Day,
    /// Until when the bank stops it, if it has promised that.
    pub bank_stops_until: Option<(Day, NaiveTime)>,
}

/// The bank days from a day on, with what follows in a lane.
pub fn calendar(
    bank: &BankProfile,
    lane: Lane,
    from: Day,
    days: usize,
) -> Result<Vec<CalendarDay>, NoTermsYet> {
    bank_days_from(from).take(days).map(|approved| follow(bank, lane, approved)).collect()
}

/// What follows from an approval now.
pub fn chance(
    bank: &BankProfile,
    lane: Lane,
    now: DateTime<Utc>,
) -> Result<CalendarDay, NoTermsYet> {
    follow(bank, lane, bank_days::on_or_after(bank.counts_as(lane, now)?))
}

/// A day of the calendar, and the last chance of each lane to have money there on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayDay {
    pub day: Day,
    /// None on a day on which banks are closed, and in lanes that had no terms yet.
    pub last_chances: Vec<CalendarDay>,
}

/// The days of a month as days that money can be there.
pub fn pay_days(bank: &BankProfile, month: Month) -> Vec<PayDay> {
    let chances = |day| Lane::ALL.iter().filter_map(move |lane| last_chance(bank, *lane, day));
    month.period().days().map(|day| PayDay { day, last_chances: chances(day).collect() }).collect()
}

/// The last bank day on which an approval has money there on a day. Terms may change on the way, so it is
/// looked for and not counted back.
fn last_chance(bank: &BankProfile, lane: Lane, day: Day) -> Option<CalendarDay> {
    const LEAD_MAX: usize = 60;
    let before = |day: &Day| Some(bank_days::minus(*day, 1));
    let approved = std::iter::successors(Some(day), before).take(LEAD_MAX);
    let mut chances = approved.map_while(|approved| follow(bank, lane, approved).ok());
    let is_open = bank_days::is_bank_day(day);
    chances.find(|chance| is_open && chance.disposal <= day).filter(|chance| chance.disposal == day)
}

fn bank_days_from(day: Day) -> impl Iterator<Item = Day> {
    std::iter::successors(Some(bank_days::on_or_after(day)), |day| Some(bank_days::plus(*day, 1)))
}

/// What follows from an approval on a bank day.
fn follow(bank: &BankProfile, lane: Lane, approved: Day) -> Result<CalendarDay, NoTermsYet> {
    let schedule = bank.schedule_from(lane, approved, approved)?;
    Ok(CalendarDay {
        lane,
        approved,
        cut_off: bank.terms(lane, approved)?.cut_off,
        send_by: schedule.send_by,
        disposal: schedule.disposal,
        bank_stops_until: bank.stop_until(lane, schedule.disposal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lane: Lane, from: &str, expected: &[(&str, &str, &str)]) {
        let bank = BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap());
        let calendar = calendar(&bank, lane, from.parse().unwrap(), expected.len()).unwrap();
        let day = |day: Day| day.to_string();
        let shown: Vec<(String, String, String)> = calendar
            .iter()
            .map(|one| {
                let until = one.bank_stops_until.map_or("-".to_owned(), |(last, _)| day(last));
                (day(one.approved), day(one.disposal), until)
            })
            .collect();
        let expected: Vec<(String, String, String)> = expected
            .iter()
            .map(|(approved, disposal, until)| {
                ((*approved).to_owned(), (*disposal).to_owned(), (*until).to_owned())
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn each_bank_day_says_when_the_money_is_there_and_until_when_it_is_stopped() {
        let around_a_weekend = [
            ("2020-10-29", "2020-11-04", "2020-11-03"),
            ("2020-10-30", "2020-11-05", "2020-11-04"),
            ("2020-11-02", "2020-11-06", "2020-11-05"),
        ];
        check(Lane::Almindelig, "2020-10-29", &around_a_weekend);
        let from_a_saturday = [("2020-11-02", "2020-11-03", "2020-11-02")];
        check(Lane::DagTilDag, "2020-10-31", &from_a_saturday);
        check(Lane::Straks, "2020-10-29", &[("2020-10-29", "2020-10-29", "-")]);
    }
    #[test]
    fn each_day_of_a_month_has_the_last_chance_of_each_lane() {
        let bank = BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap());
        let days = pay_days(&bank, "2020-04".parse().unwrap());
        assert_eq!(days.len(), 30);
        let approved = |day: usize| {
            let chances = days[day - 1].last_chances.iter();
            chances.map(|chance| chance.approved.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(approved(10), Vec::<String>::new()); // Good Friday
        assert_eq!(approved(14), ["2020-04-03", "2020-04-08", "2020-04-14"]);
        let days_of = |chance: &CalendarDay| chance.disposal;
        assert!(
            days.iter().all(|day| day.last_chances.iter().map(days_of).all(|of| of == day.day))
        );
    }

    #[test]
    fn longer_leads_begin_on_their_day() {
        let mut bank = BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap());
        let mut longer = bank.terms(Lane::DagTilDag, Day::new(2020, 10, 1)).unwrap().clone();
        (longer.from, longer.lead_bank_days) = (Day::new(2020, 10, 7), 3);
        bank.terms.push(longer);
        let approved = |day| last_chance(&bank, Lane::DagTilDag, day).map(|chance| chance.approved);
        assert_eq!(approved(Day::new(2020, 10, 7)), Some(Day::new(2020, 10, 6)));
        assert_eq!(approved(Day::new(2020, 10, 8)), None); // nothing leads there
        assert_eq!(approved(Day::new(2020, 10, 12)), Some(Day::new(2020, 10, 7)));
    }

    #[test]
    fn after_the_cut_off_the_next_bank_day_counts() {
        let bank = BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap());
        let approved = |now: &str| {
            chance(&bank, Lane::Almindelig, now.parse().unwrap()).unwrap().approved.to_string()
        };
        assert_eq!(approved("2020-10-30T13:59:00Z"), "2020-10-30");
        assert_eq!(approved("2020-10-30T14:00:00Z"), "2020-11-02");
        assert_eq!(approved("2020-10-31T09:00:00Z"), "2020-11-02");
    }
}
