//! What a case of the file will change, worked out before anything is written.

use std::collections::BTreeMap;

use serde_json::Value;
use ydun_domain::Day;
use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::ids::{FactId, PartyId};
use ydun_runtime::Manifest;

use super::entry::{Entry, Named};
use super::file;
use super::parties::Parties;
use crate::cases::{Case, service::NewCase};
use crate::facts::{CaseView, Checked, Content, Fact, check};

/// All that the file changes in one case.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) target: Target,
    pub(super) facts: Vec<PlannedFact>,
    /// Facts that were there already.
    pub(super) unchanged: usize,
}

#[derive(Debug)]
pub(super) enum Target {
    Open(NewCase),
    /// One that is there, and the parts it does not have yet.
    Add(Case, Vec<(String, PartyId)>),
}

#[derive(Debug)]
pub(super) struct PlannedFact {
    pub(super) checked: Checked,
    pub(super) source: String,
    pub(super) known_from: Day,
    pub(super) corrects: Option<FactId>,
}

/// A case that is there, and what is known in it.
#[derive(Debug)]
pub(super) struct Existing {
    pub(super) case: Case,
    pub(super) roles: Vec<(String, PartyId)>,
    pub(super) facts: Vec<Fact>,
}

/// What every case of the file is read against.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub(super) manifests: &'a BTreeMap<String, Manifest>,
    pub(super) parties: &'a Parties,
    pub(super) today: Day,
}

/// Works out what an entry changes, or the first reason why it cannot.
pub(super) fn plan(
    setting: &Setting<'_>,
    entry: Entry,
    existing: Option<&Existing>,
) -> Result<Plan, String> {
    let target = target(entry.named, existing, &entry.roles.into_iter().collect::<Vec<_>>())?;
    let (benefit, mut roles) = match &target {
        Target::Open(new) => (&new.benefit, new.roles.iter().cloned().collect()),
        Target::Add(case, added) => (&case.benefit, added.clone()),
    };
    let manifest = setting.manifests.get(benefit).ok_or_else(|| no_module(benefit, setting))?;
    let mut known = Vec::new();
    if let Some(existing) = existing {
        roles.extend(existing.roles.iter().cloned());
        known.extend(
            existing.facts.iter().map(|fact| Known { id: Some(fact.id), since: fact.known_from }),
        );
    }
    let contents =
        existing.into_iter().flat_map(|existing| &existing.facts).map(|fact| fact.content.clone());
    let number = existing.map(|existing| existing.case.number);
    let view = CaseView { number, manifest, roles, known: contents.collect(), registered: vec![] };
    let mut planner = Planner { setting, view, known, facts: vec![], unchanged: 0 };
    for (index, value) in entry.facts.into_iter().enumerate() {
        planner.add(value).map_err(|reason| format!("facts[{index}]: {reason}"))?;
    }
    let Planner { facts, unchanged, .. } = planner;
    Ok(Plan { target, facts, unchanged })
}

fn no_module(benefit: &str, setting: &Setting<'_>) -> String {
    let known: Vec<&str> = setting.manifests.keys().map(String::as_str).collect();
    format!(
        "no module for the benefit '{benefit}' is in use; there are modules for: {}",
        known.join(", ")
    )
}

fn target(
    named: Named,
    existing: Option<&Existing>,
    roles: &[(String, PartyId)],
) -> Result<Target, String> {
    let Some(Existing { case, roles: held, .. }) = existing else {
        return match named {
            Named::Key { key, benefit, opened } => {
                let roles = roles.iter().cloned().collect();
                Ok(Target::Open(NewCase { benefit, external_key: Some(key), opened, roles }))
            }
            Named::There(name) => {
                Err(format!("there is no case with the number or key '{name}'; look it up"))
            }
        };
    };
    if let Some(on) = case.closed {
        return Err(format!("case {case} was closed on {on}; only open cases are changed"));
    }
    if let Named::Key { benefit, opened, .. } = named
        && (&benefit, opened) != (&case.benefit, case.opened)
    {
        return Err(format!(
            "the key belongs to case {case} of '{}', opened on {}; give the case another key, or the same benefit and day",
            case.benefit, case.opened
        ));
    }
    let added = roles.iter().filter(|role| !held.contains(role)).cloned().collect();
    Ok(Target::Add(case.clone(), added))
}

/// The facts of one case, taken in one after the other.
struct Planner<'a> {
    setting: &'a Setting<'a>,
    view: CaseView<'a>,
    /// Of each fact in `view.known`, in the same order.
    known: Vec<Known>,
    facts: Vec<PlannedFact>,
    unchanged: usize,
}

