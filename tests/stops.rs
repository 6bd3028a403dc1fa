//! Payments stopped after they have left: asked for, answered, and never both paid and stopped.

use std::fs;

use ydun::access::{Approve, StopPayments};
use ydun::ledger::Account;
use ydun::payments::service::{
    self, PayAgainError, Stop, StopError, pay_again, stop, stop_requests,
};
use ydun::payments::state::Stuck;
use ydun::payments::stop::StopFile;
use ydun::payments::{Lane, Payment, State};
use ydun_domain::ids::{CaseId, PaymentId};

use crate::messages::{advice, all, batch, drawn, returned, statement, status, stop_answer};
use crate::money::{NO_ACCOUNT, Office, at_bank};
use crate::support::{change, each_engine, tenant};

const OCTOBER: &str = "2020-10";

/// An office with one payment of 1 kr. that has left for the bank.
struct Sent {
    office: Office,
    case: CaseId,
    payment: Payment,
    message_id: String,
}

async fn sent(office: Office) -> Sent {
    let (case, payee) = (office.case().await, office.company(1).await);
    office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
    let message_id = office.send("2020-11-24").await.remove(0).message_id;
    let payment = office.payments(case).await.remove(0);
    Sent { office, case, payment, message_id }
}

impl Sent {
    async fn stop(&self) -> Result<Stop, StopError> {
        let act = self.office.act::<StopPayments>("abc").await;
        let mut tx = self.office.db.begin().await.unwrap();
        let stop = stop(&mut tx, &act, self.payment.id, "flyttet").await?;
        tx.commit().await.unwrap();
        Ok(stop)
    }

    async fn send_stops(&self) -> Option<StopFile> {
        self.office.send_stops().await
    }

    async fn says(&self, message_id: &str, word: &str) -> service::Heard {
        let answer = status(message_id, &self.message_id, &all(word));
        self.office.hear(answer.as_bytes()).await
    }

    async fn answers_stop(&self, message_id: &str, word: &str) -> service::Heard {
        let answer = stop_answer(message_id, &self.payment.end_to_end, word);
        self.office.hear(answer.as_bytes()).await
    }

    async fn request(&self) -> String {
        let mut read = self.office.db.read().await.unwrap();
        let requests = stop_requests(&mut read, tenant(), &[self.payment.id]).await.unwrap();
        requests[0].state.to_string()
    }

    async fn states(&self) -> Vec<String> {
        self.office.states(self.case).await
    }
}

async fn again(office: &Office, id: PaymentId) -> Result<PaymentId, PayAgainError> {
    let act = office.act::<Approve>("def").await;
    let mut tx = office.db.begin().await.unwrap();
    let again = pay_again(&mut tx, &act, &office.bank, id, Lane::DagTilDag).await?;
    tx.commit().await.unwrap();
    Ok(again)
}

#[tokio::test]
async fn a_stop_waits_for_the_banks_receipt_and_then_reverses_everything() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        let Stop::AtBank(asked) = sent.stop().await.unwrap() else { panic!("it has left") };
        assert!(!asked.bank_knows_it);
        assert!(sent.send_stops().await.is_none(), "the bank could not find it yet");
        assert!(matches!(sent.stop().await, Err(StopError::AskedBefore)));

        sent.says("B1", "ACCP").await;
        let file = sent.send_stops().await.unwrap();
        assert_eq!(sent.request().await, "sent");
        assert!(sent.send_stops().await.is_none(), "asked once");
        assert_eq!(
            sent.states().await,
            ["accepted 100"],
            "nothing is stopped before the bank says so"
        );
        sent.office.publish().await;
        let text = fs::read_to_string(sent.office.outbox().path(&file.name)).unwrap();
        assert!(text.contains(&sent.payment.end_to_end) && text.contains(&sent.message_id));

        sent.answers_stop("B2", "PDCR").await;
        assert_eq!(sent.request().await, "pending");
        let heard = sent.answers_stop("B3", "ACCR").await;
        assert_eq!(heard.moved, [(State::Stopped, 1)].into());
        assert_eq!(
            (sent.request().await, sent.states().await),
            ("stopped".into(), vec!["stopped 100".into()])
        );
        for account in [Account::BankInTransit, Account::Payable, Account::Clearing] {
            assert_eq!(sent.office.balance(account).await, 0);
        }
        assert_eq!(sent.office.balance(Account::Expense("konto-a".into())).await, 0);
        let mut read = db.read().await.unwrap();
        let notices =
            ydun::notices::service::of_case(&mut read, tenant(), sent.case).await.unwrap();
        assert!(notices[0].withdrawn_at.is_some());
        assert!(sent.office.tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_stop_the_bank_refuses_is_told_and_the_payment_goes_on() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        sent.says("B1", "ACCP").await;
        let Stop::AtBank(asked) = sent.stop().await.unwrap() else { panic!("it has left") };
        assert!(asked.bank_knows_it);
        sent.send_stops().await.unwrap();
        sent.answers_stop("B2", "RJCR").await;
        assert_eq!(sent.request().await, "refused");
        assert_eq!(sent.states().await, ["accepted 100"]);
        let told = ["Banken har ikke standset udbetalingen på 1,00 kr."];
        assert_eq!(sent.office.tasks().await, told);
        sent.says("B3", "ACSC").await;
        assert_eq!(sent.states().await, ["settled 100"]);
        assert_eq!(sent.office.tasks().await, told, "told once");
    })
    .await;
}

