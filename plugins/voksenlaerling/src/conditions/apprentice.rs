//! The apprentice: age, and the group she belongs to.

use ydun_benefit::prelude::*;

use crate::facts::{Application, Background, Case, TargetGroup};
use crate::rules::{Group, LAB, Schooling, Version};
use crate::settings::{AgeDate, Answer};

const SECTION_UNEMPLOYED: &str = "LAB § 155, stk. 1";
const SECTION_EMPLOYED: &str = "LAB § 155, stk. 2";

/// 25 or older on the day the agreement starts; before 2020 the sources name other days as well.
pub(crate) fn age(case: &Case<'_>, version: Version, file: &mut CaseFile) -> Result<(), Failure> {
    const YEARS: i32 = 25;
    let agreement = &case.agreement;
    let governing = match case.settings.age_date_before_2020 {
        _ if agreement.start() >= LAB => agreement.start(),
        AgeDate::AgreementStart => agreement.start(),
        AgeDate::AgreementMade => agreement.made,
        AgeDate::EducationStart => agreement.education_start,
    };
    let test = Test::new("age", "Lærlingen er fyldt 25 år", version.law("LAB § 154"))
        .note("på dagen", governing);
    let tested = match case.about_apprentice("birth").only()? {
        None => test.lacks(need(
            "birth",
            case.apprentice(),
            Period::of_day(governing),
            "Lærlingens alder mangler.",
        )),
        Some(birth) => {
            let age = birth.day("day")?.years_until(governing);
            test.rests_on(birth).note("alder", age).is(age >= YEARS)
        }
    };
    file.condition(tested);
    Ok(())
}

/// The group the apprentice belongs to; none while that is open, or when she belongs to none.
pub(crate) fn group(
    case: &Case<'_>,
    version: Version,
    application: Option<Application<'_>>,
    file: &mut CaseFile,
) -> Result<Option<Group>, Failure> {
    let Some(background) = Background::of(case)? else {
        let test =
            Test::new("background", "Lærlingens baggrund er oplyst", version.law("LAB § 155"));
        file.condition(test.lacks(lacking_background(
            case,
            "Ledighed, beskæftigelse og uddannelse før aftalen mangler.",
        )));
        return Ok(None);
    };
    match background.unemployed_as {
        Some(target_group) => {
            from_target_group(&background, target_group, version, file);
            not_employed_here_before(case, version, application, file)?;
            Ok(from_unemployment(case, &background, version, file))
        }
        None => Ok(from_employment(case, &background, version, file)),
    }
}

/// § 155, stk. 1: unemployed in a group the section names.
fn from_target_group(
    background: &Background<'_>,
    group: TargetGroup,
    version: Version,
    file: &mut CaseFile,
) {
    let test = Test::new(
        "target-group",
        "Lærlingen kommer fra ledighed i en af lovens målgrupper",
        version.law(SECTION_UNEMPLOYED),
    );
    file.condition(test.rests_on(background.fact).is(group.is_named()));
}

/// § 155, stk. 1: unskilled, or outdated, or unemployed long enough.
fn from_unemployment(
    case: &Case<'_>,
    background: &Background<'_>,
    version: Version,
    file: &mut CaseFile,
) -> Option<Group> {
    let schooling = schooling(case, background, version, file)?;
    let Some(months) = version.months_unemployed(schooling, case.agreement.start(), &case.settings)
    else {
        return Some(Group::Unemployed);
    };
    let answer = background.unemployed_longer_than(months, case);
    let lacking =
        || lacking_background(case, "Det mangler, hvor længe lærlingen var ledig før uddannelsen.");
    let law = version.law(SECTION_UNEMPLOYED);

    if schooling == Schooling::Unskilled {
        let test = Test::new("unemployment-length", "Ledighedens længde er afklaret", law)
            .note("grænse i måneder", months);
        let long = sort(
            file,
            "unemployment-length",
            "over grænsen",
            test.rests_on(background.fact),
            answer,
            lacking,
        )?;
        return Some(if long { Group::Unemployed } else { Group::BrieflyUnemployed });
    }
    let test = Test::new("unemployment-length", "Lærlingen har været ledig længe nok", law)
        .rests_on(background.fact)
        .note("grænse i måneder", months);
    let state = file.condition(match answer {
        None => test.lacks(lacking()),
        Some(answer) => test.state(answer.into()),
    });
    (state == State::Met).then_some(Group::Unemployed)
}

