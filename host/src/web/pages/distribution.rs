//! `/opgaver/fordeling`: the rules that give tasks to people, and what one would do before it is switched on.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use ydun_domain::Dkk;

use super::html;
use crate::access::{Act, Administer, Look, Register};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::db::Read;
use crate::tasks::bench::Choices;
use crate::tasks::rules::{Fits, Planned, Rule};
use crate::tasks::service::{self as tasks, RuleError};
use crate::web::desk::{Desk, Sent};
use crate::web::entry;
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::task_row::Teller;
use crate::web::task_words;
use crate::web::titles::Titles;

const ADDRESS: &str = "/opgaver/fordeling";
const PLANNED_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "distribution.html")]
struct DistributionPage {
    frame: Frame,
    problem: Option<String>,
    may_set: bool,
    may_give: bool,
    rules: Vec<RuleRow>,
    plan: Option<PlanPart>,
    choices: Choices,
    benefits: Vec<(String, String)>,
    /// What was typed of a rule that was not kept.
    typed: Fields,
}

struct RuleRow {
    number: i64,
    name: String,
    fits: String,
    workers: String,
    is_on: bool,
}

/// What a rule would do now.
struct PlanPart {
    number: i64,
    name: String,
    is_on: bool,
    /// Names of those who get tasks, and how many.
    shares: Vec<(String, usize)>,
    rows: Vec<PlannedRow>,
    total: usize,
}

struct PlannedRow {
    task: String,
    title: String,
    case: Option<String>,
    worker: String,
}

/// Which rule is tried.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Tried {
    proev: Option<i64>,
}

pub(super) async fn show(
    desk: Desk,
    Query(Tried { proev }): Query<Tried>,
) -> Result<Html<String>, PageError> {
    html(&DistributionPage::read(&desk, proev).await?)
}

impl DistributionPage {
    async fn read(desk: &Desk, tried: Option<i64>) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let choices = tasks::choices(&mut tx, &act).await?;
        let rules = tasks::rules(&mut tx, act.tenant()).await?;
        let planned = plan(&mut tx, &act, &rules, tried).await?;
        let looked = format!("{} tasks to distribute", planned.as_ref().map_or(0, Vec::len));
        audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
        tx.commit().await?;
        let teller = Teller::new(&titles, &choices.workers, desk.app.clock.today());
        let rule = rules.iter().find(|rule| Some(rule.number) == tried);
        let plan = rule.zip(planned).map(|(rule, planned)| PlanPart::of(rule, &planned, &teller));
        Ok(Self {
            problem: None,
            may_set: frame.may::<Administer>(),
            may_give: frame.may::<Register>(),
            rules: rules.iter().map(|rule| RuleRow::of(rule, &teller)).collect(),
            plan,
            benefits: titles.all(),
            typed: Fields::default(),
            frame,
            choices,
        })
    }
}

/// What the rule that is tried would give, after the rules before it that are switched on have given theirs.
async fn plan(
    db: &mut Read,
    act: &Act<Look>,
    rules: &[Rule],
    tried: Option<i64>,
) -> crate::db::Result<Option<Vec<Planned>>> {
    let Some(rule) = rules.iter().find(|rule| Some(rule.number) == tried) else { return Ok(None) };
    let before = rules.iter().filter(|other| other.is_on && other.number < rule.number);
    let in_order: Vec<Rule> = before.chain([rule]).cloned().collect();
    let planned = tasks::plan(db, act.tenant(), &in_order).await?;
    Ok(Some(planned.into_iter().filter(|plan| plan.rule == rule.name).collect()))
}

impl RuleRow {
    fn of(rule: &Rule, teller: &Teller<'_>) -> Self {
        let names: Vec<&str> = rule.workers.iter().map(|id| teller.name(id)).collect();
        Self {
            number: rule.number,
            name: rule.name.clone(),
            fits: in_words(&rule.fits, teller),
            workers: names.join(", "),
            is_on: rule.is_on,
        }
    }
}

