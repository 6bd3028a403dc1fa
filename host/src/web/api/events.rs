//! Events of registers, told to us.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Register;
use crate::events::service::{self as events, ReceiveError};
use crate::events::{Message, Wire};
use crate::web::desk::Desk;
use crate::web::failure::{ApiError, Failure, Problem};

/// What became of an event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    /// What it is called here.
    event: String,
    /// Whether it was not there before.
    is_new: bool,
}

/// Tells an event. The same message again changes nothing: send it once more where no answer came.
///
/// It is judged later: an event changes what is known, never a payment.
#[utoipa::path(
    post, path = "/events", tag = "events",
    request_body = Wire,
    responses(
        (status = 202, body = Taken, description = "Taken in."),
        (status = 200, body = Taken, description = "Taken in before."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "Another event was told under the message id."),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn receive(
    desk: Desk,
    body: Bytes,
) -> Result<(StatusCode, Json<Taken>), ApiError> {
    let message = Message::read(&body).map_err(|error| Failure::Unusable(error.to_string()))?;
    let (mut tx, act) = desk.act::<Register>().await?;
    let received = events::receive(&mut tx, &act, &message).await?;
    tx.commit().await?;
    let status = if received.is_new { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(Taken { event: received.id.to_string(), is_new: received.is_new })))
}

impl From<ReceiveError> for Failure {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Store(source) => source.into(),
            refused @ ReceiveError::OtherContent { .. } => Self::Conflict(refused.to_string()),
        }
    }
}
