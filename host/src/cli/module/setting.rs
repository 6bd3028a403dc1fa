//! `ydun module set` and `ydun module settings`: what a module leaves to the municipality.

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use ydun::access::{Administer, Look};
use ydun::modules::Choice;
use ydun::modules::service::{self, Choose, SettingError, all_days};
use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Validity};
use ydun_runtime::manifest::Setting;

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    benefit: String,
    key: String,

    /// The value with its kind, as JSON: {"text":"0561"}, {"flag":true} or {"amount":"1250.00"}.
    #[arg(value_parser = read_scalar)]
    value: Scalar,

    /// The first day of the benefit it applies to [default: all days]
    #[arg(long)]
    from: Option<Day>,

    /// The last day of the benefit it applies to [default: until further notice]
    #[arg(long)]
    to: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct SettingsArguments {
    benefit: String,

    /// As it was known on this day [default: today]
    #[arg(long)]
    known_at: Option<Day>,
}

fn read_scalar(text: &str) -> Result<Scalar, String> {
    serde_json::from_str(text).map_err(|error| {
        format!(r#"{error}; a value is written with its kind, such as {{"text":"0561"}}"#)
    })
}

pub(super) async fn set(
    session: &Session,
    output: Output,
    arguments: SetArguments,
) -> Result<Ended> {
    let SetArguments { benefit, key, value, from, to } = arguments;
    let act = session.act::<Administer>().await?;
    let days = Validity::new(from.unwrap_or(all_days().first()), to)
        .map_err(|error| Refused(error.to_string()))?;
    let known_from = session.clock.today();
    let choice = Choose { benefit: &benefit, key: &key, days, known_from, value: value.clone() };
    let mut tx = session.db.begin().await?;
    service::choose(&mut tx, &act, choice).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&value, |value| {
        format!("{benefit}: {key} er {value} for {}, kendt fra {known_from}", in_words(days))
    })?;
    Ok(Ended::Done)
}

fn told(error: SettingError) -> anyhow::Error {
    match error {
        SettingError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}

/// A setting and what was chosen for it, in the order it became known.
#[derive(Debug, Serialize)]
struct Shown {
    setting: Setting,
    choices: Vec<Choice>,
}

pub(super) async fn settings(
    session: &Session,
    output: Output,
    arguments: SettingsArguments,
) -> Result<Ended> {
    let SettingsArguments { benefit, known_at } = arguments;
    let act = session.act::<Look>().await?;
    let known_at = known_at.unwrap_or_else(|| session.clock.today());
    let mut read = session.db.read().await?;
    let manifest = service::newest_manifest(&mut read, &benefit).await.map_err(told)?;
    let choices = service::choices(&mut read, act.tenant(), &benefit, known_at).await?;
    let of = |key: &str| choices.iter().filter(|choice| choice.key == key).cloned().collect();
    let shown = |setting: Setting| Shown { choices: of(&setting.key), setting };
    let shown: Vec<Shown> = manifest.settings.into_iter().map(shown).collect();
    output.answer(&shown, |shown| settings_text(shown))?;
    Ok(Ended::Done)
}

/// A row for each choice; the default where nothing was chosen.
fn settings_text(shown: &[Shown]) -> String {
    let rows = shown.iter().flat_map(|Shown { setting, choices }| {
        let standard = vec![
            setting.key.clone(),
            setting.default.to_string(),
            "standard".to_owned(),
            String::new(),
            String::new(),
        ];
        let chosen = |choice: &Choice| {
            vec![
                setting.key.clone(),
                choice.value.to_string(),
                in_words(choice.days),
                choice.known_from.to_string(),
                choice.set_by.clone(),
            ]
        };
        std::iter::once(standard).chain(choices.iter().map(chosen)).collect::<Vec<_>>()
    });
    let table =
        table(&["Valg", "Værdi", "Dage", "Kendt fra", "Valgt af"], &rows.collect::<Vec<_>>());
    format!("{table}\n\nEr to værdier valgt for den samme dag, gælder den nederste.")
}

fn in_words(days: Validity) -> String {
    if days == all_days() { "alle dage".to_owned() } else { days.to_string() }
}