/// `Enkeltydelser; kø: Vurdering; fra 5.000,00 kr.; født den 1.–15.`
fn in_words(fits: &Fits, teller: &Teller<'_>) -> String {
    let benefit = Some(&fits.benefit).filter(|benefit| !benefit.is_empty());
    let queue = Some(&fits.queue).filter(|queue| !queue.is_empty());
    let words: Vec<String> = [
        benefit.map(|benefit| teller.titles.of(benefit).to_owned()),
        queue.map(|queue| format!("kø: {}", task_words::queue(queue))),
        fits.amount_from.map(|amount| format!("fra {amount}")),
        fits.amount_to.map(|amount| format!("til {amount}")),
        fits.born.map(|(first, last)| format!("født den {first}.–{last}.")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() { "Alle opgaver".to_owned() } else { words.join("; ") }
}

impl PlanPart {
    fn of(rule: &Rule, planned: &[Planned], teller: &Teller<'_>) -> Self {
        let mut shares: BTreeMap<String, usize> = BTreeMap::new();
        for plan in planned {
            *shares.entry(teller.name(&plan.worker).to_owned()).or_default() += 1;
        }
        let row = |plan: &Planned| PlannedRow {
            task: plan.task.to_string(),
            title: hide_personal_numbers(&plan.title),
            case: plan.case.clone(),
            worker: teller.name(&plan.worker).to_owned(),
        };
        Self {
            number: rule.number,
            name: rule.name.clone(),
            is_on: rule.is_on,
            shares: shares.into_iter().collect(),
            rows: planned.iter().take(PLANNED_SHOWN).map(row).collect(),
            total: planned.len(),
        }
    }
}

/// `POST /opgaver/fordeling`: a rule is kept, switched or removed, or the tasks are given out.
pub(super) async fn change(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    match form.get("hvad") {
        "fordel" => give_out(&desk).await,
        "fjern" => {
            let (mut tx, act) = desk.act::<Administer>().await?;
            tasks::remove_rule(&mut tx, &act, number(&form)?).await?;
            tx.commit().await?;
            Ok(Redirect::to(ADDRESS).into_response())
        }
        "taend" | "sluk" => switch(&desk, &form).await,
        _ => keep(&desk, form).await,
    }
}

fn number(form: &Fields) -> Result<i64, Failure> {
    form.get("nummer").parse().map_err(Failure::misunderstood)
}

async fn give_out(desk: &Desk) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Register>().await?;
    tasks::distribute(&mut tx, &act).await?;
    tx.commit().await?;
    Ok(Redirect::to("/opgaver").into_response())
}

async fn switch(desk: &Desk, form: &Fields) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    let number = number(form)?;
    let found = tasks::rules(&mut tx, act.tenant()).await?;
    let rule = found.into_iter().find(|rule| rule.number == number);
    let rule =
        Rule { is_on: form.get("hvad") == "taend", ..rule.ok_or(Failure::NotFound("rule"))? };
    tasks::put_rule(&mut tx, &act, &rule).await.map_err(Failure::broken)?;
    tx.commit().await?;
    Ok(Redirect::to(ADDRESS).into_response())
}

/// Keeps a new rule, switched off, and shows what it would do.
async fn keep(desk: &Desk, typed: Fields) -> Result<Response, PageError> {
    let problem = match fits(&typed) {
        Err(problem) => problem,
        Ok(fits) => {
            let (mut tx, act) = desk.act::<Administer>().await?;
            let last =
                tasks::rules(&mut tx, act.tenant()).await?.last().map_or(0, |rule| rule.number);
            let workers = typed.all("hvem").map(str::to_owned).collect();
            let name = typed.get("navn").to_owned();
            let rule = Rule { number: last + 1, name, fits, workers, is_on: false };
            match tasks::put_rule(&mut tx, &act, &rule).await {
                Ok(()) => {
                    tx.commit().await?;
                    let to = format!("{ADDRESS}?proev={}", rule.number);
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(RuleError::Store(error)) => return Err(error.into()),
                Err(refused) => told(&refused).to_owned(),
            }
        }
    };
    let page = DistributionPage::read(desk, None).await?;
    let page = DistributionPage { problem: Some(problem), typed, ..page };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn told(refused: &RuleError) -> &'static str {
    match refused {
        RuleError::Name => "Giv reglen et navn, som ingen anden regel har.",
        RuleError::NoWorkers | RuleError::NoWorker(_) => {
            "Sæt kryds ved dem, der skal have opgaverne."
        }
        RuleError::Days => "Fødselsdage går fra den 1. til den 31., den første før den sidste.",
        RuleError::Store(_) => "Reglen kunne ikke gemmes. Prøv igen.",
    }
}

/// What was typed of which tasks a rule fits.
fn fits(typed: &Fields) -> Result<Fits, String> {
    let born = match (typed.get("foedt-fra"), typed.get("foedt-til")) {
        ("", "") => None,
        (from, to) => {
            let day = |text: &str| text.parse().map_err(|_| told(&RuleError::Days).to_owned());
            Some((day(from)?, day(to)?))
        }
    };
    Ok(Fits {
        benefit: typed.get("ydelse").to_owned(),
        queue: typed.get("koe").to_owned(),
        amount_from: amount(typed.get("fra"))?,
        amount_to: amount(typed.get("til"))?,
        born,
    })
}

fn amount(text: &str) -> Result<Option<Dkk>, String> {
    if text.is_empty() { Ok(None) } else { entry::amount(text).map(Some) }
}
