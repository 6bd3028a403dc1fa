//! A month in figures.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use utoipa::ToSchema;
use ydun_domain::{Dkk, Month};

use crate::access::Look;
use crate::operations::service::{self as operations, Figures};
use crate::web::desk::Desk;
use crate::web::failure::{ApiError, Failure, Problem};

/// What a benefit came to in a month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MonthFigures {
    #[schema(example = "voksenlaerling")]
    benefit: String,
    #[schema(value_type = String, example = "2020-10")]
    month: Month,
    open_cases: i64,
    proposed: Count,
    approved: Count,
    /// How many of the approved are refusals.
    refused: i64,
    /// Expense as booked.
    #[schema(value_type = String, example = "1234567.00")]
    booked: Dkk,
    /// Taken from payees for the authorities.
    #[schema(value_type = String, example = "0.00")]
    withheld: Dkk,
    /// Paid by another system.
    #[schema(value_type = String, example = "0.00")]
    elsewhere: Dkk,
    /// Come back from payees.
    #[schema(value_type = String, example = "0.00")]
    repaid: Dkk,
    overpaid: Count,
    /// Payments that have not left.
    planned: Count,
    /// Payments with the bank.
    on_the_way: Count,
    settled: Count,
    /// Payments rejected, returned or unknown.
    troubled: Count,
    notices: i64,
    open_tasks: i64,
    /// What is decided or overpaid and not booked: zero when all is well.
    #[schema(value_type = String, example = "0.00")]
    not_booked: Dkk,
    /// What is booked and has no payment: zero when all is well.
    #[schema(value_type = String, example = "0.00")]
    not_paid: Dkk,
}

#[derive(Debug, Serialize, ToSchema)]
struct Count {
    count: i64,
    #[schema(value_type = String, example = "1234.50")]
    amount: Dkk,
}

impl From<Figures> for MonthFigures {
    fn from(figures: Figures) -> Self {
        let Figures { decisions, booked, overpaid, paid, .. } = &figures;
        let count = |count, amount| Count { count, amount };
        Self {
            month: figures.month,
            open_cases: figures.open_cases,
            proposed: count(decisions.proposed, decisions.amount_proposed),
            approved: count(decisions.approved, decisions.amount_approved),
            refused: decisions.refused,
            booked: booked.expense,
            withheld: booked.withheld,
            elsewhere: booked.elsewhere,
            repaid: booked.repaid,
            overpaid: count(overpaid.count, overpaid.amount),
            planned: count(paid.planned, paid.amount_planned),
            on_the_way: count(paid.on_the_way, paid.amount_on_the_way),
            settled: count(paid.settled, paid.amount_settled),
            troubled: count(paid.troubled, paid.amount_troubled),
            notices: figures.notices,
            open_tasks: figures.open_tasks,
            not_booked: figures.not_booked(),
            not_paid: figures.not_paid(),
            benefit: figures.benefit,
        }
    }
}

/// The figures of each benefit that was run for a month.
#[utoipa::path(
    get, path = "/figures/{month}", tag = "figures",
    params(("month" = String, Path, example = "2020-10")),
    responses(
        (status = 200, body = Vec<MonthFigures>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn figures(
    desk: Desk,
    Path(month): Path<String>,
) -> Result<Json<Vec<MonthFigures>>, ApiError> {
    let month: Month = month.parse().map_err(Failure::misunderstood)?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let runs = operations::month_runs(&mut tx, &act).await?;
    let benefits: BTreeSet<String> =
        runs.into_iter().filter(|run| run.month == month).map(|run| run.benefit).collect();
    let mut all = Vec::new();
    for benefit in benefits {
        all.push(operations::figures(&mut tx, &act, &benefit, month).await?.into());
    }
    Ok(Json(all))
}
