//! Verification of a module before it may pay anything.

pub(crate) mod format;
pub(crate) mod imports;
pub(crate) mod interface;
pub(crate) mod manifest;
pub(crate) mod size;
