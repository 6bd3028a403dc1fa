//! A form that is being filled in: what is asked, what was answered, and who has which part.

use ydun_domain::benefit::Party;
use ydun_domain::ids::{FilingId, PartyId};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::Form;

use super::offers;
use super::persons;
use super::step::Step;
use super::visitor::Visitor;
use crate::access::{Act, Own};
use crate::audit::{self, Subject};
use crate::cases::{Case, CaseRange, Role, service as cases};
use crate::clock::danish;
use crate::db::{Read, Tx};
use crate::facts::{Fact, service as facts};
use crate::filings::{Filing, Parts, service as filings};
use crate::parties::service as parties;
use crate::web::failure::Failure;

/// The vocabulary of modules has one kind of fact for what people of the municipality have judged.
const JUDGED: &str = "assessment";

#[derive(Debug)]
pub(super) struct Draft {
    pub(super) filing: Filing,
    pub(super) manifest: Manifest,
    /// The case it is filed in, where that is there already.
    pub(super) case: Option<Case>,
    pub(super) cast: Cast,
    /// What we know of the filer and do not ask about.
    pub(super) known: Vec<Fact>,
}

/// Who has which part in a case, with the names to show.
#[derive(Debug)]
pub(super) struct Cast(Vec<Part>);

#[derive(Debug)]
struct Part {
    role: String,
    party: PartyId,
    name: String,
}

impl Cast {
    /// Of a case that is there.
    pub(super) async fn of_case(
        db: &mut Read,
        act: &Act<Own>,
        case: &Case,
    ) -> Result<Self, Failure> {
        let roles = cases::roles(db, act.tenant(), CaseRange::of_one(case.id)).await?;
        let ids: Vec<PartyId> = roles.iter().map(|part| part.party).collect();
        let found = parties::by_ids(db, act.tenant(), &ids).await?;
        let name = |id| found.iter().find(|party| party.id == id).map(|party| party.name.clone());
        let part = |role: Role| Part {
            name: name(role.party).unwrap_or_default(),
            party: role.party,
            role: role.role,
        };
        Ok(Self(roles.into_iter().map(part).collect()))
    }

    /// The filer, and the others as far as they were told. Who is not registered yet is stood for by a new id.
    async fn of_answers(
        db: &mut Read,
        act: &Act<Own>,
        filing: &Filing,
        manifest: &Manifest,
        form: &Form,
    ) -> Result<Self, Failure> {
        let owner = parties::by_ids(db, act.tenant(), &[filing.owner]).await?;
        let name = owner.into_iter().next().map(|party| party.name).unwrap_or_default();
        let role = form.filed_as.clone().ok_or(Failure::NotFound("form"))?;
        let mut parts = vec![Part { role, party: filing.owner, name }];
        for person in persons::told(&other_roles(manifest, form), &filing.answers) {
            let unknown = PartyId::generate();
            parts.push(Part { role: person.role, party: unknown, name: person.name });
        }
        Ok(Self(parts))
    }

    /// Those a value may name, by their parts.
    pub(super) fn choices(&self) -> Vec<(Party, String)> {
        self.0.iter().map(|part| (Party(part.role.clone()), part.name.clone())).collect()
    }

    pub(super) fn parts(&self) -> Parts {
        Parts(self.0.iter().map(|part| (part.role.clone(), part.party)).collect())
    }

    /// What whoever has a part is called.
    pub(super) fn name_of(&self, role: &str) -> Option<&str> {
        self.0.iter().find(|part| part.role == role).map(|part| part.name.as_str())
    }
}

impl Draft {
    /// A filing of the visitor's own that was not sent.
    pub(super) async fn open(
        visitor: &Visitor,
        tx: &mut Tx,
        act: &Act<Own>,
        id: &str,
    ) -> Result<Self, Failure> {
        let filing = own(visitor, tx, id).await?;
        if filing.sent_at.is_some() {
            return Err(Failure::NotFound("form that was not sent"));
        }
        audit::record_look(tx, act, Subject::Filing(filing.id), "").await?;
        Self::of(tx, act, filing).await
    }

