//! What a municipality chooses: checked by the manifest, for days, as it was known.

use ydun::access::{Act, Administer, Look, Propose};
use ydun::cases::ALL_CASES;
use ydun::db::{Db, sql};
use ydun::decisions::verify::verify;
use ydun::modules::service::{Choose, SettingError, all_days, choices, choose, settings};
use ydun::operations::CaseResult::{NeedsHuman, Proposed};
use ydun::operations::service::{Request, RunError, run_month};
use ydun_domain::Validity;
use ydun_domain::benefit::Scalar;
use ydun_runtime::Manifest;
use ydun_runtime::verify::manifest_of;

use crate::support::{act, act_as, day, each_engine, other_tenant, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, component, in_november, open_case, registry, set_up_module,
};

const DAYS_OF_OCTOBER: &str = "2020-10-01..2020-10-31";
const CAP: &str = "cap-window";

fn manifest() -> Manifest {
    manifest_of(&component()).unwrap()
}

fn word(word: &str) -> Scalar {
    Scalar::Code(word.into())
}

async fn try_choose(
    db: &Db,
    key: &str,
    days: &str,
    known_from: &str,
    value: Scalar,
) -> Result<(), SettingError> {
    let act: Act<Administer> = act(db).await;
    let (days, known_from) = (days.parse().unwrap(), day(known_from));
    let mut tx = db.begin().await.unwrap();
    choose(&mut tx, &act, Choose { benefit: BENEFIT, key, days, known_from, value }).await?;
    Ok(tx.commit().await?)
}

/// What the module is told of the cap.
async fn told(db: &Db, span: &str, known_at: &str) -> Result<Scalar, SettingError> {
    let mut read = db.read().await.unwrap();
    let (span, known_at) = (span.parse().unwrap(), day(known_at));
    let all = settings(&mut read, tenant(), &manifest(), span, known_at).await?;
    assert_eq!(all.len(), manifest().settings.len());
    Ok(all.into_iter().find(|told| told.name == CAP).unwrap().value)
}

#[tokio::test]
async fn a_choice_counts_for_its_days_from_the_day_it_is_known() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let told = async |span: &str, known_at: &str| told(&db, span, known_at).await.unwrap();
        try_choose(&db, CAP, "2020-10-01..2020-10-31", "2020-11-02", word("month")).await.unwrap();
        assert_eq!(told(DAYS_OF_OCTOBER, "2020-11-01").await, word("week")); // the day before, the default
        assert_eq!(told(DAYS_OF_OCTOBER, "2020-11-02").await, word("month"));
        assert_eq!(told("2020-09-01..2020-09-30", "2020-11-02").await, word("week"));
        assert_eq!(told("2020-11-01..2020-11-30", "2020-11-02").await, word("week"));

        try_choose(&db, CAP, "2020-10-01..", "2020-11-02", word("week")).await.unwrap();
        assert_eq!(told(DAYS_OF_OCTOBER, "2020-11-02").await, word("week")); // the same day again: the last word counts
        try_choose(&db, CAP, "2020-01-01..", "2020-11-03", word("month")).await.unwrap();
        assert_eq!(told(DAYS_OF_OCTOBER, "2020-11-02").await, word("week")); // as it was known the day before
        assert_eq!(told(DAYS_OF_OCTOBER, "2020-11-03").await, word("month"));
    })
    .await;
}

#[tokio::test]
async fn a_choice_is_the_municipalitys_own_and_none_is_ever_lost() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        for value in ["month", "week", "month"] {
            try_choose(&db, CAP, "2020-10-01..", "2020-11-02", word(value)).await.unwrap();
        }
        let mut read = db.read().await.unwrap();
        let ours = choices(&mut read, tenant(), BENEFIT, day("2020-11-02")).await.unwrap();
        let ours = ours.iter().filter(|choice| choice.key == CAP);
        let ours: Vec<_> = ours.map(|choice| (choice.value.clone(), choice.days)).collect();
        let days: Validity = "2020-10-01..".parse().unwrap();
        assert_eq!(ours, [(word("month"), days), (word("week"), days), (word("month"), days)]);
        let theirs = choices(&mut read, other_tenant(), BENEFIT, day("2020-11-02")).await.unwrap();
        assert_eq!(theirs, []);
    })
    .await;
}

#[tokio::test]
async fn a_value_the_manifest_does_not_know_is_refused_with_what_it_may_be() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let all = all_days().to_string();
        let refused = async |key: &str, value: Scalar| {
            try_choose(&db, key, &all, "2020-11-02", value).await.unwrap_err().to_string()
        };
        assert_eq!(refused(CAP, Scalar::Integer(1)).await, "'cap-window' must be of the type code");
        assert_eq!(refused(CAP, word("year")).await, "'cap-window' must be one of week, month");
        let unknown = refused("cap", word("week")).await;
        assert!(unknown.starts_with("voksenlaerling has no setting 'cap'; it has municipality,"));
        let act: Act<Administer> = act(&db).await;
        let nothing = Choose {
            benefit: "julehjaelp",
            key: CAP,
            days: all_days(),
            known_from: day("2020-11-02"),
            value: word("week"),
        };
        let refused = choose(&mut db.begin().await.unwrap(), &act, nothing).await;
        assert!(matches!(refused, Err(SettingError::NotInstalled(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_month_in_which_a_choice_changes_is_not_run_on_a_guess() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        try_choose(&db, CAP, "2020-10-15..", "2020-11-02", word("month")).await.unwrap();
        let split = told(&db, DAYS_OF_OCTOBER, "2020-11-02").await.unwrap_err();
        assert_eq!(
            split.to_string(),
            "'cap-window' changes on 2020-10-15, in the middle of 2020-10-01..2020-10-31; \
             let the change begin on the first day of a month"
        );
        let refused = run(&db).await;
        assert!(
            matches!(refused, Err(RunError::Setting(SettingError::Split { .. }))),
            "{refused:?}"
        );
    })
    .await;
}

type Ran = Result<(i64, i64), RunError>;

/// Runs October, and counts proposals and cases a person must judge.
async fn run(db: &Db) -> Ran {
    let act: Act<Propose> = act_as(db, "abc", in_november()).await;
    let request = Request::new(BENEFIT, OCTOBER.parse().unwrap());
    let tally = run_month(db, registry(), &act, &request, |_| ()).await?.tally;
    Ok((tally.of(Proposed).cases, tally.of(NeedsHuman).cases))
}

#[tokio::test]
async fn a_choice_changes_the_next_calculation_and_no_earlier_one() {
    const RUNS: &str = "SELECT COUNT(DISTINCT outcome_digest) FROM run";
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        assert_eq!(run(&db).await.unwrap(), (1, 0));
        // Nobody has said any longer which municipality this is: a person must judge who is to pay.
        let nowhere = Scalar::Text(String::new());
        try_choose(&db, "municipality", DAYS_OF_OCTOBER, "2020-11-05", nowhere).await.unwrap();
        assert_eq!(run(&db).await.unwrap(), (0, 1));

        let (outcomes,): (i64,) = db.read().await.unwrap().one(sql(RUNS)).await.unwrap();
        assert_eq!(outcomes, 2);
        let act: Act<Look> = act_as(&db, "abc", in_november()).await;
        let verified = verify(&db, registry(), &act, &ALL_CASES, 2, |_| ()).await.unwrap();
        assert_eq!((verified.runs, verified.broken), (2, vec![]));
    })
    .await;
}
