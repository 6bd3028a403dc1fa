//! SQL for figures: sums across the tables of all components, which only a report may read.

use ydun_domain::{Period, Tenant};

use super::{Booked, Overpaid, Paid};
use crate::db::{Read, Result, sql};

pub(super) async fn open_cases(db: &mut Read, tenant: Tenant, benefit: &str) -> Result<i64> {
    const OPEN: &str =
        "SELECT COUNT(*) FROM benefit_case WHERE tenant = $1 AND benefit = $2 AND closed IS NULL";
    db.one::<(i64,)>(sql(OPEN).bind(tenant).bind(benefit)).await.map(|(count,)| count)
}

pub(super) async fn booked(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> Result<Booked> {
    const BOOKED: &str = "
        SELECT CAST(COALESCE(SUM(CASE WHEN posting.debit LIKE 'expense:%' THEN posting.amount
                                      WHEN posting.credit LIKE 'expense:%' THEN -posting.amount END), 0)
                    AS BIGINT) AS expense,
               CAST(COALESCE(SUM(CASE WHEN posting.credit LIKE 'withheld:%' THEN posting.amount
                                      WHEN posting.debit LIKE 'withheld:%' THEN -posting.amount END), 0)
                    AS BIGINT) AS withheld,
               CAST(COALESCE(SUM(CASE WHEN posting.credit = 'paid-elsewhere' THEN posting.amount
                                      WHEN posting.debit = 'paid-elsewhere' THEN -posting.amount END), 0)
                    AS BIGINT) AS elsewhere,
               CAST(COALESCE(SUM(posting.amount) FILTER (
                   WHERE posting.debit = 'bank' AND posting.credit LIKE 'expense:%'), 0) AS BIGINT) AS repaid
        FROM benefit_case
        JOIN posting ON posting.tenant = benefit_case.tenant AND posting.case_id = benefit_case.id
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND posting.first_day >= $3 AND posting.last_day <= $4";
    db.one(sql(BOOKED).bind(tenant).bind(benefit).bind(days.first()).bind(days.last())).await
}

pub(super) async fn overpaid(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> Result<Overpaid> {
    const OVERPAID: &str = "
        SELECT COUNT(*) AS count, CAST(COALESCE(SUM(overpayment.amount), 0) AS BIGINT) AS amount
        FROM benefit_case
        JOIN decision ON decision.tenant = benefit_case.tenant AND decision.case_id = benefit_case.id
        JOIN overpayment ON overpayment.tenant = decision.tenant AND overpayment.case_id = decision.case_id
                        AND overpayment.decision_id = decision.id AND overpayment.closed_at IS NULL
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND decision.first_day >= $3 AND decision.last_day <= $4";
    db.one(sql(OVERPAID).bind(tenant).bind(benefit).bind(days.first()).bind(days.last())).await
}

pub(super) async fn paid(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> Result<Paid> {
    const PAID: &str = "
        SELECT COUNT(*) FILTER (WHERE payment.state = 'planned') AS planned,
               COUNT(*) FILTER (WHERE payment.state IN ('sent', 'received', 'accepted')) AS on_the_way,
               COUNT(*) FILTER (WHERE payment.state = 'settled') AS settled,
               COUNT(*) FILTER (WHERE payment.state IN ('rejected', 'returned', 'unknown')) AS troubled,
               CAST(COALESCE(SUM(payment.amount) FILTER (WHERE payment.state = 'planned'), 0) AS BIGINT)
                   AS amount_planned,
               CAST(COALESCE(SUM(payment.amount) FILTER (
                   WHERE payment.state IN ('sent', 'received', 'accepted')), 0) AS BIGINT) AS amount_on_the_way,
               CAST(COALESCE(SUM(payment.amount) FILTER (WHERE payment.state = 'settled'), 0) AS BIGINT)
                   AS amount_settled,
               CAST(COALESCE(SUM(payment.amount) FILTER (
                   WHERE payment.state IN ('rejected', 'returned', 'unknown')), 0) AS BIGINT) AS amount_troubled
        FROM benefit_case
        JOIN decision ON decision.tenant = benefit_case.tenant AND decision.case_id = benefit_case.id
        JOIN payment ON payment.tenant = decision.tenant AND payment.case_id = decision.case_id
                    AND payment.decision_id = decision.id
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND decision.first_day >= $3 AND decision.last_day <= $4";
    db.one(sql(PAID).bind(tenant).bind(benefit).bind(days.first()).bind(days.last())).await
}

pub(super) async fn notices(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> Result<i64> {
    const NOTICES: &str = "
        SELECT COUNT(*)
        FROM benefit_case
        JOIN decision ON decision.tenant = benefit_case.tenant AND decision.case_id = benefit_case.id
        JOIN payment ON payment.tenant = decision.tenant AND payment.case_id = decision.case_id
                    AND payment.decision_id = decision.id
        JOIN notice ON notice.tenant = payment.tenant AND notice.payment_id = payment.id
                   AND notice.withdrawn_at IS NULL
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND decision.first_day >= $3 AND decision.last_day <= $4";
    let notices = sql(NOTICES).bind(tenant).bind(benefit).bind(days.first()).bind(days.last());
    db.one::<(i64,)>(notices).await.map(|(count,)| count)
}
