//! Telling what happened: by AMQP or by REST, in good order or not.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Connection, ConnectionProperties};

use super::Happened;
use super::life::Dice;

/// How badly things are told, in so many of a hundred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disorder {
    pub twice: u64,
    pub lost: u64,
    /// Swapped with one told up to ten places later.
    pub swapped: u64,
    pub seed: u64,
}

/// Why something could not be told. It may have arrived; telling it again is safe.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("the broker cannot be used; start it, and tell again")]
    Broker(#[from] lapin::Error),
    #[error("the broker did not take message {0}; tell again")]
    NotConfirmed(String),
    #[error("the server at {address} cannot be reached; start it, and tell again")]
    Unreachable { address: String, source: std::io::Error },
    #[error("the server answered '{answer}' to message {message}")]
    Refused { message: String, answer: String },
}

/// What is told of some events, in the order it is told.
pub fn delivery(events: &[Happened], disorder: Disorder) -> Vec<Happened> {
    let mut dice = Dice(disorder.seed | 1);
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        if dice.below(100) < disorder.lost {
            continue;
        }
        told.push(event.clone());
        if dice.below(100) < disorder.twice {
            told.push(event.clone());
        }
    }
    let count = told.len();
    for place in 0..count {
        if dice.below(100) < disorder.swapped {
            let ahead = usize::try_from(1 + dice.below(10)).expect("at most ten");
            told.swap(place, (place + ahead).min(count - 1));
        }
    }
    told
}

/// Puts messages in a durable queue, and waits until the broker has each of them.
pub async fn by_amqp(address: &str, queue: &str, told: &[Vec<u8>]) -> Result<(), SendError> {
    const PERSISTENT: u8 = 2;
    let connection = Connection::connect(address, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), durable, FieldTable::default()).await?;
    let mut confirms = Vec::with_capacity(told.len());
    for body in told {
        let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
        let options = BasicPublishOptions::default();
        confirms
            .push(channel.basic_publish("".into(), queue.into(), options, body, properties).await?);
    }
    for (number, confirm) in (1..).zip(confirms) {
        if !confirm.await?.is_ack() {
            return Err(SendError::NotConfirmed(format!("number {number}")));
        }
    }
    connection.close(200, "told".into()).await?;
    Ok(())
}

/// Posts a message to `http://ADDRESS/api/v1/events` with another system's key.
pub fn by_rest(address: &str, key: &str, event: &Happened) -> Result<(), SendError> {
    let body = serde_json::to_string(event).expect("our own types can be written as JSON");
    let post = || {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "POST /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer: String =
        post().map_err(|source| SendError::Unreachable { address: address.to_owned(), source })?;
    let status = answer.lines().next().unwrap_or_default().to_owned();
    let is_taken = status.contains(" 202 ") || status.contains(" 200 ");
    if is_taken {
        Ok(())
    } else {
        Err(SendError::Refused { message: event.message_id.clone(), answer: status })
    }
}
