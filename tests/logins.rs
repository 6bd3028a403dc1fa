//! Who gets in, for how long, and who does not.

use axum::body::Body;
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use ydun::access::{Act, Administer};
use ydun::db::{Db, sql};
use ydun::logins::Token;
use ydun::logins::service::{KeyError, LogInError, issue_key, log_in, revoke, set_password, whose};

use crate::support::{act_as, change, each_engine, now, tenant};
use crate::web::{Answer, ask_at};

const PASSWORD: &str = "tre små kinesere";

async fn administrator(db: &Db) -> Act<Administer> {
    act_as(db, "abc", now()).await
}

/// `def` has a password.
async fn with_password(db: &Db) {
    let act = administrator(db).await;
    change(db, async |tx| set_password(tx, &act, "def", PASSWORD).await.unwrap()).await;
}

async fn get_in(db: &Db, moment: DateTime<Utc>) -> Token {
    log_in(db, tenant(), "def", PASSWORD, moment).await.unwrap()
}

async fn counts(db: &Db, token: &Token, moment: DateTime<Utc>) -> bool {
    whose(&mut db.read().await.unwrap(), tenant(), token, moment).await.unwrap().is_some()
}

fn cookie(token: &Token) -> String {
    format!("other=1; __Host-ydun={}", token.reveal())
}

async fn get(db: &Db, address: &str, token: Option<&Token>, moment: DateTime<Utc>) -> Answer {
    let mut request = Request::get(address);
    if let Some(token) = token {
        request = request.header(COOKIE, cookie(token));
    }
    ask_at(db, moment, request.body(Body::empty()).unwrap()).await
}

