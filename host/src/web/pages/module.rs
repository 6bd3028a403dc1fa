//! `/moduler/{benefit}`: a benefit's versions through their lives, and what the municipality has chosen for it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ydun_domain::{Day, Validity};
use ydun_runtime::Digest;
use ydun_runtime::manifest::{ScalarKind, Setting, table};

use super::html;
use crate::access::{Act, Administer, Look};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::clock::danish as danish_day;
use crate::db::{Read, Tx};
use crate::modules::service::{
    self as modules, Activate, ActivateError, Choose, RollBackError, SettingError, SuspendError,
    all_days,
};
use crate::modules::suspension::Suspension;
use crate::modules::{Activation, Choice, Installed, Mode};
use crate::operations::service::roll_back;
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::entry;
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "module.html")]
struct ModulePage {
    frame: Frame,
    benefit: String,
    title: String,
    may_change: bool,
    versions: Vec<VersionRow>,
    settings: Vec<SettingRow>,
    typed: Fields,
    problem: Option<String>,
}

/// A version, and what it counts for.
struct VersionRow {
    version: String,
    digest: String,
    installed: String,
    counts: Vec<String>,
    /// Why it rests, when it does.
    rests: Option<String>,
}

struct SettingRow {
    key: String,
    title: String,
    standard: String,
    /// What was chosen, for which days and by whom, in the order it became known.
    chosen: Vec<String>,
}

pub(super) async fn show(
    desk: Desk,
    Path(benefit): Path<String>,
) -> Result<Html<String>, PageError> {
    html(&ModulePage::read(&desk, &benefit, Fields::default(), None).await?)
}

/// `/moduler/{benefit}/{what}`: activates, suspends, resumes or rolls back a version, or makes a choice.
pub(super) async fn change(
    Path((benefit, what)): Path<(String, String)>,
    Sent { desk, form }: Sent<Fields>,
) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    let done = match &*what {
        "tag-i-brug" => activate(&mut tx, &act, &benefit, &form).await,
        "saet-i-bero" => suspend(&mut tx, &act, &benefit, &form).await,
        "genoptag" => resume(&mut tx, &act, &benefit, &form).await,
        "rul-tilbage" => undo(&mut tx, &act, &benefit, &form).await,
        "vaelg" => choose(&mut tx, &act, &benefit, &form).await,
        _ => return Err(Failure::NotFound("page").into()),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/moduler/{benefit}")).into_response())
        }
        Err(problem) => {
            drop(tx);
            let page = ModulePage::read(&desk, &benefit, form, Some(problem?)).await?;
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
    }
}

/// Why nothing was changed, in words; or what broke.
type Refused = Result<String, PageError>;

async fn activate(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    form: &Fields,
) -> Result<(), Refused> {
    let known_from = danish_day(act.at());
    let days = days(form, "Skriv den første dag, versionen gælder for, for eksempel 010126.")?;
    let mode = if form.get("skygge") == "ja" { Mode::Shadow } else { Mode::Active };
    let new = Activate { benefit, version: form.get("version"), days, known_from, mode };
    modules::activate(tx, act, new).await.map(drop).map_err(not_activated)
}

/// The days that are written; without a last one until further notice.
fn days(form: &Fields, lacking: &str) -> Result<Validity, Refused> {
    let first = entry::day(form.get("fra")).ok_or_else(|| Ok(lacking.to_owned()))?;
    let last = match form.get("til") {
        "" => None,
        text => Some(entry::day(text).ok_or_else(|| Ok(lacking.to_owned()))?),
    };
    Validity::new(first, last).map_err(|_| Ok("Den sidste dag ligger før den første.".to_owned()))
}

fn not_activated(refused: ActivateError) -> Refused {
    Ok(match refused {
        ActivateError::Frozen(frozen) => danish::frozen(&frozen),
        ActivateError::Gate(_) => {
            "Versionen ville ændre noget, der er beregnet, og ingen har skrevet under på forskellene. Lav en \
             sammenligning med ydun module replay, og få grupperne underskrevet."
                .to_owned()
        }
        ActivateError::Suspended { reason, .. } => format!("Versionen er sat i bero: {reason}"),
        ActivateError::KnownLater(day) => {
            format!("For nogle af dagene er noget andet kendt fra {}.", day.in_words())
        }
        ActivateError::NotTrusted { .. } => {
            "Ingen, kommunen stoler på, har skrevet under på versionen.".to_owned()
        }
        ActivateError::NotInstalled { .. } => "Versionen er ikke lagt ind.".to_owned(),
        ActivateError::Store(error) => return Err(error.into()),
    })
}

async fn suspend(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    form: &Fields,
) -> Result<(), Refused> {
    let which = (benefit, form.get("version"));
    modules::suspend(tx, act, which, form.get("grund")).await.map(drop).map_err(not_suspended)
}

async fn resume(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    form: &Fields,
) -> Result<(), Refused> {
    let which = (benefit, form.get("version"));
    modules::resume(tx, act, which, form.get("grund")).await.map_err(not_suspended)
}