/// § 155, stk. 2: from employment only the unskilled, and in trial B the outdated.
fn from_employment(
    case: &Case<'_>,
    background: &Background<'_>,
    version: Version,
    file: &mut CaseFile,
) -> Option<Group> {
    let start = case.agreement.start();
    let test = Test::new(
        "schooling",
        "Lærlingen kommer fra beskæftigelse og er ufaglært",
        version.law(SECTION_EMPLOYED),
    )
    .rests_on(background.fact);
    let asks_for_age = version.admits_from_employment(Schooling::Outdated, start);
    let schooling = if background.is_skilled && asks_for_age {
        schooling(case, background, version, file)?
    } else {
        background.schooling(false)
    };
    let state = file.condition(test.is(version.admits_from_employment(schooling, start)));
    (state == State::Met).then_some(Group::Employed)
}

/// What the apprentice is schooled to, once it is settled whether an education is outdated.
fn schooling(
    case: &Case<'_>,
    background: &Background<'_>,
    version: Version,
    file: &mut CaseFile,
) -> Option<Schooling> {
    if !background.is_skilled {
        return Some(background.schooling(false));
    }
    let test = Test::new(
        "education-outdated",
        "Det er afklaret, om uddannelsen er forældet",
        version.law("LAB § 155"),
    );
    let lacking = || lacking_background(case, "Det mangler, hvornår uddannelsen sidst blev brugt.");
    let outdated = background.is_outdated(case);
    sort(file, "education-outdated", "forældet", test.rests_on(background.fact), outdated, lacking)
        .map(|outdated| background.schooling(outdated))
}

/// A question that sorts into groups and refuses nobody: the condition is that it has an answer.
fn sort(
    file: &mut CaseFile,
    id: &str,
    note: &str,
    test: Test,
    answer: Option<Answer>,
    lacking: impl FnOnce() -> Need,
) -> Option<bool> {
    let (tested, answer) = match (answer, file.judgement(id)) {
        (None, _) => (test.lacks(lacking()), None),
        (Some(Answer::Yes), _) => (test.note(note, true).is(true), Some(true)),
        (Some(Answer::No), _) => (test.note(note, false).is(true), Some(false)),
        (Some(Answer::Unclear), Some(judged)) => {
            (test.judged(&judged).note(note, judged.met).is(true), Some(judged.met))
        }
        (Some(Answer::Unclear), None) => (test.needs_human(), None),
    };
    file.condition(tested);
    answer
}

/// Not ordinarily employed by the same firm in the six months before the agreement.
fn not_employed_here_before(
    case: &Case<'_>,
    version: Version,
    application: Option<Application<'_>>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    const MONTHS: u32 = 6;
    let start = case.agreement.start();
    let limit = start.minus_months(MONTHS);
    let test = Test::new(
        "not-employed-here",
        "Ikke ordinært ansat i virksomheden i de seneste seks måneder",
        version.law("Bekendtgørelsens kap. 16, jf. LAB § 155"),
    );
    let earlier = case.about_apprentice("earlier-employment");
    if earlier.is_empty()
        && application.is_some_and(|application| application.declares_earlier_employment)
    {
        let reason = "Arbejdsgiveren har oplyst en tidligere ansættelse; perioden mangler.";
        let before = Period::new(limit, start.previous()).expect("six months are a period");
        file.condition(test.lacks(need("earlier-employment", case.apprentice(), before, reason)));
        return Ok(());
    }
    let test = test
        .rests_on_all(application.map(|application| application.fact))
        .rests_on_all(earlier.iter());
    let mut states = vec![Answer::Yes];
    for employment in earlier.keep(|employment| employment.valid().first() < start).iter() {
        if employment.who("employer")? == case.agreement.employer
            && !employment.flag("on-support")?
        {
            let last =
                employment.valid().last().unwrap_or_else(|| start.previous()).min(start.previous());
            states.push(case.settings.beyond(limit.cmp(&last)));
        }
    }
    let worst = [Answer::No, Answer::Unclear].into_iter().find(|answer| states.contains(answer));
    file.condition(test.state(worst.unwrap_or(Answer::Yes).into()));
    Ok(())
}

/// The education was on the positive list when the agreement was made.
pub(crate) fn positive_list(case: &Case<'_>, version: Version, file: &mut CaseFile) {
    let test = Test::new(
        "positive-list",
        "Uddannelsen stod på positivlisten, da aftalen blev indgået",
        version.law(SECTION_EMPLOYED),
    )
    .rests_on(case.agreement.fact)
    .note("indgået", case.agreement.made);
    file.condition(match case.agreement.on_positive_list {
        Some(listed) => test.is(listed),
        None => test.needs_human(),
    });
}

fn lacking_background(case: &Case<'_>, reason: &str) -> Need {
    need("background", case.apprentice(), Period::of_day(case.agreement.education_start), reason)
}
