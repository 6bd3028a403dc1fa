//! What is agreed with the broker, and what the municipality promises those who use self-service.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What is agreed with the broker: the data folder's `self-service.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// Where people reach our pages: `https://selv.kommune.example`.
    address: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// A file that holds the secret and nothing else, beside this one. Else the environment tells it.
    #[serde(default)]
    secret_file: Option<PathBuf>,
    #[serde(skip)]
    secret: Secret,
    /// Within how many days the municipality has promised to answer, by benefit
    /// (retssikkerhedsloven § 3, stk. 2). It decides that itself, so there is no default.
    #[serde(default)]
    answer_days: BTreeMap<String, u32>,
}

/// Not printed by accident.
#[derive(Default)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why self-service cannot be switched on.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0} is no profile of a broker: {1}")]
    Misunderstood(PathBuf, serde_json::Error),
    #[error("'{0}' must begin with https://; only this machine itself may be reached without")]
    Unencrypted(String),
    #[error("there is no secret; name its file as \"secret-file\", or set {}", Profile::SECRET)]
    NoSecret,
}

impl Profile {
    /// The variable of the environment that holds the secret.
    pub const SECRET: &str = "YDUN_SELF_SERVICE_SECRET";

    /// Reads the profile; `given` is the secret of the environment, where it has one.
    pub fn read(path: &Path, given: Option<String>) -> Result<Self, ProfileError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ProfileError::Unreadable(path.to_owned(), error))?;
        let mut profile: Self = serde_json::from_str(&text)
            .map_err(|error| ProfileError::Misunderstood(path.to_owned(), error))?;
        for address in [&profile.address, &profile.issuer] {
            if !is_safe(address) {
                return Err(ProfileError::Unencrypted(address.clone()));
            }
        }
        profile.secret = Secret(match (&profile.secret_file, given) {
            (_, Some(secret)) => secret,
            (Some(name), None) => {
                let file = path.parent().unwrap_or(Path::new("")).join(name);
                let read = fs::read_to_string(&file);
                read.map_err(|error| ProfileError::Unreadable(file, error))?.trim().to_owned()
            }
            (None, None) => return Err(ProfileError::NoSecret),
        });
        Ok(profile)
    }

    /// Where the browser comes back to.
    pub(super) fn redirect_address(&self) -> String {
        format!("{}/selv/svar", self.address.trim_end_matches('/'))
    }

    pub(super) fn secret(&self) -> &str {
        &self.secret.0
    }

    /// Within how many days an application for a benefit is answered, where that is promised.
    pub fn answer_days(&self, benefit: &str) -> Option<u32> {
        self.answer_days.get(benefit).copied()
    }
}

/// Encrypted on the way, or never on its way at all.
fn is_safe(address: &str) -> bool {
    let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_of = |start: &&str| {
        address
            .strip_prefix(*start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    };
    address.starts_with("https://") || loopback.iter().any(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, given: Option<&str>) -> Result<Profile, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("self-service.json");
        fs::write(&path, text).unwrap();
        fs::write(folder.path().join("secret"), "i filen\n").unwrap();
        let read = Profile::read(&path, given.map(str::to_owned));
        read.map_err(|error| error.to_string().replace(&path.display().to_string(), "PATH"))
    }

    #[test]
    fn a_profile_has_its_secret_from_a_file_or_the_environment() {
        const PROFILE: &str = r#"{ "address": "https://selv.example", "issuer": "https://broker.example",
            "client-id": "ydun", "secret-file": "secret", "answer-days": { "enkeltydelser": 28 } }"#;
        let profile = read(PROFILE, None).unwrap();
        assert_eq!((profile.secret(), profile.answer_days("enkeltydelser")), ("i filen", Some(28)));
        assert_eq!(profile.redirect_address(), "https://selv.example/selv/svar");
        assert!(!format!("{profile:?}").contains("i filen"));
        assert_eq!(read(PROFILE, Some("givet")).unwrap().secret(), "givet");
        let without = PROFILE.replace(r#""secret-file": "secret", "#, "");
        let refused = read(&without, None).unwrap_err();
        assert!(refused.contains("there is no secret"), "{refused}");
    }

    #[test]
    fn nobody_logs_in_over_an_open_line() {
        for (issuer, is_taken) in [
            ("https://broker.example", true),
            ("http://127.0.0.1:8090", true),
            ("http://localhost/id", true),
            ("http://broker.example", false),
            ("http://127.0.0.1.example", false),
            ("http://localhost@broker.example", false),
        ] {
            assert_eq!(is_safe(issuer), is_taken, "{issuer}");
        }
    }
}
