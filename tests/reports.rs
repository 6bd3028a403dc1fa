//! Reports to the income register: what is sent, what is heard, and that the register's year is ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use ydun::access::{Administer, Approve, Pay, StopPayments};
use ydun::adapters::eindkomst::{Eindkomst, Purpose};
use ydun::cases::ALL_CASES;
use ydun::db::Db;
use ydun::payments::service::{self as payments, PayAgainError, pay_again, stop};
use ydun::payments::{Lane, Payment, State};
use ydun::reports::service::{self, Heard, NewRepayment, Prepared};
use ydun::reports::year::{YearStatement, statement};
use ydun::tax::Card;
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PartyId};
use ydun_peers::simskat::{self, Simskat};
use ydun_runtime::manifest::IncomeReport;

use crate::money::{Line, NO_ACCOUNT, Office, expense, taxation};
use crate::support::{at, change, each_empty_engine, each_engine, tenant};

const SE: &str = "29189803";
const CPRS: [&str; 2] = ["0101901234", "0201901234"];
const FORMAT: Eindkomst = Eindkomst { purpose: Purpose::Test };

/// The office's way to the register and back.
impl Office {
    async fn report(&self) -> Prepared {
        let act = self.act::<Pay>("abc").await;
        let prepared = change(&self.db, async |tx| service::prepare(tx, &act).await.unwrap()).await;
        let folder = self.folder("til-skat");
        service::send(&self.db, &act, &FORMAT, &folder).await.unwrap();
        prepared
    }

    fn register(&self) -> Simskat {
        Simskat::open(&self.folder("skat").join("books.json")).unwrap()
    }

    fn register_works(&self, refuse: &[&str]) {
        let refuse = refuse.iter().map(|cpr| (*cpr).to_owned()).collect();
        let mut register = self.register().refusing(refuse);
        simskat::work(&mut register, &self.folder("til-skat"), &self.folder("fra-skat")).unwrap();
    }

    /// Hears every answer there is, those heard before too.
    async fn hear_register(&self) -> Vec<Heard> {
        let act = self.act::<Pay>("abc").await;
        let answers = fs::read_dir(self.folder("fra-skat")).unwrap();
        let mut answers: Vec<_> = answers.map(|entry| entry.unwrap().path()).collect();
        answers.sort();
        let mut heard = Vec::new();
        for answer in answers {
            let bytes = fs::read(answer).unwrap();
            let new = change(&self.db, async |tx| {
                service::hear(tx, &act, &FORMAT, &bytes).await.unwrap()
            });
            heard.push(new.await);
        }
        heard.retain(|heard| !heard.again);
        heard
    }

    /// Reports, and hears what came of it.
    pub(crate) async fn report_and_hear(&self) -> Prepared {
        let prepared = self.report().await;
        self.register_works(&[]);
        self.hear_register().await;
        prepared
    }

    async fn resend(&self) -> u64 {
        let act = self.act::<Pay>("abc").await;
        change(&self.db, async |tx| service::resend(tx, &act).await.unwrap()).await
    }

    pub(crate) async fn year(&self, party: PartyId, year: i32) -> YearStatement {
        statement(&mut self.db.read().await.unwrap(), self.tenant, party, year).await.unwrap()
    }

    /// What the register thinks a person's year is, in øre.
    pub(crate) fn year_at_register(&self, cpr: &str, year: i32) -> BTreeMap<u16, i64> {
        let mut totals = self.register().books().year_of(SE, cpr, &year.to_string());
        totals.retain(|field, _| !matches!(field, 214..=216));
        totals
    }

    pub(crate) async fn pay_out(&mut self) {
        self.send(&self.today().to_string()).await;
        self.publish().await;
        self.bank_works(self.today().date());
        self.now += TimeDelta::days(9);
        self.bank_works(self.today().date());
        for answer in self.answers() {
            self.hear(&answer).await;
        }
    }

