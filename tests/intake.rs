//! Import files: what goes in, what is refused and why, and that reading twice changes nothing.

mod mistakes;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use ydun::audit::verify_chain;
use ydun::cases::service::{close, lock_by_external_keys, next_open, roles};
use ydun::cases::{Case, CaseRange};
use ydun::db::{Db, sql};
use ydun::facts::service::known;
use ydun::intake::service::{ImportError, import};
use ydun::intake::{ImportFile, Mode, Report, SetUpError};
use ydun_domain::benefit::Fact;

use crate::support::{
    BENEFIT, act, change, day, each_empty_engine, each_engine, manifest, now, tenant,
};

/// One case with one month's hours.
fn file() -> Value {
    json!({
        "municipality": { "code": "0561", "name": "Prøve Kommune", "cvr": "29189803" },
        "workers": [
            { "id": "abc", "name": "Anna B. Carlsen", "rights": ["look", "register", "administer"] },
            { "id": "reg", "name": "Rita E. Gram", "rights": ["register"] }
        ],
        "parties": [
            { "type": "citizen", "key": "bo", "name": "Bo Dam", "cpr": "070761-4285" },
            { "type": "unit-by-p", "key": "ribe", "name": "Dam, Ribe", "company": "dam", "p": "1003000000" },
            { "type": "unit-by-se", "key": "pay", "name": "Dam, løn", "company": "dam", "se": "29189803" },
            { "type": "company", "key": "dam", "name": "Tømrer Dam ApS", "cvr": "29189803" }
        ],
        "cases": [case("VL-1", &[october("148.5")])]
    })
}

fn case(key: &str, facts: &[Value]) -> Value {
    json!({
        "key": key, "benefit": BENEFIT, "opened": "2020-08-01",
        "roles": { "apprentice": "bo", "employer": "ribe" }, "facts": facts
    })
}

fn october(worked: &str) -> Value {
    hours("2020-10-01..2020-10-31", worked)
}

fn hours(days: &str, worked: &str) -> Value {
    json!({
        "kind": "hours", "about": "apprentice", "valid": days, "source": "AB 505",
        "attributes": { "worked": { "number": worked }, "paid-by": { "who": "employer" } }
    })
}

/// A later file about cases that are there.
fn later(cases: &Value) -> Value {
    json!({ "municipality": { "code": "0561" }, "cases": cases })
}

/// The value with something else at a place.
fn with(mut value: Value, place: &str, other: Value) -> Value {
    *value.pointer_mut(place).unwrap() = other;
    value
}

async fn try_import(
    db: &Db,
    worker: &str,
    file: &Value,
    mode: Mode,
) -> Result<Report, ImportError> {
    let file = ImportFile::read(file.to_string().as_bytes()).unwrap();
    let manifests = BTreeMap::from([(BENEFIT.to_owned(), manifest())]);
    import(db, worker, now(), file, &manifests, mode).await
}

async fn read_in(db: &Db, file: &Value) -> Report {
    try_import(db, "abc", file, Mode::Lenient).await.unwrap()
}

async fn cases(db: &Db) -> Vec<Case> {
    next_open(&mut db.read().await.unwrap(), tenant(), BENEFIT, None, 1_000).await.unwrap()
}

/// The hours known in the first case now.
async fn known_hours(db: &Db) -> Vec<String> {
    let range = CaseRange::of(&cases(db).await[..1]).unwrap();
    let facts =
        known(&mut db.read().await.unwrap(), tenant(), range, day("2020-11-02")).await.unwrap();
    let hours =
        facts.iter().map(Fact::from).map(|fact| fact.attribute("worked").unwrap().to_string());
    hours.collect()
}

async fn count(db: &Db, statement: &'static str) -> i64 {
    let (count,): (i64,) = db.read().await.unwrap().one(sql(statement)).await.unwrap();
    count
}

