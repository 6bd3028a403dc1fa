//! `ydun event listen`: takes in events from a broker, and judges them as their time comes.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use tokio::time::sleep;
use ydun::access::Register;
use ydun::adapters::amqp::{FetchError, Subscription};
use ydun::events::Message;
use ydun::events::service::{self as events, ReceiveError};
use ydun::modules::registry::Registry;
use ydun::operations::judge::judge_due;

use crate::cli::exit::Ended;
use crate::cli::serve::stopped;
use crate::cli::session::Session;

/// How long a broker that is gone is left alone before it is tried again.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The broker. Beyond this machine, put an encrypting proxy in front.
    #[arg(
        long,
        env = "YDUN_AMQP",
        hide_env_values = true,
        default_value = "amqp://127.0.0.1:5672/%2f"
    )]
    address: String,

    #[arg(long, default_value = "ydun-events")]
    queue: String,

    /// How many messages are taken at a time.
    #[arg(long, default_value_t = 100)]
    prefetch: u16,

    /// Seconds between two looks for events whose time has come.
    #[arg(long, default_value_t = 2)]
    judge_every: u64,
}

pub(crate) async fn command(session: &Session, arguments: Arguments) -> Result<Ended> {
    let Arguments { address, queue, prefetch, judge_every } = arguments;
    let subscription = Subscription { address, queue, prefetch };
    let registry = session.registry()?;
    tokio::select! {
        ended = listen(session, &subscription) => ended?,
        ended = judge(session, &registry, Duration::from_secs(judge_every)) => ended?,
        () = stopped() => {}
    }
    Ok(Ended::Done)
}

/// Takes in events for ever; a broker that is gone is tried again.
async fn listen(session: &Session, subscription: &Subscription) -> Result<()> {
    loop {
        match subscription.fetch(async |bodies| keep(session, bodies).await).await {
            Ok(()) => {}
            Err(FetchError::Broker(error)) => {
                tracing::warn!("the broker cannot be reached: {error}");
            }
            Err(FetchError::Keep(error)) => return Err(error),
        }
        sleep(RETRY).await;
    }
}

/// Keeps messages in one transaction; those that cannot be read are kept as they came.
async fn keep(session: &Session, bodies: Vec<Vec<u8>>) -> Result<()> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    for body in bodies {
        let refused = match Message::read(&body) {
            Ok(message) => match events::receive(&mut tx, &act, &message).await {
                Ok(_) => continue,
                Err(ReceiveError::Store(error)) => return Err(error.into()),
                Err(refused) => refused.to_string(),
            },
            Err(refused) => refused.to_string(),
        };
        events::keep_unread(&mut tx, &act, &body, &refused).await?;
    }
    Ok(tx.commit().await?)
}

async fn judge(session: &Session, registry: &Registry, every: Duration) -> Result<()> {
    loop {
        let act = session.act::<Register>().await?;
        judge_due(&session.db, registry, &act).await?;
        sleep(every).await;
    }
}
