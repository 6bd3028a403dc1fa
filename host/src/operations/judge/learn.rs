//! The facts that events tell, put where they belong among what is known.

use ydun_domain::benefit::{self, Attribute, Scalar};
use ydun_domain::ids::FactId;
use ydun_domain::{Day, Validity};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{self, EventFact, FactKind};

use super::{JudgeError, Told};
use crate::access::{Act, Register};
use crate::cases::{Case, CaseRange};
use crate::clock::danish;
use crate::db::{Result as DbResult, Tx};
use crate::events::service as events;
use crate::events::{Event, Message};
use crate::facts::service::{self as facts, correct, withdraw};
use crate::facts::{Content, Fact};

/// Something to write down in a case.
pub(super) enum Change {
    Record(Content, String),
    /// A fact that was known, on other days or with another value.
    Correct(FactId, Content, String),
    /// A fact whose every day is told otherwise.
    Withdraw(FactId, String),
}

/// What must be written down for the case to say what the events tell; nothing where it does already.
pub(super) async fn changes(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    case: &Case,
    told: &[Told<'_>],
) -> DbResult<Vec<Change>> {
    let range = CaseRange::of_one(case.id);
    let known = facts::known(tx, act.tenant(), range, danish(act.at())).await?;
    let mut changes = Vec::new();
    for (told, fact, kind) in told.iter().flat_map(|told| tells(manifest, act, told)) {
        let until = until(tx, act, manifest, (told.event, fact, kind)).await?;
        let Some(content) = content(told, fact, until) else { continue };
        let of_kind = known.iter().filter(|known| is_about_the_same(known, &content));
        let of_kind: Vec<&Fact> = of_kind.collect();
        changes.extend(fit_in(kind, &of_kind, content, source(&told.event.message)));
    }
    Ok(changes)
}

/// What was known of a case when a month was decided, with what the events tell in its place among it.
pub(super) fn added(
    manifest: &Manifest,
    act: &Act<Register>,
    mut facts: Vec<benefit::Fact>,
    told: &[Told<'_>],
) -> Vec<benefit::Fact> {
    for (told, fact, kind) in told.iter().flat_map(|told| tells(manifest, act, told)) {
        let Some(content) = content(told, fact, told.event.message.until) else { continue };
        let about: benefit::Party = content.about.into();
        let is_same = |known: &benefit::Fact| known.kind == content.kind && known.about == about;
        let (of_kind, others): (Vec<_>, Vec<_>) = facts.into_iter().partition(is_same);
        facts = others;
        let kept = of_kind.into_iter().filter(|_| kind.exclusive).flat_map(|known| {
            let left = known.valid.without(content.valid).into_iter();
            left.map(move |valid| benefit::Fact { valid, ..known.clone() })
        });
        facts.extend(kept);
        facts.push(benefit::Fact {
            id: told.event.id.0.simple().to_string(),
            kind: content.kind.clone(),
            about,
            valid: content.valid,
            attributes: content.attributes.clone(),
        });
    }
    facts
}

/// The facts that an event tells in a case, one for each role of its party that has one.
fn tells<'t>(
    manifest: &'t Manifest,
    act: &Act<Register>,
    told: &'t Told<'t>,
) -> Vec<(&'t Told<'t>, &'t EventFact, &'t FactKind)> {
    let event = told.event.message.kind.in_manifest(told.event.lives_in(act.tenant()));
    let of_role = |role: &String| {
        let fact = manifest.event_rule(event?, role)?.fact.as_ref()?;
        Some((told, fact, manifest.fact(&fact.kind)?))
    };
    told.roles.iter().filter_map(of_role).collect()
}

/// Writes the changes down.
pub(super) async fn record(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    case: &Case,
    changes: Vec<Change>,
) -> Result<(), JudgeError> {
    for change in changes {
        match change {
            Change::Record(content, source) => {
                facts::record(tx, act, manifest, case.id, content, &source).await?;
            }
            Change::Correct(wrong, content, source) => {
                correct(tx, act, manifest, (case.id, wrong), content, &source).await?;
            }
            Change::Withdraw(wrong, source) => {
                withdraw(tx, act, (case.id, wrong), &source).await?;
            }
        }
    }
    Ok(())
}

/// Where the fact is from, without whom it is about.
fn source(message: &Message) -> String {
    format!("hændelse fra {}, besked {}", message.source, message.message_id)
}

/// The last day an event counts: its own, or the one before a later event that tells the same kind of fact.
///
/// So an older event that comes late never takes the place of a newer one.
async fn until(
    tx: &mut Tx,
    act: &Act<Register>,
    manifest: &Manifest,
    (event, fact, kind): (&Event, &EventFact, &FactKind),
) -> DbResult<Option<Day>> {
    let told = events::about(tx, act.tenant(), &event.message.about).await?;
    let kind_of = |other: &Event| other.message.kind.in_manifest(other.lives_in(act.tenant()));
    let tells_the_same = |other: &&Event| {
        let rule = kind_of(other).and_then(|told| manifest.event_rule(told, &kind.about));
        rule.and_then(|rule| rule.fact.as_ref()).is_some_and(|other| other.kind == fact.kind)
    };
    let later = told.iter().filter(|other| other.message.day > event.message.day);
    let next = later.filter(tells_the_same).map(|other| other.message.day.previous()).min();
    Ok([next, event.message.until].into_iter().flatten().min())
}

fn content(told: &Told<'_>, fact: &EventFact, until: Option<Day>) -> Option<Content> {
    let message = &told.event.message;
    let value = |value: &manifest::Told| match value {
        manifest::Told::Day => Some(Scalar::Day(message.day)),
        manifest::Told::Municipality => {
            message.municipality.map(|code| Scalar::Text(code.to_string()))
        }
    };
    let attribute =
        |(name, told): (&String, &manifest::Told)| Some(Attribute::new(name, value(told)?));
    Some(Content {
        kind: fact.kind.clone(),
        about: told.party.id,
        valid: Validity::new(message.day, until).ok()?,
        attributes: fact.tells.iter().map(attribute).collect::<Option<_>>()?,
    })
}

fn is_about_the_same(known: &Fact, new: &Content) -> bool {
    (&known.content.kind, known.content.about) == (&new.kind, new.about)
}

/// Puts a fact among those that are known of its kind and party.
fn fit_in(kind: &FactKind, known: &[&Fact], new: Content, source: String) -> Vec<Change> {
    if kind.exclusive { cut_in(known, new, &source) } else { stand_alone(known, new, source) }
}

/// There is one such fact; another value takes its place.
fn stand_alone(known: &[&Fact], new: Content, source: String) -> Vec<Change> {
    if known.iter().any(|known| known.content.attributes == new.attributes) {
        return Vec::new();
    }
    match known {
        [wrong, ..] => vec![Change::Correct(wrong.id, new, source)],
        [] => vec![Change::Record(new, source)],
    }
}

/// What was known for the days ends the day before, and goes on after the last.
fn cut_in(known: &[&Fact], new: Content, source: &str) -> Vec<Change> {
    let says_it = |known: &&&Fact| {
        known.content.attributes == new.attributes
            && new.valid.without(known.content.valid).is_empty()
    };
    if known.iter().any(|known| says_it(&known)) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for known in known.iter().filter(|known| known.content.valid.meets(new.valid)) {
        let left = known.content.valid.without(new.valid);
        let on = |valid| Content { valid, ..known.content.clone() };
        let mut pieces = left.into_iter().map(on);
        changes.push(match pieces.next() {
            Some(piece) => Change::Correct(known.id, piece, source.to_owned()),
            None => Change::Withdraw(known.id, source.to_owned()),
        });
        changes.extend(pieces.map(|piece| Change::Record(piece, source.to_owned())));
    }
    changes.push(Change::Record(new, source.to_owned()));
    changes
}
