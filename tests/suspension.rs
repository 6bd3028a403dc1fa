//! Putting a module to rest, by a person or by itself; what goes on meanwhile, and what does not.

use chrono::{DateTime, TimeDelta, Utc};
use ydun::access::{Act, Administer, Approve, Look, Propose};
use ydun::db::{Db, sql};
use ydun::decisions::service::{ApproveError, sign_list};
use ydun::modules::Mode;
use ydun::modules::policy::{Policy, SelfCheck};
use ydun::modules::registry::Registry;
use ydun::modules::run::{Answer, Purpose, Run, calculate};
use ydun::modules::service::{
    Activate, ActivateError, NotActive, PolicyError, SuspendError, activate, keep, policy, resume,
    set_policy, suspend, suspension, suspensions, watch,
};
use ydun::modules::suspension::{Cause, Suspension};
use ydun::operations::CaseResult::{Fault, Proposed};
use ydun::operations::Tally;
use ydun::operations::service::{
    Approval, ApproveMonthError, Request, RunError, Summary, Terms, approve_month, run_month,
};
use ydun::payments::{BankProfile, Lane};
use ydun::tasks::service as tasks;
use ydun::tasks::{About, Task};
use ydun_runtime::Digest;

use crate::support::{act_as, at, change, day, each_engine, other_tenant, set_up, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, activate_version, component, failing_version, in_november, keep_module,
    next_version, open_case, registry, replay_next_version, set_up_module, starved_registry,
};

const VERSION: (&str, &str) = (BENEFIT, "1.0.0");

fn october() -> Request {
    let month = OCTOBER.parse().unwrap();
    Request {
        batch: 2,
        threads: 1,
        lease: std::time::Duration::ZERO,
        ..Request::new(BENEFIT, month)
    }
}

async fn run_at(db: &Db, registry: &Registry, moment: DateTime<Utc>) -> Result<Summary, RunError> {
    let act: Act<Propose> = act_as(db, "abc", moment).await;
    run_month(db, registry, &act, &october(), |_| ()).await
}

async fn run(db: &Db) -> Result<Summary, RunError> {
    run_at(db, registry(), in_november()).await
}

async fn administrator(db: &Db) -> Act<Administer> {
    act_as(db, "abc", in_november()).await
}

async fn try_suspend(
    db: &Db,
    version: (&str, &str),
    why: &str,
) -> Result<Suspension, SuspendError> {
    let act = administrator(db).await;
    change(db, async |tx| suspend(tx, &act, version, why).await).await
}

async fn try_resume(db: &Db, version: (&str, &str), why: &str) -> Result<(), SuspendError> {
    let act = administrator(db).await;
    change(db, async |tx| resume(tx, &act, version, why).await).await
}

async fn resting(db: &Db) -> Option<Suspension> {
    let digest = Digest::of(&component());
    suspension(&mut db.read().await.unwrap(), tenant(), digest).await.unwrap()
}

async fn owners_tasks(db: &Db) -> Vec<Task> {
    let look: Act<Look> = act_as(db, "def", in_november()).await;
    let mut open = tasks::open(&mut db.read().await.unwrap(), &look).await.unwrap();
    open.retain(|task| task.queue == "module-owner");
    open
}

/// From the first day on.
async fn rule(db: &Db, policy: Policy) {
    let act = administrator(db).await;
    change(db, async |tx| set_policy(tx, &act, day("2020-01-01"), policy).await.unwrap()).await;
}

#[tokio::test]
async fn a_module_that_rests_calculates_nothing_new_until_it_is_let_go() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        let rests = try_suspend(&db, VERSION, " Satsen er forkert ").await.unwrap();
        assert_eq!(
            (rests.cause, rests.reason.as_str(), rests.by.as_str()),
            (Cause::Person, "Satsen er forkert", "abc")
        );
        assert_eq!(resting(&db).await, Some(rests));
        let refused = run(&db).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "voksenlaerling rests since 2020-11-05: Satsen er forkert; see `ydun module resume` and \
             `ydun module rollback`"
        );
        try_resume(&db, VERSION, "Satsen var rigtig").await.unwrap();
        assert_eq!(resting(&db).await, None);
        assert_eq!(run(&db).await.unwrap().tally.of(Proposed).cases, 1);

        let again = try_suspend(&db, VERSION, "Alligevel").await.unwrap();
        assert_eq!(again.number, 2);
    })
    .await;
}

