//! Money that another system has paid: registered, confirmed, settled, reported, and taken back.
//!
//! The letter's own case: loss of earnings paid on account in Prisme in November and December 2020.

use std::collections::BTreeMap;

use ydun::access::{Act, Approve, Look, Pay, Propose, Register};
use ydun::cases::Case;
use ydun::db::Db;
use ydun::decisions::service::sign_list;
use ydun::ledger::{Account, Withholding};
use ydun::operations::close::refund::refund_lines;
use ydun::operations::close::service::check;
use ydun::operations::elsewhere::{
    BringInError, BroughtIn, FileError, Given, confirm, import, register,
};
use ydun::operations::service::{Request, Terms, approve_month, figures, run_month};
use ydun::payments::Lane;
use ydun::payments::elsewhere::{State, Voucher};
use ydun::payments::service::elsewhere::{ElsewhereError, ask_back, paid_elsewhere};
use ydun::payments::service::reconcile;
use ydun::tax::withhold::Taken;
use ydun_domain::ids::{ElsewhereId, PartyId};
use ydun_domain::{Dkk, Month};

use crate::benefits::Benefit;
use crate::money::Office;
use crate::reports::shown;
use crate::support::{at, change, day, each_engine, tenant};
use crate::voksenlaerling::registry;

const BENEFIT: &str = "tabt-arbejdsfortjeneste";
const POSTING: &str = "ydelse-serviceloven";
const NOVEMBER: &str = "2020-11";
const DECEMBER: &str = "2020-12";
const CPR: &str = "0707614002";

/// An office with the case of the letter, on 5 January 2021.
struct Letter {
    office: Office,
    case: Case,
    parent: PartyId,
}

impl Letter {
    async fn open(db: &Db) -> Self {
        let opened = Benefit::set_up(db, BENEFIT).await.open(db, "acconto-in-another-system").await;
        let mut office = Office::in_municipality(db, tenant()).await;
        office.now = at("2021-01-05T12:00:00Z");
        Self { office, case: opened.case, parent: opened.parties["parent"] }
    }

    async fn propose(&self, month: &str) {
        let act: Act<Propose> = self.office.act("abc").await;
        let request = Request::new(BENEFIT, month.parse::<Month>().unwrap());
        run_month(&self.office.db, registry(), &act, &request, |_| ()).await.unwrap();
    }

    async fn approve(&self, month: &str) -> Dkk {
        let act: Act<Propose> = self.office.act("abc").await;
        let request = Request::new(BENEFIT, month.parse::<Month>().unwrap());
        let db = &self.office.db;
        let run = run_month(db, registry(), &act, &request, |_| ()).await.unwrap().run.unwrap();
        let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
        let act: Act<Approve> = self.office.act("def").await;
        let approval = approve_month(db, &act, run.id, list.digest, &self.terms(), |_| ()).await;
        approval.unwrap().paid
    }

    fn terms(&self) -> Terms<'_> {
        Terms { bank: &self.office.bank, lane: Lane::Almindelig, due: None }
    }

    /// 30,000 kr. of which the ERP withheld 2,400 kr. AM-bidrag and 10,000 kr. tax.
    fn given(&self) -> Given {
        Given {
            case: self.case.number,
            posting_code: POSTING.to_owned(),
            period: "2020-11-01..2020-12-31".parse().unwrap(),
            payee: None,
            voucher: Voucher {
                system: "Prisme".to_owned(),
                number: "20417".to_owned(),
                paid_on: day("2020-12-18"),
            },
            amount: Dkk::from_kroner(30_000),
            taken: Taken {
                am_bidrag: Dkk::from_kroner(2_400),
                a_tax: Dkk::from_kroner(10_000),
                ..Taken::default()
            },
        }
    }

    async fn register(&self, given: &Given) -> Result<ElsewhereId, BringInError> {
        let act: Act<Register> = self.office.act("abc").await;
        change(&self.office.db, async |tx| register(tx, &act, given).await).await
    }

    async fn confirm(&self, worker: &str, id: ElsewhereId) -> Result<BroughtIn, BringInError> {
        let act: Act<Approve> = self.office.act(worker).await;
        let mut tx = self.office.db.begin().await.unwrap();
        let brought_in = confirm(&mut tx, &act, &self.terms(), id).await?;
        tx.commit().await.unwrap();
        Ok(brought_in)
    }

    async fn ask_back(&self, id: ElsewhereId) -> Result<State, ElsewhereError> {
        let act: Act<Register> = self.office.act("abc").await;
        change(&self.office.db, async |tx| ask_back(tx, &act, id, "forkert sag").await).await
    }

    async fn cost(&self) -> i64 {
        let balances = self.office.balances().await;
        let is_expense = |account: &&Account| matches!(account, Account::Expense(_));
        balances.keys().filter(is_expense).map(|account| balances[account]).sum()
    }

    async fn breaks(&self) -> usize {
        let act: Act<Pay> = self.office.act("def").await;
        let today = self.office.today();
        change(&self.office.db, async |tx| reconcile(tx, &act, today).await.unwrap().len()).await
    }
}

