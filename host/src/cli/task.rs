//! `ydun task`: what waits for a person, and the person's answer.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Look, Register};
use ydun::audit::{self, Subject};
use ydun::cases;
use ydun::modules::service as modules;
use ydun::operations::reply::{self, Replied, Reply, ReplyError};
use ydun::tasks::service::{self as tasks, DoneError};
use ydun::tasks::{About, Task};
use ydun_domain::benefit::{Attribute, Question};
use ydun_domain::ids::{CaseId, TaskId};
use ydun_runtime::Manifest;

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The open tasks, those with the earliest deadline first.
    List,
    /// One task: what it is about, and what answers it.
    Show { task: TaskId },
    /// Answer a task: the fact is recorded for the days the task is about.
    Answer(AnswerArguments),
    /// What the task asks for is done.
    Done { task: TaskId },
}

#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    task: TaskId,

    /// What `ydun task show` says is open, such as met=ja "reason=Efter lægens attest".
    #[arg(required = true, value_parser = read_given)]
    given: Vec<(String, String)>,

    /// Which of its questions, counted from 1 [default: all of them]
    #[arg(long)]
    question: Option<usize>,
}

fn read_given(text: &str) -> Result<(String, String), String> {
    let given = text.split_once('=').filter(|(name, _)| !name.is_empty());
    given
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("'{text}' is no name and value such as met=ja"))
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::List => list(session, output).await,
        Command::Show { task } => show(session, output, task).await,
        Command::Answer(arguments) => answer(session, output, arguments).await,
        Command::Done { task } => done(session, output, task).await,
    }
}

/// A task, by the number people call its case.
#[derive(Debug, Serialize)]
struct Row {
    number: Option<String>,
    #[serde(flatten)]
    task: Task,
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let open = tasks::open(&mut tx, &act).await?;
    let ids: Vec<CaseId> = open.iter().filter_map(|task| task.about.case()).collect();
    let cases = cases::service::by_ids(&mut tx, act.tenant(), &ids).await?;
    let detail = format!("{} open tasks", open.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, detail).await?;
    tx.commit().await?;
    let number = |task: &Task| {
        let case = cases.iter().find(|case| Some(case.id) == task.about.case());
        case.map(ToString::to_string)
    };
    let rows: Vec<Row> = open.into_iter().map(|task| Row { number: number(&task), task }).collect();
    output.answer(&rows, |rows| list_text(rows))?;
    Ok(Ended::Done)
}

fn list_text(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "Ingen opgaver venter.".to_owned();
    }
    let row = |Row { number, task }: &Row| {
        let due = task.due.map(|due| due.to_string()).unwrap_or_default();
        vec![task.id.to_string(), number.clone().unwrap_or_default(), due, task.title.clone()]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    table(&["Opgave", "Sag", "Frist", "Titel"], &rows)
}

async fn show(session: &Session, output: Output, id: TaskId) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let task = tasks::open_one(&mut tx, act.tenant(), id).await?;
    let task = task.ok_or_else(|| Refused(DoneError::NotOpen(id).to_string()))?;
    let manifest = match task.about {
        About::Case(case) => {
            let found = cases::service::by_ids(&mut tx, act.tenant(), &[case]).await?;
            let Some(case) = found.into_iter().next() else { anyhow::bail!("the case is gone") };
            modules::newest_manifest(&mut tx, &case.benefit).await.ok()
        }
        About::Module(_) => None,
    };
    audit::record_look(&mut tx, &act, Subject::Task(id), "").await?;
    tx.commit().await?;
    output.answer(&task, |task| task_text(task, manifest.as_ref()))?;
    Ok(Ended::Done)
}

fn task_text(task: &Task, manifest: Option<&Manifest>) -> String {
    let head = format!("{}\n{}", task.title, task.detail);
    let asked = task.questions.iter().enumerate();
    let told = asked.filter_map(|(at, question)| Some(question_text(at + 1, question, manifest?)));
    std::iter::once(head).chain(told).collect::<Vec<_>>().join("\n\n")
}

/// `1  Sagsbehandlerens vurdering for 2020-10-01..2020-10-31 (condition: wage)`, and what is open.
fn question_text(number: usize, question: &Question, manifest: &Manifest) -> String {
    let Question { kind, valid, given, .. } = question;
    let title = manifest.fact(kind).map_or(kind, |fact| &fact.title);
    let told = |told: &Attribute| format!("{}: {}", told.name, told.value);
    let given: Vec<String> = given.iter().map(told).collect();
    let open = reply::open_attributes(manifest, question);
    let open: Vec<String> = open.into_iter().map(|(name, _)| name).collect();
    format!("{number}  {title} for {valid} ({})\n   oplys {}", given.join(", "), open.join(", "))
}

async fn answer(session: &Session, output: Output, arguments: AnswerArguments) -> Result<Ended> {
    let AnswerArguments { task, given, question } = arguments;
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    let replied = reply::reply(&mut tx, &act, &Reply { task, question, given }).await;
    let replied = replied.map_err(|error| match error {
        ReplyError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&replied, replied_text)?;
    Ok(Ended::Done)
}

fn replied_text(Replied { facts, open }: &Replied) -> String {
    let registered = if facts.len() == 1 {
        "1 oplysning er registreret.".to_owned()
    } else {
        format!("{} oplysninger er registreret.", facts.len())
    };
    match open {
        0 => format!(
            "{registered} Opgaven er løst; måneden regnes med svaret næste gang, den køres."
        ),
        open => format!("{registered} Opgaven mangler svar på {open} til."),
    }
}

async fn done(session: &Session, output: Output, task: TaskId) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    tasks::done(&mut tx, &act, task, "").await.map_err(|error| match error {
        DoneError::Store(error) => anyhow::Error::from(error),
        refused @ DoneError::NotOpen(_) => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&task, |task| format!("Opgave {task} er løst."))?;
    Ok(Ended::Done)
}
