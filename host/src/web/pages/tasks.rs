//! `/opgaver`: the bench, where people find what they do next.

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use ydun_domain::ids::TaskId;

use super::html;
use super::task::From;
use crate::access::{Act, Look, Register};
use crate::audit::{self, Subject};
use crate::db::Read;
use crate::tasks::bench::{Choice, Choices, Holder, Pace, View, Worker};
use crate::tasks::moves::Wish;
use crate::tasks::service::{self as tasks, MoveError};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::task_list::{self, TaskQuery};
use crate::web::task_row::{TaskRow, Teller};
use crate::web::task_words;
use crate::web::titles::Titles;

const TASKS_SHOWN: u32 = 50;
/// Beyond it the bench says that there are more, and does not count them.
const COUNTED_MAX: u32 = 1_000;

#[derive(Template)]
#[template(path = "tasks.html")]
struct BenchPage {
    frame: Frame,
    /// Why what was wished was not done.
    problem: Option<String>,
    done: Option<String>,
    /// The task that was answered to come here.
    answered: Option<String>,
    tabs: Vec<Tab>,
    asked: TaskQuery,
    choices: Choices,
    benefits: Vec<(String, String)>,
    views: Vec<ViewLink>,
    chosen: String,
    rows: Vec<TaskRow>,
    worker: String,
    may_take: bool,
    /// What was typed and ticked when nothing was done.
    typed: Fields,
    first: Option<String>,
    next: Option<String>,
}

/// A choice that many make, and how much it holds.
struct Tab {
    word: &'static str,
    address: String,
    count: String,
    is_here: bool,
}

struct ViewLink {
    name: String,
    address: String,
    /// Who keeps it, where that is somebody else.
    owner: Option<String>,
    is_shared: bool,
}

type Asked = std::result::Result<Query<TaskQuery>, QueryRejection>;

pub(super) async fn show(
    desk: Desk,
    query: Asked,
    Query(from): Query<From>,
) -> Result<Html<String>, PageError> {
    let Query(asked) = query?;
    html(&BenchPage { answered: from.answered(), ..BenchPage::read(&desk, asked, None).await? })
}

impl BenchPage {
    async fn read(
        desk: &Desk,
        asked: TaskQuery,
        problem: Option<String>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let choices = tasks::choices(&mut tx, &act).await?;
        let choice = asked.choice(act.by())?;
        let page = tasks::page(&mut tx, &act, &choice, asked.after()?, TASKS_SHOWN).await?;
        let tabs = tabs(&mut tx, &act, &asked).await?;
        let views = tasks::views(&mut tx, &act).await?;
        let looked = format!("{} tasks", page.entries.len());
        audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
        tx.commit().await?;
        let teller = Teller::new(&titles, &choices.workers, desk.app.clock.today());
        let views = views.into_iter().map(|view| ViewLink::of(view, &teller, act.by())).collect();
        let rows = page.entries.iter().map(|entry| teller.row(entry)).collect();
        Ok(Self {
            problem,
            done: None,
            answered: None,
            tabs,
            views,
            rows,
            chosen: asked.text(),
            worker: act.by().to_owned(),
            may_take: frame.may::<Register>(),
            typed: Fields::default(),
            first: asked.after()?.map(|_| asked.address()),
            next: page.next.map(|place| asked.address_after(place)),
            benefits: titles.all(),
            frame,
            asked,
            choices,
        })
    }
}

async fn tabs(db: &mut Read, act: &Act<Look>, asked: &TaskQuery) -> Result<Vec<Tab>, PageError> {
    let kinds = [
        ("Mine", asked.with_holder("mig")),
        ("Ingen har dem", asked.with_holder("ingen")),
        ("Alle", asked.with_holder("")),
        ("Fristen er overskredet", asked.with_pace("overskredet")),
        ("Venter", asked.with_pace("venter")),
    ];
    let mut tabs = Vec::new();
    for (word, kind) in kinds {
        let count = tasks::count(db, act, &kind.choice(act.by())?, COUNTED_MAX + 1).await?;
        let is_here = kind.text() == asked.text();
        tabs.push(Tab { word, address: kind.address(), count: counted(count), is_here });
    }
    Ok(tabs)
}

/// `12`, or `over 1.000` where nobody counts on.
fn counted(count: i64) -> String {
    if count > COUNTED_MAX.into() { "over 1.000".to_owned() } else { count.to_string() }
}

