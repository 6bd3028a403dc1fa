//! The benefit from outside: a dossier in, an outcome out.
//!
//! Every file builds its cases from the ordinary one in [`scene`], and changes what it is about.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod cases;
mod check;
mod conditions;
mod end;
mod explanation;
mod income;
mod letters;
mod manifest;
mod months;
mod parents;
mod properties;
mod scene;
mod tasks;
mod years;
