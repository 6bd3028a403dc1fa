//! A month's run: what comes of each case, again and again, and after every kind of interruption.

use std::time::Duration;

use tokio::sync::Notify;
use ydun::access::{Act, Approve, Look, Propose};
use ydun::db::{Db, sql};
use ydun::decisions::service::sign_list;
use ydun::operations::CaseResult::{
    Fault, Incomplete, NeedsHuman, Nothing, Proposed, Refused, Unanswered, Unchanged,
};
use ydun::operations::service::{
    Approval, ApproveMonthError, Request, RunError, Summary, Terms, approve_month, figures,
    run_month, tally,
};
use ydun::operations::{CaseResult, MonthRun, Tally};
use ydun::payments::{BankProfile, Lane};
use ydun::tasks;
use ydun_domain::Dkk;
use ydun_runtime::Digest;

use crate::support::{act_as, at, day, each_engine, parties_know, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, correct_hours, in_november, open_case, registry, set_up_module,
    starved_registry,
};

/// For October, in small batches.
fn october() -> Request {
    Request { batch: 2, threads: 2, ..Request::new(BENEFIT, OCTOBER.parse().unwrap()) }
}

async fn proposer(db: &Db) -> Act<Propose> {
    act_as(db, "abc", in_november()).await
}

async fn try_run(db: &Db, request: &Request) -> Result<Summary, RunError> {
    run_month(db, registry(), &proposer(db).await, request, |_| ()).await
}

async fn run(db: &Db) -> (MonthRun, Tally) {
    let summary = try_run(db, &october()).await.unwrap();
    (summary.run.unwrap(), summary.tally)
}

async fn ordinary_cases(db: &Db, count: u16) {
    for number in 0..count {
        open_case(db, "ordinary-month", number).await;
    }
}

/// How many cases came to each result.
fn counts(tally: &Tally) -> Vec<(CaseResult, i64)> {
    tally.0.iter().map(|(result, share)| (*result, share.cases)).collect()
}

async fn count(db: &Db, table: &'static str) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(table)).await.unwrap().0
}

const RUNS: &str = "SELECT COUNT(*) FROM run";
const CASES_IN_RUNS: &str = "SELECT COUNT(*) FROM month_run_case";
const OPEN_PROPOSALS: &str = "SELECT COUNT(*) FROM decision WHERE state = 'proposed'";

#[tokio::test]
async fn every_case_comes_to_one_result_and_open_questions_become_tasks() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let ordinary = open_case(&db, "ordinary-month", 1).await;
        let doubtful = open_case(&db, "exactly-three-months-unemployed", 2).await;
        open_case(&db, "aged-24-years-and-364-days", 3).await;
        open_case(&db, "month-not-asked-for", 4).await;
        let unknown = open_case(&db, "wage-unknown", 5).await;

        let (month_run, tally) = run(&db).await;
        let expected =
            [(Proposed, 1), (Refused, 1), (Incomplete, 1), (NeedsHuman, 1), (Unanswered, 1)];
        assert_eq!(counts(&tally), expected);
        assert_eq!((month_run.sequence, month_run.as_of), (1, day("2020-10-31")));
        assert!(month_run.finished_at.is_some());
        assert_eq!(tally.difference(), tally.of(Proposed).amount);
        assert!(tally.difference() > Dkk::ZERO);

        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let open = tasks::service::open(&mut db.read().await.unwrap(), &look).await.unwrap();
        let mut titles: Vec<(&str, &str)> =
            open.iter().map(|task| (task.queue.as_str(), task.title.as_str())).collect();
        titles.sort_unstable();
        let [(incomplete, missing), (judging, judge)] = titles[..] else { panic!("{titles:?}") };
        assert_eq!(
            (incomplete, missing),
            (
                "incomplete",
                format!("Tilskud til voksenlærlinge {unknown}: der mangler oplysninger: timeløn")
                    .as_str()
            )
        );
        // The module asks in its own words and queue.
        assert_eq!(
            (judging, judge),
            (
                "vurdering",
                format!("{doubtful}: Voksenlærling, vurder for oktober 2020: Lærlingen har været ledig længe nok")
                    .as_str()
            )
        );
        assert!(!titles.iter().any(|(_, title)| title.contains(&ordinary.to_string())));
    })
    .await;
}

#[tokio::test]
async fn a_question_that_found_its_answer_is_closed_and_an_old_one_asked_again() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "wage-unknown", 1).await;
        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let open =
            async || tasks::service::open(&mut db.read().await.unwrap(), &look).await.unwrap();
        run(&db).await;
        let [task] = &open().await[..] else { panic!("one question") };
        let act = act_as(&db, "def", in_november()).await;
        let mut tx = db.begin().await.unwrap();
        tasks::service::done(&mut tx, &act, task.id, "").await.unwrap();
        tx.commit().await.unwrap();
        assert!(open().await.is_empty());

        run(&db).await;
        let [again] = &open().await[..] else { panic!("nothing was answered") };
        assert_eq!(again.id, task.id);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_come_and_writes_nothing() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 3).await;
        open_case(&db, "exactly-three-months-unemployed", 3).await;
        let dry = try_run(&db, &Request { dry_run: true, ..october() }).await.unwrap();
        assert!(dry.run.is_none());
        assert_eq!((count(&db, RUNS).await, count(&db, CASES_IN_RUNS).await), (0, 0));
        let (_, tally) = run(&db).await;
        assert_eq!(dry.tally, tally);
    })
    .await;
}

