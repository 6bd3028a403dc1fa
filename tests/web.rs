//! The server: what it answers, what it never says, and that every look is recorded.

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::Value;
use tower::ServiceExt as _;
use ydun::access::{Act, Administer, Approve, Propose};
use ydun::audit::verify_chain;
use ydun::cases::Case;
use ydun::clock::Clock;
use ydun::db::{Db, Url, sql};
use ydun::decisions::service::sign_list;
use ydun::logins::service::issue_key;
use ydun::modules::replay::service::{Request as ReplayRequest, replay};
use ydun::operations::service::{Request as MonthRequest, Terms, approve_month, run_month};
use ydun::payments::{BankProfile, Lane};
use ydun::web::{App, router};

use crate::replay::wrong_rate;
use crate::support::{act_as, change, each_engine, stationery, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, in_november, keep_module, open_case, registry, set_up_module,
};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn new(head: Parts, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body).into_owned(); // a font is no text
        Self { status: head.status, headers: head.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Every header of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let all = self.headers.get_all(name).iter();
        all.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        assert!(self.body.contains(text), "'{text}' is not in:\n{}", self.body);
    }
}

/// The server of the municipality.
pub(crate) fn app(db: &Db, clock: Clock) -> App {
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    App {
        db: db.clone(),
        clock,
        tenant: tenant(),
        bank,
        registry: registry().clone(),
        provider: None,
        stationery: stationery(),
    }
}

/// The server as it is at a moment.
pub(crate) async fn ask_at(db: &Db, moment: DateTime<Utc>, request: Request<Body>) -> Answer {
    let app = app(db, Clock::Fixed(moment));
    let response = router(app).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, 10_000_000).await.unwrap();
    Answer::new(head, &body)
}

async fn ask(db: &Db, request: Request<Body>) -> Answer {
    ask_at(db, in_november(), request).await
}

/// As another system with a key of the worker's.
pub(crate) async fn get_as(db: &Db, worker: &str, address: &str) -> Answer {
    get_at(db, in_november(), worker, address).await
}

pub(crate) async fn get_at(db: &Db, moment: DateTime<Utc>, worker: &str, address: &str) -> Answer {
    let act: Act<Administer> = act_as(db, "abc", moment).await;
    let key = change(db, async |tx| issue_key(tx, &act, worker, 1).await.unwrap()).await;
    let bearer = format!("Bearer {}", key.reveal());
    let request = Request::get(address).header(AUTHORIZATION, bearer).body(Body::empty()).unwrap();
    ask_at(db, moment, request).await
}

pub(crate) async fn get(db: &Db, address: &str) -> Answer {
    get_as(db, "def", address).await
}

/// A case that is paid, one that is refused, one for a person, and one that lacks facts.
pub(crate) struct Cases {
    pub(crate) paid: Case,
    pub(crate) doubtful: Case,
}

/// October is run and approved.
pub(crate) async fn october(db: &Db) -> Cases {
    set_up_module(db).await;
    let paid = open_case(db, "ordinary-month", 1).await;
    open_case(db, "aged-24-years-and-364-days", 2).await;
    let doubtful = open_case(db, "exactly-three-months-unemployed", 3).await;
    open_case(db, "wage-unknown", 4).await;
    let proposer: Act<Propose> = act_as(db, "abc", in_november()).await;
    let request =
        MonthRequest { threads: 1, ..MonthRequest::new(BENEFIT, OCTOBER.parse().unwrap()) };
    let run = run_month(db, registry(), &proposer, &request, |_| ()).await.unwrap().run.unwrap();
    let approver: Act<Approve> = act_as(db, "def", in_november()).await;
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    approve_month(db, &approver, run.id, list.digest, &terms, |_| ()).await.unwrap();
    Cases { paid, doubtful }
}

async fn looks(db: &Db) -> i64 {
    const LOOKS: &str = "SELECT COUNT(*) FROM audit WHERE action = 'looked' AND actor = 'def'";
    db.read().await.unwrap().one::<(i64,)>(sql(LOOKS)).await.unwrap().0
}

