//! The caseworker's day in a real browser: by mouse, by keyboard alone, without script, and on a narrow screen.

mod driver;
mod selv;

use std::{env, fs};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use ydun::access::{Act, Administer};
use ydun::clock::Clock;
use ydun::db::{Db, Url, sql};
use ydun::logins::service::set_password;
use ydun::web::serve;

use self::driver::{Browser, NARROW, Setup, WIDE, WITHOUT_SCRIPT, drive};
use crate::support::{act_as, change, set_up, tenant};
use crate::voksenlaerling::{BENEFIT, OCTOBER, in_november};
use crate::web::{app, october};

const PASSWORD: &str = "kaffe og rundstykker";
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const JUDGED: &str = "SELECT COUNT(*) FROM fact WHERE kind = 'assessment'";

/// A municipality in November, served to a browser. The work is given the case that waits for a person.
async fn in_a_browser<F: Future<Output = ()> + Send + 'static>(
    setup: Setup,
    work: impl FnOnce(Browser, Db, String) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&Url::Sqlite(folder.path().join("ydun.db"))).await.unwrap();
    db.migrate().await.unwrap();
    set_up(&db, tenant()).await;
    let doubtful = october(&db).await.doubtful;
    let act: Act<Administer> = act_as(&db, "abc", in_november()).await;
    change(&db, async |tx| set_password(tx, &act, "def", PASSWORD).await.unwrap()).await;
    let app = app(&db, Clock::Fixed(in_november()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(app, listener, async { drop(stopped.await) }));
    let at = db.clone();
    drive(setup, site, |browser| work(browser, at, doubtful.to_string())).await;
    drop(stop);
    server.await.unwrap().unwrap();
    db.close().await;
}

async fn judged(db: &Db) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(JUDGED)).await.unwrap().0
}

async fn log_in(browser: &Browser) {
    browser.open("/log-ind?til=/opgaver").await;
    browser.write("#initialer", "def").await;
    browser.write("#adgangskode", PASSWORD).await;
    browser.click("form.fields button").await;
    browser.arrives(|place| place == "/opgaver").await;
}

/// Takes the next task, forgets an answer, is told so, and gives it.
async fn answer_the_next(browser: &Browser, db: &Db) {
    log_in(browser).await;
    browser.open("/opgaver?koe=vurdering").await;
    browser.click(".headline .button-primary").await;
    browser.arrives(|place| place.starts_with("/opgaver/")).await;
    browser.write("#svar-1-reason", "Efter kontrakten.").await;
    browser.click("form.answer > .button-primary").await;
    assert!(browser.text("#fejl").await.contains("Vælg ja eller nej."));
    assert_eq!(browser.typed("#svar-1-reason").await, "Efter kontrakten.");
    assert_eq!(judged(db).await, 0);
    browser.click("#svar-1-met-1 + label").await;
    browser.click("form.answer > .button-primary").await;
    browser.arrives(|place| place.contains("besvaret=")).await;
    assert!(browser.text("[role=status]").await.contains("Svaret er registreret"));
    assert_eq!(judged(db).await, 1);
}

#[tokio::test]
async fn a_task_is_answered_by_mouse() {
    in_a_browser(WIDE, |browser, db, _| async move {
        answer_the_next(&browser, &db).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_answered_without_script() {
    in_a_browser(WITHOUT_SCRIPT, |browser, db, _| async move {
        answer_the_next(&browser, &db).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_answered_on_a_narrow_screen_that_never_scrolls_sideways() {
    in_a_browser(NARROW, |browser, db, case| async move {
        answer_the_next(&browser, &db).await;
        for page in pages(&case) {
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
async fn a_task_is_answered_by_keyboard_alone() {
    in_a_browser(WIDE, |browser, db, _| async move {
        browser.open("/log-ind?til=/opgaver").await;
        browser.press(&format!("def{TAB}{PASSWORD}{ENTER}")).await;
        browser.arrives(|place| place == "/opgaver").await;
        browser.press(TAB).await; // the first is the way past the bar at the top
        browser.press(ENTER).await;
        assert_eq!(browser.focus().await, "indhold");
        browser.press_with_alt('s').await;
        assert_eq!(browser.focus().await, "find");
        browser.open("/opgaver?koe=vurdering").await;
        browser.press_with_alt('n').await;
        browser.arrives(|place| place.starts_with("/opgaver/")).await;
        browser.run("document.getElementById('indhold').focus()").await;
        while browser.focus().await != "svar-1-met-1" {
            browser.press(TAB).await;
        }
        browser.press(" ").await;
        browser.press(&format!("{TAB}Efter kontrakten.")).await;
        browser.press_with_alt('g').await;
        browser.arrives(|place| place.contains("besvaret=")).await;
        assert_eq!(judged(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_there_still_after_another_page_and_gone_when_it_was_sent() {
    in_a_browser(WIDE, |browser, _, case| async move {
        log_in(&browser).await;
        browser.open("/opgaver?koe=vurdering").await;
        browser.click(".headline .button-primary").await;
        let task = browser.place().await;
        browser.write("#svar-1-reason", "Ringet til mester.").await;
        browser.open(&format!("/sager/{case}")).await;
        browser.open(&task).await;
        assert_eq!(browser.typed("#svar-1-reason").await, "Ringet til mester.");
        assert_eq!(browser.run("return localStorage.length").await, 0);
        browser.click("#svar-1-met-1 + label").await;
        browser.click("form.answer > .button-primary").await;
        browser.arrives(|place| place.contains("besvaret=")).await;
        assert_eq!(browser.run("return sessionStorage.length").await, 0);
    })
    .await;
}

fn pages(case: &str) -> Vec<String> {
    vec![
        "/".into(),
        "/opgaver".into(),
        "/opgaver/fordeling".into(),
        "/opgaver?tempo=venter".into(),
        "/sager".into(),
        format!("/sager/{case}"),
        "/godkendelser".into(),
        format!("/godkendelser/{BENEFIT}/{OCTOBER}"),
        "/udbetalinger".into(),
        "/udbetalinger/liste?tilstand=planned".into(),
        "/udbetalinger/spaerringer".into(),
        format!("/udbetalinger/maaned/{OCTOBER}"),
        format!("/godkendelser/{BENEFIT}/{OCTOBER}/tilsyn"),
        "/moduler".into(),
        format!("/moduler/{BENEFIT}"),
        "/drift".into(),
        "/drift/koersler".into(),
        "/drift/maal".into(),
        "/drift/brugere".into(),
        "/drift/opslag".into(),
        "/findes/ikke".into(),
    ]
}

#[tokio::test]
async fn no_page_has_a_barrier_that_the_checker_knows() {
    let Ok(axe) = env::var("YDUN_AXE") else {
        eprintln!("skipped: YDUN_AXE names no checker; see `cargo xtask test`");
        return;
    };
    let axe = fs::read_to_string(&axe).unwrap();
    in_a_browser(WIDE, |browser, _, case| async move {
        browser.open("/log-ind").await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "/log-ind");
        log_in(&browser).await;
        for page in pages(&case) {
            browser.open(&page).await;
            assert_eq!(browser.barriers(&axe).await, [""; 0], "{page}");
        }
        browser.open("/opgaver?koe=vurdering").await;
        browser.click(".headline .button-primary").await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "a task");
        browser.click("form.answer > .button-primary").await;
        assert_eq!(browser.barriers(&axe).await, [""; 0], "a task with an answer refused");
        let complaints = browser.complaints().await;
        let ours = complaints.iter().filter(|said| !said.contains("status of 4"));
        assert_eq!(ours.collect::<Vec<_>>(), [""; 0]);
    })
    .await;
}