struct Known {
    /// None for one of this file.
    id: Option<FactId>,
    since: Day,
}

impl Planner<'_> {
    fn add(&mut self, value: Value) -> Result<(), String> {
        let fact: file::Fact = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let known_from = self.known_from(&fact)?;
        let content = self.content(&fact)?;
        if self.view.known.contains(&content) {
            self.unchanged += 1;
            return Ok(());
        }
        let corrects =
            if fact.corrects { Some(self.take_out_wrong(&content, known_from)?) } else { None };
        let checked = check(&self.view, content).map_err(|refused| refused.to_string())?;
        self.view.known.push(checked.content().clone());
        self.known.push(Known { id: None, since: known_from });
        self.facts.push(PlannedFact { checked, source: fact.source, known_from, corrects });
        Ok(())
    }

    fn known_from(&self, fact: &file::Fact) -> Result<Day, String> {
        let today = self.setting.today;
        match fact.known_from {
            Some(day) if day > today => Err(format!(
                "'{}' cannot be known from {day}, as today is {today}; correct the day",
                fact.kind
            )),
            given => Ok(given.unwrap_or(today)),
        }
    }

    /// The one fact that a correction takes the place of: for an exclusive kind the one that shares
    /// days with it, otherwise the one for the same days.
    fn take_out_wrong(&mut self, right: &Content, known_from: Day) -> Result<FactId, String> {
        let is_exclusive = self.view.manifest.fact(&right.kind).is_some_and(|kind| kind.exclusive);
        let is_wrong = |known: &Content| {
            let same_days = if is_exclusive {
                known.valid.meets(right.valid)
            } else {
                known.valid == right.valid
            };
            same_days && known.kind == right.kind && known.about == right.about
        };
        let wrong: Vec<usize> =
            (0..self.known.len()).filter(|place| is_wrong(&self.view.known[*place])).collect();
        let Content { kind, valid, .. } = right;
        let [place] = wrong[..] else {
            return Err(match wrong.len() {
                0 => format!(
                    "no fact '{kind}' for {valid} is known to be corrected; leave \"corrects\" out"
                ),
                many => {
                    format!("{many} facts '{kind}' are known for {valid}; correct them one by one")
                }
            });
        };
        let Known { id, since } = self.known.remove(place);
        self.view.known.remove(place);
        match id {
            None => Err(format!(
                "it corrects another fact '{kind}' of the same file; keep only the right one"
            )),
            Some(_) if known_from < since => Err(format!(
                "the fact '{kind}' it corrects is known from {since}, so the correction cannot be known from {known_from}"
            )),
            Some(id) => Ok(id),
        }
    }

    fn content(&mut self, fact: &file::Fact) -> Result<Content, String> {
        let about =
            self.find(&fact.about).map_err(|reason| format!("fact '{}': {reason}", fact.kind))?;
        let mut attributes = Vec::with_capacity(fact.attributes.len());
        for (name, value) in &fact.attributes {
            let value = self
                .value(value)
                .map_err(|reason| format!("fact '{}', field '{name}': {reason}", fact.kind))?;
            attributes.push(Attribute::new(name, value));
        }
        Ok(Content { kind: fact.kind.clone(), about, valid: fact.valid, attributes })
    }

    fn value(&mut self, value: &Value) -> Result<Scalar, String> {
        let scalar: Scalar = serde_json::from_value(value.clone())
            .map_err(|error| format!(r#"{error}; a value is written as its type and itself, such as {{"number": "37.5"}}"#))?;
        let Scalar::Who(name) = scalar else { return Ok(scalar) };
        let party = self.find(&name.0)?;
        self.view.registered.push(party);
        Ok(Scalar::Who(party.into()))
    }

    /// Who has the part of this name in the case, or the party of the file with this key.
    fn find(&self, name: &str) -> Result<PartyId, String> {
        let holders: Vec<PartyId> = self
            .view
            .roles
            .iter()
            .filter(|(role, _)| role == name)
            .map(|(_, party)| *party)
            .collect();
        match holders[..] {
            [] => self
                .setting
                .parties
                .find(name)
                .map_err(|reason| format!("nobody is '{name}' in the case, and {reason}")),
            [holder] => Ok(holder),
            _ => Err(format!(
                "{} parties are '{name}' in the case; name one by its key",
                holders.len()
            )),
        }
    }
}
