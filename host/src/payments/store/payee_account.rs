//! Accounts that payees have named for a benefit.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{PartyId, PayeeAccountId, PaymentId};
use ydun_domain::{AccountNumber, Tenant};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};
use crate::payments::Payment;
use crate::payments::payee_account::{NewPayeeAccount, PayeeAccount, State};

/// Keeps a wish, and says whether no other of the payee and benefit waits.
pub(in crate::payments) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: PayeeAccountId,
    new: &NewPayeeAccount,
) -> Result<bool> {
    let mut row = bulk(
        "INSERT INTO payee_account (tenant, id, payee, benefit, account, source, state, asked_at, asked_by) VALUES",
        "ON CONFLICT DO NOTHING",
    );
    row.row(vec![
        act.tenant().bind(),
        id.bind(),
        new.payee.bind(),
        new.benefit.as_str().bind(),
        (&new.account).bind(),
        new.source.trim().bind(),
        State::Asked.bind(),
        act.at().bind(),
        act.by().bind(),
    ]);
    Ok(tx.insert(row).await? > 0)
}

/// The one text that finds accounts, with what they must fulfil.
macro_rules! accounts_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, payee, benefit, account, source, state, asked_at, asked_by, confirmed_at, confirmed_by,
                    despite, closed_reason
             FROM payee_account
             WHERE tenant = $1 AND ",
            $condition
        )
    };
}

/// One of them, which nobody else can change meanwhile.
pub(in crate::payments) async fn lock(
    tx: &mut Tx,
    tenant: Tenant,
    id: PayeeAccountId,
) -> Result<Option<PayeeAccount>> {
    const FIND: &str = accounts_where!("id = $2");
    tx.optional(sql(FIND).bind(tenant).bind(id).locking()).await
}

/// The account a payee's money of a benefit goes to, where that is not the NemKonto.
pub(in crate::payments) async fn confirmed(
    db: &mut Read,
    tenant: Tenant,
    payee: PartyId,
    benefit: &str,
) -> Result<Option<PayeeAccount>> {
    const CONFIRMED: &str = accounts_where!("payee = $2 AND benefit = $3 AND state = 'confirmed'");
    db.optional(sql(CONFIRMED).bind(tenant).bind(payee).bind(benefit)).await
}

pub(in crate::payments) async fn all(
    db: &mut Read,
    tenant: Tenant,
    only_asked: bool,
) -> Result<Vec<PayeeAccount>> {
    const ALL: &str = accounts_where!("($2 = FALSE OR state = 'asked') ORDER BY id DESC");
    db.all(sql(ALL).bind(tenant).bind(only_asked)).await
}

/// How many other payees' money goes to the account of a wish, of any benefit.
pub(in crate::payments) async fn others_paid_to(
    db: &mut Read,
    tenant: Tenant,
    asked: &PayeeAccount,
) -> Result<i64> {
    const OTHERS: &str = "
        SELECT COUNT(DISTINCT payee)
        FROM payee_account
        WHERE tenant = $1 AND account = $2 AND payee <> $3 AND state = 'confirmed'";
    let others = sql(OTHERS).bind(tenant).bind(&asked.account).bind(asked.payee);
    let (count,): (i64,) = db.one(others).await?;
    Ok(count)
}

/// When an account of a payee and benefit was confirmed last, also one that was ended since.
pub(in crate::payments) async fn last_confirmed(
    db: &mut Read,
    tenant: Tenant,
    payee: PartyId,
    benefit: &str,
) -> Result<Option<DateTime<Utc>>> {
    const LAST: &str = "
        SELECT confirmed_at
        FROM payee_account
        WHERE tenant = $1 AND payee = $2 AND benefit = $3 AND confirmed_at IS NOT NULL
        ORDER BY confirmed_at DESC
        LIMIT 1";
    let found: Option<(DateTime<Utc>,)> =
        db.optional(sql(LAST).bind(tenant).bind(payee).bind(benefit)).await?;
    Ok(found.map(|(at,)| at))
}

pub(in crate::payments) async fn confirm<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: PayeeAccountId,
    despite: Option<&str>,
) -> Result<()> {
    const CONFIRM: &str = "
        UPDATE payee_account
        SET state = 'confirmed', confirmed_at = $3, confirmed_by = $4, despite = $5
        WHERE tenant = $1 AND id = $2";
    let confirm = sql(CONFIRM).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    tx.execute(confirm.bind(despite)).await.map(drop)
}

/// Refuses a wish, or ends an account.
pub(in crate::payments) async fn close<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: PayeeAccountId,
    state: State,
    reason: &str,
) -> Result<()> {
    const CLOSE: &str = "
        UPDATE payee_account
        SET state = $3, closed_at = $4, closed_by = $5, closed_reason = $6
        WHERE tenant = $1 AND id = $2";
    let close = sql(CLOSE).bind(act.tenant()).bind(id).bind(state).bind(act.at());
    tx.execute(close.bind(act.by()).bind(reason)).await.map(drop)
}

/// Lets payments that leave go to the accounts their payees have named for the benefits.
pub(in crate::payments) async fn point(
    tx: &mut Tx,
    tenant: Tenant,
    payments: &mut [Payment],
) -> Result<()> {
    const SQLITE: &str = "
        UPDATE payment
        SET account = named.account
        FROM payee_account AS named
        JOIN benefit_case ON benefit_case.tenant = named.tenant AND benefit_case.benefit = named.benefit
        WHERE payment.tenant = $1 AND payment.id IN (SELECT unhex(value, '-') FROM json_each($2))
          AND benefit_case.tenant = $1 AND benefit_case.id = payment.case_id
          AND named.tenant = $1 AND named.payee = payment.payee AND named.state = 'confirmed'
          AND payment.redirection IS NULL
        RETURNING id, account";
    const POSTGRES: &str = "
        UPDATE payment
        SET account = named.account
        FROM payee_account AS named
        JOIN benefit_case ON benefit_case.tenant = named.tenant AND benefit_case.benefit = named.benefit
        WHERE payment.tenant = $1
          AND payment.id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
          AND benefit_case.tenant = $1 AND benefit_case.id = payment.case_id
          AND named.tenant = $1 AND named.payee = payment.payee AND named.state = 'confirmed'
          AND payment.redirection IS NULL
        RETURNING payment.id, payment.account";
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let point = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(&ids));
    let pointed: Vec<(PaymentId, AccountNumber)> = tx.all(point).await?;
    let mut pointed: BTreeMap<PaymentId, AccountNumber> = pointed.into_iter().collect();
    for payment in payments {
        payment.account = pointed.remove(&payment.id);
    }
    Ok(())
}
