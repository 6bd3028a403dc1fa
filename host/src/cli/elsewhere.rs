//! `ydun elsewhere`: money of ours that another system has paid.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ydun::access::{Approve, Look, Register};
use ydun::cases::CaseNumber;
use ydun::operations::approval::Terms;
use ydun::operations::elsewhere::{
    BringInError, BroughtIn, FileError, Given, GivenPayee, confirm, import, register,
};
use ydun::payments::elsewhere::{Elsewhere, State, Voucher};
use ydun::payments::service::elsewhere::{ElsewhereError, ask_back, paid_elsewhere};
use ydun::tax::withhold::Taken;
use ydun_domain::ids::{ElsewhereId, PartyId};
use ydun_domain::{Day, Dkk, Period};

use super::decision::PayTerms;
use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Register what another system has paid of a case's lines. Another person must confirm it.
    Register(RegisterArguments),
    /// Register many at once from a CSV file, all or none; `host/src/operations/elsewhere/file.rs` says how.
    Import { file: PathBuf },
    /// What other systems have paid.
    List {
        /// Only what waits for a second person.
        #[arg(long)]
        open: bool,
    },
    /// Say yes to a registration, or to its being taken back. The rest that is due is then paid.
    Confirm(ConfirmArguments),
    /// Ask that a registration that is wrong be taken back. Another person must confirm it.
    TakeBack {
        registration: ElsewhereId,

        /// In words; it stays on the registration.
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RegisterArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// The posting code of what was paid, as the benefit's manifest has it.
    #[arg(long)]
    posting: String,

    /// The days it was paid for, such as 2020-11-01..2020-12-31.
    #[arg(long)]
    days: Period,

    /// Before tax, such as 30000.00.
    #[arg(long, value_parser = Dkk::parse_plain)]
    amount: Dkk,

    /// Where it was paid, such as Prisme.
    #[arg(long)]
    system: String,

    /// The number of the voucher there.
    #[arg(long)]
    voucher: String,

    #[arg(long)]
    paid_on: Day,

    /// Who got it, by the party's id. Needed when the posting goes to several.
    #[arg(long)]
    payee: Option<PartyId>,

    /// The person's own share of ATP that was taken.
    #[arg(long, default_value = "0.00", value_parser = Dkk::parse_plain)]
    atp: Dkk,

    /// AM-bidrag that was withheld.
    #[arg(long, default_value = "0.00", value_parser = Dkk::parse_plain)]
    am_bidrag: Dkk,

    /// A-tax that was withheld.
    #[arg(long, default_value = "0.00", value_parser = Dkk::parse_plain)]
    a_tax: Dkk,

    /// Obligatory pension that was paid on top.
    #[arg(long, default_value = "0.00", value_parser = Dkk::parse_plain)]
    pension: Dkk,
}

#[derive(Debug, Args)]
pub(crate) struct ConfirmArguments {
    registration: ElsewhereId,

    #[command(flatten)]
    terms: PayTerms,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Register(arguments) => register_one(session, output, arguments).await,
        Command::Import { file } => import_file(session, output, file).await,
        Command::List { open } => list(session, output, open).await,
        Command::Confirm(arguments) => confirm_one(session, output, arguments).await,
        Command::TakeBack { registration, reason } => {
            take_back(session, output, registration, &reason).await
        }
    }
}

async fn register_one(
    session: &Session,
    output: Output,
    arguments: RegisterArguments,
) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let given = arguments.given();
    let mut tx = session.db.begin().await?;
    let id = register(&mut tx, &act, &given).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&id, |id| {
        format!(
            "{} betalt i {} er registreret som {id}.\nEn anden bekræfter det: ydun elsewhere confirm {id}",
            given.amount, given.voucher.system
        )
    })?;
    Ok(Ended::Done)
}

