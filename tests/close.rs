//! The month's close: it agrees to the øre, or every line that does not is named and blocks it.

use ydun::access::{Approve, Pay, StopPayments};
use ydun::db::sql;
use ydun::operations::close::service::{self, CloseError};
use ydun::operations::close::{Difference, Match};
use ydun::payments::Approved;
use ydun::payments::service::stop;
use ydun::tax::Card;
use ydun_domain::Month;
use ydun_domain::ids::CaseId;

use crate::money::{BOUNCES, Line, Office, at_bank};
use crate::support::{at, change, each_engine, tenant};

const BENEFIT: &str = "prøve";
const OCTOBER: &str = "2020-10";

impl Office {
    async fn check(&self) -> Match {
        let mut read = self.db.read().await.unwrap();
        let month: Month = OCTOBER.parse().unwrap();
        let mut months = service::check(&mut read, self.tenant, month, self.today()).await.unwrap();
        assert_eq!(months.len(), 1);
        months.remove(0)
    }

    /// What differs, as `kind amount`.
    async fn differences(&self) -> Vec<String> {
        let shown = |one: &Difference| format!("{} {}", one.kind, one.amount.oere());
        self.check().await.differences.iter().map(shown).collect()
    }

    async fn close(&self) -> Result<Match, CloseError> {
        let act = self.act::<Pay>("abc").await;
        let mut tx = self.db.begin().await.unwrap();
        let closed = service::close(&mut tx, &act, BENEFIT, OCTOBER.parse().unwrap()).await?;
        tx.commit().await.unwrap();
        Ok(closed)
    }

    /// An approved decision that has not reached the party.
    async fn hold(&self, case: CaseId, lines: &[Line<'_>]) -> Approved {
        const HOLD: &str = "
            INSERT INTO decision_hold (tenant, case_id, decision_id, lane, due, held_at)
            VALUES ($1, $2, $3, 'almindelig', '2020-11-30', $4)";
        let approved = self.approved(case, OCTOBER, lines).await;
        let hold = sql(HOLD).bind(self.tenant).bind(case).bind(approved.decision_id);
        let hold = hold.bind(self.now);
        change(&self.db, async |tx| tx.execute(hold.clone()).await.unwrap()).await;
        approved
    }

    /// It reaches the party, and is settled.
    async fn arrives(&self, held: &Approved) {
        const RELEASE: &str = "
            UPDATE decision_hold SET delivered_on = $3, channel = 'letter', released_at = $4, released_by = 'def'
            WHERE tenant = $1 AND decision_id = $2";
        let release = sql(RELEASE).bind(self.tenant).bind(held.decision_id);
        let release = release.bind(self.today()).bind(self.now);
        change(&self.db, async |tx| tx.execute(release.clone()).await.unwrap()).await;
        self.settle(&[held]).await.unwrap();
    }

    async fn explain(&self, key: &str) {
        let act = self.act::<Pay>("abc").await;
        let month = OCTOBER.parse().unwrap();
        change(&self.db, async |tx| {
            service::explain(tx, &act, month, key, "kontoen er lukket; modtageren er spurgt")
                .await
                .unwrap()
        })
        .await;
    }

    async fn accept(&self, worker: &str, key: &str) -> Result<Difference, CloseError> {
        let act = self.act::<Approve>(worker).await;
        let month = OCTOBER.parse().unwrap();
        change(&self.db, async |tx| service::accept(tx, &act, month, key).await).await
    }
}

#[tokio::test]
async fn a_month_closes_when_decided_is_booked_paid_reported_and_ready_for_refund() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        let citizen = office.citizen("Anders Ågård").await;
        office.tax_card(citizen, Card::Secondary { percent: 40 }, "2020-01-01").await;
        let lines = [
            ("x", firm, "a", 500),
            ("y", citizen, "hjælp", 100_000),
            ("s", citizen, "besparelse", -20_000),
        ];
        office.decide(case, OCTOBER, &lines).await;
        assert_eq!(
            office.differences().await,
            ["not-paid -20000", "not-paid 500", "not-paid 100000"]
        );
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        assert_eq!(office.differences().await, ["not-reported 100000", "not-refundable 100000"]);
        let CloseError::Differs { open, .. } = office.close().await.unwrap_err() else {
            panic!("it is not reported")
        };
        assert_eq!(open.len(), 2);
        office.report_and_hear().await;
        let closed = office.close().await.unwrap();
        let totals = closed.totals;
        assert_eq!(totals.decided.oere(), 80_500);
        assert_eq!((totals.booked, totals.paid), (totals.decided, totals.decided));
        assert_eq!((totals.reported.oere(), totals.refund_reported.oere()), (100_000, 100_000));
        assert!(matches!(office.close().await, Err(CloseError::ClosedBefore { .. })));
    })
    .await;
}

