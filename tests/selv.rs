//! Self-service: what citizens and companies do themselves, and what they can never reach.

mod access;
mod application;
mod hours;
mod login;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use chrono::{DateTime, Utc};
use tower::ServiceExt as _;
use ydun::adapters::oidc::{Profile, Provider};
use ydun::clock::Clock;
use ydun::db::{Db, sql};
use ydun::logins::Token;
use ydun::visits::service::admit;
use ydun::visits::{Employee, Shown, Unit};
use ydun::web::{App, router};

use crate::support::{at, change, tenant};
use crate::web::{Answer, app};

/// A morning on which every benefit counts.
pub(crate) fn morning() -> DateTime<Utc> {
    at("2026-03-02T08:00:00Z")
}

/// A provider that is agreed with and never asked.
pub(crate) fn provider() -> Provider {
    provider_at("http://127.0.0.1:9")
}

pub(crate) fn provider_at(issuer: &str) -> Provider {
    provider_of(issuer, "http://127.0.0.1:8080")
}

pub(crate) fn provider_of(issuer: &str, address: &str) -> Provider {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("self-service.json");
    let profile = format!(
        r#"{{ "address": "{address}", "issuer": "{issuer}", "client-id": "ydun",
              "answer-days": {{ "enkeltydelser": 28 }} }}"#
    );
    std::fs::write(&path, profile).unwrap();
    Provider::new(Profile::read(&path, Some("hemmelig".to_owned())).unwrap())
}

pub(crate) fn app_with(db: &Db, provider: Provider) -> App {
    App { provider: Some(provider), ..app(db, Clock::Fixed(morning())) }
}

pub(crate) async fn ask(app: App, request: Request<Body>) -> Answer {
    let response = router(app).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, 20_000_000).await.unwrap();
    Answer::new(head, &body)
}

/// Somebody who has logged in.
pub(crate) struct Visitor<'a> {
    pub(crate) db: &'a Db,
    pub(crate) token: Token,
}

pub(crate) fn bo() -> Shown {
    Shown::Citizen { cpr: "0707614285".parse().unwrap(), name: "Bo Dam".into() }
}

pub(crate) fn ida() -> Shown {
    Shown::Citizen { cpr: "0101900001".parse().unwrap(), name: "Ida Holm".into() }
}

pub(crate) fn firm(cvr: &str, unit: Option<Unit>) -> Shown {
    Shown::Company {
        cvr: cvr.parse().unwrap(),
        name: "Tømrer Dam ApS".into(),
        unit,
        employee: Employee { name: "Mette Lund".into(), number: Some("17".into()) },
    }
}

impl<'a> Visitor<'a> {
    pub(crate) async fn new(db: &'a Db, shown: Shown) -> Self {
        let token =
            change(db, async |tx| admit(tx, tenant(), shown, morning()).await.unwrap()).await;
        Self { db, token }
    }

    fn cookie(&self) -> String {
        format!("__Host-ydun-selv={}", self.token.reveal())
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address).header(COOKIE, self.cookie());
        ask(app_with(self.db, provider()), request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, address: &str, fields: &str) -> Answer {
        let form = format!("form-key={}&{fields}", self.token.form_key());
        let request = Request::post(address)
            .header(COOKIE, self.cookie())
            .header("sec-fetch-site", "same-origin");
        ask(app_with(self.db, provider()), request.body(Body::from(form)).unwrap()).await
    }

    pub(crate) async fn upload(&self, address: &str, name: &str, content: &[u8]) -> Answer {
        const EDGE: &str = "kant";
        let mut body = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"form-key\"\r\n\r\n{}\r\n\
             --{EDGE}\r\nContent-Disposition: form-data; name=\"fil\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            self.token.form_key()
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request = Request::post(address)
            .header(COOKIE, self.cookie())
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
        ask(app_with(self.db, provider()), request.body(Body::from(body)).unwrap()).await
    }

    /// Begins on a form of a benefit, and returns where it is filled in.
    pub(crate) async fn begin(&self, benefit: &str, form: &str) -> String {
        let owner = self.owner().await;
        let fields = format!("benefit={benefit}&form={form}&owner={owner}");
        let begun = self.send("/selv/formularer", &fields).await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let (form, _) = begun.header("location").rsplit_once('/').unwrap();
        form.to_owned()
    }

    /// Whom the visitor acts for.
    pub(crate) async fn owner(&self) -> String {
        const OWNER: &str = "SELECT party FROM visit WHERE tenant = $1 AND token_hash = $2";
        let hash: [u8; 32] = ydun_runtime::Digest::of(&hex::decode(self.token.reveal()).unwrap()).0;
        let mut read = self.db.read().await.unwrap();
        let (party,): (ydun_domain::ids::PartyId,) =
            read.one(sql(OWNER).bind(tenant()).bind(hash.as_slice())).await.unwrap();
        party.to_string()
    }
}

/// How many rows a question counts.
pub(crate) async fn count(db: &Db, question: &'static str) -> i64 {
    let (count,): (i64,) = db.read().await.unwrap().one(sql(question)).await.unwrap();
    count
}
