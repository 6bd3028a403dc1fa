//! What a municipality chooses where a module leaves a choice.

use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::{Day, Period, Tenant, Validity};
use ydun_runtime::manifest::{ScalarKind, Setting};
use ydun_runtime::{Digest, Manifest};

use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::modules::{Choice, store};

/// Why a choice was not saved, or does not apply.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    #[error("no module of {0} is installed; see `ydun module list`")]
    NotInstalled(String),
    #[error("{benefit} has no setting '{key}'; it has {}", known.join(", "))]
    Unknown { benefit: String, key: String, known: Vec<String> },
    #[error("'{key}' must be {expected}")]
    Refused { key: String, expected: String },
    #[error(
        "'{key}' changes on {day}, in the middle of {span}; let the change begin on the first day of a month"
    )]
    Split { key: String, day: Day, span: Period },
    #[error("the stored manifest of {0} cannot be read")]
    Unreadable(String, #[source] serde_json::Error),
    #[error("the setting could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// A choice to make.
#[derive(Clone, Debug)]
pub struct Choose<'a> {
    pub benefit: &'a str,
    pub key: &'a str,
    /// The days of the benefit it applies to.
    pub days: Validity,
    /// The day from which calculations use it.
    pub known_from: Day,
    pub value: Scalar,
}

/// Every day a benefit can be about.
pub fn all_days() -> Validity {
    Validity::from_day(Day::new(1850, 1, 1))
}

/// Saves what the municipality chooses for some days, as known from a day on.
///
/// Where something else was chosen for the same days, it no longer applies to them. What was known
/// before stays known as it was.
pub async fn choose(
    tx: &mut Tx,
    act: &Act<Administer>,
    new: Choose<'_>,
) -> Result<(), SettingError> {
    let Choose { benefit, key, days, known_from, value } = new;
    store::lock_benefit(tx, benefit).await?;
    let (digest, manifest) = newest(tx, benefit).await?;
    let setting = manifest.settings.iter().find(|setting| setting.key == key);
    let setting = setting.ok_or_else(|| SettingError::Unknown {
        benefit: benefit.to_owned(),
        key: key.to_owned(),
        known: manifest.settings.iter().map(|setting| setting.key.clone()).collect(),
    })?;
    accept(setting, &value)?;
    let detail = format!("{benefit} {key} {days} known from {known_from}: {}", super::json(&value));
    let (key, set_at, set_by) = (key.to_owned(), act.at(), act.by().to_owned());
    let choice = Choice { key, days, known_from, value, set_at, set_by };
    store::insert_choice(tx, act, benefit, &choice).await?;
    audit::record(tx, act, Action::SettingChosen, Subject::Module(digest), detail).await?;
    Ok(())
}

/// The manifest of the benefit's newest module, which says what there is to choose.
pub async fn newest_manifest(db: &mut Read, benefit: &str) -> Result<Manifest, SettingError> {
    newest(db, benefit).await.map(|(_, manifest)| manifest)
}

async fn newest(db: &mut Read, benefit: &str) -> Result<(Digest, Manifest), SettingError> {
    let newest = store::newest(db, benefit).await?;
    let newest = newest.ok_or_else(|| SettingError::NotInstalled(benefit.to_owned()))?;
    let manifest = serde_json::from_str(&newest.manifest)
        .map_err(|error| SettingError::Unreadable(benefit.to_owned(), error))?;
    Ok((newest.digest, manifest))
}

/// What applies to days of the benefit for each setting of the manifest, as known on a day: the
/// choice, else the default.
pub async fn settings(
    db: &mut Read,
    tenant: Tenant,
    manifest: &Manifest,
    span: Period,
    known_at: Day,
) -> Result<Vec<Attribute>, SettingError> {
    let all = store::choices(db, tenant, &manifest.id, known_at).await?;
    let applies = |setting: &Setting| {
        let chosen: Vec<&Choice> = all.iter().filter(|choice| choice.key == setting.key).collect();
        let value = applies(setting, &chosen, span)?;
        accept(setting, value)?;
        Ok(Attribute::new(&setting.key, value.clone()))
    };
    manifest.settings.iter().map(applies).collect()
}

/// Everything that was chosen for a benefit, as known on a day; of two about one day the last counts.
pub async fn choices(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    known_at: Day,
) -> db::Result<Vec<Choice>> {
    store::choices(db, tenant, benefit, known_at).await
}

