//! Distributing tasks by rules: what they would do, and doing it.

use std::collections::BTreeSet;

use ydun_domain::Tenant;

use crate::access::{Act, Administer, Right};
use crate::audit::{self, Action, Event, Subject};
use crate::db::{Read, Result, Tx};
use crate::tasks::moves::Move;
use crate::tasks::rules::{Planned, Rule};
use crate::tasks::store;

/// So many tasks are tried and given at a time; the rest the next time.
const AT_A_TIME: u32 = 2_000;

/// Why a rule was not kept.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("a rule has a name, and there is no other of that name; give it another")]
    Name,
    #[error("a rule gives tasks to somebody; name the workers")]
    NoWorkers,
    #[error("nobody here has the initials '{0}'")]
    NoWorker(String),
    #[error("days of the month are from 1 to 31, the first before the last")]
    Days,
    #[error("the rule could not be kept")]
    Store(#[from] sqlx::Error),
}

/// The rules in their order.
pub async fn rules(db: &mut Read, tenant: Tenant) -> Result<Vec<Rule>> {
    store::rules(db, tenant).await
}

/// Keeps a rule, in place of the one with its number.
pub async fn put_rule(
    tx: &mut Tx,
    act: &Act<Administer>,
    rule: &Rule,
) -> std::result::Result<(), RuleError> {
    check(tx, act, rule).await?;
    store::put_rule(tx, act.tenant(), rule).await?;
    let on = if rule.is_on { "on" } else { "off" };
    let told = format!("rule {} '{}' {on}", rule.number, rule.name);
    Ok(audit::record(tx, act, Action::TaskRuleSet, Subject::Municipality, told).await?)
}

async fn check(
    db: &mut Read,
    act: &Act<Administer>,
    rule: &Rule,
) -> std::result::Result<(), RuleError> {
    let others = store::rules(db, act.tenant()).await?;
    let is_taken =
        others.iter().any(|other| other.name == rule.name && other.number != rule.number);
    if is_taken || rule.name.trim().is_empty() {
        return Err(RuleError::Name);
    }
    if rule.workers.is_empty() {
        return Err(RuleError::NoWorkers);
    }
    for worker in &rule.workers {
        if !store::is_worker(db, act.tenant(), worker).await? {
            return Err(RuleError::NoWorker(worker.clone()));
        }
    }
    match rule.fits.born {
        Some((from, to)) if !(1 <= from && from <= to && to <= 31) => Err(RuleError::Days),
        _ => Ok(()),
    }
}

/// Removes a rule. Who has got tasks by it keeps them.
pub async fn remove_rule(tx: &mut Tx, act: &Act<Administer>, number: i64) -> Result<()> {
    store::remove_rule(tx, act.tenant(), number).await?;
    let told = format!("rule {number} removed");
    audit::record(tx, act, Action::TaskRuleSet, Subject::Municipality, told).await
}

/// What rules would give to whom, of the tasks that nobody has now. Changes nothing.
pub async fn plan(db: &mut Read, tenant: Tenant, rules: &[Rule]) -> Result<Vec<Planned>> {
    let mut taken = BTreeSet::new();
    let mut planned = Vec::new();
    for rule in rules {
        let fitting = store::fitting(db, tenant, rule, AT_A_TIME).await?;
        planned.extend(fitting.into_iter().filter(|plan| taken.insert(plan.task)));
    }
    Ok(planned)
}

/// Gives the tasks that nobody has to whom the rules that are switched on say; tells how many.
pub async fn distribute<R: Right>(tx: &mut Tx, act: &Act<R>) -> Result<usize> {
    let mut rules = store::rules(tx, act.tenant()).await?;
    rules.retain(|rule| rule.is_on);
    let mut given = Vec::new();
    for plan in plan(tx, act.tenant(), &rules).await? {
        if store::give(tx, act.tenant(), &plan).await? {
            let note = format!("{}: {}", plan.worker, plan.rule);
            store::add_move(tx, act, plan.task, Move::Distributed, &note).await?;
            let subject = Subject::Task(plan.task);
            given.push(Event::new(Action::TaskMoved, subject, Move::Distributed.word()));
        }
    }
    let count = given.len();
    audit::record_all(tx, act, given).await?;
    Ok(count)
}
