//! A municipality with families that get a running benefit, paid for March 2024 and not sent yet.

use std::collections::BTreeMap;

use ydun::access::{Act, Approve, Look, Pay, Propose, Register};
use ydun::adapters::bank_format;
use ydun::cases::Role;
use ydun::cases::service::add_roles;
use ydun::db::Db;
use ydun::decisions::service::sign_list;
use ydun::events::service::{self as events, ReceiveError, Received};
use ydun::events::{Event, Message, Outcome};
use ydun::operations::judge::{Tally, judge_due};
use ydun::operations::service::{Request, Terms, approve_month, run_month};
use ydun::parties::service::{by_ids, register};
use ydun::payments::hold::Hold;
use ydun::payments::outbox::Outbox;
use ydun::payments::{BankProfile, Lane, Payment};
use ydun::tasks::Task;
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, EventId, PartyId};

use crate::benefits::{Benefit, Opened};
use crate::support::{act_as, at, change, citizen, tenant};
use crate::voksenlaerling::registry;

pub(super) const BENEFIT: &str = "tabt-arbejdsfortjeneste";
/// When the month is decided; its payments leave some bank days later.
pub(super) const DECIDED: &str = "2024-04-08T09:00:00Z";

/// One family, and what a register calls its members.
pub(super) struct Town {
    pub(super) db: Db,
    pub(super) opened: Opened,
    /// By the part they have in the case: `parent`, `child`, and two more of the household.
    pub(super) numbers: BTreeMap<String, String>,
    sequence: std::cell::Cell<i64>,
}

/// What a register tells; the rest follows from it.
pub(super) struct News<'a> {
    pub(super) who: &'a str,
    pub(super) kind: &'a str,
    pub(super) day: &'a str,
    pub(super) municipality: Option<&'a str>,
}

pub(super) fn news<'a>(who: &'a str, kind: &'a str, day: &'a str) -> News<'a> {
    let municipality = (kind == "moved").then_some("0561");
    News { who, kind, day, municipality }
}

impl Town {
    /// A family of four whose benefit for March 2024 is decided and on its way.
    pub(super) async fn new(db: &Db) -> Self {
        let benefit = Benefit::set_up(db, BENEFIT).await;
        let opened = benefit.open(db, "ordinary-month").await;
        let act: Act<Register> = act_as(db, "abc", at(DECIDED)).await;
        let mut members: BTreeMap<String, PartyId> =
            ["parent", "child"].map(|name| (name.to_owned(), opened.parties[name])).into();
        change(db, async |tx| {
            for (name, cpr) in [("partner", "020280-2000"), ("sibling", "030310-3000")] {
                let party = register(tx, &act, citizen(cpr, name)).await.unwrap().id;
                let role = Role { case: opened.case.id, role: "household".into(), party };
                add_roles(tx, &act, &[role]).await.unwrap();
                members.insert(name.to_owned(), party);
            }
        })
        .await;
        let mut numbers = BTreeMap::new();
        for (name, party) in members {
            let mut read = db.read().await.unwrap();
            let found = by_ids(&mut read, tenant(), &[party]).await.unwrap().remove(0);
            numbers.insert(name, found.identity.for_payment().digits().to_owned());
        }
        decide_march(db).await;
        Self { db: db.clone(), opened, numbers, sequence: 0.into() }
    }

    pub(super) fn case(&self) -> CaseId {
        self.opened.case.id
    }

    /// A message of the register, numbered one after the other.
    pub(super) fn message(&self, news: &News<'_>) -> Message {
        self.sequence.set(self.sequence.get() + 1);
        let number = self.sequence.get();
        let wire = serde_json::json!({
            "source": "cpr", "message-id": format!("m{number}"), "sequence": number, "kind": news.kind,
            "about": { "cpr": self.numbers[news.who] }, "day": news.day, "known": news.day,
            "municipality": news.municipality,
        });
        Message::read(wire.to_string().as_bytes()).unwrap()
    }

