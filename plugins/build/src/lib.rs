//! Builds a benefit module from its package.
//!
//! A package is a folder with a `Cargo.toml`, a `manifest.json` and perhaps `cases/`. What comes out
//! is one file: the component, with manifest and cases inside, so that one digest covers it all.
//! The chores of the repository and the developer's kit build with this, and so alike.

pub mod apt;
pub mod cases;
mod component;
mod module;
pub mod run;
mod toolchain;
mod workspace;

pub use module::{Module, OtherLanguage, is_package};
pub use toolchain::{TARGET, Toolchain};
pub use workspace::Workspace;
