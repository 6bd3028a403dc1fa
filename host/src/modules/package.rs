//! A module as it is delivered: a file, a folder of files, or an image as container tools make it.
//!
//! Nothing that is read here is believed. Whoever delivers a module has signed the component itself,
//! and verification looks at nothing else.

mod folder;
mod image;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ydun_runtime::{Fault, Signatures};

/// No file of a package is larger; a component is held to its own, lower limit.
const FILE_BYTES: u64 = 64 << 20;

/// A component, and the signatures that came with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub component: Vec<u8>,
    pub signatures: Signatures,
}

/// Which module of several: `voksenlaerling@1.0.0` or `k0561:julehjaelp@1.2.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub benefit: String,
    pub version: String,
}

/// The text names no module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a benefit and a version such as voksenlaerling@1.0.0")]
pub struct NotWanted(String);

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("{} cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    #[error("{} is larger than the {FILE_BYTES} bytes a file of a package may have", .0.display())]
    TooLarge(PathBuf),
    #[error(
        "{} holds no module; give a .wasm file, a folder with <name space>/<name>/<version>.wasm, or an OCI image layout",
        .0.display()
    )]
    Empty(PathBuf),
    #[error("there are several modules: {}; say which", names(.0))]
    Several(Vec<Wanted>),
    #[error("there is no {wanted}; there is {}", names(.there))]
    Missing { wanted: Wanted, there: Vec<Wanted> },
    #[error("the signatures in {} cannot be read: {fault}", .file.display())]
    Signatures { file: PathBuf, fault: Box<Fault> },
    #[error("the image {} is broken: {why}", .folder.display())]
    Image { folder: PathBuf, why: String },
}

fn names(modules: &[Wanted]) -> String {
    modules.iter().map(Wanted::to_string).collect::<Vec<_>>().join(", ")
}

/// Reads what lies at a place; `wanted` says which where there may be several.
pub fn read(place: &Path, wanted: Option<&Wanted>) -> Result<Package, PackageError> {
    if !place.is_dir() {
        return file(place);
    }
    if place.join(image::MARK).is_file() {
        return image::read(place, wanted);
    }
    let there = folder::modules(place)?;
    let file_of = choose(place, there, wanted)?;
    file(&file_of)
}

/// A component with its signatures beside it: `voksenlaerling-1.0.0.sig.json`.
fn file(component: &Path) -> Result<Package, PackageError> {
    let beside = component.with_extension("sig.json");
    let signatures = if beside.exists() {
        signatures(&beside, &bytes(&beside)?)?
    } else {
        Signatures::default()
    };
    Ok(Package { component: bytes(component)?, signatures })
}

fn signatures(file: &Path, json: &[u8]) -> Result<Signatures, PackageError> {
    Signatures::read(json)
        .map_err(|fault| PackageError::Signatures { file: file.to_owned(), fault: Box::new(fault) })
}

/// A file that is not too large to be read at once.
fn bytes(file: &Path) -> Result<Vec<u8>, PackageError> {
    let refuse = |error| PackageError::Read(file.to_owned(), error);
    if fs::metadata(file).map_err(refuse)?.len() > FILE_BYTES {
        return Err(PackageError::TooLarge(file.to_owned()));
    }
    fs::read(file).map_err(refuse)
}

/// The module that is wanted, or the only one there is.
fn choose<T>(
    place: &Path,
    mut there: Vec<(Wanted, T)>,
    wanted: Option<&Wanted>,
) -> Result<T, PackageError> {
    let names = |there: &[(Wanted, T)]| there.iter().map(|(name, _)| name.clone()).collect();
    match (wanted, there.len()) {
        (_, 0) => Err(PackageError::Empty(place.to_owned())),
        (None, 1) => Ok(there.remove(0).1),
        (None, _) => Err(PackageError::Several(names(&there))),
        (Some(wanted), _) => match there.iter().position(|(name, _)| name == wanted) {
            Some(at) => Ok(there.remove(at).1),
            None => Err(PackageError::Missing { wanted: wanted.clone(), there: names(&there) }),
        },
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.benefit, self.version)
    }
}

impl FromStr for Wanted {
    type Err = NotWanted;
    fn from_str(text: &str) -> Result<Self, NotWanted> {
        match text.split_once('@') {
            Some((benefit, version)) if !benefit.is_empty() && !version.is_empty() => {
                Ok(Self { benefit: benefit.to_owned(), version: version.to_owned() })
            }
            _ => Err(NotWanted(text.to_owned())),
        }
    }
}