#[tokio::test]
async fn paid_and_stopped_never_both_hold() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let sent = sent(office).await;
        sent.says("B1", "ACCP").await;
        sent.stop().await.unwrap();
        sent.send_stops().await.unwrap();
        sent.says("B2", "ACSC").await;
        assert_eq!(sent.request().await, "refused", "it was paid before the bank read the request");
        assert_eq!(sent.answers_stop("B3", "ACCR").await.alarms.len(), 1);
        assert_eq!(sent.states().await, ["settled 100"]);
        assert_eq!(sent.office.balance(Account::Bank).await, -100);
        assert!(matches!(
            sent.stop().await,
            Err(StopError::Stuck(Stuck::TooLateToStop(State::Settled)))
        ));
    })
    .await;
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        sent.says("B1", "ACCP").await;
        sent.stop().await.unwrap();
        sent.send_stops().await.unwrap();
        sent.answers_stop("B2", "ACCR").await;
        assert_eq!(sent.says("B3", "ACSC").await.alarms.len(), 1);
        let paid = advice("B4", &[drawn(&sent.payment.end_to_end, "1.00")]);
        assert_eq!(sent.office.hear(paid.as_bytes()).await.alarms.len(), 1);
        assert_eq!(sent.states().await, ["stopped 100"]);
        assert_eq!(sent.office.balance(Account::Bank).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_payment_the_bank_rejects_while_a_stop_is_asked_for_is_not_parked() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        office.script.insert(at_bank(1), NO_ACCOUNT);
        let sent = sent(office).await;
        sent.stop().await.unwrap();
        sent.office.publish().await;
        sent.office.bank_answers("2020-11-24").await;
        assert_eq!(sent.states().await, ["stopped 100"]);
        assert_eq!(sent.request().await, "stopped");
        assert_eq!(sent.office.balance(Account::Clearing).await, 0);
        assert!(sent.office.tasks().await.is_empty());
        assert!(sent.send_stops().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_stops_without_being_asked_is_parked() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        sent.says("B1", "ACCP").await;
        sent.answers_stop("B2", "ACCR").await;
        assert_eq!(sent.states().await, ["rejected 100"]);
        assert_eq!(sent.office.tasks().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_person_stopped_a_person_can_have_paid_again() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100), ("y", payee, "b", 30)]).await;
        let first = office.payments(case).await.remove(0).id;
        assert!(matches!(
            again(&office, first).await,
            Err(PayAgainError::Stuck(Stuck::NotUndone(State::Planned)))
        ));
        let act = office.act::<StopPayments>("abc").await;
        let stopped = change(&db, async |tx| stop(tx, &act, first, "fejl").await.unwrap()).await;
        assert_eq!(stopped, Stop::Done);
        let second = again(&office, first).await.unwrap();
        assert_eq!(office.states(case).await, ["stopped 130", "planned 130"]);
        assert_eq!(office.balance(Account::Payable).await, -130);
        assert!(matches!(again(&office, first).await, Err(PayAgainError::NothingDue)));
        change(&db, async |tx| stop(tx, &act, second, "fejl").await.unwrap()).await;
        assert!(matches!(again(&office, first).await, Err(PayAgainError::PaidAgainBefore)));
        again(&office, second).await.unwrap();
        assert_eq!(office.states(case).await, ["stopped 130", "stopped 130", "planned 130"]);
    })
    .await;
}

#[tokio::test]
async fn only_what_a_newer_decision_leaves_is_paid_again() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let act = office.act::<StopPayments>("abc").await;
        office.decide(case, OCTOBER, &[("x", payee, "a", 100), ("y", payee, "b", 30)]).await;
        office.decide(case, OCTOBER, &[("x", payee, "a", 60), ("y", payee, "b", 30)]).await;
        let payments = office.payments(case).await;
        assert_eq!(office.states(case).await, ["stopped 130", "planned 90"]);
        assert!(matches!(again(&office, payments[0].id).await, Err(PayAgainError::NothingDue)));
        change(&db, async |tx| stop(tx, &act, payments[1].id, "fejl").await.unwrap()).await;
        let newest = again(&office, payments[0].id).await.unwrap();
        assert_eq!(office.states(case).await, ["stopped 130", "stopped 90", "planned 90"]);
        let mut read = db.read().await.unwrap();
        let notices = ydun::notices::service::of_case(&mut read, tenant(), case).await.unwrap();
        let told = notices.iter().find(|notice| notice.payment_id == newest).unwrap();
        let paid: Vec<i64> = told.content.lines.iter().map(|line| line.paid.oere()).collect();
        assert_eq!((told.content.amount.oere(), paid), (90, vec![60, 30]));
    })
    .await;
}

