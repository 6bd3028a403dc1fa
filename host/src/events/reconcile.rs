//! Holding what we were told against what the register says stands: the events that were lost.

use serde::{Deserialize, Serialize};
use ydun_domain::Day;
use ydun_domain::ids::EventId;
use ydun_runtime::Digest;

use super::Kind;
use super::message::{About, Message, MessageError, Wire};
use super::service::{ReceiveError, latest, receive};
use crate::access::{Act, Register};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;

/// What a register says stands on a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Snapshot {
    pub source: String,
    pub as_of: Day,
    /// The newest event of each kind about each person or company.
    pub standing: Vec<Standing>,
}

/// An event that stands, as the register knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Standing {
    kind: String,
    about: About,
    day: String,
    #[serde(default)]
    until: Option<String>,
    known: String,
    #[serde(default)]
    municipality: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

/// What a reconciliation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    pub compared: usize,
    /// Events we had not been told; they are in the inbox now.
    pub lost: Vec<Found>,
    /// Events we were told that are newer than what stands: look at them.
    pub unknown_to_register: Vec<Found>,
}

/// An event of a reconciliation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    pub event: EventId,
    pub kind: Kind,
    pub day: Day,
}

/// Why a snapshot was not used. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error("number {number} of what stands cannot be used: {why}")]
    Standing { number: usize, why: MessageError },
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error("the reconciliation could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Takes in every event that stands and that we were not told. Done again, it finds nothing.
pub async fn reconcile(
    tx: &mut Tx,
    act: &Act<Register>,
    snapshot: &Snapshot,
) -> Result<Reconciled, ReconcileError> {
    let mut found = Reconciled { compared: snapshot.standing.len(), ..Reconciled::default() };
    for (place, standing) in snapshot.standing.iter().enumerate() {
        let message = standing
            .message(&snapshot.source)
            .map_err(|why| ReconcileError::Standing { number: place + 1, why })?;
        let told = latest(tx, act.tenant(), &message.about, message.kind).await?;
        match told {
            Some(told) if told.message.says_as(&message) => {}
            Some(told) if told.message.day > message.day => {
                found.unknown_to_register.push(of_event(told.id, &told.message));
            }
            _ => {
                let received = receive(tx, act, &message).await?;
                found.lost.push(of_event(received.id, &message));
            }
        }
    }
    let detail = format!(
        "{} as of {}: {} compared, {} lost",
        snapshot.source,
        snapshot.as_of,
        found.compared,
        found.lost.len()
    );
    audit::record(tx, act, Action::EventsReconciled, Subject::Municipality, detail).await?;
    Ok(found)
}

fn of_event(event: EventId, message: &Message) -> Found {
    Found { event, kind: message.kind, day: message.day }
}

impl Standing {
    /// As the source would have told it, under an id made of what it says.
    fn message(&self, source: &str) -> Result<Message, MessageError> {
        let text = serde_json::to_vec(self).expect("our own types can be written as JSON");
        let Self { kind, about, day, until, known, municipality, name } = self.clone();
        Message::of(&Wire {
            source: source.to_owned(),
            message_id: format!("reconciled-{}", Digest::of(&text)),
            sequence: None,
            kind,
            about,
            day,
            until,
            known,
            municipality,
            name,
        })
    }
}
