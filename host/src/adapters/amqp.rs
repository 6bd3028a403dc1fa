//! Events by AMQP 0.9.1, from a queue of a broker such as `RabbitMQ`.
//!
//! A message is acknowledged when the transaction that keeps it has committed. A listener killed before
//! that is given it again, and one killed in between is too: the inbox knows it, and takes it in once.
//! So nothing is lost and nothing done twice, whoever is restarted. The broker is reached without
//! encryption; beyond this machine, put an encrypting proxy in front.

use futures_util::{FutureExt as _, StreamExt as _};
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties, Consumer};

/// Where messages are fetched.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Such as `amqp://127.0.0.1:5672/%2f`.
    pub address: String,
    pub queue: String,
    /// How many messages the broker hands out before it is told that they are kept.
    pub prefetch: u16,
}

/// Why messages are not fetched any more.
#[derive(Debug, thiserror::Error)]
pub enum FetchError<E> {
    /// The broker is gone; what it was not told to forget it still has.
    #[error("the broker cannot be reached")]
    Broker(#[from] lapin::Error),
    #[error("the messages could not be kept")]
    Keep(#[source] E),
}

impl Subscription {
    /// Fetches messages until the broker or `keep` fails. What `keep` has kept is acknowledged.
    pub async fn fetch<E>(
        &self,
        mut keep: impl AsyncFnMut(Vec<Vec<u8>>) -> Result<(), E>,
    ) -> Result<(), FetchError<E>> {
        let connection =
            Connection::connect(&self.address, ConnectionProperties::default()).await?;
        let mut consumer = self.consume(&connection).await?;
        while let Some(first) = consumer.next().await {
            let batch = waiting(&mut consumer, first?, self.prefetch)?;
            let bodies = batch.iter().map(|delivery| delivery.data.clone()).collect();
            keep(bodies).await.map_err(FetchError::Keep)?;
            if let Some(last) = batch.last() {
                last.acker.ack(BasicAckOptions { multiple: true }).await?;
            }
        }
        Ok(())
    }

    async fn consume(&self, connection: &Connection) -> lapin::Result<Consumer> {
        let channel = connection.create_channel().await?;
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        let queue = self.queue.as_str();
        channel.queue_declare(queue.into(), durable, FieldTable::default()).await?;
        channel.basic_qos(self.prefetch, BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        channel.basic_consume(queue.into(), "ydun".into(), options, FieldTable::default()).await
    }
}

/// The first message and those that have arrived behind it: they are kept in one transaction.
fn waiting(consumer: &mut Consumer, first: Delivery, at_most: u16) -> lapin::Result<Vec<Delivery>> {
    let mut batch = vec![first];
    while batch.len() < usize::from(at_most) {
        match consumer.next().now_or_never() {
            Some(Some(next)) => batch.push(next?),
            Some(None) | None => break,
        }
    }
    Ok(batch)
}
