//! The official XML schemas, when somebody has put them at hand.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use uppsala::XsdValidator;

use super::payees::masked;

/// A compiled schema of one ISO 20022 message.
pub struct Schema {
    name: String,
    validator: XsdValidator,
}

/// The schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error(
        "{file} is neither in {folder} nor in its folder iso20022; give --schemas the folder that has it"
    )]
    Missing { file: String, folder: PathBuf },
    #[error("the schema {0} cannot be read; see that it is a readable file")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error(
        "the schema {path} is no valid XML schema ({reason}); fetch it again from iso20022.org"
    )]
    Invalid { path: PathBuf, reason: String },
}

impl Schema {
    /// Finds and compiles the schema of a message such as `pain.001.001.03` in a folder.
    pub fn load(folder: &Path, message: &str) -> Result<Self, SchemaError> {
        let file = format!("{message}.xsd");
        let places = [folder.join("iso20022").join(&file), folder.join(&file)];
        let missing = || SchemaError::Missing { file, folder: folder.to_owned() };
        let path = places.into_iter().find(|path| path.is_file()).ok_or_else(missing)?;
        let text = fs::read_to_string(&path)
            .map_err(|error| SchemaError::Unreadable(path.clone(), error))?;
        let validator = uppsala::parse(&text)
            .and_then(|schema| XsdValidator::from_schema_with_base_path(&schema, path.parent()))
            .map_err(|error| SchemaError::Invalid { path, reason: error.to_string() })?;
        Ok(Self { name: message.to_owned(), validator })
    }

    /// The first thing that the schema holds against a document, without personal numbers.
    pub fn complaint(&self, xml: &str) -> Option<String> {
        match uppsala::parse(xml) {
            Ok(document) => {
                self.validator.validate(&document).first().map(|error| masked(&error.to_string()))
            }
            Err(error) => Some(masked(&error.to_string())),
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("name", &self.name).finish_non_exhaustive()
    }
}
