//! A builder of dossiers: an ordinary case, and the changes a test is about.

use std::sync::LazyLock;

use serde::Deserialize;
use voksenlaerling::Voksenlaerling;
use ydun_benefit::prelude::*;

pub(crate) const APPRENTICE: &str = "lærling";
pub(crate) const EMPLOYER: &str = "arbejdsgiver";

/// What the tests read of the manifest: rates and defaults come from there and nowhere else.
#[derive(Deserialize)]
pub(crate) struct Manifest {
    rates: Vec<RateKind>,
    settings: Vec<Setting>,
}

#[derive(Deserialize)]
struct RateKind {
    key: String,
    values: Vec<RateValue>,
}

#[derive(Deserialize)]
struct RateValue {
    valid: Validity,
    announced: Day,
    value: Scalar,
    source: String,
}

#[derive(Deserialize)]
struct Setting {
    key: String,
    default: Scalar,
}

pub(crate) static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../manifest.json")).unwrap());

/// A dossier being changed.
#[derive(Clone, Debug)]
pub(crate) struct Scene(Dossier);

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn hours(text: &str) -> Scalar {
    Scalar::Number(text.parse().unwrap())
}

pub(crate) fn code(word: &str) -> Scalar {
    Scalar::Code(word.into())
}

pub(crate) fn kroner(text: &str) -> Scalar {
    Scalar::Amount(Dkk::parse_plain(text).unwrap())
}

pub(crate) fn on(text: &str) -> Scalar {
    Scalar::Day(day(text))
}

impl Scene {
    /// October 2020 for an unskilled apprentice from unemployment: 37 hours every week, 45 kr.
    pub(crate) fn ordinary() -> Self {
        Self::bare("2020-10-01..2020-10-31").months(&["2020-10"], "37")
    }

    /// The same case without any hours.
    pub(crate) fn bare(span: &str) -> Self {
        let span = period(span);
        let today = span.last().plus_days(5);
        let dossier = Dossier {
            as_of: today,
            known_at: today,
            span,
            facts: vec![],
            rates: vec![],
            settings: vec![],
            prior: vec![],
        };
        Self(dossier)
            .fact(
                "training-agreement",
                "2020-08-10..2023-08-09",
                &[
                    ("employer", Scalar::Who(Party::new(EMPLOYER))),
                    ("act", code("vocational")),
                    ("education", Scalar::Text("Tømrer".into())),
                    ("collective-adult-pay", Scalar::Flag(false)),
                    ("weekly-hours", hours("37")),
                    ("made", on("2020-08-03")),
                    ("school-approved", Scalar::Flag(true)),
                    ("on-positive-list", Scalar::Flag(true)),
                    ("education-start", on("2020-08-10")),
                ],
            )
            .fact("birth", "1990-05-01..", &[("day", on("1990-05-01"))])
            .fact(
                "application",
                "2020-08-20..",
                &[
                    ("received", on("2020-08-20")),
                    ("earlier-employment", Scalar::Flag(false)),
                    ("other-support", Scalar::Flag(false)),
                ],
            )
            .fact(
                "background",
                "2020-08-10..",
                &[
                    ("comes-from", code("unemployment")),
                    ("target-group", code("section-6-1-to-8")),
                    ("schooling", code("unskilled")),
                ],
            )
            .fact(
                "wage",
                "2020-08-10..",
                &[("hourly-paid", kroner("150.00")), ("lowest-unskilled", kroner("130.00"))],
            )
            .fact(
                "de-minimis",
                "2020-08-15..",
                &[
                    ("received-eur", hours("50000")),
                    ("this-aid", kroner("250000.00")),
                    ("euro-rate", hours("7.4450")),
                    ("rate-date", on("2020-08-14")),
                    ("sector", code("general")),
                    ("years", Scalar::Integer(3)),
                    ("declared", on("2020-08-15")),
                ],
            )
            .fact("residence", "2015-01-01..", &[("municipality", Scalar::Text("0561".into()))])
            .fact("grant", "2020-09-01..", &[("decided", on("2020-09-01"))])
            .setting("municipality", Scalar::Text("0561".into()))
    }

