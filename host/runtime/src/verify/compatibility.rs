//! Step 10: what municipalities have set and citizens have applied with still means the same.

use crate::fault::{Code, Fault};
use crate::manifest::{self, FactKind, Manifest, ScalarKind, Setting};

pub(super) fn check(previous: Option<&Manifest>, next: &Manifest) -> Result<(), Fault> {
    previous.map_or(Ok(()), |previous| {
        compare(previous, next).map_err(|why| Fault::new(Code::Incompatible, why))
    })
}

fn compare(previous: &Manifest, next: &Manifest) -> Result<(), String> {
    if next.id != previous.id {
        return Err(format!("this is '{}', the previous version is '{}'", next.id, previous.id));
    }
    if next.version <= previous.version {
        return Err(format!("version {} does not come after {}", next.version, previous.version));
    }
    for old in &previous.settings {
        let new = next.settings.iter().find(|new| new.key == old.key);
        setting(old, new.ok_or_else(|| format!("the setting '{}' is gone", old.key))?)?;
    }
    for old in &previous.facts {
        fact(old, next.fact(&old.kind).ok_or_else(|| format!("the fact '{}' is gone", old.kind))?)?;
    }
    Ok(())
}

fn setting(old: &Setting, new: &Setting) -> Result<(), String> {
    let at = format!("the setting '{}'", old.key);
    same_type(&at, ScalarKind::of(&old.default), ScalarKind::of(&new.default))?;
    same_codes(&at, &old.codes, &new.codes)
}

fn fact(old: &FactKind, new: &FactKind) -> Result<(), String> {
    for attribute in &old.attributes {
        let at = format!("the attribute '{}' of the fact '{}'", attribute.name, old.kind);
        let now = new.attributes.iter().find(|now| now.name == attribute.name);
        let now = now.ok_or_else(|| format!("{at} is gone"))?;
        same_type(&at, attribute.kind, now.kind)?;
        same_codes(&at, &attribute.codes, &now.codes)?;
    }
    Ok(())
}

fn same_type(at: &str, old: ScalarKind, new: ScalarKind) -> Result<(), String> {
    if old == new { Ok(()) } else { Err(format!("{at} was {old:?} and is now {new:?}")) }
}

/// Words may be added, never taken away: somebody has chosen them.
fn same_codes(at: &str, old: &[manifest::Code], new: &[manifest::Code]) -> Result<(), String> {
    match old.iter().find(|old| new.iter().all(|new| new.code != old.code)) {
        Some(gone) => Err(format!("{at} no longer knows the code '{}'", gone.code)),
        None => Ok(()),
    }
}
