//! Money that goes to others for its payees.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, PartyId, PaymentId, RedirectionId};
use ydun_domain::{AccountNumber, Day, Dkk, Month, Tenant};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};
use crate::ledger::Positive;
use crate::payments::Payment;
use crate::payments::payee_account::State;
use crate::payments::redirection::{Measure, Redirection, Terms};

pub(in crate::payments) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: RedirectionId,
    terms: &Terms,
) -> Result<()> {
    let mut row = bulk(
        "INSERT INTO redirection
            (tenant, id, payee, benefit, receiver, account, reference, priority, amount, first_day, last_day, ground,
             state, asked_at, asked_by) VALUES",
        "",
    );
    let amount = match terms.measure {
        Measure::Monthly(most) => Some(most.dkk()),
        Measure::All => None,
    };
    row.row(vec![
        act.tenant().bind(),
        id.bind(),
        terms.payee.bind(),
        terms.benefit.as_str().bind(),
        terms.receiver.bind(),
        terms.account.as_ref().bind(),
        terms.reference.trim().bind(),
        i64::from(terms.priority).bind(),
        amount.bind(),
        terms.from.bind(),
        terms.until.bind(),
        terms.ground.trim().bind(),
        State::Asked.bind(),
        act.at().bind(),
        act.by().bind(),
    ]);
    tx.insert(row).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RedirectionId,
    payee: PartyId,
    benefit: String,
    receiver: PartyId,
    account: Option<AccountNumber>,
    reference: String,
    priority: i64,
    amount: Option<Dkk>,
    first_day: Day,
    last_day: Option<Day>,
    ground: String,
    #[sqlx(try_from = "String")]
    state: State,
    asked_at: DateTime<Utc>,
    asked_by: String,
    confirmed_by: Option<String>,
    closed_reason: Option<String>,
}

impl TryFrom<Row> for Redirection {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let wrong = |what: &str| sqlx::Error::Decode(what.into());
        let most = |amount| Positive::new(amount).ok_or_else(|| wrong("nothing is redirected"));
        let measure = row.amount.map(most).transpose()?.map_or(Measure::All, Measure::Monthly);
        let Row { payee, benefit, receiver, account, reference, ground, .. } = row;
        let terms = Terms {
            payee,
            benefit,
            receiver,
            account,
            reference,
            priority: u32::try_from(row.priority).map_err(|_| wrong("a priority is too high"))?,
            measure,
            from: row.first_day,
            until: row.last_day,
            ground,
        };
        let Row { id, state, asked_at, asked_by, confirmed_by, closed_reason, .. } = row;
        Ok(Self { id, terms, state, asked_at, asked_by, confirmed_by, closed_reason })
    }
}

fn redirections(rows: Vec<Row>) -> Result<Vec<Redirection>> {
    rows.into_iter().map(Redirection::try_from).collect()
}

/// The one text that finds redirections, with what they must fulfil.
macro_rules! redirections_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, payee, benefit, receiver, account, reference, priority, amount, first_day, last_day, ground,
                    state, asked_at, asked_by, confirmed_by, closed_reason
             FROM redirection
             WHERE tenant = $1 AND ",
            $condition
        )
    };
}

/// One of them, which nobody else can change meanwhile.
pub(in crate::payments) async fn lock(
    tx: &mut Tx,
    tenant: Tenant,
    id: RedirectionId,
) -> Result<Option<Redirection>> {
    const FIND: &str = redirections_where!("id = $2");
    let found: Option<Row> = tx.optional(sql(FIND).bind(tenant).bind(id).locking()).await?;
    found.map(Redirection::try_from).transpose()
}

pub(in crate::payments) async fn all(
    db: &mut Read,
    tenant: Tenant,
    only_asked: bool,
) -> Result<Vec<Redirection>> {
    const ALL: &str = redirections_where!("($2 = FALSE OR state = 'asked') ORDER BY id DESC");
    redirections(db.all(sql(ALL).bind(tenant).bind(only_asked)).await?)
}

