//! `ydun report`: to the income register (eIndkomst), and back.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Administer, Look, Pay};
use ydun::adapters::eindkomst::{Eindkomst, Purpose};
use ydun::audit::{self, Subject};
use ydun::cases::CaseNumber;
use ydun::parties::{PaymentIdentity, service::by_ids};
use ydun::payments;
use ydun::reports::ReportFile;
use ydun::reports::service::{self, HearError, Heard, PrepareError, Prepared, Rejected};
use ydun::reports::year::{YearStatement, statement};
use ydun::tax;
use ydun::tax::service::ChooseError;
use ydun::tax::settings::{Key, Value};
use ydun_domain::Day;
use ydun_domain::ids::PartyId;

use super::exit::{Busy, Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what is paid and not reported, and put the file where the register fetches it.
    Income {
        /// A file for the register itself, not for its test system.
        #[arg(long)]
        production: bool,
    },
    /// Read the register's answers.
    Hear {
        /// Answers, or folders of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// What the register has refused.
    Rejected,
    /// Let what was refused be told anew by the next `ydun report income`.
    Resend,
    /// The year of those whom a case pays: what was paid, withheld and reported.
    Year { case: CaseNumber, year: i32 },
    /// What the rules of tax rest on: each value with its day, its source and how well it is known.
    Settings,
    /// Choose a value of a setting from a day on.
    Choose(ChooseArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ChooseArguments {
    key: Key,
    value: String,

    #[arg(long)]
    from: Day,

    /// Where the municipality has it from.
    #[arg(long)]
    source: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Income { production } => income(session, output, production).await,
        Command::Hear { paths } => hear(session, output, &paths).await,
        Command::Rejected => rejected(session, output).await,
        Command::Resend => resend(session, output).await,
        Command::Year { case, year } => self::year(session, output, case, year).await,
        Command::Settings => settings(session, output).await,
        Command::Choose(arguments) => choose(session, output, arguments).await,
    }
}

/// What was found, and what reached the register's folder.
#[derive(Debug, Serialize)]
struct Reported {
    folder: PathBuf,
    #[serde(flatten)]
    prepared: Prepared,
    sent: Vec<ReportFile>,
}

async fn income(session: &Session, output: Output, production: bool) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let mut tx = session.db.begin().await?;
    let prepared = service::prepare(&mut tx, &act).await.map_err(not_prepared)?;
    tx.commit().await?;
    let purpose = if production { Purpose::Production } else { Purpose::Test };
    let folder = session.folder("eindkomst/out")?;
    let sent = service::send(&session.db, &act, &Eindkomst { purpose }, &folder).await?;
    let found = !prepared.unreportable.is_empty();
    output.answer(&Reported { folder, prepared, sent }, reported_text)?;
    Ok(if found { Ended::Found } else { Ended::Done })
}

fn not_prepared(error: PrepareError) -> anyhow::Error {
    match error {
        PrepareError::Store(error) => error.into(),
        PrepareError::Busy => Busy(error.to_string()).into(),
        other => Refused(other.to_string()).into(),
    }
}

fn reported_text(Reported { folder, prepared, sent }: &Reported) -> String {
    let Prepared { reports, reversals, waiting, unreportable, .. } = prepared;
    let mut lines = vec![format!(
        "{reports} indberetninger og {reversals} tilbageførsler; {waiting} venter på svar"
    )];
    lines.extend(sent.iter().map(|file| folder.join(file.name()).display().to_string()));
    lines.extend(unreportable.iter().map(|one| {
        format!(
            "KAN IKKE INDBERETTES  {} af {}: modulet siger ikke, hvordan '{}' indberettes",
            one.income, one.source, one.posting_code
        )
    }));
    lines.join("\n")
}

async fn hear(session: &Session, output: Output, paths: &[PathBuf]) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let format = Eindkomst { purpose: Purpose::Production };
    let mut answers = Vec::new();
    for path in super::arguments::files(paths, "json")? {
        let bytes =
            std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut tx = session.db.begin().await?;
        let heard = service::hear(&mut tx, &act, &format, &bytes)
            .await
            .map_err(|error| told(&path, error))?;
        tx.commit().await?;
        answers.push((path, heard));
    }
    output.answer(&answers, |answers| {
        answers.iter().map(|(path, heard)| heard_text(path, heard)).collect::<Vec<_>>().join("\n")
    })?;
    let found = answers.iter().any(|(_, heard)| heard.refused > 0 || !heard.unknown.is_empty());
    Ok(if found { Ended::Found } else { Ended::Done })
}

