//! What the state refunds of a benefit's month, line by line.
//!
//! The municipality does not send amounts to the state: the refund is computed from what is reported
//! to the income register. This list is what it should come to, for whoever compares the two.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Month, Period, Rounding, Tenant};
use ydun_runtime::{Digest, Manifest};

use crate::db::{Read, Result, sql};
use crate::modules::service as modules;

/// A line the state refunds a share of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefundLine {
    pub case: String,
    pub line_key: String,
    pub payee: PartyId,
    pub posting_code: String,
    pub period: Period,
    pub amount: Dkk,
    /// The state's share, in percent.
    pub percent: u8,
    pub refund: Dkk,
    /// The refund account it is reported under (field 115).
    pub account: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    line_key: String,
    payee: PartyId,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
    #[sqlx(try_from = "Vec<u8>")]
    artifact: Digest,
}

/// The lines in effect of a benefit's month of whose posting the manifest says that the state refunds a share.
pub async fn refund_lines(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    month: Month,
) -> Result<Vec<RefundLine>> {
    const LINES: &str = "
        SELECT benefit_case.number, line.line_key, line.payee, line.posting_code, line.first_day, line.last_day,
               line.amount, run.artifact
        FROM decision_line AS line
        JOIN decision ON decision.tenant = line.tenant AND decision.case_id = line.case_id
                     AND decision.id = line.decision_id
        JOIN run ON run.tenant = decision.tenant AND run.case_id = decision.case_id AND run.id = decision.run_id
        JOIN benefit_case ON benefit_case.tenant = line.tenant AND benefit_case.id = line.case_id
        WHERE line.tenant = $1 AND line.last_day BETWEEN $2 AND $3 AND benefit_case.benefit = $4
          AND decision.id = (
              SELECT newest.id FROM decision AS newest
              LEFT JOIN decision_hold AS hold
                ON hold.tenant = newest.tenant AND hold.case_id = newest.case_id AND hold.decision_id = newest.id
                AND hold.released_at IS NULL
              WHERE newest.tenant = decision.tenant AND newest.case_id = decision.case_id
                AND newest.first_day = decision.first_day AND newest.state IN ('approved', 'superseded')
                AND hold.decision_id IS NULL
              ORDER BY newest.id DESC LIMIT 1)
        ORDER BY benefit_case.number, line.first_day, line.line_key";
    let lines = sql(LINES).bind(tenant).bind(month.first()).bind(month.last()).bind(benefit);
    let rows: Vec<Row> = db.all(lines).await?;
    let mut manifests: BTreeMap<Digest, Option<Manifest>> = BTreeMap::new();
    for artifact in rows.iter().map(|row| row.artifact) {
        if let std::collections::btree_map::Entry::Vacant(place) = manifests.entry(artifact) {
            place.insert(modules::manifest(db, artifact).await?);
        }
    }
    let mut refund = Vec::new();
    for row in rows {
        let manifest = manifests[&row.artifact].as_ref();
        refund.extend(manifest.and_then(|manifest| line(row, manifest).transpose()).transpose()?);
    }
    Ok(refund)
}

fn line(row: Row, manifest: &Manifest) -> Result<Option<RefundLine>> {
    let posting = manifest.posting(&row.posting_code);
    let Some((posting, percent)) = posting.and_then(|it| Some((it, it.refund_percent?))) else {
        return Ok(None);
    };
    let report = posting.income.as_ref();
    let account = report.and_then(|report| Some(report.refund.as_ref()?.text.clone()));
    let decode = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
    let share = row.amount.decimal() * Decimal::new(percent.into(), 2);
    Ok(Some(RefundLine {
        case: row.number,
        line_key: row.line_key,
        payee: row.payee,
        posting_code: row.posting_code,
        period: Period::new(row.first_day, row.last_day).map_err(|error| decode(error.into()))?,
        amount: row.amount,
        percent,
        refund: Dkk::round(share, Rounding::NearestOere).map_err(|error| decode(error.into()))?,
        account,
    }))
}
