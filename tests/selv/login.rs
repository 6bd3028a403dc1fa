//! The national login, with `simid` in its place: who comes back is who the ID token says, and nobody else.

use axum::Router;
use axum::body::Body;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{Request, StatusCode};
use tokio::net::TcpListener;
use ydun::db::Db;
use ydun::web::App;
use ydun_peers::simid::{Client, Person, SimId};

use super::{app_with, ask, count, provider_at};
use crate::support::each_engine;
use crate::web::Answer;

const REDIRECT: &str = "http://127.0.0.1:8080/selv/svar";

/// A broker on a port of its own, with a secret it agrees on with the client.
async fn broker(secret: &str) -> (String, Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let client = Client { id: "ydun".into(), secret: secret.into(), redirect: REDIRECT.into() };
    let people = vec![
        Person::Citizen { name: "Bo Dam".into(), cpr: "0707614285".into() },
        Person::Company {
            name: "Mette Lund".into(),
            cvr: "29189803".into(),
            company: "Tømrer Dam ApS".into(),
            se: Some("29189803".into()),
            p: None,
            rid: Some("17".into()),
        },
    ];
    let router = SimId::new(&issuer, client, people).router();
    tokio::spawn(axum::serve(listener, router.clone()).into_future());
    (issuer, router)
}

async fn get(app: &App, address: &str, cookie: &str) -> Answer {
    let request = Request::get(address).header(COOKIE, cookie).body(Body::empty()).unwrap();
    ask(app.clone(), request).await
}

/// `name=value` of the cookie that an answer sets.
fn cookie(answer: &Answer, name: &str) -> String {
    let set = answer.all(SET_COOKIE.as_str());
    let found = set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
    found.split(';').next().unwrap().to_owned()
}

/// Goes to the broker, is a person there, and comes back: the address one comes back to.
async fn choose(broker: &Router, sent_to: &str, person: usize) -> String {
    use tower::ServiceExt as _;
    let (_, query) = sent_to.split_once("/authorize?").unwrap();
    let request = Request::get(format!("/choose?{query}&person={person}"));
    let answer = broker.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    back.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

async fn begin(app: &App) -> (String, String) {
    let sent = get(app, "/selv/log-ind", "").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    (sent.header("location").to_owned(), cookie(&sent, "__Host-ydun-selv-vej"))
}

async fn visits(db: &Db) -> i64 {
    count(db, "SELECT COUNT(*) FROM visit").await
}

#[tokio::test]
async fn whoever_logs_in_is_who_the_broker_says() {
    each_engine(|db| async move {
        let (issuer, broker) = broker("hemmelig").await;
        let app = app_with(&db, provider_at(&issuer));
        for (person, called) in [(0, "Bo Dam"), (1, "Mette Lund for Tømrer Dam ApS")] {
            let (sent_to, kept) = begin(&app).await;
            assert!(sent_to.starts_with(&issuer));
            let back = choose(&broker, &sent_to, person).await;
            let arrived = get(&app, &back, &kept).await;
            assert_eq!(arrived.header("location"), "/selv", "{}", arrived.body);
            let visit = cookie(&arrived, "__Host-ydun-selv=");
            get(&app, "/selv", &visit).await.says(called);
        }
        assert_eq!(count(&db, "SELECT COUNT(*) FROM party").await, 3); // Bo, the firm, its SE unit
    })
    .await;
}

#[tokio::test]
async fn a_code_is_taken_once_and_only_in_the_browser_that_asked_for_it() {
    each_engine(|db| async move {
        let (issuer, broker) = broker("hemmelig").await;
        let app = app_with(&db, provider_at(&issuer));
        let (sent_to, kept) = begin(&app).await;
        let back = choose(&broker, &sent_to, 0).await;

        let (_, others) = begin(&app).await;
        let stolen = get(&app, &back, &others).await; // the state is of another attempt
        assert_eq!(stolen.status, StatusCode::FORBIDDEN);
        let bare = get(&app, &back, "").await;
        assert_eq!(bare.status, StatusCode::BAD_REQUEST);
        assert_eq!(visits(&db).await, 0);

        assert_eq!(get(&app, &back, &kept).await.status, StatusCode::SEE_OTHER);
        let again = get(&app, &back, &kept).await;
        assert_eq!(again.status, StatusCode::BAD_GATEWAY);
        assert_eq!(visits(&db).await, 1);
        let left = get(&app, "/selv/svar?error=access_denied", &kept).await;
        assert_eq!(left.status, StatusCode::BAD_REQUEST);
        left.says("Login blev afbrudt");
    })
    .await;
}

#[tokio::test]
async fn a_code_injected_with_the_right_state_fails_at_the_broker() {
    each_engine(|db| async move {
        let (issuer, broker) = broker("hemmelig").await;
        let app = app_with(&db, provider_at(&issuer));
        let (victims, _) = begin(&app).await;
        let stolen = choose(&broker, &victims, 0).await;
        let (_, code) = stolen.split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();
        let (own, kept) = begin(&app).await;
        let state = own.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let injected = get(&app, &format!("/selv/svar?code={code}&state={state}"), &kept).await;
        assert_eq!(injected.status, StatusCode::BAD_GATEWAY); // PKCE: another's code
        assert_eq!(visits(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_broker_that_is_another_or_does_not_answer_lets_nobody_in() {
    each_engine(|db| async move {
        let silent = app_with(&db, provider_at("http://127.0.0.1:9"));
        let told = get(&silent, "/selv/log-ind", "").await;
        assert_eq!(told.status, StatusCode::BAD_GATEWAY);
        told.says("Vi kunne ikke få svar fra MitID");

        let (issuer, broker) = broker("en anden hemmelighed").await;
        let app = app_with(&db, provider_at(&issuer));
        let (sent_to, kept) = begin(&app).await;
        let back = choose(&broker, &sent_to, 0).await;
        assert_eq!(get(&app, &back, &kept).await.status, StatusCode::BAD_GATEWAY);
        let named = issuer.replace("127.0.0.1", "localhost");
        let misnamed = app_with(&db, provider_at(&named)); // it calls itself by its number
        assert_eq!(get(&misnamed, "/selv/log-ind", "").await.status, StatusCode::BAD_GATEWAY);
        assert_eq!(visits(&db).await, 0);
    })
    .await;
}
