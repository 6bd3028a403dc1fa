//! `/godkendelser`: what waits for a second person, and the page where that person signs.
//!
//! What changes something already decided comes first, then refusals, then what is new with the
//! largest amounts first: that is where a mistake costs most.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::{Dkk, Month};
use ydun_runtime::Digest;

use super::html;
use crate::access::{Act, Approve, Look};
use crate::audit::{self, Subject};
use crate::db::Read;
use crate::decisions::service::{self as decisions, ApproveError};
use crate::operations::MonthRun;
use crate::operations::service::{ApproveMonthError, Terms, approve_month, month_runs};
use crate::payments::Lane;
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::store::{self, OnList, WaitingList};
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "approvals.html")]
struct ApprovalsPage {
    frame: Frame,
    lists: Vec<Waiting>,
}

/// A month's list with something on it to sign.
struct Waiting {
    address: String,
    title: String,
    month: String,
    count: i64,
    total: Dkk,
}

impl Waiting {
    fn of(list: &WaitingList, titles: &Titles) -> Self {
        let month = list.month.month();
        Self {
            address: address(&list.benefit, month),
            title: titles.of(&list.benefit).to_owned(),
            month: month.in_words(),
            count: list.count,
            total: list.total,
        }
    }
}

pub(super) async fn lists(desk: Desk) -> Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let waiting = store::waiting_lists(&mut tx, act.tenant()).await?;
    let lists = waiting.iter().map(|list| Waiting::of(list, &titles)).collect();
    audit::record_look(&mut tx, &act, Subject::Municipality, "lists to sign").await?;
    tx.commit().await?;
    html(&ApprovalsPage { frame, lists })
}

fn address(benefit: &str, month: Month) -> String {
    format!("/godkendelser/{benefit}/{month}")
}

#[derive(Template)]
#[template(path = "approval.html")]
struct ApprovalPage {
    frame: Frame,
    title: String,
    month: String,
    address: String,
    /// What the approver signs.
    digest: String,
    groups: Vec<Group>,
    open: usize,
    total: Dkk,
    approved: usize,
    problem: Option<String>,
}

/// Proposals a reader looks at in the same way.
struct Group {
    title: &'static str,
    rows: Vec<OnList>,
}

pub(super) async fn show(
    desk: Desk,
    Path((benefit, month)): Path<(String, String)>,
) -> Result<Html<String>, PageError> {
    html(&ApprovalPage::read(&desk, &benefit, &month, None).await?)
}

/// What a signature says: which list was seen.
#[derive(Debug, Deserialize)]
pub(super) struct Signature {
    set: String,
}

pub(super) async fn sign(
    Path((benefit, month)): Path<(String, String)>,
    Sent { desk, form }: Sent<Signature>,
) -> Result<Response, PageError> {
    let seen: Digest = form.set.parse().map_err(Failure::misunderstood)?;
    let (look, act) = (desk.may::<Look>().await?, desk.may::<Approve>().await?);
    let run = run_of(&mut desk.app.db.read().await?, &look, &benefit, &month).await?;
    let terms = Terms { bank: &desk.app.bank, lane: Lane::Almindelig, due: None };
    let approved = approve_month(&desk.app.db, &act, run.id, seen, &terms, |_| ()).await;
    let Err(refused) = approved else {
        return Ok(Redirect::to(&address(&run.benefit, run.month)).into_response());
    };
    let problem = told(refused)?;
    let page = ApprovalPage::read(&desk, &benefit, &month, Some(problem)).await?;
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Why nothing more was approved, in words.
fn told(refused: ApproveMonthError) -> Result<String, PageError> {
    let told = match refused {
        ApproveMonthError::ListChanged { .. }
        | ApproveMonthError::Decision(ApproveError::Changed(_)) => {
            "Listen er ændret, siden du åbnede den. Se den igennem igen, før du godkender."
        }
        ApproveMonthError::Decision(ApproveError::SamePerson { .. }) => {
            "Du har selv indstillet en af afgørelserne. En anden skal godkende dem."
        }
        ApproveMonthError::Decision(ApproveError::Suspended { reason, .. }) => {
            return Ok(format!(
                "Modulet er sat i bero ({reason}). Beregn måneden igen, når det gælder igen."
            ));
        }
        ApproveMonthError::Decision(ApproveError::NotOpen(_)) => {
            "En af afgørelserne venter ikke længere på godkendelse. Se listen igennem igen."
        }
        ApproveMonthError::Store(error) => return Err(error.into()),
        other => return Err(Failure::broken(other).into()),
    };
    Ok(told.to_owned())
}

/// The last run of a benefit's month: its list is the one that is signed.
async fn run_of(
    db: &mut Read,
    act: &Act<Look>,
    benefit: &str,
    month: &str,
) -> Result<MonthRun, PageError> {
    let month: Month = month.parse().map_err(Failure::misunderstood)?;
    let runs = month_runs(db, act).await?;
    let of_month = runs.into_iter().filter(|run| run.benefit == benefit && run.month == month);
    Ok(of_month.max_by_key(|run| run.sequence).ok_or(Failure::NotFound("month"))?)
}

impl ApprovalPage {
    async fn read(
        desk: &Desk,
        benefit: &str,
        month: &str,
        problem: Option<String>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let run = run_of(&mut tx, &act, benefit, month).await?;
        let list = decisions::sign_list(&mut tx, act.tenant(), run.id).await?;
        let rows = store::on_list(&mut tx, act.tenant(), run.id).await?;
        let looked = format!("{} proposals", rows.len());
        audit::record_look(&mut tx, &act, Subject::MonthRun(run.id), looked).await?;
        tx.commit().await?;
        let open = || rows.iter().filter(|row| row.is_open);
        Ok(Self {
            frame,
            title: titles.of(&run.benefit).to_owned(),
            month: run.month.in_words(),
            address: address(&run.benefit, run.month),
            digest: list.digest.to_string(),
            open: open().count(),
            total: open().map(|row| row.total).sum(),
            approved: rows.iter().filter(|row| !row.is_open).count(),
            groups: groups(rows),
            problem,
        })
    }
}

fn groups(rows: Vec<OnList>) -> Vec<Group> {
    let (changed, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(OnList::changes);
    let (refused, granted): (Vec<_>, Vec<_>) = new.into_iter().partition(OnList::is_refused);
    let by_size = |mut rows: Vec<OnList>| {
        rows.sort_by_key(|row| std::cmp::Reverse(row.difference().abs()));
        rows
    };
    let group = |title, rows| Group { title, rows: by_size(rows) };
    [
        group("Ændrer noget, der er afgjort", changed),
        group("Afslag", refused),
        group("Nye bevillinger, de største først", granted),
    ]
    .into_iter()
    .filter(|group| !group.rows.is_empty())
    .collect()
}
