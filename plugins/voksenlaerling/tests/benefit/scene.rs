//! The ordinary apprentice, and the hours she works.

use std::sync::LazyLock;

use voksenlaerling::Voksenlaerling;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Manifest, code, day, kroner, number, on, text, who};

pub(crate) use ydun_benefit::testing::Scene;

pub(crate) const APPRENTICE: &str = "apprentice";
pub(crate) const EMPLOYER: &str = "employer";

pub(crate) static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(include_str!("../../manifest.json")));

/// October 2020 for an unskilled apprentice from unemployment: 37 hours every week, 45 kr.
pub(crate) fn ordinary() -> Scene {
    bare("2020-10-01..2020-10-31").months(&["2020-10"], "37")
}

/// The same case without any hours.
pub(crate) fn bare(span: &str) -> Scene {
    Scene::of::<Voksenlaerling>(&MANIFEST, span)
        .fact(
            "training-agreement",
            "2020-08-10..2023-08-09",
            &[
                ("employer", who(EMPLOYER)),
                ("act", code("vocational")),
                ("education", text("Tømrer")),
                ("collective-adult-pay", Scalar::Flag(false)),
                ("weekly-hours", number("37")),
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
                ("received-eur", number("50000")),
                ("this-aid", kroner("250000.00")),
                ("euro-rate", number("7.4450")),
                ("rate-date", on("2020-08-14")),
                ("sector", code("general")),
                ("years", Scalar::Integer(3)),
                ("declared", on("2020-08-15")),
            ],
        )
        .fact("residence", "2015-01-01..", &[("municipality", text("0561"))])
        .fact("grant", "2020-09-01..", &[("decided", on("2020-09-01"))])
        .setting("municipality", text("0561"))
}

/// An agreement from before 2020, granted on a day of its own, in the municipality of training.
pub(crate) fn granted_on(decided: &str, start: &str, span: &str) -> Scene {
    let last = day(start).plus_months(48).previous();
    bare(span)
        .valid("training-agreement", &format!("{start}..{last}"))
        .set("training-agreement", "made", on(start))
        .set("training-agreement", "education-start", on(start))
        .set("application", "received", on(start))
        .set("grant", "decided", on(decided))
        .valid("wage", &format!("{start}.."))
        .fact("training-place", "2010-01-01..", &[("municipality", text("0561"))])
        .valid("residence", "2010-01-01..")
        .set("birth", "day", on("1980-05-01"))
}

/// What only this benefit's cases have.
pub(crate) trait Apprenticeship {
    /// The months' requests, with so many hours in every whole week and a fifth for each weekday.
    fn months(self, months: &[&str], weekly: &str) -> Self;

    fn month(self, month: Month, weekly: Decimal) -> Self;

    fn request(self, month: Month, total: Decimal) -> Self;

    /// Changes an attribute of the week that has this day.
    fn week(self, of: &str, name: &str, value: &str) -> Self;

    /// A person's answer to a condition.
    fn judged(self, condition: &str, met: bool) -> Self;
}

impl Apprenticeship for Scene {
    fn months(self, months: &[&str], weekly: &str) -> Self {
        let weekly = weekly.parse().unwrap();
        months.iter().fold(self, |scene, month| scene.month(month.parse().unwrap(), weekly))
    }

    fn month(self, month: Month, weekly: Decimal) -> Self {
        let worked =
            |days: Period| (weekly * Decimal::from(days.weekdays()) / Decimal::from(5)).normalize();
        let total: Decimal = month.period().by_week().map(worked).sum();
        month.period().by_week().fold(self.request(month, total), |scene, week| {
            let worked = Scalar::Number(worked(week));
            scene.fact("weekly-hours", &week.to_string(), &[("worked", worked)])
        })
    }

    fn request(self, month: Month, total: Decimal) -> Self {
        self.fact(
            "monthly-request",
            &month.period().to_string(),
            &[
                ("received", Scalar::Day(month.last().plus_days(3))),
                ("total-hours", Scalar::Number(total)),
                ("reference", text("Projekt 4711")),
            ],
        )
    }

    fn week(self, of: &str, name: &str, value: &str) -> Self {
        let day = day(of);
        self.each("weekly-hours", |week| {
            if week.valid.contains(day) {
                week.attributes.retain(|attribute| attribute.name != name);
                week.attributes.push(Attribute::new(name, number(value)));
            }
        })
    }

    fn judged(self, condition: &str, met: bool) -> Self {
        self.assessed(APPRENTICE, condition, met, "2020-09-01..")
    }
}
