//! Dossiers near one that somebody has lived: a case of the module with a few things changed.
//!
//! What is drawn from a manifest alone seldom fits together so well that it is paid. A case does, and
//! what is a step from it is often paid as well, or stops at another rule.

use ydun_domain::benefit::{Attribute, Dossier, Fact};
use ydun_domain::{Period, Validity};
use ydun_manifest::Manifest;

use super::draw::Draw;
use super::{Case, Manner, parties};

/// Most things changed at once.
const CHANGES_MAX: u32 = 4;
/// How far a day is moved.
const DAYS_MAX: u32 = 40;

/// The dossier of a number in the series near some cases that begins with a seed; none without cases.
pub fn near(manifest: &Manifest, lived: &[Dossier], seed: u64, number: u64) -> Option<Dossier> {
    let mut draw = Draw::new(seed, number);
    let mut dossier = draw.pick(lived)?.clone();
    let manner = if draw.one_in(4) { Manner::Odd } else { Manner::Proper };
    let case = Case { manifest, manner, span: dossier.span, parties: parties(manifest) };
    for _ in 0..=draw.below(CHANGES_MAX) {
        case.change(&mut dossier, &mut draw);
    }
    dossier.sort();
    Some(dossier)
}

impl Case<'_> {
    fn change(&self, dossier: &mut Dossier, draw: &mut Draw) {
        let count = u32::try_from(dossier.facts.len()).unwrap_or(u32::MAX);
        let place = draw.below(count) as usize;
        match draw.below(10) {
            0 => dossier.span = other_months(dossier.span, draw),
            1 => self.choose(&mut dossier.settings, draw),
            _ if dossier.facts.is_empty() => {}
            2 => drop(dossier.facts.remove(place)),
            3 => {
                let again = told_again(&dossier.facts[place], dossier.facts.len(), draw);
                dossier.facts.push(again);
            }
            4 | 5 => dossier.facts[place].valid = moved(dossier.facts[place].valid, draw),
            _ => self.tell_otherwise(&mut dossier.facts[place], draw),
        }
    }

    /// Another choice of one setting.
    fn choose(&self, settings: &mut [Attribute], draw: &mut Draw) {
        let others = self.settings(draw);
        if let Some(other) = draw.pick(&others)
            && let Some(setting) = settings.iter_mut().find(|setting| setting.name == other.name)
        {
            setting.value = other.value.clone();
        }
    }

    /// Another value of one attribute; an optional one may also come or go.
    fn tell_otherwise(&self, fact: &mut Fact, draw: &mut Draw) {
        let Some(kind) = self.manifest.fact(&fact.kind) else { return };
        let Some(attribute) = draw.pick(&kind.attributes) else { return };
        let was_told = fact.attribute(&attribute.name).is_some();
        fact.attributes.retain(|told| told.name != attribute.name);
        let is_left_out = was_told && attribute.optional && draw.one_in(3);
        if !is_left_out {
            fact.attributes.push(Attribute::new(&attribute.name, self.value(attribute, draw)));
        }
    }
}

/// The months before or after, or some more of them.
fn other_months(span: Period, draw: &mut Draw) -> Period {
    let months = 1 + draw.below(3);
    let (first, last) = (span.first().month().first(), span.last().month().last());
    let (first, last) = match draw.below(3) {
        0 => (first.minus_months(months), last),
        1 => (first, last.next().plus_months(months).previous()),
        _ => (last.next(), last.next().plus_months(months).previous()),
    };
    Period::new(first, last).unwrap_or(span)
}

/// The fact once more, about other days.
fn told_again(fact: &Fact, count: usize, draw: &mut Draw) -> Fact {
    let mut again = fact.clone();
    again.id = format!("{}-again-{count}", fact.kind);
    again.valid = match fact.valid.last() {
        Some(last) if draw.one_in(2) => Validity::from_day(last.next()),
        _ => moved(fact.valid, draw),
    };
    again
}

/// Another first or last day, some days before or after.
fn moved(valid: Validity, draw: &mut Draw) -> Validity {
    let days = draw.below(DAYS_MAX);
    let (first, last) = (valid.first(), valid.last());
    let (first, last) = match draw.below(4) {
        0 => (first.minus_days(days), last),
        1 => (first.plus_days(days), last),
        2 => (first, last.map(|last| last.minus_days(days))),
        _ => (first, Some(last.map_or(first, |last| last).plus_days(days))),
    };
    Validity::new(first, last).unwrap_or(valid)
}
