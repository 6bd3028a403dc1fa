//! Everything about one case, as pages and API show it.

use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::failure::Failure;
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::cases::{Case, CaseNumber, CaseRange, service as cases};
use crate::db::{Read, Result, Tx};
use crate::decisions::{Decision, service as decisions};
use crate::parties::{Party, service as parties};
use crate::payments::{Payment, service as payments};

/// A case with its parties, decisions and payments.
#[derive(Debug)]
pub(super) struct CaseFile {
    pub(super) case: Case,
    pub(super) parts: Vec<Part>,
    pub(super) decisions: Vec<Decision>,
    pub(super) payments: Vec<Payment>,
}

/// A party's part in the case.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) role: String,
    pub(super) party: Party,
    /// The company a unit belongs to.
    pub(super) company: Option<Party>,
}

impl CaseFile {
    /// Finds the case by the number in an address. The look is recorded.
    pub(super) async fn look(
        tx: &mut Tx,
        act: &Act<Look>,
        number: &str,
    ) -> std::result::Result<Self, Failure> {
        let case = Self::find(tx, act.tenant(), number).await?;
        let parts = parts(tx, act, &case).await?;
        let payments = payments::of_case(tx, act.tenant(), case.id).await?;
        let decisions = decisions::of_case(tx, act, case.id).await?;
        audit::record_look(tx, act, Subject::Case(case.id), "parties and payments").await?;
        Ok(Self { case, parts, decisions, payments })
    }

    /// The case with the number in an address.
    pub(super) async fn find(
        db: &mut Read,
        tenant: Tenant,
        number: &str,
    ) -> std::result::Result<Case, Failure> {
        let missing = || Failure::NotFound("case");
        let number: CaseNumber = number.parse().map_err(|_| missing())?;
        cases::by_number(db, tenant, number).await?.ok_or_else(missing)
    }
}

async fn parts(db: &mut Read, act: &Act<Look>, case: &Case) -> Result<Vec<Part>> {
    let roles = cases::roles(db, act.tenant(), CaseRange::of_one(case.id)).await?;
    let ids: Vec<PartyId> = roles.iter().map(|role| role.party).collect();
    let found = parties::by_ids(db, act.tenant(), &ids).await?;
    let companies: Vec<PartyId> =
        found.iter().filter_map(|party| party.identity.company()).collect();
    let companies = parties::by_ids(db, act.tenant(), &companies).await?;
    let pick = |among: &[Party], id: PartyId| among.iter().find(|party| party.id == id).cloned();
    let part = |role: crate::cases::Role| {
        let party = pick(&found, role.party)?;
        let company = party.identity.company().and_then(|id| pick(&companies, id));
        Some(Part { role: role.role, party, company })
    };
    Ok(roles.into_iter().filter_map(part).collect())
}
