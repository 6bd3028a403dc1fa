//! The municipality's own account numbers: nothing leaves without them, each posting leaves once, and
//! the books add up.

use std::collections::BTreeMap;
use std::fs;

use ydun::access::{Administer, Pay};
use ydun::adapters::bank_format;
use ydun::adapters::erp::Erp;
use ydun::ledger::Account;
use ydun::ledger::chart::{NewMapping, TrialLine};
use ydun::ledger::service::chart::{ChartError, set, trial_balance};
use ydun::operations::export::service::{self, ExportError};
use ydun::operations::export::{Layout, PostingExport};
use ydun::payments::outbox::Outbox;
use ydun::payments::profile::FileFormat;
use ydun_domain::{Dkk, Month};
use ydun_peers::simerp;

use crate::money::{Office, expense};
use crate::support::{change, day, each_engine, tenant};

const OCTOBER: &str = "2020-10";

/// The office's way to the municipality's ledger.
impl Office {
    async fn number(&self, account: Account, number: &str, from: &str) -> Result<(), ChartError> {
        let act = self.act::<Administer>("abc").await;
        let (number, source) = (number.to_owned(), "kontoplan 2020".to_owned());
        let new = NewMapping { account, from: day(from), number, source };
        change(&self.db, async |tx| set(tx, &act, &[new]).await).await
    }

    async fn all_numbers(&self) {
        for (account, number) in [
            (expense("a"), "A100"),
            (Account::Payable, "P200"),
            (Account::BankInTransit, "B300"),
            (Account::Bank, "B400"),
        ] {
            self.number(account, number, "2020-01-01").await.unwrap();
        }
    }

    fn erp(&self) -> Outbox {
        Outbox::open(self.folder("erp")).unwrap()
    }

    async fn export(&self, layout: Layout) -> Result<Vec<PostingExport>, ExportError> {
        let act = self.act::<Pay>("abc").await;
        let month: Month = "2020-11".parse().unwrap();
        service::export(&self.db, &act, &Erp, &self.erp(), month, layout).await?;
        let lease = ydun::payments::service::LEASE;
        service::publish(&self.db, self.tenant, &Erp, &self.erp(), lease, self.now).await
    }

    fn file(&self, export: &PostingExport) -> String {
        fs::read_to_string(self.folder("erp").join(&export.name)).unwrap()
    }
}

/// An office that has paid 1 kr. in November and heard that it arrived.
async fn paid(office: &Office) {
    let (case, payee) = (office.case().await, office.company(1).await);
    office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
    office.send("2020-11-24").await;
    office.publish().await;
    office.bank_answers("2020-11-24").await;
    office.bank_answers("2020-11-30").await;
    assert_eq!(office.states(case).await, ["settled 100"]);
}

#[tokio::test]
async fn nothing_leaves_before_every_used_account_has_a_number_on_its_booking_day() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        paid(&office).await;
        office.number(Account::Payable, "P200", "2020-01-01").await.unwrap();
        office.number(expense("a"), "A100", "2020-12-01").await.unwrap();
        let ExportError::Unmapped(missing) = office.export(Layout::Csv).await.unwrap_err() else {
            panic!("accounts are missing")
        };
        let accounts: Vec<String> = missing.iter().map(|one| one.account.to_string()).collect();
        assert_eq!(accounts, ["expense:konto-a", "bank-in-transit", "bank"]);
        assert!(fs::read_dir(office.folder("erp")).unwrap().all(|it| it.unwrap().path().is_dir()));
        office.all_numbers().await;
        assert_eq!(office.export(Layout::Csv).await.unwrap().len(), 1);
        let long = office.number(Account::Bank, "5.57;72", "2020-01-01").await;
        assert!(matches!(long, Err(ChartError::Number { .. })));
    })
    .await;
}

