//! Rolling a version back: older ones count again, people are asked, and no money moves by itself.

use ydun::access::{Act, Administer, Approve, Look, Propose};
use ydun::db::{Db, sql};
use ydun::decisions::Standing::{Approved, Proposed as Waiting};
use ydun::decisions::service::{Listed, Seen, sign_list};
use ydun::modules::service::{NotActive, RollBackError, activations, active};
use ydun::operations::CaseResult::{Proposed, Unchanged};
use ydun::operations::service::{Request, RolledBack, Terms, approve, roll_back, run_month};
use ydun::operations::{MonthRun, Tally};
use ydun::payments::{BankProfile, Lane};
use ydun::tasks::service as tasks;
use ydun_domain::Dkk;
use ydun_runtime::Digest;

use crate::support::{act_as, change, day, each_engine, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, activate_version, component, in_november, keep_module, next_version,
    open_case, registry, set_up_module,
};

const NEXT: (&str, &str) = (BENEFIT, "1.1.0");
const WHY: &str = "Satsen er forkert";

async fn try_roll_back(
    db: &Db,
    version: (&str, &str),
    known_from: &str,
    why: &str,
) -> Result<RolledBack, RollBackError> {
    let act: Act<Administer> = act_as(db, "abc", in_november()).await;
    let mut tx = db.begin().await.unwrap();
    let rolled_back = roll_back(&mut tx, &act, version, day(known_from), why).await?;
    tx.commit().await?;
    Ok(rolled_back)
}

async fn run(db: &Db) -> (MonthRun, Tally) {
    let act: Act<Propose> = act_as(db, "abc", in_november()).await;
    let request = Request::new(BENEFIT, OCTOBER.parse().unwrap());
    let summary = run_month(db, registry(), &act, &request, |_| ()).await.unwrap();
    (summary.run.unwrap(), summary.tally)
}

/// Approves the first so many of a run's proposals.
async fn approve_first(db: &Db, run: &MonthRun, count: usize) {
    let act: Act<Approve> = act_as(db, "def", in_november()).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let seen: Vec<Seen> = list.proposals.iter().take(count).map(Listed::seen).collect();
    change(db, async |tx| approve(tx, &act, &seen, &terms).await.unwrap()).await;
}

/// Version 1.1.0 counts from October on, known on the second of November.
async fn set_up_two_versions(db: &Db) {
    set_up_module(db).await;
    keep_module(db, next_version()).await;
    activate_version(db, "1.1.0", "2020-10-01..", "2020-11-02").await;
}

async fn counts(db: &Db, known_at: &str) -> Result<Digest, NotActive> {
    let days = "2020-10-01..2020-10-31".parse().unwrap();
    active(&mut db.read().await.unwrap(), tenant(), BENEFIT, days, day(known_at)).await
}

const MONEY: &str = "SELECT COUNT(*) FROM payment";

#[tokio::test]
async fn a_bad_version_is_rolled_back_and_every_decision_it_made_is_listed() {
    each_engine(|db| async move {
        set_up_two_versions(&db).await;
        for number in 0..3 {
            open_case(&db, "ordinary-month", number).await;
        }
        let (first, tally) = run(&db).await;
        assert_eq!(first.artifact, Digest::of(&next_version()));
        approve_first(&db, &first, 2).await;
        let money = async || db.read().await.unwrap().one::<(i64,)>(sql(MONEY)).await.unwrap().0;
        let before = money().await;

        let rolled_back = try_roll_back(&db, NEXT, "2020-11-05", WHY).await.unwrap();
        let [opened] = &rolled_back.days.opened[..] else { panic!("{rolled_back:?}") };
        assert_eq!(
            (opened.digest, opened.days.to_string().as_str(), opened.known_from),
            (Digest::of(&component()), "2020-10-01..", day("2020-11-05"))
        );
        assert_eq!(rolled_back.days.left, []);
        let listed: Vec<_> = rolled_back
            .decisions
            .iter()
            .map(|made| (made.number.to_string(), made.period.to_string(), made.standing))
            .collect();
        let october = || "2020-10-01..2020-10-31".to_owned();
        let expected = [
            ("2020-00001".to_owned(), october(), Approved),
            ("2020-00002".to_owned(), october(), Approved),
            ("2020-00003".to_owned(), october(), Waiting),
        ];
        assert_eq!(listed, expected);
        let each = Dkk::from_oere(tally.difference().oere() / 3);
        assert!(rolled_back.decisions.iter().all(|made| made.total == each));
        assert_eq!((rolled_back.tasks, rolled_back.amount()), (2, each + each));
        assert_eq!(money().await, before);
    })
    .await;
}

