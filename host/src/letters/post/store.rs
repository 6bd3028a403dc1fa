//! SQL for letters and their ways.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, DecisionId, HearingId, LetterId, MessageId, PartyId, PaymentId};
use ydun_domain::{Day, Tenant};

use super::{Address, Dispatch, Instead, Reach, State, Written};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};
use crate::hearings::Channel;
use crate::letters::{About, Kind};

impl About {
    /// As columns.
    fn ids(self) -> (Option<DecisionId>, Option<HearingId>, Option<PaymentId>) {
        match self {
            Self::Nothing => (None, None, None),
            Self::Decision(id) => (Some(id), None, None),
            Self::Hearing(id) => (None, Some(id), None),
            Self::Payment(id) => (None, None, Some(id)),
        }
    }

    fn of(
        decision: Option<DecisionId>,
        hearing: Option<HearingId>,
        payment: Option<PaymentId>,
    ) -> Self {
        let decision = decision.map(Self::Decision);
        let hearing = hearing.map(Self::Hearing);
        decision.or(hearing).or(payment.map(Self::Payment)).unwrap_or(Self::Nothing)
    }
}

/// Whether the letter is new: one that is written already is kept as it was.
pub(super) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    written: &Written,
    business_key: &str,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO letter
            (tenant, case_id, id, business_key, kind, recipient, content, decision_id, hearing_id, payment_id,
             written_at, written_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (tenant, business_key) DO NOTHING";
    let content = serde_json::to_string(&written.letter)
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let (decision, hearing, payment) = written.about.ids();
    let insert = sql(INSERT).bind(act.tenant()).bind(written.case).bind(written.id);
    let insert = insert.bind(business_key).bind(written.kind).bind(written.recipient).bind(content);
    let insert = insert.bind(decision).bind(hearing).bind(payment).bind(act.at()).bind(act.by());
    Ok(tx.execute(insert).await? == 1)
}

pub(super) async fn insert_dispatch(
    tx: &mut Tx,
    tenant: Tenant,
    dispatch: &Dispatch,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO dispatch
            (tenant, message, case_id, letter_id, to_party, channel, state, planned_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')";
    let insert = sql(INSERT).bind(tenant).bind(dispatch.message).bind(dispatch.case);
    let insert = insert.bind(dispatch.letter).bind(dispatch.to).bind(dispatch.channel);
    tx.execute(insert.bind(dispatch.state).bind(dispatch.planned_at)).await.map(drop)
}

pub(super) async fn set_sent(
    tx: &mut Tx,
    tenant: Tenant,
    message: MessageId,
    digest: Vec<u8>,
    at: DateTime<Utc>,
) -> Result<()> {
    const SENT: &str = "
        UPDATE dispatch SET state = 'sent', sent_at = $3, digest = $4
        WHERE tenant = $1 AND message = $2 AND state = 'planned'";
    tx.execute(sql(SENT).bind(tenant).bind(message).bind(at).bind(digest)).await.map(drop)
}

/// Whether it was still on its way.
pub(super) async fn close(
    tx: &mut Tx,
    tenant: Tenant,
    message: MessageId,
    state: State,
    on: Day,
    reason: &str,
) -> Result<bool> {
    const CLOSE: &str = "
        UPDATE dispatch SET state = $3, closed_on = $4, reason = $5
        WHERE tenant = $1 AND message = $2 AND state = 'sent'";
    let close = sql(CLOSE).bind(tenant).bind(message).bind(state).bind(on).bind(reason);
    Ok(tx.execute(close).await? == 1)
}

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: LetterId,
    case_id: CaseId,
    #[sqlx(try_from = "String")]
    kind: Kind,
    recipient: PartyId,
    content: String,
    decision_id: Option<DecisionId>,
    hearing_id: Option<HearingId>,
    payment_id: Option<PaymentId>,
}

