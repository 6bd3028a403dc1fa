//! Who may do what.
//!
//! An [`Act`] is the proof that somebody may do one kind of thing in one municipality, and the
//! record of who and when. Only [`authorise`] makes one, so a service that asks for an
//! `Act<Approve>` cannot be reached around the access check, and says in its signature what it takes.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use crate::db::{Read, sql};

/// The kinds of things one may do.
pub mod right {
    /// One kind of thing; see the types in this module.
    pub trait Right: sealed::Sealed {
        /// The word in the worker's list of rights.
        const WORD: &'static str;
        /// Any of these in the list will do.
        const GIVEN_BY: &'static [&'static str] = &[Self::WORD];
    }

    mod sealed {
        pub trait Sealed {}
    }

    macro_rules! rights {
        ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl sealed::Sealed for $name {}
            impl Right for $name {
                const WORD: &'static str = $word;
            }
        )*};
    }

    rights! {
        /// Look at cases.
        Look = "look";
        /// Register persons, cases and facts.
        Register = "register";
        /// Calculate and propose decisions.
        Propose = "propose";
        /// Approve or reject what another has proposed.
        Approve = "approve";
        /// Send payments and read the bank's answers.
        Pay = "pay";
        /// Install and switch modules, set up the municipality.
        Administer = "administer";
        /// Look at one's own matters and tell about them. A citizen or a company has it by showing who it is;
        /// no worker has it.
        Own = "own";
    }

    /// Stop payments that are on their way: whoever works on cases and sees that one is wrong, and whoever pays.
    #[derive(Clone, Copy, Debug)]
    pub struct StopPayments;
    impl sealed::Sealed for StopPayments {}
    impl Right for StopPayments {
        const WORD: &'static str = Propose::WORD;
        const GIVEN_BY: &'static [&'static str] = &[Propose::WORD, Pay::WORD];
    }

    /// The words of the rights a worker can have.
    pub const WORDS: [&str; 6] =
        [Look::WORD, Register::WORD, Propose::WORD, Approve::WORD, Pay::WORD, Administer::WORD];
}

pub use right::{Administer, Approve, Look, Own, Pay, Propose, Register, Right, StopPayments};

/// Proof that somebody may act, and the record of who and when.
#[derive(Clone, Debug)]
pub struct Act<R: Right> {
    tenant: Tenant,
    by: String,
    at: DateTime<Utc>,
    right: PhantomData<R>,
}

impl<R: Right> Act<R> {
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// The worker's initials.
    pub fn by(&self) -> &str {
        &self.by
    }

    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Act<Own> {
    /// Somebody from outside who has shown who it is. Only `visits` says so.
    pub(crate) fn of_visitor(tenant: Tenant, by: String, at: DateTime<Utc>) -> Self {
        Self { tenant, by, at, right: PhantomData }
    }

    /// What one tells in one's own matter is registered in one's own name. Only `visits` and `filings` do so,
    /// and have seen to it that the matter is one's own.
    pub(crate) fn registering(&self) -> Act<Register> {
        Act { tenant: self.tenant, by: self.by.clone(), at: self.at, right: PhantomData }
    }
}

/// Why somebody may not act.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("municipality {tenant} has no worker '{worker}'; the import file sets workers up")]
    Unknown { tenant: Tenant, worker: String },
    #[error("'{worker}' does not have the right '{right}' in municipality {tenant}")]
    Denied { tenant: Tenant, worker: String, right: &'static str },
    #[error("access could not be checked")]
    Store(#[from] sqlx::Error),
}

/// Checks that a worker of the municipality has the right, as of now.
pub async fn authorise<R: Right>(
    db: &mut Read,
    tenant: Tenant,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<Act<R>, AccessError> {
    const RIGHTS: &str = "SELECT rights FROM worker WHERE tenant = $1 AND id = $2";
    let found: Option<(String,)> = db.optional(sql(RIGHTS).bind(tenant).bind(worker)).await?;
    let worker = worker.to_owned();
    let Some((rights,)) = found else {
        return Err(AccessError::Unknown { tenant, worker });
    };
    if !rights.split(' ').any(|word| R::GIVEN_BY.contains(&word)) {
        return Err(AccessError::Denied { tenant, worker, right: R::WORD });
    }
    Ok(Act { tenant, by: worker, at: now, right: PhantomData })
}
