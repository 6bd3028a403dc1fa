//! Three tellings of the same money: what differs is named, owned, and closed when it is gone.

use ydun::access::{Approve, Pay, StopPayments};
use ydun::payments::Lane;
use ydun::payments::service::{pay_again, reconcile, stop};

use crate::messages::{advice, all, batch, drawn, returned, statement, status};
use crate::money::Office;
use crate::support::{at, change, day, each_engine, tenant};

const OCTOBER: &str = "2020-10";

/// The breaks as of a day, as `kind amount owner age`.
async fn breaks(office: &Office, on: &str) -> Vec<String> {
    let act = office.act::<Pay>("def").await;
    let on = day(on);
    let open = change(&office.db, async |tx| reconcile(tx, &act, on).await.unwrap()).await;
    let shown = open
        .iter()
        .map(|one| format!("{} {} {} {}", one.kind, one.amount.oere(), one.owner, one.age(on)));
    shown.collect()
}

#[tokio::test]
async fn what_the_bank_does_not_answer_is_named_with_its_age_until_it_does() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        assert!(breaks(&office, "2020-11-24").await.is_empty());
        office.now = at("2020-11-24T09:00:00Z");
        let file = office.send("2020-11-24").await.remove(0);
        assert!(breaks(&office, "2020-11-24").await.is_empty(), "the bank has today");
        assert_eq!(breaks(&office, "2020-11-25").await, ["unanswered 100 abc 0"]);
        assert_eq!(breaks(&office, "2020-11-27").await, ["unanswered 100 abc 2"]);
        office.hear(status("B1", &file.message_id, &all("ACCP")).as_bytes()).await;
        assert!(breaks(&office, "2020-11-30").await.is_empty());
        assert_eq!(breaks(&office, "2020-12-01").await, ["unsettled 100 abc 0"]);
        office.hear(status("B2", &file.message_id, &all("ACSC")).as_bytes()).await;
        assert!(breaks(&office, "2020-12-01").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_statement_must_say_what_the_bank_has_said() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.decide(case, "2020-11", &[("x", payee, "a", 50)]).await;
        office.send("2020-11-24").await;
        let payments = office.payments(case).await;
        let ids: Vec<&str> = payments.iter().map(|payment| payment.end_to_end.as_str()).collect();
        let both = [drawn(ids[0], "1.00"), drawn(ids[1], "0.50")];
        office.hear(advice("B1", &both).as_bytes()).await;
        assert!(breaks(&office, "2020-11-30").await.is_empty(), "no statement has come");

        let first = statement("B2", "2020-11-30", ("0.00", "-1.00"), &both[..1]);
        office.hear(first.as_bytes()).await;
        assert_eq!(breaks(&office, "2020-12-01").await, ["off-statement 50 abc 0"]);
        let second = statement("B3", "2020-12-01", ("-1.00", "-1.50"), &both[1..]);
        office.hear(second.as_bytes()).await;
        assert!(breaks(&office, "2020-12-01").await.is_empty());

        let back = returned(ids[1], "0.50", "AC04");
        let third = statement("B4", "2020-12-02", ("-1.50", "-1.00"), &[back]);
        office.hear(third.as_bytes()).await;
        assert!(breaks(&office, "2020-12-02").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_gap_between_statements_and_a_strange_movement_are_named() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let strange = [drawn("en-andens", "7.00")];
        office.hear(statement("B1", "2020-11-26", ("9.00", "2.00"), &strange).as_bytes()).await;
        assert_eq!(breaks(&office, "2020-11-27").await, ["stranger -700 def 0"]);
        office.hear(statement("B2", "2020-11-30", ("1.50", "1.00"), &[]).as_bytes()).await;
        assert_eq!(
            breaks(&office, "2020-12-01").await,
            ["stranger -700 def 4", "gap -50 def 0", "gap -50 def 0"]
        );
        let missing = [drawn("en-tredjes", "0.50")];
        office.hear(statement("B3", "2020-11-27", ("2.00", "1.50"), &missing).as_bytes()).await;
        let left = ["stranger -700 def 4", "gap -50 def 0", "stranger -50 def 0"];
        assert_eq!(breaks(&office, "2020-12-01").await, left);
    })
    .await;
}

#[tokio::test]
async fn a_file_booked_as_one_amount_is_compared_as_one() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let payee = office.company(1).await;
        for oere in [100, 50] {
            office.decide(office.case().await, OCTOBER, &[("x", payee, "a", oere)]).await;
        }
        let file = office.send("2020-11-24").await.remove(0);
        office.hear(status("B1", &file.message_id, &all("ACSC")).as_bytes()).await;
        let whole = [batch(&file.message_id, "1.40")];
        office.hear(statement("B2", "2020-11-30", ("0.00", "-1.40"), &whole).as_bytes()).await;
        assert_eq!(breaks(&office, "2020-12-01").await, ["off-statement 10 abc 0"]);
        let rest = [batch(&file.message_id, "0.10")];
        office.hear(statement("B3", "2020-12-01", ("-1.40", "-1.50"), &rest).as_bytes()).await;
        assert!(breaks(&office, "2020-12-02").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_somebody_stopped_is_due_until_it_is_paid_or_decided_away() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let act = office.act::<StopPayments>("abc").await;
        let id = office.payments(case).await[0].id;
        change(&db, async |tx| stop(tx, &act, id, "fejl").await.unwrap()).await;
        assert_eq!(breaks(&office, "2020-11-03").await, ["unpaid 100 abc 0"]);
        assert_eq!(breaks(&office, "2020-11-05").await, ["unpaid 100 abc 2"]);
        let act = office.act::<Approve>("def").await;
        let bank = office.bank.clone();
        let again =
            change(&db, async |tx| pay_again(tx, &act, &bank, id, Lane::DagTilDag).await.unwrap())
                .await;
        assert!(breaks(&office, "2020-11-05").await.is_empty());
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, again, "fejl").await.unwrap()).await;
        assert_eq!(breaks(&office, "2020-11-05").await, ["unpaid 100 abc 0"], "open again");
        office.decide(case, OCTOBER, &[]).await;
        assert!(breaks(&office, "2020-11-05").await.is_empty());
    })
    .await;
}
