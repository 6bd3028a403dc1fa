//! Who is let in, and where to: a visitor reaches its own matters and nothing else.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use ydun::audit::verify_chain;
use ydun::clock::Clock;

use super::{Visitor, app_with, ask, bo, count, firm, ida, morning, provider};
use crate::benefits::Benefit;
use crate::support::{each_engine, tenant};
use crate::voksenlaerling::open_case;
use crate::web::{app, get_at};

const OWN: &str = "SELECT COUNT(*) FROM audit WHERE actor LIKE 'borger %'";
const SAVED: &str = "SELECT COUNT(*) FROM audit WHERE action = 'filing-saved'";

/// Every address of self-service, with a filing of somebody.
fn addresses(form: &str) -> Vec<(&'static str, String)> {
    vec![
        ("GET", form.to_owned()),
        ("POST", form.to_owned()),
        ("GET", format!("{form}/1")),
        ("POST", format!("{form}/1")),
        ("GET", format!("{form}/bilag")),
        ("GET", format!("{form}/kontrol")),
        ("POST", format!("{form}/kontrol")),
        ("GET", format!("{form}/kvittering")),
    ]
}

#[tokio::test]
async fn without_a_provider_of_logins_self_service_says_that_it_is_not_switched_on() {
    each_engine(|db| async move {
        let visitor = Visitor::new(&db, bo()).await;
        let switched_off = app(&db, Clock::Fixed(morning()));
        for address in ["/selv", "/selv/log-ind", "/selv/svar?code=1&state=2"] {
            let cookie = format!("__Host-ydun-selv={}", visitor.token.reveal());
            let request = Request::get(address).header(COOKIE, cookie).body(Body::empty()).unwrap();
            let page = ask(switched_off.clone(), request).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
            page.says("Selvbetjening er ikke slået til");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_or_changes_the_form_of_another() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        let ida = Visitor::new(&db, ida()).await;
        let company = Visitor::new(&db, firm("29189803", None)).await;
        for (method, address) in addresses(&form) {
            for stranger in [&ida, &company] {
                let answer = match method {
                    "GET" => stranger.get(&address).await,
                    _ => stranger.send(&address, "version=0").await,
                };
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {address}");
            }
            let request = Request::builder().method(method).uri(&address);
            let nobody = ask(app_with(&db, provider()), request.body(Body::empty()).unwrap()).await;
            assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{method} {address}");
            assert_eq!(nobody.header("location"), "/selv", "{method} {address}");
        }
        let uploaded = ida.upload(&format!("{form}/bilag"), "a.pdf", b"%PDF-1").await;
        assert_eq!(uploaded.status, StatusCode::NOT_FOUND);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM document").await, 0);
        let for_bo = format!("benefit=enkeltydelser&form=ansoegning&owner={}", bo.owner().await);
        assert_eq!(ida.send("/selv/formularer", &for_bo).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_visitor_opens_no_page_of_the_house_and_a_worker_none_of_self_service() {
    each_engine(|db| async move {
        let case = {
            crate::voksenlaerling::set_up_module(&db).await;
            open_case(&db, "ordinary-month", 1).await
        };
        let visitor = Visitor::new(&db, firm("29189803", None)).await;
        let token = visitor.token.reveal();
        for address in crate::web::addresses(&case) {
            let is_open = ["/api/openapi.json", "/health/live", "/health/ready"];
            if is_open.contains(&address.as_str()) {
                continue;
            }
            for header in [
                (COOKIE, format!("__Host-ydun-selv={token}")),
                (COOKIE, format!("__Host-ydun={token}")),
                (AUTHORIZATION, format!("Bearer {token}")),
            ] {
                let request = Request::get(&address).header(header.0, header.1);
                let answer =
                    ask(app_with(&db, provider()), request.body(Body::empty()).unwrap()).await;
                let is_refused =
                    [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&answer.status);
                assert!(is_refused, "{address}: {}", answer.status);
                if answer.status == StatusCode::SEE_OTHER {
                    assert!(answer.header("location").starts_with("/log-ind"), "{address}");
                }
            }
        }
        // A worker's key is nobody's visit.
        let key = ydun::logins::service::issue_key;
        let act = crate::support::act_as(&db, "abc", morning()).await;
        let token = crate::support::change(&db, async |tx| key(tx, &act, "def", 1).await.unwrap());
        let cookie = format!("__Host-ydun-selv={}", token.await.reveal());
        let request = Request::get("/selv/formularer/x").header(COOKIE, cookie);
        let answer = ask(app_with(&db, provider()), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("location"), "/selv");
    })
    .await;
}

#[tokio::test]
async fn a_form_is_taken_from_a_page_of_the_same_visit_only() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        for (key, site) in
            [("forkert".to_owned(), "same-origin"), (bo.token.form_key(), "cross-site")]
        {
            let request = Request::post(&form)
                .header(COOKIE, format!("__Host-ydun-selv={}", bo.token.reveal()))
                .header("sec-fetch-site", site);
            let body = Body::from(format!("form-key={key}"));
            let answer = ask(app_with(&db, provider()), request.body(body).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
        }
        assert_eq!(count(&db, "SELECT COUNT(*) FROM filing").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_visit_ends_by_itself_and_when_one_leaves() {
    each_engine(|db| async move {
        let bo = Visitor::new(&db, bo()).await;
        bo.get("/selv").await.says("Bo Dam");
        let later = |hours| {
            let mut app = app_with(&db, provider());
            app.clock = Clock::Fixed(morning() + TimeDelta::hours(hours));
            let cookie = format!("__Host-ydun-selv={}", bo.token.reveal());
            ask(app, Request::get("/selv").header(COOKIE, cookie).body(Body::empty()).unwrap())
        };
        later(1).await.says("Log ind med MitID");
        let left = bo.send("/selv/log-ud", "").await;
        assert!(left.header("clear-site-data").contains("storage"));
        bo.get("/selv").await.says("Log ind med MitID");
    })
    .await;
}

#[tokio::test]
async fn every_look_and_change_is_in_the_audit_in_the_visitors_own_name() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        for address in [
            "/selv".to_owned(),
            format!("{form}/1"),
            format!("{form}/bilag"),
            format!("{form}/kontrol"),
        ] {
            let before = count(&db, OWN).await;
            bo.get(&address).await;
            assert!(count(&db, OWN).await > before, "{address}");
        }
        bo.send(&format!("{form}/1"), "version=0&r1-vist=reason&r1-reason=x&handling=gem").await;
        assert_eq!(count(&db, SAVED).await, 1);
        verify_chain(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        // What a page says of them holds no personal number, and no address does.
        for address in ["/selv".to_owned(), format!("{form}/1"), format!("{form}/kontrol")] {
            let page = bo.get(&address).await;
            assert!(!page.body.contains("0707614285") && !page.body.contains("070761-4285"));
        }
        assert_eq!(get_at(&db, morning(), "def", "/").await.status, StatusCode::OK);
    })
    .await;
}
