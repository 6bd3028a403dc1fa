//! `/selv/formularer/{id}/kontrol`: all that was answered, before it is sent.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::draft::Draft;
use super::frame::Frame;
use super::known;
use super::persons;
use super::question_page::Maker;
use super::step::Step;
use super::step_page::Way;
use super::visitor::{Sent, Visitor};
use crate::audit::hide_personal_numbers;
use crate::documents::Document;
use crate::facts::service::FactError;
use crate::filings::{Ready, SendError, service as filings};
use crate::web::danish::Pair;
use crate::web::desk::Nothing;
use crate::web::failure::{Failure, PageError};
use crate::web::field::Field;
use crate::web::task_words;

#[derive(Template)]
#[template(path = "selv/check.html")]
struct CheckPage {
    frame: Frame,
    way: Way,
    sections: Vec<Section>,
    documents: Vec<Document>,
    documents_address: String,
    /// Why it was not sent.
    problem: Option<String>,
}

/// What was answered on a step.
struct Section {
    title: String,
    /// Where it is changed.
    address: String,
    rows: Vec<Vec<Pair>>,
    /// Whether something is missing or wrong.
    is_wrong: bool,
}

/// All that was answered: as it is shown, and as it is sent.
struct Collected {
    sections: Vec<Section>,
    ready: Ready,
    /// The step each told fact is from.
    steps: Vec<usize>,
}

impl Collected {
    fn of(draft: &Draft, visitor: &Visitor) -> Self {
        let mut all = Self { sections: vec![], ready: Ready::default(), steps: vec![] };
        all.persons(draft);
        for place in 0..draft.form().pages.len() {
            all.page(draft, visitor, place);
        }
        all.remarks(draft);
        all
    }

    fn persons(&mut self, draft: &Draft) {
        let roles = draft.others();
        if roles.is_empty() {
            return;
        }
        let mut forms = persons::forms(&roles, &draft.filing.answers);
        self.ready.persons = persons::read(&mut forms);
        let pair = |field: &Field| {
            let value = match field.value.as_str() {
                "" => "Ikke udfyldt".to_owned(),
                typed => hide_personal_numbers(typed),
            };
            Pair { name: field.title.clone(), value }
        };
        self.sections.push(Section {
            title: "Hvem det handler om".to_owned(),
            address: draft.address(Step::Persons),
            rows: forms.iter().map(|form| form.fields.iter().map(pair).collect()).collect(),
            is_wrong: self.ready.persons.len() < roles.len(),
        });
    }

    fn page(&mut self, draft: &Draft, visitor: &Visitor, place: usize) {
        let Some(maker) = Maker::of(draft, place) else { return };
        let mut page = maker.page(&draft.filing.answers, place, false);
        let told = maker.read(&mut page, visitor.today());
        self.steps.extend(told.iter().map(|_| self.sections.len()));
        self.ready.told.extend(told);
        self.sections.push(Section {
            title: page.title.clone(),
            address: draft.address(Step::Page(place)),
            rows: maker.summary(&page),
            is_wrong: !page.problems().is_empty(),
        });
    }

    fn remarks(&mut self, draft: &Draft) {
        for fact in known::facts(draft, &draft.filing.answers) {
            if fact.is_wrong {
                let title = fact.title.to_lowercase();
                self.ready
                    .remarks
                    .push(format!("Siger, at dette er forkert: {title}. {}", fact.remark));
            }
        }
    }

    fn is_whole(&self) -> bool {
        !self.sections.iter().any(|section| section.is_wrong)
    }
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    tx.commit().await?;
    let collected = Collected::of(&draft, &visitor);
    page(&visitor, &draft, collected, None).await
}

async fn page(
    visitor: &Visitor,
    draft: &Draft,
    collected: Collected,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let mut read = visitor.app.db.read().await?;
    let page = CheckPage {
        frame: Frame::of(&mut read, visitor).await?,
        way: Way::of(draft, Step::Check),
        sections: collected.sections,
        documents: filings::attached(&mut read, visitor.app.tenant, draft.filing.id).await?,
        documents_address: draft.address(Step::Documents),
        problem,
    };
    let status =
        if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(page.render()?)).into_response())
}

/// Sends it: all of it, or nothing.
pub(super) async fn send(
    Path(id): Path<String>,
    Sent { visitor, form: Nothing {} }: Sent<Nothing>,
) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    let mut collected = Collected::of(&draft, &visitor);
    if !collected.is_whole() {
        let problem = "Der mangler svar. Gå til de steder, der er mærket, og ret dem.";
        return page(&visitor, &draft, collected, Some(problem.to_owned())).await;
    }
    let due = visitor.provider.profile().answer_days(&draft.filing.benefit);
    let due = due.map(|days| visitor.today().plus_days(days));
    let (manifest, filing) = (&draft.manifest, &draft.filing);
    match filings::send(&mut tx, &act, manifest, filing, &collected.ready, due).await {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/selv/formularer/{}/kvittering", draft.filing.id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            drop(tx);
            let problem = told(error, &mut collected)?;
            page(&visitor, &draft, collected, Some(problem)).await
        }
    }
}

fn told(error: SendError, collected: &mut Collected) -> Result<String, Failure> {
    match error {
        SendError::Fact { place, error: FactError::Refused(refused) } => {
            let section =
                collected.steps.get(place).and_then(|step| collected.sections.get_mut(*step));
            if let Some(section) = section {
                section.is_wrong = true;
            }
            Ok(task_words::not_a_fact(&refused))
        }
        SendError::Fact { error: FactError::Closed { number, .. }, .. } => {
            Ok(format!("Sag {number} er lukket. Skriv til kommunen, hvis den skal åbnes igen."))
        }
        SendError::NotOpen => Err(Failure::NotFound("form that was not sent")),
        SendError::Store(error) => Err(error.into()),
        other => Err(Failure::broken(other)),
    }
}
