//! `/godkendelser/{benefit}/{month}`: the page where a second person signs a month's list.
//!
//! What changes something already decided comes first, then refusals, then what is new; in each the most unusual
//! comes first: that is where a mistake costs most.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::ids::DecisionId;
use ydun_domain::{Dkk, Month};
use ydun_runtime::Digest;

use super::html;
use crate::access::{Act, Approve, Look};
use crate::audit::{self, Subject};
use crate::clock::danish as danish_day;
use crate::db::Read;
use crate::decisions::oversight::service::{self as oversight, OversightError};
use crate::decisions::oversight::{Over, Weight, middle};
use crate::decisions::service::{self as decisions, ApproveError};
use crate::freezes::{Kind, service as freezes};
use crate::operations::MonthRun;
use crate::operations::service::{ApproveMonthError, Terms, approve_month, month_runs};
use crate::payments::Lane;
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::store::{self, OnList};
use crate::web::titles::Titles;

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
    /// How many are over a limit and lack a third person.
    over: usize,
    /// Why nothing but what is paid at once is approved now.
    frozen: Option<String>,
    may_approve: bool,
    problem: Option<String>,
}

/// Proposals a reader looks at in the same way.
struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

/// A proposal, how unusual it is, and whether it takes a third person.
struct Row {
    on_list: OnList,
    oddity: Dkk,
    over: Option<&'static str>,
    /// Initials of those who have signed as the third person.
    countersigned: Vec<String>,
}

impl Row {
    fn lacks_third(&self) -> bool {
        self.on_list.is_open && self.over.is_some() && self.countersigned.is_empty()
    }
}

pub(super) fn address(benefit: &str, month: Month) -> String {
    format!("/godkendelser/{benefit}/{month}")
}

pub(super) async fn show(
    desk: Desk,
    Path((benefit, month)): Path<(String, String)>,
) -> Result<Html<String>, PageError> {
    html(&ApprovalPage::read(&desk, &benefit, &month, None).await?)
}

/// What a signature says: which list was seen, and whether it is paid at once.
#[derive(Debug, Deserialize)]
pub(super) struct Signature {
    set: String,
    #[serde(default)]
    straks: bool,
}

pub(super) async fn sign(
    Path((benefit, month)): Path<(String, String)>,
    Sent { desk, form }: Sent<Signature>,
) -> Result<Response, PageError> {
    let seen: Digest = form.set.parse().map_err(Failure::misunderstood)?;
    let (look, act) = (desk.may::<Look>().await?, desk.may::<Approve>().await?);
    let run = run_of(&mut desk.app.db.read().await?, &look, &benefit, &month).await?;
    let lane = if form.straks { Lane::Straks } else { Lane::Almindelig };
    let terms = Terms { bank: &desk.app.bank, lane, due: None };
    let approved = approve_month(&desk.app.db, &act, run.id, seen, &terms, |_| ()).await;
    let Err(refused) = approved else {
        return Ok(Redirect::to(&address(&run.benefit, run.month)).into_response());
    };
    not_signed(&desk, &run, told(refused)?).await
}

async fn not_signed(desk: &Desk, run: &MonthRun, problem: String) -> Result<Response, PageError> {
    let month = run.month.to_string();
    let page = ApprovalPage::read(desk, &run.benefit, &month, Some(problem)).await?;
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
        ApproveMonthError::Frozen(frozen) => return Ok(danish::frozen(&frozen)),
        ApproveMonthError::Decision(ApproveError::NotOpen(_)) => {
            "En af afgørelserne venter ikke længere på godkendelse. Se listen igennem igen."
        }
        ApproveMonthError::Store(error) => return Err(error.into()),
        other => return Err(Failure::broken(other).into()),
    };
    Ok(told.to_owned())
}

/// Which proposal a third person signs, and as it was seen.
#[derive(Debug, Deserialize)]
pub(super) struct ThirdSignature {
    decision: DecisionId,
    set: String,
}