fn heard_text(path: &Path, answer: &Heard) -> String {
    if answer.again {
        return format!("{}: var læst før", path.display());
    }
    let Heard { received, accepted, refused, .. } = answer;
    let head =
        format!("{}: {received} modtaget, {accepted} godkendt, {refused} afvist", path.display());
    let unknown = answer.unknown.iter().map(|id| format!("  ukendt indberetning {id}"));
    let advice = answer.advice.iter().map(|advice| format!("  {advice}"));
    [head].into_iter().chain(unknown).chain(advice).collect::<Vec<_>>().join("\n")
}

fn told(path: &Path, error: HearError) -> anyhow::Error {
    match error {
        HearError::Store(error) => error.into(),
        other => Refused(format!("{}: {:#}", path.display(), anyhow::Error::from(other))).into(),
    }
}

async fn rejected(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let mut read = session.db.read().await?;
    let rejected = service::rejected(&mut read, act.tenant()).await?;
    output.answer(&rejected, |rejected| rejected_text(rejected))?;
    Ok(if rejected.is_empty() { Ended::Done } else { Ended::Found })
}

fn rejected_text(rejected: &[Rejected]) -> String {
    let row = |one: &Rejected| {
        vec![
            one.report_id.clone(),
            one.party.to_string(),
            one.period.to_string(),
            one.answer.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = rejected.iter().map(row).collect();
    table(&["Indberetning", "Person", "Periode", "Svar"], &rows)
}

async fn resend(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let mut tx = session.db.begin().await?;
    let replaced = service::resend(&mut tx, &act).await?;
    tx.commit().await?;
    output.answer(&replaced, |count| {
        format!("{count} afviste indberetninger gøres om ved næste `ydun report income`")
    })?;
    Ok(Ended::Done)
}

async fn year(session: &Session, output: Output, case: CaseNumber, year: i32) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let case = session.case(case).await?;
    let mut tx = session.db.begin().await?;
    let paid = payments::service::of_case(&mut tx, act.tenant(), case.id).await?;
    let citizens = paid.iter().filter(|paid| matches!(paid.payee.number, PaymentIdentity::Cpr(_)));
    let mut payees: Vec<PartyId> = citizens.map(|paid| paid.payee.id).collect();
    payees.sort_unstable();
    payees.dedup();
    let mut statements: Vec<(String, YearStatement)> = Vec::new();
    for party in by_ids(&mut tx, act.tenant(), &payees).await? {
        let statement = statement(&mut tx, act.tenant(), party.id, year).await?;
        statements.push((party.name, statement));
        let detail = format!("the year {year}");
        audit::record_look(&mut tx, &act, Subject::Party(party.id), detail).await?;
    }
    tx.commit().await?;
    output.answer(&statements, |statements| {
        statements.iter().map(|(name, it)| it.text(name)).collect::<Vec<_>>().join("\n")
    })?;
    let reported = statements.iter().all(|(_, statement)| statement.is_reported());
    Ok(if reported { Ended::Done } else { Ended::Found })
}

async fn settings(session: &Session, output: Output) -> Result<Ended> {
    let mut read = session.db.read().await?;
    let today = session.clock.today();
    let settings = tax::service::settings(&mut read, session.tenant()?, today).await?;
    let row = |value: &&Value| {
        let grade = value.grade.map_or("kommunens valg", |grade| grade.word());
        let columns =
            [value.key.word(), &value.from.to_string(), &value.value, grade, &value.source];
        columns.map(str::to_owned).to_vec()
    };
    output.answer(&settings.values(), |values| {
        let rows: Vec<Vec<String>> = values.iter().map(row).collect();
        table(&["Indstilling", "Fra", "Værdi", "Grad", "Kilde"], &rows)
    })?;
    Ok(Ended::Done)
}

async fn choose(session: &Session, output: Output, arguments: ChooseArguments) -> Result<Ended> {
    let ChooseArguments { key, value, from, source } = arguments;
    let act = session.act::<Administer>().await?;
    let chosen = Value { key, from, value, grade: None, source };
    let mut tx = session.db.begin().await?;
    tax::service::choose(&mut tx, &act, chosen.clone()).await.map_err(|error| match error {
        ChooseError::Store(error) => anyhow::Error::from(error),
        other => Refused(other.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&chosen, |it| format!("{} er {} fra {}", it.key, it.value, it.from))?;
    Ok(Ended::Done)
}
