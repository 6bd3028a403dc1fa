//! Who asks: a worker who has logged in in a browser, or another system with a key.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::failure::{ApiError, Failure, PageError};
use super::{App, form};
use crate::access::{AccessError, Act, Right, authorise};
use crate::db::Tx;
use crate::logins::{Token, service as logins};

/// The browser gives it back to this host only, over an encrypted connection only, and to no script.
pub(super) const COOKIE_NAME: &str = "__Host-ydun";

/// Somebody at work: a handler that takes one is reached by nobody else.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) app: App,
    /// Initials.
    pub(super) worker: String,
    pub(super) token: Token,
    /// The path that was asked for.
    pub(super) place: String,
}

impl Desk {
    /// Opens a transaction to do one kind of thing in. It can write also where one only looks,
    /// because a look leaves a row in the audit.
    pub(super) async fn act<R: Right>(&self) -> Result<(Tx, Act<R>), AccessError> {
        let mut tx = self.app.db.begin().await?;
        let act = authorise(&mut tx, self.app.tenant, &self.worker, self.app.clock.now()).await?;
        Ok((tx, act))
    }

    /// Checks that one may do a kind of thing which opens its own transactions.
    pub(super) async fn may<R: Right>(&self) -> Result<Act<R>, AccessError> {
        let mut read = self.app.db.read().await?;
        authorise(&mut read, self.app.tenant, &self.worker, self.app.clock.now()).await
    }

    /// Whether the login counts still, asked without being a use of it.
    pub(super) async fn is_logged_in(&self) -> sqlx::Result<bool> {
        let (app, now) = (&self.app, self.app.clock.now());
        let login = logins::whose(&mut app.db.read().await?, app.tenant, &self.token, now).await?;
        Ok(login.is_some())
    }

    pub(super) fn form_key(&self) -> String {
        self.token.form_key()
    }

    async fn of(headers: &HeaderMap, place: &str, app: &App) -> Result<Option<Self>, Failure> {
        let Some(token) = token(headers) else { return Ok(None) };
        let now = app.clock.now();
        let found = logins::whose(&mut app.db.read().await?, app.tenant, &token, now).await?;
        let Some(login) = found else { return Ok(None) };
        if logins::is_stale(&login, now) {
            let mut tx = app.db.begin().await?;
            logins::seen(&mut tx, app.tenant, &token, now).await?;
            tx.commit().await?;
        }
        let place = place.to_owned();
        Ok(Some(Self { app: app.clone(), worker: login.worker, token, place }))
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let asked = asked(parts);
        let is_api = asked.path().starts_with("/api/");
        match Self::of(&parts.headers, asked.path(), app).await {
            Ok(Some(desk)) => Ok(desk),
            Ok(None) if is_api => Err(ApiError::from(Failure::Unknown).into_response()),
            Ok(None) => Err(to_login(&asked)),
            Err(failure) if is_api => Err(ApiError::from(failure).into_response()),
            Err(failure) => Err(PageError::from(failure).into_response()),
        }
    }
}

/// The address as it was asked for: a router inside another sees only the end of it.
fn asked(parts: &Parts) -> Uri {
    let original = parts.extensions.get::<OriginalUri>();
    original.map_or_else(|| parts.uri.clone(), |OriginalUri(uri)| uri.clone())
}

/// After the login the worker comes back to where it wanted to be, or to the page of the form it sent: that
/// is not sent again by itself.
fn to_login(asked: &Uri) -> Response {
    Redirect::to(&format!("/log-ind?til={}", wanted(asked))).into_response()
}

fn wanted(uri: &Uri) -> String {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    wanted.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23")
}

/// The token of a key or of a browser's session.
fn token(headers: &HeaderMap) -> Option<Token> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let key = text(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    Token::read(key.or_else(|| cookie(headers, COOKIE_NAME))?)
}

/// What the browser has kept under a name.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let kept = headers.get(COOKIE)?.to_str().ok()?;
    let mut cookies = kept.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// A form that was sent from a page of the worker's own login.
#[derive(Debug)]
pub(super) struct Sent<T> {
    pub(super) desk: Desk,
    pub(super) form: T,
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Reads a form that carries the key of the login it is sent with.
pub(super) async fn read_sent<T: DeserializeOwned>(body: Body, key: &str) -> Result<T, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct FormKey {
        #[serde(default)]
        form_key: String,
    }
    let body = form::read(body).await?;
    let FormKey { form_key } = form::parse(&body)?;
    if form_key != key {
        return Err(Failure::Foreign);
    }
    form::parse(&body)
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Response;
    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let form = read_sent(body, &desk.form_key()).await;
        let form = form.map_err(|failure| PageError::from(failure).into_response())?;
        Ok(Self { desk, form })
    }
}
