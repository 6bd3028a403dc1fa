//! Whose signatures count, and for what.

use serde::{Deserialize, Serialize};

use super::{KeyId, PublicKey};

/// The publishers a host believes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustStore {
    pub publishers: Vec<Publisher>,
}

/// A key, and what its holder may publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Publisher {
    pub name: String,
    pub key: PublicKey,
    pub may_sign: Reach,
    /// Why the key no longer counts. It then counts for no day at all: whoever has stolen it can
    /// write any day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

/// How far a publisher's word goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Reach {
    /// Every benefit, those of municipalities included: a national publisher may countersign them.
    National,
    /// The municipality's own benefits, whose ids begin with its code: `k0561:julehjaelp`.
    Municipality(String),
}

impl TrustStore {
    pub fn publisher(&self, key: KeyId) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.key.id() == key)
    }
}

impl Reach {
    pub fn covers(&self, benefit: &str) -> bool {
        match self {
            Self::National => true,
            Self::Municipality(code) => {
                benefit.split_once(':').is_some_and(|(space, _)| space == code)
            }
        }
    }
}

/// The text is neither `national` nor a municipality.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' may sign nothing; write national, or a municipality such as k0561")]
pub struct NoReach(String);

impl TryFrom<String> for Reach {
    type Error = NoReach;

    fn try_from(text: String) -> Result<Self, NoReach> {
        let digits = text.strip_prefix('k').unwrap_or_default();
        match text.as_str() {
            "national" => Ok(Self::National),
            _ if digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Self::Municipality(text))
            }
            _ => Err(NoReach(text)),
        }
    }
}

impl From<Reach> for String {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::National => "national".into(),
            Reach::Municipality(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_signs_within_its_own_namespace_only() {
        let reach = |text: &str| Reach::try_from(text.to_owned());
        let esbjerg = reach("k0561").unwrap();
        assert!(esbjerg.covers("k0561:julehjaelp"));
        for other in ["k0101:julehjaelp", "julehjaelp", "k0561", "k05610:julehjaelp"] {
            assert!(!esbjerg.covers(other), "{other}");
        }
        assert!(reach("national").unwrap().covers("k0561:julehjaelp"));
        for nothing in ["0561", "k561", "K0561", "k0561:", ""] {
            assert_eq!(reach(nothing), Err(NoReach(nothing.to_owned())));
        }
    }
}
