//! A citizen applies in a real browser, and an employer tells hours: by mouse, by keyboard, without script, and
//! on a narrow screen; with a real login at `simid`.

use std::env;
use std::fs;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use ydun::clock::Clock;
use ydun::db::{Db, Url, sql};
use ydun::web::{App, serve};
use ydun_peers::simid::{Client, Person, SimId};

use super::driver::{Browser, NARROW, Setup, WIDE, WITHOUT_SCRIPT, drive};
use super::{ENTER, TAB};
use crate::benefits::Benefit;
use crate::selv::{morning, provider_of};
use crate::support::{set_up, tenant};
use crate::voksenlaerling::{open_case, set_up_module};
use crate::web::app;

const HOURS: &str = "/selv/timer/voksenlaerling/maanedsanmodning/2026-02";

/// Self-service with a broker beside it, served to a browser.
async fn in_a_browser<F: Future<Output = ()> + Send + 'static>(
    setup: Setup,
    work: impl FnOnce(Browser, Db) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&Url::Sqlite(folder.path().join("ydun.db"))).await.unwrap();
    db.migrate().await.unwrap();
    set_up(&db, tenant()).await;
    set_up_module(&db).await;
    open_case(&db, "ordinary-month", 1).await;
    Benefit::set_up(&db, "enkeltydelser").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let issuer = broker(&site).await;
    let provider = provider_of(&issuer, &site);
    let app = App { provider: Some(provider), ..app(&db, Clock::Fixed(morning())) };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(app, listener, async { drop(stopped.await) }));
    let at = db.clone();
    drive(setup, site, |browser| work(browser, at)).await;
    drop(stop);
    server.await.unwrap().unwrap();
    db.close().await;
}

async fn broker(site: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let redirect = format!("{site}/selv/svar");
    let client = Client { id: "ydun".into(), secret: "hemmelig".into(), redirect };
    let people = vec![
        Person::Citizen { name: "Bo Dam".into(), cpr: "0707614285".into() },
        Person::Company {
            name: "Mette Lund".into(),
            cvr: "29189803".into(),
            company: "Tømrer Dam ApS".into(),
            se: None,
            p: None,
            rid: None,
        },
    ];
    let router = SimId::new(&issuer, client, people).router();
    tokio::spawn(axum::serve(listener, router).into_future());
    issuer
}

async fn log_in(browser: &Browser, person: usize) {
    browser.open("/selv").await;
    browser.click("main a.button-primary").await;
    browser.click(&format!("li:nth-child({}) a", person + 1)).await;
    browser.arrives(|place| place == "/selv").await;
}

async fn sent(db: &Db) -> i64 {
    const SENT: &str = "SELECT COUNT(*) FROM filing WHERE sent_at IS NOT NULL";
    db.read().await.unwrap().one::<(i64,)>(sql(SENT)).await.unwrap().0
}

/// Fills in the first page wrongly, is told so, and goes on to the receipt.
async fn apply(browser: &Browser, db: &Db) {
    log_in(browser, 0).await;
    browser.click("form.card .button-primary").await;
    browser.arrives(|place| place.ends_with("/1")).await;
    browser.write("#r1-reason", "Min kontrakt blev opsagt").await;
    browser.click("form.selv .moves .button-primary").await;
    assert!(browser.text("#fejl").await.contains("Vælg et af svarene."));
    assert_eq!(browser.typed("#r1-reason").await, "Min kontrakt blev opsagt");
    for field in ["event", "student-loan", "cash-benefit-level", "sanctioned"] {
        browser.click(&format!("#r1-{field}-2 + label")).await;
    }
    browser.click("form.selv .moves .button-primary").await;
    browser.arrives(|place| place.ends_with("/2")).await;
    browser.click("form.selv .moves .button-primary").await; // no expense yet: an empty row is left out
    browser.arrives(|place| place.ends_with("/3")).await;
    browser.click("#r1-family-1 + label").await;
    browser.write("#r1-children", "0").await;
    browser.click("form.selv .moves .button-primary").await;
    browser.arrives(|place| place.ends_with("/4")).await;
    browser.write("#r1-dage-maaned", "2.2026").await;
    browser.write("#r1-net-income", "9.000,50").await;
    browser.write("#r1-assets", "0").await;
    browser.click("form.selv .moves .button-primary").await;
    browser.arrives(|place| place.ends_with("/bilag")).await;
    browser.click("main a.button-primary").await;
    browser.arrives(|place| place.ends_with("/kontrol")).await;
    assert!(browser.text("main").await.contains("9.000,50 kr."));
    browser.click("form .button-primary").await;
    browser.arrives(|place| place.ends_with("/kvittering")).await;
    assert!(browser.text("[role=status]").await.contains("Sag 2026-00001"));
    assert_eq!(sent(db).await, 1);
}

