//! `ydun party redirection`: money that goes to somebody else for its payee.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Approve, Look, Register};
use ydun::cases::{self, CaseNumber};
use ydun::db::Read;
use ydun::ledger::Positive;
use ydun::parties::{self, PaymentIdentity};
use ydun::payments::redirection::{Measure, Redirection, Terms};
use ydun::payments::service::redirection::{
    RedirectionError, ask, confirm, end, redirections, refuse,
};
use ydun_domain::ids::{PartyId, RedirectionId};
use ydun_domain::{AccountNumber, Day, Dkk, Tenant};

use super::account::danish_state;
use super::in_role;
use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask that some of a payee's money go to somebody else. Another person must confirm it.
    Ask(AskArguments),
    /// Where money goes to somebody else, newest first.
    List {
        /// Only what waits for a second person.
        #[arg(long)]
        open: bool,
    },
    /// Say yes: what is decided from now on is divided by it.
    Confirm { redirection: RedirectionId },
    /// Say no.
    Refuse { redirection: RedirectionId, reason: String },
    /// Let the payee have its own money again.
    End { redirection: RedirectionId, reason: String },
}

#[derive(Debug, Args)]
pub(crate) struct AskArguments {
    /// A case of the benefit, such as 2020-00017.
    case: CaseNumber,

    /// The payee's part in the case, such as parent.
    role: String,

    /// Who gets it: a company, SE or P number that is registered, or the id of a party.
    #[arg(long)]
    to: String,

    /// What the receiver knows it by, such as the number of the flat.
    #[arg(long)]
    reference: String,

    /// No more than this in a calendar month, such as 4500.00; where it is left out, all there is.
    #[arg(long, value_parser = Dkk::parse_plain)]
    monthly: Option<Dkk>,

    /// The lowest is paid first.
    #[arg(long, default_value_t = 1)]
    priority: u32,

    /// The first day money is at disposal that it counts for.
    #[arg(long)]
    from: Day,

    /// The last; where it is left out, until it is ended.
    #[arg(long)]
    until: Option<Day>,

    /// Registration number and account, such as '9999 12345678'; where it is left out, the NemKonto.
    #[arg(long)]
    account: Option<AccountNumber>,

    /// What allows it: the section of the law, or the agreement and its date.
    #[arg(long)]
    ground: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Ask(arguments) => ask_one(session, output, arguments).await,
        Command::List { open } => list(session, output, open).await,
        Command::Confirm { redirection } => {
            let act = session.act::<Approve>().await?;
            let mut tx = session.db.begin().await?;
            let confirmed = confirm(&mut tx, &act, redirection).await.map_err(told)?;
            tx.commit().await?;
            output.answer(&confirmed, |confirmed| {
                format!("Fra nu af deles det, der bliver afgjort: {}.", confirmed.terms.measure)
            })?;
            Ok(Ended::Done)
        }
        Command::Refuse { redirection, reason } => {
            let act = session.act::<Approve>().await?;
            let mut tx = session.db.begin().await?;
            refuse(&mut tx, &act, redirection, &reason).await.map_err(told)?;
            tx.commit().await?;
            output.answer(&redirection, |id| format!("{id} er afvist."))?;
            Ok(Ended::Done)
        }
        Command::End { redirection, reason } => {
            let act = session.act::<Register>().await?;
            let mut tx = session.db.begin().await?;
            end(&mut tx, &act, redirection, &reason).await.map_err(told)?;
            tx.commit().await?;
            output.answer(&redirection, |_| {
                "Det, der bliver afgjort fra nu af, går til modtageren selv.".to_owned()
            })?;
            Ok(Ended::Done)
        }
    }
}

async fn ask_one(session: &Session, output: Output, arguments: AskArguments) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    let found = cases::service::by_number(&mut tx, act.tenant(), arguments.case).await?;
    let found = found.ok_or_else(|| Refused(format!("there is no case {}", arguments.case)))?;
    let payee = in_role(&mut tx, act.tenant(), &found, &arguments.role).await?;
    let receiver = registered(&mut tx, act.tenant(), &arguments.to).await?;
    let terms = arguments.terms(payee, found.benefit, receiver)?;
    let id = ask(&mut tx, &act, &terms).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&id, |id| {
        format!("Noteret som {id}.\nEn anden bekræfter det: ydun party redirection confirm {id}")
    })?;
    Ok(Ended::Done)
}

/// Who is registered with a number or an id. Personal numbers are not for a command line.
async fn registered(db: &mut Read, tenant: Tenant, text: &str) -> Result<PartyId> {
    let numbers = [
        text.parse().ok().map(PaymentIdentity::Cvr),
        text.parse().ok().map(PaymentIdentity::Se),
        text.parse().ok().map(PaymentIdentity::P),
    ];
    for number in numbers.into_iter().flatten() {
        if let Some(party) = parties::service::by_number(db, tenant, &number).await? {
            return Ok(party.id);
        }
    }
    let id = text.parse().map_err(|_| {
        Refused(format!(
            "nobody is registered with '{text}'; register the receiver, or give its id"
        ))
    })?;
    Ok(id)
}

impl AskArguments {
    fn terms(self, payee: PartyId, benefit: String, receiver: PartyId) -> Result<Terms> {
        let most = |amount| {
            Positive::new(amount)
                .ok_or_else(|| Refused("nothing a month cannot be paid".to_owned()))
        };
        let measure = self.monthly.map(most).transpose()?.map_or(Measure::All, Measure::Monthly);
        let Self { account, reference, priority, from, until, ground, .. } = self;
        Ok(Terms {
            payee,
            benefit,
            receiver,
            account,
            reference,
            priority,
            measure,
            from,
            until,
            ground,
        })
    }
}

/// A redirection as the list shows it.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    redirection: Redirection,
    payee_name: String,
    receiver_name: String,
}

async fn list(session: &Session, output: Output, open: bool) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let found = redirections(&mut read, act.tenant(), open).await?;
    let ids: Vec<PartyId> =
        found.iter().flat_map(|one| [one.terms.payee, one.terms.receiver]).collect();
    let parties = parties::service::by_ids(&mut read, act.tenant(), &ids).await?;
    let names: BTreeMap<PartyId, String> =
        parties.into_iter().map(|party| (party.id, party.name)).collect();
    let name = |id: PartyId| names.get(&id).cloned().unwrap_or_default();
    let shown = |redirection: Redirection| Shown {
        payee_name: name(redirection.terms.payee),
        receiver_name: name(redirection.terms.receiver),
        redirection,
    };
    let shown: Vec<Shown> = found.into_iter().map(shown).collect();
    output.answer(&shown, |shown| list_text(shown))?;
    Ok(Ended::Done)
}

fn list_text(shown: &[Shown]) -> String {
    let row = |Shown { redirection, payee_name, receiver_name }: &Shown| {
        let Redirection { id, terms, state, asked_by, .. } = redirection;
        vec![
            id.to_string(),
            danish_state(*state).to_owned(),
            payee_name.clone(),
            terms.benefit.clone(),
            receiver_name.clone(),
            terms.reference.clone(),
            terms.measure.to_string(),
            terms.priority.to_string(),
            terms.ground.clone(),
            asked_by.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let head = [
        "Id",
        "Tilstand",
        "Hvis penge",
        "Ydelse",
        "Går til",
        "Reference",
        "Beløb",
        "Nr.",
        "Grundlag",
        "Af",
    ];
    table(&head, &rows)
}

fn told(error: RedirectionError) -> anyhow::Error {
    match error {
        RedirectionError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
