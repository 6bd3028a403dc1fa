//! `/log-ind` and `/log-ud`.

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::danish;
use super::desk::{COOKIE_NAME, Nothing, Sent};
use super::failure::PageError;
use super::{App, form};
use crate::access::Look;
use crate::logins::Token;
use crate::logins::service::{self as logins, LogInError};
use crate::municipalities;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/log-ind", get(show).post(log_in)).route("/log-ud", post(log_out))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    municipality: String,
    worker: String,
    /// Where to go afterwards.
    to: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
struct Wanted {
    til: Option<String>,
}

#[derive(Deserialize)]
struct Given {
    initialer: String,
    adgangskode: String,
    til: Option<String>,
}

impl LoginPage {
    async fn of(app: &App, worker: String, to: String) -> Result<Self, PageError> {
        let mut read = app.db.read().await?;
        let municipality = municipalities::find(&mut read, app.tenant).await?;
        let municipality = municipality.map(|found| found.name).unwrap_or_default();
        Ok(Self { municipality, worker, to, problem: None })
    }

    fn answer(&self, status: StatusCode) -> Result<Response, PageError> {
        Ok((status, Html(self.render()?)).into_response())
    }
}

async fn show(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, PageError> {
    LoginPage::of(&app, String::new(), inside(wanted.til)).await?.answer(StatusCode::OK)
}

async fn log_in(State(app): State<App>, body: Body) -> Result<Response, PageError> {
    let given: Given = form::parse(&form::read(body).await?)?;
    let to = inside(given.til);
    let worker = given.initialer.trim().to_lowercase();
    let now = app.clock.now();
    match logins::log_in(&app.db, app.tenant, &worker, &given.adgangskode, now).await {
        Ok(token) => Ok((cookie(&token), Redirect::to(&to)).into_response()),
        Err(refused) => {
            let (status, problem) = told(refused)?;
            let page = LoginPage::of(&app, worker, to).await?;
            LoginPage { problem: Some(problem), ..page }.answer(status)
        }
    }
}

fn told(refused: LogInError) -> Result<(StatusCode, String), PageError> {
    match refused {
        LogInError::Wrong => Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            "Initialer og adgangskode hører ikke sammen. Prøv igen, eller bed den, der \
             administrerer Ydun i kommunen, om en ny adgangskode."
                .to_owned(),
        )),
        LogInError::Blocked { until } => Ok((
            StatusCode::TOO_MANY_REQUESTS,
            format!("Der er prøvet for mange gange. Prøv igen klokken {}.", danish::time(until)),
        )),
        LogInError::Denied(error) => Err(error.into()),
        LogInError::Store(error) => Err(error.into()),
    }
}

/// Only a path of ours is followed: `//elsewhere` would lead to another host.
fn inside(wanted: Option<String>) -> String {
    let is_ours = |path: &String| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n'])
    };
    wanted.filter(is_ours).unwrap_or_else(|| "/".to_owned())
}

async fn log_out(sent: Sent<Nothing>) -> Result<Response, PageError> {
    let (mut tx, act) = sent.desk.act::<Look>().await?;
    logins::log_out(&mut tx, &act, &sent.desk.token).await?;
    tx.commit().await?;
    let clear = (HeaderName::from_static("clear-site-data"), r#""cookies", "storage""#);
    let forget = (SET_COOKIE, format!("{COOKIE_NAME}=; Path=/; Max-Age=0; {ATTRIBUTES}"));
    Ok(([(clear.0, clear.1.to_owned()), forget], Redirect::to("/log-ind")).into_response())
}

const ATTRIBUTES: &str = "Secure; HttpOnly; SameSite=Lax";

fn cookie(token: &Token) -> [(HeaderName, String); 1] {
    [(SET_COOKIE, format!("{COOKIE_NAME}={}; Path=/; {ATTRIBUTES}", token.reveal()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_login_nobody_is_led_elsewhere() {
        let led = |to: &str| inside(Some(to.to_owned()));
        assert_eq!(led("/sager/2020-00001?som=nu"), "/sager/2020-00001?som=nu");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nb"] {
            assert_eq!(led(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(inside(None), "/");
    }
}