/// Those that count for some payees, in the order they are paid. Nobody else divides by them meanwhile.
pub(in crate::payments) async fn lock_confirmed(
    tx: &mut Tx,
    tenant: Tenant,
    payees: &[PartyId],
) -> Result<Vec<Redirection>> {
    const SQLITE: &str = redirections_where!(
        "payee IN (SELECT unhex(value, '-') FROM json_each($2)) AND state = 'confirmed'
         ORDER BY priority, id"
    );
    const POSTGRES: &str = redirections_where!(
        "payee = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
         AND state = 'confirmed'
         ORDER BY priority, id"
    );
    let confirmed = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payees));
    redirections(tx.all(confirmed.locking()).await?)
}

/// What goes to others by the day it is at disposal, also what has not arrived yet.
pub(in crate::payments) async fn gone(
    db: &mut Read,
    tenant: Tenant,
    redirections: &[RedirectionId],
) -> Result<BTreeMap<(RedirectionId, Month), Dkk>> {
    const SQLITE: &str = "
        SELECT redirection, disposal, amount
        FROM payment
        WHERE tenant = $1 AND redirection IN (SELECT unhex(value, '-') FROM json_each($2)) AND state <> 'stopped'";
    const POSTGRES: &str = "
        SELECT redirection, disposal, amount
        FROM payment
        WHERE tenant = $1 AND state <> 'stopped'
          AND redirection = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))";
    let rows: Vec<(RedirectionId, Day, Dkk)> =
        db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(redirections))).await?;
    let mut gone = BTreeMap::new();
    for (redirection, disposal, amount) in rows {
        *gone.entry((redirection, disposal.month())).or_default() += amount;
    }
    Ok(gone)
}

/// The benefits of a range of cases.
pub(in crate::payments) async fn benefits(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<BTreeMap<CaseId, String>> {
    const BENEFITS: &str =
        "SELECT id, benefit FROM benefit_case WHERE tenant = $1 AND id BETWEEN $2 AND $3";
    let ask = sql(BENEFITS).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<(CaseId, String)> = db.all(ask).await?;
    Ok(rows.into_iter().collect())
}

pub(in crate::payments) async fn confirm<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: RedirectionId,
) -> Result<()> {
    const CONFIRM: &str = "
        UPDATE redirection
        SET state = 'confirmed', confirmed_at = $3, confirmed_by = $4
        WHERE tenant = $1 AND id = $2";
    let confirm = sql(CONFIRM).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    tx.execute(confirm).await.map(drop)
}

/// Refuses a redirection, or ends it.
pub(in crate::payments) async fn close<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: RedirectionId,
    state: State,
    reason: &str,
) -> Result<()> {
    const CLOSE: &str = "
        UPDATE redirection
        SET state = $3, closed_at = $4, closed_by = $5, closed_reason = $6
        WHERE tenant = $1 AND id = $2";
    let close = sql(CLOSE).bind(act.tenant()).bind(id).bind(state).bind(act.at());
    tx.execute(close.bind(act.by()).bind(reason)).await.map(drop)
}

/// Lets payments that leave for others go to the accounts that are named for them.
pub(in crate::payments) async fn point(
    tx: &mut Tx,
    tenant: Tenant,
    payments: &mut [Payment],
) -> Result<()> {
    const SQLITE: &str = "
        UPDATE payment
        SET account = redirection.account
        FROM redirection
        WHERE payment.tenant = $1 AND payment.id IN (SELECT unhex(value, '-') FROM json_each($2))
          AND redirection.tenant = $1 AND redirection.id = payment.redirection
          AND redirection.account IS NOT NULL
        RETURNING id, account";
    const POSTGRES: &str = "
        UPDATE payment
        SET account = redirection.account
        FROM redirection
        WHERE payment.tenant = $1
          AND payment.id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
          AND redirection.tenant = $1 AND redirection.id = payment.redirection
          AND redirection.account IS NOT NULL
        RETURNING payment.id, payment.account";
    let redirected = payments.iter_mut().filter(|payment| payment.redirection.is_some());
    let mut redirected: BTreeMap<PaymentId, &mut Payment> =
        redirected.map(|payment| (payment.id, payment)).collect();
    if redirected.is_empty() {
        return Ok(());
    }
    let ids: Vec<PaymentId> = redirected.keys().copied().collect();
    let point = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(&ids));
    let pointed: Vec<(PaymentId, AccountNumber)> = tx.all(point).await?;
    for (id, account) in pointed {
        redirected.get_mut(&id).expect("only those that were asked for").account = Some(account);
    }
    Ok(())
}
