//! Requests that cannot be answered as asked: plain Danish for people, RFC 9457 for programs.

use std::error::Error as _;

use askama::Template;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::AccessError;
use crate::audit::hide_personal_numbers;
use crate::decisions::explain::ExplainError;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("the address cannot be understood: {0}")]
    Misunderstood(String),
    #[error("the message cannot be used: {0}")]
    Unusable(String),
    #[error("{0}")]
    Conflict(String),
    #[error("nobody is logged in: send the session's cookie, or a key as `Authorization: Bearer`")]
    Unknown,
    #[error("the form is not from a page of this login")]
    Foreign,
    #[error("the worker may not do this")]
    Denied(#[source] AccessError),
    #[error("the request could not be answered")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    pub(super) fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Broken(Box::new(error))
    }

    pub(super) fn misunderstood(error: impl std::fmt::Display) -> Self {
        Self::Misunderstood(error.to_string())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Misunderstood(_) => StatusCode::BAD_REQUEST,
            Self::Unusable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Foreign | Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Tells the log, once, with the whole chain of causes. What the asker got wrong is not our news.
    fn log(&self) {
        let mut chain = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            chain = format!("{chain}: {error}");
            cause = error.source();
        }
        let chain = hide_personal_numbers(&chain);
        match self {
            Self::NotFound(_)
            | Self::Misunderstood(_)
            | Self::Unusable(_)
            | Self::Conflict(_)
            | Self::Unknown => {}
            Self::Foreign | Self::Denied(_) => tracing::warn!("{chain}"),
            Self::Broken(_) => tracing::error!("{chain}"),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::broken(error)
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Store(source) => source.into(),
            denied => Self::Denied(denied),
        }
    }
}

impl From<ExplainError> for Failure {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::NoCase => Self::NotFound("case"),
            ExplainError::NoRun(_) => Self::NotFound("calculation"),
            ExplainError::Store(source) => source.into(),
            other => Self::broken(other),
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::broken(error)
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self::Misunderstood(rejection.body_text())
    }
}

/// A failure shown to a person.
#[derive(Debug)]
pub(super) struct PageError(Failure);

impl<E> From<E> for PageError
where
    Failure: From<E>,
{
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What went wrong and what to do next.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: &'static str,
    explanation: &'static str,
    next: &'static str,
}

impl ErrorPage {
    fn of(failure: &Failure) -> Self {
        let (title, explanation, next) = match failure {
            Failure::NotFound(_) => (
                "Siden findes ikke",
                "Adressen fører ikke til en side eller en sag i kommunen.",
                "Kontrollér sagsnummeret, eller find sagen på listen over sager.",
            ),
            Failure::Misunderstood(_) => (
                "Adressen kan ikke forstås",
                "Et af valgene i adressen har en værdi, som siden ikke kender.",
                "Gå til oversigten, og vælg måned og resultat dér.",
            ),
            Failure::Unusable(_) | Failure::Conflict(_) => (
                "Oplysningerne kan ikke bruges",
                "Noget af det, der blev sendt, mangler eller passer ikke sammen. Intet er ændret.",
                "Ret det, og send igen.",
            ),
            Failure::Unknown => (
                "Du er ikke logget ind",
                "Siden kan kun ses af den, der er logget ind.",
                "Log ind, og prøv igen.",
            ),
            Failure::Foreign => (
                "Formularen kan ikke bruges",
                "Den er ikke fra en side, du har åbnet, efter at du loggede ind. Intet er ændret.",
                "Åbn siden igen, og udfyld formularen dér.",
            ),
            Failure::Denied(_) => (
                "Du har ikke adgang",
                "Du har ikke ret til dette i kommunen. Intet er ændret.",
                "Bed den, der administrerer Ydun i kommunen, om retten, hvis du skal have den.",
            ),
            Failure::Broken(_) => (
                "Noget gik galt hos os",
                "Siden kunne ikke vises. Intet er ændret.",
                "Prøv igen om lidt. Sker det igen, så fortæl driften, hvad klokken var.",
            ),
        };
        Self { title, explanation, next }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(failure) = self;
        failure.log();
        match ErrorPage::of(&failure).render() {
            Ok(page) => (failure.status(), Html(page)).into_response(),
            Err(error) => {
                tracing::error!("the error page could not be written: {error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A failure told to a program.
#[derive(Debug)]
pub(super) struct ApiError(Failure);

impl<E> From<E> for ApiError
where
    Failure: From<E>,
{
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    #[schema(example = "Not Found")]
    title: String,
    #[schema(example = 404)]
    status: u16,
    #[schema(example = "there is no such case")]
    detail: String,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self(failure) = self;
        failure.log();
        let status = failure.status();
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        let problem = Problem {
            title,
            status: status.as_u16(),
            detail: hide_personal_numbers(&failure.to_string()),
        };
        (status, [(CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
    }
}
