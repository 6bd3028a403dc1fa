//! `/opgaver/{id}`: one task, what answers it, and what the answer rests on.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use ydun_domain::benefit::Party;
use ydun_domain::ids::{CaseId, TaskId};

use super::explanation::MonthPart;
use super::html;
use crate::access::{Act, Look, Register};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::cases::{CaseRange, service as cases};
use crate::db::Tx;
use crate::decisions::explain::{ExplainError, explain};
use crate::facts::service::FactError;
use crate::modules::service as modules;
use crate::operations::reply::{Reply, ReplyError, reply};
use crate::parties::service as parties;
use crate::tasks::Task;
use crate::tasks::bench::{Choice, Holder, Worker};
use crate::tasks::service::{self as tasks, DoneError, MoveError};
use crate::web::answer_form::{AnswerForm, Given};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::field::Control;
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::task_row::{TaskRow, Teller};
use crate::web::titles::Titles;
use crate::web::{store, task_words};

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    frame: Frame,
    id: String,
    version: i64,
    row: TaskRow,
    detail: String,
    form: AnswerForm,
    /// Why nothing was done.
    problem: Option<String>,
    /// What was typed when nothing was done.
    typed: Fields,
    may_answer: bool,
    is_mine: bool,
    workers: Vec<Worker>,
    worker: String,
    labels_known: Vec<String>,
    history: Vec<String>,
    /// The case's calculation for the days the task is about.
    month: Option<MonthPart>,
    /// The task that was answered to come here.
    answered: Option<String>,
}

/// Where one comes from.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    besvaret: Option<TaskId>,
}

impl From {
    /// The task that was answered to come here.
    pub(super) fn answered(&self) -> Option<String> {
        self.besvaret.map(|task| task.to_string())
    }
}

pub(super) async fn show(
    desk: Desk,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Html<String>, PageError> {
    let page = TaskPage::read(&desk, known(&id)?).await?;
    html(&TaskPage { answered: from.answered(), ..page })
}

pub(super) fn known(id: &str) -> Result<TaskId, Failure> {
    id.parse().map_err(|_| Failure::NotFound("task"))
}

impl TaskPage {
    async fn read(desk: &Desk, id: TaskId) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let entry = tasks::entry(&mut tx, act.tenant(), id).await?;
        let entry = entry.ok_or(Failure::NotFound("task"))?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let choices = tasks::choices(&mut tx, &act).await?;
        let teller = Teller::new(&titles, &choices.workers, desk.app.clock.today());
        let history = tasks::history(&mut tx, act.tenant(), id).await?;
        let form = answer_form(&mut tx, &act, &entry.task, &entry.benefit).await?;
        let month = month(&mut tx, &act, &entry.task).await?;
        audit::record_look(&mut tx, &act, Subject::Task(id), "").await?;
        tx.commit().await?;
        Ok(Self {
            id: id.to_string(),
            version: entry.task.version,
            row: teller.row(&entry),
            detail: hide_personal_numbers(&entry.task.detail),
            history: history.iter().map(|moved| task_words::moved(moved, &teller)).collect(),
            form,
            problem: None,
            typed: Fields::default(),
            may_answer: frame.may::<Register>(),
            is_mine: entry.task.worker.as_deref() == Some(act.by()),
            worker: act.by().to_owned(),
            month,
            answered: None,
            frame,
            labels_known: choices.labels,
            workers: choices.workers,
        })
    }
}

/// The form with the questions of the task; without any where it is done elsewhere.
async fn answer_form(
    tx: &mut Tx,
    act: &Act<Look>,
    task: &Task,
    benefit: &str,
) -> Result<AnswerForm, Failure> {
    let Some(case) = task.about.case().filter(|_| !task.questions.is_empty()) else {
        return Ok(AnswerForm { parts: Vec::new() });
    };
    let manifest = modules::newest_manifest(tx, benefit).await.map_err(Failure::broken)?;
    let parties = parties_of(tx, act, case).await?;
    Ok(AnswerForm::new(&manifest, &task.questions, &parties))
}