#[tokio::test]
async fn a_citizen_applies_by_mouse() {
    in_a_browser(WIDE, |browser, db| async move { apply(&browser, &db).await }).await;
}

#[tokio::test]
async fn a_citizen_applies_without_script() {
    in_a_browser(WITHOUT_SCRIPT, |browser, db| async move { apply(&browser, &db).await }).await;
}

#[tokio::test]
async fn a_citizen_applies_on_a_narrow_screen_that_never_scrolls_sideways() {
    in_a_browser(NARROW, |browser, db| async move {
        apply(&browser, &db).await;
        browser.open("/selv").await;
        browser.click("form.card .button-primary").await;
        browser.arrives(|place| place.ends_with("/1")).await;
        let form = browser.place().await;
        let (form, _) = form.rsplit_once('/').unwrap();
        let steps = ["1", "2", "3", "4", "bilag", "kontrol"].map(|step| format!("{form}/{step}"));
        for page in steps.into_iter().chain(["/selv".to_owned()]) {
            browser.open(&page).await;
            let wider = browser
                .run("return document.documentElement.scrollWidth > window.innerWidth")
                .await;
            assert_eq!(wider, false, "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_step_is_filled_in_by_keyboard_alone() {
    in_a_browser(WIDE, |browser, _| async move {
        log_in(&browser, 0).await;
        browser.click("form.card .button-primary").await;
        browser.arrives(|place| place.ends_with("/1")).await;
        browser.run("document.getElementById('indhold').focus()").await;
        while browser.focus().await != "r1-reason" {
            browser.press(TAB).await;
        }
        browser.press(&format!("Min kontrakt blev opsagt{TAB} ")).await;
        for _ in 0..4 {
            browser.press(&format!("{TAB} ")).await;
        }
        browser.press_with_alt('g').await;
        browser.arrives(|place| place.ends_with("/2")).await;
        browser.open("/selv").await;
        browser.press(TAB).await;
        browser.press(ENTER).await;
        assert_eq!(browser.focus().await, "indhold");
    })
    .await;
}

#[tokio::test]
async fn no_page_of_self_service_has_a_barrier_that_the_checker_knows() {
    let Ok(axe) = env::var("YDUN_AXE") else {
        eprintln!("skipped: YDUN_AXE names no checker; see `cargo xtask test`");
        return;
    };
    let axe = fs::read_to_string(&axe).unwrap();
    in_a_browser(WIDE, |browser, db| async move {
        browser.open("/selv").await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "before one has logged in");
        apply(&browser, &db).await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "the receipt");
        browser.open("/selv").await;
        browser.click("form.card .button-primary").await;
        let form = browser.place().await;
        let (form, _) = form.rsplit_once('/').unwrap();
        for step in ["1", "2", "3", "4", "bilag", "kontrol"] {
            browser.open(&format!("{form}/{step}")).await;
            assert_eq!(browser.barriers(&axe).await, [""; 0], "{step}");
        }
        browser.open(&format!("{form}/1")).await;
        browser.click("form.selv .moves .button-primary").await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "a step with mistakes");
        for page in ["/selv", "/selv/udbetalinger"] {
            browser.open(page).await;
            assert_eq!(browser.barriers(&axe).await, [""; 0], "{page}");
        }
        browser.click("form.who button").await;
        log_in(&browser, 1).await;
        for page in ["/selv", HOURS, "/selv/udbetalinger"] {
            browser.open(page).await;
            assert_eq!(browser.barriers(&axe).await, [""; 0], "{page} of a company");
        }
        let complaints = browser.complaints().await;
        let ours = complaints.iter().filter(|said| !said.contains("status of 4"));
        assert_eq!(ours.collect::<Vec<_>>(), [""; 0]);
    })
    .await;
}
