//! Thousands of events about families whose payment is on its way: nobody is stopped for nothing, and
//! nobody is paid who must not be.
//!
//! What is true is planned first, so the test knows which payments are wrong without asking the host.
//! `YDUN_EVENTS` says how many events are told.

use std::collections::BTreeSet;

use ydun::access::{Act, Pay, Register};
use ydun::adapters::bank_format;
use ydun::db::{Db, sql};
use ydun::events::Message;
use ydun::events::service as events;
use ydun::operations::judge::judge_due;
use ydun::parties::service::by_ids;
use ydun::payments::State;
use ydun::payments::outbox::Outbox;
use ydun_domain::ids::{CaseId, PartyId};

use super::town::{BENEFIT, DECIDED, bank, decide_march};
use crate::benefits::{Benefit, Opened};
use crate::support::{act_as, at, each_engine, tenant};
use crate::voksenlaerling::registry;

const EVENTS: usize = 400;
const FAMILIES_MAX: usize = 90;
/// Events between two rounds of judging.
const ROUND: usize = 500;

/// A family, and whether the payment for March that is on its way is too much.
struct Family {
    case: CaseId,
    parent: PartyId,
    /// Of the parent and of the child.
    numbers: [String; 2],
    is_wrong: bool,
}

/// Chance that comes again (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

async fn family(db: &Db, benefit: &Benefit, number: usize) -> Family {
    let Opened { case, parties, .. } = benefit.open_for(db, "ordinary-month", number).await;
    let mut numbers = Vec::new();
    for name in ["parent", "child"] {
        let mut read = db.read().await.unwrap();
        let party = by_ids(&mut read, tenant(), &[parties[name]]).await.unwrap().remove(0);
        numbers.push(party.identity.for_payment().digits().to_owned());
    }
    let numbers = numbers.try_into().unwrap();
    Family { case: case.id, parent: parties["parent"], numbers, is_wrong: number.is_multiple_of(3) }
}

/// What happens in a third of the families and makes March wrong: somebody dies, or the child is placed.
fn fatal(dice: &mut Dice) -> (usize, &'static str, String) {
    let day = format!("2024-03-{:02}", 1 + dice.below(27));
    match dice.below(3) {
        0 => (0, "died", day),
        1 => (1, "died", day),
        _ => (1, "placed-outside-home", day),
    }
}

/// What does not touch what March gives: also a child who moves away is a question, not a wrong payment.
fn harmless(dice: &mut Dice) -> (usize, &'static str, String, Option<&'static str>) {
    let who = dice.below(2);
    let day = format!("2024-{:02}-{:02}", 1 + dice.below(4), 1 + dice.below(28));
    match dice.below(20) {
        0 => (1, "moved", day, Some("0563")),
        1..10 => (who, "moved", day, Some("0561")),
        10..13 => (who, "protection-changed", day, None),
        13..16 => (who, "civil-status-changed", day, None),
        16..19 => (0, "income-changed", day, None),
        _ => (0, "absent", day, None),
    }
}

fn message(number: usize, cpr: &str, (kind, day, to): (&str, &str, Option<&str>)) -> Message {
    let wire = serde_json::json!({
        "source": "cpr", "message-id": format!("m{number}"), "sequence": number, "kind": kind,
        "about": { "cpr": cpr }, "day": day, "known": day, "municipality": to,
    });
    Message::read(wire.to_string().as_bytes()).unwrap()
}

/// Everything that is told, in the order it comes: with doubles, and not in the order it happened.
fn told(families: &[Family], count: usize, dice: &mut Dice) -> Vec<Message> {
    let mut told = Vec::new();
    for family in families.iter().filter(|family| family.is_wrong) {
        let (who, kind, day) = fatal(dice);
        told.push(message(told.len() + 1, &family.numbers[who], (kind, &day, None)));
    }
    while told.len() < count {
        let family = &families[dice.below(families.len())];
        let (who, kind, day, to) = harmless(dice);
        told.push(message(told.len() + 1, &family.numbers[who], (kind, &day, to)));
    }
    for place in 0..told.len() {
        let other = dice.below(told.len());
        told.swap(place, other);
    }
    for _ in 0..count / 20 {
        let again = told[dice.below(told.len())].clone();
        told.push(again);
    }
    told
}