#[tokio::test]
async fn what_came_back_is_parked_and_paid_again_and_the_statement_later_is_no_news() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        let id = sent.payment.end_to_end.clone();
        sent.says("B1", "ACCP").await;
        let paid = advice("B2", &[drawn(&id, "1.00")]);
        assert_eq!(sent.office.hear(paid.as_bytes()).await.moved, [(State::Settled, 1)].into());
        assert_eq!(sent.office.balance(Account::Bank).await, -100);
        let back = advice("B3", &[returned(&id, "1.00", "AC04")]);
        assert_eq!(sent.office.hear(back.as_bytes()).await.moved, [(State::Returned, 1)].into());
        assert_eq!(sent.office.balance(Account::Bank).await, 0);
        assert_eq!(sent.office.balance(Account::Clearing).await, -100);
        assert_eq!(
            sent.office.tasks().await,
            ["Pengene er kommet tilbage fra udbetalingen på 1,00 kr."]
        );

        again(&sent.office, sent.payment.id).await.unwrap();
        assert_eq!(sent.states().await, ["stopped 100", "planned 100"]);
        assert!(sent.office.tasks().await.is_empty());
        let late = advice("B4", &[drawn(&id, "1.00"), returned(&id, "1.00", "AC04")]);
        let heard = sent.office.hear(late.as_bytes()).await;
        assert!(heard.alarms.is_empty() && heard.moved.is_empty(), "{heard:?}");
    })
    .await;
}

#[tokio::test]
async fn paid_and_come_back_in_one_message_books_both() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        let id = &sent.payment.end_to_end;
        let both = advice("B1", &[drawn(id, "1.00"), returned(id, "1.00", "AC04")]);
        let heard = sent.office.hear(both.as_bytes()).await;
        assert_eq!(heard.moved, [(State::Settled, 1), (State::Returned, 1)].into());
        assert_eq!(sent.office.balance(Account::Bank).await, 0);
        assert_eq!(sent.office.balance(Account::BankInTransit).await, 0);
        assert_eq!(sent.office.balance(Account::Clearing).await, -100);
        let wrong = advice("B2", &[returned(id, "0.90", "AC04")]);
        assert_eq!(sent.office.hear(wrong.as_bytes()).await.alarms.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_statement_tells_of_payments_when_it_names_them() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        let whole = [batch(&sent.message_id, "1.00")];
        let of_file = statement("B1", "2020-11-30", ("0.00", "-1.00"), &whole);
        assert!(sent.office.hear(of_file.as_bytes()).await.moved.is_empty());
        let single = [drawn(&sent.payment.end_to_end, "1.00")];
        let of_payment = statement("B2", "2020-11-30", ("0.00", "-1.00"), &single);
        let heard = sent.office.hear(of_payment.as_bytes()).await;
        assert_eq!(heard.moved, [(State::Settled, 1)].into());
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_after_the_decision_changed_is_no_overpayment() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        let id = &sent.payment.end_to_end;
        sent.office.hear(advice("B1", &[drawn(id, "1.00")]).as_bytes()).await;
        let payee = sent.payment.payee.id;
        sent.office.decide(sent.case, OCTOBER, &[("x", payee, "a", 60)]).await;
        assert_eq!(sent.office.overpaid().await, ["x:2020-10 40"]);
        sent.office.hear(advice("B2", &[returned(id, "1.00", "AC04")]).as_bytes()).await;
        assert!(sent.office.overpaid().await.is_empty(), "the payee has nothing");
        assert_eq!(sent.states().await, ["stopped 100"]);
        assert_eq!(sent.office.balance(Account::Clearing).await, 0);
        let rest = "Der er stadig 0,60 kr. til gode af en udbetaling, der ikke nåede frem";
        assert_eq!(sent.office.tasks().await, [rest]);
        again(&sent.office, sent.payment.id).await.unwrap();
        assert_eq!(sent.states().await, ["stopped 100", "planned 60"]);
    })
    .await;
}

#[tokio::test]
async fn a_stop_after_the_decision_changed_leaves_no_overpayment() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        sent.says("B1", "ACCP").await;
        sent.office.decide(sent.case, OCTOBER, &[]).await;
        assert_eq!(sent.office.overpaid().await, ["x:2020-10 100"]);
        sent.stop().await.unwrap();
        sent.send_stops().await.unwrap();
        sent.answers_stop("B2", "ACCR").await;
        assert!(sent.office.overpaid().await.is_empty());
        assert!(sent.office.tasks().await.is_empty());
        assert!(matches!(
            again(&sent.office, sent.payment.id).await,
            Err(PayAgainError::NothingDue)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_lost_file_of_stops_is_made_again_with_the_same_bytes() {
    each_engine(|db| async move {
        let sent = sent(Office::in_municipality(&db, tenant()).await).await;
        sent.office.publish().await;
        sent.says("B1", "ACCP").await;
        sent.stop().await.unwrap();
        let file = sent.send_stops().await.unwrap();
        let pending = sent.office.outbox_folder().join(".pending").join(&file.name);
        let bytes = fs::read(&pending).unwrap();
        fs::remove_file(&pending).unwrap();
        sent.office.publish().await;
        assert_eq!(fs::read(sent.office.outbox().path(&file.name)).unwrap(), bytes);
    })
    .await;
}
