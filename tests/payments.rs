//! Payments: made once, stopped, sent, answered; and what is said to the payee.

use std::fs;
use std::io;

use ydun::access::{Act, Approve, Pay, StopPayments};
use ydun::adapters::iso20022::Iso20022;
use ydun::ledger::Account;
use ydun::letters::export::{Parts, export};
use ydun::operations::straks::report;
use ydun::payments::service::{
    self, HearError, PayAgainError, SettleError, StopError, ask_straks, pay_again, stop,
};
use ydun::payments::state::Stuck;
use ydun::payments::stop::{StopFile, Stopping};
use ydun::payments::{Answer, BankFormat, Lane, NotAnAnswer, Payment, PaymentFile, State};
use ydun_domain::ids::PaymentId;
use ydun_domain::{Dkk, Month};

use crate::messages::{all, status};
use crate::money::{CLOSED_LATER, NO_ACCOUNT, Office, at_bank, cvr, nobody};
use crate::support::{at, change, day, each_engine, stationery, tenant};

const OCTOBER: &str = "2020-10";

#[tokio::test]
async fn a_decision_is_paid_once_however_often_it_is_settled() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let approved = office
            .approved(case, OCTOBER, &[("x", payee, "a", 10_000), ("y", payee, "b", 50)])
            .await;
        let settled = office.settle(&[&approved]).await.unwrap();
        assert_eq!((settled.payments, settled.paid), (1, Dkk::from_oere(10_050)));
        let again = office.settle(&[&approved]).await.unwrap();
        assert_eq!((again.payments, again.settled_before), (0, 1));
        assert_eq!(office.states(case).await, ["planned 10050"]);
        assert_eq!(office.balance(Account::Payable).await, -10_050);
        assert_eq!(office.balance(Account::Expense("konto-a".into())).await, 10_000);

        let payment = office.payments(case).await.remove(0);
        assert_eq!(payment.message, "Prøveydelse oktober 2020 sag 2020-00001 ref. 4711");
        assert!(payment.end_to_end.len() <= 35, "{}", payment.end_to_end);
        assert_eq!((payment.send_by, payment.disposal), (day("2020-11-24"), day("2020-11-30")));
        let events =
            service::events(&mut db.read().await.unwrap(), tenant(), payment.id).await.unwrap();
        assert_eq!(
            events.iter().map(|event| (event.number, event.state)).collect::<Vec<_>>(),
            [(1, State::Planned)]
        );
    })
    .await;
}

#[tokio::test]
async fn many_cases_are_settled_at_once() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let payee = office.company(1).await;
        let mut approved = Vec::new();
        for oere in 1..=40 {
            let case = office.case().await;
            approved.push(office.approved(case, OCTOBER, &[("x", payee, "a", oere)]).await);
        }
        approved.reverse();
        let settled = office.settle(&approved.iter().collect::<Vec<_>>()).await.unwrap();
        assert_eq!((settled.payments, settled.paid), (40, Dkk::from_oere(820)));
    })
    .await;
}

#[tokio::test]
async fn less_takes_back_what_has_not_left_and_pays_the_rest_anew() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100), ("y", payee, "a", 30)]).await;
        let settled =
            office.decide(case, OCTOBER, &[("x", payee, "a", 60), ("y", payee, "a", 30)]).await;
        assert_eq!((settled.withdrawn, settled.payments), (1, 1));
        assert_eq!(office.states(case).await, ["stopped 130", "planned 90"]);
        assert_eq!(office.balance(Account::Payable).await, -90);
        assert!(office.overpaid().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn less_after_sending_is_a_named_overpayment_until_more_is_due_again() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.send("2020-11-24").await;
        let settled = office.decide(case, OCTOBER, &[("x", payee, "a", 60)]).await;
        assert_eq!((settled.payments, settled.overpayments.len()), (0, 1));
        assert_eq!(office.overpaid().await, ["x:2020-10 40"]);
        office.decide(case, OCTOBER, &[]).await;
        assert_eq!(office.overpaid().await, ["x:2020-10 100"]);
        let settled = office.decide(case, OCTOBER, &[("x", payee, "a", 120)]).await;
        assert_eq!(settled.paid, Dkk::from_oere(20));
        assert!(office.overpaid().await.is_empty());
        assert_eq!(office.states(case).await, ["sent 100", "planned 20"]);
    })
    .await;
}

