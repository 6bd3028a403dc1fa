//! `/selv`: where one logs in, goes on, begins, and sees one's cases.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use ydun_domain::ids::{CaseId, PartyId};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::Form;

use super::answers::moment;
use super::frame::Frame;
use super::hours_sheet::is_monthly;
use super::offers::{self, OwnCase};
use super::visitor::Visitor;
use crate::audit::{self, Subject};
use crate::filings::{Filing, service as filings};
use crate::municipalities;
use crate::web::App;
use crate::web::danish;
use crate::web::failure::PageError;

/// Before one has logged in.
#[derive(Template)]
#[template(path = "selv/outside.html")]
struct OutsidePage {
    municipality: String,
    is_switched_on: bool,
    problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "selv/home.html")]
struct HomePage {
    frame: Frame,
    /// Whether one has just left a form.
    is_saved: bool,
    begun: Vec<Begun>,
    sent: Vec<Begun>,
    offers: Vec<Offer>,
    cases: Vec<CaseCard>,
    months: Vec<MonthForm>,
}

/// A form that is filled in for all cases at once, month by month.
struct MonthForm {
    title: String,
    /// The latest months that have ended, with their addresses.
    months: Vec<(String, String)>,
}

/// A form that is being filled in, or was sent.
struct Begun {
    id: String,
    title: String,
    saved: String,
    /// For which unit, where one acts for several.
    owner: Option<String>,
}

/// A form that opens a case.
struct Offer {
    benefit: String,
    form: String,
    title: String,
    intro: String,
    /// For whom it can be filed.
    owners: Vec<(PartyId, String)>,
}

/// A case of one's own, and what one can tell in it.
struct CaseCard {
    number: String,
    benefit: String,
    title: String,
    opened: String,
    others: String,
    id: CaseId,
    owner: PartyId,
    forms: Vec<(String, String)>,
}

pub(super) async fn switched_off(app: &App) -> Result<Response, PageError> {
    outside(app, None, StatusCode::NOT_FOUND).await
}

/// The page of somebody who has not logged in.
pub(super) async fn outside(
    app: &App,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let found = municipalities::find(&mut app.db.read().await?, app.tenant).await?;
    let municipality = found.map(|found| found.name).unwrap_or_default();
    let page = OutsidePage { municipality, is_switched_on: app.provider.is_some(), problem };
    Ok((status, Html(page.render()?)).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if app.provider.is_none() {
        return switched_off(&app).await;
    }
    match Visitor::of(&headers, &app).await? {
        Some(visitor) => inside(&visitor, query.as_deref() == Some("gemt")).await,
        None => outside(&app, None, StatusCode::OK).await,
    }
}

async fn inside(visitor: &Visitor, is_saved: bool) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let own = visitor.own_parties(&mut tx).await?;
    let owners: Vec<(PartyId, String)> = own
        .iter()
        .map(|party| (party.id, format!("{} ({})", party.name, party.identity.for_payment())))
        .collect();
    let benefits = offers::benefits(&mut tx, act.tenant(), visitor.today()).await?;
    let mut offered = Vec::new();
    let mut cases = Vec::new();
    let mut months = Vec::new();
    for manifest in &benefits {
        offered.extend(openings(manifest, visitor, &owners));
        months.extend(month_forms(manifest, visitor));
        for own in offers::cases_of(&mut tx, visitor, manifest).await? {
            cases.push(card(manifest, visitor, own));
        }
    }
    let ids: Vec<PartyId> = own.iter().map(|party| party.id).collect();
    let filings = filings::of_owners(&mut tx, act.tenant(), &ids).await?;
    let begun = |filing: &Filing| begun(filing, &benefits, &owners);
    let (sent, open): (Vec<&Filing>, Vec<&Filing>) =
        filings.iter().partition(|filing| filing.sent_at.is_some());
    audit::record_look(&mut tx, &act, Subject::Party(visitor.visit.party.id), "own matters")
        .await?;
    let page = HomePage {
        frame: Frame::of(&mut tx, visitor).await?,
        is_saved,
        begun: open.into_iter().map(begun).collect(),
        sent: sent.into_iter().map(begun).collect(),
        offers: offered,
        cases,
        months,
    };
    tx.commit().await?;
    Ok(Html(page.render()?).into_response())
}

/// The forms of a benefit that open a case.
fn openings(manifest: &Manifest, visitor: &Visitor, owners: &[(PartyId, String)]) -> Vec<Offer> {
    offers::forms(manifest, visitor.filer())
        .filter(|(form, _)| form.filed_in.may_open())
        .map(|(form, _)| Offer {
            benefit: manifest.id.clone(),
            form: form.key.clone(),
            title: form.title.clone(),
            intro: form.intro.clone(),
            owners: owners.to_vec(),
        })
        .collect()
}

fn month_forms(manifest: &Manifest, visitor: &Visitor) -> Vec<MonthForm> {
    /// So many months are offered at once; each leads to the one before.
    const MONTHS: usize = 3;
    if visitor.visit.is_citizen() {
        return vec![];
    }
    let last = visitor.today().month().previous();
    let ended = || std::iter::successors(Some(last), |month| Some(month.previous())).take(MONTHS);
    let address = |form: &Form, month| format!("/selv/timer/{}/{}/{month}", manifest.id, form.key);
    offers::forms(manifest, visitor.filer())
        .filter(|(form, _)| is_monthly(form))
        .map(|(form, _)| MonthForm {
            title: form.title.clone(),
            months: ended()
                .map(|month| (address(form, month), danish::capital(&month.in_words())))
                .collect(),
        })
        .collect()
}

fn card(manifest: &Manifest, visitor: &Visitor, own: OwnCase) -> CaseCard {
    let forms =
        offers::forms(manifest, visitor.filer()).filter(|(form, _)| form.filed_in.may_add());
    let names: Vec<String> = own.others.into_iter().map(|party| party.name).collect();
    CaseCard {
        number: own.case.to_string(),
        benefit: manifest.id.clone(),
        title: manifest.title.clone(),
        opened: own.case.opened.in_words(),
        others: names.join(", "),
        id: own.case.id,
        owner: own.owner,
        forms: forms.map(|(form, _)| (form.key.clone(), form.title.clone())).collect(),
    }
}

fn begun(filing: &Filing, benefits: &[Manifest], owners: &[(PartyId, String)]) -> Begun {
    let manifest = benefits.iter().find(|manifest| manifest.id == filing.benefit);
    let form = manifest.and_then(|manifest| manifest.form(&filing.form));
    let owner = owners.iter().find(|(id, _)| *id == filing.owner).map(|(_, name)| name.clone());
    Begun {
        id: filing.id.to_string(),
        title: form.map_or_else(|| filing.form.clone(), |form| form.title.clone()),
        saved: moment(filing.sent_at.unwrap_or(filing.saved_at)),
        owner: owner.filter(|_| owners.len() > 1),
    }
}
