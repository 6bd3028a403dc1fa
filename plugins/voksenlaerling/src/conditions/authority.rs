//! Which rules the grant follows, and whether this municipality decides.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::rules::{LAB, Version};

/// The day the grant was decided, which chooses the version of the rules.
///
/// Without a `grant` fact the decision is being made now. For an agreement from before 2020 that
/// would be a guess once 2020 has begun, so then the day is asked for.
pub(crate) fn rule_version(case: &Case<'_>, file: &mut CaseFile) -> Result<Option<Day>, Failure> {
    let now = case.dossier.as_of;
    let began_before_lab = case.agreement.start() < LAB;
    let grant = case.about_apprentice("grant").only()?;
    let test = |law| Test::new("rule-version", "Regelsættet er kendt", law);

    let Some(grant) = grant else {
        if began_before_lab && now >= LAB {
            let reason = "Dagen for bevillingen afgør, hvilke regler der gælder.";
            let lacking = need("grant", case.apprentice(), case.agreement.fact.valid(), reason);
            file.condition(test("LAB § 209").lacks(lacking));
            return Ok(None);
        }
        let version = Version::of_grant(now);
        file.condition(clear_or_human(test(version.law("LAB kap. 23")), version, began_before_lab));
        return Ok(Some(now));
    };
    let decided = grant.day("decided")?;
    let version = Version::of_grant(decided);
    let test = test(version.law("LAB kap. 23")).rests_on(grant).note("bevilget", decided);
    file.condition(clear_or_human(test, version, began_before_lab));
    Ok(Some(decided))
}

/// A person must say which rules apply when the version's contents are not known in full, or when
/// an agreement from before 2020 was first granted after.
fn clear_or_human(test: Test, version: Version, began_before_lab: bool) -> Tested {
    let test = test.note("regelsæt", version.name());
    match version {
        Version::Pre2015 | Version::Vl2017 => {
            test.note("årsag", "Reglernes indhold er ikke fundet i deres helhed.").needs_human()
        }
        Version::Vl2020 if began_before_lab => {
            test.note("årsag", "Aftalen begyndte før 2020, men er bevilget efter.").needs_human()
        }
        Version::Vl2015 | Version::Vl2018 | Version::Vl2020 => test.is(true),
    }
}

/// From 2020 the municipality where the apprentice lives; until 2019 the one of the training place.
///
/// Another municipality, at the grant or later, is for a person: whether a running grant moves with
/// the apprentice has not been found.
pub(crate) fn deciding_municipality(
    case: &Case<'_>,
    decided: Day,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let (kind, label) = if decided >= LAB {
        ("residence", "Lærlingen bor i kommunen")
    } else {
        ("training-place", "Oplæringsstedet ligger i kommunen")
    };
    let test = Test::new("deciding-municipality", label, "LAB § 158")
        .note("kommune", case.settings.municipality.as_str());
    let places = case.about_apprentice(kind);
    let Some(at_grant) = places.clone().on(decided).last() else {
        let reason = "Det skal fremgå, hvilken kommune der afgør sagen.";
        file.condition(test.lacks(need(kind, case.apprentice(), Period::of_day(decided), reason)));
        return Ok(());
    };
    let relevant: Vec<FactRef<'_>> =
        std::iter::once(at_grant).chain(places.meeting(case.dossier.span).iter()).collect();
    let ours = relevant
        .iter()
        .map(|place| Ok(place.text("municipality")? == case.settings.municipality))
        .collect::<Result<Vec<bool>, Failure>>()?;
    let test = test.rests_on_all(relevant);
    file.condition(if ours.into_iter().all(|ours| ours) {
        test.is(true)
    } else {
        test.needs_human()
    });
    Ok(())
}