#[tokio::test]
async fn each_way_a_line_can_differ_is_named_to_the_line() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", firm, "a", 500)]).await;
        assert!(
            matches!(office.close().await, Err(CloseError::Differs { .. })),
            "it is on its way"
        );
        let payment = office.payments(case).await[0].id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, payment, "prøve").await.unwrap()).await;
        assert_eq!(office.differences().await, ["not-booked 500"]);
        let named = office.check().await.differences.remove(0);
        assert_eq!((named.case.as_deref(), &*named.of), (Some("2020-00001"), "x:2020-10"));

        office.decide(case, OCTOBER, &[("x", firm, "a", 500)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        assert!(office.differences().await.is_empty());
        office.decide(case, OCTOBER, &[("x", firm, "a", 400)]).await;
        assert_eq!(office.differences().await, ["overpaid -100"]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_came_back_blocks_until_two_persons_have_explained_it() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.script.insert(at_bank(1), BOUNCES);
        office.decide(case, OCTOBER, &[("x", firm, "a", 500)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.bank_answers("2020-12-07").await;
        assert_eq!(office.states(case).await, ["returned 500"]);
        assert_eq!(office.differences().await, ["not-paid 500"]);
        let key = office.check().await.differences[0].key.clone();
        assert!(matches!(office.accept("def", &key).await, Err(CloseError::NotExplained(_))));
        office.explain(&key).await;
        assert!(matches!(office.close().await, Err(CloseError::Differs { .. })), "one name only");
        assert!(matches!(office.accept("abc", &key).await, Err(CloseError::SamePerson { .. })));
        office.accept("def", &key).await.unwrap();
        assert_eq!(office.close().await.unwrap().closed.unwrap().explained, 1);
        assert!(matches!(
            office.accept("def", "findesikke").await,
            Err(CloseError::NoDifference { .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_has_not_arrived_is_named_as_waiting_and_does_not_block() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", firm, "a", 500), ("y", firm, "a", 70)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.hold(case, &[("x", firm, "a", 450)]).await;
        // A newer one takes its place, and waits itself: what is in effect is still the first.
        let lower = office.hold(case, &[("x", firm, "a", 400)]).await;
        let waits = office.check().await;
        let named: Vec<(&str, i64)> =
            waits.waiting.iter().map(|one| (&*one.line_key, one.amount.oere())).collect();
        assert_eq!(named, [("x:2020-10", 100), ("y:2020-10", 70)]);
        assert_eq!(waits.differences, []);
        let totals = office.close().await.unwrap().totals;
        assert_eq!(
            (totals.decided.oere(), totals.waiting.oere(), totals.booked.oere()),
            (400, 170, 570)
        );

        office.arrives(&lower).await;
        assert_eq!(office.check().await.waiting, []);
        assert_eq!(office.differences().await, ["overpaid -100", "overpaid -70"]);
    })
    .await;
}

#[tokio::test]
async fn what_comes_after_the_close_is_booked_in_the_open_month_and_says_where_it_belongs() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", firm, "a", 500)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        let closed = office.close().await.unwrap().closed.unwrap();
        office.now = at("2021-01-12T09:00:00Z");
        office.decide(case, OCTOBER, &[("x", firm, "a", 700)]).await;
        let mut read = db.read().await.unwrap();
        let month = OCTOBER.parse().unwrap();
        let later = service::later(&mut read, tenant(), BENEFIT, month, &closed).await.unwrap();
        let shown: Vec<_> =
            later.iter().map(|one| (one.booked.to_string(), one.cost.oere())).collect();
        assert_eq!(shown, [("2021-01".to_owned(), 200)]);
        drop(read);
        let now = office.check().await;
        assert_eq!(now.closed.unwrap().totals.booked.oere(), 500, "the close stays as it was");
        assert_eq!(now.totals.booked.oere(), 700);
    })
    .await;
}

#[tokio::test]
async fn a_month_that_is_not_over_is_not_closed() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let act = office.act::<Pay>("abc").await;
        let mut tx = db.begin().await.unwrap();
        let november = service::close(&mut tx, &act, BENEFIT, "2020-11".parse().unwrap()).await;
        assert!(matches!(november, Err(CloseError::NotOver(_))));
        let nothing = service::close(&mut tx, &act, BENEFIT, OCTOBER.parse().unwrap()).await;
        assert!(matches!(nothing, Err(CloseError::Nothing { .. })));
    })
    .await;
}
