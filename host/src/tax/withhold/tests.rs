use proptest::prelude::*;

use super::super::settings::{Key, Settings, Value};
use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn kr(text: &str) -> Dkk {
    Dkk::parse_plain(text).unwrap()
}

/// The rules of 2026 with no ATP but what a test chooses.
fn rules(chosen: &[(Key, &str)]) -> Rules {
    let value = |(key, value): &(Key, &str)| Value {
        key: *key,
        from: day("2026-01-01"),
        value: (*value).to_owned(),
        grade: None,
        source: "prøve".to_owned(),
    };
    Settings::new(chosen.iter().map(value).collect()).at(day("2026-10-30"))
}

fn basis(rules: &Rules, card: Option<Card>) -> Basis<'_> {
    Basis {
        rules,
        card,
        paid: day("2026-10-30"),
        allowance_used: Dkk::ZERO,
        atp_taken: BTreeMap::new(),
    }
}

fn income(amount: &str, month: &str, am_bidrag: bool) -> Income {
    let period = month.parse::<Month>().unwrap().period();
    Income { amount: kr(amount), period, am_bidrag, atp: false, pension: false }
}

const MAIN: Card = Card::Main { percent: 38, allowance: Dkk::from_kroner(4_000) };

/// Each income's ATP, AM-bidrag and A-tax, as the payslip shows them.
fn shown(withheld: &Withheld) -> Vec<String> {
    let row = |taken: &Taken| {
        [taken.atp, taken.am_bidrag, taken.a_tax].map(Dkk::plain).join(" ").replace(".00", "")
    };
    withheld.taken.iter().map(row).collect()
}

#[test]
fn contributions_come_first_then_am_bidrag_then_a_tax_above_the_allowance() {
    let rules = rules(&[(Key::AtpOwnShare, "99.00")]);
    let wage = Income { atp: true, ..income("10099.00", "2026-10", true) };
    let withheld = withhold(&basis(&rules, Some(MAIN)), &[wage]);
    // 10,000 of field 13; 800 AM-bidrag; 38 % of 9,200 - 4,000 = 1,976
    assert_eq!(shown(&withheld), ["99 800 1976"]);
    assert_eq!((withheld.allowance_used, withheld.percent), (kr("4000.00"), 38));
}

#[test]
fn each_card_takes_what_it_says() {
    let rules = rules(&[]);
    let ten = [income("10000.00", "2026-10", false)];
    let taken = |card| shown(&withhold(&basis(&rules, card), &ten)).remove(0);
    assert_eq!(taken(Some(MAIN)), "0 0 2280"); // 38 % of 6,000
    assert_eq!(taken(Some(Card::Secondary { percent: 38 })), "0 0 3800");
    assert_eq!(taken(None), "0 0 5500");
    assert_eq!(taken(Some(Card::Free { allowance: kr("46000.00") })), "0 0 0");
    assert_eq!(taken(Some(Card::Free { allowance: kr("4000.00") })), "0 0 3300"); // 55 % of 6,000
    let small = Card::Main { percent: 38, allowance: kr("20000.00") };
    let withheld = withhold(&basis(&rules, Some(small)), &ten);
    assert_eq!(withheld.allowance_used, kr("10000.00"), "only what is used is used");
}

#[test]
fn withheld_tax_is_rounded_down_to_kroner_unless_the_municipality_says_otherwise() {
    let odd = [income("1001.99", "2026-10", true)];
    let taken = |rules: &Rules| shown(&withhold(&basis(rules, None), &odd)).remove(0);
    assert_eq!(taken(&rules(&[])), "0 80 507"); // 80.1592; 55 % of 921.99 = 507.0945
    assert_eq!(taken(&rules(&[(Key::Rounding, "nearest-oere")])), "0 80.16 507.01");
}

#[test]
fn a_back_payment_uses_no_allowance_unless_the_municipality_says_otherwise() {
    let old = [income("1000.00", "2026-08", false), income("1000.00", "2026-09", false)];
    let taken = |rules: &Rules| shown(&withhold(&basis(rules, Some(MAIN)), &old));
    assert_eq!(taken(&rules(&[])), ["0 0 380", "0 0 0"]); // September is paid in the month after
    assert_eq!(taken(&rules(&[(Key::AllowanceAtBackPayment, "used")])), ["0 0 0", "0 0 0"]);
    assert_eq!(taken(&rules(&[(Key::BackPaymentAfterMonths, "0")])), ["0 0 380", "0 0 380"]);
}

