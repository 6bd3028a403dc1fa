//! When money approved on a day is there, and until when it can be stopped.

use chrono::NaiveTime;
use serde::Serialize;
use ydun_domain::{Day, bank_days};

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
    let mut approved = bank_days::on_or_after(from);
    let mut calendar = Vec::with_capacity(days);
    for _ in 0..days {
        let schedule = bank.schedule_from(lane, approved, approved)?;
        calendar.push(CalendarDay {
            lane,
            approved,
            cut_off: bank.terms(lane, approved)?.cut_off,
            send_by: schedule.send_by,
            disposal: schedule.disposal,
            bank_stops_until: bank.stop_until(lane, schedule.disposal),
        });
        approved = bank_days::plus(approved, 1);
    }
    Ok(calendar)
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
}
