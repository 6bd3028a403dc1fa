//! Why a case gets what it gets in a month.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use ydun_domain::Month;

use crate::access::Look;
use crate::audit::hide_personal_numbers;
use crate::cases::{CaseNumber, service as cases};
use crate::decisions::explain::explain;
use crate::web::desk::Desk;
use crate::web::failure::{ApiError, Failure, Problem};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The month to explain.
    #[param(example = "2020-10")]
    period: String,
}

/// Conditions, lines, and the steps that led to each amount, with law and facts.
///
/// It explains the decision in force; else the proposal; else what was calculated last.
#[utoipa::path(
    get, path = "/cases/{number}/explanation", tag = "cases",
    params(("number" = String, Path, example = "2020-00017"), Days),
    responses(
        (status = 200, body = Value),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn explanation(
    desk: Desk,
    Path(number): Path<String>,
    days: Result<Query<Days>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(Days { period }) = days?;
    let month: Month = period.parse().map_err(Failure::misunderstood)?;
    let number: CaseNumber = number.parse().map_err(|_| Failure::NotFound("case"))?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let case = cases::by_number(&mut tx, desk.app.tenant, number)
        .await?
        .ok_or(Failure::NotFound("case"))?;
    let explained = explain(&mut tx, &act, case.id, month.period()).await?;
    tx.commit().await?;
    let mut body = serde_json::to_value(&explained).map_err(Failure::broken)?;
    hide_in(&mut body);
    Ok(Json(body))
}

/// Hides personal numbers that somebody has typed in a text.
fn hide_in(value: &mut Value) {
    match value {
        Value::String(text) => *text = hide_personal_numbers(text),
        Value::Array(values) => values.iter_mut().for_each(hide_in),
        Value::Object(fields) => fields.values_mut().for_each(hide_in),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_personal_number_is_hidden_however_deep_it_is() {
        let mut body = json!({"a": [{"b": "søn 0707614285"}, 1, null], "day": "2020-10-01"});
        hide_in(&mut body);
        assert_eq!(body, json!({"a": [{"b": "søn 070761-••••"}, 1, null], "day": "2020-10-01"}));
    }
}
