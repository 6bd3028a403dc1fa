//! The ordinary case that every test changes.

use std::sync::LazyLock;

use tabt_arbejdsfortjeneste::TabtArbejdsfortjeneste;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Manifest, Scene};
pub(crate) use ydun_benefit::testing::{code, day, kroner, number, on, text, total, who};

pub(crate) static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(include_str!("../../manifest.json")));

pub(crate) const PARENT: &str = "parent";
pub(crate) const CHILD: &str = "child";
pub(crate) const MARCH: &str = "2024-03-01..2024-03-31";

/// March 2024, with 21 weekdays: 31,000 kr. a month for 37 hours, of which half are granted from
/// 1 February. 15,500 kr., of which 50 kr. go to ATP; 1,500 kr. to pension; 600 kr. are saved.
pub(crate) fn ordinary() -> Scene {
    over(MARCH)
}

/// The ordinary case for other days.
pub(crate) fn over(span: &str) -> Scene {
    let flag = Scalar::Flag;
    let scene = Scene::of::<TabtArbejdsfortjeneste>(&MANIFEST, span)
        .setting("municipality", text("0561"))
        .setting("atp-own", kroner("50.00"))
        .setting("atp-municipality", kroner("100.00"))
        .fact(
            "application",
            "2024-01-08..",
            &[
                ("child", who(CHILD)),
                ("received", on("2024-01-08")),
                ("weekly-hours", number("18.5")),
            ],
        )
        .fact(
            "relation",
            "2024-01-08..",
            &[("kind", code("mother")), ("maintains-in-home", flag(true))],
        )
        .fact("birth", "2015-06-10..", &[("day", on("2015-06-10"))])
        .fact(
            "illness",
            "2015-06-10..",
            &[("kind", code("chronic")), ("description", text("Epilepsi med daglige anfald"))],
        )
        .fact("residence", "2015-06-10..", &[("municipality", text("0561"))])
        .fact("hours-granted", "2024-02-01..", &[("weekly-hours", number("18.5"))])
        .fact(
            "income-basis",
            "2024-02-01..",
            &[
                ("kind", code("latest-wage")),
                ("wage", kroner("30000.00")),
                ("supplements", kroner("1500.00")),
                ("own-pension", kroner("500.00")),
                ("weekly-hours", number("37")),
                ("hours-were-cut", flag(false)),
            ],
        )
        .fact("employer-statement", "2024-02-01..", &[("weekly-hours-now", number("18.5"))])
        .fact(
            "pension-scheme",
            "2024-02-01..",
            &[
                ("kind", code("employer")),
                ("employer-contribution", kroner("3000.00")),
                ("firm", who("pensionsselskab")),
                ("reference", text("1234-5678")),
            ],
        )
        .fact("atp", "2024-02-01..", &[("receiver", who("atp"))])
        .fact(
            "saving",
            "2024-02-01..",
            &[("kind", code("commuting")), ("monthly", kroner("600.00"))],
        );
    judged_suitable(scene, PARENT)
}

/// What only a person can say: all of it yes.
pub(crate) fn judged_suitable(scene: Scene, parent: &str) -> Scene {
    ["impairment", "care-at-home", "most-suitable"]
        .into_iter()
        .fold(scene, |scene, condition| scene.assessed(parent, condition, true, "2017-01-01.."))
}

/// Full working time: so many kroner a month before, and nothing beside the benefit.
pub(crate) fn full_time(wage: &str, since: &str, span: &str) -> Scene {
    bare(span)
        .set("income-basis", "wage", kroner(wage))
        .valid("income-basis", &format!("{since}.."))
        .valid("hours-granted", &format!("{since}.."))
        .set("hours-granted", "weekly-hours", number("37"))
        .set("application", "weekly-hours", number("37"))
        .set("application", "received", on(since))
        .valid("application", &format!("{since}.."))
        .valid("employer-statement", &format!("{since}.."))
        .set("employer-statement", "weekly-hours-now", number("0"))
}

/// The ordinary case without supplements, pension, savings and own ATP: what is left is the benefit
/// and 100 kr. of ATP.
pub(crate) fn bare(span: &str) -> Scene {
    over(span)
        .unset("income-basis", "supplements")
        .unset("income-basis", "own-pension")
        .without("saving")
        .unset("pension-scheme", "firm")
        .unset("pension-scheme", "employer-contribution")
        .unset("pension-scheme", "reference")
        .set("pension-scheme", "kind", code("none"))
        .valid("pension-scheme", "2017-01-01..")
        .set("atp", "own", kroner("0.00"))
}

/// The sum of the lines with a posting code, in plain kroner.
pub(crate) fn paid(outcome: &Outcome, posting: &str) -> String {
    let lines = outcome.lines.iter().filter(|line| line.posting == posting);
    lines.map(|line| line.amount).sum::<Dkk>().plain()
}
