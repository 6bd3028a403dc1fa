//! Any sequence of decisions, runs, stops, answers and retries ends in the same place: everybody has
//! what is due, or the difference is an open, named item.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use ydun::access::{Approve, Pay, StopPayments};
use ydun::cases::ALL_CASES;
use ydun::db::Db;
use ydun::ledger;
use ydun::ledger::Account;
use ydun::payments::reconcile::{Break, Kind};
use ydun::payments::service::{self, Stop, pay_again, stop};
use ydun::payments::stop::StopState;
use ydun::payments::{Approved, Lane, Payment, State};
use ydun_domain::Period;
use ydun_domain::ids::{CaseId, PartyId, PaymentId};

use crate::money::{
    BOUNCES, CLOSED_LATER, Line, MESSAGES, NO_ACCOUNT, Office, SLOW, SLOW_TO_STOP, UNSTOPPABLE,
    at_bank,
};
use crate::support::each_empty_engine;

const CASES: usize = 2;
const PAYEES: usize = 3;
const MONTHS: [&str; 2] = ["2020-10", "2020-11"];
const LINES: [&str; 2] = ["x", "y"];
const POSTINGS: [&str; 2] = ["a", "b"];
/// What becomes of payments to a payee; the first is paid.
const RULES: [Option<&str>; 8] = [
    None,
    Some(SLOW),
    Some(NO_ACCOUNT),
    Some(CLOSED_LATER),
    Some(BOUNCES),
    Some(BOUNCES),
    Some(UNSTOPPABLE),
    Some(SLOW_TO_STOP),
];
/// How the bank's messages come; the first is at once.
const DELIVERIES: [Option<&str>; 4] = [
    None,
    Some(r#"{"delivery": "late"}"#),
    Some(r#"{"delivery": "twice"}"#),
    Some(r#"{"delivery": "lost"}"#),
];
const SEQUENCES: usize = 24;

/// What must come about in some sequence, or all of them together prove little.
const WANTED: [&str; 12] = [
    "planned",
    "sent",
    "accepted",
    "settled",
    "stopped",
    "rejected",
    "returned",
    "stopped at the bank",
    "stop refused",
    "overpaid",
    "paid again",
    "taken back",
];

/// Something that happens. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Happening {
    Decide {
        case: usize,
        month: usize,
        lines: Vec<(usize, usize, i64)>,
    },
    SettleAgain {
        decision: usize,
    },
    Stop {
        payment: usize,
    },
    PayAgain {
        payment: usize,
    },
    PayeeBecomes {
        payee: usize,
        rule: usize,
    },
    MessagesCome {
        delivery: usize,
    },
    Send,
    SendStops,
    Publish,
    BankWorks,
    /// Hears every answer there is, those heard before too.
    Hear,
    DaysPass {
        days: i64,
    },
    /// All goes as it should, and some days pass.
    GoodDays {
        days: i64,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    let lines =
        prop::collection::vec((0..PAYEES, 0..POSTINGS.len(), 0..100_000i64), 0..=LINES.len());
    prop_oneof![
        5 => (0..CASES, 0..MONTHS.len(), lines)
            .prop_map(|(case, month, lines)| Happening::Decide { case, month, lines }),
        1 => (0..50usize).prop_map(|decision| Happening::SettleAgain { decision }),
        4 => (0..50usize).prop_map(|payment| Happening::Stop { payment }),
        4 => (0..50usize).prop_map(|payment| Happening::PayAgain { payment }),
        1 => (0..PAYEES, 0..RULES.len()).prop_map(|(payee, rule)| Happening::PayeeBecomes { payee, rule }),
        1 => (0..DELIVERIES.len()).prop_map(|delivery| Happening::MessagesCome { delivery }),
        3 => Just(Happening::SendStops),
        4 => Just(Happening::Send),
        4 => Just(Happening::Publish),
        4 => Just(Happening::BankWorks),
        4 => Just(Happening::Hear),
        2 => (1..9i64).prop_map(|days| Happening::DaysPass { days }),
        4 => (1..9i64).prop_map(|days| Happening::GoodDays { days }),
    ]
}

/// Case, line and payee.
type Owed = (CaseId, String, PartyId);

/// An office, and what it should have come to.
struct World {
    office: Office,
    cases: Vec<CaseId>,
    payees: Vec<PartyId>,
    decisions: Vec<Approved>,
    due: BTreeMap<Owed, i64>,
    /// The payments the bank is to be asked to stop, or has been.
    asked: BTreeSet<PaymentId>,
    /// Every state a payment was found in, and what else has come about.
    seen: BTreeSet<&'static str>,
}

impl World {
    async fn new(db: &Db, tenant: u16) -> Self {
        let office = Office::new(db, tenant).await;
        let (mut cases, mut payees) = (Vec::new(), Vec::new());
        for _ in 0..CASES {
            cases.push(office.case().await);
        }
        for number in 0..PAYEES {
            payees.push(office.company(u32::try_from(number).unwrap()).await);
        }
        let mut world = Self {
            office,
            cases,
            payees,
            decisions: vec![],
            due: BTreeMap::new(),
            asked: BTreeSet::new(),
            seen: BTreeSet::new(),
        };
        world.payee_becomes(0, Some(BOUNCES));
        world
    }

    async fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Decide { case, month, lines } => {
                self.decide(*case, MONTHS[*month], lines).await;
            }
            Happening::SettleAgain { decision } => self.settle_again(*decision).await,
            Happening::Stop { payment } => self.stop(*payment).await,
            Happening::PayAgain { payment } => self.pay_again(*payment).await,
            Happening::PayeeBecomes { payee, rule } => self.payee_becomes(*payee, RULES[*rule]),
            Happening::Send => drop(self.office.send(&self.office.today().to_string()).await),
            Happening::MessagesCome { delivery } => self.messages_come(DELIVERIES[*delivery]),
            Happening::SendStops => drop(self.office.send_stops().await),
            Happening::Publish => drop(self.office.publish().await),
            Happening::BankWorks => drop(self.office.bank_works(self.today())),
            Happening::Hear => self.hear().await,
            Happening::DaysPass { days } => self.office.now += TimeDelta::days(*days),
            Happening::GoodDays { days } => self.good_days(*days).await,
        }
    }

    async fn good_days(&mut self, days: i64) {
        drop(self.office.send(&self.office.today().to_string()).await);
        drop(self.office.publish().await);
        drop(self.office.bank_works(self.today()));
        self.hear().await;
        drop(self.office.send_stops().await);
        drop(self.office.publish().await);
        self.office.now += TimeDelta::days(days);
        drop(self.office.bank_works(self.today()));
        self.hear().await;
    }

    fn messages_come(&mut self, delivery: Option<&'static str>) {
        match delivery {
            Some(delivery) => drop(self.office.script.insert(MESSAGES.to_owned(), delivery)),
            None => drop(self.office.script.remove(MESSAGES)),
        }
    }

    fn payee_becomes(&mut self, payee: usize, rule: Option<&'static str>) {
        let payee = at_bank(u32::try_from(payee).unwrap());
        match rule {
            Some(rule) => drop(self.office.script.insert(payee, rule)),
            None => drop(self.office.script.remove(&payee)),
        }
    }

    fn today(&self) -> NaiveDate {
        self.office.today().date()
    }

    async fn decide(&mut self, case: usize, month: &str, lines: &[(usize, usize, i64)]) {
        let case = self.cases[case];
        let lines: Vec<Line> = lines
            .iter()
            .zip(LINES)
            .map(|((payee, posting, oere), key)| {
                (key, self.payees[*payee], POSTINGS[*posting], *oere)
            })
            .collect();
        let mut approved = self.office.approved(case, month, &lines).await;
        approved.due = self.office.today(); // so that it leaves as soon as the lane can
        let settled = self.office.settle(&[&approved]).await.unwrap();
        self.seen.extend((settled.withdrawn > 0).then_some("taken back"));
        let of_month = |(of, key, _): &Owed| *of == case && key.ends_with(month);
        self.due.retain(|owed, _| !of_month(owed));
        for line in &approved.lines {
            self.due.insert((case, line.key.clone(), line.payee), line.amount.oere());
        }
        self.decisions.push(approved);
    }

    /// The newest decision of a case and month; an older one is no longer approved.
    async fn settle_again(&mut self, decision: usize) {
        let mut newest = BTreeMap::new();
        for decision in &self.decisions {
            newest.insert((decision.case_id, decision.period.first()), decision.clone());
        }
        let newest: Vec<Approved> = newest.into_values().collect();
        if let Some(decision) = pick(&newest, decision) {
            let settled = self.office.settle(&[decision]).await.unwrap();
            assert_eq!((settled.payments, settled.settled_before), (0, 1), "paid twice");
        }
    }

    async fn all_payments(&self) -> Vec<Payment> {
        let mut payments = Vec::new();
        for case in &self.cases {
            payments.extend(self.office.payments(*case).await);
        }
        payments
    }

    async fn stop(&mut self, payment: usize) {
        let payments = self.all_payments().await;
        let Some(payment) = pick(&payments, payment) else { return };
        let act = self.office.act::<StopPayments>("abc").await;
        let mut tx = self.office.db.begin().await.unwrap();
        let stopped = stop(&mut tx, &act, payment.id, "prøve").await;
        let is_over = matches!(payment.state, State::Settled | State::Stopped);
        assert_eq!(stopped.is_ok(), !is_over && !self.asked.contains(&payment.id));
        if let Ok(stopped) = stopped {
            tx.commit().await.unwrap();
            if matches!(stopped, Stop::AtBank(_)) {
                self.asked.insert(payment.id);
            }
        }
    }

    async fn pay_again(&mut self, payment: usize) {
        let payments = self.all_payments().await;
        let Some(payment) = pick(&payments, payment) else { return };
        let act = self.office.act::<Approve>("def").await;
        let mut tx = self.office.db.begin().await.unwrap();
        let again = pay_again(&mut tx, &act, &self.office.bank, payment.id, Lane::DagTilDag).await;
        match again {
            Ok(_) => assert!(payment.state.is_parked() || payment.state == State::Stopped),
            Err(_) => assert!(!payment.state.is_parked(), "what is parked can be paid again"),
        }
        if again.is_ok() {
            tx.commit().await.unwrap();
            self.seen.insert("paid again");
        }
    }

    async fn hear(&mut self) {
        let Ok(answers) = fs::read_dir(self.office.answers_folder()) else { return };
        let mut answers: Vec<_> = answers.map(|entry| entry.unwrap().path()).collect();
        answers.sort();
        for answer in answers {
            let heard = self.office.hear(&fs::read(answer).unwrap()).await;
            assert!(heard.alarms.is_empty() && heard.unknown.is_empty(), "{heard:?}");
        }
        let asked: Vec<PaymentId> = self.asked.iter().copied().collect();
        let mut read = self.office.db.read().await.unwrap();
        for request in service::stop_requests(&mut read, self.office.tenant, &asked).await.unwrap()
        {
            let by_bank = request.message_id.is_some();
            self.seen.extend(match request.state {
                StopState::Stopped if by_bank => Some("stopped at the bank"),
                StopState::Refused if by_bank => Some("stop refused"),
                _ => None,
            });
        }
    }

    /// What is settled by case, line and payee.
    async fn settled(&self) -> BTreeMap<Owed, i64> {
        let days: Period = "2020-01-01..2021-12-31".parse().unwrap();
        let mut read = self.office.db.read().await.unwrap();
        let shares = ledger::service::settled(&mut read, self.office.tenant, &ALL_CASES, days)
            .await
            .unwrap();
        let mut settled = BTreeMap::new();
        for share in shares {
            let purpose = share.purpose;
            *settled.entry((purpose.case_id, purpose.line_key, purpose.payee)).or_default() +=
                share.amount.oere();
        }
        settled
    }

    async fn overpaid(&self) -> BTreeMap<Owed, i64> {
        let mut read = self.office.db.read().await.unwrap();
        let open = service::overpayments(&mut read, self.office.tenant, &ALL_CASES).await.unwrap();
        open.into_iter()
            .map(|one| ((one.case_id, one.line_key, one.payee), one.amount.oere()))
            .collect()
    }

    /// What must hold whatever has happened.
    async fn check(&mut self) {
        let (settled, overpaid) = (self.settled().await, self.overpaid().await);
        let of = |amounts: &BTreeMap<Owed, i64>, owed: &Owed| {
            amounts.get(owed).copied().unwrap_or_default()
        };
        self.check_breaks(&settled, &overpaid).await;
        let payments = self.all_payments().await;
        let stopped: BTreeSet<(CaseId, PartyId)> = payments
            .iter()
            .filter(|payment| payment.state == State::Stopped)
            .map(|payment| (payment.case_id, payment.payee.id))
            .collect();
        let everybody: BTreeSet<&Owed> =
            self.due.keys().chain(settled.keys()).chain(overpaid.keys()).collect();
        for owed in everybody {
            let too_much = of(&settled, owed) - of(&self.due, owed);
            assert_eq!(of(&overpaid, owed), too_much.max(0), "{owed:?}");
            let (case, _, payee) = owed;
            assert!(too_much >= 0 || stopped.contains(&(*case, *payee)), "{owed:?}: {too_much}");
        }

        self.seen.extend(payments.iter().map(|payment| payment.state.word()));
        self.seen.extend((!overpaid.is_empty()).then_some("overpaid"));
        let sum = |wanted: &[State]| -> i64 {
            let those = payments.iter().filter(|payment| wanted.contains(&payment.state));
            those.map(|payment| payment.amount.oere()).sum()
        };
        let under_way = [State::Sent, State::Received, State::Accepted, State::Unknown];
        let balance = async |account| self.office.balance(account).await;
        assert_eq!(balance(Account::Payable).await, -sum(&[State::Planned]));
        assert_eq!(balance(Account::BankInTransit).await, -sum(&under_way));
        assert_eq!(balance(Account::Bank).await, -sum(&[State::Settled]));
        assert_eq!(balance(Account::Clearing).await, -sum(&[State::Rejected, State::Returned]));
        let mut read = self.office.db.read().await.unwrap();
        let balances = ledger::service::balances(&mut read, self.office.tenant).await.unwrap();
        assert_eq!(balances.values().map(|balance| balance.oere()).sum::<i64>(), 0, "{balances:?}");

        let parked = payments.iter().filter(|payment| payment.state.is_parked()).count();
        let about_parked = |title: &String| {
            title.starts_with("Banken har afvist") || title.starts_with("Pengene er kommet tilbage")
        };
        let tasks = self.office.tasks().await.into_iter().filter(about_parked).count();
        assert_eq!(tasks, parked, "every parked payment is somebody's task");
    }

    /// What is due and not paid is an open, named item, and the books are what the payments are.
    async fn check_breaks(&self, settled: &BTreeMap<Owed, i64>, overpaid: &BTreeMap<Owed, i64>) {
        let of = |amounts: &BTreeMap<Owed, i64>, owed: &Owed| {
            amounts.get(owed).copied().unwrap_or_default()
        };
        let unpaid = self.due.iter().filter_map(|(owed, due)| {
            let (case, key, payee) = owed;
            let open = due - of(settled, owed) + of(overpaid, owed);
            (open != 0).then(|| (format!("unpaid:{case}:{key}:{payee}"), open))
        });
        let named = self.breaks().await;
        let named = named
            .iter()
            .filter(|one| matches!(one.kind, Kind::Unpaid | Kind::Overpaid | Kind::Books));
        let named: BTreeMap<String, i64> =
            named.map(|one| (one.key.clone(), one.amount.oere())).collect();
        assert_eq!(named, unpaid.collect());
    }

    async fn breaks(&self) -> Vec<Break> {
        let act = self.office.act::<Pay>("abc").await;
        let mut tx = self.office.db.begin().await.unwrap();
        let breaks = service::reconcile(&mut tx, &act, self.office.today()).await.unwrap();
        tx.commit().await.unwrap();
        breaks
    }

    /// Lets everything that is under way arrive, and compares with the bank's own books.
    async fn come_to_rest(&mut self) {
        self.office.now += TimeDelta::days(60);
        self.messages_come(None);
        drop(self.office.send(&self.office.today().to_string()).await);
        drop(self.office.publish().await);
        for days in [0, 10, 20, 30] {
            drop(self.office.bank_works(self.today() + TimeDelta::days(days)));
        }
        self.office.now += TimeDelta::days(30);
        self.hear().await;
        self.check().await;

        let breaks = self.breaks().await;
        assert!(breaks.iter().all(|one| one.kind == Kind::Unpaid), "{breaks:?}");
        let books = self.office.books();
        let settled = self.settled().await;
        let payments = self.all_payments().await;
        let paid = payments.iter().filter(|payment| payment.state == State::Settled).count();
        assert_eq!(books.statement().states.settled, paid, "the bank paid what we do not know of");
        let bank = self.office.balance(Account::Bank).await;
        assert_eq!(-books.total_settled().0, bank, "the bank's account and ours differ");
        for (number, payee) in (0..).zip(&self.payees) {
            let costs: i64 =
                settled.iter().filter(|((_, _, of), _)| of == payee).map(|(_, oere)| oere).sum();
            let parked: i64 = payments
                .iter()
                .filter(|payment| payment.payee.id == *payee && payment.state.is_parked())
                .map(|payment| payment.amount.oere())
                .sum();
            let at_bank = books.balance(&at_bank(number).parse().unwrap());
            assert_eq!(at_bank.0, costs - parked, "payee {number}");
        }
    }
}

fn pick<T>(from: &[T], number: usize) -> Option<&T> {
    if from.is_empty() { None } else { from.get(number % from.len()) }
}

/// The same sequences each time; `YDUN_SEQUENCES` asks for more of them.
fn sequences() -> Vec<Vec<Happening>> {
    let count = std::env::var("YDUN_SEQUENCES").map_or(SEQUENCES, |count| count.parse().unwrap());
    let mut runner = TestRunner::deterministic();
    let any = prop::collection::vec(happening(), 10..60);
    (0..count).map(|_| any.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test]
async fn whatever_happens_everybody_has_what_is_due_or_the_rest_is_named() {
    each_empty_engine(|db| async move {
        let mut seen = BTreeSet::new();
        for (number, sequence) in sequences().iter().enumerate() {
            let mut world = World::new(&db, 101 + u16::try_from(number % 899).unwrap()).await;
            for (step, happening) in sequence.iter().enumerate() {
                eprintln!("sequence {number}, step {step}: {happening:?}");
                world.happen(happening).await;
                world.check().await;
            }
            seen.append(&mut world.seen);
            world.come_to_rest().await;
        }
        assert!(
            WANTED.iter().all(|wanted| seen.contains(wanted)),
            "the sequences prove little: {seen:?}"
        );
    })
    .await;
}