#[tokio::test]
async fn another_month_is_left_alone() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.decide(case, "2020-11", &[]).await;
        assert_eq!(office.states(case).await, ["planned 100"]);
        assert!(office.overpaid().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_new_payee_is_paid_and_the_former_overpaid() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, former, new) =
            (office.case().await, office.company(1).await, office.company(2).await);
        office.decide(case, OCTOBER, &[("x", former, "a", 100)]).await;
        office.send("2020-11-24").await;
        office.decide(case, OCTOBER, &[("x", new, "a", 100)]).await;
        assert_eq!(office.states(case).await, ["sent 100", "planned 100"]);
        assert_eq!(office.overpaid().await, ["x:2020-10 100"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_posting_moves_the_cost_and_pays_nothing() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let settled = office.decide(case, OCTOBER, &[("x", payee, "b", 100)]).await;
        assert_eq!((settled.payments, settled.overpayments.len()), (0, 0));
        assert_eq!(office.balance(Account::Expense("konto-a".into())).await, 0);
        assert_eq!(office.balance(Account::Expense("konto-b".into())).await, 100);
        assert_eq!(office.balance(Account::Payable).await, -100);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_settled_is_refused_with_the_reason() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let below = office.approved(case, OCTOBER, &[("x", payee, "a", -1)]).await;
        assert!(matches!(office.settle(&[&below]).await, Err(SettleError::Negative { .. })));
        let stranger = office.approved(case, OCTOBER, &[("x", nobody(), "a", 1)]).await;
        assert!(matches!(office.settle(&[&stranger]).await, Err(SettleError::UnknownPayee { .. })));
        let november = office.approved(case, "2020-11", &[]).await;
        assert!(matches!(
            office.settle(&[&stranger, &november]).await,
            Err(SettleError::TwoDecisions(_))
        ));
        assert_eq!(office.settle(&[]).await.unwrap(), service::Settled::default());
        assert!(office.states(case).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_has_not_left_is_stopped_here() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.decide(case, "2020-11", &[("x", payee, "a", 70)]).await;
        let payments = office.payments(case).await;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, payments[0].id, "nye oplysninger").await.unwrap())
            .await;
        assert_eq!(office.states(case).await, ["stopped 100", "planned 70"]);
        assert_eq!(office.balance(Account::Payable).await, -70);

        office.send("2020-11-24").await;
        let mut tx = db.begin().await.unwrap();
        let refused = stop(&mut tx, &act, payments[0].id, "").await;
        assert!(matches!(refused, Err(StopError::Stuck(Stuck::TooLateToStop(State::Stopped)))));
        let unknown = stop(&mut tx, &act, PaymentId::generate(), "").await;
        assert!(matches!(unknown, Err(StopError::NotFound(_))));
        drop(tx);
        assert_eq!(office.balance(Account::BankInTransit).await, -70);
    })
    .await;
}

#[tokio::test]
async fn files_hold_one_lane_and_day_and_no_more_than_the_bank_takes() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        office.bank.payments_max = 2;
        let payee = office.company(1).await;
        for oere in [1, 2, 3] {
            office.decide(office.case().await, OCTOBER, &[("x", payee, "a", oere)]).await;
        }
        let mut quick =
            office.approved(office.case().await, OCTOBER, &[("x", payee, "a", 4)]).await;
        quick.lane = Lane::Straks;
        quick.due = day("2020-11-02");
        office.settle(&[&quick]).await.unwrap();

        let shape = |files: &[PaymentFile]| -> Vec<(Lane, String, i64, i64)> {
            files
                .iter()
                .map(|file| {
                    (file.lane, file.disposal.to_string(), file.payments, file.total.oere())
                })
                .collect()
        };
        assert_eq!(
            shape(&office.send("2020-11-02").await),
            [(Lane::Straks, "2020-11-02".to_owned(), 1, 4)]
        );
        assert!(office.send("2020-11-23").await.is_empty(), "they need not leave yet");
        let files = office.send("2020-11-24").await;
        let there = "2020-11-30".to_owned();
        assert_eq!(
            shape(&files),
            [(Lane::Almindelig, there.clone(), 2, 3), (Lane::Almindelig, there, 1, 3)]
        );
        assert!(office.send("2020-11-24").await.is_empty());
        assert!(files.iter().all(|file| file.name.starts_with("0561-2020-11-30-almindelig-")));
    })
    .await;
}

