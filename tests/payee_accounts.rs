//! Accounts that payees have named for a benefit: two persons, what speaks against it, and where the
//! money goes when it leaves.

use ydun::access::{Act, Approve, Register};
use ydun::notices;
use ydun::payments::payee_account::{Doubt, NewPayeeAccount, PayeeAccount, State};
use ydun::payments::service::payee_account::{
    PayeeAccountError, ask, confirm, end, payee_accounts, refuse,
};
use ydun_domain::ids::{PartyId, PayeeAccountId};
use ydun_peers::simbank::{Kind, Payee};

use crate::money::{NO_ACCOUNT, Office, cvr};
use crate::support::{at, change, each_engine, tenant};

const OCTOBER: &str = "2020-10";
const OWN: &str = "9999 12345678";
const OTHER: &str = "9999 87654321";

impl Office {
    async fn ask_for(
        &self,
        payee: PartyId,
        account: &str,
    ) -> Result<PayeeAccountId, PayeeAccountError> {
        let act: Act<Register> = self.act("abc").await;
        let new = NewPayeeAccount {
            payee,
            benefit: "prøve".to_owned(),
            account: account.parse().unwrap(),
            source: "blanket af 2. november 2020".to_owned(),
        };
        change(&self.db, async |tx| ask(tx, &act, &new).await).await
    }

    async fn confirm_account(
        &self,
        worker: &str,
        id: PayeeAccountId,
        despite: Option<&str>,
    ) -> Result<PayeeAccount, PayeeAccountError> {
        let act: Act<Approve> = self.act(worker).await;
        change(&self.db, async |tx| confirm(tx, &act, id, despite).await).await
    }

    async fn name_account(&self, payee: PartyId, account: &str) -> PayeeAccountId {
        let id = self.ask_for(payee, account).await.unwrap();
        self.confirm_account("def", id, None).await.unwrap();
        id
    }

    async fn end_account(&self, id: PayeeAccountId) -> Result<(), PayeeAccountError> {
        let act: Act<Register> = self.act("abc").await;
        change(&self.db, async |tx| end(tx, &act, id, "kontoen er lukket").await).await
    }

    /// What has come to an account, and to a company's NemKonto, in øre.
    fn come_to(&self, account: &str, company: u32) -> [i64; 2] {
        let books = self.books();
        let digits = account.replace(' ', "00");
        let named = Payee::new(Kind::Bban, &digits).unwrap();
        let nem_konto = Payee::new(Kind::Cvr, cvr(company).digits()).unwrap();
        [books.balance(&named), books.balance(&nem_konto)].map(|oere| oere.0)
    }
}

#[tokio::test]
async fn the_money_goes_to_the_account_when_another_person_has_confirmed_it() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let id = office.ask_for(payee, OWN).await.unwrap();
        let alone = office.confirm_account("abc", id, None).await;
        assert!(matches!(alone, Err(PayeeAccountError::SamePerson { .. })));
        office.confirm_account("def", id, None).await.unwrap();
        assert_eq!(office.payments(case).await[0].account, None, "it has not left");

        office.send("2020-11-24").await;
        let account = office.payments(case).await[0].account.clone().unwrap();
        assert_eq!(account.digits(), "99990012345678");
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        office.bank_answers("2020-11-30").await;
        assert_eq!(office.states(case).await, ["settled 100"]);
        assert_eq!(office.come_to(OWN, 1), [100, 0]);

        let mut read = office.db.read().await.unwrap();
        let told = notices::service::of_case(&mut read, tenant(), case).await.unwrap();
        assert_eq!(told[0].account.as_ref(), Some(&account), "the payee is told where");
    })
    .await;
}

#[tokio::test]
async fn until_it_is_confirmed_and_when_it_is_ended_the_money_goes_to_the_nem_konto() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        let waits = office.ask_for(payee, OWN).await.unwrap();
        office.send("2020-11-24").await;
        assert_eq!(office.payments(case).await[0].account, None, "only asked for");

        office.confirm_account("def", waits, None).await.unwrap();
        office.end_account(waits).await.unwrap();
        office.decide(case, "2020-11", &[("x", payee, "a", 50)]).await;
        office.send("2020-11-25").await;
        assert!(office.payments(case).await.iter().all(|payment| payment.account.is_none()));
        let again = office.end_account(waits).await;
        assert!(matches!(again, Err(PayeeAccountError::WrongState { state: State::Ended, .. })));
    })
    .await;
}

