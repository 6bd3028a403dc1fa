//! The API for other systems: JSON under `/api/v1`, described by OpenAPI made from the same lines.

mod cases;
mod events;
mod explanation;
mod figures;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::failure::{ApiError, Failure};
use super::{App, health};

#[derive(OpenApi)]
#[openapi(info(
    title = "Ydun",
    version = "1",
    description = "Cases, decisions, payments and their explanations in one municipality, to read; and events of registers, to tell. \
                   Amounts are text in kroner with two decimals, days are ISO 8601. \
                   Every look at personal data is recorded.",
    license(name = "MPL-2.0", identifier = "MPL-2.0")
))]
struct Description;

/// The routes, and the document that describes them.
pub(super) fn routes() -> Router<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(cases::list))
        .routes(routes!(cases::one))
        .routes(routes!(events::receive))
        .routes(routes!(explanation::explanation))
        .routes(routes!(figures::figures));
    let described = OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1", v1)
        .routes(routes!(health::live))
        .routes(routes!(health::ready));
    let (routes, document) = described.split_for_parts();
    routes
        .route("/api/openapi.json", get(async move || Json(document)))
        .route("/api/{*rest}", get(async || ApiError::from(Failure::NotFound("resource"))))
}
