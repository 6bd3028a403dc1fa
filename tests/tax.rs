//! From gross to net in a payment: what is taken, where it goes, and that it comes back when the
//! payment does.

use ydun::access::{Approve, Register, StopPayments};
use ydun::ledger::{Account, Withholding};
use ydun::payments::service::{SettleError, pay_again, stop};
use ydun::payments::{Lane, State};
use ydun::tax::settings::{Key, Value};
use ydun::tax::{Card, TaxCard, service};
use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Dkk, Validity};

use crate::money::{Office, expense};
use crate::support::{at, change, day, each_engine, tenant};

const OCTOBER: &str = "2020-10";
const MAIN: Card = Card::Main { percent: 38, allowance: Dkk::from_kroner(4_000) };

/// A citizen with a card, and a case.
async fn citizen(office: &Office, card: Option<Card>) -> (CaseId, PartyId) {
    let (case, citizen) = (office.case().await, office.citizen("Anders Ågård").await);
    if let Some(card) = card {
        office.tax_card(citizen, card, "2020-01-01").await;
    }
    (case, citizen)
}

async fn owed(office: &Office) -> [i64; 3] {
    let of = async |what| -office.balance(Account::Withheld(what)).await;
    [of(Withholding::Atp).await, of(Withholding::AmBidrag).await, of(Withholding::ATax).await]
}

#[tokio::test]
async fn a_citizens_income_is_paid_after_tax_and_the_tax_is_owed_to_the_authorities() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(MAIN)).await;
        office.choose(Key::AtpOwnShare, "95.00").await;
        let settled = office.decide(case, OCTOBER, &[("x", payee, "taf", 1_009_500)]).await;
        // 10,000 kr. after ATP; 800 AM-bidrag; 38 % of 9,200 - 4,000
        assert_eq!(settled.paid, Dkk::from_kroner(10_000 - 800 - 1_976));
        assert_eq!(owed(&office).await, [9_500, 80_000, 197_600]);
        assert_eq!(office.balance(expense("taf")).await, 1_009_500);
        assert_eq!(office.balance(Account::Payable).await, -722_400);
        assert_eq!(
            office.told(case).await,
            ["ATP-bidrag 9500", "AM-bidrag 80000", "A-skat 197600"]
        );

        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        office.bank_answers("2020-11-30").await;
        assert_eq!(office.states(case).await, ["settled 722400"]);
        assert_eq!(office.books().total_settled().0, 722_400);
        assert_eq!(office.balance(Account::Bank).await, -722_400);
        let again = office.decide(case, OCTOBER, &[("x", payee, "taf", 1_009_500)]).await;
        assert_eq!(again.payments, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_nobodys_income_is_paid_whole() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(MAIN)).await;
        office.decide(case, OCTOBER, &[("x", payee, "skattefri", 500_000)]).await;
        assert_eq!(office.states(case).await, ["planned 500000"]);
        assert_eq!(owed(&office).await, [0, 0, 0]);
        assert!(office.told(case).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_firm_has_no_income_here_and_a_held_back_line_has_its_sign() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        let refused = async |posting, oere| {
            let approved = office.approved(case, OCTOBER, &[("x", firm, posting, oere)]).await;
            office.settle(&[&approved]).await.unwrap_err()
        };
        assert!(matches!(refused("taf", 100).await, SettleError::IncomeOfFirm { .. }));
        assert!(matches!(refused("besparelse", 100).await, SettleError::Negative { .. }));
        assert!(matches!(refused("skattefri", -100).await, SettleError::Negative { .. }));
    })
    .await;
}

#[tokio::test]
async fn the_allowance_of_a_month_is_used_once_whatever_the_cases_and_payments() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (first, payee) = citizen(&office, Some(MAIN)).await;
        let second = office.case().await;
        let one = office.approved(first, OCTOBER, &[("x", payee, "hjælp", 300_000)]).await;
        let other = office.approved(second, OCTOBER, &[("x", payee, "hjælp", 300_000)]).await;
        office.settle(&[&one, &other]).await.unwrap();
        // 3,000 of the allowance in the first, 1,000 in the second: 38 % of 2,000
        assert_eq!(office.states(first).await, ["planned 300000"]);
        assert_eq!(office.states(second).await, ["planned 224000"]);
        office.decide(first, "2020-11", &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.states(first).await, ["planned 300000", "planned 62000"]);

        let payment = office.payments(first).await[0].id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, payment, "prøve").await.unwrap()).await;
        let third = office.case().await;
        office.decide(third, OCTOBER, &[("x", payee, "hjælp", 300_000)]).await;
        assert_eq!(
            office.states(third).await,
            ["planned 300000"],
            "a stopped payment gives its allowance back"
        );
    })
    .await;
}

