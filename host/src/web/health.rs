//! How the server is doing, for whatever watches over it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    #[schema(example = "ready")]
    status: &'static str,
    /// Why it is not ready, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Whether the program runs.
///
/// No answer means: start it again.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn live() -> Json<Health> {
    Json(Health { status: "live", reason: None })
}

/// Whether the database answers and its tables are those of this version.
///
/// 503 means: send requests elsewhere.
#[utoipa::path(
    get, path = "/health/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let reason = match app.db.is_up_to_date().await {
        Ok(true) => return (StatusCode::OK, Json(Health { status: "ready", reason: None })),
        Ok(false) => "the database's tables are not those of this version; migrate the database",
        Err(error) => {
            tracing::error!("the database does not answer: {error}");
            "the database does not answer, or has no tables yet"
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "not ready", reason: Some(reason) }))
}
