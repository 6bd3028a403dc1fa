//! simid: somebody who says who people are, as a Danish broker of MitID does.
//!
//! OpenID Connect by the authorization code flow with PKCE. Whoever comes is shown the persons of a file and
//! chooses to be one of them; nothing is checked, as there is nothing to steal. What it does check is the
//! client: its secret, where it sends people back to, and that whoever exchanges a code has asked for it.
//! ID tokens are signed with ES256 and a key that is made when it starts.

mod keys;
mod pages;
mod people;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use self::keys::Keys;
pub use self::people::{Person, UnreadablePeople, read_people};

/// How long an ID token counts, in seconds.
const LASTS: i64 = 300;

/// The client simid knows.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: String,
    pub secret: String,
    /// The one address people are sent back to.
    pub redirect: String,
}

/// Somebody who says who people are.
#[derive(Clone, Debug)]
pub struct SimId {
    issuer: String,
    client: Client,
    people: Arc<Vec<Person>>,
    keys: Arc<Keys>,
    /// Codes that were given out and not exchanged, each once.
    codes: Arc<Mutex<BTreeMap<String, Granted>>>,
}

/// What a code stands for.
#[derive(Debug)]
struct Granted {
    person: usize,
    nonce: String,
    challenge: String,
}

/// What a browser is sent with.
#[derive(Clone, Debug, Deserialize)]
struct Asked {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
}

impl SimId {
    /// Says who these people are, at an address such as `http://127.0.0.1:8090`.
    pub fn new(issuer: &str, client: Client, people: Vec<Person>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            client,
            people: Arc::new(people),
            keys: Arc::new(Keys::generate()),
            codes: Arc::default(),
        }
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/choose", get(choose))
            .route("/token", post(token))
            .with_state(self)
    }

    fn check(&self, asked: &Asked) -> Result<(), &'static str> {
        let must = |holds: bool, why| if holds { Ok(()) } else { Err(why) };
        must(asked.client_id == self.client.id, "client_id is not known")?;
        must(asked.redirect_uri == self.client.redirect, "redirect_uri is not agreed")?;
        must(asked.response_type == "code", "response_type must be code")?;
        must(asked.scope.split(' ').any(|word| word == "openid"), "scope must have openid")?;
        must(asked.code_challenge_method == "S256", "code_challenge_method must be S256")?;
        must(!asked.state.is_empty() && !asked.nonce.is_empty(), "state and nonce must be given")
    }

    /// Gives out a code for whoever a person is.
    fn grant(&self, asked: &Asked, person: usize) -> String {
        let code = keys::random();
        let granted =
            Granted { person, nonce: asked.nonce.clone(), challenge: asked.code_challenge.clone() };
        self.codes.lock().expect("nobody panics with the codes").insert(code.clone(), granted);
        code
    }

    /// What a code stands for, once.
    fn redeem(&self, exchange: &Exchange) -> Result<Granted, &'static str> {
        let mut codes = self.codes.lock().expect("nobody panics with the codes");
        let granted = codes.remove(&exchange.code).ok_or("invalid_grant")?;
        let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(&exchange.code_verifier));
        let is_theirs = exchange.grant_type == "authorization_code"
            && exchange.redirect_uri == self.client.redirect
            && shown == granted.challenge;
        if is_theirs { Ok(granted) } else { Err("invalid_grant") }
    }

    fn id_token(&self, granted: &Granted) -> String {
        let mut claims = self.people[granted.person].claims();
        let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp();
        let more = json!({
            "iss": self.issuer, "aud": self.client.id, "sub": format!("simid-{}", granted.person),
            "iat": now, "exp": now + LASTS, "nonce": granted.nonce,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            claims.insert(name.clone(), value.clone());
        }
        self.keys.sign(&Value::Object(claims))
    }
}

async fn configuration(State(simid): State<SimId>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", simid.issuer);
    Json(json!({
        "issuer": simid.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "jwks_uri": at("jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn jwks(State(simid): State<SimId>) -> Json<Value> {
    Json(simid.keys.public())
}

async fn authorize(State(simid): State<SimId>, Query(asked): Query<Asked>) -> Response {
    match simid.check(&asked) {
        Ok(()) => Html(pages::choose(&simid.people, &asked)).into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

#[derive(Deserialize)]
struct Chosen {
    person: usize,
}

async fn choose(
    State(simid): State<SimId>,
    Query(asked): Query<Asked>,
    Query(Chosen { person }): Query<Chosen>,
) -> Response {
    if let Err(why) = simid.check(&asked) {
        return (StatusCode::BAD_REQUEST, why).into_response();
    }
    if person >= simid.people.len() {
        return (StatusCode::BAD_REQUEST, "there is no such person").into_response();
    }
    let code = simid.grant(&asked, person);
    Redirect::to(&format!("{}?code={code}&state={}", asked.redirect_uri, asked.state))
        .into_response()
}

#[derive(Debug, Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

async fn token(
    State(simid): State<SimId>,
    headers: HeaderMap,
    Form(exchange): Form<Exchange>,
) -> Response {
    let expected = STANDARD.encode(format!("{}:{}", simid.client.id, simid.client.secret));
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if shown != Some(&format!("Basic {expected}")) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    match simid.redeem(&exchange) {
        Ok(granted) => {
            let tokens = json!({
                "access_token": keys::random(), "token_type": "Bearer", "expires_in": LASTS,
                "id_token": simid.id_token(&granted),
            });
            ([(CACHE_CONTROL, "no-store")], Json(tokens)).into_response()
        }
        Err(why) => error(StatusCode::BAD_REQUEST, why),
    }
}

fn error(status: StatusCode, word: &str) -> Response {
    (status, Json(json!({ "error": word }))).into_response()
}
