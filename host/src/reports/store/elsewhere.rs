//! What other systems have paid as income.

use ydun_domain::{Period, Tenant};

use super::Which;
use super::paid::PaidRow;
use crate::db::{Read, Result, Tx, sql};

/// The one text that finds incomes that another system has paid and a second person has confirmed.
macro_rules! paid_where {
    ($condition:literal) => {
        concat!(
            "SELECT TRUE AS elsewhere, whole.id, benefit_case.benefit, whole.payee AS party, party.number AS cpr,
                    part.line_key, whole.posting_code, part.first_day, part.last_day, whole.paid_on AS disposal,
                    part.field, part.pension, part.report, part.amount AS gross,
                    part.amount - part.atp AS income, part.a_tax, part.am_bidrag, part.atp
             FROM paid_elsewhere AS whole
             JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
             JOIN party ON party.tenant = whole.tenant AND party.id = whole.payee
             JOIN benefit_case ON benefit_case.tenant = whole.tenant AND benefit_case.id = whole.case_id
             WHERE whole.tenant = $1 AND whole.state IN ('confirmed', 'take-back-asked')
               AND part.field IS NOT NULL AND ",
            $condition,
            " ORDER BY whole.id, part.line_key"
        )
    };
}

/// Such incomes.
pub(super) async fn paid(db: &mut Read, tenant: Tenant, which: Which) -> Result<Vec<PaidRow>> {
    const ALL: &str = paid_where!("1 = 1");
    const FOR: &str = paid_where!("part.first_day <= $3 AND part.last_day >= $2");
    const TO: &str = paid_where!("whole.payee = $2");
    let paid = match which {
        Which::All => sql(ALL).bind(tenant),
        Which::For(days) => sql(FOR).bind(tenant).bind(days.first()).bind(days.last()),
        Which::To(party) => sql(TO).bind(tenant).bind(party),
    };
    db.all(paid).await
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
