//! Modules: installed once, active for days, loaded as they were installed.

use std::collections::BTreeSet;

use ydun::access::{Act, Administer};
use ydun::db::{Db, sql};
use ydun::modules::package::Package;
use ydun::modules::registry::{LoadError, Registry};
use ydun::modules::report::KeptReport;
use ydun::modules::service::{
    Activate, ActivateError, InstallError, NotActive, activate, activations, active, install, list,
    report,
};
use ydun::modules::{Activated, Mode};
use ydun_runtime::verify::Step;
use ydun_runtime::{Digest, Report, Signatures, section};

use crate::support::{act, change, day, each_engine, tenant};
use crate::voksenlaerling::{
    BENEFIT, component, next_version, package, registry, trust_publisher, with,
};

async fn try_install(db: &Db, component: Vec<u8>) -> Result<Report, InstallError> {
    trust_publisher(db).await;
    let act = act::<Administer>(db).await;
    let mut tx = db.begin().await.unwrap();
    let installed = install(&mut tx, &act, registry().sandbox(), package(component)).await;
    tx.commit().await.unwrap();
    installed
}

#[tokio::test]
async fn a_module_is_installed_once() {
    each_engine(|db| async move {
        let found = try_install(&db, component()).await.unwrap();
        assert!(found.passed());
        let kept = report(&mut db.read().await.unwrap(), BENEFIT, "1.0.0").await.unwrap();
        assert_eq!(kept, KeptReport::from(&found));
        assert_eq!(kept.steps.len(), Step::ALL.len());
        let numbers: BTreeSet<u8> = kept.steps.iter().map(|step| step.number).collect();
        assert!(numbers.into_iter().eq(1..=10), "every step of the design is in the report");
        assert_eq!(kept.signed_by.len(), 1);
        try_install(&db, component()).await.unwrap();
        let installed = list(&mut db.read().await.unwrap()).await.unwrap();
        let [module] = &installed[..] else { panic!("{installed:?}") };
        assert_eq!((module.benefit.as_str(), module.version.as_str()), (BENEFIT, "1.0.0"));
        assert_eq!(
            (module.digest, module.installed_by.as_str()),
            (Digest::of(&component()), "abc")
        );
    })
    .await;
}