#[tokio::test]
async fn two_who_approve_at_once_do_not_use_one_allowance_twice() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (first, payee) = citizen(&office, Some(MAIN)).await;
        let second = office.case().await;
        let one = office.approved(first, OCTOBER, &[("x", payee, "hjælp", 400_000)]).await;
        let other = office.approved(second, OCTOBER, &[("x", payee, "hjælp", 400_000)]).await;
        let (first_batch, other_batch) = ([&one], [&other]);
        let (one, other) = tokio::join!(office.settle(&first_batch), office.settle(&other_batch));
        let paid = [one.unwrap().paid, other.unwrap().paid];
        assert_eq!(paid.into_iter().sum::<Dkk>(), Dkk::from_kroner(4_000 + 2_480), "{paid:?}");
    })
    .await;
}

#[tokio::test]
async fn the_card_is_that_of_the_payment_day_as_known_when_it_is_decided() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, None).await;
        office.decide(case, OCTOBER, &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.states(case).await, ["planned 45000"], "55 % without a card");
        office.tax_card(payee, Card::Secondary { percent: 40 }, "2020-11-30").await;
        office.decide(case, "2020-09", &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.states(case).await[1], "planned 60000");
        office.tax_card(payee, Card::Secondary { percent: 30 }, "2020-12-01").await;
        office.decide(case, "2020-08", &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.states(case).await[2], "planned 60000", "it is not December yet");
        office.now = at("2020-12-01T09:00:00Z");
        office.decide(case, "2020-11", &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.states(case).await[3], "planned 70000");
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_payment_takes_its_tax_back_with_it() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(MAIN)).await;
        let lines = |oere| [("x", payee, "taf", oere), ("s", payee, "besparelse", -50_000)];
        office.decide(case, OCTOBER, &lines(1_000_000)).await;
        let before = office.balances().await;
        let less = office.decide(case, OCTOBER, &lines(900_000)).await;
        assert_eq!((less.withdrawn, less.payments), (1, 1));
        let payment = office.payments(case).await[1].id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, payment, "prøve").await.unwrap()).await;
        assert!(office.balances().await.values().all(|balance| *balance == 0));
        office.decide(case, OCTOBER, &lines(1_000_000)).await;
        assert_eq!(office.balances().await, before);
    })
    .await;
}

#[tokio::test]
async fn what_came_back_is_taxed_by_the_card_of_the_day_it_is_paid_again() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(MAIN)).await;
        office.reject_citizens();
        let lines = [("x", payee, "hjælp", 1_000_000), ("s", payee, "besparelse", -50_000)];
        office.decide(case, OCTOBER, &lines).await;
        assert_eq!(office.states(case).await, ["planned 722000"]); // 10,000 - 2,280 - 500
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        assert_eq!(office.balance(Account::Clearing).await, -722_000);

        office.tax_card(payee, Card::Secondary { percent: 40 }, "2020-12-01").await;
        office.now = at("2020-12-01T09:00:00Z");
        let rejected = office.payments(case).await[0].id;
        let act = office.act::<Approve>("def").await;
        let bank = office.bank.clone();
        change(&db, async |tx| {
            pay_again(tx, &act, &bank, rejected, Lane::DagTilDag).await.unwrap()
        })
        .await;
        assert_eq!(office.states(case).await, ["stopped 722000", "planned 550000"]);
        assert_eq!(owed(&office).await, [0, 0, 400_000]);
        assert_eq!(office.balance(Account::Clearing).await, 0);
        assert_eq!(office.balance(expense("besparelse")).await, -50_000);
        assert_eq!(office.balance(Account::Payable).await, -550_000);
        assert_eq!(office.told(case).await, ["A-skat 400000", "Tilskud 50000"]);
    })
    .await;
}