#[tokio::test]
async fn each_posting_leaves_once_and_its_file_can_be_made_again() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        office.all_numbers().await;
        paid(&office).await;
        let first = office.export(Layout::Csv).await.unwrap().remove(0);
        let text = office.file(&first);
        assert_eq!((first.postings, first.total), (3, Dkk::from_oere(300)));
        assert!(text.contains("A100;expense:konto-a;1,00;;"), "{text}");
        assert_eq!(text.lines().count(), 7);
        assert!(office.export(Layout::Csv).await.unwrap().is_empty(), "nothing is new");

        paid(&office).await;
        let second = office.export(Layout::G69).await.unwrap().remove(0);
        assert_eq!(second.postings, 3, "what has left does not leave again");

        // A number that is changed afterwards changes no file that has left.
        office.number(Account::Bank, "NYT", "2020-01-01").await.unwrap();
        let path = office.folder("erp").join(&first.name);
        fs::remove_file(&path).unwrap();
        let (mut read, erp) = (db.read().await.unwrap(), office.erp());
        let again = service::show(&mut read, tenant(), &Erp, &erp, first.id);
        again.await.unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), text);
    })
    .await;
}

#[tokio::test]
async fn an_older_erp_reads_every_field_and_its_books_are_ours() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        office.all_numbers().await;
        paid(&office).await;
        let citizen = office.citizen("Anders Ågård").await;
        office.decide(office.case().await, OCTOBER, &[("x", citizen, "a", 250)]).await;
        let export = office.export(Layout::G69).await.unwrap().remove(0);
        let ledger = simerp::read(&office.file(&export)).unwrap();
        let expected = [("A100", 350), ("P200", -250), ("B300", 0), ("B400", -100)];
        let expected: BTreeMap<String, i64> =
            expected.into_iter().map(|(account, oere)| (account.to_owned(), oere)).collect();
        assert_eq!(ledger.balances(), expected);
        assert_eq!(ledger.municipality, tenant().to_string());
        let citizens = ledger.postings.iter().filter(|posting| posting.cpr.is_some());
        assert_eq!(citizens.count(), 2);

        office.number(Account::Bank, "12345678901", "2020-01-01").await.unwrap();
        paid(&office).await;
        let refused = office.export(Layout::G69).await.unwrap_err();
        assert!(matches!(refused, ExportError::Number { .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn an_older_erp_that_pays_reads_every_field_and_the_sum_is_ours() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        office.bank.format = FileFormat::G68;
        let citizen = office.citizen("Anders Ågård").await;
        let firm = office.company(1).await;
        let lines = [("x", firm, "a", 500), ("y", citizen, "skattefri", 700)];
        office.decide(office.case().await, OCTOBER, &lines).await;
        let act = office.act::<Pay>("abc").await;
        let format = bank_format(office.bank.clone());
        let (outbox, day) = (office.outbox(), day("2020-11-24"));
        let payments = ydun::payments::service::send;
        let files = payments(&db, &act, &office.bank, format.as_ref(), &outbox, day).await.unwrap();
        let lease = ydun::payments::service::LEASE;
        let publish = ydun::payments::service::publish;
        publish(&db, tenant(), format.as_ref(), &outbox, lease, office.now).await.unwrap();
        let text = fs::read_to_string(outbox.path(&files[0].name)).unwrap();
        let mut payments = simerp::read_payments(&text).unwrap();
        payments.sort_by_key(|payment| payment.oere);
        let shown: Vec<_> =
            payments.iter().map(|payment| (&*payment.code, payment.oere, &*payment.on)).collect();
        assert_eq!(shown, [("11", 500, "20201130"), ("02", 700, "20201130")]);
        assert_eq!(payments[1].payee, "0101901234");
        assert!(!format.takes_stops());
    })
    .await;
}

#[tokio::test]
async fn the_trial_balance_sums_to_zero_and_is_the_ledgers() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        paid(&office).await;
        for (month, opening) in [("2020-11", 0), ("2020-12", 100)] {
            let days = month.parse::<Month>().unwrap().period();
            let mut read = db.read().await.unwrap();
            let trial = trial_balance(&mut read, tenant(), days).await.unwrap();
            assert_eq!(trial.iter().map(TrialLine::closing).sum::<Dkk>(), Dkk::ZERO);
            let debits: Dkk = trial.iter().map(|line| line.debit).sum();
            assert_eq!(debits, trial.iter().map(|line| line.credit).sum());
            let closing: BTreeMap<Account, i64> =
                trial.iter().map(|line| (line.account.clone(), line.closing().oere())).collect();
            assert_eq!(closing, office.balances().await);
            let cost = trial.iter().find(|line| line.account == expense("a")).unwrap();
            assert_eq!(cost.opening, Dkk::from_oere(opening));
        }
    })
    .await;
}
