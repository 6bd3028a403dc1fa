//! The forms a visitor may file, and the cases it has a part in as filer.

use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Period, Tenant};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{Filer, Form};

use super::visitor::Visitor;
use crate::cases::{Case, service as cases};
use crate::db::{Read, Result};
use crate::modules::service::{self as modules, NotActive};
use crate::parties::Party;
use crate::web::failure::Failure;

/// A case the visitor has a part in, and who it is about beside.
#[derive(Debug)]
pub(super) struct OwnCase {
    pub(super) case: Case,
    /// Which of the visitor's own parties has the part.
    pub(super) owner: PartyId,
    pub(super) others: Vec<Party>,
}

/// The benefits in use today, by title.
pub(super) async fn benefits(
    db: &mut Read,
    tenant: Tenant,
    today: Day,
) -> std::result::Result<Vec<Manifest>, Failure> {
    let mut names: Vec<String> =
        modules::list(db).await?.into_iter().map(|installed| installed.benefit).collect();
    names.sort_unstable();
    names.dedup();
    let mut benefits = Vec::new();
    for name in names {
        if let Some(manifest) = benefit(db, tenant, &name, today).await? {
            benefits.push(manifest);
        }
    }
    benefits.sort_by(|one, other| one.title.cmp(&other.title));
    Ok(benefits)
}

/// The manifest of a benefit in use today. One that rests calculates nothing, and can be applied for still.
pub(super) async fn benefit(
    db: &mut Read,
    tenant: Tenant,
    name: &str,
    today: Day,
) -> std::result::Result<Option<Manifest>, Failure> {
    match modules::active(db, tenant, name, Period::of_day(today), today).await {
        Ok(digest) => Ok(modules::manifest(db, digest).await?),
        Err(NotActive::Suspended { .. }) => {
            Ok(Some(modules::newest_manifest(db, name).await.map_err(Failure::broken)?))
        }
        Err(NotActive::None { .. } | NotActive::Split { .. }) => Ok(None),
        Err(NotActive::Store(error)) => Err(error.into()),
    }
}

/// The forms of a benefit that a filer sends itself, with the part the filer has.
pub(super) fn forms(manifest: &Manifest, filer: Filer) -> impl Iterator<Item = (&Form, &str)> {
    manifest
        .forms
        .iter()
        .filter_map(move |form| form.filed_by_oneself(filer).map(|role| (form, role)))
}

/// The open cases of a benefit in which the visitor has the filer's part. Whoever has another part in a case,
/// such as the apprentice of an employer's, is shown nothing of it here.
pub(super) async fn cases_of(
    db: &mut Read,
    visitor: &Visitor,
    manifest: &Manifest,
) -> Result<Vec<OwnCase>> {
    let tenant = visitor.app.tenant;
    let roles: Vec<&str> = forms(manifest, visitor.filer()).map(|(_, role)| role).collect();
    let mut own = Vec::new();
    for owner in visitor.own_ids(db).await? {
        let found = cases::of_party(db, tenant, owner).await?;
        let open = found
            .into_iter()
            .filter(|case| case.benefit == manifest.id && case.closed.is_none())
            .collect::<Vec<_>>();
        let ids: Vec<_> = open.iter().map(|case| case.id).collect();
        let parts = cases::roles_of(db, tenant, &ids).await?;
        for case in open {
            let of_case = || parts.iter().filter(|part| part.case == case.id);
            if !of_case().any(|part| part.party == owner && roles.contains(&part.role.as_str())) {
                continue;
            }
            let others: Vec<_> =
                of_case().map(|part| part.party).filter(|party| *party != owner).collect();
            let others = crate::parties::service::by_ids(db, tenant, &others).await?;
            own.push(OwnCase { case, owner, others });
        }
    }
    Ok(own)
}