    async fn of(db: &mut Read, act: &Act<Own>, filing: Filing) -> Result<Self, Failure> {
        let today = danish(act.at());
        let manifest = offers::benefit(db, act.tenant(), &filing.benefit, today).await?;
        let manifest = manifest.ok_or(Failure::NotFound("benefit"))?;
        let form = manifest.form(&filing.form).ok_or(Failure::NotFound("form"))?;
        let there = match filing.case {
            Some(case) => cases::by_id(db, act.tenant(), case).await?,
            None => None,
        };
        let cast = match &there {
            Some(case) => Cast::of_case(db, act, case).await?,
            None => Cast::of_answers(db, act, &filing, &manifest, form).await?,
        };
        let known = unasked(db, act, &filing, &manifest).await?;
        Ok(Self { filing, manifest, case: there, cast, known })
    }

    pub(super) fn form(&self) -> &Form {
        self.manifest.form(&self.filing.form).expect("a draft is of a form of its manifest")
    }

    /// The parts others than the filer have, where they must be told.
    pub(super) fn others(&self) -> Vec<String> {
        match &self.case {
            Some(_) => vec![],
            None => other_roles(&self.manifest, self.form()),
        }
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if !self.others().is_empty() {
            steps.push(Step::Persons);
        }
        steps.extend((0..self.form().pages.len()).map(Step::Page));
        if !self.known.is_empty() {
            steps.push(Step::Known);
        }
        steps.extend([Step::Documents, Step::Check]);
        steps
    }

    pub(super) fn address(&self, step: Step) -> String {
        format!("/selv/formularer/{}/{step}", self.filing.id)
    }
}

/// A filing of the visitor's own; of another's nothing is said, not even that it is there.
pub(super) async fn own(visitor: &Visitor, db: &mut Read, id: &str) -> Result<Filing, Failure> {
    let missing = || Failure::NotFound("form");
    let id: FilingId = id.parse().map_err(|_| missing())?;
    let owners = visitor.own_ids(db).await?;
    filings::one(db, visitor.app.tenant, &owners, id).await?.ok_or_else(missing)
}

/// The parts that the form's pages are about, beside the filer's.
pub(super) fn other_roles(manifest: &Manifest, form: &Form) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    let about = form.pages.iter().filter_map(|page| manifest.fact(&page.fact));
    for fact in about {
        if form.filed_as.as_ref() != Some(&fact.about) && !roles.contains(&fact.about) {
            roles.push(fact.about.clone());
        }
    }
    roles
}

/// What we know of the filer in matters of this benefit, and the form does not ask: mostly what registers tell.
async fn unasked(
    db: &mut Read,
    act: &Act<Own>,
    filing: &Filing,
    manifest: &Manifest,
) -> Result<Vec<Fact>, Failure> {
    let asked: Vec<&str> =
        manifest.forms.iter().flat_map(|form| &form.pages).map(|page| page.fact.as_str()).collect();
    let told_by_registers: Vec<&str> = manifest
        .events
        .iter()
        .filter_map(|rule| rule.fact.as_ref())
        .map(|fact| fact.kind.as_str())
        .collect();
    let is_shown = |kind: &str| {
        kind != JUDGED && (told_by_registers.contains(&kind) || !asked.contains(&kind))
    };
    let mut known = known_of_owner(db, act, filing.owner, &filing.benefit).await?;
    let today = danish(act.at());
    known.retain(|fact| is_shown(&fact.content.kind) && fact.content.valid.contains(today));
    let mut newest: Vec<Fact> = Vec::new();
    for fact in known.into_iter().rev() {
        if !newest.iter().any(|shown| shown.content.kind == fact.content.kind) {
            newest.push(fact);
        }
    }
    newest.reverse();
    Ok(newest)
}

/// What is known about a party itself in cases of a benefit, the newest last.
pub(super) async fn known_of_owner(
    db: &mut Read,
    act: &Act<Own>,
    owner: PartyId,
    benefit: &str,
) -> Result<Vec<Fact>, Failure> {
    let mut known = facts::known_about(db, act.tenant(), owner, danish(act.at())).await?;
    let ids: Vec<_> = known.iter().map(|fact| fact.case).collect();
    let of_benefit: Vec<_> = cases::by_ids(db, act.tenant(), &ids)
        .await?
        .into_iter()
        .filter(|case| case.benefit == benefit)
        .map(|case| case.id)
        .collect();
    known.retain(|fact| of_benefit.contains(&fact.case));
    Ok(known)
}