#[tokio::test]
async fn each_decision_becomes_a_task_and_the_next_run_says_what_differs() {
    each_engine(|db| async move {
        set_up_two_versions(&db).await;
        for number in 0..2 {
            open_case(&db, "ordinary-month", number).await;
        }
        let (first, tally) = run(&db).await;
        approve_first(&db, &first, 1).await;
        try_roll_back(&db, NEXT, "2020-11-05", WHY).await.unwrap();

        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let mut open = tasks::open(&mut db.read().await.unwrap(), &look).await.unwrap();
        open.retain(|task| task.queue != "module-owner"); // who is asked to look at the version
        let [task] = &open[..] else { panic!("{open:?}") };
        let each = Dkk::from_oere(tally.difference().oere() / 2);
        let title = format!(
            "Tilskud til voksenlærlinge 2020-00001: beregn oktober 2020 igen, {each} er besluttet"
        );
        assert_eq!((task.queue.as_str(), &task.title), ("rollback", &title));
        assert!(task.detail.contains("som er rullet tilbage: Satsen er forkert"));

        let (second, tally) = run(&db).await;
        assert_eq!(second.artifact, Digest::of(&component()));
        assert_eq!((tally.of(Unchanged).cases, tally.of(Proposed).cases), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn what_was_known_before_a_version_was_rolled_back_is_still_known() {
    each_engine(|db| async move {
        set_up_two_versions(&db).await;
        try_roll_back(&db, NEXT, "2020-11-05", WHY).await.unwrap();
        assert_eq!(counts(&db, "2020-11-01").await.unwrap(), Digest::of(&component()));
        // On the fourth the bad version counted; nothing is calculated with it any more.
        let rests = counts(&db, "2020-11-04").await;
        assert!(matches!(rests, Err(NotActive::Suspended { .. })), "{rests:?}");
        assert_eq!(counts(&db, "2020-11-05").await.unwrap(), Digest::of(&component()));

        let all = activations(&mut db.read().await.unwrap(), tenant(), BENEFIT).await.unwrap();
        let now: Vec<String> = all
            .iter()
            .filter(|one| one.known_until.is_none())
            .map(|one| one.days.to_string())
            .collect();
        assert_eq!(now, ["2013-01-01..2020-09-30", "2020-10-01.."]);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_rolled_back_is_refused_with_the_next_step() {
    each_engine(|db| async move {
        set_up_two_versions(&db).await;
        let refused = async |version: &str, known_from: &str, why: &str| {
            try_roll_back(&db, (BENEFIT, version), known_from, why).await.unwrap_err().to_string()
        };
        assert!(refused("1.1.0", "2020-11-05", " ").await.contains("say why"));
        assert!(refused("9.9.9", "2020-11-05", WHY).await.contains("is not installed"));
        assert!(refused("1.1.0", "2020-11-01", WHY).await.contains("known from 2020-11-02"));
        try_roll_back(&db, NEXT, "2020-11-05", WHY).await.unwrap();
        assert!(refused("1.1.0", "2020-11-05", WHY).await.contains("counts for no days"));
        // The only other version that had its days rests.
        assert!(refused("1.0.0", "2020-11-05", WHY).await.contains("no other version"));
    })
    .await;
}