    async fn repay(&self, payment: &Payment, line: &str, oere: i64, key: &str) -> service::Repaid {
        let act = self.act::<Pay>("abc").await;
        let new = NewRepayment {
            key: key.to_owned(),
            payment: payment.id,
            line_key: line.to_owned(),
            gross: Dkk::from_oere(oere),
            on: self.today(),
        };
        change(&self.db, async |tx| service::repay(tx, &act, new).await.unwrap()).await
    }
}

pub(crate) fn shown(year: &YearStatement) -> BTreeMap<u16, i64> {
    year.lines
        .iter()
        .filter(|line| !line.paid.is_zero())
        .map(|line| (line.field, line.paid.oere()))
        .collect()
}

/// A citizen who pays 40 % of everything, and a case.
async fn citizen(office: &Office) -> (CaseId, PartyId) {
    let (case, payee) = (office.case().await, office.citizen("Anders Ågård").await);
    office.tax_card(payee, Card::Secondary { percent: 40 }, "2020-01-01").await;
    (case, payee)
}

#[tokio::test]
async fn what_was_paid_is_reported_once_and_counts_when_it_is_accepted() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office).await;
        office.decide(case, "2020-10", &[("x", payee, "hjælp", 100_000)]).await;
        assert_eq!(office.report().await.reports, 0, "it is not paid yet");
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        assert_eq!(office.report().await.reports, 1);
        let again = office.report().await;
        assert_eq!((again.reports, again.waiting), (0, 1));
        assert!(!office.year(payee, 2020).await.is_reported());
        office.register_works(&[]);
        let heard = office.hear_register().await;
        assert_eq!(heard.iter().map(|heard| heard.received).sum::<usize>(), 1);
        assert_eq!(heard.iter().map(|heard| heard.accepted).sum::<usize>(), 1);
        assert!(office.hear_register().await.is_empty());
        assert_eq!(office.report().await, Prepared::default());
        let year = office.year(payee, 2020).await;
        assert!(year.is_reported());
        let expected = BTreeMap::from([(14, 100_000), (15, 40_000), (47, 300)]);
        assert_eq!(
            (shown(&year), office.year_at_register(CPRS[0], 2020)),
            (expected.clone(), expected)
        );
        let text = year.text("Anders Ågård");
        assert!(text.contains("Indeholdt A-skat") && text.contains("400,00 kr."), "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_employers_money_is_not_reported_and_income_without_a_way_is_named() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office).await;
        let firm = office.company(1).await;
        let mut approved = office
            .approved(case, "2020-10", &[("x", firm, "a", 100), ("y", payee, "hjælp", 10_000)])
            .await;
        approved.lines[1].tax.report = None;
        office.settle(&[&approved]).await.unwrap();
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        let prepared = office.report().await;
        assert_eq!((prepared.reports, prepared.unreportable.len()), (0, 1));
        assert_eq!(prepared.unreportable[0].posting_code, "hjælp");

        let act = office.act::<Administer>("abc").await;
        let days = "2020-01-01..2020-12-31".parse().unwrap();
        let report = taxation("hjælp").report.unwrap();
        let changed = change(&db, async |tx| {
            service::report_as(tx, &act, "hjælp", days, &report).await.unwrap()
        })
        .await;
        assert_eq!(changed, 1);
        let prepared = office.report_and_hear().await;
        assert_eq!((prepared.reports, prepared.unreportable.len()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn more_of_the_same_is_a_supplement_and_a_wrong_kind_is_reversed() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office).await;
        office.decide(case, "2020-10", &[("x", payee, "tilskud", 100_000)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.report_and_hear().await;
        office.decide(case, "2020-10", &[("x", payee, "tilskud", 150_000)]).await;
        office.pay_out().await;
        let more = office.report_and_hear().await;
        assert_eq!((more.reports, more.reversals), (1, 0));

        let act = office.act::<Administer>("abc").await;
        let days = "2020-10-01..2020-10-31".parse::<ydun_domain::Period>().unwrap();
        let right = IncomeReport {
            income_kind: Some("0041".to_owned()),
            ..taxation("tilskud").report.unwrap()
        };
        change(&db, async |tx| {
            service::report_as(tx, &act, "tilskud", days, &right).await.unwrap()
        })
        .await;
        let anew = office.report_and_hear().await;
        assert_eq!((anew.reports, anew.reversals), (1, 2));
        assert!(office.year(payee, 2020).await.is_reported());
        assert_eq!(office.year_at_register(CPRS[0], 2020)[&14], 150_000);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_waits_for_a_person_and_is_then_told_anew() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office).await;
        office.decide(case, "2020-10", &[("x", payee, "taf", 100_000)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.report().await;
        office.register_works(&[CPRS[0]]);
        office.hear_register().await;
        let rejected = service::rejected(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(rejected.len(), 1);
        assert!(rejected[0].answer.contains("E99"), "{rejected:?}");
        assert_eq!(office.report().await.reports, 0, "nobody has looked into it");
        assert!(!office.year(payee, 2020).await.is_reported());
        assert_eq!(office.resend().await, 1);
        assert_eq!(office.report_and_hear().await.reports, 1);
        assert!(office.year(payee, 2020).await.is_reported());
    })
    .await;
}

#[tokio::test]
async fn repaid_in_the_year_the_tax_comes_back_and_later_only_the_income_falls() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, payee) = citizen(&office).await;
        office.decide(case, "2020-10", &[("x", payee, "hjælp", 100_000)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.report_and_hear().await;
        office.decide(case, "2020-10", &[("x", payee, "hjælp", 60_000)]).await;
        assert_eq!(office.overpaid().await, ["x:2020-10 40000"]);
        let payment = office.payments(case).await.remove(0);
        let repaid = office.repay(&payment, "x:2020-10", 10_000, "a").await;
        assert_eq!((repaid.pays, repaid.tax), (Dkk::from_oere(6_000), Dkk::from_oere(4_000)));
        assert!(office.repay(&payment, "x:2020-10", 10_000, "a").await.again);
        let pay = office.act::<Pay>("abc").await;
        let today = office.today();
        let breaks = change(&db, async |tx| payments::reconcile(tx, &pay, today).await.unwrap());
        assert!(breaks.await.is_empty(), "what is paid back is no break");
        assert_eq!(office.overpaid().await, ["x:2020-10 30000"]);
        office.report_and_hear().await;
        assert_eq!(office.year_at_register(CPRS[0], 2020)[&15], 36_000);

        office.now = at("2021-02-01T09:00:00Z");
        let repaid = office.repay(&payment, "x:2020-10", 30_000, "b").await;
        assert_eq!((repaid.pays, repaid.tax), (Dkk::from_oere(30_000), Dkk::ZERO));
        assert!(office.overpaid().await.is_empty());
        let later = office.report_and_hear().await;
        assert_eq!((later.reports, later.reversals), (1, 0));
        let year = office.year_at_register(CPRS[0], 2020);
        assert_eq!((year[&14], year[&15]), (60_000, 36_000));
        assert_eq!(office.balance(expense("hjælp")).await, 60_000);
        let settled = office.decide(case, "2020-10", &[("x", payee, "hjælp", 60_000)]).await;
        assert_eq!((settled.payments, settled.overpayments.len()), (0, 0));
    })
    .await;
}

// ---------------------------------------------------------------------------------------------

const MONTHS: [&str; 3] = ["2020-10", "2020-11", "2020-12"];
const POSTINGS: [&str; 4] = ["taf", "hjælp", "tilskud", "skattefri"];
const SEQUENCES: usize = 20;

/// What must come about in some sequence, or all of them together prove little.
const WANTED: [&str; 7] =
    ["reported", "reversal", "refused", "stopped", "paid again", "repaid", "held back"];

/// Something that happens. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Happening {
    Decide { month: usize, lines: Vec<(usize, usize, i64)>, saved: i64 },
    Stop { payment: usize },
    BankRefuses { person: usize },
    BankPays { person: usize },
    PayAgain { payment: usize },
    NewCard { person: usize, percent: u8, kroner: i64 },
    KindIs { posting: usize, kind: usize },
    Repay { overpayment: usize, percent: i64 },
    PayOut,
    Report,
    RegisterWorks { refuses: bool },
    Hear,
    Resend,
    AllGoesWell,
}

