//! simcpr: a register of persons of its own, which tells what happens to them.
//!
//! It lets its persons live: families move, somebody dies, a name changes. What is true stands in its own
//! books. It tells it by AMQP with the broker's confirmation, or by REST, and on demand it tells things
//! twice, in another order, or not at all; what stands can be asked for afterwards.

mod life;
mod send;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::life::{Population, live};
pub use self::send::{Disorder, SendError, by_amqp, by_rest, delivery};

/// Whom an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    Cpr(String),
}

/// Something that happened, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Happened {
    pub source: String,
    pub message_id: String,
    pub sequence: u64,
    pub kind: String,
    pub about: About,
    pub day: String,
    pub known: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What stands about a person, without the message it was told in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Standing {
    kind: String,
    about: About,
    day: String,
    known: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    municipality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// Everything that stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Snapshot {
    source: String,
    as_of: String,
    pub standing: Vec<Standing>,
}

/// The register's own ledger of what is true.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Books {
    pub happened: Vec<Happened>,
    /// How many of them have been told, or were lost on purpose.
    pub told: usize,
}

/// Why the books cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the books '{}' cannot be used; look at the file, or begin new ones", path.display())]
pub struct BooksError {
    path: PathBuf,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Books {
    /// Opens the books; without a file it begins new ones.
    pub fn open(path: &Path) -> Result<Self, BooksError> {
        let broken = |source| BooksError { path: path.to_owned(), source };
        match std::fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| broken(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(broken(error.into())),
        }
    }

    pub fn save(&self, path: &Path) -> Result<(), BooksError> {
        let write = || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            Ok(std::fs::write(path, serde_json::to_vec_pretty(self)?)?)
        };
        write().map_err(|source| BooksError { path: path.to_owned(), source })
    }

    /// The newest of each kind about each person.
    pub fn snapshot(&self, as_of: &str) -> Snapshot {
        let mut newest: BTreeMap<(&About, &str), &Happened> = BTreeMap::new();
        for event in &self.happened {
            let standing = newest.entry((&event.about, &event.kind)).or_insert(event);
            if (&event.day, event.sequence) > (&standing.day, standing.sequence) {
                *standing = event;
            }
        }
        let source = self.happened.first().map_or("cpr", |event| &event.source).to_owned();
        let standing = newest.into_values().map(Standing::of).collect();
        Snapshot { source, as_of: as_of.to_owned(), standing }
    }
}

impl Standing {
    fn of(event: &Happened) -> Self {
        let Happened { kind, about, day, known, municipality, name, .. } = event.clone();
        Self { kind, about, day, known, municipality, name }
    }
}
