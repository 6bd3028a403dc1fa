//! The report of the payments that were made at once (straks): what, to whom, and which two persons.

use serde::Serialize;
use ydun_domain::ids::PaymentId;
use ydun_domain::{Day, Dkk, Period, Tenant};

use crate::access::{Act, Pay};
use crate::audit::{self, Subject};
use crate::db::{Read, Result, Tx, sql};
use crate::payments::State;

/// A payment made at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct StraksPayment {
    pub id: PaymentId,
    pub case: String,
    pub payee: String,
    pub amount: Dkk,
    pub disposal: Day,
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Who proposed the decision, or asked that it be paid again.
    pub first_person: String,
    /// Who approved it.
    pub second_person: String,
}

/// The payments made at once that are there within some days, oldest first.
pub async fn report(tx: &mut Tx, act: &Act<Pay>, days: Period) -> Result<Vec<StraksPayment>> {
    let payments = payments(tx, act.tenant(), days).await?;
    let detail = format!("{} straks payments of {days}", payments.len());
    audit::record_look(tx, act, Subject::Municipality, detail).await?;
    Ok(payments)
}

async fn payments(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<StraksPayment>> {
    const STRAKS: &str = "
        SELECT payment.id, benefit_case.number AS \"case\", payment.payee_name AS payee, payment.amount,
               payment.disposal, payment.state, planned.moved_by AS second_person,
               COALESCE(request.asked_by, decision.proposed_by) AS first_person
        FROM payment
        JOIN benefit_case ON benefit_case.tenant = payment.tenant AND benefit_case.id = payment.case_id
        JOIN decision ON decision.tenant = payment.tenant AND decision.case_id = payment.case_id
                     AND decision.id = payment.decision_id
        JOIN payment_event AS planned
          ON planned.tenant = payment.tenant AND planned.payment_id = payment.id AND planned.number = 1
        LEFT JOIN pay_again_request AS request
          ON request.tenant = payment.tenant AND request.paid_as = payment.id
        WHERE payment.tenant = $1 AND payment.lane = 'straks' AND payment.disposal BETWEEN $2 AND $3
        ORDER BY payment.disposal, payment.id";
    db.all(sql(STRAKS).bind(tenant).bind(days.first()).bind(days.last())).await
}
