//! Decisions that are approved and wait to reach a party.

use ydun_domain::ids::{CaseId, DecisionId};
use ydun_domain::{Day, Tenant};

use crate::access::{Act, Approve};
use crate::clock::danish;
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::decisions::Decision;
use crate::hearings::Channel;
use crate::operations::approval::Terms;
use crate::operations::delivery::Held;

pub(in crate::operations) async fn hold(
    tx: &mut Tx,
    act: &Act<Approve>,
    decisions: &[Decision],
    terms: &Terms<'_>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO decision_hold (tenant, case_id, decision_id, lane, due, held_at) VALUES",
        "",
    );
    for decision in decisions {
        rows.row(vec![
            act.tenant().bind(),
            decision.basis.case.bind(),
            decision.id.bind(),
            terms.lane.bind(),
            terms.due.unwrap_or_else(|| danish(act.at())).bind(),
            act.at().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Lets a decision take effect from the day it reached the party.
pub(in crate::operations) async fn release(
    tx: &mut Tx,
    act: &Act<Approve>,
    held: &Held,
    on: Day,
    channel: Channel,
) -> Result<()> {
    const RELEASE: &str = "
        UPDATE decision_hold SET delivered_on = $4, channel = $5, released_at = $6, released_by = $7
        WHERE tenant = $1 AND case_id = $2 AND decision_id = $3 AND released_at IS NULL";
    let release = sql(RELEASE).bind(act.tenant()).bind(held.case_id).bind(held.decision_id);
    tx.execute(release.bind(on).bind(channel).bind(act.at()).bind(act.by())).await.map(drop)
}

/// The decision, when it waits and nothing has taken its place. Nobody else lets it take effect meanwhile.
pub(in crate::operations) async fn held(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    decision: DecisionId,
) -> Result<Option<Held>> {
    const HELD: &str = "
        SELECT case_id, decision_id, lane, due FROM decision_hold
        WHERE tenant = $1 AND case_id = $2 AND decision_id = $3 AND released_at IS NULL
          AND EXISTS (SELECT 1 FROM decision
                      WHERE decision.tenant = decision_hold.tenant AND decision.case_id = decision_hold.case_id
                        AND decision.id = decision_hold.decision_id AND decision.state = 'approved')";
    tx.optional(sql(HELD).bind(tenant).bind(case).bind(decision).locking()).await
}

/// Every decision that waits and that nothing has taken the place of, oldest first.
pub(in crate::operations) async fn all_held(db: &mut Read, tenant: Tenant) -> Result<Vec<Held>> {
    const HELD: &str = "
        SELECT hold.case_id, hold.decision_id, hold.lane, hold.due
        FROM decision_hold AS hold
        JOIN decision ON decision.tenant = hold.tenant AND decision.case_id = hold.case_id AND decision.id = hold.decision_id
        WHERE hold.tenant = $1 AND hold.released_at IS NULL AND decision.state = 'approved'
        ORDER BY hold.decision_id";
    db.all(sql(HELD).bind(tenant)).await
}
