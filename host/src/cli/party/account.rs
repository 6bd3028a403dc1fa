//! `ydun party account`: where payees want a benefit paid, instead of their NemKonto.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look, Register};
use ydun::cases::{self, CaseNumber};
use ydun::clock::danish;
use ydun::parties;
use ydun::payments::payee_account::{NewPayeeAccount, PayeeAccount, State};
use ydun::payments::service::payee_account::{
    PayeeAccountError, ask, confirm, doubts, end, payee_accounts, refuse,
};
use ydun_domain::AccountNumber;
use ydun_domain::ids::{PartyId, PayeeAccountId};

use super::in_role;
use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask that somebody's money of a case's benefit go to an account. Another person must confirm it.
    Ask(AskArguments),
    /// What payees have asked for, newest first.
    List {
        /// Only what waits for a second person, and what speaks against it.
        #[arg(long)]
        open: bool,
    },
    /// Say yes: payments that leave from now on go there.
    Confirm {
        account: PayeeAccountId,

        /// Where something speaks against it: how it was made sure of, in words that stay on it.
        #[arg(long)]
        despite: Option<String>,
    },
    /// Say no.
    Refuse { account: PayeeAccountId, reason: String },
    /// Let the money go to the NemKonto again.
    End { account: PayeeAccountId, reason: String },
}

#[derive(Debug, Args)]
pub(crate) struct AskArguments {
    /// A case of the benefit, such as 2020-00017.
    case: CaseNumber,

    /// The payee's part in the case, such as employer.
    role: String,

    /// Registration number and account, such as '9999 12345678'.
    account: AccountNumber,

    /// What proves that the payee wants it, such as the form and its date.
    #[arg(long)]
    source: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Ask(arguments) => ask_one(session, output, arguments).await,
        Command::List { open } => list(session, output, open).await,
        Command::Confirm { account, despite } => {
            confirm_one(session, output, account, despite.as_deref()).await
        }
        Command::Refuse { account, reason } => {
            let act = session.act::<Approve>().await?;
            let mut tx = session.db.begin().await?;
            refuse(&mut tx, &act, account, &reason).await.map_err(told)?;
            tx.commit().await?;
            output.answer(&account, |account| format!("{account} er afvist."))?;
            Ok(Ended::Done)
        }
        Command::End { account, reason } => {
            let act = session.act::<Register>().await?;
            let mut tx = session.db.begin().await?;
            end(&mut tx, &act, account, &reason).await.map_err(told)?;
            tx.commit().await?;
            output.answer(&account, |_| "Pengene går til NemKontoen igen.".to_owned())?;
            Ok(Ended::Done)
        }
    }
}

async fn ask_one(session: &Session, output: Output, arguments: AskArguments) -> Result<Ended> {
    let AskArguments { case, role, account, source } = arguments;
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    let found = cases::service::by_number(&mut tx, act.tenant(), case).await?;
    let found = found.ok_or_else(|| Refused(format!("there is no case {case}")))?;
    let payee = in_role(&mut tx, act.tenant(), &found, &role).await?;
    let new = NewPayeeAccount { payee, benefit: found.benefit, account, source };
    let id = ask(&mut tx, &act, &new).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&id, |id| {
        format!(
            "Kontoen er noteret som {id}.\nEn anden bekræfter den: ydun party account confirm {id}"
        )
    })?;
    Ok(Ended::Done)
}

/// An account as the list shows it.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    account: PayeeAccount,
    name: String,
    /// What speaks against a wish that waits.
    doubts: Vec<String>,
}

async fn list(session: &Session, output: Output, open: bool) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let accounts = payee_accounts(&mut read, act.tenant(), open).await?;
    let payees: Vec<PartyId> = accounts.iter().map(|account| account.payee).collect();
    let payees = parties::service::by_ids(&mut read, act.tenant(), &payees).await?;
    let names: BTreeMap<PartyId, String> =
        payees.into_iter().map(|party| (party.id, party.name)).collect();
    let mut shown = Vec::with_capacity(accounts.len());
    for account in accounts {
        let against = if account.state == State::Asked {
            doubts(&mut read, act.tenant(), &account, danish(act.at())).await?
        } else {
            Vec::new()
        };
        shown.push(Shown {
            name: names.get(&account.payee).cloned().unwrap_or_default(),
            doubts: against.iter().map(ToString::to_string).collect(),
            account,
        });
    }
    output.answer(&shown, |shown| list_text(shown))?;
    Ok(Ended::Done)
}

fn list_text(shown: &[Shown]) -> String {
    let row = |Shown { account, name, doubts }: &Shown| {
        vec![
            account.id.to_string(),
            danish_state(account.state).to_owned(),
            name.clone(),
            account.benefit.clone(),
            account.account.to_string(),
            account.source.clone(),
            account.asked_by.clone(),
            doubts.join("; "),
        ]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let head = ["Id", "Tilstand", "Modtager", "Ydelse", "Konto", "Grundlag", "Af", "Se efter"];
    table(&head, &rows)
}

pub(super) fn danish_state(state: State) -> &'static str {
    match state {
        State::Asked => "venter på bekræftelse",
        State::Confirmed => "bruges",
        State::Refused => "afvist",
        State::Ended => "ophørt",
    }
}

async fn confirm_one(
    session: &Session,
    output: Output,
    id: PayeeAccountId,
    despite: Option<&str>,
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let mut tx = session.db.begin().await?;
    let confirmed = confirm(&mut tx, &act, id, despite).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&confirmed, |confirmed| {
        format!("Udbetalinger, der sendes fra nu af, går til konto {}.", confirmed.account)
    })?;
    Ok(Ended::Done)
}

fn told(error: PayeeAccountError) -> anyhow::Error {
    match error {
        PayeeAccountError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
