//! What other systems have paid as income.

use ydun_domain::{Period, Tenant};

use super::paid::PaidRow;
use crate::db::{Read, Result, Tx, sql};

/// Every income that another system has paid and a second person has confirmed.
pub(super) async fn paid(db: &mut Read, tenant: Tenant) -> Result<Vec<PaidRow>> {
    const PAID: &str = "
        SELECT TRUE AS elsewhere, whole.id, whole.payee AS party, party.number AS cpr, part.line_key,
               whole.posting_code, part.first_day, part.last_day, whole.paid_on AS disposal, part.field,
               part.pension, part.report, part.amount AS gross, part.amount - part.atp AS income,
               part.a_tax, part.am_bidrag, part.atp
        FROM paid_elsewhere AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
        JOIN party ON party.tenant = whole.tenant AND party.id = whole.payee
        WHERE whole.tenant = $1 AND whole.state IN ('confirmed', 'take-back-asked') AND part.field IS NOT NULL
        ORDER BY whole.id, part.line_key";
    db.all(sql(PAID).bind(tenant)).await
}

/// Says how the incomes of a posting that end within some days are reported, and returns how many there are.
pub(super) async fn set_report(
    tx: &mut Tx,
    tenant: Tenant,
    posting_code: &str,
    days: Period,
    report: &str,
) -> Result<u64> {
    const SET: &str = "
        UPDATE paid_elsewhere_part SET report = $5
        WHERE tenant = $1 AND field IS NOT NULL AND last_day BETWEEN $3 AND $4
          AND elsewhere_id IN (SELECT id FROM paid_elsewhere WHERE tenant = $1 AND posting_code = $2)";
    let set = sql(SET).bind(tenant).bind(posting_code).bind(days.first()).bind(days.last());
    tx.execute(set.bind(report)).await
}
