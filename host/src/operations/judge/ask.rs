//! Asking a person what comes of an event, and keeping money back meanwhile where it would be wrong.

use std::collections::BTreeMap;

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Month};
use ydun_runtime::Manifest;

use super::weigh::{MonthGives, Weighed};
use super::{JudgeError, Told, asking, rules};
use crate::access::{Act, Register};
use crate::cases::Case;
use crate::db::{Result as DbResult, Tx};
use crate::decisions::service as decisions;
use crate::events::{Outcome, Verdict};
use crate::payments::service::{self as payments, Unsent};
use crate::tasks;
use crate::tasks::{About, NewTask};

/// Gives one task about the case, and keeps back what the next payment would pay too much of.
pub(super) async fn ask(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    case: &Case,
    told: &[Told<'_>],
    weighed: &Weighed,
) -> Result<Outcome, JudgeError> {
    let unsent = payments::unsent(tx, act.tenant(), case.id).await?;
    let held = to_hold(tx, act, case.id, weighed, &unsent).await?;
    let words = Words { manifest, act, case, told, weighed };
    let title = words.title();
    for (payee, since) in &held {
        payments::hold(tx, act, (case.id, *payee, *since), &title).await?;
    }
    let kind = told[0].event.message.kind;
    let topic = format!("event/{kind}");
    let task = NewTask {
        business_key: format!("{topic}/{}", case.id),
        about: About::Case(case.id),
        topic: topic.clone(),
        queue: manifest.queues.first().map_or("haendelser", |queue| &queue.key).to_owned(),
        title,
        detail: words.detail(!held.is_empty(), &unsent),
        questions: Vec::new(),
        amount: (!weighed.is_same()).then(|| (weighed.before() - weighed.after()).abs()),
        due: unsent.iter().filter(|unsent| !unsent.at_bank).map(|unsent| unsent.disposal).min(),
    };
    let task_key = Some(task.business_key.clone());
    tasks::service::ask(tx, act, &topic, &(case.id..=case.id), vec![task]).await?;
    Ok(Outcome {
        case: case.id,
        verdict: Verdict::Asked,
        reason: words.reason(!held.is_empty()),
        task_key,
        held: !held.is_empty(),
        before: weighed.before(),
        after: weighed.after(),
    })
}

/// Whose money is kept back, and from which day on: that of the first month which is not paid yet and
/// would give too much. What is paid is put right by a correction, and nothing is held for it.
async fn to_hold(
    tx: &mut Tx,
    act: &Act<Register>,
    case: CaseId,
    weighed: &Weighed,
    unsent: &[Unsent],
) -> DbResult<BTreeMap<PartyId, Day>> {
    let decided = decisions::in_force(tx, act.tenant(), case).await?;
    let is_decided = |month: Month| {
        decided.iter().any(|decision| decision.basis.period.first().month() == month)
    };
    let waits = |payee: PartyId, month: Month| {
        let has_days = |unsent: &&Unsent| unsent.period.overlap(month.period()).is_some();
        let own = unsent.iter().filter(|unsent| unsent.payee == payee && !unsent.at_bank);
        own.filter(has_days).count() > 0
    };
    let mut held = BTreeMap::new();
    for (payee, months) in weighed.too_much() {
        let mut next =
            months.into_iter().filter(|month| !is_decided(*month) || waits(payee, *month));
        if let Some(month) = next.next() {
            held.insert(payee, month.first());
        }
    }
    Ok(held)
}

/// What the caseworker is told.
struct Words<'a> {
    manifest: &'a Manifest,
    act: &'a Act<Register>,
    case: &'a Case,
    told: &'a [Told<'a>],
    weighed: &'a Weighed,
}

impl Words<'_> {
    /// `2024-00017: Tabt arbejdsfortjeneste: modtageren er død, afslut ydelsen; marts 2024 fra 1.000,00 kr. til 0,00 kr.`
    fn title(&self) -> String {
        let what = asking(self.manifest, self.act, self.told).and_then(|rule| rule.title.clone());
        let kind = self.told[0].event.message.kind.in_words();
        let what = what.unwrap_or_else(|| format!("{}: {kind}", self.manifest.title));
        format!("{}: {what}{}", self.case, self.effect())
    }

    fn effect(&self) -> String {
        let (before, after) = (self.weighed.before(), self.weighed.after());
        if before == after {
            return String::new();
        }
        let months = self.weighed.months.iter().map(|(before, _)| before.month.in_words());
        let months: Vec<String> = months.collect();
        format!("; {} fra {before} til {after}", months.join(", "))
    }

    fn detail(&self, held: bool, unsent: &[Unsent]) -> String {
        let events = self.told.iter().map(|told| {
            let message = &told.event.message;
            let (what, who) = (message.kind.in_words(), &told.party.name);
            format!("{who}: {what} {}, kendt i registret {}.", message.day, message.known)
        });
        let why = rules(self.manifest, self.act, self.told).map(|rule| rule.why.clone());
        let months = self.weighed.months.iter().map(month_in_words);
        let alone = self.weighed.alone.iter().map(alone_in_words);
        let months = months.chain(alone);
        let money = self.money(held, unsent);
        events.chain(why).chain(months).chain(money).collect::<Vec<_>>().join("\n")
    }

    fn money(&self, held: bool, unsent: &[Unsent]) -> Vec<String> {
        let mut told = Vec::new();
        if held {
            told.push(
                "Pengene holdes tilbage, til du frigiver dem med en begrundelse, eller rettelsen er afgjort."
                    .to_owned(),
            );
        } else {
            told.push("Intet er standset.".to_owned());
        }
        if unsent.iter().any(|unsent| unsent.at_bank) && !self.weighed.too_much().is_empty() {
            told.push(
                "En betaling er allerede hos banken. Bed banken standse den, hvis den ikke skal betales."
                    .to_owned(),
            );
        }
        told
    }

    fn reason(&self, held: bool) -> String {
        let money = if held { " Den næste betaling holdes tilbage." } else { "" };
        if self.weighed.is_same() {
            return "En sagsbehandler er spurgt, som ydelsen vil det; intet er standset."
                .to_owned();
        }
        format!("Udfaldet er et andet{}. En sagsbehandler er spurgt.{money}", self.effect())
    }
}

fn month_in_words((before, after): &(MonthGives, MonthGives)) -> String {
    let month = before.month.in_words();
    if after.is_open() {
        return format!(
            "{month}: {} før; med hændelsen skal et menneske vurdere sagen.",
            before.total()
        );
    }
    format!("{month}: {} før, {} med hændelsen.", before.total(), after.total())
}

fn alone_in_words((before, after): &(MonthGives, MonthGives)) -> String {
    format!(
        "{}: {} er afgjort; med hændelsen alene ville det være {}.",
        before.month.in_words(),
        before.total(),
        after.total()
    )
}