/// The case's parties, as a value names them and as a reader does.
async fn parties_of(
    tx: &mut Tx,
    act: &Act<Look>,
    case: CaseId,
) -> crate::db::Result<Vec<(Party, String)>> {
    let roles = cases::roles(tx, act.tenant(), CaseRange::of_one(case)).await?;
    let ids: Vec<_> = roles.iter().map(|role| role.party).collect();
    let found = parties::by_ids(tx, act.tenant(), &ids).await?;
    Ok(found.into_iter().map(|party| (Party::from(party.id), party.name)).collect())
}

/// The calculation of the days the task asks about, else the newest.
async fn month(tx: &mut Tx, act: &Act<Look>, task: &Task) -> Result<Option<MonthPart>, Failure> {
    const MONTHS_SEARCHED: u32 = 60;
    let Some(case) = task.about.case() else { return Ok(None) };
    let calculated = store::calculated(tx, act.tenant(), case, MONTHS_SEARCHED).await?;
    let asked = task.questions.first().map(|question| question.valid);
    let of_task =
        calculated.iter().find(|days| asked.is_some_and(|asked| asked.within(**days).is_some()));
    let Some(days) = of_task.or(calculated.first()) else { return Ok(None) };
    match explain(tx, act, case, *days).await {
        Ok(explained) => Ok(Some(MonthPart { is_open: true, ..explained.into() })),
        Err(ExplainError::NoRun(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `POST /opgaver/{id}`: the facts that answer the task, or that it is done.
pub(super) async fn answer(
    Path(id): Path<String>,
    Sent { desk, form: typed }: Sent<Fields>,
) -> Result<Response, PageError> {
    let id = known(&id)?;
    match record(&desk, id, &typed).await? {
        Ok(()) => next_task(&desk, id).await,
        Err(Refusal::Gone) => gone(&desk, id, &typed).await,
        Err(refusal) => {
            let mut page = TaskPage::read(&desk, id).await?;
            page.form.read(&typed);
            refusal.tell(&mut page);
            let page = TaskPage { typed, ..page };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// What is shown when somebody else was first: what was typed can be taken elsewhere.
#[derive(Template)]
#[template(path = "task_gone.html")]
struct GonePage {
    frame: Frame,
    /// Who did what last.
    last: Option<String>,
    texts: Vec<String>,
}

async fn gone(desk: &Desk, id: TaskId, typed: &Fields) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let workers = tasks::choices(&mut tx, &act).await?.workers;
    let teller = Teller::new(&titles, &workers, desk.app.clock.today());
    let history = tasks::history(&mut tx, act.tenant(), id).await?;
    audit::record_look(&mut tx, &act, Subject::Task(id), "").await?;
    tx.commit().await?;
    let last = history.first().map(|moved| task_words::moved(moved, &teller));
    let page = GonePage { frame, last, texts: typed.texts() };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Why an answer was not taken.
enum Refusal {
    /// Somebody else has done the task.
    Gone,
    Whole(String),
    /// At a question, and at one of its fields where it is about one.
    At {
        number: usize,
        attribute: Option<String>,
        problem: String,
    },
    /// What was typed says it itself.
    Typed,
}

impl Refusal {
    fn tell(self, page: &mut TaskPage) {
        match self {
            Self::Whole(problem) => page.problem = Some(problem),
            Self::At { number, attribute, problem } => {
                page.form.refuse(number, attribute.as_deref(), problem);
            }
            Self::Gone | Self::Typed => {}
        }
    }
}

/// Records what was typed, all of it or nothing.
async fn record(desk: &Desk, id: TaskId, typed: &Fields) -> Result<Result<(), Refusal>, PageError> {
    let (mut tx, look) = desk.act::<Look>().await?;
    let act = desk.may::<Register>().await?;
    let seen = typed.get("version").parse().map_err(Failure::misunderstood)?;
    let task = match tasks::unchanged(&mut tx, &act, id, seen).await {
        Ok(task) => task,
        Err(MoveError::Store(error)) => return Err(error.into()),
        Err(MoveError::NotOpen(_)) => return Ok(Err(Refusal::Gone)),
        Err(refused) => return Ok(Err(Refusal::Whole(task_words::not_moved(&refused)))),
    };
    let outcome = if task.questions.is_empty() {
        tasks::done(&mut tx, &act, id, typed.get("note")).await.map_err(not_done)?;
        Ok(())
    } else {
        let benefit = tasks::entry(&mut tx, act.tenant(), id).await?;
        let benefit = benefit.map(|entry| entry.benefit).unwrap_or_default();
        let mut form = answer_form(&mut tx, &look, &task, &benefit).await?;
        let given = form.read(typed);
        match (form.problems().is_empty(), given.is_empty()) {
            (false, _) => Err(Refusal::Typed),
            (true, true) => Err(Refusal::Whole("Svar på mindst ét af spørgsmålene.".to_owned())),
            (true, false) => reply_to_all(&mut tx, &act, id, given).await?,
        }
    };
    if outcome.is_ok() {
        tx.commit().await?;
    }
    Ok(outcome)
}

fn not_done(error: DoneError) -> Failure {
    match error {
        DoneError::Store(error) => error.into(),
        DoneError::NotOpen(_) => Failure::NotFound("task"),
    }
}

/// Answers from the last question, so that the numbers of those before it stay.
async fn reply_to_all(
    tx: &mut Tx,
    act: &Act<Register>,
    task: TaskId,
    given: Vec<Given>,
) -> Result<Result<(), Refusal>, PageError> {
    for Given { number, values } in given.into_iter().rev() {
        let said = Reply { task, question: Some(number), given: values };
        if let Err(refused) = reply(tx, act, &said).await {
            return told(refused, number).map(Err);
        }
    }
    Ok(Ok(()))
}

fn told(refused: ReplyError, number: usize) -> Result<Refusal, PageError> {
    let problem = match refused {
        ReplyError::Fact(FactError::Refused(refused)) => {
            let problem = task_words::not_a_fact(&refused);
            return Ok(Refusal::At { number, attribute: refused.field, problem });
        }
        ReplyError::Fact(FactError::Closed { number, on }) => {
            format!(
                "Sag {number} blev lukket {}. Den kan ikke få flere oplysninger.",
                on.in_words()
            )
        }
        ReplyError::NotOpen(_) => return Ok(Refusal::Gone),
        ReplyError::Store(error) | ReplyError::Fact(FactError::Store(error)) => {
            return Err(error.into());
        }
        other => return Err(Failure::broken(other).into()),
    };
    Ok(Refusal::Whole(problem))
}

/// The worker's next task opens; without one, the bench.
async fn next_task(desk: &Desk, answered: TaskId) -> Result<Response, PageError> {
    let mut read = desk.app.db.read().await?;
    let act = desk.may::<Look>().await?;
    let mine = Choice { holder: Holder::Worker(act.by().to_owned()), ..Choice::default() };
    let next = tasks::page(&mut read, &act, &mine, None, 1).await?.entries.into_iter().next();
    let to = next.map_or_else(
        || format!("/opgaver?besvaret={answered}"),
        |next| format!("/opgaver/{}?besvaret={answered}", next.task.id),
    );
    Ok(Redirect::to(&to).into_response())
}

/// `POST /opgaver/{id}/{hvad}`: what a worker wants done with a task besides answering it.
pub(super) async fn change(
    Path((id, what)): Path<(String, String)>,
    Sent { desk, form }: Sent<Fields>,
) -> Result<Response, PageError> {
    let id = known(&id)?;
    let problem = match task_words::wish(&what, &form) {
        Err(problem) => problem,
        Ok(wish) => {
            let seen = form.get("version").parse().map_err(Failure::misunderstood)?;
            let (mut tx, act) = desk.act::<Register>().await?;
            match tasks::change(&mut tx, &act, id, seen, &wish).await {
                Ok(()) => {
                    tx.commit().await?;
                    return Ok(Redirect::to(&format!("/opgaver/{id}")).into_response());
                }
                Err(MoveError::Store(error)) => return Err(error.into()),
                Err(MoveError::NotOpen(_)) => {
                    drop(tx);
                    return gone(&desk, id, &form).await;
                }
                Err(refused) => task_words::not_moved(&refused),
            }
        }
    };
    let page = TaskPage::read(&desk, id).await?;
    let page = TaskPage { problem: Some(problem), typed: form, ..page };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}
