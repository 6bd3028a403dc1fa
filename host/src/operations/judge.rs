//! What an event of a register means for the cases it is about.
//!
//! An event never touches a payment. The fact it tells is recorded where the benefit reads one, and the
//! months that are paid, on the way or running are calculated without it and with it. Comes the same
//! out, the event is closed with the reason; a module is pure, so where no fact changes nothing can come
//! out otherwise. Comes something else out, one person is asked, with the amounts. Money is kept back
//! only where a payee would get too much with the next payment, and is let go by a person or by the
//! decision that counts the days anew ([`release_decided`]).
//!
//! All of an event is one transaction: facts, task, hold and outcome, or nothing of it.

mod ask;
mod learn;
mod months;
mod weigh;

use std::collections::{BTreeSet, HashMap};

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Dkk, Month};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{EventEffect, EventRule};

use self::months::Months;
use self::weigh::Weighed;
use super::month_run::RunError;
use crate::access::{Act, Approve, Register};
use crate::cases::{self, Case, CaseRange};
use crate::clock::danish;
use crate::db::{Db, Result as DbResult, Tx};
use crate::decisions::Decision;
use crate::events::service as events;
use crate::events::{Event, Kind, Outcome, Verdict};
use crate::facts::service::FactError;
use crate::modules::registry::Registry;
use crate::modules::service::{self as modules, SettingError};
use crate::parties::service::{NewParty, RegisterError};
use crate::parties::{self, Party};
use crate::payments;

