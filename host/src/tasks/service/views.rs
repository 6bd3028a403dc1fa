//! Choices of tasks that are kept under a name.

use crate::access::{Act, Look};
use crate::db::{Read, Result, Tx};
use crate::tasks::bench::View;
use crate::tasks::store;

const NAME_MAX: usize = 60;
/// Longer than any choice the bench writes.
const CHOICE_MAX: usize = 1_000;

/// Why a view was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("a view has a name of at most {NAME_MAX} letters; give it one")]
    Name,
    #[error("the choice is longer than the bench writes; choose again")]
    Choice,
    #[error("the view could not be kept")]
    Store(#[from] sqlx::Error),
}

/// The worker's own views and those that are for everybody, by name.
pub async fn views(db: &mut Read, act: &Act<Look>) -> Result<Vec<View>> {
    store::views(db, act.tenant(), act.by()).await
}

/// Keeps a choice under a name; one's own view of that name is replaced.
pub async fn keep(
    tx: &mut Tx,
    act: &Act<Look>,
    name: &str,
    choice: &str,
    is_shared: bool,
) -> std::result::Result<(), ViewError> {
    let name = name.trim();
    if !(1..=NAME_MAX).contains(&name.chars().count()) {
        return Err(ViewError::Name);
    }
    if choice.len() > CHOICE_MAX {
        return Err(ViewError::Choice);
    }
    let (owner, choice) = (act.by().to_owned(), choice.to_owned());
    let view = View { name: name.to_owned(), owner, is_shared, choice };
    Ok(store::put_view(tx, act.tenant(), &view).await?)
}

/// Removes one's own view.
pub async fn remove(tx: &mut Tx, act: &Act<Look>, name: &str) -> Result<()> {
    store::remove_view(tx, act.tenant(), act.by(), name).await
}