    /// An agreement from before 2020, granted on a day of its own, in the municipality of training.
    pub(crate) fn granted(decided: &str, start: &str, span: &str) -> Self {
        let last = day(start).plus_months(48).previous();
        Self::bare(span)
            .about("training-agreement", &format!("{start}..{last}"))
            .set("training-agreement", "made", on(start))
            .set("training-agreement", "education-start", on(start))
            .set("application", "received", on(start))
            .set("grant", "decided", on(decided))
            .about("wage", &format!("{start}.."))
            .fact(
                "training-place",
                "2010-01-01..",
                &[("municipality", Scalar::Text("0561".into()))],
            )
            .about("residence", "2010-01-01..")
            .set("birth", "day", on("1980-05-01"))
    }

    pub(crate) fn fact(mut self, kind: &str, valid: &str, attributes: &[(&str, Scalar)]) -> Self {
        let count = self.0.facts.iter().filter(|fact| fact.kind == kind).count();
        let about =
            if ["application", "de-minimis"].contains(&kind) { EMPLOYER } else { APPRENTICE };
        self.0.facts.push(Fact {
            id: format!("{kind}-{}", count + 1),
            kind: kind.into(),
            about: Party::new(about),
            valid: valid.parse().unwrap(),
            attributes: attributes
                .iter()
                .map(|(name, value)| Attribute::new(*name, value.clone()))
                .collect(),
        });
        self
    }

    /// Changes an attribute of every fact of a kind.
    pub(crate) fn set(self, kind: &str, name: &str, value: Scalar) -> Self {
        let changed = Attribute::new(name, value);
        self.unset(kind, name).each(kind, |fact| fact.attributes.push(changed.clone()))
    }

    pub(crate) fn unset(self, kind: &str, name: &str) -> Self {
        self.each(kind, |fact| fact.attributes.retain(|attribute| attribute.name != name))
    }

    /// Changes the days the facts of a kind are about.
    pub(crate) fn about(self, kind: &str, valid: &str) -> Self {
        self.each(kind, |fact| fact.valid = valid.parse().unwrap())
    }

    fn each(mut self, kind: &str, change: impl Fn(&mut Fact)) -> Self {
        let facts: Vec<&mut Fact> =
            self.0.facts.iter_mut().filter(|fact| fact.kind == kind).collect();
        assert!(!facts.is_empty(), "no {kind} to change");
        facts.into_iter().for_each(change);
        self
    }

    pub(crate) fn without(mut self, kind: &str) -> Self {
        self.0.facts.retain(|fact| fact.kind != kind);
        self
    }

    pub(crate) fn setting(mut self, key: &str, value: Scalar) -> Self {
        self.0.settings.retain(|setting| setting.name != key);
        self.0.settings.push(Attribute::new(key, value));
        self
    }

    /// The months' requests, with so many hours in every whole week and a fifth for each weekday.
    pub(crate) fn months(self, months: &[&str], weekly: &str) -> Self {
        months.iter().fold(self, |scene, month| scene.month(month, weekly.parse().unwrap()))
    }

    fn month(self, month: &str, weekly: Decimal) -> Self {
        let month: Month = month.parse().unwrap();
        let worked =
            |days: Period| (weekly * Decimal::from(days.weekdays()) / Decimal::from(5)).normalize();
        let total: Decimal = month.period().by_week().map(worked).sum();
        let weeks = month.period().by_week();
        weeks.fold(self.request(month, total), |scene, week| {
            scene.fact(
                "weekly-hours",
                &week.to_string(),
                &[("worked", Scalar::Number(worked(week)))],
            )
        })
    }