impl TryFrom<LetterRow> for Written {
    type Error = sqlx::Error;
    fn try_from(row: LetterRow) -> Result<Self> {
        let letter = read(&row.content)?;
        let about = About::of(row.decision_id, row.hearing_id, row.payment_id);
        let LetterRow { id, case_id: case, kind, recipient, .. } = row;
        Ok(Self { id, case, kind, about, recipient, letter })
    }
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The letters of a case, oldest first.
pub(super) async fn letters(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Written>> {
    const LETTERS: &str = "
        SELECT id, case_id, kind, recipient, content, decision_id, hearing_id, payment_id
        FROM letter WHERE tenant = $1 AND case_id = $2
        ORDER BY id";
    let rows: Vec<LetterRow> = db.all(sql(LETTERS).bind(tenant).bind(case)).await?;
    rows.into_iter().map(Written::try_from).collect()
}

/// The letter of a message.
pub(super) async fn letter_of(
    db: &mut Read,
    tenant: Tenant,
    message: MessageId,
) -> Result<Option<Written>> {
    const LETTER: &str = "
        SELECT id, letter.case_id, kind, recipient, content, decision_id, hearing_id, payment_id
        FROM letter
        JOIN dispatch ON dispatch.tenant = letter.tenant
            AND dispatch.case_id = letter.case_id AND dispatch.letter_id = letter.id
        WHERE letter.tenant = $1 AND message = $2";
    let row: Option<LetterRow> = db.optional(sql(LETTER).bind(tenant).bind(message)).await?;
    row.map(Written::try_from).transpose()
}

#[derive(sqlx::FromRow)]
struct DispatchRow {
    message: MessageId,
    letter_id: LetterId,
    case_id: CaseId,
    content: String,
    #[sqlx(try_from = "String")]
    kind: Kind,
    to_party: PartyId,
    #[sqlx(try_from = "String")]
    channel: Channel,
    #[sqlx(try_from = "String")]
    state: State,
    planned_at: DateTime<Utc>,
    closed_on: Option<Day>,
    reason: String,
}

impl TryFrom<DispatchRow> for Dispatch {
    type Error = sqlx::Error;
    fn try_from(row: DispatchRow) -> Result<Self> {
        let letter: ydun_typeset::Letter = read(&row.content)?;
        let DispatchRow {
            message,
            letter_id,
            case_id: case,
            kind,
            to_party: to,
            channel,
            state,
            planned_at,
            closed_on,
            reason,
            ..
        } = row;
        let title = letter.title;
        Ok(Self {
            message,
            letter: letter_id,
            case,
            title,
            kind,
            to,
            channel,
            state,
            planned_at,
            closed_on,
            reason,
        })
    }
}

/// The ways of the letters of a case, oldest first.
pub(super) async fn dispatches(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> Result<Vec<Dispatch>> {
    const DISPATCHES: &str = "
        SELECT message, letter_id, dispatch.case_id, content, kind, to_party, channel, state, planned_at,
               closed_on, reason
        FROM dispatch
        JOIN letter ON letter.tenant = dispatch.tenant
            AND letter.case_id = dispatch.case_id AND letter.id = dispatch.letter_id
        WHERE dispatch.tenant = $1 AND dispatch.case_id = $2
        ORDER BY letter_id, message";
    let rows: Vec<DispatchRow> = db.all(sql(DISPATCHES).bind(tenant).bind(case)).await?;
    rows.into_iter().map(Dispatch::try_from).collect()
}

pub(super) async fn tell_reach<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    party: PartyId,
    reach: &Reach,
) -> Result<()> {
    const TELL: &str = "
        INSERT INTO party_reach
            (tenant, party, digital, protected, address, instead, instead_party, told_at, told_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (tenant, party) DO UPDATE SET
            digital = excluded.digital, protected = excluded.protected, address = excluded.address,
            instead = excluded.instead, instead_party = excluded.instead_party,
            told_at = excluded.told_at, told_by = excluded.told_by";
    let address = reach.address.as_ref().map(serde_json::to_string).transpose();
    let address = address.map_err(|error| sqlx::Error::Encode(error.into()))?;
    let (instead, other) = reach.instead.unzip();
    let tell = sql(TELL).bind(act.tenant()).bind(party).bind(reach.digital).bind(reach.protected);
    let tell = tell.bind(address).bind(instead.map(|word| word.word().to_owned())).bind(other);
    tx.execute(tell.bind(act.at()).bind(act.by())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ReachRow {
    digital: bool,
    protected: bool,
    address: Option<String>,
    instead: Option<String>,
    instead_party: Option<PartyId>,
}

pub(super) async fn reach(db: &mut Read, tenant: Tenant, party: PartyId) -> Result<Option<Reach>> {
    const REACH: &str = "
        SELECT digital, protected, address, instead, instead_party
        FROM party_reach WHERE tenant = $1 AND party = $2";
    let row: Option<ReachRow> = db.optional(sql(REACH).bind(tenant).bind(party)).await?;
    let Some(ReachRow { digital, protected, address, instead, instead_party }) = row else {
        return Ok(None);
    };
    let address: Option<Address> = address.as_deref().map(read).transpose()?;
    let instead: Option<Instead> = instead
        .map(|word| word.parse::<Instead>())
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(Reach { digital, protected, address, instead: instead.zip(instead_party) }))
}
