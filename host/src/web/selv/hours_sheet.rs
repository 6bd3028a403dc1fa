//! A month's form for all of a company's cases at once: a table for each page, a row for each week or request.

use ydun_domain::ids::PartyId;
use ydun_domain::{Month, Period};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{Days, Filer, Form, Page};

use super::answers::{FIRST, LAST, MONTH, SOURCE, filled_in, short};
use super::draft::Cast;
use super::offers;
use super::question_page::{self, Maker, QuestionPage};
use super::visitor::Visitor;
use crate::access::{Act, Own};
use crate::cases::{Case, CaseRange};
use crate::clock::danish;
use crate::db::Tx;
use crate::facts::{Fact, service as facts};
use crate::filings::{Row, Told};
use crate::web::failure::Failure;
use crate::web::form::Fields;

#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) manifest: Manifest,
    pub(super) form: Form,
    pub(super) month: Month,
    pub(super) entries: Vec<Entry>,
}

/// One case in the sheet.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) case: Case,
    pub(super) owner: PartyId,
    /// Whom it is about.
    pub(super) who: String,
    cast: Cast,
    /// The rows of each page.
    pub(super) pages: Vec<Vec<Row>>,
}

/// What the rows of a case mean.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) pages: Vec<QuestionPage>,
    pub(super) told: Vec<Told>,
}

/// Whether a form is about a month, so that it is filled in for all cases at once.
pub(super) fn is_monthly(form: &Form) -> bool {
    form.filed_in.may_add() && form.pages.iter().any(|page| page.days == Days::Month)
}

impl Sheet {
    /// The visitor's own open cases, with what is known of the month already.
    pub(super) async fn load(
        tx: &mut Tx,
        act: &Act<Own>,
        visitor: &Visitor,
        (benefit, form): (&str, &str),
        month: Month,
    ) -> Result<Self, Failure> {
        let missing = || Failure::NotFound("form");
        let today = danish(act.at());
        let manifest = offers::benefit(tx, act.tenant(), benefit, today).await?;
        let manifest = manifest.ok_or_else(missing)?;
        let form = offers::forms(&manifest, visitor.filer())
            .map(|(form, _)| form)
            .find(|offered| offered.key == form && is_monthly(offered));
        let form = form.filter(|_| visitor.filer() == Filer::Company).ok_or_else(missing)?.clone();
        let mut entries = Vec::new();
        for own in offers::cases_of(tx, visitor, &manifest).await? {
            let cast = Cast::of_case(tx, act, &own.case).await?;
            let range = CaseRange::of_one(own.case.id);
            let known = facts::known(tx, act.tenant(), range, today).await?;
            let rows = |page: &Page| rows(&manifest, page, month, &known);
            let pages = form.pages.iter().map(rows).collect();
            let names: Vec<String> = own.others.into_iter().map(|party| party.name).collect();
            let who = names.join(", ");
            entries.push(Entry { case: own.case, owner: own.owner, who, cast, pages });
        }
        Ok(Self { manifest, form, month, entries })
    }

    /// Takes what was typed in place of what is known.
    pub(super) fn type_in(&mut self, typed: &Fields) {
        for entry in &mut self.entries {
            for (place, rows) in entry.pages.iter_mut().enumerate() {
                let typed = question_page::rows(typed, &prefix(&entry.case, place), rows);
                if !typed.is_empty() {
                    *rows = typed;
                }
            }
        }
    }

    /// What the rows of a case mean, when they were received today. What is wrong is said at the fields.
    pub(super) fn fill(&self, entry: &Entry, visitor: &Visitor) -> Filled {
        let mut filled = Filled { pages: vec![], told: vec![] };
        for (place, (page, rows)) in self.form.pages.iter().zip(&entry.pages).enumerate() {
            let prefix = prefix(&entry.case, place);
            let Some(maker) = Maker::new(&self.manifest, page, &entry.cast, &prefix) else {
                continue;
            };
            let mut page = maker.of_rows(rows);
            filled.told.extend(maker.read_filled_in(&mut page, visitor.today()));
            filled.pages.push(page);
        }
        filled
    }

    /// The attributes a page asks for, by name and title, with the days before them.
    pub(super) fn columns(&self, place: usize) -> Vec<(String, String)> {
        let Some(page) = self.form.pages.get(place) else { return vec![] };
        let Some(fact) = self.manifest.fact(&page.fact) else { return vec![] };
        let days: &[(&str, &str)] = match page.days {
            Days::Asked => &[(FIRST, "Fra"), (LAST, "Til")],
            Days::AskedFirst => &[(FIRST, "Fra")],
            Days::Month | Days::FromReceived => &[],
        };
        let asked = page.questions.iter().filter_map(|asked| fact.attribute(&asked.attribute));
        let days = days.iter().map(|(name, title)| ((*name).to_owned(), (*title).to_owned()));
        days.chain(asked.map(|rule| (rule.name.clone(), rule.title.clone()))).collect()
    }
}

/// What the fields of a case's page begin with.
fn prefix(case: &Case, place: usize) -> String {
    format!("s{case}-p{}-", place + 1)
}

/// What is known of a month, and rows for what is not.
fn rows(manifest: &Manifest, page: &Page, month: Month, known: &[Fact]) -> Vec<Row> {
    let is_of_month = |fact: &&Fact| {
        let valid = fact.content.valid;
        fact.content.kind == page.fact
            && valid.within(month.period()).map(Into::into) == Some(valid)
    };
    let mut rows: Vec<Row> = known
        .iter()
        .filter(is_of_month)
        .map(|fact| {
            let mut row = filled_in(page, fact);
            row.remove(SOURCE);
            row.extend(days(page, fact.content.valid.within(month.period())));
            row
        })
        .collect();
    for days in open_days(manifest, page, month) {
        let is_there = rows.iter().any(|row| row.get(FIRST) == days.get(FIRST));
        if days.is_empty() || !is_there {
            rows.push(days);
        }
    }
    rows.sort_by_key(|row| row.get(FIRST).and_then(|text| crate::web::entry::day(text)));
    // Rows without days stand last: they are for what is new.
    let (dated, undated): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| !row.is_empty());
    [dated, undated].concat()
}

/// The rows a page should have for a month: its weeks, where days are never told twice; else one.
fn open_days(manifest: &Manifest, page: &Page, month: Month) -> Vec<Row> {
    let never_twice = manifest.fact(&page.fact).is_some_and(|fact| fact.exclusive && fact.bounded);
    match page.days {
        Days::Asked if page.repeated && never_twice && !page.questions.is_empty() => {
            month.period().by_week().map(|week| days(page, Some(week))).collect()
        }
        Days::Asked if page.repeated => vec![Row::new()],
        Days::Asked | Days::Month => vec![days(page, Some(month.period()))],
        Days::AskedFirst | Days::FromReceived => vec![Row::new()],
    }
}

fn days(page: &Page, period: Option<Period>) -> Row {
    let Some(period) = period else { return Row::new() };
    let field = |name: &str, text: String| (name.to_owned(), text);
    match page.days {
        Days::Month => {
            let month = period.first().month();
            Row::from([field(MONTH, format!("{}.{}", month.number(), month.year()))])
        }
        Days::Asked => {
            Row::from([field(FIRST, short(period.first())), field(LAST, short(period.last()))])
        }
        Days::AskedFirst => Row::from([field(FIRST, short(period.first()))]),
        Days::FromReceived => Row::new(),
    }
}