#[tokio::test]
async fn whoever_puts_a_module_to_rest_its_owner_is_asked_to_look() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        try_suspend(&db, VERSION, "satsen er forkert").await.unwrap();
        let [task] = &owners_tasks(&db).await[..] else { panic!("one task for the owner") };
        assert_eq!(task.about, About::Module(Digest::of(&component())));
        assert_eq!(
            task.title,
            "Tilskud til voksenlærlinge: version 1.0.0 er sat i bero, fordi satsen er forkert"
        );
        try_resume(&db, VERSION, "Satsen var rigtig").await.unwrap();
        assert_eq!(owners_tasks(&db).await, []);

        // The next rest is another question.
        try_suspend(&db, VERSION, "alligevel").await.unwrap();
        let again = owners_tasks(&db).await;
        assert!(again.len() == 1 && again[0].id != task.id, "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_version_that_fails_in_the_shadow_comes_to_rest_and_the_active_one_goes_on() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        rule(&db, Policy { fault_limit: 3, ..Policy::default() }).await;
        for number in 0..3 {
            open_case(&db, "ordinary-month", number).await;
        }
        let failing = keep_module(&db, failing_version()).await;
        let act = administrator(&db).await;
        let new = Activate {
            benefit: BENEFIT,
            version: "1.1.0",
            days: "2020-10-01..".parse().unwrap(),
            known_from: day("2020-11-05"),
            mode: Mode::Shadow,
        };
        change(&db, async |tx| activate(tx, &act, new).await.unwrap()).await;
        assert_eq!(results(&run(&db).await.unwrap().tally), [3, 0]);

        let mut read = db.read().await.unwrap();
        let rests = suspension(&mut read, tenant(), failing).await.unwrap().unwrap();
        let reason = "modulet fejlede 3 gange på 24 timer, senest med YDP-INVALID";
        assert_eq!((rests.cause, rests.reason.as_str()), (Cause::Faults, reason));
        drop(read);
        assert_eq!(resting(&db).await, None);
        assert_eq!(owners_tasks(&db).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn only_what_can_rest_is_put_to_rest_and_only_with_a_reason() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let unknown = try_suspend(&db, (BENEFIT, "9.9.9"), "Prøve").await;
        assert!(matches!(unknown, Err(SuspendError::NotInstalled { .. })), "{unknown:?}");
        let silent = try_suspend(&db, VERSION, "  ").await;
        assert!(matches!(silent, Err(SuspendError::NoReason)), "{silent:?}");
        let awake = try_resume(&db, VERSION, "Prøve").await;
        assert!(matches!(awake, Err(SuspendError::NotSuspended { .. })), "{awake:?}");
        try_suspend(&db, VERSION, "Prøve").await.unwrap();
        let twice = try_suspend(&db, VERSION, "Prøve").await;
        assert!(matches!(twice, Err(SuspendError::Already { .. })), "{twice:?}");
    })
    .await;
}

#[tokio::test]
async fn a_module_rests_in_one_municipality_and_counts_in_another() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        set_up(&db, other_tenant()).await;
        try_suspend(&db, VERSION, "Prøve").await.unwrap();
        let mut read = db.read().await.unwrap();
        assert_eq!(suspensions(&mut read, tenant()).await.unwrap().len(), 1);
        assert_eq!(suspensions(&mut read, other_tenant()).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_module_that_rests_counts_for_no_new_days() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        try_suspend(&db, VERSION, "Prøve").await.unwrap();
        let act = administrator(&db).await;
        let new = |mode| Activate {
            benefit: BENEFIT,
            version: "1.0.0",
            days: "2020-10-01..".parse().unwrap(),
            known_from: day("2020-11-05"),
            mode,
        };
        let refused = activate(&mut db.begin().await.unwrap(), &act, new(Mode::Active)).await;
        assert!(matches!(refused, Err(ActivateError::Suspended { .. })), "{refused:?}");
        // Beside the active version it pays nothing, and can show whether it is well again.
        activate(&mut db.begin().await.unwrap(), &act, new(Mode::Shadow)).await.unwrap();
    })
    .await;
}

async fn approve(db: &Db, run: &Summary) -> Result<Approval, ApproveMonthError> {
    let act: Act<Approve> = act_as(db, "def", in_november()).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    let id = run.run.as_ref().unwrap().id;
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), id).await.unwrap();
    approve_month(db, &act, id, list.digest, &terms, |_| ()).await
}