#[tokio::test]
async fn what_was_paid_on_account_is_reported_and_only_the_rest_is_paid() {
    each_engine(|db| async move {
        let mut letter = Letter::open(&db).await;
        for month in [NOVEMBER, DECEMBER] {
            letter.propose(month).await;
        }
        let id = letter.register(&letter.given()).await.unwrap();
        assert!(letter.office.balances().await.is_empty(), "it counts when it is confirmed");
        let by_same = letter.confirm("abc", id).await.unwrap_err();
        assert!(matches!(by_same, BringInError::Elsewhere(ElsewhereError::SamePerson { .. })));
        let brought_in = letter.confirm("def", id).await.unwrap();
        assert_eq!((brought_in.state, brought_in.settled.payments), (State::Confirmed, 0));

        // 16,000 kr. a month is due and 15,000 is paid: 1,000 less 80 AM-bidrag and 55 % of 920.
        for month in [NOVEMBER, DECEMBER] {
            assert_eq!(letter.approve(month).await, Dkk::from_kroner(1_000 - 80 - 506));
        }
        assert_eq!(letter.cost().await, 3_200_000);
        assert_eq!(letter.office.balance(Account::Elsewhere).await, -1_760_000);
        assert_eq!(letter.office.balance(Account::Withheld(Withholding::ATax)).await, -1_101_200);
        assert_eq!(letter.office.balance(Account::Bank).await, 0, "the bank has paid nothing yet");

        letter.office.pay_out().await;
        assert_eq!(letter.office.balance(Account::Bank).await, -82_800);
        letter.office.report_and_hear().await;
        let year = letter.office.year(letter.parent, 2020).await;
        let expected = BTreeMap::from([(13, 3_200_000), (15, 1_101_200), (16, 256_000)]);
        assert_eq!(shown(&year), expected);
        assert_eq!(letter.office.year_at_register(CPR, 2020), expected);
        assert!(year.is_reported());
        assert_eq!(letter.breaks().await, 0);
        for month in [NOVEMBER, DECEMBER] {
            let look: Act<Look> = letter.office.act("abc").await;
            let mut read = db.read().await.unwrap();
            let month = month.parse().unwrap();
            let figures = figures(&mut read, &look, BENEFIT, month).await.unwrap();
            assert_eq!((figures.not_booked(), figures.not_paid()), (Dkk::ZERO, Dkk::ZERO));
            let today = letter.office.today();
            let agrees = check(&mut read, tenant(), month, today).await.unwrap().remove(0);
            assert_eq!(agrees.differences, []);
            assert_eq!(agrees.totals.paid, Dkk::from_kroner(16_000));
            let refund = refund_lines(&mut read, tenant(), BENEFIT, month).await.unwrap();
            let refund: Vec<Dkk> = refund.iter().map(|line| line.refund).collect();
            assert_eq!(refund, [Dkk::from_kroner(8_000)], "the state bears half");
        }
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_has_not_left_makes_way_and_one_that_has_is_named() {
    each_engine(|db| async move {
        let mut letter = Letter::open(&db).await;
        letter.approve(NOVEMBER).await;
        let november = Given {
            period: "2020-11-01..2020-11-30".parse().unwrap(),
            amount: Dkk::from_kroner(15_000),
            taken: Taken::default(),
            ..letter.given()
        };
        let id = letter.register(&november).await.unwrap();
        let settled = letter.confirm("def", id).await.unwrap().settled;
        assert_eq!((settled.withdrawn, settled.payments), (1, 1));
        assert_eq!(letter.office.states(letter.case.id).await, ["stopped 662400", "planned 41400"]);
        letter.office.pay_out().await;

        let again = Given {
            voucher: Voucher { number: "20418".to_owned(), ..november.voucher.clone() },
            ..november
        };
        let again = letter.register(&again).await.unwrap();
        let settled = letter.confirm("def", again).await.unwrap().settled;
        assert_eq!((settled.payments, settled.overpayments), (0, 1));
        assert!(letter.office.overpaid().await[0].ends_with(" 1500000"));
        letter.ask_back(again).await.unwrap();
        letter.confirm("def", again).await.unwrap();
        assert!(letter.office.overpaid().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_wrong_registration_is_taken_back_by_two_and_what_it_settled_is_due_again() {
    each_engine(|db| async move {
        let mut letter = Letter::open(&db).await;
        letter.propose(NOVEMBER).await;
        letter.propose(DECEMBER).await;
        let id = letter.register(&letter.given()).await.unwrap();
        letter.confirm("def", id).await.unwrap();
        letter.approve(NOVEMBER).await;
        letter.approve(DECEMBER).await;
        letter.office.pay_out().await;
        letter.office.report_and_hear().await;

        assert_eq!(letter.ask_back(id).await.unwrap(), State::TakeBackAsked);
        assert!(letter.confirm("abc", id).await.is_err());
        let taken_back = letter.confirm("def", id).await.unwrap();
        assert_eq!((taken_back.state, taken_back.settled.payments), (State::TakenBack, 2));
        assert!(letter.confirm("def", id).await.is_err(), "once");
        assert_eq!(letter.cost().await, 3_200_000);
        assert_eq!(letter.office.balance(Account::Elsewhere).await, 0);

        letter.office.pay_out().await;
        letter.office.report_and_hear().await;
        assert!(letter.office.year(letter.parent, 2020).await.is_reported());
        assert_eq!(letter.office.year_at_register(CPR, 2020)[&13], 3_200_000);
        assert_eq!(letter.breaks().await, 0);
        // The voucher can be registered again, rightly.
        let right = letter.register(&letter.given()).await.unwrap();
        assert_eq!(
            letter.ask_back(right).await.unwrap(),
            State::TakenBack,
            "nobody had confirmed it"
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_right_is_refused() {
    each_engine(|db| async move {
        let letter = Letter::open(&db).await;
        let given = letter.given();
        let refused = async |given: Given| letter.register(&given).await.unwrap_err();
        let early = refused(given.clone()).await;
        assert!(
            matches!(early, BringInError::NoLine { .. }),
            "the month is not calculated: {early}"
        );
        letter.propose(NOVEMBER).await;
        let voucher = Voucher { paid_on: day("2021-01-06"), ..given.voucher.clone() };
        let future = refused(Given { voucher, ..given.clone() }).await;
        assert!(matches!(future, BringInError::Elsewhere(ElsewhereError::Future(_))));
        let taken = Taken { a_tax: Dkk::from_kroner(30_001), ..Taken::default() };
        let much = refused(Given { taken, ..given.clone() }).await;
        assert!(matches!(much, BringInError::Elsewhere(ElsewhereError::WithheldTooMuch(_))));
        let other = refused(Given { posting_code: "x".to_owned(), ..given.clone() }).await;
        assert!(matches!(other, BringInError::NoLine { .. }));
        letter.register(&given).await.unwrap();
        let twice = refused(given.clone()).await;
        assert!(matches!(twice, BringInError::Elsewhere(ElsewhereError::Again { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_file_goes_in_whole_or_tells_every_row_that_is_wrong() {
    each_engine(|db| async move {
        let letter = Letter::open(&db).await;
        letter.propose(NOVEMBER).await;
        let act: Act<Register> = letter.office.act("abc").await;
        let head = "sag;postering;fra;til;beløb;system;bilag;betalt;modtager";
        let number = letter.case.number;
        let right = format!(
            "{number};{POSTING};2020-11-01;2020-11-30;15.000,00;Prisme;1;2020-12-18;070761-4002"
        );
        let import_rows = async |rows: &[&str]| {
            let table = format!("{head}\n{}\n", rows.join("\n"));
            let mut tx = db.begin().await.unwrap();
            let ids = import(&mut tx, &act, table.as_bytes()).await?;
            tx.commit().await.unwrap();
            Ok::<_, FileError>(ids)
        };
        let stranger = right.replace("070761-4002", "0101901234").replace(";1;", ";2;");
        let nobody = "2020-99999;x;2020-11-01;2020-11-30;1;P;3;2020-12-18;";
        let wrong = import_rows(&[&right, &stranger, nobody]).await;
        let FileError::Rows(rows) = wrong.unwrap_err() else { panic!("rows are wrong") };
        assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 4]);
        let registered =
            async || paid_elsewhere(&mut db.read().await.unwrap(), tenant(), true).await.unwrap();
        assert!(registered().await.is_empty(), "all or nothing");
        assert_eq!(import_rows(&[&right]).await.unwrap().len(), 1);
        assert_eq!(registered().await[0].amount, Dkk::from_kroner(15_000));
        let FileError::Rows(again) = import_rows(&[&right]).await.unwrap_err() else {
            panic!("again")
        };
        assert!(again[0].why.contains("is registered"), "{}", again[0]);
    })
    .await;
}