fn not_suspended(refused: SuspendError) -> Refused {
    match refused {
        SuspendError::NoReason => Ok("Skriv hvorfor, til den, der kommer efter dig.".to_owned()),
        SuspendError::Already { .. } => Ok("Versionen er sat i bero i forvejen.".to_owned()),
        SuspendError::NotSuspended { .. } => Ok("Versionen er ikke sat i bero.".to_owned()),
        SuspendError::NotInstalled { .. } => Ok("Versionen er ikke lagt ind.".to_owned()),
        SuspendError::Store(error) => Err(error.into()),
    }
}

async fn undo(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    form: &Fields,
) -> Result<(), Refused> {
    let (which, today) = ((benefit, form.get("version")), danish_day(act.at()));
    let done = roll_back(tx, act, which, today, form.get("grund")).await;
    done.map(drop).map_err(|refused| match refused {
        RollBackError::Store(error) => Err(error.into()),
        other => Ok(format!("Versionen er ikke rullet tilbage: {other}")),
    })
}

async fn choose(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    form: &Fields,
) -> Result<(), Refused> {
    let manifest = modules::newest_manifest(tx, benefit).await.map_err(not_chosen)?;
    let key = form.get("valg");
    let setting = manifest.settings.iter().find(|setting| setting.key == key);
    let setting = setting.ok_or_else(|| Ok("Vælg, hvad der skal ændres.".to_owned()))?;
    let kind = ScalarKind::of(&setting.default);
    let written = entry::value(form.get("vaerdi"), kind).map_err(Ok)?;
    let value =
        table::read_value(&written, kind).map_err(|_| Ok(entry::expected(kind).to_owned()))?;
    let days = match form.get("fra") {
        "" => all_days(),
        _ => days(form, "Skriv den første dag, for eksempel 010126, eller ingen dage for alle.")?,
    };
    let new = Choose { benefit, key, days, known_from: danish_day(act.at()), value };
    modules::choose(tx, act, new).await.map_err(not_chosen)
}

fn not_chosen(refused: SettingError) -> Refused {
    match refused {
        SettingError::Store(error) => Err(error.into()),
        other => Ok(format!("Valget er ikke gemt: {other}")),
    }
}

impl ModulePage {
    async fn read(
        desk: &Desk,
        benefit: &str,
        typed: Fields,
        problem: Option<String>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let mut installed = modules::list(&mut tx).await?;
        installed.retain(|one| one.benefit == benefit);
        if installed.is_empty() {
            return Err(Failure::NotFound("module").into());
        }
        let manifest = modules::newest_manifest(&mut tx, benefit).await.map_err(Failure::broken)?;
        let versions = versions(&mut tx, &act, benefit, &installed).await?;
        let today = danish_day(act.at());
        let choices = modules::choices(&mut tx, act.tenant(), benefit, today).await?;
        audit::record_look(&mut tx, &act, Subject::Municipality, "a module").await?;
        tx.commit().await?;
        Ok(Self {
            may_change: frame.may::<Administer>(),
            frame,
            benefit: benefit.to_owned(),
            title: manifest.title,
            versions,
            settings: manifest.settings.iter().map(|one| SettingRow::of(one, &choices)).collect(),
            typed,
            problem,
        })
    }
}

async fn versions(
    db: &mut Read,
    act: &Act<Look>,
    benefit: &str,
    installed: &[Installed],
) -> crate::db::Result<Vec<VersionRow>> {
    let activations = modules::activations(db, act.tenant(), benefit).await?;
    let resting = modules::suspensions(db, act.tenant()).await?;
    let row = |one: &Installed| VersionRow::of(one, &activations, &resting);
    Ok(installed.iter().rev().map(row).collect())
}

impl VersionRow {
    fn of(one: &Installed, activations: &[Activation], resting: &[Suspension]) -> Self {
        let own = |digest: Digest| digest == one.digest;
        let counts = activations
            .iter()
            .filter(|activation| own(activation.digest) && activation.known_until.is_none());
        let rests = resting.iter().find(|rests| own(rests.digest));
        Self {
            version: one.version.clone(),
            digest: one.digest.to_string()[..12].to_owned(),
            installed: format!(
                "{} af {}",
                danish_day(one.installed_at).in_words(),
                one.installed_by
            ),
            counts: counts.map(in_words).collect(),
            rests: rests.map(|rests| hide_personal_numbers(&rests.reason)),
        }
    }
}

/// `fra 1. januar 2021, kendt fra 3. december 2020`
fn in_words(activation: &Activation) -> String {
    let (days, known) = (danish::validity(activation.days), activation.known_from.in_words());
    match activation.mode {
        Mode::Active => format!("{days}, kendt fra {known}"),
        Mode::Shadow => format!("i skyggen {days}, kendt fra {known}; udbetaler intet"),
    }
}

impl SettingRow {
    fn of(setting: &Setting, choices: &[Choice]) -> Self {
        let chosen = choices.iter().filter(|choice| choice.key == setting.key);
        let told = |choice: &Choice| {
            let value = danish::value(&choice.value);
            let days = if choice.days == all_days() {
                "alle dage".to_owned()
            } else {
                danish::validity(choice.days)
            };
            format!(
                "{value} {days}, valgt af {} {}",
                choice.set_by,
                Day::in_words(danish_day(choice.set_at))
            )
        };
        Self {
            key: setting.key.clone(),
            title: setting.title.clone(),
            standard: danish::value(&setting.default),
            chosen: chosen.map(told).collect(),
        }
    }
}
