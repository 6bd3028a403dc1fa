//! Money that goes to somebody else for its payee: the order, the month's limit, the tax that goes along, and
//! what happens when one of the ways fails.

use std::fs;

use ydun::access::{Act, Approve, Pay, Register, StopPayments};
use ydun::db::sql;
use ydun::ledger::{Account, Positive};
use ydun::letters::export::{Parts, export};
use ydun::notices::{self, Notice};
use ydun::payments::payee_account::State;
use ydun::payments::redirection::{Measure, Terms};
use ydun::payments::service::redirection::{
    RedirectionError, ask, confirm, end, redirections, refuse,
};
use ydun::payments::service::{pay_again, stop};
use ydun::payments::{Lane, Payment};
use ydun::tax::Card;
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PartyId, PaymentId, RedirectionId};

use crate::money::{NO_ACCOUNT, Office, at_bank};
use crate::support::{change, day, each_engine, stationery, tenant};

const OCTOBER: &str = "2020-10";
const MAIN: Card = Card::Main { percent: 38, allowance: Dkk::from_kroner(4_000) };

fn terms(payee: PartyId, receiver: PartyId, priority: u32, kroner: Option<i64>) -> Terms {
    let most = kroner.map(|kroner| Positive::new(Dkk::from_kroner(kroner)).unwrap());
    Terms {
        payee,
        benefit: "prøve".to_owned(),
        receiver,
        account: None,
        reference: format!("lejemål {priority}"),
        priority,
        measure: most.map_or(Measure::All, Measure::Monthly),
        from: day("2020-11-01"),
        until: None,
        ground: "aftale af 2. november 2020".to_owned(),
    }
}

impl Office {
    async fn ask_to_redirect(&self, terms: &Terms) -> Result<RedirectionId, RedirectionError> {
        let act: Act<Register> = self.act("abc").await;
        change(&self.db, async |tx| ask(tx, &act, terms).await).await
    }

    async fn confirm_redirection(
        &self,
        worker: &str,
        id: RedirectionId,
    ) -> Result<(), RedirectionError> {
        let act: Act<Approve> = self.act(worker).await;
        change(&self.db, async |tx| confirm(tx, &act, id).await).await.map(drop)
    }

    async fn redirect(&self, terms: &Terms) -> RedirectionId {
        let id = self.ask_to_redirect(terms).await.unwrap();
        self.confirm_redirection("def", id).await.unwrap();
        id
    }

    async fn end_redirection(&self, id: RedirectionId) {
        let act: Act<Register> = self.act("abc").await;
        change(&self.db, async |tx| end(tx, &act, id, "fraflyttet").await.unwrap()).await;
    }

    async fn again(&self, id: PaymentId) -> PaymentId {
        let act: Act<Approve> = self.act("def").await;
        change(&self.db, async |tx| {
            pay_again(tx, &act, &self.bank, id, Lane::DagTilDag).await.unwrap()
        })
        .await
    }

    async fn stop_payment(&self, id: PaymentId) {
        let act: Act<StopPayments> = self.act("def").await;
        change(&self.db, async |tx| stop(tx, &act, id, "prøve").await.unwrap()).await;
    }

    /// Who gets what in a case, as `name kroner`, and nothing of what is stopped.
    async fn gets(&self, case: CaseId) -> Vec<String> {
        let payments = self.payments(case).await;
        let counts = |payment: &&Payment| payment.state != ydun::payments::State::Stopped;
        let shown = |payment: &Payment| format!("{} {}", payment.payee.name, payment.amount.oere());
        payments.iter().filter(counts).map(shown).collect()
    }

