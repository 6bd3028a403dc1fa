//! `/sager`: the cases, and what a month's run gave in each.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse as _, Redirect, Response};
use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Dkk, Month};

use super::html;
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::cases::{CaseNumber, service as cases};
use crate::db::{Read, Result};
use crate::operations::CaseResult;
use crate::parties::{Identity, Party, service as parties};
use crate::web::case_list::{Asked, CasePage, CaseQuery, Listed};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::titles::Titles;

const CASES_SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    frame: Frame,
    list: CaseTable,
}

/// The list of cases, and what was chosen to find them.
struct CaseTable {
    beginning: String,
    months: Vec<Choice>,
    month: String,
    results: Vec<Choice>,
    rows: Vec<CaseRow>,
    is_first_page: bool,
    is_filtered: bool,
    /// Where the first and the next page are.
    first: String,
    next: Option<String>,
}

struct Choice {
    value: String,
    word: String,
    chosen: bool,
}

struct CaseRow {
    number: String,
    persons: Vec<String>,
    firms: Vec<String>,
    benefit: String,
    opened: String,
    closed: Option<String>,
    result: Option<Mark>,
    amount: Option<Dkk>,
}

pub(super) async fn show(
    desk: Desk,
    query: std::result::Result<Query<CaseQuery>, QueryRejection>,
) -> std::result::Result<Response, PageError> {
    let Query(query) = query?;
    let asked = Asked::try_from(query)?;
    let (mut tx, act) = desk.act::<Look>().await?;
    if let Some(found) = exactly(&mut tx, &act, &asked).await? {
        return Ok(Redirect::to(&format!("/sager/{found}")).into_response());
    }
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let page = CasePage::find(&mut tx, &desk.app, &asked, CASES_SHOWN).await?;
    let people = People::of(&mut tx, &act, &page.cases).await?;
    let list = CaseTable::new(&asked, &page, &people, &titles);
    let looked = format!("list of {} cases", list.rows.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    Ok(html(&CasesPage { frame, list })?.into_response())
}

/// The case whose whole number was searched for.
async fn exactly(db: &mut Read, act: &Act<Look>, asked: &Asked) -> Result<Option<CaseNumber>> {
    let Ok(number) = asked.beginning.as_str().parse() else { return Ok(None) };
    Ok(cases::by_number(db, act.tenant(), number).await?.map(|case| case.number))
}

impl CaseTable {
    fn new(asked: &Asked, page: &CasePage, people: &People, titles: &Titles) -> Self {
        let address = |after: Option<CaseNumber>| address(asked, page.month, after);
        Self {
            beginning: asked.beginning.as_str().to_owned(),
            months: month_choices(page),
            month: page.month.in_words(),
            results: result_choices(asked.result),
            is_first_page: asked.after.is_none(),
            is_filtered: asked.result.is_some() || !asked.beginning.as_str().is_empty(),
            first: address(None),
            next: page.next.map(|last| address(Some(last))),
            rows: page.cases.iter().map(|case| CaseRow::of(case, people, titles)).collect(),
        }
    }
}

fn month_choices(page: &CasePage) -> Vec<Choice> {
    let unrun = (!page.months.contains(&page.month)).then_some(page.month);
    let choice = |month: Month| Choice {
        value: month.to_string(),
        word: danish::capital(&month.in_words()),
        chosen: month == page.month,
    };
    unrun.into_iter().chain(page.months.iter().copied()).map(choice).collect()
}

fn result_choices(chosen: Option<CaseResult>) -> Vec<Choice> {
    let choice = |result: &CaseResult| Choice {
        value: result.to_string(),
        word: danish::result(*result).word.to_owned(),
        chosen: chosen == Some(*result),
    };
    CaseResult::ALL.iter().map(choice).collect()
}

/// Where a page of the list is. Nothing in it needs escaping.
fn address(asked: &Asked, month: Month, after: Option<CaseNumber>) -> String {
    let result = asked.result.map(|result| format!("&resultat={result}")).unwrap_or_default();
    let after = after.map(|number| format!("&efter={number}")).unwrap_or_default();
    let beginning = match asked.beginning.as_str() {
        "" => String::new(),
        beginning => format!("&nummer={beginning}"),
    };
    format!("/sager?maaned={month}{beginning}{result}{after}")
}

impl CaseRow {
    fn of(case: &Listed, people: &People, titles: &Titles) -> Self {
        let (persons, firms) = people.of_case(case.id);
        Self {
            number: case.number.to_string(),
            persons,
            firms,
            benefit: titles.of(&case.benefit).to_owned(),
            opened: case.opened.in_words(),
            closed: case.closed.map(Day::in_words),
            result: case.result.map(danish::result),
            amount: case.amount.filter(|amount| !amount.is_zero()),
        }
    }
}

/// Who has a part in the cases of a list.
struct People {
    roles: BTreeMap<CaseId, Vec<PartyId>>,
    parties: BTreeMap<PartyId, Party>,
}

impl People {
    async fn of(db: &mut Read, act: &Act<Look>, listed: &[Listed]) -> Result<Self> {
        let ids: Vec<CaseId> = listed.iter().map(|case| case.id).collect();
        let mut roles: BTreeMap<CaseId, Vec<PartyId>> = BTreeMap::new();
        for role in cases::roles_of(db, act.tenant(), &ids).await? {
            roles.entry(role.case).or_default().push(role.party);
        }
        let ids: BTreeSet<PartyId> = roles.values().flatten().copied().collect();
        let found = parties::by_ids(db, act.tenant(), &ids.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { roles, parties: found.into_iter().map(|party| (party.id, party)).collect() })
    }

    /// The names of persons, and those of firms and their units.
    fn of_case(&self, case: CaseId) -> (Vec<String>, Vec<String>) {
        let ids = self.roles.get(&case).into_iter().flatten();
        let parties = ids.filter_map(|id| self.parties.get(id));
        let (persons, firms): (Vec<&Party>, Vec<&Party>) =
            parties.partition(|party| matches!(party.identity, Identity::Citizen(_)));
        let names = |parties: Vec<&Party>| parties.iter().map(|party| party.name.clone()).collect();
        (names(persons), names(firms))
    }
}