#[tokio::test]
async fn nothing_is_approved_on_the_word_of_a_module_that_rests() {
    const PAYMENTS: &str = "SELECT COUNT(*) FROM payment";
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        let summary = run(&db).await.unwrap();
        try_suspend(&db, VERSION, "Satsen er forkert").await.unwrap();
        let refused = approve(&db, &summary).await;
        assert!(
            matches!(&refused, Err(ApproveMonthError::Decision(ApproveError::Suspended { reason, .. }))
                if reason == "Satsen er forkert"),
            "{refused:?}"
        );
        try_resume(&db, VERSION, "Satsen var rigtig").await.unwrap();
        assert_eq!(approve(&db, &summary).await.unwrap().payments, 1);

        try_suspend(&db, VERSION, "Alligevel").await.unwrap();
        let (payments,): (i64,) = db.read().await.unwrap().one(sql(PAYMENTS)).await.unwrap();
        assert_eq!(payments, 1); // what is decided is still on its way
    })
    .await;
}

fn results(tally: &Tally) -> Vec<i64> {
    [Proposed, Fault].iter().map(|result| tally.of(*result).cases).collect()
}

#[tokio::test]
async fn a_module_that_fails_again_and_again_comes_to_rest_in_the_middle_of_a_run() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        rule(&db, Policy { fault_limit: 3, ..Policy::default() }).await;
        for number in 0..7 {
            open_case(&db, "ordinary-month", number).await;
        }
        let (_folder, starved) = starved_registry();
        let stopped = run_at(&db, &starved, in_november()).await.unwrap_err();
        assert!(matches!(stopped, RunError::PutToRest(_)), "{stopped}");

        let rests = resting(&db).await.unwrap();
        let reason = "modulet fejlede 4 gange på 24 timer, senest med YDP-BUDGET";
        assert_eq!((rests.cause, rests.reason.as_str()), (Cause::Faults, reason));
        let [task] = &owners_tasks(&db).await[..] else { panic!("one task for the owner") };
        assert_eq!(
            task.title,
            format!("Tilskud til voksenlærlinge: version 1.0.0 er sat i bero, fordi {reason}")
        );
        assert!(task.detail.contains("udbetales fortsat"), "{}", task.detail);
        assert!(matches!(run(&db).await, Err(RunError::NotActive(NotActive::Suspended { .. }))));

        try_resume(&db, VERSION, "Maskinen havde ikke brændstof").await.unwrap();
        assert_eq!(owners_tasks(&db).await, []);
        let summary = run(&db).await.unwrap();
        assert_eq!((summary.resumed_after, results(&summary.tally)), (4, vec![3, 4]));
    })
    .await;
}

#[tokio::test]
async fn faults_count_within_the_window_and_since_the_module_was_let_go() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        rule(&db, Policy { fault_limit: 2, window_hours: 24, ..Policy::default() }).await;
        open_case(&db, "ordinary-month", 1).await;
        let (_folder, starved) = starved_registry();
        let fails_after = async |hours: i64, seconds: i64| {
            let moment = in_november() + TimeDelta::hours(hours) + TimeDelta::seconds(seconds);
            let tally = run_at(&db, &starved, moment).await.unwrap().tally;
            assert_eq!(results(&tally), [0, 1]);
            resting(&db).await.is_some()
        };
        assert!(!fails_after(0, 0).await);
        assert!(!fails_after(24, 1).await); // the first is out of the window
        assert!(fails_after(48, 1).await); // the second is just inside it
        let act: Act<Administer> = act_as(&db, "abc", in_november() + TimeDelta::hours(49)).await;
        change(&db, async |tx| resume(tx, &act, VERSION, "Rettet").await.unwrap()).await;
        assert!(!fails_after(49, 1).await);
        assert!(fails_after(50, 0).await);
    })
    .await;
}

/// A calculation of a case that failed with a code, kept and looked at as a month's run does.
async fn failed_with(db: &Db, code: &str) -> Option<Suspension> {
    let case = open_case(db, "ordinary-month", 1).await;
    let act: Act<Propose> = act_as(db, "abc", in_november()).await;
    let digest = Digest::of(&component());
    let module = registry().module(&mut db.read().await.unwrap(), digest).await.unwrap();
    let shown = ydun_runtime::case::read(&component()).unwrap();
    let (run, _) = calculate(&module, case.id, Purpose::Live, &shown[0].dossier, None);
    let answer = Answer::Fault { code: code.into(), detail: String::new() };
    let run = Run { answer, ..run };
    let policy = Policy { fault_limit: 1, ..Policy::default() };
    change(db, async |tx| {
        keep(tx, &act, &[&run]).await.unwrap();
        watch(tx, &act, &policy, &[&run]).await.unwrap()
    })
    .await
}

