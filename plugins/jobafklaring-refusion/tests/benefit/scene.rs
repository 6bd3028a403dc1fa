//! The ordinary case: a provider, ill since spring 2020, with full wages.

use std::sync::LazyLock;

use jobafklaring_refusion::JobafklaringRefusion;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Manifest, code, day, kroner, number, on, text, who};

pub(crate) use ydun_benefit::testing::Scene;

pub(crate) const EMPLOYEE: &str = "employee";
pub(crate) const EMPLOYER: &str = "employer";

pub(crate) static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(include_str!("../../manifest.json")));

/// October 2020 for a provider: 22 weekdays, all 160 hours paid.
pub(crate) fn ordinary() -> Scene {
    bare("2020-10-01..2020-10-31").month("2020-10").request("2020-10-01..2020-10-31", "2020-11-03")
}

/// The same employee, and nothing asked for.
pub(crate) fn bare(span: &str) -> Scene {
    Scene::of::<JobafklaringRefusion>(&MANIFEST, span)
        .fact("jobafklaring", "2020-03-02..", &[("comes-from", code("sickness-benefit"))])
        .fact("employment", "2010-08-01..", &[("employer", who(EMPLOYER))])
        .fact("residence", "2010-01-01..", &[("municipality", text("0561"))])
        .fact("provider-status", "2020-03-02..", &[("status", code("provider"))])
        .setting("municipality", text("0561"))
}

/// One who fell ill long ago, for the rates of other years.
pub(crate) fn since(first: &str, span: &str) -> Scene {
    let open = format!("{first}..");
    bare(span).valid("jobafklaring", &open).valid("provider-status", &open)
}

/// The months of a span, asked for three days after its end, with full hours.
pub(crate) fn asked(scene: Scene) -> Scene {
    let span = scene.dossier().span;
    let received = span.last().plus_days(3).to_string();
    let months = span.months().map(|month| month.to_string());
    months
        .fold(scene, |scene, month| scene.month(&month))
        .request(&span.to_string(), &received)
        .seen_on(&received)
}

/// What only this benefit's cases have.
pub(crate) trait Refund {
    /// A month in which all of 160 hours were paid with 30,000 kr., on its last day.
    fn month(self, month: &str) -> Self;

    /// Other hours in a month.
    fn hours(self, month: &str, paid: &str, normal: &str) -> Self;

    fn request(self, days: &str, received: &str) -> Self;

    /// What the employer can have under sygedagpengeloven for each of some days.
    fn sickness_refund(self, scheme: &str, days: &str, a_day: &str) -> Self;

    fn child(self, name: &str, valid: &str, born: &str) -> Self;
}

impl Refund for Scene {
    fn month(self, month: &str) -> Self {
        let month: Month = month.parse().unwrap();
        self.fact(
            "month-hours",
            &month.period().to_string(),
            &[
                ("normal-hours", number("160")),
                ("paid-hours", number("160")),
                ("wage", kroner("30000.00")),
                ("wage-paid", Scalar::Day(month.last())),
            ],
        )
    }

    fn hours(self, month: &str, paid: &str, normal: &str) -> Self {
        let month: Month = month.parse().unwrap();
        self.each("month-hours", |fact| {
            if fact.valid.contains(month.first()) {
                fact.attributes.retain(|told| !told.name.ends_with("-hours"));
                fact.attributes.push(Attribute::new("paid-hours", number(paid)));
                fact.attributes.push(Attribute::new("normal-hours", number(normal)));
            }
        })
    }

    fn request(self, days: &str, received: &str) -> Self {
        self.fact(
            "refund-request",
            days,
            &[
                ("received", on(received)),
                ("reference", text("Medarbejder 4711")),
                ("sickness-refund", Scalar::Flag(false)),
                ("asks-exception", Scalar::Flag(false)),
            ],
        )
    }

    fn sickness_refund(self, scheme: &str, days: &str, a_day: &str) -> Self {
        self.fact("sickness-refund", days, &[("scheme", code(scheme)), ("a-day", kroner(a_day))])
    }

    fn child(self, name: &str, valid: &str, born: &str) -> Self {
        self.fact_about(name, "child", valid, &[("born", Scalar::Day(day(born)))])
    }
}
