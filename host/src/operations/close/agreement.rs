//! Holding the lines of a month against each other.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Month};

use super::{Closed, Difference, Explanation, Kind, Match, Totals, Waiting};
use crate::reports::service::Told;

/// A line of the month as the five tell it, as far as it is a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct LineSums {
    pub(super) benefit: String,
    #[sqlx(rename = "case_number")]
    pub(super) case: String,
    pub(super) line_key: String,
    pub(super) payee: PartyId,
    pub(super) decided: Dkk,
    /// What stays in effect beside it until the decision reaches the party.
    pub(super) waiting: Dkk,
    pub(super) booked: Dkk,
    pub(super) paid: Dkk,
}

/// What is known of a month beside its lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) explanations: BTreeMap<String, Explanation>,
    pub(super) closed: BTreeMap<String, Closed>,
}

/// Every benefit's month, by benefit.
pub(super) fn agree(
    month: Month,
    lines: &[LineSums],
    told: &[Told],
    mut known: Known,
) -> Vec<Match> {
    let mut months = Months { month, matches: BTreeMap::new() };
    for line in lines {
        months.add_line(line);
    }
    for told in told {
        months.add_told(told);
    }
    for month in months.matches.values_mut() {
        month.closed = known.closed.remove(&month.benefit);
        for difference in &mut month.differences {
            difference.explanation = known.explanations.get(&difference.key).cloned();
        }
    }
    months.matches.into_values().collect()
}

struct Months {
    month: Month,
    matches: BTreeMap<String, Match>,
}

/// Where a difference is: benefit, case, what of it, and whose.
type Place<'a> = (&'a str, Option<&'a str>, &'a str, PartyId);

impl Months {
    fn of(&mut self, benefit: &str) -> &mut Match {
        let new = || Match {
            benefit: benefit.to_owned(),
            month: self.month,
            totals: Totals::default(),
            differences: Vec::new(),
            waiting: Vec::new(),
            closed: None,
        };
        self.matches.entry(benefit.to_owned()).or_insert_with(new)
    }

    fn add_line(&mut self, line: &LineSums) {
        let month = self.of(&line.benefit);
        month.totals.lines += 1;
        month.totals.decided += line.decided;
        month.totals.waiting += line.waiting;
        month.totals.booked += line.booked;
        month.totals.paid += line.paid;
        month.waiting.extend(waiting(line));
        let place: Place = (&line.benefit, Some(&line.case), &line.line_key, line.payee);
        let in_effect = line.decided + line.waiting;
        self.differ(place, in_effect - line.booked, (Kind::NotBooked, Kind::Overpaid));
        // What is held back is below nothing, also while it waits for its payment.
        let kinds = if line.booked.is_negative() {
            (Kind::NotInBooks, Kind::NotPaid)
        } else {
            (Kind::NotPaid, Kind::NotInBooks)
        };
        self.differ(place, line.booked - line.paid, kinds);
    }

    /// What was told of days that several benefits share is told under each of them.
    fn add_told(&mut self, told: &Told) {
        let days = told.period.to_string();
        for (benefit, paid) in &told.paid {
            let totals = &mut self.of(benefit).totals;
            totals.income += paid.income;
            totals.refundable += paid.refundable;
            totals.reported += paid.income - told.not_reported();
            totals.refund_reported += paid.refundable - told.not_refundable();
            let place: Place = (benefit, None, &days, told.party);
            self.differ(place, told.not_reported(), (Kind::NotReported, Kind::NotReported));
            self.differ(place, told.not_refundable(), (Kind::NotRefundable, Kind::NotRefundable));
            self.differ(place, paid.unreportable, (Kind::Unreportable, Kind::Unreportable));
        }
    }

