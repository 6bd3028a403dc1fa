//! Verifies, loads and runs benefit modules in a sandbox.

pub mod manifest;
mod v1;