    /// Gross, A-tax, income and allowance of a payment, in øre.
    async fn taxed(&self, payment: PaymentId) -> [i64; 4] {
        const TAXED: &str = "
            SELECT CAST(COALESCE((SELECT SUM(part.amount) FROM payment_part AS part
                                  WHERE part.tenant = $1 AND part.payment_id = $2), 0) AS BIGINT),
                   CAST(COALESCE((SELECT SUM(taken.amount) FROM payment_deduction AS taken
                                  WHERE taken.tenant = $1 AND taken.payment_id = $2), 0) AS BIGINT),
                   CAST(COALESCE((SELECT SUM(income.amount) FROM payment_income AS income
                                  WHERE income.tenant = $1 AND income.payment_id = $2), 0) AS BIGINT),
                   CAST(COALESCE((SELECT SUM(tax.allowance_used) FROM payment_tax AS tax
                                  WHERE tax.tenant = $1 AND tax.payment_id = $2), 0) AS BIGINT)";
        let ask = sql(TAXED).bind(self.tenant).bind(payment);
        let (gross, tax, income, allowance): (i64, i64, i64, i64) =
            self.db.read().await.unwrap().one(ask).await.unwrap();
        [gross, tax, income, allowance]
    }
}

/// A citizen with a case, a landlord and a supplier.
async fn town(office: &Office) -> (CaseId, PartyId, PartyId, PartyId) {
    let citizen = office.citizen("Anders Ågård").await;
    (office.case().await, citizen, office.company(1).await, office.company(2).await)
}

#[tokio::test]
async fn others_are_paid_in_their_order_and_the_payee_gets_the_rest() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, supplier) = town(&office).await;
        office.redirect(&terms(citizen, supplier, 2, Some(300))).await;
        office.redirect(&terms(citizen, landlord, 1, Some(500))).await;
        let lines = [("x", citizen, "skattefri", 60_000), ("y", citizen, "skattefri", 40_000)];
        let settled = office.decide(case, OCTOBER, &lines).await;
        assert_eq!(settled.paid, Dkk::from_kroner(1_000));
        assert_eq!(
            office.gets(case).await,
            ["Anders Ågård 20000", "Firma 1 50000", "Firma 2 30000"]
        );
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        office.bank_answers("2020-11-30").await;
        assert_eq!(office.states(case).await, ["settled 20000", "settled 50000", "settled 30000"]);
        assert_eq!(office.balance(Account::Payable).await, 0);
        assert_eq!(office.balance(Account::Bank).await, -100_000);
        let again = office.decide(case, OCTOBER, &lines).await;
        assert_eq!((again.payments, again.overpayments.len()), (0, 0), "it is settled");
        assert_eq!(office.payments(case).await[1].message, "lejemål 1, sag 2020-00001");
    })
    .await;
}

#[tokio::test]
async fn who_gets_less_than_agreed_goes_by_priority_and_a_months_limit_is_for_all_of_it() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, supplier) = town(&office).await;
        office.redirect(&terms(citizen, landlord, 1, Some(500))).await;
        office.redirect(&terms(citizen, supplier, 2, Some(300))).await;
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 60_000)]).await;
        assert_eq!(
            office.gets(case).await,
            ["Anders Ågård 0", "Firma 1 50000", "Firma 2 10000"],
            "what is left when the landlord has got its own"
        );
        office.decide(case, "2020-09", &[("x", citizen, "skattefri", 60_000)]).await;
        let gets = office.gets(case).await;
        assert_eq!(gets[3..], ["Anders Ågård 40000", "Firma 2 20000"], "the rest of the month's");
    })
    .await;
}

