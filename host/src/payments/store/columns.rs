//! A payment as it stands in its columns.

use ydun_domain::ids::{CaseId, DecisionId, PartyId, PaymentFileId, PaymentId, RedirectionId};
use ydun_domain::{AccountNumber, Day, Dkk};

use crate::parties::PaymentIdentity;
use crate::payments::{Lane, Payee, Payment, State};

/// The one text that finds payments, with what they must fulfil.
macro_rules! payments_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, end_to_end, case_id, decision_id, payee, payee_kind, payee_number, payee_name,
                    account, redirection, receiver, lane, disposal, send_by, amount, message, state, state_reason,
                    version, file_id, drawn
             FROM payment
             WHERE tenant = $1 AND ",
            $condition
        )
    };
}

pub(super) use payments_where;

#[derive(sqlx::FromRow)]
pub(super) struct PaymentRow {
    id: PaymentId,
    end_to_end: String,
    case_id: CaseId,
    decision_id: DecisionId,
    payee: PartyId,
    payee_kind: String,
    payee_number: String,
    payee_name: String,
    account: Option<AccountNumber>,
    redirection: Option<RedirectionId>,
    receiver: Option<PartyId>,
    #[sqlx(try_from = "String")]
    lane: Lane,
    disposal: Day,
    send_by: Day,
    amount: Dkk,
    message: String,
    #[sqlx(try_from = "String")]
    state: State,
    state_reason: String,
    version: i64,
    file_id: Option<PaymentFileId>,
    drawn: bool,
}

/// A row no version of the program has written.
#[derive(Debug, thiserror::Error)]
#[error("the payee's number in the row of payment {0} is none")]
struct NoNumber(PaymentId);

impl TryFrom<PaymentRow> for Payment {
    type Error = sqlx::Error;
    fn try_from(row: PaymentRow) -> Result<Self, sqlx::Error> {
        let number = read_number(&row.payee_kind, &row.payee_number)
            .ok_or_else(|| sqlx::Error::Decode(NoNumber(row.id).into()))?;
        Ok(Self {
            id: row.id,
            end_to_end: row.end_to_end,
            case_id: row.case_id,
            decision_id: row.decision_id,
            entitled: row.payee,
            payee: Payee { id: row.receiver.unwrap_or(row.payee), name: row.payee_name, number },
            redirection: row.redirection,
            account: row.account,
            lane: row.lane,
            disposal: row.disposal,
            send_by: row.send_by,
            amount: row.amount,
            message: row.message,
            state: row.state,
            state_reason: row.state_reason,
            version: row.version,
            file_id: row.file_id,
            drawn: row.drawn,
        })
    }
}

/// A payee's number as it stands in the columns `payee_kind` and `payee_number`.
pub(super) fn number(number: &PaymentIdentity) -> (&'static str, &str) {
    match number {
        PaymentIdentity::Cpr(cpr) => ("cpr", cpr.digits()),
        PaymentIdentity::Cvr(cvr) => ("cvr", cvr.digits()),
        PaymentIdentity::Se(se) => ("se", se.digits()),
        PaymentIdentity::P(p) => ("p", p.digits()),
    }
}

fn read_number(kind: &str, digits: &str) -> Option<PaymentIdentity> {
    Some(match kind {
        "cpr" => PaymentIdentity::Cpr(digits.parse().ok()?),
        "cvr" => PaymentIdentity::Cvr(digits.parse().ok()?),
        "se" => PaymentIdentity::Se(digits.parse().ok()?),
        "p" => PaymentIdentity::P(digits.parse().ok()?),
        _ => return None,
    })
}
