//! Dossiers nobody has lived: drawn from a manifest, to see that a module answers whatever it is told.
//!
//! A third are as a host would send them, a third lack something, and a third are odd: a value outside
//! its bounds or of another type, a word of no list, two facts where there can be one. What a draw gives
//! depends on its seed and number alone, so that a failure can be told by two numbers.

mod draw;
mod near;
mod property;
mod shrink;

use ydun_domain::benefit::{Attribute, Dossier, Fact, Line, Party, Scalar};
use ydun_domain::{Day, Dkk, Period, Validity};
use ydun_manifest::{AttributeKind, FactKind, Manifest, ScalarKind};

use self::draw::Draw;
pub use self::near::near;
pub use self::property::broken;
pub use self::shrink::shrunk;

/// The days a span is drawn from where it does not lie around a change of rates: a first and how many.
const USUAL: (Day, u32) = (Day::new(2018, 1, 1), 9 * 365);

/// What a draw leaves out or gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Proper,
    Lacking,
    Odd,
}

/// The dossier of a number in the series that begins with a seed.
pub fn dossier(manifest: &Manifest, seed: u64, number: u64) -> Dossier {
    let mut draw = Draw::new(seed, number);
    let manner = [Manner::Proper, Manner::Lacking, Manner::Odd][(number % 3) as usize];
    let span = span(&mut draw, manifest);
    let known_at = span.last().plus_days(draw.below(60));
    let case = Case { manifest, manner, span, parties: parties(manifest) };
    let mut facts = Vec::new();
    for kind in &manifest.facts {
        case.facts_of(kind, &mut draw, &mut facts);
    }
    let mut dossier = Dossier {
        as_of: known_at,
        known_at,
        span,
        facts,
        rates: manifest.rates_known(known_at),
        settings: case.settings(&mut draw),
        prior: case.prior(&mut draw),
    };
    if manner == Manner::Lacking && draw.one_in(4) {
        let count = u32::try_from(dossier.rates.len()).unwrap_or(u32::MAX);
        dossier.rates.truncate(draw.below(count + 1) as usize);
    }
    dossier.sort();
    dossier
}

/// A month or a few, often around the day a rate changes.
fn span(draw: &mut Draw, manifest: &Manifest) -> Period {
    let changes: Vec<Day> = manifest
        .rates
        .iter()
        .flat_map(|rate| rate.values.iter().map(|value| value.valid.first()))
        .filter(|day| *day >= USUAL.0)
        .collect();
    let around = match draw.pick(&changes) {
        Some(change) if draw.one_in(2) => *change,
        _ => USUAL.0.plus_days(draw.below(USUAL.1)),
    };
    let first = around.minus_months(draw.below(2)).month().first();
    let months = [1, 1, 1, 2, 3, 6][draw.below(6) as usize];
    let whole = Period::new(first, first.plus_months(months).previous());
    let whole = whole.expect("a month has a first and a last day");
    if draw.one_in(6) { Period::of_day(whole.first().plus_days(draw.below(28))) } else { whole }
}

/// One of each role, and a second: another parent, another child.
fn parties(manifest: &Manifest) -> Vec<(String, Vec<Party>)> {
    let mut roles: Vec<String> = manifest.facts.iter().map(|fact| fact.about.clone()).collect();
    roles.sort();
    roles.dedup();
    let both = |role: String| {
        let parties = vec![Party::new(&role), Party::new(format!("{role}-2"))];
        (role, parties)
    };
    roles.into_iter().map(both).collect()
}

/// What the drawing of one dossier holds on to.
struct Case<'a> {
    manifest: &'a Manifest,
    manner: Manner,
    span: Period,
    parties: Vec<(String, Vec<Party>)>,
}

