use ydun_domain::Month;
use ydun_domain::ids::PartyId;

use super::*;

/// A key written as `month kind account`, such as `2026-02 0041 k`.
fn key(text: &str) -> Key {
    let words: Vec<&str> = text.split(' ').collect();
    Key {
        cpr: "0101901234".parse().unwrap(),
        party: PartyId(uuid::Uuid::from_u128(1)),
        period: words[0].parse::<Month>().unwrap().period(),
        income_type: "04".to_owned(),
        income_kind: words[1].to_owned(),
        account: words[2].to_owned(),
    }
}

fn amounts(amounts: &[(Field, i64)]) -> Amounts {
    amounts.iter().map(|(field, kroner)| (*field, Dkk::from_kroner(*kroner))).collect()
}

type Reported<'a> = (&'a str, &'a [(Field, i64)]);

const TODAY: &str = "2026-03-10";

/// What should be reported, what is, and what is then sent.
#[track_caller]
fn check(due: &[Reported<'_>], standing: &[Reported<'_>], expected: &[&str]) {
    let day = "2026-02-27".parse().unwrap();
    let due = due.iter().map(|(text, of)| (key(text), Due { amounts: amounts(of), disposal: day }));
    let standing = standing.iter().enumerate().map(|(number, (text, of))| Standing {
        report_id: format!("r{number}"),
        key: key(text),
        amounts: amounts(of),
        disposal: day,
    });
    let standing: Vec<Standing> = standing.collect();
    let today = TODAY.parse().unwrap();
    let actions = difference(&due.collect(), &standing, &BTreeSet::new(), today);
    assert_eq!(actions.iter().map(shown).collect::<Vec<_>>(), expected);
}

fn shown(action: &Action) -> String {
    match action {
        Action::Reverse(standing) => format!("reverse {}", standing.report_id),
        Action::Report { key, amounts, earlier_period, .. } => {
            let mark = if *earlier_period { " R" } else { "" };
            let amounts: Vec<String> = amounts
                .iter()
                .map(|(field, amount)| format!("{field}:{}", amount.oere() / 100))
                .collect();
            let month = key.period.first().month();
            format!("{month} {} {} {}{mark}", key.income_kind, key.account, amounts.join(" "))
        }
    }
}

const FEBRUARY: &str = "2026-02 0041 k";
const PAID: &[(Field, i64)] = &[(14, 12_550), (15, 3_120)];

#[test]
fn what_is_reported_as_it_should_be_is_left_alone() {
    check(&[], &[], &[]);
    check(&[(FEBRUARY, PAID)], &[(FEBRUARY, PAID)], &[]);
    let twice: &[Reported<'_>] =
        &[(FEBRUARY, &[(14, 13_000), (15, 3_120)]), (FEBRUARY, &[(14, -450)])];
    check(&[(FEBRUARY, PAID)], twice, &[]);
}

#[test]
fn what_is_new_and_what_is_more_or_less_is_one_report() {
    check(&[(FEBRUARY, PAID)], &[], &["2026-02 0041 k 14:12550 15:3120"]);
    check(
        &[(FEBRUARY, &[(14, 12_050), (15, 2_995)])],
        &[(FEBRUARY, PAID)],
        &["2026-02 0041 k 14:-500 15:-125"],
    );
    check(&[(FEBRUARY, &[(14, 12_550)])], &[(FEBRUARY, PAID)], &["2026-02 0041 k 15:-3120"]);
    check(
        &[(FEBRUARY, PAID), ("2026-02 0041 l", &[(14, 1)])],
        &[(FEBRUARY, PAID)],
        &["2026-02 0041 l 14:1"],
    );
}

#[test]
fn anything_else_is_reversed_newest_first_and_reported_anew() {
    check(
        &[("2026-02 0042 k", PAID)],
        &[(FEBRUARY, &[(14, 13_000), (15, 3_120)]), (FEBRUARY, &[(14, -450)])],
        &["reverse r1", "reverse r0", "2026-02 0042 k 14:12550 15:3120"],
    );
    check(&[], &[(FEBRUARY, PAID)], &["reverse r0"]); // the money came back
    check(
        &[("2026-01 0041 k", PAID)], // the wrong days
        &[(FEBRUARY, PAID)],
        &["reverse r0", "2026-01 0041 k 14:12550 15:3120"],
    );
}

#[test]
fn what_comes_to_nothing_need_not_be_reversed() {
    check(&[], &[(FEBRUARY, &[(14, 10)]), (FEBRUARY, &[(14, -10)])], &[]);
}

#[test]
fn money_taken_back_in_a_later_year_without_its_tax_is_marked() {
    let december = "2025-12 0041 k";
    check(
        &[(december, &[(14, 12_050), (15, 3_120)])],
        &[(december, PAID)],
        &["2025-12 0041 k 14:-500 R"],
    );
    check(
        &[(december, &[(14, 12_050), (15, 3_000)])],
        &[(december, PAID)],
        &["2025-12 0041 k 14:-500 15:-120"],
    );
}

#[test]
fn who_waits_for_an_answer_is_left_alone() {
    let due = Due { amounts: amounts(PAID), disposal: "2026-02-27".parse().unwrap() };
    let key = key(FEBRUARY);
    let waiting = BTreeSet::from([key.group()]);
    let due = BTreeMap::from([(key, due)]);
    assert!(difference(&due, &[], &waiting, TODAY.parse().unwrap()).is_empty());
}