#[tokio::test]
async fn each_way_takes_its_part_of_the_tax_along() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        office.tax_card(citizen, MAIN, "2020-01-01").await;
        office.redirect(&terms(citizen, landlord, 1, Some(5_100))).await;
        office.decide(case, OCTOBER, &[("x", citizen, "hjælp", 1_400_000)]).await;
        // A-tax is 38 % of 14,000 - 4,000; half of the net of 10,200 takes half of everything.
        assert_eq!(office.gets(case).await, ["Anders Ågård 510000", "Firma 1 510000"]);
        let payments = office.payments(case).await;
        for payment in &payments {
            assert_eq!(office.taxed(payment.id).await, [700_000, 190_000, 700_000, 200_000]);
        }

        office.stop_payment(payments[1].id).await;
        office.decide(case, "2020-11", &[("x", citizen, "hjælp", 200_000)]).await;
        let gets = office.gets(case).await;
        assert_eq!(
            gets[1..],
            ["Anders Ågård 0", "Firma 1 200000"],
            "the allowance of what was stopped is free again, and the month's limit too"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_held_back_stays_with_the_payee() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        office.redirect(&terms(citizen, landlord, 1, None)).await;
        let lines = [("x", citizen, "skattefri", 100_000), ("y", citizen, "besparelse", -30_000)];
        office.decide(case, OCTOBER, &lines).await;
        assert_eq!(office.gets(case).await, ["Anders Ågård 0", "Firma 1 70000"]);
        let payments = office.payments(case).await;
        assert_eq!(office.taxed(payments[0].id).await, [30_000, 30_000, 0, 0]);
        assert_eq!(office.taxed(payments[1].id).await, [70_000, 0, 0, 0]);
        assert_eq!(office.balance(Account::Payable).await, -70_000);
    })
    .await;
}

#[tokio::test]
async fn when_less_is_due_every_way_is_taken_back_and_drawn_up_anew() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        office.redirect(&terms(citizen, landlord, 1, Some(500))).await;
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 100_000)]).await;
        let settled = office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 70_000)]).await;
        assert_eq!(settled.withdrawn, 2);
        assert!(settled.overpayments.is_empty());
        assert_eq!(office.gets(case).await, ["Anders Ågård 20000", "Firma 1 50000"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_too_much_is_the_payees_who_ever_got_it() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        office.redirect(&terms(citizen, landlord, 1, None)).await;
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 100_000)]).await;
        office.send("2020-11-24").await;
        let settled = office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 70_000)]).await;
        let owed: Vec<_> =
            settled.overpayments.iter().map(|one| (one.payee, one.amount.oere())).collect();
        assert_eq!(owed, [(citizen, 30_000)]);
    })
    .await;
}

#[tokio::test]
async fn what_did_not_arrive_goes_there_again_while_it_stands_and_else_to_the_payee() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        let id = office.redirect(&terms(citizen, landlord, 1, Some(500))).await;
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 80_000)]).await;
        office.script.insert(at_bank(1), NO_ACCOUNT);
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        let rejected = office.payments(case).await[1].id;
        let again = office.again(rejected).await;
        assert_eq!(office.gets(case).await, ["Anders Ågård 30000", "Firma 1 50000"]);

        office.stop_payment(again).await;
        office.end_redirection(id).await;
        office.again(again).await;
        assert_eq!(office.gets(case).await, ["Anders Ågård 30000", "Anders Ågård 50000"]);
        let mut read = db.read().await.unwrap();
        let told = notices::service::of_case(&mut read, tenant(), case).await.unwrap();
        let last = told.last().unwrap();
        assert_eq!((last.recipient, last.content.on_behalf_of), (citizen, None));
        assert_eq!(last.content.lines[0].paid, Dkk::from_kroner(500));
    })
    .await;
}