#[tokio::test]
async fn a_file_sets_a_municipality_up_from_nothing() {
    each_empty_engine(|db| async move {
        let report = read_in(&db, &file()).await;
        let expected = Report {
            kept: true,
            parties_new: 4,
            cases_opened: 1,
            facts_recorded: 1,
            ..Report::default()
        };
        assert_eq!(report, expected);

        let cases = cases(&db).await;
        assert_eq!(cases[0].to_string(), "2020-00001");
        assert_eq!(cases[0].external_key.as_deref(), Some("VL-1"));
        let mut read = db.read().await.unwrap();
        let roles = roles(&mut read, tenant(), CaseRange::of(&cases).unwrap()).await.unwrap();
        let roles: Vec<&str> = roles.iter().map(|part| part.role.as_str()).collect();
        assert_eq!(roles, ["apprentice", "employer"]);
        assert_eq!(known_hours(&db).await, ["148,5"]);
        assert!(verify_chain(&mut read, tenant()).await.unwrap().rows >= 8);
    })
    .await;
}

#[tokio::test]
async fn reading_a_file_twice_changes_nothing() {
    each_engine(|db| async move {
        read_in(&db, &file()).await;
        let rows = count(&db, "SELECT COUNT(*) FROM audit").await;
        let again = read_in(&db, &file()).await;
        assert_eq!(again, Report { kept: true, facts_unchanged: 1, ..Report::default() });
        assert_eq!(count(&db, "SELECT COUNT(*) FROM audit").await, rows);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM fact").await, 1);
    })
    .await;
}

#[tokio::test]
async fn monthly_requests_name_a_case_by_key_or_number() {
    each_engine(|db| async move {
        read_in(&db, &file()).await;
        let november =
            json!([{ "case": "VL-1", "facts": [hours("2020-11-01..2020-11-30", "150")] }]);
        let december =
            json!([{ "case": "2020-00001", "facts": [hours("2020-12-01..2020-12-31", "120")] }]);
        for month in [november, december] {
            let report = read_in(&db, &later(&month)).await;
            assert_eq!(report, Report { kept: true, facts_recorded: 1, ..Report::default() });
        }
        assert_eq!(known_hours(&db).await, ["148,5", "150", "120"]);
    })
    .await;
}