    pub(crate) fn request(self, month: Month, total: Decimal) -> Self {
        let valid = month.period().to_string();
        self.fact(
            "monthly-request",
            &valid,
            &[
                ("received", Scalar::Day(month.last().plus_days(3))),
                ("total-hours", Scalar::Number(total)),
                ("reference", Scalar::Text("Projekt 4711".into())),
            ],
        )
    }

    /// Changes an attribute of the week that has this day.
    pub(crate) fn week(mut self, of: &str, name: &str, value: &str) -> Self {
        let has_day =
            |fact: &&mut Fact| fact.kind == "weekly-hours" && fact.valid.contains(day(of));
        let fact = self.0.facts.iter_mut().find(has_day).expect("a week with the day");
        fact.attributes.retain(|attribute| attribute.name != name);
        fact.attributes.push(Attribute::new(name, hours(value)));
        self
    }

    /// A person's answer to a condition.
    pub(crate) fn assessed(self, condition: &str, met: bool) -> Self {
        self.fact(
            "assessment",
            "2020-09-01..",
            &[
                ("condition", code(condition)),
                ("met", Scalar::Flag(met)),
                ("reason", Scalar::Text("Efter oplysningerne i sagen.".into())),
            ],
        )
    }

    pub(crate) fn with_span(mut self, span: Period) -> Self {
        self.0.span = span;
        self
    }

    pub(crate) fn seen_on(mut self, today: &str) -> Self {
        self.0.as_of = day(today);
        self.0.known_at = day(today);
        self
    }

    /// The dossier as the host would send it: with the manifest's rates, and its defaults where
    /// nothing was chosen.
    pub(crate) fn dossier(&self) -> Dossier {
        let mut dossier = self.0.clone();
        for kind in &MANIFEST.rates {
            let known = kind.values.iter().filter(|value| value.announced <= dossier.known_at);
            dossier.rates.extend(known.map(|value| ydun_domain::benefit::RateRow {
                key: kind.key.clone(),
                valid: value.valid,
                value: value.value.clone(),
                source: value.source.clone(),
            }));
        }
        for setting in &MANIFEST.settings {
            if !dossier.settings.iter().any(|chosen| chosen.name == setting.key) {
                dossier.settings.push(Attribute::new(setting.key.clone(), setting.default.clone()));
            }
        }
        dossier.sort();
        dossier
    }

    pub(crate) fn calculate(&self) -> Result<Outcome, Failure> {
        Voksenlaerling::calculate(&self.dossier())
    }

    #[track_caller]
    pub(crate) fn outcome(&self) -> Outcome {
        self.calculate().unwrap()
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        Voksenlaerling::check(&self.dossier())
    }

    /// The verdict, and the whole amount in plain kroner.
    #[track_caller]
    pub(crate) fn gives(&self, verdict: Verdict, amount: &str) {
        let outcome = self.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (verdict, amount),
            "{}",
            told(&outcome)
        );
    }

    #[track_caller]
    pub(crate) fn state(&self, condition: &str, expected: State) {
        let outcome = self.outcome();
        let found = outcome.conditions.iter().find(|found| found.id == condition);
        let found =
            found.unwrap_or_else(|| panic!("no condition '{condition}': {}", told(&outcome)));
        assert_eq!(found.state, expected, "{found:?}");
    }

    #[track_caller]
    pub(crate) fn fails(&self, expected: &str) {
        assert_eq!(self.calculate().unwrap_err().to_string(), expected);
    }
}

pub(crate) fn total(outcome: &Outcome) -> Dkk {
    outcome.lines.iter().map(|line| line.amount).sum()
}

/// The outcome in the lines a test's reader needs when it is not the one expected.
fn told(outcome: &Outcome) -> String {
    let conditions = outcome
        .conditions
        .iter()
        .map(|condition| format!("\n  {} {:?}", condition.id, condition.state));
    let needs = outcome.needs.iter().map(|need| format!("\n  needs {} {}", need.kind, need.valid));
    let lines = outcome.lines.iter().map(|line| format!("\n  {} {}", line.key, line.amount));
    conditions.chain(needs).chain(lines).collect()
}
