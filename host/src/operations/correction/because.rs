//! Why a month is calculated otherwise than when it was decided.

use std::fmt;

use serde::Serialize;
use ydun_domain::benefit::{Attribute, Dossier, Fact, RateRow};
use ydun_domain::{Period, Validity};
use ydun_runtime::{Digest, Manifest};

/// A difference between what was known when a month was decided, and what is known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// A fact that was not known.
    New {
        title: String,
        valid: Validity,
        says: String,
    },
    /// A fact that is not held to be true any more.
    Gone {
        title: String,
        valid: Validity,
        says: String,
    },
    Rate {
        title: String,
        value: String,
        source: String,
    },
    Setting {
        title: String,
        value: String,
    },
    /// Another version of the rules counts for the days.
    OtherRules,
    /// An earlier month of the case is corrected, and this one builds on it.
    EarlierLines,
}

/// What differs between the dossier a month was decided on and the one it has now.
pub(super) fn because(
    manifest: &Manifest,
    (decided, decided_by): (&Dossier, Digest),
    (now, now_by): (&Dossier, Digest),
) -> Vec<Because> {
    let mut reasons: Vec<Because> = Vec::new();
    let changed = |fact: &&Fact, other: &Dossier| {
        matters(manifest, fact, now.span) && !other.facts.iter().any(|one| same(one, fact))
    };
    let gone = decided.facts.iter().filter(|fact| changed(fact, now));
    reasons.extend(gone.map(|fact| {
        let (title, says) = told(manifest, fact);
        Because::Gone { title, valid: fact.valid, says }
    }));
    let new = now.facts.iter().filter(|fact| changed(fact, decided));
    reasons.extend(new.map(|fact| {
        let (title, says) = told(manifest, fact);
        Because::New { title, valid: fact.valid, says }
    }));
    let other_rates = now.rates.iter().filter(|rate| !decided.rates.contains(rate));
    reasons.extend(other_rates.map(|rate| rate_reason(manifest, rate)));
    let other_settings = now.settings.iter().filter(|setting| !decided.settings.contains(setting));
    reasons.extend(other_settings.map(|setting| setting_reason(manifest, setting)));
    reasons.extend((decided_by != now_by).then_some(Because::OtherRules));
    reasons.extend((decided.prior != now.prior).then_some(Because::EarlierLines));
    reasons
}

/// The hours of one week say nothing about another month; a fact without an end may always matter.
fn matters(manifest: &Manifest, fact: &Fact, span: Period) -> bool {
    let bounded = manifest.fact(&fact.kind).is_some_and(|kind| kind.bounded);
    !bounded || fact.valid.within(span).is_some()
}

/// Recorded again under another id, a fact says the same.
fn same(one: &Fact, other: &Fact) -> bool {
    (&one.kind, &one.about, one.valid, &one.attributes)
        == (&other.kind, &other.about, other.valid, &other.attributes)
}

fn told(manifest: &Manifest, fact: &Fact) -> (String, String) {
    let kind = manifest.fact(&fact.kind);
    let title = kind.map_or(&fact.kind, |kind| &kind.title).clone();
    let says = fact.attributes.iter().map(|Attribute { name, value }| {
        let attribute = kind.and_then(|kind| kind.attribute(name));
        format!("{}: {value}", attribute.map_or(name, |attribute| &attribute.title))
    });
    (title, says.collect::<Vec<_>>().join(", "))
}

fn rate_reason(manifest: &Manifest, rate: &RateRow) -> Because {
    let kind = manifest.rates.iter().find(|kind| kind.key == rate.key);
    Because::Rate {
        title: kind.map_or(&rate.key, |kind| &kind.title).clone(),
        value: rate.value.to_string(),
        source: rate.source.clone(),
    }
}

fn setting_reason(manifest: &Manifest, chosen: &Attribute) -> Because {
    let setting = manifest.settings.iter().find(|setting| setting.key == chosen.name);
    Because::Setting {
        title: setting.map_or(&chosen.name, |setting| &setting.title).clone(),
        value: chosen.value.to_string(),
    }
}

/// As a caseworker reads it.
impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New { title, valid, says } => write!(f, "nyt: {title} ({valid}) {says}"),
            Self::Gone { title, valid, says } => {
                write!(f, "gælder ikke længere: {title} ({valid}) {says}")
            }
            Self::Rate { title, value, source } => {
                write!(f, "anden sats: {title} er {value} ({source})")
            }
            Self::Setting { title, value } => {
                write!(f, "kommunens valg er et andet: {title} er {value}")
            }
            Self::OtherRules => f.write_str("en anden version af reglerne gælder for dagene"),
            Self::EarlierLines => f.write_str("en tidligere måned i sagen er rettet"),
        }
    }
}