impl ViewLink {
    fn of(view: View, teller: &Teller<'_>, worker: &str) -> Self {
        let owner = (view.owner != worker).then(|| teller.name(&view.owner).to_owned());
        let address = task_list::address(&view.choice);
        Self { name: view.name, address, owner, is_shared: view.is_shared }
    }
}

/// `POST /opgaver/naeste`: the first of the chosen tasks that nobody has is the worker's from now on.
pub(super) async fn take_next(Sent { desk, form }: Sent<TaskQuery>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Register>().await?;
    let choice = Choice { holder: Holder::Nobody, pace: Pace::Ready, ..form.choice(act.by())? };
    let taken = tasks::take_next(&mut tx, &act, &choice).await.map_err(broken)?;
    tx.commit().await?;
    if let Some(id) = taken {
        return Ok(Redirect::to(&format!("/opgaver/{id}")).into_response());
    }
    let none =
        "Ingen ledig opgave passer til det valgte. Vælg noget andet, eller se, hvad der venter.";
    let page =
        BenchPage { done: Some(none.to_owned()), ..BenchPage::read(&desk, form, None).await? };
    Ok(html(&page)?.into_response())
}

fn broken(error: MoveError) -> Failure {
    match error {
        MoveError::Store(error) => error.into(),
        other => Failure::broken(other),
    }
}

/// `POST /opgaver/flere`: the same with each of the ticked tasks.
pub(super) async fn change_many(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let asked = TaskQuery::read(form.get("valgt"))?;
    let ids = form.all("opgave").map(str::parse::<TaskId>).collect::<Result<Vec<_>, _>>();
    let ids = ids.map_err(Failure::misunderstood)?;
    let problem = match (task_words::wish(form.get("hvad"), &form), ids.is_empty()) {
        (Ok(_), true) => "Sæt kryds ved de opgaver, det gælder.".to_owned(),
        (Ok(wish), false) => match move_all(&desk, &ids, &wish).await? {
            Ok(()) => return Ok(Redirect::to(&asked.address()).into_response()),
            Err(problem) => problem,
        },
        (Err(problem), _) => problem,
    };
    let page = BenchPage::read(&desk, asked, Some(problem)).await?;
    let page = BenchPage { typed: form, ..page };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// Moves them all, or none and tells why.
async fn move_all(
    desk: &Desk,
    ids: &[TaskId],
    wish: &Wish,
) -> Result<Result<(), String>, PageError> {
    let (mut tx, act) = desk.act::<Register>().await?;
    match tasks::change_all(&mut tx, &act, ids, wish).await {
        Ok(_) => Ok(Ok(tx.commit().await?)),
        Err(MoveError::Store(error)) => Err(error.into()),
        Err(refused) => Ok(Err(task_words::not_moved(&refused))),
    }
}

/// `POST /opgaver/visninger`: the choice is kept under a name, or a name is given up.
pub(super) async fn keep_view(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let chosen = form.get("valgt");
    if !form.get("fjern").is_empty() {
        tasks::remove(&mut tx, &act, form.get("fjern")).await?;
        tx.commit().await?;
        return Ok(Redirect::to(&task_list::address(chosen)).into_response());
    }
    let is_shared = form.get("deles") == "ja";
    match tasks::keep(&mut tx, &act, form.get("navn"), chosen, is_shared).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&task_list::address(chosen)).into_response())
        }
        Err(tasks::ViewError::Store(error)) => Err(error.into()),
        Err(_) => {
            drop(tx);
            let problem = "Giv visningen et navn på højst 60 tegn.".to_owned();
            let page = BenchPage::read(&desk, TaskQuery::read(chosen)?, Some(problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// The open tasks that come first, for the overview.
#[derive(Debug)]
pub(super) struct FirstTasks {
    pub(super) rows: Vec<TaskRow>,
    /// How many there are in all.
    pub(super) open: String,
}

impl FirstTasks {
    pub(super) async fn read(
        db: &mut Read,
        act: &Act<Look>,
        titles: &Titles,
        size: u32,
    ) -> crate::db::Result<Self> {
        let all = Choice { pace: Pace::All, ..Choice::default() };
        let page = tasks::page(db, act, &all, None, size).await?;
        let workers: Vec<Worker> = tasks::choices(db, act).await?.workers;
        let open = counted(tasks::count(db, act, &all, COUNTED_MAX + 1).await?);
        let teller = Teller::new(titles, &workers, crate::clock::danish(act.at()));
        Ok(Self { rows: page.entries.iter().map(|entry| teller.row(entry)).collect(), open })
    }
}