#[tokio::test]
async fn everybody_is_told_what_is_theirs_and_the_others_nothing_of_the_benefit() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, _) = town(&office).await;
        office.redirect(&terms(citizen, landlord, 1, Some(500))).await;
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 80_000)]).await;
        let mut read = db.read().await.unwrap();
        let told = notices::service::of_case(&mut read, tenant(), case).await.unwrap();
        let [own, other] = &told[..] else { panic!("two are told") };
        let line = &own.content.lines[0];
        assert_eq!(
            [line.decided, line.to_others, line.paid].map(Dkk::oere),
            [80_000, 50_000, 30_000]
        );
        assert_eq!(own.content.to_others[0].receiver, landlord);
        assert_eq!((other.recipient, other.content.on_behalf_of), (landlord, Some(citizen)));

        let act = office.act::<Pay>("abc").await;
        let folder = tempfile::tempdir().unwrap();
        let days = day("2020-11-01")..=day("2020-12-31");
        let whole = (folder.path(), Parts::TextAndJson);
        change(&db, async |tx| export(tx, &act, &stationery(), whole, days).await.unwrap()).await;
        let text = |notice: &Notice| {
            let read = |extension: &str| {
                fs::read_to_string(folder.path().join(format!("{}.{extension}", notice.id)))
                    .unwrap()
            };
            (read("txt"), read("json"))
        };
        let (to_citizen, _) = text(own);
        assert!(to_citizen.contains("Heraf betalt til andre for dig"), "{to_citizen}");
        assert!(to_citizen.contains("Samtidig betalt for dig til"), "{to_citizen}");
        assert!(to_citizen.contains("\nFirma 1"), "{to_citizen}");
        let (to_landlord, for_its_system) = text(other);
        assert!(to_landlord.contains("For: Anders Ågård, født"), "{to_landlord}");
        assert!(to_landlord.contains("lejemål 1"), "{to_landlord}");
        for secret in ["Prøveydelse", "Tilskud", "800"] {
            assert!(!to_landlord.contains(secret), "{secret}: {to_landlord}");
            assert!(!for_its_system.contains(secret), "{secret}: {for_its_system}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_counts_for_its_days_its_benefit_and_when_a_second_person_has_said_yes() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen, landlord, supplier) = town(&office).await;
        let later = Terms { from: day("2021-01-01"), ..terms(citizen, landlord, 1, None) };
        office.redirect(&later).await;
        let other = Terms { benefit: "en anden".to_owned(), ..terms(citizen, landlord, 1, None) };
        office.redirect(&other).await;
        let waits = office.ask_to_redirect(&terms(citizen, supplier, 1, Some(1))).await.unwrap();
        let alone = office.confirm_redirection("abc", waits).await;
        assert!(matches!(alone, Err(RedirectionError::SamePerson { .. })));
        office.decide(case, OCTOBER, &[("x", citizen, "skattefri", 100)]).await;
        assert_eq!(office.gets(case).await, ["Anders Ågård 100"]);

        let act: Act<Approve> = office.act("def").await;
        let silent = change(&db, async |tx| refuse(tx, &act, waits, " ").await).await;
        assert!(matches!(silent, Err(RedirectionError::NoReason)));
        change(&db, async |tx| refuse(tx, &act, waits, "borgeren vil ikke").await).await.unwrap();
        let late = office.confirm_redirection("def", waits).await;
        assert!(matches!(late, Err(RedirectionError::WrongState { state: State::Refused, .. })));
        let all = redirections(&mut db.read().await.unwrap(), tenant(), false).await.unwrap();
        let states: Vec<_> = all.iter().map(|one| one.state).collect();
        assert_eq!(states, [State::Refused, State::Confirmed, State::Confirmed]);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_next_step() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (_, citizen, landlord, _) = town(&office).await;
        let good = terms(citizen, landlord, 1, None);
        let wrong = [
            (Terms { receiver: citizen, ..good.clone() }, "name somebody else"),
            (Terms { receiver: crate::money::nobody(), ..good.clone() }, "register it first"),
            (Terms { ground: " ".to_owned(), ..good.clone() }, "what allows it"),
            (Terms { reference: String::new(), ..good.clone() }, "knows it by"),
            (Terms { until: Some(day("2020-10-01")), ..good }, "turn the days round"),
        ];
        for (terms, step) in wrong {
            let error = office.ask_to_redirect(&terms).await.unwrap_err().to_string();
            assert!(error.contains(step), "{error}");
        }
    })
    .await;
}
