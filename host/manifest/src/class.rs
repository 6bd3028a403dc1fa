//! What a module is made of, and for whom that is good enough.

use serde::{Deserialize, Serialize};

use crate::Manifest;

/// How a module's language runs, which decides how much it may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The rules themselves, as machine instructions: Rust, or another language that compiles.
    #[default]
    Compiled,
    /// The rules as a program, and the interpreter that reads it: Python, JavaScript.
    ///
    /// Such a module is ten to twenty megabytes that nobody here has read, it calculates with floats
    /// somewhere inside, so that no check can rule them out of an amount, and a case costs it some
    /// hundred times the instructions. A municipality may take that on for a benefit of its own: it
    /// tries the rules out sooner, and a mistake stays where it was made. What every municipality
    /// pays by may not, so an id without a municipality in front is never interpreted.
    Interpreted,
}

impl Manifest {
    /// Whether it is a municipality's own, with its code in front of the id: `k0561:julehjaelp`.
    pub fn is_municipal(&self) -> bool {
        self.id.contains(':')
    }
}