#[tokio::test]
async fn proposals_that_nobody_signed_are_replaced_by_the_next_run() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 3).await;
        let (first, _) = run(&db).await;
        let (second, tally) = run(&db).await;
        assert_eq!((second.sequence, counts(&tally)), (2, vec![(Proposed, 3)]));
        assert_eq!(count(&db, OPEN_PROPOSALS).await, 3);
        let mut read = db.read().await.unwrap();
        assert_eq!(sign_list(&mut read, tenant(), first.id).await.unwrap().proposals.len(), 0);
        assert_eq!(sign_list(&mut read, tenant(), second.id).await.unwrap().proposals.len(), 3);
    })
    .await;
}

async fn signature(db: &Db, run: &MonthRun) -> Digest {
    sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap().digest
}

async fn approve(db: &Db, run: &MonthRun, signed: Digest) -> Result<Approval, ApproveMonthError> {
    let act: Act<Approve> = act_as(db, "def", in_november()).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    approve_month(db, &act, run.id, signed, &terms, |_| ()).await
}

#[tokio::test]
async fn what_is_decided_is_left_alone_until_facts_change_it() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let changed = open_case(&db, "ordinary-month", 0).await;
        open_case(&db, "ordinary-month", 1).await;
        open_case(&db, "aged-24-years-and-364-days", 2).await;
        let (first, before) = run(&db).await;
        let approval = approve(&db, &first, signature(&db, &first).await).await.unwrap();
        assert_eq!((approval.decisions, approval.payments), (3, 2));
        assert_eq!(approval.paid, before.of(Proposed).amount);

        let (_, again) = run(&db).await;
        assert_eq!(counts(&again), [(Unchanged, 3)]);
        assert_eq!((again.difference(), count(&db, OPEN_PROPOSALS).await), (Dkk::ZERO, 0));

        correct_hours(&db, &changed, "2020-10-05", "30").await;
        let request = Request { known_at: Some(day("2020-11-09")), ..october() };
        let third = try_run(&db, &request).await.unwrap();
        assert_eq!(counts(&third.tally), [(Proposed, 1), (Unchanged, 2)]);
        assert!(third.tally.difference() < Dkk::ZERO, "{:?}", third.tally);

        let last = third.run.unwrap();
        parties_know(&db, in_november()).await;
        let approval = approve(&db, &last, signature(&db, &last).await).await.unwrap();
        assert_eq!(approval.decisions, 1);
        let (_, settled) = run(&db).await;
        assert_eq!(settled.of(Unchanged).cases, 2); // known on the fifth, the hours still were the old ones
        let settled = try_run(&db, &request).await.unwrap().tally;
        assert_eq!(counts(&settled), [(Unchanged, 3)]);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_signed_as_it_was_seen_and_approves_once() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 2).await;
        let changed = open_case(&db, "ordinary-month", 2).await;
        let (first, _) = run(&db).await;
        let signed = signature(&db, &first).await;
        correct_hours(&db, &changed, "2020-10-05", "30").await;
        let request = Request { known_at: Some(day("2020-11-09")), ..october() };
        let Summary { run, tally, .. } = try_run(&db, &request).await.unwrap();
        let second = run.unwrap();
        let refused = approve(&db, &second, signed).await;
        assert!(matches!(refused, Err(ApproveMonthError::ListChanged { .. })), "{refused:?}");
        assert_eq!(count(&db, OPEN_PROPOSALS).await, 3);

        let signed = signature(&db, &second).await;
        let approval = approve(&db, &second, signed).await.unwrap();
        assert_eq!((approval.decisions, approval.paid), (3, tally.difference()));
        let again = approve(&db, &second, signed).await.unwrap();
        assert_eq!(again, Approval::default());

        let look: Act<Look> = act_as(&db, "abc", in_november()).await;
        let mut read = db.read().await.unwrap();
        let figures = figures(&mut read, &look, BENEFIT, OCTOBER.parse().unwrap()).await.unwrap();
        assert_eq!(
            (figures.open_cases, figures.decisions.approved, figures.paid.planned),
            (3, 3, 3)
        );
        assert_eq!(figures.decisions.amount_approved, tally.difference());
        assert_eq!((figures.not_booked(), figures.not_paid()), (Dkk::ZERO, Dkk::ZERO));
        assert_eq!(figures.notices, 3);
    })
    .await;
}

