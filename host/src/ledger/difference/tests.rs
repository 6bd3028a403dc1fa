use proptest::prelude::*;
use uuid::Uuid;
use ydun_domain::Month;

use super::*;

fn share(case: u128, line: &str, payee: u128, posting: &str, kroner: i64) -> Share {
    let purpose = Purpose {
        case_id: CaseId(Uuid::from_u128(case)),
        line_key: line.to_owned(),
        payee: PartyId(Uuid::from_u128(payee)),
        posting_code: posting.to_owned(),
        period: "2020-10".parse::<Month>().unwrap().period(),
    };
    Share { purpose, account: posting.to_owned(), amount: Dkk::from_kroner(kroner) }
}

/// Lines written as `line payee posting kroner`; the steps written the same way.
#[track_caller]
fn check(due: &[&str], settled: &[&str], expected: &[&str]) {
    let read = |text: &&str| {
        let words: Vec<&str> = text.split(' ').collect();
        share(1, words[0], words[1].parse().unwrap(), words[2], words[3].parse().unwrap())
    };
    let due: Vec<Share> = due.iter().map(read).collect();
    let settled: Vec<Share> = settled.iter().map(read).collect();
    let found: Vec<String> = difference(&due, &settled).iter().map(write).collect();
    assert_eq!(found, expected);
}

fn write(step: &Step) -> String {
    let kroner = |amount: &Positive| amount.dkk().oere() / 100;
    match step {
        Step::Pay { purpose, account, amount } => {
            format!(
                "pay {} {} {account} {}",
                purpose.line_key,
                purpose.payee.0.as_u128(),
                kroner(amount)
            )
        }
        Step::Rebook { from, to, amount } => {
            format!(
                "rebook {} {}->{} {}",
                from.purpose.line_key,
                from.account,
                to.account,
                kroner(amount)
            )
        }
        Step::Overpaid { line, amount } => {
            format!("overpaid {} {} {}", line.line_key, line.payee.0.as_u128(), kroner(amount))
        }
    }
}

#[test]
fn the_difference_is_paid() {
    check(&["okt 7 a 100"], &[], &["pay okt 7 a 100"]);
    check(&["okt 7 a 100"], &["okt 7 a 60"], &["pay okt 7 a 40"]);
    check(&["okt 7 a 100"], &["okt 7 a 100"], &[]);
    check(&["okt 7 a 0"], &[], &[]); // a zero amount is an answer, not a payment
}

#[test]
fn what_is_no_longer_due_is_overpaid_and_never_negative_pay() {
    check(&["okt 7 a 60"], &["okt 7 a 100"], &["overpaid okt 7 40"]);
    check(&[], &["okt 7 a 100"], &["overpaid okt 7 100"]);
}

#[test]
fn one_line_too_much_is_not_set_off_in_another() {
    check(&["x 7 a 60", "y 7 a 50"], &["x 7 a 100"], &["overpaid x 7 40", "pay y 7 a 50"]);
}

#[test]
fn a_changed_payee_is_paid_in_full_and_the_former_is_overpaid() {
    check(&["okt 8 a 100"], &["okt 7 a 100"], &["overpaid okt 7 100", "pay okt 8 a 100"]);
}

#[test]
fn a_split_pays_each_payee_its_share() {
    check(&["okt 7 a 60", "okt 8 a 40"], &["okt 7 a 60"], &["pay okt 8 a 40"]);
}

#[test]
fn a_changed_posting_moves_the_cost_and_pays_nothing() {
    check(&["okt 7 b 100"], &["okt 7 a 100"], &["rebook okt a->b 100"]);
    check(&["okt 7 b 120"], &["okt 7 a 100"], &["rebook okt a->b 100", "pay okt 7 b 20"]);
    check(&["okt 7 b 70"], &["okt 7 a 100"], &["rebook okt a->b 70", "overpaid okt 7 30"]);
    check(
        &["okt 7 b 30", "okt 7 c 50"],
        &["okt 7 a 80"],
        &["rebook okt a->b 30", "rebook okt a->c 50"],
    );
}

/// Does what the steps say, as the ledger would: what is overpaid stays settled.
fn carry_out(settled: &mut Vec<Share>, steps: &[Step]) {
    for step in steps {
        let mut add = |purpose: &Purpose, account: &str, amount: Dkk| {
            settled.push(Share { purpose: purpose.clone(), account: account.to_owned(), amount });
        };
        match step {
            Step::Pay { purpose, account, amount } => add(purpose, account, amount.dkk()),
            Step::Rebook { from, to, amount } => {
                add(&from.purpose, &from.account, -amount.dkk());
                add(&to.purpose, &to.account, amount.dkk());
            }
            Step::Overpaid { .. } => {}
        }
    }
}

fn shares() -> impl Strategy<Value = Vec<Share>> {
    let one = (1..3u128, 0..3usize, 1..3u128, 0..3usize, 0..200_000i64).prop_map(
        |(case, line, payee, posting, oere)| {
            let mut share = share(case, ["x", "y", "z"][line], payee, ["a", "b", "c"][posting], 0);
            share.amount = Dkk::from_oere(oere);
            share
        },
    );
    prop::collection::vec(one, 0..8)
}

fn total_by_line(shares: &[Share]) -> BTreeMap<Line, Dkk> {
    let mut totals = BTreeMap::new();
    for share in shares {
        *totals.entry(Line::from(&share.purpose)).or_insert(Dkk::ZERO) += share.amount;
    }
    totals
}

proptest! {
    /// Decisions follow each other: after each, every payee has what is due, or the rest is named,
    /// to the øre; and asking again gives nothing more.
    #[test]
    fn every_decision_ends_in_what_is_due_or_a_named_rest(decisions in prop::collection::vec(shares(), 1..6)) {
        let mut settled = Vec::new();
        for due in decisions {
            let steps = difference(&due, &settled);
            carry_out(&mut settled, &steps);

            let overpaid: BTreeMap<Line, Dkk> = steps.iter().filter_map(|step| match step {
                Step::Overpaid { line, amount } => Some((line.clone(), amount.dkk())),
                Step::Pay { .. } | Step::Rebook { .. } => None,
            }).collect();
            let wanted = total_by_line(&due);
            for (line, has) in total_by_line(&settled) {
                let due = wanted.get(&line).copied().unwrap_or_default();
                let rest = overpaid.get(&line).copied().unwrap_or_default();
                prop_assert_eq!(has, due + rest);
            }
            let again = difference(&due, &settled);
            prop_assert!(again.iter().all(|step| matches!(step, Step::Overpaid { .. })), "{again:?}");
        }
    }

    #[test]
    fn the_order_of_the_lines_changes_nothing(due in shares(), settled in shares()) {
        let steps = difference(&due, &settled);
        let (mut due, mut settled) = (due, settled);
        due.reverse();
        settled.reverse();
        prop_assert_eq!(difference(&due, &settled), steps);
    }
}