#[tokio::test]
async fn what_leaves_late_is_there_late_and_the_notice_says_so() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let files = office.send("2020-11-25").await;
        assert_eq!(files[0].disposal, day("2020-12-01"));
        assert_eq!(office.payments(case).await[0].disposal, day("2020-12-01"));
        let notices =
            ydun::notices::service::of_case(&mut db.read().await.unwrap(), tenant(), case)
                .await
                .unwrap();
        assert_eq!(notices[0].disposal, day("2020-12-01"));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_shown_to_the_bank_once_and_only_when_it_is_sent() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let sent = office.send("2020-11-24").await.remove(0);
        let place = office.outbox().path(&sent.name);
        assert!(!place.exists(), "the transaction has committed, the job has not run");
        let published = office.publish().await;
        assert_eq!(published.len(), 1);
        let bytes = fs::read(&place).unwrap();
        assert!(office.publish().await.is_empty());
        assert_eq!(fs::read(&place).unwrap(), bytes);
        let mut read = db.read().await.unwrap();
        let files = service::files(&mut read, tenant(), day("2020-11-30")..=day("2020-11-30"))
            .await
            .unwrap();
        assert!(files[0].published_at.is_some());
        assert_eq!(service::of_file(&mut read, tenant(), sent.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_lost_from_the_disk_is_made_again_with_the_same_bytes() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let sent = office.send("2020-11-24").await.remove(0);
        let pending = office.outbox_folder().join(".pending").join(&sent.name);
        let bytes = fs::read(&pending).unwrap();
        fs::remove_file(&pending).unwrap();
        office.party("Et nyt navn", ydun::parties::Identity::Company(cvr(1))).await;
        office.publish().await;
        assert_eq!(fs::read(office.outbox().path(&sent.name)).unwrap(), bytes);
    })
    .await;
}

#[tokio::test]
async fn killed_after_the_file_is_shown_the_job_finds_it_there() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let sent = office.send("2020-11-24").await.remove(0);
        let (pending, place) = (
            office.outbox_folder().join(".pending").join(&sent.name),
            office.outbox().path(&sent.name),
        );
        fs::rename(&pending, &place).unwrap(); // and then the process was killed
        assert_eq!(office.publish().await.len(), 1);
        assert_eq!(
            fs::read_dir(office.outbox_folder()).unwrap().count(),
            2,
            "the file and .pending"
        );
        assert!(office.publish().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn killed_before_the_commit_nothing_was_sent_and_all_is_sent_the_next_time() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let act = office.act::<Pay>("abc").await;
        let killed = Killed(office.format());
        let sent =
            service::send(&db, &act, &office.bank, &killed, &office.outbox(), day("2020-11-24"))
                .await;
        assert!(sent.is_err());
        let theirs = office.outbox_folder().join(".pending/0575-2020-11-30-almindelig-x.xml");
        fs::write(&theirs, "another municipality's").unwrap();
        assert!(office.publish().await.is_empty());
        fs::remove_file(&theirs).unwrap();
        assert_eq!(office.states(case).await, ["planned 100"]);

        assert_eq!(office.send("2020-11-24").await.len(), 1);
        assert_eq!(office.publish().await.len(), 1);
        assert_eq!(office.states(case).await, ["sent 100"]);
        let shown = fs::read_dir(office.outbox_folder()).unwrap();
        let files = shown.filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
        assert_eq!(files, 1, "what was half written is never shown");
        let left_over = fs::read_dir(office.outbox_folder().join(".pending")).unwrap().count();
        assert_eq!(left_over, 0, "what was half written holds personal numbers");
    })
    .await;
}

/// Writes a whole file and then gets no further.
#[derive(Debug)]
struct Killed(Iso20022);

impl BankFormat for Killed {
    fn extension(&self) -> &'static str {
        self.0.extension()
    }

    fn write(
        &self,
        file: &PaymentFile,
        payments: &[Payment],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.0.write(file, payments, to)?;
        Err(io::Error::other("killed"))
    }

    fn stop_extension(&self) -> &'static str {
        self.0.stop_extension()
    }

    fn write_stops(
        &self,
        file: &StopFile,
        requests: &[Stopping],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.0.write_stops(file, requests, to)
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        self.0.read(answer)
    }
}