/// Sends a form, from a page of `site` as the browser tells it.
async fn send(db: &Db, address: &str, token: Option<&Token>, site: &str, form: &str) -> Answer {
    let mut request = Request::post(address).header("sec-fetch-site", site);
    if let Some(token) = token {
        request = request.header(COOKIE, cookie(token));
    }
    ask_at(db, now(), request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_worker_logs_in_works_and_logs_out() {
    each_engine(|db| async move {
        with_password(&db).await;
        let first = get(&db, "/opgaver?side=2&x=a%20b", None, now()).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER);
        assert_eq!(first.header("location"), "/log-ind?til=/opgaver?side=2%26x=a%2520b");
        let page = get(&db, first.header("location"), None, now()).await;
        page.says(r#"name="til" value="/opgaver?side=2&#38;x=a%20b""#);

        let form = "initialer=+DEF&adgangskode=tre+sm%C3%A5+kinesere&til=%2Fopgaver";
        let inside = send(&db, "/log-ind", None, "same-origin", form).await;
        assert_eq!((inside.status, inside.header("location")), (StatusCode::SEE_OTHER, "/opgaver"));
        let (name, rest) = inside.header("set-cookie").split_once('=').unwrap();
        let (value, attributes) = rest.split_once("; ").unwrap();
        assert_eq!((name, attributes), ("__Host-ydun", "Path=/; Secure; HttpOnly; SameSite=Lax"));
        let token = Token::read(value).unwrap();
        get(&db, "/opgaver", Some(&token), now()).await.says("Dorte E. Friis");

        let form = format!("form-key={}", token.form_key());
        let outside = send(&db, "/log-ud", Some(&token), "same-origin", &form).await;
        assert_eq!(
            (outside.status, outside.header("location")),
            (StatusCode::SEE_OTHER, "/log-ind")
        );
        assert_eq!(outside.header("clear-site-data"), r#""cookies", "storage""#);
        assert_eq!(get(&db, "/opgaver", Some(&token), now()).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_whether_it_was_the_initials_or_the_password() {
    each_engine(|db| async move {
        with_password(&db).await;
        for (worker, password) in [("def", "forkert"), ("abc", PASSWORD), ("zzz", PASSWORD)] {
            let refused = log_in(&db, tenant(), worker, password, now()).await;
            assert!(matches!(refused, Err(LogInError::Wrong)), "{worker}: {refused:?}");
        }
        let form = "initialer=zzz&adgangskode=tre+sm%C3%A5+kinesere";
        let page = send(&db, "/log-ind", None, "same-origin", form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("Initialer og adgangskode hører ikke sammen.");
        page.says(r#"value="zzz""#);
        assert!(!page.body.contains("kinesere"));
    })
    .await;
}

#[tokio::test]
async fn guessing_is_stopped_for_a_while() {
    each_engine(|db| async move {
        with_password(&db).await;
        let guess = async |password, moment| log_in(&db, tenant(), "def", password, moment).await;
        for _ in 0..5 {
            assert!(matches!(guess("forkert", now()).await, Err(LogInError::Wrong)));
        }
        let until = now() + TimeDelta::minutes(5);
        let blocked = guess(PASSWORD, until - TimeDelta::seconds(1)).await;
        assert!(
            matches!(blocked, Err(LogInError::Blocked { until: at }) if at == until),
            "{blocked:?}"
        );
        assert!(guess(PASSWORD, until).await.is_ok());
        assert!(matches!(guess("forkert", until).await, Err(LogInError::Wrong))); // counted anew
        assert!(guess(PASSWORD, until).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_used_lasts_a_working_day_and_no_longer() {
    each_engine(|db| async move {
        with_password(&db).await;
        let (used, left) = (get_in(&db, now()).await, get_in(&db, now()).await);
        let mut moment = now();
        while moment < now() + TimeDelta::hours(10) {
            assert_eq!(get(&db, "/opgaver", Some(&used), moment).await.status, StatusCode::OK);
            moment += TimeDelta::minutes(20);
        }
        assert!(!counts(&db, &used, now() + TimeDelta::hours(10)).await);
        assert!(counts(&db, &left, now() + TimeDelta::minutes(30)).await);
        assert!(!counts(&db, &left, now() + TimeDelta::minutes(31)).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_or_a_word_ends_what_the_worker_had() {
    const TOKENS: &str = "SELECT COUNT(*) FROM login WHERE token_hash = $1";
    each_engine(|db| async move {
        with_password(&db).await;
        let act = administrator(&db).await;
        let session = get_in(&db, now()).await;
        let key = change(&db, async |tx| issue_key(tx, &act, "def", 30).await.unwrap()).await;
        with_password(&db).await;
        assert!(!counts(&db, &session, now()).await);
        assert!(counts(&db, &key, now() + TimeDelta::days(29)).await); // it knows no password
        assert!(!counts(&db, &key, now() + TimeDelta::days(30)).await);

        let ended = change(&db, async |tx| revoke(tx, &act, "def").await.unwrap()).await;
        assert_eq!(ended, 1);
        assert!(!counts(&db, &key, now()).await);
        let as_it_is = hex(&key.reveal());
        let mut read = db.read().await.unwrap();
        let (kept,): (i64,) = read.one(sql(TOKENS).bind(as_it_is.as_slice())).await.unwrap();
        assert_eq!(kept, 0);

        let mut tx = db.begin().await.unwrap();
        let long = issue_key(&mut tx, &act, "def", 367).await;
        assert!(matches!(long, Err(KeyError::Days)), "{long:?}");
        let nobody = issue_key(&mut tx, &act, "zzz", 1).await;
        assert!(matches!(nobody, Err(KeyError::NoWorker(_))), "{nobody:?}");
    })
    .await;
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[tokio::test]
async fn another_page_cannot_send_in_our_name() {
    each_engine(|db| async move {
        with_password(&db).await;
        let token = get_in(&db, now()).await;
        let form = format!("form-key={}", token.form_key());
        for site in ["cross-site", "same-site", "none"] {
            let refused = send(&db, "/log-ud", Some(&token), site, &form).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{site}");
        }
        let without = send(&db, "/log-ud", Some(&token), "same-origin", "").await;
        assert_eq!(without.status, StatusCode::FORBIDDEN);
        without.says("Intet er ændret.");
        let others = get_in(&db, now()).await.form_key();
        let foreign = format!("form-key={others}");
        let foreign = send(&db, "/log-ud", Some(&token), "same-origin", &foreign).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);

        let from = |origin: &str| {
            let request =
                Request::post("/log-ud").header(HOST, "ydun.example").header(ORIGIN, origin);
            request.header(COOKIE, cookie(&token)).body(Body::from(form.clone())).unwrap()
        };
        let old = ask_at(&db, now(), from("https://evil.example")).await;
        assert_eq!(old.status, StatusCode::FORBIDDEN);
        assert!(counts(&db, &token, now()).await);
        let own = ask_at(&db, now(), from("https://ydun.example")).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER);
        assert!(!counts(&db, &token, now()).await);
    })
    .await;
}
