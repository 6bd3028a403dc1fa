//! Exit codes, so that a script can tell what happened.

use std::process::ExitCode;

use ydun::access::AccessError;
use ydun::db::OpenError;

/// How a command ended when nothing broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All of it was done.
    Done,
    /// It ran, and found something a person should look at: refused cases, a failed verification.
    Found,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Done => Self::SUCCESS,
            Ended::Found => Self::from(1),
        }
    }
}

/// 2 is wrong usage, as clap has it.
const REFUSED: u8 = 3;
const UNREACHABLE: u8 = 4;
const BUSY: u8 = 5;
const BROKEN: u8 = 10;

/// Another process does this work at the moment.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Busy(pub(crate) String);

/// The input or the request cannot be accepted as it is.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refused(pub(crate) String);

/// The code for an error, by the first cause that is known.
pub(crate) fn code(error: &anyhow::Error) -> ExitCode {
    let known = error.chain().find_map(|cause| {
        if cause.is::<Busy>() {
            Some(BUSY)
        } else if cause.is::<Refused>() || cause.is::<AccessError>() {
            Some(REFUSED)
        } else if cause.is::<OpenError>() || cause.is::<std::io::Error>() || is_full(cause) {
            Some(UNREACHABLE)
        } else {
            None
        }
    });
    ExitCode::from(known.unwrap_or(BROKEN))
}

/// What to do about an error that does not say so itself.
pub(crate) fn next_step(error: &anyhow::Error) -> Option<&'static str> {
    const FULL: &str =
        "Nothing of the last step was kept. Make room on the disk, and give the command again.";
    error.chain().any(is_full).then_some(FULL)
}

/// SQLite's code 13 and PostgreSQL's 53100: there is no room on the disk.
fn is_full(cause: &(dyn std::error::Error + 'static)) -> bool {
    let database = cause.downcast_ref().and_then(sqlx::Error::as_database_error);
    let code = database.and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("13" | "53100"))
}