#[tokio::test]
async fn a_file_that_was_tampered_with_is_not_shown() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let sent = office.send("2020-11-24").await.remove(0);
        let pending = office.outbox_folder().join(".pending").join(&sent.name);
        fs::write(&pending, fs::read_to_string(&pending).unwrap().replace("1.00", "9.00")).unwrap();
        let published = service::publish(
            &db,
            tenant(),
            &office.format(),
            &office.outbox(),
            service::LEASE,
            office.now,
        )
        .await
        .unwrap();
        assert_eq!((published.files.len(), published.failed.len()), (0, 1));
        assert!(!office.outbox().path(&sent.name).exists());
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_when_the_file_cannot_be_written() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let outbox = office.outbox();
        fs::remove_dir_all(office.outbox_folder()).unwrap();
        let act = office.act::<Pay>("abc").await;
        let sent =
            service::send(&db, &act, &office.bank, &office.format(), &outbox, day("2020-11-24"))
                .await;
        assert!(matches!(sent, Err(service::SendError::Outbox(_))));
        assert_eq!(office.states(case).await, ["planned 100"]);
        assert_eq!(office.balance(Account::BankInTransit).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_bank_pays_and_the_books_agree() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let citizen = office.citizen("Anders Ågård").await;
        office
            .decide(case, OCTOBER, &[("x", payee, "a", 10_000), ("y", citizen, "a", 5_001)])
            .await;
        office.send("2020-11-24").await;
        office.publish().await;
        let heard = office.bank_answers("2020-11-24").await;
        assert_eq!(heard[0].moved, [(State::Accepted, 2)].into());
        assert_eq!(office.balance(Account::BankInTransit).await, -15_001);
        let heard = office.bank_answers("2020-11-30").await;
        assert_eq!(heard[0].moved, [(State::Settled, 2)].into());
        assert_eq!(office.balance(Account::Bank).await, -15_001);
        assert_eq!(office.balance(Account::BankInTransit).await, 0);
        assert_eq!(office.books().total_settled().0, 15_001);
        assert!(office.tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_rejects_is_parked_asked_about_and_paid_again_once() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.script.insert(at_bank(1), NO_ACCOUNT);
        office.decide(case, OCTOBER, &[("x", payee, "a", 10_000)]).await;
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        assert_eq!(office.states(case).await, ["rejected 10000"]);
        assert_eq!(office.balance(Account::Clearing).await, -10_000);
        assert_eq!(office.tasks().await, ["Banken har afvist udbetalingen på 100,00 kr."]);

        office.script.clear();
        let rejected = office.payments(case).await[0].id;
        let act = office.act::<Approve>("def").await;
        let bank = office.bank.clone();
        let again = async |act: &Act<Approve>| {
            let mut tx = db.begin().await.unwrap();
            let paid = pay_again(&mut tx, act, &bank, rejected, Lane::Straks).await;
            tx.commit().await.unwrap();
            paid
        };
        assert!(matches!(again(&act).await, Err(PayAgainError::NotAsked(_))));
        change(&db, async |tx| ask_straks(tx, &act, rejected).await.unwrap()).await;
        assert!(matches!(again(&act).await, Err(PayAgainError::SamePerson { .. })));
        let another = office.act::<Approve>("abc").await;
        again(&another).await.unwrap();
        assert!(again(&another).await.is_err());
        let november = "2020-11".parse::<Month>().unwrap().period();
        let pay = office.act::<Pay>("abc").await;
        let straks = change(&db, async |tx| report(tx, &pay, november).await.unwrap()).await;
        let persons: Vec<_> =
            straks.iter().map(|one| (&*one.first_person, &*one.second_person)).collect();
        assert_eq!(persons, [("def", "abc")]);
        assert!(office.tasks().await.is_empty());
        assert_eq!(office.balance(Account::Clearing).await, 0);
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        office.bank_answers("2020-11-25").await;
        assert_eq!(office.states(case).await, ["stopped 10000", "settled 10000"]);
        assert_eq!(office.books().total_debited().0, 10_000);
    })
    .await;
}

#[tokio::test]
async fn a_parked_payment_is_taken_back_when_less_is_due() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.script.insert(at_bank(1), CLOSED_LATER);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        assert_eq!(office.states(case).await, ["sent 100"]);
        office.bank_answers("2020-11-25").await;
        assert_eq!(office.states(case).await, ["rejected 100"]);
        office.decide(case, OCTOBER, &[("x", payee, "a", 60)]).await;
        assert_eq!(office.states(case).await, ["stopped 100", "planned 60"]);
        assert_eq!(office.balance(Account::Clearing).await, 0);
        assert!(office.overpaid().await.is_empty());
        assert!(office.tasks().await.is_empty());
    })
    .await;
}

fn of_payment(end_to_end: &str, status: &str, kroner: &str) -> String {
    format!(
        "<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId><TxSts>{status}</TxSts>
         <OrgnlTxRef><Amt><InstdAmt Ccy=\"DKK\">{kroner}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>"
    )
}

