//! How people share the tasks: each is somebody's or nobody's, and what waits comes back by itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use ydun::access::{Act, Look, Register};
use ydun::db::{Db, sql};
use ydun::tasks::bench::{Choice, Holder, Pace, Page, Place, View};
use ydun::tasks::moves::{Move, Wish};
use ydun::tasks::service::{self as tasks, MoveError, ViewError};
use ydun::tasks::{About, NewTask};
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, TaskId};

use crate::support::{act_as, at, change, day, each_engine, now, open_case, tenant};

const QUEUE: &str = "vurdering";

/// A question about a case, with a deadline or without.
fn question(case: CaseId, number: usize, due: Option<Day>) -> NewTask {
    NewTask {
        business_key: format!("prøve/{number}"),
        about: About::Case(case),
        topic: "prøve".into(),
        queue: QUEUE.into(),
        title: format!("Spørgsmål {number}"),
        detail: String::new(),
        questions: Vec::new(),
        amount: None,
        due,
    }
}

/// Puts so many questions about a case; every other has a deadline, the later ones the earlier.
async fn ask(db: &Db, count: usize) -> Vec<TaskId> {
    let case = open_case(db).await.0.id;
    put(db, case, count).await;
    let all = Choice { pace: Pace::All, ..Choice::default() };
    page(db, &all, None, 1_000).await.entries.iter().map(|entry| entry.task.id).collect()
}

async fn put(db: &Db, case: CaseId, count: usize) {
    let days = u32::try_from(count).unwrap();
    let due = |number: usize| {
        let later = days - u32::try_from(number).unwrap();
        number.is_multiple_of(2).then(|| day("2020-11-10").plus_days(later))
    };
    let questions = (0..count).map(|number| question(case, number, due(number))).collect();
    let act: Act<Register> = act_as(db, "abc", now()).await;
    change(db, async |tx| tasks::ask(tx, &act, "prøve", &(case..=case), questions).await.unwrap())
        .await;
}

async fn page(db: &Db, choice: &Choice, after: Option<Place>, size: u32) -> Page {
    page_at(db, now(), choice, after, size).await
}

async fn page_at(
    db: &Db,
    moment: DateTime<Utc>,
    choice: &Choice,
    after: Option<Place>,
    size: u32,
) -> Page {
    let look: Act<Look> = act_as(db, "def", moment).await;
    tasks::page(&mut db.read().await.unwrap(), &look, choice, after, size).await.unwrap()
}

async fn chosen(db: &Db, choice: &Choice) -> Vec<TaskId> {
    page(db, choice, None, 1_000).await.entries.iter().map(|entry| entry.task.id).collect()
}

async fn wish(db: &Db, worker: &str, id: TaskId, wish: Wish) -> Result<(), MoveError> {
    let act: Act<Register> = act_as(db, worker, now()).await;
    let mut tx = db.begin().await.unwrap();
    let seen = tasks::open_one(&mut tx, tenant(), id).await.unwrap().unwrap().version;
    tasks::change(&mut tx, &act, id, seen, &wish).await?;
    tx.commit().await.unwrap();
    Ok(())
}

async fn take_next(db: &Db, worker: &str) -> Option<TaskId> {
    let act: Act<Register> = act_as(db, worker, now()).await;
    let free = Choice { holder: Holder::Nobody, ..Choice::default() };
    change(db, async |tx| tasks::take_next(tx, &act, &free).await.unwrap()).await
}

fn of(worker: &str) -> Choice {
    Choice { holder: Holder::Worker(worker.into()), ..Choice::default() }
}

