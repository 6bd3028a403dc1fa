//! A month in figures, for whoever answers for the budget.

mod store;

use serde::Serialize;
use ydun_domain::{Dkk, Month};

use crate::access::{Act, Look};
use crate::db::{Read, Result};
use crate::decisions::service::{self as decisions, Decided};
use crate::tasks;

/// What a benefit came to in a month, and whether it agrees: decided = booked = paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub benefit: String,
    pub month: Month,
    pub open_cases: i64,
    pub decisions: Decided,
    pub booked: Booked,
    pub overpaid: Overpaid,
    pub paid: Paid,
    pub notices: i64,
    pub open_tasks: i64,
}

/// What the books say of the month's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Booked {
    /// Debits less credits of the accounts of expense.
    pub expense: Dkk,
    /// Taken from payees for the authorities.
    pub withheld: Dkk,
    /// Paid by other systems.
    pub elsewhere: Dkk,
    /// Come back from payees to our account.
    pub repaid: Dkk,
}

/// What is paid and no longer due, and not dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Overpaid {
    pub count: i64,
    pub amount: Dkk,
}

/// Where the month's payments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Paid {
    pub planned: i64,
    pub amount_planned: Dkk,
    /// With the bank, which has not said its last word.
    pub on_the_way: i64,
    pub amount_on_the_way: Dkk,
    pub settled: i64,
    pub amount_settled: Dkk,
    /// Rejected, returned or unknown: somebody must look at them.
    pub troubled: i64,
    pub amount_troubled: Dkk,
}

impl Figures {
    /// What is decided or overpaid, and not booked. Zero when all is well.
    pub fn not_booked(&self) -> Dkk {
        self.decisions.amount_approved + self.overpaid.amount - self.booked.expense
    }

    /// What is booked, and neither withheld, paid elsewhere, planned, on the way, paid nor parked. Zero when all is
    /// well.
    pub fn not_paid(&self) -> Dkk {
        let Paid { amount_planned, amount_on_the_way, amount_settled, amount_troubled, .. } =
            self.paid;
        let Booked { expense, withheld, elsewhere, repaid } = self.booked;
        let owed = expense - withheld - elsewhere + repaid;
        owed - amount_planned - amount_on_the_way - amount_settled - amount_troubled
    }
}

/// A benefit's month in figures.
pub async fn figures(
    db: &mut Read,
    act: &Act<Look>,
    benefit: &str,
    month: Month,
) -> Result<Figures> {
    let (tenant, days) = (act.tenant(), month.period());
    let topic = format!("month-run/{benefit}/{month}");
    Ok(Figures {
        benefit: benefit.to_owned(),
        month,
        open_cases: store::open_cases(db, tenant, benefit).await?,
        decisions: decisions::decided(db, tenant, benefit, days).await?,
        booked: store::booked(db, tenant, benefit, days).await?,
        overpaid: store::overpaid(db, tenant, benefit, days).await?,
        paid: store::paid(db, tenant, benefit, days).await?,
        notices: store::notices(db, tenant, benefit, days).await?,
        open_tasks: tasks::service::count_open(db, act, &topic).await?,
    })
}