fn happening() -> impl Strategy<Value = Happening> {
    let lines = prop::collection::vec((0..CPRS.len(), 0..POSTINGS.len(), 0..2_000_000i64), 0..=2);
    let saved = prop_oneof![Just(0), 0..300_000i64];
    prop_oneof![
        5 => (0..MONTHS.len(), lines, saved)
            .prop_map(|(month, lines, saved)| Happening::Decide { month, lines, saved }),
        1 => (0..50usize).prop_map(|payment| Happening::Stop { payment }),
        1 => (0..CPRS.len()).prop_map(|person| Happening::BankRefuses { person }),
        1 => (0..CPRS.len()).prop_map(|person| Happening::BankPays { person }),
        2 => (0..50usize).prop_map(|payment| Happening::PayAgain { payment }),
        1 => (0..CPRS.len(), 20..60u8, 0..9_000i64)
            .prop_map(|(person, percent, kroner)| Happening::NewCard { person, percent, kroner }),
        3 => (0..POSTINGS.len(), 0..2usize)
            .prop_map(|(posting, kind)| Happening::KindIs { posting, kind }),
        2 => (0..50usize, 1..=100i64)
            .prop_map(|(overpayment, percent)| Happening::Repay { overpayment, percent }),
        4 => Just(Happening::PayOut),
        3 => Just(Happening::Report),
        3 => prop::bool::weighted(0.4).prop_map(|refuses| Happening::RegisterWorks { refuses }),
        3 => Just(Happening::Hear),
        1 => Just(Happening::Resend),
        3 => Just(Happening::AllGoesWell),
    ]
}