#[tokio::test]
async fn savings_are_held_back_from_the_net_and_the_rest_is_named() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(Card::Secondary { percent: 50 })).await;
        let lines =
            |saved: i64| [("x", payee, "hjælp", 100_000), ("s", payee, "besparelse", -saved)];
        office.decide(case, OCTOBER, &lines(20_000)).await;
        assert_eq!(office.states(case).await, ["planned 30000"]);
        assert_eq!(office.balance(expense("hjælp")).await, 100_000, "income is not lowered");
        office.decide(case, OCTOBER, &lines(20_000)).await;
        assert_eq!(office.states(case).await, ["planned 30000"], "nothing is held back twice");

        let more = office.decide(case, OCTOBER, &lines(60_000)).await;
        assert_eq!((more.withdrawn, more.payments), (1, 1));
        assert_eq!(office.states(case).await, ["stopped 30000", "settled 0"]);
        assert_eq!(office.overpaid().await, ["s:2020-10 10000"]);
        assert!(office.send("2020-11-24").await.is_empty(), "there is nothing to send");
        assert_eq!(office.balance(expense("besparelse")).await, -50_000);

        let fewer = office.decide(case, OCTOBER, &lines(15_000)).await;
        assert_eq!(fewer.paid, Dkk::from_oere(35_000));
        assert!(office.overpaid().await.is_empty());
        assert_eq!(office.balance(expense("besparelse")).await, -15_000);
        let none = office.decide(case, OCTOBER, &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(none.paid, Dkk::from_oere(15_000), "a line that is gone is given back too");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_held_back_of_anything_is_named() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, None).await;
        let settled = office.decide(case, OCTOBER, &[("s", payee, "besparelse", -5_000)]).await;
        assert_eq!(settled.payments, 0);
        assert_eq!(office.overpaid().await, ["s:2020-10 5000"]);
        assert!(office.balances().await.values().all(|balance| *balance == 0));
    })
    .await;
}

#[tokio::test]
async fn cards_and_settings_are_checked_and_kept_once() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (_, payee) = citizen(&office, None).await;
        let act = office.act::<Register>("abc").await;
        let card = |percent| TaxCard {
            party: payee,
            card: Card::Secondary { percent },
            valid: Validity::from_day(day("2020-01-01")),
            known_from: day("2020-11-02"),
            source: "eIndkomst".to_owned(),
        };
        let mut tx = db.begin().await.unwrap();
        let mut kept = async |card| service::record(&mut tx, &act, vec![card]).await;
        assert_eq!(kept(card(40)).await.unwrap(), 1);
        assert_eq!(kept(card(40)).await.unwrap(), 0);
        assert!(kept(card(101)).await.is_err());
        assert!(kept(TaxCard { known_from: day("2020-11-03"), ..card(40) }).await.is_err());
        assert!(kept(TaxCard { source: " ".to_owned(), ..card(40) }).await.is_err());

        let act = office.act("abc").await;
        let value = Value {
            key: Key::AmPercent,
            from: day("2020-01-01"),
            value: "otte".to_owned(),
            grade: None,
            source: "SKAT".to_owned(),
        };
        assert!(service::choose(&mut tx, &act, value).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_settled_payment_with_nothing_to_pay_is_no_trouble_to_anybody() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(Card::Secondary { percent: 50 })).await;
        let lines = [("x", payee, "hjælp", 100_000), ("s", payee, "besparelse", -50_000)];
        office.decide(case, OCTOBER, &lines).await;
        assert_eq!(office.payments(case).await[0].state, State::Settled);
        assert_eq!(office.balance(Account::Payable).await, 0);
        assert_eq!(office.balance(Account::Withheld(Withholding::ATax)).await, -50_000);
        assert!(office.tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_without_tax_cannot_become_income_by_a_booking() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office, Some(Card::Secondary { percent: 40 })).await;
        office.decide(case, OCTOBER, &[("x", payee, "skattefri", 100_000)]).await;
        office.send("2020-11-24").await;
        let settled = office.decide(case, OCTOBER, &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(settled.paid, Dkk::from_oere(60_000));
        assert_eq!(office.overpaid().await, ["x:2020-10 100000"]);
        let again = office.decide(case, OCTOBER, &[("x", payee, "tilskud", 100_000)]).await;
        assert_eq!(again.payments, 1, "the planned payment is made anew under the other posting");
        assert_eq!(office.overpaid().await, ["x:2020-10 100000"]);
        office.send("2020-11-24").await;
        let moved = office.decide(case, OCTOBER, &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(moved.payments, 0, "taxed alike, only the cost moves");
        assert_eq!(office.balance(expense("hjælp")).await, 100_000);
    })
    .await;
}
