//! `/selv/formularer/{id}/{step}`: what a step asks, and saving what was answered.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::draft::Draft;
use super::filing::gone;
use super::frame::Frame;
use super::known::{self, KnownFact};
use super::persons::{self, PersonForm};
use super::question_page::{self, Maker, QuestionPage};
use super::step::{Step, after, before};
use super::visitor::{Sent, Visitor};
use crate::access::{Act, Own};
use crate::db::Tx;
use crate::filings::{Answers, SaveError, service as filings};
use crate::web::failure::{Failure, PageError};
use crate::web::field::Control;
use crate::web::form::Fields;

/// What every step has around its questions.
pub(super) struct Way {
    pub(super) form: String,
    pub(super) benefit: String,
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) step: String,
    /// The step's number, and how many there are.
    pub(super) number: usize,
    pub(super) count: usize,
    pub(super) back: Option<String>,
}

impl Way {
    pub(super) fn of(draft: &Draft, step: Step) -> Self {
        let steps = draft.steps();
        Self {
            form: draft.form().title.clone(),
            benefit: draft.manifest.title.clone(),
            id: draft.filing.id.to_string(),
            version: draft.filing.version,
            step: step.to_string(),
            number: steps.iter().position(|there| *there == step).map_or(1, |place| place + 1),
            count: steps.len(),
            back: before(&steps, step).map(|step| draft.address(step)),
        }
    }
}

#[derive(Template)]
#[template(path = "selv/step.html")]
struct StepPage {
    frame: Frame,
    way: Way,
    /// What the form is for; shown once, on its first step.
    intro: Option<String>,
    asked: Asked,
    /// Why one has not come further.
    problem: Option<&'static str>,
}

/// What a step asks.
enum Asked {
    Persons(Vec<PersonForm>),
    Questions(QuestionPage),
    Known(Vec<KnownFact>),
}

impl Asked {
    fn of(draft: &Draft, answers: &Answers, step: Step, one_more: bool) -> Option<Self> {
        match step {
            Step::Persons => Some(Self::Persons(persons::forms(&draft.others(), answers))),
            Step::Page(place) => {
                let maker = Maker::of(draft, place)?;
                Some(Self::Questions(maker.page(answers, place, one_more)))
            }
            Step::Known => Some(Self::Known(known::facts(draft, answers))),
            Step::Documents | Step::Check => None,
        }
    }

    fn problems(&self) -> Vec<(String, String, String)> {
        match self {
            Self::Questions(page) => page.problems(),
            Self::Persons(forms) => forms
                .iter()
                .flat_map(|form| &form.fields)
                .filter_map(|field| {
                    Some((field.name.clone(), field.title.clone(), field.problem.clone()?))
                })
                .collect(),
            Self::Known(_) => vec![],
        }
    }
}

/// `GET /selv/formularer/{id}/{step}`
pub(super) async fn show(
    visitor: Visitor,
    Path((id, step)): Path<(String, String)>,
) -> Result<Html<String>, PageError> {
    let step = known_step(&step)?;
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    let asked = Asked::of(&draft, &draft.filing.answers, step, false);
    let asked = asked.ok_or(Failure::NotFound("step of the form"))?;
    let frame = Frame::of(&mut tx, &visitor).await?;
    tx.commit().await?;
    Ok(Html(StepPage::new(frame, &draft, step, asked).render()?))
}

impl StepPage {
    fn new(frame: Frame, draft: &Draft, step: Step, asked: Asked) -> Self {
        let way = Way::of(draft, step);
        let intro = (way.number == 1).then(|| draft.form().intro.clone());
        Self { frame, way, intro, asked, problem: None }
    }
}

fn known_step(text: &str) -> Result<Step, Failure> {
    text.parse().map_err(|_| Failure::NotFound("step of the form"))
}

/// What one wants besides having the page saved.
enum Wish {
    GoOn,
    /// To go on another day.
    Leave,
    /// Another row.
    OneMore,
    /// To be rid of a row, counted from 1.
    Without(usize),
}

impl Wish {
    fn of(typed: &Fields) -> Self {
        let wish = typed.get("handling");
        match wish.strip_prefix("fjern-").and_then(|number| number.parse().ok()) {
            Some(number) => Self::Without(number),
            None if wish == "gem" => Self::Leave,
            None if wish == "tilfoej" => Self::OneMore,
            None => Self::GoOn,
        }
    }
}

