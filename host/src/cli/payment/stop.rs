//! `ydun payment stop` and `pay-again`: money that is not to be paid, and money that is after all.

use std::time::Duration;

use anyhow::Result;
use chrono::NaiveTime;
use clap::Args;
use serde::Serialize;
use ydun::access::{Act, Approve, Pay, Right, StopPayments};
use ydun::adapters::bank_format;
use ydun::payments::outbox::Outbox;
use ydun::payments::service::{self, Asked, PayAgainError, Stop, StopError};
use ydun::payments::{BankFormat, BankProfile, Lane};
use ydun_domain::Day;
use ydun_domain::ids::PaymentId;

use super::publish;
use crate::cli::exit::{Ended, Refused};
use crate::cli::output::Output;
use crate::cli::session::Session;

/// How long the file of a stop is kept for this process.
const LEASE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(crate) struct StopArguments {
    payment: PaymentId,

    /// In words; it stays on the payment.
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct PayAgainArguments {
    payment: PaymentId,

    /// How quickly it is paid: almindelig, dag-til-dag or straks.
    #[arg(long, default_value = "dag-til-dag")]
    lane: Lane,
}

/// What becomes of a payment somebody wants stopped.
#[derive(Debug, Serialize)]
struct Answer {
    payment: PaymentId,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Outcome {
    Stopped,
    /// The bank has not said yet that it has the payment.
    Waits {
        until: Option<Deadline>,
    },
    /// Somebody who pays sends the request.
    IsToBeSent {
        until: Option<Deadline>,
    },
    /// Whoever pays takes no requests in files.
    CannotBeAsked,
    /// The bank has been asked.
    Asked {
        until: Option<Deadline>,
    },
}

/// Until when the bank stops payments.
#[derive(Clone, Copy, Debug, Serialize)]
struct Deadline {
    day: Day,
    time: NaiveTime,
    passed: bool,
}

pub(super) async fn stop(
    session: &Session,
    output: Output,
    StopArguments { payment, reason }: StopArguments,
) -> Result<Ended> {
    let act = session.act::<StopPayments>().await?;
    let bank = session.bank_profile().await?;
    let mut tx = session.db.begin().await?;
    let stop = service::stop(&mut tx, &act, payment, &reason).await.map_err(not_stopped)?;
    tx.commit().await?;
    let outcome = match stop {
        Stop::Done => Outcome::Stopped,
        Stop::AtBank(asked) => {
            let until = deadline(&bank, &act, asked);
            ask_bank(session, bank_format(bank).as_ref(), asked, until).await?
        }
    };
    output.answer(&Answer { payment, outcome }, answer_text)?;
    Ok(Ended::Done)
}

/// Sends the request, if whoever stops also pays; else it leaves with the next that does.
async fn ask_bank(
    session: &Session,
    format: &dyn BankFormat,
    asked: Asked,
    until: Option<Deadline>,
) -> Result<Outcome> {
    if !format.takes_stops() {
        return Ok(Outcome::CannotBeAsked);
    }
    let Ok(pay) = session.act::<Pay>().await else { return Ok(Outcome::IsToBeSent { until }) };
    send_waiting(session, &pay, format).await?;
    Ok(if asked.bank_knows_it { Outcome::Asked { until } } else { Outcome::Waits { until } })
}

fn deadline<R: Right>(bank: &BankProfile, act: &Act<R>, asked: Asked) -> Option<Deadline> {
    let (day, time) = bank.stop_until(asked.lane, asked.disposal)?;
    let now = ydun::clock::danish_wall(act.at());
    Some(Deadline { day, time, passed: (day.date(), time) < (now.date(), now.time()) })
}

fn answer_text(Answer { payment, outcome }: &Answer) -> String {
    let head = match outcome {
        Outcome::Stopped => {
            return format!(
                "Betalingen {payment} er standset, og ingen får pengene.\n\
                 Var det en fejl, kan den udbetales igen: ydun payment pay-again {payment}"
            );
        }
        Outcome::CannotBeAsked => {
            return format!(
                "Betalingen {payment} er sendt til økonomisystemet, som ikke kan bedes om at standse i en fil.\n\
                 Ring til dem, der udbetaler; bliver den betalt alligevel, rettes afgørelsen."
            );
        }
        Outcome::Waits { .. } => format!(
            "Betalingen {payment} er sendt, men banken har ikke kvitteret for den endnu.\n\
             Anmodningen om at standse den sendes, når bankens kvittering er læst \
             (ydun payment receive)."
        ),
        Outcome::IsToBeSent { .. } => format!(
            "Betalingen {payment} er sendt til banken.\n\
             Anmodningen om at standse den sendes, næste gang der sendes betalinger (ydun payment send)."
        ),
        Outcome::Asked { .. } => format!(
            "Banken er bedt om at standse betalingen {payment}.\n\
             Den er først standset, når bankens svar er læst (ydun payment receive)."
        ),
    };
    let (Outcome::Waits { until } | Outcome::IsToBeSent { until } | Outcome::Asked { until }) =
        outcome
    else {
        return head;
    };
    let limit = match until {
        None => "Banken har ikke oplyst en frist.".to_owned(),
        Some(Deadline { day, time, passed }) => {
            let when = format!("{} kl. {}", day.in_words(), time.format("%H.%M"));
            if *passed {
                format!("Bankens frist var {when}; den kan derfor sige nej.")
            } else {
                format!("Bankens frist er {when}.")
            }
        }
    };
    format!("{head}\n{limit}\nNår banken det ikke, får sagen en opgave om at rette afgørelsen.")
}

fn not_stopped(error: StopError) -> anyhow::Error {
    match error {
        StopError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}

/// Sends the requests that the bank can act on by now.
pub(super) async fn send_waiting(
    session: &Session,
    act: &Act<Pay>,
    format: &dyn BankFormat,
) -> Result<()> {
    let outbox = Outbox::open(session.folder("bank/out")?)?;
    if service::send_stops(&session.db, act, format, &outbox).await?.is_some() {
        let published = publish(session, act, format, &outbox, LEASE).await?;
        if let Some(error) = published.failed.into_iter().next() {
            return Err(error.into());
        }
    }
    Ok(())
}

pub(super) async fn pay_again(
    session: &Session,
    output: Output,
    PayAgainArguments { payment, lane }: PayAgainArguments,
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let bank = session.bank_profile().await?;
    let mut tx = session.db.begin().await?;
    let again = match service::pay_again(&mut tx, &act, &bank, payment, lane).await {
        Ok(new) => Again::Paid { new },
        Err(PayAgainError::NotAsked(_)) => {
            service::ask_straks(&mut tx, &act, payment).await.map_err(not_paid_again)?;
            Again::Asked
        }
        Err(error) => return Err(not_paid_again(error)),
    };
    tx.commit().await?;
    output.answer(&again, |again| match again {
        Again::Paid { new } => {
            format!("Det, der er til gode af {payment}, udbetales igen som {new}.")
        }
        Again::Asked => format!(
            "Straks kræver to personer. En anden giver den samme kommando: \
             ydun payment pay-again {payment} --lane straks"
        ),
    })?;
    Ok(Ended::Done)
}

/// What became of a wish to pay again.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Again {
    Paid {
        new: PaymentId,
    },
    /// Another person must do it.
    Asked,
}

fn not_paid_again(error: PayAgainError) -> anyhow::Error {
    match error {
        PayAgainError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