/// The one value of all days of the span. `chosen` are in the order they became known.
fn applies<'a>(
    setting: &'a Setting,
    chosen: &[&'a Choice],
    span: Period,
) -> Result<&'a Scalar, SettingError> {
    let on = |day| {
        let last = chosen.iter().rev().find(|choice| choice.days.contains(day));
        last.map_or(&setting.default, |choice| &choice.value)
    };
    let value = on(span.first());
    let turns = chosen
        .iter()
        .flat_map(|choice| [Some(choice.days.first()), choice.days.last().map(Day::next)])
        .flatten();
    let other = turns.filter(|day| span.contains(*day) && on(*day) != value).min();
    match other {
        None => Ok(value),
        Some(day) => Err(SettingError::Split { key: setting.key.clone(), day, span }),
    }
}

fn accept(setting: &Setting, value: &Scalar) -> Result<(), SettingError> {
    let refuse =
        |expected: String| Err(SettingError::Refused { key: setting.key.clone(), expected });
    if ScalarKind::of(value) != ScalarKind::of(&setting.default) {
        return refuse(format!("of the type {}", setting.default.kind()));
    }
    match value {
        Scalar::Code(word) if !setting.codes.iter().any(|code| code.code == *word) => {
            let codes: Vec<&str> = setting.codes.iter().map(|code| code.code.as_str()).collect();
            refuse(format!("one of {}", codes.join(", ")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> Setting {
        serde_json::from_value(serde_json::json!({
            "key": "guide", "title": "Vejledende beløb", "note": "Kommunens eget", "default": { "integer": 0 },
        }))
        .unwrap()
    }

    fn choice(days: &str, value: i64) -> Choice {
        Choice {
            key: "guide".into(),
            days: days.parse().unwrap(),
            known_from: Day::new(2020, 1, 1),
            value: Scalar::Integer(value),
            set_at: "2020-01-01T09:00:00Z".parse().unwrap(),
            set_by: "abc".into(),
        }
    }

    /// The value that applies, or the day it changes.
    #[track_caller]
    fn check(chosen: &[(&str, i64)], span: &str, expected: Result<i64, &str>) {
        let chosen: Vec<Choice> = chosen.iter().map(|(days, value)| choice(days, *value)).collect();
        let (setting, chosen) = (setting(), chosen.iter().collect::<Vec<_>>());
        let found = match applies(&setting, &chosen, span.parse().unwrap()) {
            Ok(value) => Ok(value.clone()),
            Err(SettingError::Split { day, .. }) => Err(day.to_string()),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(found, expected.map(Scalar::Integer).map_err(str::to_owned), "{span}");
    }

    #[test]
    fn what_applies_is_the_last_choice_for_the_days() {
        const OCTOBER: &str = "2020-10-01..2020-10-31";
        check(&[], OCTOBER, Ok(0));
        check(&[("2020-01-01..", 1)], OCTOBER, Ok(1));
        check(&[("2020-01-01..2020-09-30", 1)], OCTOBER, Ok(0)); // its last day is the day before
        check(&[("2020-11-01..", 1)], OCTOBER, Ok(0)); // its first day is the day after
        check(&[("2020-01-01..", 1), ("2020-10-01..2020-10-31", 2)], OCTOBER, Ok(2));
        check(&[("2020-10-01..2020-10-31", 2), ("2020-01-01..", 1)], OCTOBER, Ok(1));
    }

    #[test]
    fn a_value_that_changes_within_the_days_is_not_guessed() {
        const OCTOBER: &str = "2020-10-01..2020-10-31";
        check(&[("2020-10-31..", 1)], OCTOBER, Err("2020-10-31"));
        check(&[("2020-01-01..2020-10-30", 1)], OCTOBER, Err("2020-10-31"));
        check(&[("2020-10-15..", 1)], "2020-10-15..2020-10-15", Ok(1)); // one day is never split
        check(&[("2020-01-01..2020-10-14", 1), ("2020-10-15..", 1)], OCTOBER, Ok(1)); // it does not change
        check(&[("2020-10-15..", 1), ("2020-01-01..", 2)], OCTOBER, Ok(2)); // the change was overtaken
    }
}