#[tokio::test]
async fn it_is_for_one_payee_and_one_benefit() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, payee, neighbour) =
            (office.case().await, office.company(1).await, office.company(2).await);
        let new = NewPayeeAccount {
            payee: neighbour,
            benefit: "en anden ydelse".to_owned(),
            account: OTHER.parse().unwrap(),
            source: "brev".to_owned(),
        };
        let act: Act<Register> = office.act("abc").await;
        let id = change(&db, async |tx| ask(tx, &act, &new).await.unwrap()).await;
        office.confirm_account("def", id, None).await.unwrap();
        office.name_account(payee, OWN).await;
        let lines = [("x", payee, "a", 100), ("y", neighbour, "a", 200)];
        office.decide(case, OCTOBER, &lines).await;
        office.send("2020-11-24").await;
        let payments = office.payments(case).await;
        let goes_to = |payee: PartyId| {
            let payment = payments.iter().find(|payment| payment.payee.id == payee).unwrap();
            payment.account.as_ref().map(ToString::to_string)
        };
        assert_eq!(goes_to(payee).as_deref(), Some("9999 0012345678"));
        assert_eq!(goes_to(neighbour), None);
    })
    .await;
}

#[tokio::test]
async fn what_came_back_from_a_named_account_is_paid_again_to_the_one_that_holds_now() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = (office.case().await, office.company(1).await);
        let first = office.name_account(payee, OWN).await;
        office.decide(case, OCTOBER, &[("x", payee, "a", 100)]).await;
        office.script.insert("BBAN:99990012345678".to_owned(), NO_ACCOUNT);
        office.send("2020-11-24").await;
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        assert_eq!(office.states(case).await, ["rejected 100"]);

        office.end_account(first).await.unwrap();
        office.now = at("2020-12-24T09:00:00Z");
        office.name_account(payee, OTHER).await;
        let old = office.payments(case).await.remove(0);
        let act: Act<Approve> = office.act("def").await;
        change(&db, async |tx| {
            let lane = ydun::payments::Lane::DagTilDag;
            ydun::payments::service::pay_again(tx, &act, &office.bank, old.id, lane).await.unwrap()
        })
        .await;
        office.send("2020-12-28").await;
        let payments = office.payments(case).await;
        let accounts: Vec<_> =
            payments.iter().map(|payment| payment.account.as_ref().unwrap().digits()).collect();
        assert_eq!(accounts, ["99990012345678", "99990087654321"]);
    })
    .await;
}

#[tokio::test]
async fn what_speaks_against_it_must_be_answered() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (one, two) = (office.company(1).await, office.company(2).await);
        office.name_account(one, OWN).await;
        let shared = office.ask_for(two, OWN).await.unwrap();
        let told = office.confirm_account("def", shared, Some("  ")).await;
        assert!(matches!(told, Err(PayeeAccountError::Doubtful(doubts)) if doubts == [Doubt::Shared(1)]));
        let despite = Some("samme ejer; ringet op på det nummer, vi kendte");
        let confirmed = office.confirm_account("def", shared, despite).await.unwrap();
        assert_eq!((confirmed.state, confirmed.despite.as_deref()), (State::Confirmed, despite));

        let changed = office.ask_for(two, OTHER).await.unwrap();
        let told = office.confirm_account("def", changed, None).await;
        let today = office.today();
        assert!(
            matches!(told, Err(PayeeAccountError::Doubtful(doubts)) if doubts == [Doubt::ChangedLately(today)])
        );
        office.now = at("2021-01-15T09:00:00Z");
        office.confirm_account("def", changed, Some("uden betydning")).await.unwrap();

        let mut read = db.read().await.unwrap();
        let all = payee_accounts(&mut read, tenant(), false).await.unwrap();
        let states: Vec<_> =
            all.iter().map(|one| (one.state, one.despite.is_some(), one.closed_reason.as_deref())).collect();
        assert_eq!(
            states,
            [
                (State::Confirmed, false, None),
                (State::Ended, true, Some("afløst af •••• ••••••4321")),
                (State::Confirmed, false, None),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_or_is_refused_changes_nothing() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let payee = office.company(1).await;
        let id = office.name_account(payee, OWN).await;
        assert!(matches!(office.ask_for(payee, OWN).await, Err(PayeeAccountError::Unchanged)));
        let nobody = office.ask_for(crate::money::nobody(), OWN).await;
        assert!(matches!(nobody, Err(PayeeAccountError::NoPayee(_))));

        let other = office.ask_for(payee, OTHER).await.unwrap();
        assert!(matches!(office.ask_for(payee, OTHER).await, Err(PayeeAccountError::Waits)));
        let act: Act<Approve> = office.act("def").await;
        let silent = change(&db, async |tx| refuse(tx, &act, other, " ").await).await;
        assert!(matches!(silent, Err(PayeeAccountError::NoReason)));
        change(&db, async |tx| refuse(tx, &act, other, "borgeren kender ikke til det").await)
            .await
            .unwrap();
        let late = office.confirm_account("def", other, None).await;
        assert!(matches!(late, Err(PayeeAccountError::WrongState { state: State::Refused, .. })));
        let mut read = db.read().await.unwrap();
        let waiting = payee_accounts(&mut read, tenant(), true).await.unwrap();
        assert!(waiting.is_empty());
        let all = payee_accounts(&mut read, tenant(), false).await.unwrap();
        let holds = all.iter().find(|one| one.state == State::Confirmed).unwrap();
        assert_eq!(holds.id, id);
    })
    .await;
}
