//! A running benefit goes on as it was until the party is heard about what speaks against it.
//!
//! When the newest knowledge gives a payee less than the month before, the case is calculated once
//! more on what had been known when that month was decided, or when the party was last heard. Does
//! that give more, then the new knowledge is what lowers the benefit: the month is paid as before,
//! and somebody is asked to hear the party. A rate, a birthday or an agreed end lowers both alike,
//! and nothing is withheld.

use std::collections::{BTreeMap, HashMap};

use ydun_domain::benefit::{Line, Outcome, Verdict};
use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::Calculation;

use super::calculate::{Calculated, one_as_known};
use super::{Plan, RunError};
use crate::db::{Db, Read};
use crate::decisions::{DecidedLine, Decision};
use crate::modules::service as modules;
use crate::tasks::{About, NewTask};
use crate::{decisions, hearings};

/// What the newest knowledge would have given, and is not used before the party is heard.
#[derive(Debug)]
pub(super) struct Withheld {
    pub(super) calculation: Calculation,
    pub(super) before: Dkk,
    pub(super) after: Dkk,
}

/// Goes on as before where only unheard knowledge gives less.
pub(in crate::operations) async fn protect(
    db: &Db,
    plan: &Plan,
    calculated: Vec<Calculated>,
) -> Result<Vec<Calculated>, RunError> {
    let (Some(first), Some(last)) = (calculated.first(), calculated.last()) else {
        return Ok(calculated);
    };
    if !plan.module.manifest().running {
        return Ok(calculated);
    }
    let cases = first.case.id..=last.case.id;
    let mut read = db.read().await?;
    let begins = plan.frames.span().first();
    let before = decisions::service::until(&mut read, plan.tenant, &cases, begins).await?;
    let today = plan.frames.known_at();
    let heard = hearings::service::heard_until(&mut read, plan.tenant, &cases, today).await?;
    let mut protected = Vec::with_capacity(calculated.len());
    for now in calculated {
        protected.push(match before.get(&now.case.id) {
            Some(before) if gives_less(&now.calculation, &before.lines) => {
                protect_case(&mut read, plan, now, before, &heard).await?
            }
            _ => now,
        });
    }
    Ok(protected)
}

async fn protect_case(
    db: &mut Read,
    plan: &Plan,
    now: Calculated,
    before: &Decision,
    heard: &HashMap<CaseId, Day>,
) -> Result<Calculated, RunError> {
    let Some(known_then) = known_when_decided(db, plan, before).await? else { return Ok(now) };
    let heard = heard.get(&now.case.id).copied().unwrap_or(known_then).max(known_then);
    if heard >= plan.frames.known_at() {
        return Ok(now);
    }
    let as_heard = one_as_known(db, plan, &now.case, heard).await?;
    let Some(lines) = granted(&as_heard.calculation) else { return Ok(now) };
    let (more, less) =
        (by_party(lines), granted(&now.calculation).map(by_party).unwrap_or_default());
    let loses = |(party, more): (&PartyId, &Dkk)| less.get(party).is_none_or(|less| less < more);
    if !more.iter().any(loses) {
        return Ok(now);
    }
    let withheld = Withheld {
        calculation: now.calculation,
        before: more.values().copied().sum(),
        after: less.values().copied().sum(),
    };
    Ok(Calculated { shadow: now.shadow, withheld: Some(withheld), ..as_heard })
}

async fn known_when_decided(
    db: &mut Read,
    plan: &Plan,
    before: &Decision,
) -> Result<Option<Day>, RunError> {
    let run = modules::run(db, plan.tenant, before.basis.case, before.run).await?;
    // A dossier that cannot be read is found by the verification; it protects nobody.
    Ok(run.and_then(|run| run.read_dossier().ok()).map(|dossier| dossier.known_at))
}

/// Whether a payee of the month before gets less, or nothing. A fault decides nothing.
fn gives_less(now: &Calculation, before: &[DecidedLine]) -> bool {
    if now.answer.is_err() {
        return false;
    }
    let now = granted(now).map(by_party).unwrap_or_default();
    let before = before.iter().map(|line| (line.payee, line.amount));
    sums(before).iter().any(|(party, before)| now.get(party).is_none_or(|now| now < before))
}

fn granted(calculation: &Calculation) -> Option<&[Line]> {
    let Ok(Ok(Outcome { verdict, lines, .. })) = &calculation.answer else { return None };
    matches!(verdict, Verdict::Granted | Verdict::PartlyGranted).then_some(lines)
}

fn by_party(lines: &[Line]) -> BTreeMap<PartyId, Dkk> {
    let ours =
        lines.iter().filter_map(|line| Some((PartyId::try_from(&line.payee).ok()?, line.amount)));
    sums(ours)
}

fn sums(amounts: impl Iterator<Item = (PartyId, Dkk)>) -> BTreeMap<PartyId, Dkk> {
    let mut sums = BTreeMap::new();
    for (party, amount) in amounts {
        *sums.entry(party).or_insert(Dkk::ZERO) += amount;
    }
    sums
}

impl Withheld {
    /// The task to hear the party.
    pub(super) fn task(&self, plan: &Plan, calculated: &Calculated) -> NewTask {
        let case = &calculated.case;
        let month = plan.frames.span().first().month().in_words();
        NewTask {
            business_key: format!("{}/{}/hearing", plan.topic, case.id),
            about: About::Case(case.id),
            topic: plan.topic.clone(),
            queue: "partshoering".to_owned(),
            title: format!(
                "{} {case}: partshøring, ydelsen falder fra {} til {} i {month}",
                plan.module.manifest().title,
                self.before,
                self.after
            ),
            detail:
                "Nye oplysninger giver mindre. Måneden er beregnet uden dem, indtil parten er hørt \
                     (forvaltningsloven § 19)."
                    .to_owned(),
            questions: Vec::new(),
            amount: Some(self.before - self.after),
            due: None,
        }
    }
}