#[tokio::test]
async fn the_bench_is_read_page_by_page_with_the_nearest_deadline_first() {
    each_engine(|db| async move {
        let all = ask(&db, 25).await;
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let page = page(&db, &Choice::default(), after, 10).await;
            read.extend(page.entries);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(read.iter().map(|entry| entry.task.id).collect::<Vec<_>>(), all);
        let due: Vec<Option<Day>> = read.iter().map(|entry| entry.task.due).collect();
        assert!(due[..13].is_sorted() && due[..13].iter().all(Option::is_some), "{due:?}");
        assert!(due[13..].iter().all(Option::is_none), "{due:?}");
        assert_eq!(read[0].number.as_deref(), Some("2020-00001"));
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_for_the_next_gets_one_that_nobody_else_gets() {
    each_engine(|db| async move {
        let all = ask(&db, 12).await;
        let asked = (0..14).map(|number| {
            let db = db.clone();
            let worker = if number % 2 == 0 { "abc" } else { "def" };
            tokio::spawn(async move { take_next(&db, worker).await })
        });
        let mut taken = Vec::new();
        for asked in asked.collect::<Vec<_>>() {
            taken.extend(asked.await.unwrap());
        }
        assert_eq!(taken.len(), all.len());
        assert_eq!(BTreeSet::from_iter(taken), BTreeSet::from_iter(all));
        assert_eq!(chosen(&db, &of("abc")).await.len() + chosen(&db, &of("def")).await.len(), 12);
    })
    .await;
}

#[tokio::test]
async fn a_task_is_somebodys_until_it_is_handed_over_or_given_back() {
    const RECORDED: &str = "SELECT COUNT(*) FROM audit WHERE action = 'task-moved'";
    each_engine(|db| async move {
        let id = ask(&db, 1).await[0];
        wish(&db, "abc", id, Wish::Take).await.unwrap();
        let held = wish(&db, "def", id, Wish::Take).await.unwrap_err();
        assert!(matches!(&held, MoveError::Held { holder } if holder == "abc"), "{held}");
        let to = |to: &str| Wish::HandOver { to: to.into(), note: "ring først".into() };
        let nobody = wish(&db, "abc", id, to("xyz")).await.unwrap_err();
        assert!(matches!(nobody, MoveError::NoWorker(_)), "{nobody}");
        wish(&db, "abc", id, to("def")).await.unwrap();
        assert_eq!(chosen(&db, &of("def")).await, [id]);
        wish(&db, "def", id, Wish::GiveBack).await.unwrap();
        assert_eq!(take_next(&db, "def").await, Some(id));

        let mut read = db.read().await.unwrap();
        let moves = tasks::history(&mut read, tenant(), id).await.unwrap();
        let told: Vec<_> =
            moves.iter().rev().map(|moved| (moved.what, &*moved.note, &*moved.by)).collect();
        assert_eq!(
            told,
            [
                (Move::Taken, "", "abc"),
                (Move::HandedOver, "def: ring først", "abc"),
                (Move::GivenBack, "", "def"),
                (Move::Taken, "", "def"),
            ]
        );
        assert_eq!(read.one::<(i64,)>(sql(RECORDED)).await.unwrap().0, 4);
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_out_of_sight_until_its_day() {
    each_engine(|db| async move {
        let id = ask(&db, 1).await[0];
        let until = |text: &str| Wish::Wait { until: day(text), reason: "lægens svar".into() };
        let today = wish(&db, "abc", id, until("2020-11-02")).await.unwrap_err();
        assert!(matches!(today, MoveError::NotToCome(_)), "{today}");
        wish(&db, "abc", id, until("2020-11-05")).await.unwrap();
        assert_eq!(chosen(&db, &Choice::default()).await, []);
        assert_eq!(take_next(&db, "abc").await, None);
        let waiting = Choice { pace: Pace::Waiting, ..Choice::default() };
        assert_eq!(chosen(&db, &waiting).await, [id]);

        let ready = page_at(&db, at("2020-11-05T09:00:00Z"), &Choice::default(), None, 10).await;
        assert_eq!(ready.entries.len(), 1);
        wish(&db, "abc", id, Wish::Resume).await.unwrap();
        assert_eq!(chosen(&db, &Choice::default()).await, [id]);
    })
    .await;
}

#[tokio::test]
async fn a_name_and_labels_are_the_municipalitys_and_stay_when_the_question_is_put_again() {
    each_engine(|db| async move {
        let case = open_case(&db).await.0.id;
        put(&db, case, 2).await;
        let id = chosen(&db, &Choice::default()).await[0];
        wish(&db, "abc", id, Wish::Rename("Ring til Bo".into())).await.unwrap();
        wish(&db, "abc", id, Wish::Label("haster".into())).await.unwrap();
        wish(&db, "abc", id, Wish::Take).await.unwrap();
        put(&db, case, 2).await;
        let labelled = Choice { label: "haster".into(), ..Choice::default() };
        let [entry] = &page(&db, &labelled, None, 10).await.entries[..] else { panic!() };
        assert_eq!((entry.task.called(), &*entry.task.title), ("Ring til Bo", "Spørgsmål 0"));
        assert_eq!(
            (&entry.labels[..], entry.task.worker.as_deref()),
            (&["haster".into()][..], Some("abc"))
        );
        wish(&db, "abc", id, Wish::Rename(String::new())).await.unwrap();
        wish(&db, "abc", id, Wish::Unlabel("haster".into())).await.unwrap();
        assert_eq!(chosen(&db, &labelled).await, []);
        let entry =
            tasks::entry(&mut db.read().await.unwrap(), tenant(), id).await.unwrap().unwrap();
        assert_eq!(entry.task.called(), "Spørgsmål 0");
        let blank = wish(&db, "abc", id, Wish::Label("  ".into())).await.unwrap_err();
        assert!(matches!(blank, MoveError::Text), "{blank}");
    })
    .await;
}

#[tokio::test]
async fn many_are_moved_at_once_and_all_or_none() {
    each_engine(|db| async move {
        let all = ask(&db, 6).await;
        let act: Act<Register> = act_as(&db, "def", now()).await;
        let ill = Wish::HandOver { to: "abc".into(), note: "Dorte er syg".into() };
        let moved =
            change(&db, async |tx| tasks::change_all(tx, &act, &all, &ill).await.unwrap()).await;
        assert_eq!((moved, chosen(&db, &of("abc")).await), (6, all.clone()));

        let nobody = Wish::HandOver { to: "xyz".into(), note: String::new() };
        let mut tx = db.begin().await.unwrap();
        tasks::change_all(&mut tx, &act, &all, &nobody).await.unwrap_err();
        drop(tx);
        assert_eq!(chosen(&db, &of("abc")).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_was_changed_since_it_was_seen_is_left_alone() {
    each_engine(|db| async move {
        let id = ask(&db, 1).await[0];
        let act: Act<Register> = act_as(&db, "def", now()).await;
        let mut tx = db.begin().await.unwrap();
        tasks::change(&mut tx, &act, id, 0, &Wish::Take).await.unwrap();
        let late = tasks::change(&mut tx, &act, id, 0, &Wish::GiveBack).await.unwrap_err();
        assert!(matches!(late, MoveError::Changed), "{late}");
        tasks::unchanged(&mut tx, &act, id, 1).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_chosen_is_counted_to_a_limit_and_by_what_there_is() {
    each_engine(|db| async move {
        ask(&db, 8).await;
        let look: Act<Look> = act_as(&db, "def", at("2020-11-15T09:00:00Z")).await;
        let mut read = db.read().await.unwrap();
        let overdue = Choice { pace: Pace::Overdue, ..Choice::default() };
        let mut count = async |choice: &Choice, limit| {
            tasks::count(&mut read, &look, choice, limit).await.unwrap()
        };
        assert_eq!(count(&Choice::default(), 100).await, 8);
        assert_eq!(count(&Choice::default(), 5).await, 5);
        assert_eq!(count(&overdue, 100).await, 2); // due on 12 and 14 November
        assert_eq!(count(&Choice { queue: "andet".into(), ..overdue }, 100).await, 0);
        assert_eq!(
            count(&Choice { benefit: "proeveydelse".into(), ..Choice::default() }, 100).await,
            8
        );
        let choices = tasks::choices(&mut read, &look).await.unwrap();
        assert_eq!(choices.queues, [QUEUE]);
        assert_eq!(choices.workers[0].name, "Anna B. Carlsen");
    })
    .await;
}

#[tokio::test]
async fn a_view_is_ones_own_until_it_is_shared() {
    each_engine(|db| async move {
        let anna: Act<Look> = act_as(&db, "abc", now()).await;
        let dorte: Act<Look> = act_as(&db, "def", now()).await;
        let keep = async |name: &str, is_shared| {
            let mut tx = db.begin().await.unwrap();
            let kept = tasks::keep(&mut tx, &anna, name, "hos=ingen", is_shared).await;
            tx.commit().await.unwrap();
            kept
        };
        let seen = async |act: &Act<Look>| -> Vec<View> {
            tasks::views(&mut db.read().await.unwrap(), act).await.unwrap()
        };
        keep("Ledige", false).await.unwrap();
        assert_eq!((seen(&anna).await.len(), seen(&dorte).await.len()), (1, 0));
        keep("Ledige", true).await.unwrap();
        assert_eq!(seen(&dorte).await[0].choice, "hos=ingen");
        assert!(matches!(keep(" ", true).await, Err(ViewError::Name)));
        change(&db, async |tx| tasks::remove(tx, &dorte, "Ledige").await.unwrap()).await;
        assert_eq!(seen(&anna).await.len(), 1);
        change(&db, async |tx| tasks::remove(tx, &anna, "Ledige").await.unwrap()).await;
        assert_eq!(seen(&anna).await, []);
    })
    .await;
}
