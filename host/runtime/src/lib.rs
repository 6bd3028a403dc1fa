//! Verifies, loads and runs benefit modules in a sandbox.

pub mod canonical;
mod engine;
mod fault;
mod guest;
mod image;
mod input;
mod limits;
pub mod manifest;
mod module;
mod run;
mod section;
mod v1;
mod validate;
pub mod verify;

pub use canonical::Digest;
pub use engine::{Allocation, NoSandbox, Sandbox};
pub use fault::{Code, Fault};
pub use guest::{Level, TraceLine};
pub use image::ImageStore;
pub use input::Input;
pub use limits::{FuelBudget, Limits};
pub use manifest::Manifest;
pub use module::Module;
pub use run::{Calculation, Check, Run, retry_once};