#[tokio::test]
async fn an_answer_is_heard_once_and_what_does_not_fit_moves_nothing() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let file = office.send("2020-11-24").await.remove(0);
        let end_to_end = office.payments(case).await.remove(0).end_to_end;

        let wrong = status("B1", &file.message_id, &of_payment(&end_to_end, "ACSC", "9.00"));
        let heard = office.hear(wrong.as_bytes()).await;
        assert_eq!(heard.alarms.len(), 1, "{heard:?}");
        assert_eq!(office.states(case).await, ["sent 100"]);
        assert_eq!(office.tasks().await, ["Bankens svar passer ikke med udbetalingen på 1,00 kr."]);

        let strange = status("B2", &file.message_id, &of_payment("nogen-andens", "ACSC", "1.00"));
        assert_eq!(office.hear(strange.as_bytes()).await.unknown, ["nogen-andens"]);

        let paid = status("B3", &file.message_id, &of_payment(&end_to_end, "ACSC", "1.00"));
        assert_eq!(office.hear(paid.as_bytes()).await.moved, [(State::Settled, 1)].into());
        assert!(office.hear(paid.as_bytes()).await.again);
        assert_eq!(office.balance(Account::Bank).await, -100);

        let late = status("B4", &file.message_id, &of_payment(&end_to_end, "RJCT", "1.00"));
        assert_eq!(office.hear(late.as_bytes()).await.alarms.len(), 1);
        assert_eq!(office.states(case).await, ["settled 100"]);

        let act = office.act::<Pay>("abc").await;
        let mut tx = db.begin().await.unwrap();
        let mut heard = async |answer: &str| {
            service::hear(&mut tx, &act, &office.format(), answer.as_bytes()).await
        };
        assert!(matches!(heard(&paid.replace("ACSC", "RJCT")).await, Err(HearError::Reused(_))));
        assert!(matches!(heard(&status("B5", "ukendt", "")).await, Err(HearError::UnknownFile(_))));
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_leaves_the_question_open_until_the_bank_has_answered() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let file = office.send("2020-11-24").await.remove(0);
        let twice = "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf>";
        office.hear(status("B1", &file.message_id, twice).as_bytes()).await;
        assert_eq!(office.states(case).await, ["unknown 100"]);
        assert_eq!(
            office.tasks().await,
            ["Banken har ikke svaret klart på udbetalingen på 1,00 kr."]
        );
        assert_eq!(office.balance(Account::BankInTransit).await, -100);
        office.hear(status("B2", &file.message_id, &all("ACSC")).as_bytes()).await;
        assert_eq!(office.states(case).await, ["settled 100"]);
        assert!(office.tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_payee_is_told_unless_the_payment_was_stopped() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let apprentice = office.citizen("Anders Ågård").await;
        let mut approved = office.approved(case, OCTOBER, &[("x", payee, "a", 720_000)]).await;
        approved.lines[0].about = Some(apprentice);
        office.settle(&[&approved]).await.unwrap();
        office.decide(case, "2020-11", &[("x", payee, "a", 5)]).await;
        let stopped = office.payments(case).await[1].id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, stopped, "").await.unwrap()).await;

        let act = office.act::<Pay>("abc").await;
        let folder = tempfile::tempdir().unwrap();
        let stationery = stationery();
        let days = || day("2020-11-30")..=day("2020-11-30");
        for _ in 0..2 {
            let count = change(&db, async |tx| {
                let whole = (folder.path(), Parts::PdfToo);
                export(tx, &act, &stationery, whole, days()).await.unwrap()
            })
            .await;
            assert_eq!(count, 1);
        }
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let [json, pdf, text] = &names[..] else { panic!("{names:?}") };
        assert!(fs::read(pdf).unwrap().starts_with(b"%PDF-"));
        let text = fs::read_to_string(text).unwrap();
        for said in ["Anders Ågård, født 1. januar 1990", "oktober 2020", "4711", "7.200,00 kr."]
        {
            assert!(text.contains(said), "{said} is missing in\n{text}");
        }
        assert!(fs::read_to_string(json).unwrap().contains("\"7200.00\""));
    })
    .await;
}

#[tokio::test]
async fn an_approval_after_the_cut_off_counts_from_the_next_bank_day() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let mut approved = office.approved(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        approved.lane = Lane::Straks;
        approved.due = day("2020-11-02");
        office.now = at("2020-11-06T11:00:00Z"); // a Friday, noon in Denmark
        office.settle(&[&approved]).await.unwrap();
        assert_eq!(office.payments(case).await[0].disposal, day("2020-11-09"));
    })
    .await;
}