pub(crate) fn addresses(case: &Case) -> Vec<String> {
    vec![
        "/".into(),
        "/sager".into(),
        format!("/sager?maaned={OCTOBER}&resultat=proposed"),
        "/opgaver".into(),
        "/opgaver/fordeling".into(),
        "/haendelser".into(),
        "/godkendelser".into(),
        format!("/godkendelser/{BENEFIT}/{OCTOBER}"),
        "/udbetalinger".into(),
        "/udbetalinger?maaned=2020-12".into(),
        "/udbetalinger/liste?tilstand=planned".into(),
        "/udbetalinger/spaerringer".into(),
        format!("/udbetalinger/maaned/{OCTOBER}"),
        format!("/godkendelser/{BENEFIT}/{OCTOBER}/tilsyn"),
        "/moduler".into(),
        format!("/moduler/{BENEFIT}"),
        "/drift".into(),
        "/drift/koersler".into(),
        "/drift/maal".into(),
        "/drift/maal/tid-pr-opgave/2020-11".into(),
        "/drift/brugere".into(),
        "/drift/opslag".into(),
        format!("/sager/{case}"),
        format!("/sager/{case}/breve"),
        format!("/sager/{case}/rettelse"),
        "/api/v1/cases".into(),
        format!("/api/v1/cases/{case}"),
        format!("/api/v1/cases/{case}/explanation?period={OCTOBER}"),
        format!("/api/v1/figures/{OCTOBER}"),
        "/api/openapi.json".into(),
        "/health/live".into(),
        "/health/ready".into(),
    ]
}

