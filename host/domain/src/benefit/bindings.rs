//! Between the generated types of the component model and ours.

/// A value that crossed the wall and is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Malformed {
    /// Which record, such as `line 'tilskud:2020-10'`.
    pub at: String,
    pub why: String,
}

impl Malformed {
    pub fn new(at: impl Into<String>, why: impl ToString) -> Self {
        Self { at: at.into(), why: why.to_string() }
    }
}