/// Why an event could not be judged. It is tried again later, and stands with the reason meanwhile.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    #[error(transparent)]
    Calculation(#[from] RunError),
    #[error(transparent)]
    Fact(#[from] FactError),
    #[error(transparent)]
    Module(#[from] SettingError),
    #[error(transparent)]
    Party(#[from] RegisterError),
    #[error("the event could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// What judging came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub judged: usize,
    /// Of these, how many nobody was disturbed by.
    pub closed: usize,
    /// Events that could not be judged now; `ydun event list` says why.
    pub put_off: usize,
}

/// Judges every event whose time has come.
pub async fn judge_due(
    db: &Db,
    registry: &Registry,
    act: &Act<Register>,
) -> Result<Tally, JudgeError> {
    let months = Months::new(db, registry, act);
    let mut judge = Judge { db, act, months, manifests: HashMap::new() };
    let mut tally = Tally::default();
    while judge.next(&mut tally).await? {}
    Ok(tally)
}

/// What events are judged with; what many of them need is read once.
struct Judge<'a> {
    db: &'a Db,
    act: &'a Act<Register>,
    months: Months<'a>,
    manifests: HashMap<String, Manifest>,
}

/// An event with the part its party has in a case.
struct Told<'e> {
    event: &'e Event,
    party: &'e Party,
    roles: Vec<String>,
}

impl Judge<'_> {
    /// Judges the next event, and tells whether there was one.
    async fn next(&mut self, tally: &mut Tally) -> Result<bool, JudgeError> {
        let mut tx = self.db.begin().await?;
        let Some(event) = events::lock_next(&mut tx, self.act).await? else { return Ok(false) };
        match self.judge(&mut tx, &event).await {
            Ok(judged) => {
                tx.commit().await?;
                tally.judged += judged.judged;
                tally.closed += judged.closed;
            }
            Err(JudgeError::Store(error)) => return Err(error.into()),
            Err(error) => {
                drop(tx);
                let mut tx = self.db.begin().await?;
                events::put_off(&mut tx, self.act, &event, &error.to_string()).await?;
                tx.commit().await?;
                tally.put_off += 1;
            }
        }
        Ok(true)
    }

    async fn judge(&mut self, tx: &mut Tx, event: &Event) -> Result<Tally, JudgeError> {
        let Some(party) = self.party(tx, event).await? else {
            return self.close(tx, event, "Parten er ikke registreret i kommunen.", &[]).await;
        };
        match event.message.kind {
            Kind::NameChanged => self.rename(tx, event, &party).await,
            Kind::ProtectionChanged => {
                let reason = "Beskyttelsen gælder vejen for breve, aldrig retten til en ydelse.";
                self.close(tx, event, reason, &[]).await
            }
            _ => self.judge_cases(tx, event, party).await,
        }
    }

    async fn party(&self, tx: &mut Tx, event: &Event) -> DbResult<Option<Party>> {
        parties::service::by_number(tx, self.act.tenant(), &event.message.about).await
    }

    /// A new name is the party's from now on; an older one that comes late is not.
    async fn rename(&self, tx: &mut Tx, event: &Event, party: &Party) -> Result<Tally, JudgeError> {
        if self.newer(tx, event, false).await? {
            let reason = "Et nyere navn er kendt.";
            return self.close(tx, event, reason, &[]).await;
        }
        let name = event.message.name.clone().unwrap_or_else(|| party.name.clone());
        let named = NewParty { name, identity: party.identity.clone() };
        parties::service::register(tx, self.act, named).await?;
        self.close(tx, event, "Navnet er rettet. Det ændrer ingen ydelse.", &[]).await
    }

    /// Judges an event in every open case of its party; moves of one household are judged together.
    async fn judge_cases(
        &mut self,
        tx: &mut Tx,
        event: &Event,
        party: Party,
    ) -> Result<Tally, JudgeError> {
        let own = self.open_cases(tx, party.id).await?;
        let mut together = vec![(event.clone(), party)];
        if event.message.kind == Kind::Moved {
            for beside in events::lock_household(tx, self.act, &own, event.message.day).await? {
                let known = together.iter().any(|(one, _)| one.id == beside.id);
                if let Some(party) = self.party(tx, &beside).await?.filter(|_| !known) {
                    together.push((beside, party));
                }
            }
        }
        let mut cases: BTreeSet<CaseId> = own.into_iter().collect();
        for (_, party) in &together[1..] {
            cases.extend(self.open_cases(tx, party.id).await?);
        }
        let mut outcomes: HashMap<_, Vec<Outcome>> = HashMap::new();
        for id in cases {
            let Some(case) = cases::service::lock(tx, self.act.tenant(), id).await? else {
                continue;
            };
            for (event, outcome) in self.judge_case(tx, &case, &together).await? {
                outcomes.entry(event).or_default().push(outcome);
            }
        }
        let mut tally = Tally::default();
        for (event, _) in &together {
            let of_event = outcomes.remove(&event.id).unwrap_or_default();
            let closed = self.close(tx, event, &in_all(&of_event), &of_event).await?;
            tally.judged += closed.judged;
            tally.closed += closed.closed;
        }
        Ok(tally)
    }

    async fn open_cases(&self, tx: &mut Tx, party: PartyId) -> DbResult<Vec<CaseId>> {
        let cases = cases::service::of_party(tx, self.act.tenant(), party).await?;
        Ok(cases.into_iter().filter(|case| case.closed.is_none()).map(|case| case.id).collect())
    }

    async fn close(
        &self,
        tx: &mut Tx,
        event: &Event,
        reason: &str,
        outcomes: &[Outcome],
    ) -> Result<Tally, JudgeError> {
        events::close(tx, self.act, event, reason, outcomes).await?;
        let asked = outcomes.iter().any(|outcome| outcome.verdict == Verdict::Asked);
        Ok(Tally { judged: 1, closed: usize::from(!asked), put_off: 0 })
    }

    /// What the events mean in one case, which is locked.
    async fn judge_case(
        &mut self,
        tx: &mut Tx,
        case: &Case,
        together: &[(Event, Party)],
    ) -> Result<Vec<(ydun_domain::ids::EventId, Outcome)>, JudgeError> {
        let roles =
            cases::service::roles(tx, self.act.tenant(), CaseRange::of_one(case.id)).await?;
        let mut outcomes = Vec::new();
        let mut counting = Vec::new();
        for (event, party) in together {
            let own = roles.iter().filter(|part| part.party == party.id);
            let roles: Vec<String> = own.map(|part| part.role.clone()).collect();
            if roles.is_empty() {
                continue;
            }
            match self.passed_over(tx, case, event).await? {
                Some(outcome) => outcomes.push((event.id, outcome)),
                None => counting.push(Told { event, party, roles }),
            }
        }
        if !counting.is_empty() {
            let outcome = self.weigh_case(tx, case, &counting).await?;
            outcomes.extend(counting.iter().map(|told| (told.event.id, outcome.clone())));
        }
        Ok(outcomes)
    }

    /// Why an event does not count in a case whatever it says.
    async fn passed_over(
        &self,
        tx: &mut Tx,
        case: &Case,
        event: &Event,
    ) -> DbResult<Option<Outcome>> {
        let (tenant, today) = (self.act.tenant(), danish(self.act.at()));
        if self.newer(tx, event, true).await? {
            let reason = "Registret har senere fortalt om det samme.";
            return Ok(Some(quiet(case, Verdict::Overtaken, reason.to_owned())));
        }
        let ignored = events::ignored(tx, tenant, case.id, event.message.kind, today).await?;
        Ok(ignored.map(|ignored| {
            let reason = format!(
                "{} har sagt, at det er uden betydning til og med {}: {}",
                ignored.said_by, ignored.until, ignored.reason
            );
            quiet(case, Verdict::Ignored, reason)
        }))
    }

    /// Whether the register has told something newer: of the same day, or of any where only the last
    /// word counts. What was told twice in the same words counts the first time.
    async fn newer(&self, tx: &mut Tx, event: &Event, by_day: bool) -> DbResult<bool> {
        let (message, tenant) = (&event.message, self.act.tenant());
        let only_last = !by_day || message.kind == Kind::Died;
        let told = if only_last {
            events::about(tx, tenant, &message.about).await?
        } else {
            events::about_day(tx, tenant, &message.about, message.day).await?
        };
        let mut of_kind =
            told.iter().filter(|other| other.id != event.id && other.message.kind == message.kind);
        let overtakes = |other: &Event| {
            let same_day = other.message.day == message.day;
            if same_day && other.message.says_as(message) {
                return other.judged.is_some() || other.id < event.id;
            }
            let later_day = !by_day && other.message.day > message.day;
            later_day || ((only_last || same_day) && other.told() > event.told())
        };
        Ok(of_kind.any(overtakes))
    }

    /// Records what the events tell, calculates without and with it, and says what came of it.
    async fn weigh_case(
        &mut self,
        tx: &mut Tx,
        case: &Case,
        told: &[Told<'_>],
    ) -> Result<Outcome, JudgeError> {
        let manifest = self.manifest(tx, &case.benefit).await?;
        if learn::changes(tx, self.act, &manifest, case, told).await?.is_empty() {
            return self.without_news(tx, case, &manifest, told).await;
        }
        let days = told.iter().map(|told| told.event.message.day);
        let first = days.min().expect("at least one event is judged").month();
        let months = self.months.touched(tx, case, first).await?;
        let before = self.months.calculate(tx, case, &months).await?;
        for one in told.chunks(1) {
            let changes = learn::changes(tx, self.act, &manifest, case, one).await?;
            learn::record(tx, self.act, &manifest, case, changes).await?;
        }
        let after = self.months.calculate(tx, case, &months).await?;
        let added = |facts| learn::added(&manifest, self.act, facts, told);
        let alone = self.months.alone(tx, case, &after, added).await?;
        let weighed = Weighed::of(before, after).with_alone(alone);
        if weighed.is_same() && asking(&manifest, self.act, told).is_none() {
            let reason = format!(
                "Oplysningen er registreret. {} er beregnet med den, og udfaldet er det samme.",
                in_months(&months)
            );
            return Ok(quiet(case, Verdict::Same, reason));
        }
        ask::ask(tx, self.act, &manifest, case, told, &weighed).await
    }

    /// No fact changes, so the module would be given the same dossier and answer the same.
    async fn without_news(
        &self,
        tx: &mut Tx,
        case: &Case,
        manifest: &Manifest,
        told: &[Told<'_>],
    ) -> Result<Outcome, JudgeError> {
        let asks_without_fact = asking(manifest, self.act, told).filter(|rule| rule.fact.is_none());
        if asks_without_fact.is_some() {
            return ask::ask(tx, self.act, manifest, case, told, &Weighed::default()).await;
        }
        let rule = rules(manifest, self.act, told).next();
        let why = rule.map_or("Ydelsen nævner ikke hændelsen.", |rule| &rule.why);
        Ok(match rule {
            Some(EventRule { fact: Some(_), .. }) => quiet(
                case,
                Verdict::Same,
                format!("Sagens oplysninger er de samme, så udfaldet er det samme. {why}"),
            ),
            _ => quiet(case, Verdict::Noted, why.to_owned()),
        })
    }

    async fn manifest(&mut self, tx: &mut Tx, benefit: &str) -> Result<Manifest, JudgeError> {
        if let Some(known) = self.manifests.get(benefit) {
            return Ok(known.clone());
        }
        let manifest = modules::newest_manifest(tx, benefit).await?;
        self.manifests.insert(benefit.to_owned(), manifest.clone());
        Ok(manifest)
    }
}

/// What the manifest says about the events.
fn rules<'m>(
    manifest: &'m Manifest,
    act: &Act<Register>,
    told: &[Told<'_>],
) -> impl Iterator<Item = &'m EventRule> {
    let rule = |told: &Told<'_>| {
        let kind = told.event.message.kind.in_manifest(told.event.lives_in(act.tenant()));
        let rule = |role: &String| manifest.event_rule(kind?, role);
        told.roles.iter().filter_map(rule).collect::<Vec<_>>()
    };
    told.iter().flat_map(rule).collect::<Vec<_>>().into_iter()
}

