//! `/godkendelser`: what waits for a second person, and how many signatures the municipality asks for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ydun_domain::Dkk;

use super::approval::address;
use super::html;
use crate::access::{Administer, Look};
use crate::audit::{self, Subject};
use crate::decisions::oversight::{Limits, service as oversight};
use crate::web::desk::{Desk, Sent};
use crate::web::entry;
use crate::web::failure::PageError;
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::store::{self, WaitingList};
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "approvals.html")]
struct ApprovalsPage {
    frame: Frame,
    lists: Vec<Waiting>,
    limits: Limits,
    may_set: bool,
    /// What the fields of the limits hold.
    chosen: LimitFields,
    problem: Option<String>,
}

/// Limits as they stand in fields; an empty amount is no limit.
struct LimitFields {
    amount: String,
    deviation: String,
    drawn: String,
    odd: String,
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
    html(&ApprovalsPage::read(&desk, None, None).await?)
}

impl ApprovalsPage {
    async fn read(
        desk: &Desk,
        problem: Option<String>,
        typed: Option<Fields>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let waiting = store::waiting_lists(&mut tx, act.tenant()).await?;
        let limits = oversight::limits(&mut tx, act.tenant(), desk.app.clock.today()).await?;
        audit::record_look(&mut tx, &act, Subject::Municipality, "lists to sign").await?;
        tx.commit().await?;
        Ok(Self {
            lists: waiting.iter().map(|list| Waiting::of(list, &titles)).collect(),
            may_set: frame.may::<Administer>(),
            chosen: typed
                .map_or_else(|| LimitFields::of(&limits), |typed| LimitFields::typed(&typed)),
            frame,
            limits,
            problem,
        })
    }
}

impl LimitFields {
    fn of(limits: &Limits) -> Self {
        let amount =
            |limit: Option<Dkk>| limit.map(Dkk::plain).unwrap_or_default().replace('.', ",");
        Self {
            amount: amount(limits.amount),
            deviation: amount(limits.deviation),
            drawn: limits.drawn.to_string(),
            odd: limits.odd.to_string(),
        }
    }

    fn typed(typed: &Fields) -> Self {
        let field = |name| typed.get(name).to_owned();
        Self {
            amount: field("beloeb"),
            deviation: field("aendring"),
            drawn: field("lod"),
            odd: field("usaedvanlige"),
        }
    }

    /// The limits that are written; else what the form lacks.
    fn read(&self) -> Result<Limits, String> {
        let amount = |text: &str| (!text.is_empty()).then(|| entry::amount(text)).transpose();
        let count =
            |text: &str| text.parse().map_err(|_| "Skriv et helt tal, for eksempel 5.".to_owned());
        Ok(Limits {
            amount: amount(&self.amount)?,
            deviation: amount(&self.deviation)?,
            drawn: count(&self.drawn)?,
            odd: count(&self.odd)?,
        })
    }
}

/// Changes the limits from today.
pub(super) async fn set_limits(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    match LimitFields::typed(&form).read() {
        Ok(limits) => {
            oversight::set_limits(&mut tx, &act, desk.app.clock.today(), limits).await?;
            tx.commit().await?;
            Ok(Redirect::to("/godkendelser").into_response())
        }
        Err(problem) => {
            drop(tx);
            let page = ApprovalsPage::read(&desk, Some(problem), Some(form)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}