#[test]
fn atp_is_taken_once_a_month_and_never_more_than_there_is() {
    let rules = rules(&[(Key::AtpOwnShare, "99.00")]);
    let atp = |amount, month| Income { atp: true, ..income(amount, month, false) };
    let mut basis = basis(&rules, Some(MAIN));
    basis.atp_taken.insert("2026-09".parse().unwrap(), kr("60.00"));
    let incomes = [atp("30.00", "2026-10"), atp("500.00", "2026-10"), atp("500.00", "2026-09")];
    assert_eq!(shown(&withhold(&basis, &incomes)), ["30 0 0", "69 0 0", "39 0 0"]);
}

#[test]
fn pension_is_paid_on_top_and_takes_nothing_from_the_person() {
    let rules = rules(&[]);
    let help = Income { pension: true, ..income("10000.00", "2026-10", false) };
    let with = withhold(&basis(&rules, Some(MAIN)), &[help]);
    assert_eq!(with.taken[0].pension, kr("210.00")); // 2.1 % in 2026
    let without = withhold(&basis(&rules, Some(MAIN)), &[income("10000.00", "2026-10", false)]);
    assert_eq!(with.taken[0].total(), without.taken[0].total());
}

fn any_income() -> impl Strategy<Value = Income> {
    (0..5_000_000i64, 1..=10u32, any::<(bool, bool, bool)>()).prop_map(
        |(oere, month, (am_bidrag, atp, pension))| Income {
            amount: Dkk::from_oere(oere),
            period: Day::new(2026, month, 1).month().period(),
            am_bidrag,
            atp,
            pension,
        },
    )
}

fn any_card() -> impl Strategy<Value = Option<Card>> {
    let amount = || (0..2_000_000i64).prop_map(Dkk::from_oere);
    prop_oneof![
        Just(None),
        (0..=100u8, amount())
            .prop_map(|(percent, allowance)| Some(Card::Main { percent, allowance })),
        (0..=100u8).prop_map(|percent| Some(Card::Secondary { percent })),
        amount().prop_map(|allowance| Some(Card::Free { allowance })),
    ]
}

proptest! {
    #[test]
    fn no_income_loses_more_than_it_is(
        card in any_card(),
        incomes in prop::collection::vec(any_income(), 0..6),
        down in any::<bool>(),
    ) {
        let how = if down { "down-to-krone" } else { "nearest-oere" };
        let rules = rules(&[(Key::AtpOwnShare, "99.00"), (Key::Rounding, how)]);
        let withheld = withhold(&basis(&rules, card), &incomes);
        prop_assert_eq!(withheld.taken.len(), incomes.len());
        for (taken, income) in withheld.taken.iter().zip(&incomes) {
            let parts = [taken.atp, taken.am_bidrag, taken.a_tax];
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
            prop_assert!(taken.total() <= income.amount, "{:?} of {:?}", taken, income);
        }
        if down {
            let sum = |part: fn(&Taken) -> Dkk| withheld.taken.iter().map(part).sum::<Dkk>();
            prop_assert_eq!(sum(|taken| taken.a_tax).oere() % 100, 0);
            prop_assert_eq!(sum(|taken| taken.am_bidrag).oere() % 100, 0);
        }
    }

    /// Whether a month's money comes in one payment or in many, the allowance and ATP are used once.
    #[test]
    fn no_allowance_is_used_twice(
        incomes in prop::collection::vec(any_income(), 1..6),
        kroner in 0..20_000i64,
    ) {
        let rules = rules(&[(Key::AtpOwnShare, "99.00"), (Key::AllowanceAtBackPayment, "used")]);
        let allowance = Dkk::from_kroner(kroner);
        let mut basis = basis(&rules, Some(Card::Main { percent: 40, allowance }));
        let mut atp: BTreeMap<Month, Dkk> = BTreeMap::new();
        for income in &incomes {
            basis.atp_taken.clone_from(&atp);
            let withheld = withhold(&basis, std::slice::from_ref(income));
            basis.allowance_used += withheld.allowance_used;
            *atp.entry(income.period.last().month()).or_default() += withheld.taken[0].atp;
        }
        prop_assert!(basis.allowance_used <= allowance);
        prop_assert!(atp.values().all(|atp| *atp <= kr("99.00")));
        let taxable: Dkk = incomes.iter().map(|income| income.amount).sum();
        prop_assert!(basis.allowance_used <= taxable);
    }
}
