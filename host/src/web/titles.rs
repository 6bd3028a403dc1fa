//! What benefits are called.

use std::collections::BTreeMap;

use crate::db::{Read, Result};
use crate::modules::service as modules;

/// The Danish title of each benefit, from the module that was installed last.
#[derive(Debug)]
pub(super) struct Titles(BTreeMap<String, String>);

impl Titles {
    pub(super) async fn read(db: &mut Read) -> Result<Self> {
        let mut titles = BTreeMap::new();
        for installed in modules::list(db).await? {
            if let Some(manifest) = modules::manifest(db, installed.digest).await? {
                titles.insert(installed.benefit, manifest.title);
            }
        }
        Ok(Self(titles))
    }

    /// The benefit's own word where no module of it is installed.
    pub(super) fn of<'a>(&'a self, benefit: &'a str) -> &'a str {
        self.0.get(benefit).map_or(benefit, String::as_str)
    }

    /// Every benefit that is installed, with its title, by title.
    pub(super) fn all(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> =
            self.0.iter().map(|(benefit, title)| (benefit.clone(), title.clone())).collect();
        all.sort_by(|(_, one), (_, other)| one.cmp(other));
        all
    }
}
