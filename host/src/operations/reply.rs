//! A person's answer to a task: the facts that answer it are recorded, for the days the task is about.

use ydun_domain::benefit::{Attribute, Question};
use ydun_domain::ids::{CaseId, FactId, PartyId, TaskId};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{ScalarKind, table};

use crate::access::{Act, Register};
use crate::cases;
use crate::db::Tx;
use crate::facts::Content;
use crate::facts::service::{self as facts, FactError};
use crate::modules::service::{self as modules, SettingError};
use crate::tasks::service::{self as tasks, DoneError};
use crate::tasks::{About, Task};

/// What a person says.
#[derive(Clone, Debug)]
pub struct Reply {
    pub task: TaskId,
    /// Which of its questions it answers, counted from 1; all of them where none is named.
    pub question: Option<usize>,
    /// The attributes the questions leave open, as people write them: `met` and `ja`.
    pub given: Vec<(String, String)>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Replied {
    pub facts: Vec<FactId>,
    /// How many of the task's questions are still open; with none, the task is done.
    pub open: usize,
}

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    #[error("there is no open task {0}; see `ydun task list`")]
    NotOpen(TaskId),
    #[error("no fact answers this task; do what it says, and then `ydun task done {0}`")]
    NoQuestion(TaskId),
    #[error("the task has {there} questions; number {asked} is none of them")]
    NoSuchQuestion { asked: usize, there: usize },
    #[error("'{name}' is not asked for; {kind} has {known}")]
    NotAsked { name: String, kind: String, known: String },
    #[error("{name}: {why}")]
    NotAValue { name: String, why: String },
    #[error("the task names a party that the case does not know")]
    Stranger,
    #[error(transparent)]
    Module(#[from] SettingError),
    #[error(transparent)]
    Fact(#[from] FactError),
    #[error("the answer could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Records the facts that answer a task, and closes it when nothing is left to answer.
pub async fn reply(tx: &mut Tx, act: &Act<Register>, reply: &Reply) -> Result<Replied, ReplyError> {
    let task = tasks::open_one(tx, act.tenant(), reply.task).await?;
    let task = task.ok_or(ReplyError::NotOpen(reply.task))?;
    let (answered, left) = chosen(&task, reply.question)?;
    let About::Case(case) = task.about else { return Err(ReplyError::NoQuestion(task.id)) };
    let manifest = manifest(tx, act, case).await?;
    let mut recorded = Vec::new();
    for question in answered {
        let content = content(&manifest, question, &reply.given)?;
        let source = format!("opgave {}", task.id);
        recorded.push(facts::record(tx, act, &manifest, case, content, &source).await?);
    }
    let open = left.len();
    match open {
        0 => close(tx, act, task.id).await?,
        _ => tasks::leave(tx, act, task.id, &left).await?,
    }
    Ok(Replied { facts: recorded, open })
}

async fn close(tx: &mut Tx, act: &Act<Register>, id: TaskId) -> Result<(), ReplyError> {
    tasks::done(tx, act, id, "").await.map_err(|error| match error {
        DoneError::NotOpen(id) => ReplyError::NotOpen(id),
        DoneError::Store(error) => ReplyError::Store(error),
    })
}

/// The questions that are answered, and those that are left.
fn chosen(
    task: &Task,
    question: Option<usize>,
) -> Result<(Vec<&Question>, Vec<Question>), ReplyError> {
    let there = task.questions.len();
    if there == 0 {
        return Err(ReplyError::NoQuestion(task.id));
    }
    let Some(asked) = question else { return Ok((task.questions.iter().collect(), Vec::new())) };
    let place = asked.checked_sub(1).filter(|place| *place < there);
    let place = place.ok_or(ReplyError::NoSuchQuestion { asked, there })?;
    let mut left = task.questions.clone();
    left.remove(place);
    Ok((vec![&task.questions[place]], left))
}

/// The newest manifest of the case's benefit, which every fact is checked against.
async fn manifest(tx: &mut Tx, act: &Act<Register>, case: CaseId) -> Result<Manifest, ReplyError> {
    let found = cases::service::by_ids(tx, act.tenant(), &[case]).await?;
    let case = found.into_iter().next().ok_or(ReplyError::Fact(FactError::NoCase))?;
    Ok(modules::newest_manifest(tx, &case.benefit).await?)
}

/// The fact that answers a question: what the task gives, and what the person says.
fn content(
    manifest: &Manifest,
    question: &Question,
    given: &[(String, String)],
) -> Result<Content, ReplyError> {
    let mut attributes = question.given.clone();
    for (name, text) in given {
        attributes.push(attribute(manifest, question, name, text)?);
    }
    let about = PartyId::try_from(&question.about).map_err(|_| ReplyError::Stranger)?;
    Ok(Content { kind: question.kind.clone(), about, valid: question.valid, attributes })
}

fn attribute(
    manifest: &Manifest,
    question: &Question,
    name: &str,
    text: &str,
) -> Result<Attribute, ReplyError> {
    let open = open_attributes(manifest, question);
    let Some((_, kind)) = open.iter().find(|(open, _)| open == name) else {
        let known = open.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        let (name, kind) = (name.to_owned(), question.kind.clone());
        return Err(ReplyError::NotAsked { name, kind, known });
    };
    let value = table::read_value(text, *kind)
        .map_err(|why| ReplyError::NotAValue { name: name.to_owned(), why })?;
    Ok(Attribute::new(name, value))
}

/// The attributes a person must or may give, and their kinds.
pub fn open_attributes(manifest: &Manifest, question: &Question) -> Vec<(String, ScalarKind)> {
    let is_open = |name: &str| question.given.iter().all(|given| given.name != name);
    let of_kind = manifest.fact(&question.kind).map(|kind| kind.attributes.as_slice());
    let open = of_kind.unwrap_or_default().iter().filter(|attribute| is_open(&attribute.name));
    open.map(|attribute| (attribute.name.clone(), attribute.kind)).collect()
}