    fn differ(
        &mut self,
        (benefit, case, of, payee): Place<'_>,
        amount: Dkk,
        (more, less): (Kind, Kind),
    ) {
        if amount.is_zero() {
            return;
        }
        let kind = if amount.is_negative() { less } else { more };
        let difference = Difference {
            key: key(kind, benefit, case, of, payee),
            benefit: benefit.to_owned(),
            kind,
            case: case.map(str::to_owned),
            of: of.to_owned(),
            payee,
            amount,
            explanation: None,
        };
        self.of(benefit).differences.push(difference);
    }
}

fn waiting(line: &LineSums) -> Option<Waiting> {
    let LineSums { case, line_key, payee, waiting: amount, .. } = line.clone();
    (!amount.is_zero()).then_some(Waiting { case, line_key, payee, amount })
}

/// Short enough to be typed, and the same whenever the same is found.
fn key(kind: Kind, benefit: &str, case: Option<&str>, of: &str, payee: PartyId) -> String {
    let whole = format!("{kind}|{benefit}|{}|{of}|{payee}", case.unwrap_or_default());
    hex::encode(&Sha256::digest(whole.as_bytes())[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(decided: i64, booked: i64, paid: i64) -> LineSums {
        LineSums {
            benefit: "b".to_owned(),
            case: "2020-00001".to_owned(),
            line_key: "x".to_owned(),
            payee: PartyId(uuid::Uuid::from_u128(1)),
            decided: Dkk::from_oere(decided),
            waiting: Dkk::ZERO,
            booked: Dkk::from_oere(booked),
            paid: Dkk::from_oere(paid),
        }
    }

    #[track_caller]
    fn check(line: LineSums, expected: &[(Kind, i64)]) {
        let month = "2020-10".parse().unwrap();
        let matches = agree(month, &[line], &[], Known::default());
        let found: Vec<(Kind, i64)> =
            matches[0].differences.iter().map(|one| (one.kind, one.amount.oere())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_pair_of_a_line_that_differs_is_named() {
        check(line(5, 5, 5), &[]);
        check(line(5, 0, 0), &[(Kind::NotBooked, 5)]);
        check(line(5, 7, 7), &[(Kind::Overpaid, -2)]);
        check(line(5, 5, 0), &[(Kind::NotPaid, 5)]);
        check(line(5, 5, 6), &[(Kind::NotInBooks, -1)]);
        check(line(0, 5, 0), &[(Kind::Overpaid, -5), (Kind::NotPaid, 5)]);
        check(line(-5, -5, 0), &[(Kind::NotPaid, -5)]);
    }

    #[test]
    fn what_waits_to_reach_the_party_is_named_and_is_no_difference() {
        let month = "2020-10".parse().unwrap();
        let waits = LineSums { waiting: Dkk::from_oere(2), ..line(3, 5, 5) };
        let found = agree(month, &[waits], &[], Known::default()).remove(0);
        assert_eq!(found.differences, []);
        assert_eq!((found.totals.waiting.oere(), found.waiting[0].amount.oere()), (2, 2));
        let booked_too_soon = LineSums { waiting: Dkk::from_oere(2), ..line(3, 3, 3) };
        check(booked_too_soon, &[(Kind::NotBooked, 2)]);
    }

    #[test]
    fn an_explanation_holds_for_its_amount_and_with_two_names() {
        let month = "2020-10".parse().unwrap();
        let key =
            agree(month, &[line(5, 5, 0)], &[], Known::default())[0].differences[0].key.clone();
        let open = |amount, accepted: Option<&str>| {
            let explanation = Explanation {
                amount: Dkk::from_oere(amount),
                reason: "parkeret".to_owned(),
                explained_by: "abc".to_owned(),
                accepted_by: accepted.map(str::to_owned),
            };
            let explanations = [(key.clone(), explanation)].into();
            let known = Known { explanations, ..Known::default() };
            agree(month, &[line(5, 5, 0)], &[], known)[0].open().count()
        };
        assert_eq!(open(5, Some("def")), 0);
        assert_eq!(open(5, None), 1);
        assert_eq!(open(4, Some("def")), 1);
    }
}