/// `/godkendelser/{benefit}/{month}/medunderskriv`: signs a proposal over the limit as the third person.
pub(super) async fn countersign(
    Path((benefit, month)): Path<(String, String)>,
    Sent { desk, form }: Sent<ThirdSignature>,
) -> Result<Response, PageError> {
    let seen: Digest = form.set.parse().map_err(Failure::misunderstood)?;
    let look = desk.may::<Look>().await?;
    let (mut tx, act) = desk.act::<Approve>().await?;
    let run = run_of(&mut tx, &look, &benefit, &month).await?;
    let list = decisions::sign_list(&mut tx, act.tenant(), run.id).await?;
    let listed = list.proposals.iter().find(|listed| listed.id == form.decision);
    let case = listed.ok_or(Failure::NotFound("decision"))?.case;
    match oversight::countersign(&mut tx, &act, (case, form.decision), seen).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&address(&run.benefit, run.month)).into_response())
        }
        Err(refused) => {
            drop(tx);
            not_signed(&desk, &run, not_countersigned(refused)?.to_owned()).await
        }
    }
}

fn not_countersigned(refused: OversightError) -> Result<&'static str, PageError> {
    match refused {
        OversightError::SamePerson { .. } => {
            Ok("Du har selv indstillet afgørelsen. En anden skal underskrive den.")
        }
        OversightError::Changed(_) | OversightError::NotOpen(_) => {
            Ok("Afgørelsen er ændret, siden du åbnede listen. Se den igennem igen.")
        }
        OversightError::Store(error) => Err(error.into()),
        other => Err(Failure::broken(other).into()),
    }
}

/// The last run of a benefit's month: its list is the one that is signed.
pub(super) async fn run_of(
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
        let rows = rows(&mut tx, &act, &run).await?;
        let today = danish_day(act.at());
        let frozen = freezes::in_force(&mut tx, act.tenant(), Kind::Approval, today).await?;
        let looked = format!("{} proposals", rows.len());
        audit::record_look(&mut tx, &act, Subject::MonthRun(run.id), looked).await?;
        tx.commit().await?;
        let open = || rows.iter().filter(|row| row.on_list.is_open);
        Ok(Self {
            may_approve: frame.may::<Approve>(),
            frame,
            title: titles.of(&run.benefit).to_owned(),
            month: run.month.in_words(),
            address: address(&run.benefit, run.month),
            digest: list.digest.to_string(),
            open: open().count(),
            total: open().map(|row| row.on_list.total).sum(),
            approved: rows.iter().filter(|row| !row.on_list.is_open).count(),
            over: rows.iter().filter(|row| row.lacks_third()).count(),
            frozen: frozen.as_ref().map(danish::frozen),
            groups: groups(rows),
            problem,
        })
    }
}

async fn rows(db: &mut Read, act: &Act<Look>, run: &MonthRun) -> crate::db::Result<Vec<Row>> {
    let on_list = store::on_list(db, act.tenant(), run.id).await?;
    let today = danish_day(act.at());
    let over = oversight::over_of_list(db, act.tenant(), run.id, today).await?;
    let mut signed: HashMap<DecisionId, Vec<String>> = HashMap::new();
    for (decision, by) in oversight::countersigned(db, act.tenant(), run.id).await? {
        signed.entry(decision).or_default().push(by);
    }
    let weights: Vec<Weight> = on_list.iter().map(weight).collect();
    Ok(weighed(on_list, middle(&weights), &over, &mut signed))
}

fn weighed(
    on_list: Vec<OnList>,
    middle: Dkk,
    over: &BTreeMap<DecisionId, Over>,
    signed: &mut HashMap<DecisionId, Vec<String>>,
) -> Vec<Row> {
    let row = |on_list: OnList| Row {
        oddity: weight(&on_list).oddity(middle),
        over: over.get(&on_list.id).map(|over| danish::over(*over)),
        countersigned: signed.remove(&on_list.id).unwrap_or_default(),
        on_list,
    };
    on_list.into_iter().map(row).collect()
}

fn weight(row: &OnList) -> Weight {
    Weight { total: row.total, decided: row.changes().then_some(row.decided) }
}

fn groups(rows: Vec<Row>) -> Vec<Group> {
    let (changed, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.on_list.changes());
    let (refused, granted): (Vec<_>, Vec<_>) =
        new.into_iter().partition(|row| row.on_list.is_refused());
    let by_oddity = |mut rows: Vec<Row>| {
        rows.sort_by_key(|row| std::cmp::Reverse((row.lacks_third(), row.oddity)));
        rows
    };
    let group = |title, rows| Group { title, rows: by_oddity(rows) };
    [
        group("Ændrer noget, der er afgjort", changed),
        group("Afslag", refused),
        group("Nye bevillinger, de mest usædvanlige først", granted),
    ]
    .into_iter()
    .filter(|group| !group.rows.is_empty())
    .collect()
}