impl RegisterArguments {
    fn given(self) -> Given {
        let Self { atp, am_bidrag, a_tax, pension, .. } = self;
        let Self { system, voucher, paid_on, .. } = self;
        Given {
            case: self.case,
            posting_code: self.posting,
            period: self.days,
            payee: self.payee.map(GivenPayee::Party),
            voucher: Voucher { system, number: voucher, paid_on },
            amount: self.amount,
            taken: Taken { atp, am_bidrag, a_tax, pension },
        }
    }
}

async fn import_file(session: &Session, output: Output, file: PathBuf) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let table =
        std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut tx = session.db.begin().await?;
    let ids = import(&mut tx, &act, &table).await.map_err(|error| match error {
        FileError::Store(error) => anyhow::Error::from(error),
        other => Refused(format!("{}: {other}", file.display())).into(),
    })?;
    tx.commit().await?;
    output.answer(&ids, |ids| {
        format!("{} beløb er registreret og venter på, at en anden bekræfter dem.", ids.len())
    })?;
    Ok(Ended::Done)
}

async fn list(session: &Session, output: Output, open: bool) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let found = paid_elsewhere(&mut read, act.tenant(), open).await?;
    output.answer(&found, |found| list_text(found))?;
    Ok(Ended::Done)
}

fn list_text(found: &[Elsewhere]) -> String {
    let row = |one: &Elsewhere| {
        vec![
            one.id.to_string(),
            danish(one.state).to_owned(),
            one.voucher.system.clone(),
            one.voucher.number.clone(),
            one.voucher.paid_on.to_string(),
            one.posting_code.clone(),
            one.period.to_string(),
            one.amount.to_string(),
            one.registered_by.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let head = ["Id", "Tilstand", "System", "Bilag", "Betalt", "Postering", "Dage", "Beløb", "Af"];
    table(&head, &rows)
}

fn danish(state: State) -> &'static str {
    match state {
        State::Registered => "venter på bekræftelse",
        State::Confirmed => "bekræftet",
        State::TakeBackAsked => "ønskes taget tilbage",
        State::TakenBack => "taget tilbage",
    }
}

async fn confirm_one(
    session: &Session,
    output: Output,
    arguments: ConfirmArguments,
) -> Result<Ended> {
    let act = session.act::<Approve>().await?;
    let bank = session.bank_profile().await?;
    let PayTerms { lane, due } = arguments.terms;
    let terms = Terms { bank: &bank, lane, due };
    let mut tx = session.db.begin().await?;
    let brought_in = confirm(&mut tx, &act, &terms, arguments.registration).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&brought_in, confirmed_text)?;
    Ok(if brought_in.settled.overpayments == 0 { Ended::Done } else { Ended::Found })
}

fn confirmed_text(BroughtIn { state, amount, settled, .. }: &BroughtIn) -> String {
    let head = match state {
        State::TakenBack => format!("{amount} er taget tilbage og regnes ikke længere som betalt."),
        _ => format!("{amount} regnes nu som betalt."),
    };
    let paid = (settled.payments > 0).then(|| format!("Resten, {}, udbetales.", settled.paid));
    let withdrawn = (settled.withdrawn > 0)
        .then(|| format!("{} planlagte udbetalinger er trukket tilbage.", settled.withdrawn));
    let overpaid = (settled.overpayments > 0).then(|| {
        format!("{} linjer er betalt for meget; tag stilling til dem.", settled.overpayments)
    });
    let rest = [withdrawn, paid, overpaid].into_iter().flatten();
    [head].into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}

async fn take_back(
    session: &Session,
    output: Output,
    id: ElsewhereId,
    reason: &str,
) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    let state = ask_back(&mut tx, &act, id, reason).await.map_err(|error| told(error.into()))?;
    tx.commit().await?;
    output.answer(&state, |state| match state {
        State::TakenBack => format!("{id} er taget tilbage; det var ikke bekræftet."),
        _ => format!("En anden bekræfter, at det tages tilbage: ydun elsewhere confirm {id}"),
    })?;
    Ok(Ended::Done)
}

fn told(error: BringInError) -> anyhow::Error {
    match error {
        BringInError::Store(error) | BringInError::Elsewhere(ElsewhereError::Store(error)) => {
            error.into()
        }
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