/// `POST /selv/formularer/{id}/{step}`: whatever was typed is saved, and what is wrong is told after that.
pub(super) async fn save(
    Path((id, step)): Path<(String, String)>,
    Sent { visitor, form: typed }: Sent<Fields>,
) -> Result<Response, PageError> {
    let step = known_step(&step)?;
    let (mut tx, act) = visitor.act().await?;
    let mut draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    let wish = Wish::of(&typed);
    let answers = answered(&draft, step, &typed, &wish);
    let conflict = keep(&mut tx, &act, &mut draft, answers, step, &typed).await?;
    let frame = Frame::of(&mut tx, &visitor).await?;
    if conflict.is_none() {
        tx.commit().await?;
        // Whom it is about decides what later steps can name.
        let (mut tx, act) = visitor.act().await?;
        draft = Draft::open(&visitor, &mut tx, &act, &draft.filing.id.to_string()).await?;
    }
    let one_more = matches!(wish, Wish::OneMore);
    let asked = Asked::of(&draft, &draft.filing.answers, step, one_more);
    let mut asked = asked.ok_or(Failure::NotFound("step of the form"))?;
    let stays = match wish {
        _ if conflict.is_some() => true,
        Wish::Leave => return Ok(Redirect::to("/selv?gemt").into_response()),
        Wish::OneMore | Wish::Without(_) => true,
        Wish::GoOn => !is_answered(&draft, &mut asked, step, &typed, &visitor),
    };
    if !stays {
        let next = after(&draft.steps(), step).unwrap_or(Step::Check);
        return Ok(Redirect::to(&draft.address(next)).into_response());
    }
    let status = match (conflict, asked.problems().is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let page = StepPage { problem: conflict, ..StepPage::new(frame, &draft, step, asked) };
    Ok((status, Html(page.render()?)).into_response())
}

/// All answers, with what was typed on this step.
fn answered(draft: &Draft, step: Step, typed: &Fields, wish: &Wish) -> Answers {
    let mut answers = draft.filing.answers.clone();
    let key = step.to_string();
    let mut rows = match step {
        Step::Persons => persons::rows(&draft.others(), typed),
        Step::Page(_) => question_page::rows(typed, "", answers.rows(&key)),
        Step::Known => vec![known::row(draft, typed)],
        Step::Documents | Step::Check => vec![],
    };
    if let Wish::Without(number) = wish
        && (1..=rows.len()).contains(number)
    {
        rows.remove(number - 1);
    }
    answers.set(&key, rows);
    answers
}

/// Saves the answers, or says why not; what was typed is in the draft either way.
async fn keep(
    tx: &mut Tx,
    act: &Act<Own>,
    draft: &mut Draft,
    answers: Answers,
    step: Step,
    typed: &Fields,
) -> Result<Option<&'static str>, PageError> {
    let mut seen = draft.filing.clone();
    seen.version = typed.get("version").parse().map_err(Failure::misunderstood)?;
    draft.filing.answers = answers;
    match filings::save(tx, act, &seen, &draft.filing.answers, &step.to_string()).await {
        Ok(()) => Ok(None),
        Err(SaveError::Changed(_)) => Ok(Some(
            "Formularen er gemt i et andet vindue, siden du åbnede siden her. Det, du lige har skrevet, \
             står her stadig. Gem igen, hvis det er det, der skal gælde.",
        )),
        Err(error) => Err(gone(error).into()),
    }
}

/// Whether a step is answered as it must be; what is wrong is said at the fields.
fn is_answered(
    draft: &Draft,
    asked: &mut Asked,
    step: Step,
    typed: &Fields,
    visitor: &Visitor,
) -> bool {
    match asked {
        Asked::Persons(forms) => {
            persons::read(forms);
        }
        Asked::Questions(page) => {
            if page.asks_more_than(typed) {
                return false;
            }
            if let Step::Page(place) = step
                && let Some(maker) = Maker::of(draft, place)
            {
                maker.read(page, visitor.today());
            }
        }
        Asked::Known(_) => {}
    }
    asked.problems().is_empty()
}
