//! The pages of those who run the municipality's Ydun: work under way, measures, users, and who has looked.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use futures_util::StreamExt as _;
use tokio::time::timeout;
use tower::ServiceExt as _;
use ydun::access::{Act, Administer};
use ydun::clock::Clock;
use ydun::db::{Db, sql};
use ydun::logins::service::{issue_key, revoke};
use ydun::web::router;

use crate::money::Office;
use crate::support::{act_as, at, change, each_engine, tenant};
use crate::voksenlaerling::{OCTOBER, in_november};
use crate::web::{Cases, app, get, get_as, get_at, october, send_as};

/// The stream of marks, as a browser of the worker follows it.
async fn stream(db: &Db, worker: &str) -> axum::body::BodyDataStream {
    let act: Act<Administer> = act_as(db, "abc", in_november()).await;
    let token = change(db, async |tx| issue_key(tx, &act, worker, 1).await.unwrap()).await;
    let request = Request::get("/drift/koersler/stroem")
        .header(COOKIE, format!("__Host-ydun={}", token.reveal()))
        .body(Body::empty())
        .unwrap();
    let answer = router(app(db, Clock::Fixed(in_november()))).oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    answer.into_body().into_data_stream()
}

async fn event(stream: &mut axum::body::BodyDataStream) -> Option<String> {
    let next = timeout(Duration::from_secs(20), stream.next()).await.unwrap();
    next.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_page_of_runs_is_told_when_something_has_moved_and_until_the_login_ends() {
    const UNFINISHED: &str = "
        UPDATE month_run
        SET finished_at = NULL, lease_token = id, lease_by = 'abc', lease_since = started_at, lease_until = started_at
        WHERE tenant = $1";
    each_engine(|db| async move {
        october(&db).await;
        get(&db, "/drift/koersler").await.says("Oktober 2020, 1. kørsel");
        let mut stream = stream(&db, "def").await;
        let first = event(&mut stream).await.unwrap();
        assert!(first.contains("event: flyttet"), "{first}");
        change(&db, async |tx| tx.execute(sql(UNFINISHED).bind(tenant())).await.unwrap()).await;
        let second = event(&mut stream).await.unwrap();
        assert_ne!(second, first);
        get(&db, "/drift/koersler").await.says("Afbrudt"); // nobody holds it any more
        let act: Act<Administer> = act_as(&db, "abc", in_november()).await;
        change(&db, async |tx| revoke(tx, &act, "def").await.unwrap()).await;
        assert_eq!(event(&mut stream).await, None);
    })
    .await;
}

#[tokio::test]
async fn the_measures_are_counted_from_the_rows_and_lead_to_their_cases() {
    each_engine(|db| async move {
        let Cases { doubtful, .. } = october(&db).await;
        let page = get(&db, "/drift/maal?maaned=2020-11").await;
        for text in [
            "Udbetalinger, der er rettet",
            "Ansøgninger ved selvbetjening",
            "<title id=\"rettede-titel\">",
            "<desc id=\"rettede-fortalt\">",
            "dec 19: –",
        ] {
            page.says(text);
        }
        let tasks = get(&db, "/drift/maal/opgaver-pr-sag/2020-11").await;
        tasks.says(&format!("/sager/{doubtful}"));
        assert_eq!(get(&db, "/drift/maal/lykke/2020-11").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_payment_whose_decision_was_made_anew_is_a_corrected_one() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        let other = office.case().await;
        office.decide(case, "2020-10", &[("x", firm, "a", 500)]).await;
        office.decide(other, "2020-10", &[("x", firm, "a", 500)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.decide(case, "2020-10", &[("x", firm, "a", 700)]).await;
        let page = get_at(&db, office.now, "def", "/drift/maal?maaned=2020-11").await;
        page.says(r#"<td class="number">50,0 %</td>"#);
        let address = "/drift/maal/rettede-udbetalinger/2020-11";
        let rows = get_at(&db, office.now, "def", address).await;
        rows.says("/sager/2020-00001");
        assert!(!rows.body.contains("/sager/2020-00002"));
    })
    .await;
}

#[tokio::test]
async fn a_right_given_counts_at_once_and_nobody_locks_everybody_out() {
    each_engine(|db| async move {
        let new = "initialer=ny&navn=Nynne&ret=look";
        let made = send_as(&db, "abc", "/drift/brugere", new).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER);
        get(&db, "/drift/brugere").await.says("Nynne");
        assert_eq!(get_as(&db, "ny", "/sager").await.status, StatusCode::OK);
        assert_eq!(get_as(&db, "ny", "/drift/brugere").await.status, StatusCode::FORBIDDEN);
        send_as(&db, "abc", "/drift/brugere", "initialer=ny&navn=Nynne&ret=administer").await;
        assert_eq!(get_as(&db, "ny", "/sager").await.status, StatusCode::FORBIDDEN);
        let own = send_as(&db, "abc", "/drift/brugere", "initialer=abc&navn=Anna&ret=look").await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
        own.says("Du kan ikke tage retten til at administrere fra dig selv.");
        let odd = send_as(&db, "abc", "/drift/brugere", "initialer=x+y&navn=Z&ret=look").await;
        odd.says("Skriv initialer uden mellemrum.");
    })
    .await;
}

#[tokio::test]
async fn who_has_looked_at_a_case_or_a_person_is_told_with_a_reason() {
    const TAMPER: &str = "UPDATE audit SET actor = 'nobody' WHERE tenant = $1 AND number = 3";
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        get_as(&db, "def", &format!("/sager/{paid}")).await;
        let days = "fra=011120&til=301120";
        let ask = async |what: &str| send_as(&db, "abc", "/drift/opslag", what).await;
        let silent = ask(&format!("hvem={paid}&{days}&hvorfor=")).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        silent.says("Skriv, hvorfor du slår op.");
        ask(&format!("hvem=2020-99999&{days}&hvorfor=x"))
            .await
            .says("Ingen sag eller person passer.");
        for who in [paid.to_string(), "0707614001".to_owned()] {
            let found = ask(&format!("hvem={who}&{days}&hvorfor=klage")).await;
            found.says("<td>def</td><td>looked</td>");
        }
        let again = ask(&format!("hvem={paid}&{days}&hvorfor=kontrol")).await;
        again.says("who has looked: klage"); // the question is in the log itself
        let later = ask(&format!("hvem={paid}&fra=011220&til=311220&hvorfor=x")).await;
        later.says("Ingen har set på eller ændret noget.");

        let sample = send_as(&db, "abc", "/drift/opslag/stikproeve", "").await;
        sample.says("Stikprøve på");
        sample.says("<td>looked</td>");
        let chain = send_as(&db, "abc", "/drift/opslag/kaede", "").await;
        chain.says("Loggen er hel");
        change(&db, async |tx| tx.execute(sql(TAMPER).bind(tenant())).await.unwrap()).await;
        let chain = send_as(&db, "abc", "/drift/opslag/kaede", "").await;
        chain.says("Række 3 eller en før den er ændret");
    })
    .await;
}

#[tokio::test]
async fn the_control_room_leads_to_its_pages() {
    each_engine(|db| async move {
        october(&db).await;
        let hub = get(&db, "/drift").await;
        for part in hub.body.split("<h2><a href=\"").skip(1) {
            let address = part.split('"').next().unwrap();
            assert_eq!(get(&db, address).await.status, StatusCode::OK, "{address} in {OCTOBER}");
        }
    })
    .await;
}
