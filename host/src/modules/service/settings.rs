//! What a municipality chooses where a module leaves a choice.

use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::{Day, Tenant};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{ScalarKind, Setting};

use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Tx};
use crate::modules::store;

/// Why a choice was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    #[error("no module of {0} is installed; see `ydun module list`")]
    NotInstalled(String),
    #[error("{benefit} has no setting '{key}'; it has {}", known.join(", "))]
    Unknown { benefit: String, key: String, known: Vec<String> },
    #[error("'{key}' must be {expected}")]
    Refused { key: String, expected: String },
    #[error("the stored manifest or setting of {0} cannot be read")]
    Unreadable(String, #[source] serde_json::Error),
    #[error("the setting could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Saves what the municipality chooses from a day on.
pub async fn set(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    key: &str,
    known_from: Day,
    value: &Scalar,
) -> Result<(), SettingError> {
    let newest = store::newest(tx, benefit)
        .await?
        .ok_or_else(|| SettingError::NotInstalled(benefit.to_owned()))?;
    let manifest: Manifest = serde_json::from_str(&newest.manifest)
        .map_err(|error| SettingError::Unreadable(benefit.to_owned(), error))?;
    let setting = manifest.settings.iter().find(|setting| setting.key == key);
    let setting = setting.ok_or_else(|| SettingError::Unknown {
        benefit: benefit.to_owned(),
        key: key.to_owned(),
        known: manifest.settings.iter().map(|setting| setting.key.clone()).collect(),
    })?;
    accept(setting, value)?;
    let value = super::json(value);
    let detail = format!("{benefit} {key} from {known_from}: {value}");
    store::put_setting(tx, act, benefit, key, known_from, value).await?;
    audit::record(tx, act, Action::SettingChosen, Subject::Module(newest.digest), detail).await?;
    Ok(())
}

/// What counts for each setting of the manifest, as known on a day: the choice, else the default.
pub async fn settings(
    db: &mut Read,
    tenant: Tenant,
    manifest: &Manifest,
    known_at: Day,
) -> Result<Vec<Attribute>, SettingError> {
    let chosen = store::settings(db, tenant, &manifest.id, known_at).await?;
    let value = |setting: &Setting| match chosen.iter().find(|(key, _)| *key == setting.key) {
        None => Ok(Attribute::new(&setting.key, setting.default.clone())),
        Some((key, value)) => {
            let value = serde_json::from_str(value)
                .map_err(|error| SettingError::Unreadable(manifest.id.clone(), error))?;
            accept(setting, &value)?;
            Ok(Attribute::new(key, value))
        }
    };
    manifest.settings.iter().map(value).collect()
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