impl Case<'_> {
    fn facts_of(&self, kind: &FactKind, draw: &mut Draw, facts: &mut Vec<Fact>) {
        let count = match self.manner {
            Manner::Lacking if draw.one_in(4) => 0,
            _ if kind.bounded => draw.below(6),
            _ => [1, 1, 1, 1, 1, 1, 0, 2][draw.below(8) as usize],
        };
        let mut taken: Vec<(Party, Validity)> = Vec::new();
        for number in 1..=count {
            let about = self.party(&kind.about, draw);
            let valid = self.valid(kind.bounded, draw);
            let clash = taken.iter().any(|(party, days)| *party == about && days.meets(valid));
            if kind.exclusive && clash && self.manner != Manner::Odd {
                continue;
            }
            taken.push((about.clone(), valid));
            let attributes = self.attributes(kind, draw);
            facts.push(Fact {
                id: format!("{}-{number}", kind.kind),
                kind: kind.kind.clone(),
                about,
                valid,
                attributes,
            });
        }
    }

    fn attributes(&self, kind: &FactKind, draw: &mut Draw) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        for attribute in &kind.attributes {
            let forgotten = match self.manner {
                Manner::Odd => draw.one_in(20),
                _ => attribute.optional && draw.one_in(2),
            };
            if !forgotten {
                attributes.push(Attribute::new(&attribute.name, self.value(attribute, draw)));
            }
        }
        attributes
    }

    fn value(&self, attribute: &AttributeKind, draw: &mut Draw) -> Scalar {
        let odd = self.manner == Manner::Odd;
        if odd && draw.one_in(40) {
            return draw.of_any_kind(self.span);
        }
        if !(odd && draw.one_in(8)) {
            if let Some(code) = draw.pick(&attribute.codes) {
                return Scalar::Code(code.code.clone());
            }
            let bounds: Vec<&Scalar> = attribute.min.iter().chain(&attribute.max).collect();
            if let Some(bound) = draw.pick(&bounds).filter(|_| draw.one_in(4)) {
                return (*bound).clone();
            }
        }
        let value = match attribute.kind {
            ScalarKind::Who => Scalar::Who(self.anybody(draw)),
            kind => draw.of_kind(kind, self.span, odd),
        };
        if odd { value } else { within(value, attribute) }
    }

    /// Days around the span; one in three facts begins long before, as a birth does.
    fn valid(&self, bounded: bool, draw: &mut Draw) -> Validity {
        let first = match draw.below(3) {
            0 => self.span.first().minus_months(draw.below(600)),
            1 => self.span.first().minus_days(draw.below(90)),
            _ => self.span.first().plus_days(draw.below(self.span.len())),
        };
        if bounded {
            let month = self.span.first().plus_days(draw.below(self.span.len())).month().period();
            let week = Period::new(first, first.plus_days(6)).map_or(month, |week| week);
            return if draw.one_in(2) { month.into() } else { week.into() };
        }
        let last = draw.one_in(3).then(|| first.plus_days(draw.below(800)));
        Validity::new(first, last).unwrap_or_else(|_| Validity::from_day(first))
    }

    fn party(&self, role: &str, draw: &mut Draw) -> Party {
        let parties = self.parties.iter().find(|(name, _)| name == role);
        let [first, second] = parties.map_or(&[][..], |(_, parties)| parties) else {
            return Party::new(role);
        };
        if draw.one_in(8) { second.clone() } else { first.clone() }
    }

    fn anybody(&self, draw: &mut Draw) -> Party {
        let all: Vec<&Party> = self.parties.iter().flat_map(|(_, parties)| parties).collect();
        draw.pick(&all).map_or_else(|| Party::new("nogen"), |party| (*party).clone())
    }

    /// The municipality's choices: mostly the defaults.
    fn settings(&self, draw: &mut Draw) -> Vec<Attribute> {
        let chosen = |setting: &ydun_manifest::Setting, draw: &mut Draw| {
            if !draw.one_in(5) {
                return setting.default.clone();
            }
            match draw.pick(&setting.codes) {
                Some(code) => Scalar::Code(code.code.clone()),
                None => draw.of_kind(ScalarKind::of(&setting.default), self.span, false),
            }
        };
        let settings = self.manifest.settings.iter();
        settings.map(|setting| Attribute::new(&setting.key, chosen(setting, draw))).collect()
    }

    /// Lines of the months before, where the benefit wants to know them.
    fn prior(&self, draw: &mut Draw) -> Vec<Line> {
        let months = draw.below(self.manifest.history_months.min(12) + 1);
        let mut lines = Vec::new();
        for back in (1..=months).rev() {
            let month = self.span.first().month().first().minus_months(back).month();
            let Some(posting) = draw.pick(&self.manifest.postings) else { break };
            lines.push(Line {
                key: format!("{}:{month}", posting.code),
                payee: self.anybody(draw),
                about: None,
                period: month.period(),
                amount: Dkk::from_kroner(i64::from(1 + draw.below(30_000))),
                posting: posting.code.clone(),
                reference: None,
                details: Vec::new(),
                steps: Vec::new(),
            });
        }
        lines
    }
}

/// The value, or the bound it passes.
fn within(value: Scalar, attribute: &AttributeKind) -> Scalar {
    match (&attribute.min, &attribute.max) {
        (Some(min), _) if value < *min => min.clone(),
        (_, Some(max)) if value > *max => max.clone(),
        _ => value,
    }
}