#[tokio::test]
async fn two_answers_to_one_dossier_put_a_module_to_rest_at_once() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let rests = failed_with(&db, "YDP-NONDET").await.unwrap();
        assert_eq!(rests.cause, Cause::Disagreement);
        assert_eq!(owners_tasks(&db).await.len(), 1);
        assert_eq!(failed_with(&db, "YDP-NONDET").await, None); // it rests already
        assert_eq!(owners_tasks(&db).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_busy_machine_or_a_large_case_is_not_held_against_the_module() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        assert_eq!(failed_with(&db, "YDP-TIME").await, None);
        assert_eq!(failed_with(&db, "YDP-INPUT").await, None);
        let rests = failed_with(&db, "YDP-PANIC").await.unwrap();
        assert!(rests.reason.contains("fejlede 1 gang på 24 timer"), "{}", rests.reason);
    })
    .await;
}

async fn suspended(db: &Db, act: &Act<Administer>) {
    change(db, async |tx| suspend(tx, act, VERSION, "Stop").await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_under_way_stops_when_somebody_puts_its_module_to_rest() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        keep_module(&db, next_version()).await;
        for number in 0..5 {
            open_case(&db, "ordinary-month", number).await;
        }
        let act: Act<Propose> = act_as(&db, "abc", in_november()).await;
        let administrator = administrator(&db).await;
        let runtime = tokio::runtime::Handle::current();
        let mut pending = Some(());
        // On a thread of its own: waiting on this one would swallow what wakes the run.
        let rest = |_: &Tally| {
            if pending.take().is_some() {
                let rests = || runtime.block_on(suspended(&db, &administrator));
                std::thread::scope(|threads| threads.spawn(rests).join().unwrap());
            }
        };
        let stopped = run_month(&db, registry(), &act, &october(), rest).await.unwrap_err();
        assert!(matches!(stopped, RunError::PutToRest(_)), "{stopped}");

        // Another version counts by now: the run that was begun with the one that rests is given up.
        replay_next_version(&db).await;
        activate_version(&db, "1.1.0", "2020-01-01..", "2020-11-05").await;
        let summary = run(&db).await.unwrap();
        let run = summary.run.unwrap();
        assert_eq!((run.artifact, run.sequence), (Digest::of(&next_version()), 2));
        assert_eq!((summary.resumed_after, results(&summary.tally)), (0, vec![5, 0]));
    })
    .await;
}

#[tokio::test]
async fn rules_count_from_their_day_and_the_last_word_counts() {
    each_engine(|db| async move {
        let act = administrator(&db).await;
        let on = async |known_at: &str| {
            policy(&mut db.read().await.unwrap(), tenant(), day(known_at)).await.unwrap()
        };
        let strict = Policy {
            fault_limit: 1,
            window_hours: 1,
            self_check: SelfCheck::one_of(1).unwrap(),
            is_development: true,
        };
        let set = async |policy: Policy| {
            change(&db, async |tx| set_policy(tx, &act, day("2020-11-05"), policy).await).await
        };
        set(strict).await.unwrap();
        assert_eq!(on("2020-11-04").await, Policy::default());
        assert_eq!(on("2020-11-05").await, strict);
        set(Policy { fault_limit: 9, ..strict }).await.unwrap();
        assert_eq!(on("2020-11-05").await.fault_limit, 9);

        let none = set(Policy { fault_limit: 0, ..strict }).await;
        assert!(matches!(none, Err(PolicyError::NoFaults)), "{none:?}");
        let none = set(Policy { window_hours: 0, ..strict }).await;
        assert!(matches!(none, Err(PolicyError::NoWindow)), "{none:?}");
    })
    .await;
}

#[tokio::test]
async fn calculating_everything_twice_gives_the_same_month() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        open_case(&db, "wage-unknown", 2).await;
        let once = run(&db).await.unwrap().tally;
        rule(&db, Policy { self_check: SelfCheck::one_of(1).unwrap(), ..Policy::default() }).await;
        assert_eq!(run_at(&db, registry(), at("2020-11-05T10:00:00Z")).await.unwrap().tally, once);
        assert_eq!(resting(&db).await, None);
    })
    .await;
}