/// Kills a run when its first batch has been committed.
async fn kill_after_first_batch(db: &Db, request: &Request) {
    let first_batch = Notify::new();
    let act = proposer(db).await;
    let running = run_month(db, registry(), &act, request, |_| first_batch.notify_one());
    tokio::select! {
        biased;
        () = first_batch.notified() => (),
        ended = running => panic!("it should not have come to its end: {ended:?}"),
    }
}

#[tokio::test]
async fn a_killed_run_goes_on_where_it_stopped() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 7).await;
        let request = Request { lease: Duration::ZERO, ..october() };
        kill_after_first_batch(&db, &request).await;
        let done = count(&db, CASES_IN_RUNS).await;
        assert!((2..7).contains(&done), "{done}");

        let other_days = Request { as_of: Some(day("2020-11-01")), ..request.clone() };
        assert!(matches!(try_run(&db, &other_days).await, Err(RunError::OtherDays { .. })));

        let summary = try_run(&db, &request).await.unwrap();
        assert_eq!(summary.resumed_after, done);
        assert_eq!(counts(&summary.tally), [(Proposed, 7)]);
        let run = summary.run.unwrap();
        assert_eq!(run.sequence, 1);
        assert_eq!((count(&db, CASES_IN_RUNS).await, count(&db, RUNS).await), (7, 7));
        assert_eq!(count(&db, OPEN_PROPOSALS).await, 7);
        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        assert_eq!(
            tally(&mut db.read().await.unwrap(), &look, run.id).await.unwrap(),
            summary.tally
        );
    })
    .await;
}

#[tokio::test]
async fn while_the_lease_lasts_nobody_else_runs_the_month() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 5).await;
        let request = Request { lease: Duration::from_mins(10), ..october() };
        kill_after_first_batch(&db, &request).await;
        let refused = try_run(&db, &request).await.unwrap_err();
        let RunError::AlreadyRunning { by, since, until } = refused else { panic!("{refused}") };
        assert_eq!(by, "abc");
        assert!(since + Duration::from_mins(10) <= until);
        let november = Request { month: "2020-11".parse().unwrap(), ..request };
        try_run(&db, &november).await.unwrap(); // another month is another run
    })
    .await;
}

/// The first process sleeps past its lease between two batches; a second one does the whole month;
/// then the first wakes up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_slept_past_its_lease_is_fenced_off() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        ordinary_cases(&db, 5).await;
        let request = Request { lease: Duration::ZERO, ..october() };
        let act = proposer(&db).await;
        let mut slept = false;
        let others = |_: &Tally| {
            if !std::mem::replace(&mut slept, true) {
                let (db, request, (done, waking)) =
                    (db.clone(), request.clone(), std::sync::mpsc::channel());
                tokio::spawn(async move { done.send(try_run(&db, &request).await).unwrap() });
                let summary = tokio::task::block_in_place(|| waking.recv()).unwrap().unwrap();
                assert_eq!((summary.resumed_after, summary.tally.cases()), (2, 5));
            }
        };
        let fenced = run_month(&db, registry(), &act, &request, others).await;
        assert!(matches!(fenced, Err(RunError::TakenOver)), "{fenced:?}");
        assert_eq!((count(&db, CASES_IN_RUNS).await, count(&db, RUNS).await), (5, 5));
        assert_eq!(count(&db, OPEN_PROPOSALS).await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_fault_is_never_nothing_to_pay() {
    // Nothing in the module's own cases makes it fail, so the machine does: no fuel is left for it.
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        let (first, _) = run(&db).await;
        approve(&db, &first, signature(&db, &first).await).await.unwrap();

        let starved = starved_registry();
        let request = october();
        let summary =
            run_month(&db, &starved.1, &proposer(&db).await, &request, |_| ()).await.unwrap();
        assert_eq!(counts(&summary.tally), [(Fault, 1)]);
        assert_eq!(summary.tally.difference(), Dkk::ZERO); // what is decided stays decided
        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let open = tasks::service::open(&mut db.read().await.unwrap(), &look).await.unwrap();
        let [task] = &open[..] else { panic!("{open:?}") };
        assert!(task.title.contains("beregningen fejlede (YDP-BUDGET)"), "{}", task.title);
        assert!(task.detail.contains("Løbende udbetalinger fortsætter"), "{}", task.detail);
    })
    .await;
}

#[tokio::test]
async fn a_month_without_an_active_module_is_not_run() {
    each_engine(|db| async move {
        let refused = try_run(&db, &october()).await;
        assert!(matches!(refused, Err(RunError::NotActive(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_month_without_cases_is_done_at_once() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let (month_run, tally) = run(&db).await;
        assert_eq!((tally.cases(), tally.of(Nothing).cases), (0, 0));
        assert_eq!(month_run.known_at, day("2020-11-05"));
        assert_eq!(month_run.finished_at, Some(at("2020-11-05T09:00:00Z")));
    })
    .await;
}