/// The rule that wants a person asked, if there is one.
fn asking<'m>(
    manifest: &'m Manifest,
    act: &Act<Register>,
    told: &[Told<'_>],
) -> Option<&'m EventRule> {
    rules(manifest, act, told).find(|rule| rule.effect == EventEffect::AskPerson)
}

fn quiet(case: &Case, verdict: Verdict, reason: String) -> Outcome {
    let (before, after) = (Dkk::ZERO, Dkk::ZERO);
    Outcome { case: case.id, verdict, reason, task_key: None, held: false, before, after }
}

fn in_all(outcomes: &[Outcome]) -> String {
    let asked = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Asked).count();
    match outcomes {
        [] => "Parten har ingen åben sag i kommunen.".to_owned(),
        [only] => only.reason.clone(),
        several if asked > 0 => {
            format!("En sagsbehandler er spurgt i {asked} af {} sager.", several.len())
        }
        several => format!("Udfaldet er det samme i {} sager.", several.len()),
    }
}

fn in_months(months: &BTreeSet<Month>) -> String {
    let words: Vec<String> = months.iter().map(|month| month.in_words()).collect();
    words.join(", ")
}

/// Lets money go whose days have been decided anew by somebody who knew what it was kept back for.
pub(super) async fn release_decided(
    tx: &mut Tx,
    act: &Act<Approve>,
    decisions: &[Decision],
) -> DbResult<()> {
    for hold in payments::service::open_holds(tx, act.tenant()).await? {
        let about = |decision: &&Decision| {
            decision.basis.case == hold.case && decision.basis.period.contains(hold.since)
        };
        let Some(decision) = decisions.iter().find(about) else { continue };
        let run = modules::run(tx, act.tenant(), hold.case, decision.run).await?;
        let known_at = run.and_then(|run| run.read_dossier().ok()).map(|dossier| dossier.known_at);
        if known_at.is_some_and(|known_at| known_at >= danish(hold.placed_at)) {
            let because = "Dagene er afgjort på ny med den nye oplysning.";
            payments::service::release_decided(tx, act, hold.id, because).await?;
        }
    }
    Ok(())
}
