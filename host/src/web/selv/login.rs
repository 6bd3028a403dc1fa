//! `/selv/log-ind`, where one is sent to the national login, `/selv/svar`, where one comes back, and `/selv/log-ud`.

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::home;
use super::visitor::{COOKIE_NAME, Sent};
use crate::adapters::oidc::{Attempt, OidcError};
use crate::audit::hide_personal_numbers;
use crate::visits::service as visits;
use crate::web::App;
use crate::web::desk::{Nothing, cookie};
use crate::web::failure::{Failure, PageError};

/// What the browser keeps while it is away at the national login.
const ATTEMPT_NAME: &str = "__Host-ydun-selv-vej";
/// Lax, because one comes back from another site.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
/// Nobody takes longer than this to log in, in seconds.
const AWAY_MAX: u32 = 15 * 60;

pub(super) async fn begin(State(app): State<App>) -> Result<Response, PageError> {
    let Some(provider) = &app.provider else { return home::switched_off(&app).await };
    let attempt = Attempt::new();
    match provider.login_address(&attempt).await {
        Ok(address) => {
            let kept =
                format!("{ATTEMPT_NAME}={}; Max-Age={AWAY_MAX}; {ATTRIBUTES}", attempt.reveal());
            Ok(([(SET_COOKIE, kept)], Redirect::to(&address)).into_response())
        }
        Err(error) => refused(&app, &error).await,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Returned {
    code: Option<String>,
    state: Option<String>,
}

pub(super) async fn arrive(
    State(app): State<App>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, PageError> {
    let Some(provider) = &app.provider else { return home::switched_off(&app).await };
    let attempt = cookie(&headers, ATTEMPT_NAME).and_then(Attempt::read);
    let (Some(attempt), Some(code)) = (attempt, returned.code) else {
        return given_up(&app).await;
    };
    if returned.state != Some(attempt.state()) {
        return Err(Failure::Foreign.into());
    }
    let now = app.clock.now();
    let shown = match provider.who(&code, &attempt, now).await {
        Ok(shown) => shown,
        Err(error) => return refused(&app, &error).await,
    };
    let mut tx = app.db.begin().await?;
    let token = visits::admit(&mut tx, app.tenant, shown, now).await.map_err(Failure::broken)?;
    tx.commit().await?;
    let cookies = AppendHeaders([
        (SET_COOKIE, format!("{COOKIE_NAME}={}; {ATTRIBUTES}", token.reveal())),
        (SET_COOKIE, format!("{ATTEMPT_NAME}=; Max-Age=0; {ATTRIBUTES}")),
    ]);
    Ok((cookies, Redirect::to("/selv")).into_response())
}

/// Somebody came back without a code: the login was left, or took too long.
async fn given_up(app: &App) -> Result<Response, PageError> {
    let problem = "Login blev afbrudt eller tog for lang tid. Prøv igen.";
    home::outside(app, Some(problem), StatusCode::BAD_REQUEST).await
}

async fn refused(app: &App, error: &OidcError) -> Result<Response, PageError> {
    tracing::warn!("nobody was let in: {}", hide_personal_numbers(&error.to_string()));
    let problem = match error {
        OidcError::TooWeak(_) => {
            "Dit login er ikke sikkert nok til denne side. Brug MitID på niveauet Betydelig."
        }
        OidcError::Nobody(_) => {
            "Dit login fortalte ikke, hvem du er. Prøv igen, og giv lov til at dele dit CPR- eller CVR-nummer."
        }
        _ => "Vi kunne ikke få svar fra MitID. Prøv igen om lidt.",
    };
    home::outside(app, Some(problem), StatusCode::BAD_GATEWAY).await
}

pub(super) async fn leave(sent: Sent<Nothing>) -> Result<Response, PageError> {
    let (mut tx, act) = sent.visitor.act().await?;
    let party = sent.visitor.visit.party.id;
    visits::leave(&mut tx, &act, party, &sent.visitor.token).await?;
    tx.commit().await?;
    let clear = (HeaderName::from_static("clear-site-data"), r#""cookies", "storage""#.to_owned());
    let forget = (SET_COOKIE, format!("{COOKIE_NAME}=; Max-Age=0; {ATTRIBUTES}"));
    Ok(([clear, forget], Redirect::to("/selv")).into_response())
}