#[tokio::test]
async fn every_answer_is_guarded_and_none_holds_a_personal_number() {
    each_engine(|db| async move {
        let Cases { paid, doubtful } = october(&db).await;
        let wrong = [
            "/sager/2020-99999",
            "/sager/070761-4001",
            "/findes/ikke",
            "/api/v1/nothing",
            "/assets/no.css",
        ];
        let answered = addresses(&paid).into_iter().map(|address| (address, StatusCode::OK));
        let also = [(format!("/sager/{doubtful}"), StatusCode::OK)];
        let missing = wrong.map(|address| (address.to_owned(), StatusCode::NOT_FOUND));
        for (address, status) in answered.chain(also).chain(missing) {
            let answer = get(&db, &address).await;
            assert_eq!(answer.status, status, "{address}: {}", answer.body);
            assert_eq!(answer.header("content-security-policy"), POLICY, "{address}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{address}");
            assert_eq!(answer.header("cache-control"), "no-store", "{address}");
            for digits in ["0707614", "070761-4", "070761 4"] {
                assert!(!answer.body.contains(digits), "{address} says {digits}:\n{}", answer.body);
            }
            let scripts = answer.body.matches("<script").count();
            let ours = answer.body.matches("<script src=\"/assets/").count();
            assert_eq!(scripts, ours, "{address}");
            assert!(!answer.body.contains(" style="), "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_sends_for_nothing_but_its_own_files_which_may_be_kept() {
    each_engine(|db| async move {
        let page = get(&db, "/").await.body;
        let outside = page.matches("http").count();
        assert_eq!(outside, 0, "{page}");
        let files: Vec<&str> =
            page.split('"').filter(|text| text.starts_with("/assets/")).collect();
        assert_eq!(files.len(), 2, "{files:?}");
        for (address, kind) in files.iter().zip(["text/css", "text/javascript"]) {
            let file = get(&db, address).await;
            assert_eq!(file.status, StatusCode::OK, "{address}: run `cargo xtask assets`");
            assert_eq!(file.header("content-type"), format!("{kind}; charset=utf-8"));
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        }
        let style = get(&db, files[0]).await.body;
        let folder = files[0].strip_suffix("ydun.css").unwrap();
        for (part, kind) in [("fonts/", "font/woff2"), ("icons/", "image/svg+xml")] {
            let (_, rest) = style.split_once(&format!("url(\"{part}")).unwrap();
            let name = rest.split('"').next().unwrap();
            let file = get(&db, &format!("{folder}{part}{name}")).await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, kind));
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_page_tells_months_and_tasks_and_the_next_one_cases() {
    each_engine(|db| async move {
        let Cases { paid, doubtful } = october(&db).await;
        let page = get(&db, "/").await;
        for text in ["Prøve Kommune", "Dorte E. Friis", "Oktober 2020", "Stemmer", "Opgaver"] {
            page.says(text);
        }
        let cases = get(&db, "/sager").await;
        for text in ["Skal vurderes", "Lærling 1", &format!("/sager/{paid}")] {
            cases.says(text);
        }
        for page in [page, get(&db, "/opgaver").await] {
            page.says(&doubtful.to_string());
            page.says("<a href=\"/opgaver/");
            page.says("Lærlingen har været ledig længe nok");
        }
    })
    .await;
}

#[tokio::test]
async fn cases_are_found_by_number_and_by_result() {
    each_engine(|db| async move {
        let Cases { paid, doubtful } = october(&db).await;
        let judged =
            get(&db, &format!("/sager?maaned={OCTOBER}&resultat=needs-human&nummer=2020-")).await;
        let list = judged.body.split("id=\"sager\"").nth(1).unwrap();
        assert!(list.contains(&doubtful.to_string()));
        assert!(!list.contains(&paid.to_string()));

        let found = get(&db, &format!("/sager?nummer={paid}")).await;
        assert_eq!(found.status, StatusCode::SEE_OTHER);
        assert_eq!(found.header("location"), format!("/sager/{paid}"));
        get(&db, "/sager?nummer=1999").await.says("Ingen sager passer");

        let mistaken = get(&db, "/sager?nummer=0707614001").await;
        assert_eq!(mistaken.status, StatusCode::BAD_REQUEST);
        assert!(!mistaken.body.contains("0707614001"));
        assert_eq!(get(&db, "/sager?maaned=oktober").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn a_case_is_found_by_what_a_worker_knows_of_it() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        let find =
            async |wanted: &str| send_as(&db, "def", "/find", &format!("find={wanted}")).await;
        for wanted in [paid.to_string(), "070761-4001".into(), "0707614001".into()] {
            let before = looks(&db).await;
            let found = find(&wanted).await;
            assert_eq!(found.status, StatusCode::SEE_OTHER, "{wanted}");
            assert_eq!(found.header("location"), format!("/sager/{paid}"), "{wanted}");
            assert!(wanted.contains("2020") || looks(&db).await > before);
        }
        let by_name = find("l%C3%A6rl").await;
        by_name.says("4 sager passer");
        by_name.says("070761-••••");
        let by_company = find("29189803").await;
        by_company.says("4 sager passer");
        find("0707619999").await.says("Ingen sag passer");
        let in_address = get(&db, "/find?find=0707614001").await;
        assert_eq!(in_address.header("location"), "/");
    })
    .await;
}

#[tokio::test]
async fn a_case_tells_who_what_and_why() {
    each_engine(|db| async move {
        let Cases { paid, doubtful } = october(&db).await;
        let page = get(&db, &format!("/sager/{paid}")).await;
        for text in [
            "Lærling 1",
            "070761-••••",
            "7. juli 1961",
            "Tømrer Dam ApS",
            "29189803",
            "Hvorfor dette beløb?",
            "LAB § 159",
            "Opfyldt",
            "Godkendt",
            "Kilde: prøve",
            "Planlagt",
        ] {
            page.says(text);
        }
        let title = page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert_eq!(title, format!("Sag {paid} – Ydun"));
        get(&db, &format!("/sager/{doubtful}")).await.says("Skal vurderes");
    })
    .await;
}

#[tokio::test]
async fn every_look_at_personal_data_is_in_the_audit_and_a_missing_case_is_not() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        for address in [
            "/".into(),
            "/opgaver".into(),
            "/opgaver/fordeling".into(),
            "/udbetalinger".into(),
            "/udbetalinger/liste?tilstand=planned".into(),
            "/udbetalinger/spaerringer".into(),
            format!("/udbetalinger/maaned/{OCTOBER}"),
            format!("/godkendelser/{BENEFIT}/{OCTOBER}/tilsyn"),
            "/drift/koersler".into(),
            "/drift/maal".into(),
            "/drift/brugere".into(),
            format!("/sager/{paid}"),
            format!("/api/v1/cases/{paid}"),
        ] {
            let before = looks(&db).await;
            get(&db, &address).await;
            assert!(looks(&db).await > before, "{address}");
        }
        let before = looks(&db).await;
        get(&db, "/sager/2020-99999").await;
        assert_eq!(looks(&db).await, before);
        verify_chain(&mut db.read().await.unwrap(), tenant()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_may_not_look_is_told_what_to_do() {
    each_engine(|db| async move {
        const WITHOUT: &str =
            "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'pay', 'Ida', 'pay')";
        change(&db, async |tx| tx.execute(sql(WITHOUT).bind(tenant())).await.unwrap()).await;
        let page = get_as(&db, "pay", "/").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("Du har ikke adgang");
        let told = get_as(&db, "pay", "/api/v1/cases").await;
        assert_eq!(told.status, StatusCode::FORBIDDEN);
        assert_eq!(told.header("content-type"), "application/problem+json");
    })
    .await;
}

#[tokio::test]
async fn every_page_and_every_answer_about_people_asks_who_it_is() {
    const OPEN: [&str; 3] = ["/api/openapi.json", "/health/live", "/health/ready"];
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        for address in addresses(&paid) {
            let answer = ask(&db, Request::get(&address).body(Body::empty()).unwrap()).await;
            let expected = match &address {
                open if OPEN.contains(&open.as_str()) => StatusCode::OK,
                api if api.starts_with("/api/") => StatusCode::UNAUTHORIZED,
                _ => StatusCode::SEE_OTHER,
            };
            assert_eq!(answer.status, expected, "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_without_gap_or_overlap() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let mut opened = Vec::new();
        for number in 0..103 {
            opened.push(open_case(&db, "month-not-asked-for", number).await.to_string());
        }
        let first = get(&db, "/api/v1/cases").await.json();
        let after = first["next"].as_str().unwrap();
        let second = get(&db, &format!("/api/v1/cases?after={after}")).await.json();
        assert_eq!(second["next"], Value::Null);
        let numbers = |page: &Value| -> Vec<String> {
            page["cases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|case| case["number"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!([numbers(&first), numbers(&second)].concat(), opened);

        let page = get(&db, "/sager").await;
        page.says("Næste side");
        let next =
            page.body.split("<a href=\"").find(|rest| rest.contains("rel=\"next\"")).unwrap();
        let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let next = get(&db, next.split('#').next().unwrap()).await;
        next.says(&opened[50]);
        assert!(!next.body.contains(&format!("/sager/{}\"", opened[49])));
        next.says("Første side");
    })
    .await;
}

#[tokio::test]
async fn the_api_tells_a_case_its_explanation_and_the_months_figures() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        let case = get(&db, &format!("/api/v1/cases/{paid}")).await.json();
        assert_eq!((&case["state"], &case["benefit"]), (&"open".into(), &BENEFIT.into()));
        assert_eq!(case["roles"][0]["number"], "CPR 070761-••••");
        assert_eq!(case["decisions"][0]["state"], "approved");
        assert_eq!(case["payments"][0]["state"], "planned");
        assert_eq!(case["payments"][0]["amount"], case["decisions"][0]["total"]);

        let explained =
            get(&db, &format!("/api/v1/cases/{paid}/explanation?period={OCTOBER}")).await.json();
        let line = &explained["answer"]["outcome"]["lines"][0];
        assert_eq!(line["amount"], case["decisions"][0]["total"]);
        assert!(!line["steps"].as_array().unwrap().is_empty());

        let figures = get(&db, &format!("/api/v1/figures/{OCTOBER}")).await.json();
        assert_eq!(figures[0]["approved"]["amount"], case["decisions"][0]["total"]);
        assert_eq!(
            (&figures[0]["not_booked"], &figures[0]["not_paid"]),
            (&"0.00".into(), &"0.00".into())
        );
    })
    .await;
}

#[tokio::test]
async fn what_the_api_cannot_answer_is_a_problem_of_rfc_9457() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        for (address, status, detail) in [
            ("/api/v1/cases/2020-99999".to_owned(), 404, "there is no such case"),
            (
                format!("/api/v1/cases/{paid}/explanation?period=1999-01"),
                404,
                "there is no such calculation",
            ),
            (
                format!("/api/v1/cases/{paid}/explanation?period=oct"),
                400,
                "'oct' is not a month such as 2020-10",
            ),
            ("/api/v1/cases?result=lost".to_owned(), 400, "'lost' is no result"),
            ("/api/v1/figures/2020".to_owned(), 400, "'2020' is not a month such as 2020-10"),
            ("/api/nothing".to_owned(), 404, "there is no such resource"),
        ] {
            let answer = get(&db, &address).await;
            assert_eq!(answer.header("content-type"), "application/problem+json", "{address}");
            let problem = answer.json();
            assert_eq!(
                (answer.status.as_u16(), &problem["status"]),
                (status, &status.into()),
                "{address}"
            );
            let told = problem["detail"].as_str().unwrap();
            assert!(told.contains(detail), "{address}: {told}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_openapi_document_names_every_route_of_the_api() {
    each_engine(|db| async move {
        let document = get(&db, "/api/openapi.json").await.json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(
            paths,
            [
                "/api/v1/cases",
                "/api/v1/cases/{number}",
                "/api/v1/cases/{number}/explanation",
                "/api/v1/events",
                "/api/v1/figures/{month}",
                "/health/live",
                "/health/ready",
            ]
        );
        let text = document.to_string();
        for schema in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(
                text.contains(&format!("#/components/schemas/{schema}")),
                "nothing uses {schema}"
            );
        }
        for part in text.split("#/components/schemas/").skip(1) {
            let schema = part.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"].get(schema).is_some(),
                "{schema} is not described"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_whose_tables_are_not_made_is_live_and_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&Url::Sqlite(folder.path().join("ydun.db"))).await.unwrap();
    let get = async |address: &str| {
        let request =
            Request::get(address).header(COOKIE, format!("__Host-ydun={}", "0".repeat(64)));
        ask(&db, request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(get("/health/live").await.status, StatusCode::OK);
    assert_eq!(get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = get("/").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    page.says("Noget gik galt hos os");
    db.migrate().await.unwrap();
    assert_eq!(get("/health/ready").await.status, StatusCode::OK);
    db.close().await;
}

#[tokio::test]
async fn what_another_version_changes_is_shown_group_by_group() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        keep_module(&db, wrong_rate()).await;
        let act: Act<Administer> = act_as(&db, "abc", in_november()).await;
        let versions = ReplayRequest::new(BENEFIT, "1.0.0", "1.1.0");
        let made = replay(&db, registry(), &act, &versions, |_| ()).await.unwrap();
        let address = format!("/moduler/sammenligninger/{}", made.id);
        get(&db, "/moduler").await.says(&format!(r#"<a href="{address}">Genberegning</a>"#));

        let page = get(&db, &address).await;
        assert_eq!(page.status, StatusCode::OK);
        page.says("Genberegning: 1.0.0 og 1.1.0");
        page.says("1 gruppe venter på underskrift");
        page.says("Sats pr. time");
        page.says("For eksempel 45,00 kr. → 40,00 kr.");
        page.says("-814,00 kr.");
        page.says(&format!(r#"<a href="/sager/{paid}">{paid}</a>"#));
        page.says("<title id=\"forskelle-titel\">Beregninger i hver gruppe</title>");
        let reason = "gruppe=amount-changed%2Fstep%2Fsats&grund=ny+sats";
        let own = send_as(&db, "abc", &address, reason).await;
        own.says("Du har selv lavet sammenligningen.");
        own.says(r#"value="ny sats""#);
        let signed = send_as(&db, "def", &address, reason).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER);
        get(&db, &address).await.says("Alle grupper er underskrevet.");
        let missing = get(&db, "/moduler/sammenligninger/0").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// Sends a form as the browser of a worker who has logged in.
pub(crate) async fn send_as(db: &Db, worker: &str, address: &str, fields: &str) -> Answer {
    send_at(db, in_november(), worker, address, fields).await
}

pub(crate) async fn send_at(
    db: &Db,
    moment: DateTime<Utc>,
    worker: &str,
    address: &str,
    fields: &str,
) -> Answer {
    let act: Act<Administer> = act_as(db, "abc", moment).await;
    let token = change(db, async |tx| issue_key(tx, &act, worker, 1).await.unwrap()).await;
    let request = Request::post(address)
        .header("sec-fetch-site", "same-origin")
        .header(COOKIE, format!("__Host-ydun={}", token.reveal()));
    let form = format!("form-key={}&{fields}", token.form_key());
    ask_at(db, moment, request.body(Body::from(form)).unwrap()).await
}