    pub(super) async fn take(
        &self,
        message: &Message,
        moment: &str,
    ) -> Result<Received, ReceiveError> {
        let act: Act<Register> = act_as(&self.db, "abc", at(moment)).await;
        let mut tx = self.db.begin().await.unwrap();
        let received = events::receive(&mut tx, &act, message).await?;
        tx.commit().await.unwrap();
        Ok(received)
    }

    /// Takes in what the register tells at a moment.
    pub(super) async fn hear(&self, news: &News<'_>, moment: &str) -> EventId {
        self.take(&self.message(news), moment).await.unwrap().id
    }

    pub(super) async fn judge(&self, moment: &str) -> Tally {
        let act: Act<Register> = act_as(&self.db, "abc", at(moment)).await;
        judge_due(&self.db, registry(), &act).await.unwrap()
    }

    pub(super) async fn event(&self, id: EventId) -> Event {
        events::find(&mut self.db.read().await.unwrap(), tenant(), id).await.unwrap().unwrap()
    }

    /// What came of an event in the family's case.
    pub(super) async fn outcome(&self, id: EventId) -> Outcome {
        let mut read = self.db.read().await.unwrap();
        let mut outcomes = events::outcomes(&mut read, tenant(), id).await.unwrap();
        assert_eq!(outcomes.len(), 1, "{outcomes:?}");
        outcomes.remove(0)
    }

    /// The open tasks that events gave.
    pub(super) async fn tasks(&self) -> Vec<Task> {
        let act: Act<Look> = act_as(&self.db, "abc", at(DECIDED)).await;
        let mut read = self.db.read().await.unwrap();
        let mut tasks = ydun::tasks::service::open(&mut read, &act).await.unwrap();
        tasks.retain(|task| task.topic.starts_with("event/"));
        tasks
    }

    /// Whether the parent's money is kept back.
    pub(super) async fn parent_is_held(&self) -> bool {
        let parent = self.opened.parties["parent"];
        self.holds().await.iter().any(|hold| hold.payee == parent)
    }

    pub(super) async fn holds(&self) -> Vec<Hold> {
        let mut read = self.db.read().await.unwrap();
        ydun::payments::service::open_holds(&mut read, tenant()).await.unwrap()
    }

    pub(super) async fn payments(&self) -> Vec<Payment> {
        let mut read = self.db.read().await.unwrap();
        ydun::payments::service::of_case(&mut read, tenant(), self.case()).await.unwrap()
    }

    /// What the parent would get with the payments that are planned.
    pub(super) async fn planned_for_parent(&self) -> Dkk {
        let parent = self.opened.parties["parent"];
        let payments = self.payments().await.into_iter();
        payments
            .filter(|payment| payment.payee.id == parent)
            .filter(|payment| payment.state == ydun::payments::State::Planned)
            .map(|payment| payment.amount)
            .sum()
    }

    /// Sends everything that may leave, and says how many payments left.
    pub(super) async fn send(&self) -> i64 {
        let act: Act<Pay> = act_as(&self.db, "def", at("2024-04-22T09:00:00Z")).await;
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path()).unwrap();
        let (bank, format) = (bank(), bank_format(bank()));
        let day = "2024-04-22".parse().unwrap();
        let sent =
            ydun::payments::service::send(&self.db, &act, &bank, format.as_ref(), &outbox, day);
        sent.await.unwrap().iter().map(|file| file.payments).sum()
    }
}

pub(super) fn bank() -> BankProfile {
    BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap())
}

/// Runs and approves March 2024 for everybody.
pub(super) async fn decide_march(db: &Db) {
    let propose: Act<Propose> = act_as(db, "abc", at(DECIDED)).await;
    let request = Request::new(BENEFIT, "2024-03".parse().unwrap());
    let run = run_month(db, registry(), &propose, &request, |_| ()).await.unwrap().run.unwrap();
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let approve: Act<Approve> = act_as(db, "def", at(DECIDED)).await;
    let (bank, due) = (bank(), Some("2024-04-22".parse().unwrap()));
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due };
    approve_month(db, &approve, run.id, list.digest, &terms, |_| ()).await.unwrap();
}