#[tokio::test]
async fn other_hours_for_known_days_must_say_that_they_correct() {
    each_engine(|db| async move {
        read_in(&db, &file()).await;
        let mut fact = october("160");
        let report = read_in(&db, &later(&json!([{ "case": "VL-1", "facts": [fact] }]))).await;
        assert_eq!(
            report.refused[0].to_string(),
            "cases[0] 'VL-1': facts[0]: case 2020-00001, fact 'hours': the days 2020-10-01..2020-10-31 overlap with those \
             of another such fact, 2020-10-01..2020-10-31; change the days, or correct that fact instead"
        );
        assert_eq!(known_hours(&db).await, ["148,5"]);

        fact["corrects"] = true.into();
        let correction = later(&json!([{ "case": "VL-1", "facts": [fact] }]));
        let report = read_in(&db, &correction).await;
        assert_eq!(report, Report { kept: true, facts_corrected: 1, ..Report::default() });
        assert_eq!(known_hours(&db).await, ["160"]);
        let again = read_in(&db, &correction).await;
        assert_eq!(again, Report { kept: true, facts_unchanged: 1, ..Report::default() });
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_fits_no_fact_or_several_is_refused() {
    each_engine(|db| async move {
        let weeks = [hours("2020-10-01..2020-10-10", "40"), hours("2020-10-11..2020-10-20", "40")];
        read_in(&db, &with(file(), "/cases/0", case("VL-1", &weeks))).await;
        for (days, expected) in [
            (
                "2020-11-01..2020-11-30",
                "no fact 'hours' for 2020-11-01..2020-11-30 is known to be corrected",
            ),
            (
                "2020-10-01..2020-10-31",
                "2 facts 'hours' are known for 2020-10-01..2020-10-31; correct them one by one",
            ),
        ] {
            let mut fact = hours(days, "99");
            fact["corrects"] = true.into();
            let report = read_in(&db, &later(&json!([{ "case": "VL-1", "facts": [fact] }]))).await;
            assert!(report.refused[0].text.contains(expected), "{}", report.refused[0]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_bad_case_stays_out_and_the_others_go_in() {
    each_engine(|db| async move {
        let bad_half = [october("37"), hours("2020-11-01..2020-11-30", "-3")];
        let mixed = with(file(), "/cases", json!([case("VL-1", &bad_half), case("VL-2", &[october("10")])]));
        let report = read_in(&db, &mixed).await;
        assert_eq!((report.cases_opened, report.facts_recorded, report.refused.len()), (1, 1, 1));
        assert_eq!(
            report.refused[0].to_string(),
            "cases[0] 'VL-1': facts[1]: new case, fact 'hours', field 'worked': -3 is too small; the smallest allowed is 0"
        );
        assert_eq!(cases(&db).await[0].external_key.as_deref(), Some("VL-2"));
    })
    .await;
}

#[tokio::test]
async fn in_strict_mode_one_bad_case_keeps_everything_out() {
    each_empty_engine(|db| async move {
        let mixed =
            with(file(), "/cases", json!([case("VL-1", &[october("-1")]), case("VL-2", &[])]));
        let report = try_import(&db, "abc", &mixed, Mode::Strict).await.unwrap();
        assert!(!report.kept && report.refused.len() == 1, "{report:?}");
        assert_eq!(count(&db, "SELECT COUNT(*) FROM municipality").await, 0);

        let report = try_import(&db, "abc", &file(), Mode::Strict).await.unwrap();
        assert!(report.kept && report.refused.is_empty(), "{report:?}");
        assert_eq!(cases(&db).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_stands_twice_in_a_file_is_told() {
    each_engine(|db| async move {
        let twice = with(file(), "/cases", json!([case("VL-1", &[]), case("VL-1", &[october("1")])]));
        let report = read_in(&db, &twice).await;
        assert_eq!(
            report.refused[0].to_string(),
            "cases[1] 'VL-1': cases[0] is the same case; put all its facts there"
        );
        let by_both = later(&json!([{ "case": "VL-1" }, { "case": "2020-00001" }]));
        let report = read_in(&db, &by_both).await;
        assert_eq!(
            report.refused[0].to_string(),
            "cases[1] '2020-00001': another entry of the file is the same case; put all its facts there"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_one_benefit_and_day_and_closed_cases_stay_closed() {
    each_engine(|db| async move {
        read_in(&db, &file()).await;
        let report = read_in(&db, &with(file(), "/cases/0/opened", json!("2020-09-01"))).await;
        assert_eq!(
            report.refused[0].text,
            "the key belongs to case 2020-00001 of 'proeveydelse', opened on 2020-08-01; \
             give the case another key, or the same benefit and day"
        );
        let act = act(&db).await;
        let id = cases(&db).await[0].id;
        change(&db, async |tx| close(tx, &act, id, day("2020-10-31")).await.unwrap()).await;
        let report = read_in(&db, &file()).await;
        assert_eq!(
            report.refused[0].text,
            "case 2020-00001 was closed on 2020-10-31; only open cases are changed"
        );
    })
    .await;
}

#[tokio::test]
async fn a_part_can_be_had_by_several_and_one_can_be_added_later() {
    each_engine(|db| async move {
        let several = with(file(), "/cases/0/roles/employer", json!(["ribe", "pay"]));
        let report = read_in(&db, &several).await;
        assert_eq!(
            report.refused[0].text,
            "facts[0]: fact 'hours', field 'paid-by': 2 parties are 'employer' in the case; name one by its key"
        );
        let named = with(several, "/cases/0/facts/0/attributes/paid-by/who", json!("pay"));
        assert_eq!(read_in(&db, &named).await.cases_opened, 1);

        let added = with(named, "/cases/0/roles/employer", json!(["dam"]));
        assert_eq!(read_in(&db, &added).await.refused, []);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM case_party WHERE role = 'employer'").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_failed_check_digit_is_a_warning() {
    each_engine(|db| async move {
        let report = read_in(&db, &with(file(), "/parties/0/cpr", json!("070761-4286"))).await;
        assert_eq!((report.refused.len(), report.cases_opened), (0, 1));
        assert!(
            report.warnings[0]
                .to_string()
                .starts_with("parties[0] 'bo': the personal number fails")
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_known_earlier_is_taken_over_and_the_future_is_not() {
    each_engine(|db| async move {
        let mut early = file();
        early["cases"][0]["facts"][0]["known-from"] = json!("2020-09-01");
        read_in(&db, &early).await;
        let range = CaseRange::of(&cases(&db).await).unwrap();
        let mut read = db.read().await.unwrap();
        for (on, facts) in [("2020-08-31", 0), ("2020-09-01", 1)] {
            assert_eq!(known(&mut read, tenant(), range, day(on)).await.unwrap().len(), facts, "{on}");
        }
        let mut late = hours("2020-11-01..2020-11-30", "1");
        late["known-from"] = json!("2020-11-03");
        let report = read_in(&db, &later(&json!([{ "case": "VL-1", "facts": [late] }]))).await;
        assert_eq!(
            report.refused[0].text,
            "facts[0]: 'hours' cannot be known from 2020-11-03, as today is 2020-11-02; correct the day"
        );
        let mut correction = october("1");
        correction["corrects"] = json!(true);
        correction["known-from"] = json!("2020-08-15");
        let report = read_in(&db, &later(&json!([{ "case": "VL-1", "facts": [correction] }]))).await;
        assert!(report.refused[0].text.contains("is known from 2020-09-01"), "{}", report.refused[0]);
    })
    .await;
}

#[tokio::test]
async fn workers_are_changed_only_by_one_who_may_administer() {
    each_empty_engine(|db| async move {
        read_in(&db, &file()).await;
        // The same file again changes no worker, so one who may only register can read it.
        try_import(&db, "reg", &file(), Mode::Lenient).await.unwrap();
        let more = with(file(), "/workers/1/rights", json!(["register", "approve"]));
        let refused = try_import(&db, "reg", &more, Mode::Lenient).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "'reg' does not have the right 'administer' in municipality 0561"
        );
        try_import(&db, "abc", &more, Mode::Lenient).await.unwrap();
        let rights = sql("SELECT rights FROM worker WHERE id = 'reg'");
        let (rights,): (String,) = db.read().await.unwrap().one(rights).await.unwrap();
        assert_eq!(rights, "register approve");
    })
    .await;
}

#[tokio::test]
async fn a_municipality_is_set_up_only_with_what_it_needs() {
    each_empty_engine(|db| async move {
        let unnamed = try_import(&db, "abc", &later(&json!([])), Mode::Lenient).await.unwrap_err();
        assert!(matches!(unnamed, ImportError::SetUp(SetUpError::Unnamed(_))), "{unnamed}");
        let stranger = try_import(&db, "xyz", &file(), Mode::Lenient).await.unwrap_err();
        assert!(matches!(stranger, ImportError::SetUp(SetUpError::Access(_))), "{stranger}");
        let right = with(file(), "/workers/0/rights", json!(["everything"]));
        let unknown = try_import(&db, "abc", &right, Mode::Lenient).await.unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "worker 'abc' cannot have the right 'everything'; the rights are \
             look, register, propose, approve, pay, administer"
        );
        assert_eq!(count(&db, "SELECT COUNT(*) FROM municipality").await, 0);
    })
    .await;
}

#[test]
fn a_file_that_is_no_import_file_is_told_where() {
    for (content, expected) in [
        ("[]", "the file is not an import file: invalid length 0"),
        ("{", "the file is not an import file: EOF while parsing an object at line 1 column 1"),
        (
            r#"{"municipality": {"code": "Esbjerg"}}"#,
            "the file is not an import file: 'Esbjerg' is not a municipality code",
        ),
        (
            r#"{"municipality": {"code": "0561"}, "case": []}"#,
            "the file is not an import file: unknown field `case`",
        ),
    ] {
        let unreadable = ImportFile::read(content.as_bytes()).unwrap_err().to_string();
        assert!(unreadable.starts_with(expected), "{unreadable}");
    }
}

#[tokio::test]
async fn many_cases_go_in_over_several_batches() {
    each_engine(|db| async move {
        let keys: Vec<String> = (0..600).map(|number| format!("VL-{number}")).collect();
        let mut all: Vec<Value> = keys.iter().map(|key| case(key, &[october("100")])).collect();
        all[300]["opened"] = json!("2020");
        let report = read_in(&db, &with(file(), "/cases", Value::Array(all))).await;
        assert_eq!(
            (report.cases_opened, report.facts_recorded, report.refused.len()),
            (599, 599, 1)
        );
        let mut tx = db.begin().await.unwrap();
        let some =
            lock_by_external_keys(&mut tx, tenant(), &["VL-0", "VL-300", "VL-599"]).await.unwrap();
        assert_eq!(some.len(), 2);
        assert_eq!(verify_chain(&mut tx, tenant()).await.unwrap().rows, 599 * 2 + 4 + 2);
    })
    .await;
}