struct World {
    office: Office,
    case: CaseId,
    people: Vec<PartyId>,
    repaid: i64,
    repayments: usize,
    seen: BTreeSet<&'static str>,
}

impl World {
    async fn new(db: &Db, tenant: u16) -> Self {
        let mut office = Office::new(db, tenant).await;
        office.now = at("2020-11-30T09:00:00Z");
        let case = office.case().await;
        let mut people = Vec::new();
        for cpr in CPRS {
            let identity = ydun::parties::Identity::Citizen(cpr.parse().unwrap());
            people.push(office.party("En borger", identity).await);
        }
        let card = Card::Main { percent: 38, allowance: Dkk::from_kroner(4_000) };
        office.tax_card(people[0], card, "2020-01-01").await;
        Self { office, case, people, repaid: 0, repayments: 0, seen: BTreeSet::new() }
    }

    async fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Decide { month, lines, saved } => {
                self.decide(MONTHS[*month], lines, *saved).await;
            }
            Happening::Stop { payment } => self.stop(*payment).await,
            Happening::BankRefuses { person } => {
                self.office.script.insert(format!("CPR:{}", CPRS[*person]), NO_ACCOUNT);
            }
            Happening::BankPays { person } => {
                self.office.script.remove(&format!("CPR:{}", CPRS[*person]));
            }
            Happening::PayAgain { payment } => self.pay_again(*payment).await,
            Happening::NewCard { person, percent, kroner } => {
                let allowance = Dkk::from_kroner(*kroner);
                let card = Card::Main { percent: *percent, allowance };
                let today = self.office.today().to_string();
                self.office.tax_card(self.people[*person], card, &today).await;
            }
            Happening::KindIs { posting, kind } => self.kind_is(POSTINGS[*posting], *kind).await,
            Happening::Repay { overpayment, percent } => self.repay(*overpayment, *percent).await,
            Happening::PayOut => self.office.pay_out().await,
            Happening::Report => self.report().await,
            Happening::RegisterWorks { refuses: false } => self.office.register_works(&[]),
            Happening::RegisterWorks { refuses: true } => {
                self.report().await;
                self.office.register_works(&CPRS);
                self.hear().await;
            }
            Happening::Hear => self.hear().await,
            Happening::Resend => drop(self.office.resend().await),
            Happening::AllGoesWell => {
                self.office.pay_out().await;
                self.report().await;
                self.office.register_works(&[]);
                self.hear().await;
            }
        }
    }

    async fn decide(&mut self, month: &str, lines: &[(usize, usize, i64)], saved: i64) {
        let mut decided: Vec<Line> = lines
            .iter()
            .zip(["x", "y"])
            .map(|((person, posting, oere), key)| {
                (key, self.people[*person], POSTINGS[*posting], *oere)
            })
            .collect();
        if saved > 0 {
            decided.push(("s", self.people[0], "besparelse", -saved));
        }
        let mut approved = self.office.approved(self.case, month, &decided).await;
        approved.due = self.office.today();
        self.office.settle(&[&approved]).await.unwrap();
        let held = self.office.balance(expense("besparelse")).await < 0;
        self.seen.extend(held.then_some("held back"));
    }

    async fn payments(&self) -> Vec<Payment> {
        self.office.payments(self.case).await
    }

    async fn stop(&mut self, number: usize) {
        let mut payments = self.payments().await;
        payments.retain(|payment| payment.state == State::Planned);
        let Some(payment) = pick(&payments, number) else { return };
        let act = self.office.act::<StopPayments>("abc").await;
        change(&self.office.db, async |tx| stop(tx, &act, payment.id, "prøve").await.unwrap())
            .await;
        self.seen.insert("stopped");
    }

    async fn pay_again(&mut self, number: usize) {
        let mut payments = self.payments().await;
        payments.retain(|payment| payment.state.is_parked());
        let Some(payment) = pick(&payments, number) else { return };
        let act = self.office.act::<Approve>("def").await;
        let mut tx = self.office.db.begin().await.unwrap();
        let bank = &self.office.bank;
        match pay_again(&mut tx, &act, bank, payment.id, Lane::DagTilDag).await {
            Ok(_) => tx.commit().await.unwrap(),
            // A newer decision gives less: there is nothing to pay, so somebody stops it.
            Err(PayAgainError::NothingDue) => {
                drop(tx);
                let act = self.office.act::<StopPayments>("abc").await;
                let stopping = async |tx: &mut ydun::db::Tx| {
                    stop(tx, &act, payment.id, "intet skyldes").await.unwrap();
                };
                change(&self.office.db, stopping).await;
                return;
            }
            Err(error) => panic!("{error}"),
        }
        self.seen.insert("paid again");
    }

    /// The kind under which a posting's incomes are reported turns out to be another.
    async fn kind_is(&mut self, posting: &str, kind: usize) {
        let Some(report) = taxation(posting).report else { return };
        let kind = ["0041", "0105"][kind].to_owned();
        let report = IncomeReport { income_kind: Some(kind), ..report };
        let act = self.office.act::<Administer>("abc").await;
        let days = "2020-01-01..2021-12-31".parse().unwrap();
        change(&self.office.db, async |tx| {
            service::report_as(tx, &act, posting, days, &report).await.unwrap()
        })
        .await;
    }

    /// Somebody pays back some of what is overpaid, of the newest payment that has it.
    async fn repay(&mut self, number: usize, percent: i64) {
        let mut read = self.office.db.read().await.unwrap();
        let tenant = self.office.tenant;
        let open = payments::overpayments(&mut read, tenant, &ALL_CASES).await.unwrap();
        let mut choices = Vec::new();
        for payment in self.payments().await {
            if !matches!(payment.state, State::Settled) {
                continue;
            }
            for open in open.iter().filter(|open| open.payee == payment.payee.id) {
                choices.push((payment.clone(), open.clone()));
            }
        }
        drop(read);
        let Some((payment, open)) = pick(&choices, number) else { return };
        let gross = (open.amount.oere() * percent / 100).max(1);
        let act = self.office.act::<Pay>("abc").await;
        self.repayments += 1;
        let new = NewRepayment {
            key: format!("b{}", self.repayments),
            payment: payment.id,
            line_key: open.line_key.clone(),
            gross: Dkk::from_oere(gross),
            on: self.office.today(),
        };
        let mut tx = self.office.db.begin().await.unwrap();
        // A line without income, or with too little left of it, is refused; then nothing has happened.
        if let Ok(repaid) = service::repay(&mut tx, &act, new).await {
            tx.commit().await.unwrap();
            self.repaid += repaid.pays.oere();
            self.seen.insert("repaid");
        }
    }

    async fn report(&mut self) {
        let prepared = self.office.report().await;
        assert!(prepared.unreportable.is_empty());
        self.seen.extend((prepared.reports > 0).then_some("reported"));
        self.seen.extend((prepared.reversals > 0).then_some("reversal"));
    }

    async fn hear(&mut self) {
        for heard in self.office.hear_register().await {
            assert!(heard.unknown.is_empty(), "{heard:?}");
            self.seen.extend((heard.refused > 0).then_some("refused"));
        }
        let act = self.office.act::<Pay>("abc").await;
        let mut read = self.office.db.read().await.unwrap();
        // The register refuses only whom it was told to refuse: what we send is otherwise right.
        for rejected in service::rejected(&mut read, act.tenant()).await.unwrap() {
            let told = &rejected.answer;
            let follows = told.contains("E12") || told.contains("E07");
            assert!(told.contains("E99") || follows, "{rejected:?}");
        }
    }

    /// Lets everything arrive, and compares the years.
    async fn come_to_rest(&mut self) {
        self.office.script.clear();
        for _ in 0..3 {
            self.office.pay_out().await;
            while self.payments().await.iter().any(|payment| payment.state.is_parked()) {
                self.pay_again(0).await;
            }
        }
        for round in 0.. {
            self.office.register_works(&[]);
            self.hear().await;
            let resent = self.office.resend().await;
            if self.office.report().await.file.is_none() && resent == 0 {
                break;
            }
            assert!(round < 6, "it never comes to rest");
        }
        let mut taxed = 0;
        for (cpr, person) in CPRS.iter().zip(&self.people) {
            for year in [2020, 2021] {
                let ours = self.office.year(*person, year).await;
                assert!(ours.is_reported(), "{ours:?}");
                let theirs = self.office.year_at_register(cpr, year);
                assert_eq!(shown(&ours), theirs, "{cpr} {year}");
                let of = |field: u16| theirs.get(&field).copied().unwrap_or_default();
                taxed += of(13) + of(14) - of(15) - of(16);
            }
        }
        let free = self.office.balance(expense("skattefri")).await;
        let held = self.office.balance(expense("besparelse")).await;
        let bank = self.office.books().total_settled().0;
        assert_eq!(bank - self.repaid, taxed + free + held, "the money people have got");
    }
}

fn pick<T>(from: &[T], number: usize) -> Option<&T> {
    if from.is_empty() { None } else { from.get(number % from.len()) }
}

/// The same sequences each time; `YDUN_SEQUENCES` asks for more of them.
fn sequences() -> Vec<Vec<Happening>> {
    let count = std::env::var("YDUN_SEQUENCES").map_or(SEQUENCES, |count| count.parse().unwrap());
    let mut runner = TestRunner::deterministic();
    let any = prop::collection::vec(happening(), 10..45);
    (0..count).map(|_| any.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test]
async fn whatever_happens_the_registers_year_is_ours_and_the_money_agrees() {
    each_empty_engine(|db| async move {
        let mut seen = BTreeSet::new();
        for (number, sequence) in sequences().iter().enumerate() {
            let mut world = World::new(&db, 101 + u16::try_from(number % 899).unwrap()).await;
            for (step, happening) in sequence.iter().enumerate() {
                eprintln!("sequence {number}, step {step}: {happening:?}");
                world.happen(happening).await;
            }
            world.come_to_rest().await;
            seen.append(&mut world.seen);
        }
        assert!(
            WANTED.iter().all(|wanted| seen.contains(wanted)),
            "the sequences prove little: {seen:?}"
        );
    })
    .await;
}
