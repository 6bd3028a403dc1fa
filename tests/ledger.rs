//! The ledger: booked once, never changed, always in balance.

use ydun::access::Approve;
use ydun::db::Db;
use ydun::ledger::service::{balances, book, settled};
use ydun::ledger::{Account, Booking, Cause, Entry, Positive, Posting, Purpose};
use ydun_domain::ids::{CaseId, DecisionId, PartyId};
use ydun_domain::{Dkk, Month, Period};

use crate::money::Office;
use crate::support::{change, day, each_engine, tenant};

fn expense() -> Account {
    Account::Expense("konto".to_owned())
}

fn posting(case_id: CaseId, payee: PartyId, month: &str, oere: i64) -> Posting {
    Posting {
        debit: expense(),
        credit: Account::Payable,
        amount: Positive::new(Dkk::from_oere(oere)).unwrap(),
        purpose: Purpose {
            case_id,
            line_key: format!("tilskud:{month}"),
            payee,
            posting_code: "tilskud".to_owned(),
            period: month.parse::<Month>().unwrap().period(),
        },
    }
}

fn reversed(posting: Posting) -> Posting {
    Posting { debit: posting.credit, credit: posting.debit, ..posting }
}

fn entry(key: &str, postings: Vec<Posting>) -> Entry {
    Entry::new(key.to_owned(), Cause::Decision(DecisionId::generate()), day("2020-11-02"), postings)
}

async fn booked(office: &Office, entries: &[Entry]) -> Vec<Booking> {
    let act = office.act::<Approve>("def").await;
    change(&office.db, async |tx| book(tx, &act, entries).await.unwrap()).await
}

/// What the cases' lines have cost within some days, in øre.
async fn cost(db: &Db, cases: (CaseId, CaseId), days: &str) -> Vec<i64> {
    let days: Period = days.parse().unwrap();
    let mut read = db.read().await.unwrap();
    let shares = settled(&mut read, tenant(), &(cases.0..=cases.1), days).await.unwrap();
    shares.iter().map(|share| share.amount.oere()).collect()
}

#[tokio::test]
async fn an_entry_is_booked_once() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let [first, again, other] =
            ["a", "a", "b"].map(|key| entry(key, vec![posting(case, payee, "2020-10", 100)]));
        assert_eq!(booked(&office, &[first]).await, [Booking::Booked]);
        assert_eq!(
            booked(&office, &[again, other]).await,
            [Booking::AlreadyBooked, Booking::Booked]
        );
        assert_eq!(office.balance(expense()).await, 200);
        assert_eq!(office.balance(Account::Payable).await, -200);
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_undone_with_its_transaction() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let act = office.act::<Approve>("def").await;
        let mut tx = db.begin().await.unwrap();
        book(&mut tx, &act, &[entry("a", vec![posting(case, payee, "2020-10", 100)])])
            .await
            .unwrap();
        drop(tx);
        assert!(balances(&mut db.read().await.unwrap(), tenant()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_settled_is_cost_less_reversals() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let october = posting(case, payee, "2020-10", 100);
        booked(&office, &[entry("a", vec![october.clone(), posting(case, payee, "2020-11", 70)])])
            .await;
        assert_eq!(cost(&db, (case, case), "2020-10-01..2020-11-30").await, [100, 70]);
        booked(&office, &[entry("b", vec![reversed(posting(case, payee, "2020-10", 40))])]).await;
        assert_eq!(cost(&db, (case, case), "2020-10-01..2020-10-31").await, [60]);
        booked(&office, &[entry("c", vec![reversed(posting(case, payee, "2020-10", 60))])]).await;
        assert_eq!(cost(&db, (case, case), "2020-10-01..2020-11-30").await, [70]);
    })
    .await;
}

#[tokio::test]
async fn what_is_settled_is_found_by_case_and_by_the_days_it_touches() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let payee = office.company(1).await;
        let cases = [office.case().await, office.case().await, office.case().await];
        let postings = cases
            .into_iter()
            .zip([1, 2, 3])
            .map(|(case, oere)| posting(case, payee, "2020-10", oere));
        booked(&office, &[entry("a", postings.collect())]).await;
        assert_eq!(cost(&db, (cases[0], cases[1]), "2020-10-31..2020-11-30").await, [1, 2]);
        assert_eq!(cost(&db, (cases[2], cases[2]), "2020-09-01..2020-10-01").await, [3]);
        assert!(cost(&db, (cases[0], cases[2]), "2020-11-01..2020-11-30").await.is_empty());
        assert!(cost(&db, (cases[0], cases[2]), "2020-09-01..2020-09-30").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_municipality_has_its_own_books() {
    each_engine(|db| async move {
        let (office, other) =
            (Office::in_municipality(&db, tenant()).await, Office::new(&db, 751).await);
        let (case, payee) = (office.case().await, office.company(1).await);
        let (others_case, others_payee) = (other.case().await, other.company(1).await);
        booked(&office, &[entry("a", vec![posting(case, payee, "2020-10", 100)])]).await;
        assert_eq!(
            booked(&other, &[entry("a", vec![posting(others_case, others_payee, "2020-10", 7)])])
                .await,
            [Booking::Booked]
        );
        assert_eq!(office.balance(Account::Payable).await, -100);
        assert_eq!(other.balance(Account::Payable).await, -7);
    })
    .await;
}