async fn take_in_and_judge(db: &Db, told: &[Message]) {
    for (round, messages) in told.chunks(ROUND).enumerate() {
        let moment =
            at("2024-04-09T06:00:00Z") + chrono::TimeDelta::minutes(i64::try_from(round).unwrap());
        let act: Act<Register> = act_as(db, "abc", moment).await;
        let mut tx = db.begin().await.unwrap();
        for message in messages {
            events::receive(&mut tx, &act, message).await.unwrap();
        }
        tx.commit().await.unwrap();
        judge(db, moment).await;
    }
    judge(db, at("2024-04-12T06:00:00Z")).await;
}

async fn judge(db: &Db, moment: chrono::DateTime<chrono::Utc>) {
    let act: Act<Register> = act_as(db, "abc", moment).await;
    let tally = judge_due(db, registry(), &act).await.unwrap();
    assert_eq!(tally.put_off, 0, "every event can be judged");
}

async fn count(db: &Db, text: &'static str) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(text).bind(tenant())).await.unwrap().0
}

async fn send(db: &Db) {
    let act: Act<Pay> = act_as(db, "def", at("2024-04-22T09:00:00Z")).await;
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path()).unwrap();
    let (bank, format) = (bank(), bank_format(bank()));
    let day = "2024-04-22".parse().unwrap();
    ydun::payments::service::send(db, &act, &bank, format.as_ref(), &outbox, day).await.unwrap();
}

/// The cases whose parent's money for March has not left.
async fn kept_back(db: &Db, families: &[Family]) -> BTreeSet<CaseId> {
    let mut kept = BTreeSet::new();
    for family in families {
        let mut read = db.read().await.unwrap();
        let payments =
            ydun::payments::service::of_case(&mut read, tenant(), family.case).await.unwrap();
        let own = payments.iter().filter(|payment| payment.payee.id == family.parent);
        if own.clone().any(|payment| payment.state == State::Planned) {
            kept.insert(family.case);
        }
        assert!(own.count() > 0);
    }
    kept
}

#[tokio::test]
async fn no_payment_is_stopped_for_nothing_and_none_is_missed() {
    each_engine(|db| async move {
        let wanted = std::env::var("YDUN_EVENTS").map_or(EVENTS, |text| text.parse().unwrap());
        let benefit = Benefit::set_up(&db, BENEFIT).await;
        let mut families = Vec::new();
        for number in 0..(wanted / 40).clamp(6, FAMILIES_MAX) {
            families.push(family(&db, &benefit, number).await);
        }
        decide_march(&db).await;
        let mut dice = Dice(DECIDED.len() as u64 * 7919);
        let told = told(&families, wanted, &mut dice);
        take_in_and_judge(&db, &told).await;
        send(&db).await;

        let wrong: BTreeSet<CaseId> =
            families.iter().filter(|family| family.is_wrong).map(|family| family.case).collect();
        let kept = kept_back(&db, &families).await;
        let false_stops = kept.difference(&wrong).count();
        let missed_stops = wrong.difference(&kept).count();
        let events = count(&db, "SELECT COUNT(*) FROM register_event WHERE tenant = $1").await;
        let asked = count(
            &db,
            "SELECT COUNT(DISTINCT event_id) FROM event_outcome WHERE tenant = $1 AND verdict = 'asked'",
        )
        .await;
        let tasks = count(
            &db,
            "SELECT COUNT(*) FROM task WHERE tenant = $1 AND topic LIKE 'event/%'",
        )
        .await;
        eprintln!(
            "{events} events about {} families: {false_stops} false stops, {missed_stops} missed stops of {}; \
             {asked} events reached a person, as {tasks} tasks",
            families.len(),
            wrong.len()
        );
        assert_eq!(events, i64::try_from(wanted).unwrap());
        assert_eq!((false_stops, missed_stops), (0, 0));
        assert_eq!(count(&db, "SELECT COUNT(*) FROM register_event WHERE tenant = $1 AND judged_at IS NULL").await, 0);
        assert!(asked * 4 < events, "most events reach nobody");
    })
    .await;
}
