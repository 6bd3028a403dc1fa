//! What can be done with a month.

use ydun_domain::ids::MonthRunId;

pub use super::approval::{Approval, ApproveMonthError, Terms, approve, approve_month};
pub use super::figures::{Figures, figures};
pub use super::month_run::{Request, RunError, Summary, run_month};
pub use super::rollback::{RolledBack, roll_back};
use super::{MonthRun, Tally, store};
use crate::access::{Act, Look};
use crate::db::{Read, Result};

/// Every run of the municipality, the newest month first.
pub async fn month_runs(db: &mut Read, act: &Act<Look>) -> Result<Vec<MonthRun>> {
    store::month_runs(db, act.tenant()).await
}

/// One run.
pub async fn month_run(
    db: &mut Read,
    act: &Act<Look>,
    run: MonthRunId,
) -> Result<Option<MonthRun>> {
    store::month_run(db, act.tenant(), run).await
}

/// What a run has come to so far.
pub async fn tally(db: &mut Read, act: &Act<Look>, run: MonthRunId) -> Result<Tally> {
    store::tally(db, act.tenant(), run).await
}