#[tokio::test]
async fn a_version_that_is_out_can_not_be_changed() {
    each_engine(|db| async move {
        let report = try_install(&db, component()).await.unwrap();
        let mut changed = component();
        section::append(&mut changed, "remark", b"changed after all");
        let refused = try_install(&db, changed).await;
        assert!(
            matches!(refused, Err(InstallError::Taken { digest, .. }) if digest == report.digest),
            "{refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_module_that_breaks_its_promise_is_refused_with_the_sentence() {
    each_engine(|db| async move {
        let lying = with(r#""outcome":{"verdict":"granted""#, r#""outcome":{"verdict":"refused""#);
        let refused = try_install(&db, lying).await.unwrap_err().to_string();
        assert!(refused.contains("et andet svar på en af sine egne prøvesager"), "{refused}");
        let nothing =
            Package { component: b"no module".to_vec(), signatures: Signatures::default() };
        let act = act::<Administer>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let refused = install(&mut tx, &act, registry().sandbox(), nothing).await;
        assert!(matches!(refused, Err(InstallError::NoModule(_))), "{refused:?}");
        assert!(list(&mut db.read().await.unwrap()).await.unwrap().is_empty());
    })
    .await;
}

async fn try_activate(
    db: &Db,
    version: &str,
    days: &str,
    known_from: &str,
) -> Result<Activated, ActivateError> {
    let act: Act<Administer> = act(db).await;
    let mut tx = db.begin().await.unwrap();
    let days = days.parse().unwrap();
    let new = Activate {
        benefit: BENEFIT,
        version,
        days,
        known_from: day(known_from),
        mode: Mode::Active,
    };
    let activated = activate(&mut tx, &act, new).await;
    if activated.is_ok() {
        tx.commit().await.unwrap();
    }
    activated
}

/// Which version counts: `1.0.0`, `1.1.0`, `none` or `split`.
async fn counts(db: &Db, span: &str, known_at: &str) -> &'static str {
    let mut read = db.read().await.unwrap();
    match active(&mut read, tenant(), BENEFIT, span.parse().unwrap(), day(known_at)).await {
        Ok(digest) if digest == Digest::of(&component()) => "1.0.0",
        Ok(digest) if digest == Digest::of(&next_version()) => "1.1.0",
        Ok(other) => panic!("{other}"),
        Err(NotActive::None { .. }) => "none",
        Err(NotActive::Split { .. }) => "split",
        Err(other) => panic!("{other}"),
    }
}

const CHANGE: &str = "UPDATE artifact SET component = $2 WHERE digest = $1";

const SEPTEMBER: &str = "2020-09-01..2020-09-30";
const OCTOBER: &str = "2020-10-01..2020-10-31";

#[tokio::test]
async fn a_newer_version_takes_over_its_days_from_the_day_it_is_known() {
    each_engine(|db| async move {
        try_install(&db, component()).await.unwrap();
        try_install(&db, next_version()).await.unwrap();
        assert_eq!(counts(&db, OCTOBER, "2020-11-01").await, "none");

        let first = try_activate(&db, "1.0.0", "2020-01-01..", "2020-01-02").await.unwrap();
        assert_eq!((first.replaced.len(), first.gaps.len()), (0, 0));
        let second = try_activate(&db, "1.1.0", "2020-10-01..", "2020-10-20").await.unwrap();
        assert_eq!((second.replaced.len(), second.gaps.len()), (1, 0));

        assert_eq!(counts(&db, OCTOBER, "2020-01-01").await, "none"); // before anything was known
        assert_eq!(counts(&db, OCTOBER, "2020-10-19").await, "1.0.0"); // as it was known the day before
        assert_eq!(counts(&db, OCTOBER, "2020-10-20").await, "1.1.0");
        assert_eq!(counts(&db, SEPTEMBER, "2020-10-20").await, "1.0.0"); // its other days go on
        assert_eq!(counts(&db, "2020-09-30..2020-10-01", "2020-10-20").await, "split");
        assert_eq!(counts(&db, "2019-12-31..2020-01-31", "2020-10-20").await, "none");
    })
    .await;
}

#[tokio::test]
async fn a_gap_between_activations_is_told() {
    each_engine(|db| async move {
        try_install(&db, component()).await.unwrap();
        try_activate(&db, "1.0.0", "2020-01-01..2020-08-31", "2020-01-02").await.unwrap();
        let activated = try_activate(&db, "1.0.0", "2020-10-01..", "2020-01-02").await.unwrap();
        assert_eq!(activated.gaps, [SEPTEMBER.parse().unwrap()]);
        let activated = try_activate(&db, "1.0.0", SEPTEMBER, "2020-01-02").await.unwrap();
        assert_eq!(activated.gaps, []);
    })
    .await;
}

#[tokio::test]
async fn what_was_known_can_not_be_changed_behind_a_later_activation() {
    each_engine(|db| async move {
        try_install(&db, component()).await.unwrap();
        try_activate(&db, "1.0.0", "2020-01-01..", "2020-06-01").await.unwrap();
        let refused = try_activate(&db, "1.0.0", OCTOBER, "2020-05-31").await;
        assert!(
            matches!(refused, Err(ActivateError::KnownLater(later)) if later == day("2020-06-01")),
            "{refused:?}"
        );
        let refused = try_activate(&db, "9.9.9", OCTOBER, "2020-06-01").await;
        assert!(matches!(refused, Err(ActivateError::NotInstalled { .. })), "{refused:?}");
        try_activate(&db, "1.0.0", OCTOBER, "2020-06-01").await.unwrap();
        let all = activations(&mut db.read().await.unwrap(), tenant(), BENEFIT).await.unwrap();
        let now: Vec<String> = all
            .iter()
            .filter(|one| one.known_until.is_none())
            .map(|one| one.days.to_string())
            .collect();
        assert_eq!(now, ["2020-01-01..2020-09-30", OCTOBER, "2020-11-01.."]);
    })
    .await;
}

#[tokio::test]
async fn a_stored_module_that_was_changed_is_not_run() {
    each_engine(|db| async move {
        let digest = try_install(&db, component()).await.unwrap().digest;
        let folder = tempfile::tempdir().unwrap();
        let fresh = || Registry::open(registry().sandbox().clone(), folder.path()).unwrap();
        let load =
            async |registry: Registry| registry.module(&mut db.read().await.unwrap(), digest).await;
        assert_eq!(load(fresh()).await.unwrap().digest(), digest);

        change(&db, async |tx| {
            tx.execute(sql(CHANGE).bind(digest).bind(next_version())).await.unwrap()
        })
        .await;
        assert!(matches!(load(fresh()).await, Err(LoadError::Changed(_))));
    })
    .await;
}
