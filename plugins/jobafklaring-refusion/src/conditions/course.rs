//! The course, and the employment during it.

use ydun_benefit::prelude::*;

use crate::days::Days;
use crate::facts::Case;
use crate::law;

/// A course after sickness benefit, or after the time limit took it away. None while it is not
/// known.
pub(super) fn course(case: &Case<'_>, file: &mut CaseFile) -> Result<Option<Days>, Failure> {
    const KIND: &str = "jobafklaring";
    let law = law::right(case.span.first());
    let test = Test::new(KIND, "Medarbejderen er i jobafklaringsforløb", law);
    let courses = case.about_employee(KIND).disjoint()?;
    if courses.is_empty() {
        let reason = "Jobafklaringsforløbet mangler.";
        file.condition(test.lacks(need(KIND, case.employee, case.span, reason)));
        return Ok(None);
    }
    let days = Days::of(&courses, case.span);
    file.condition(test.rests_on_all(courses.iter()).is(!days.is_empty()));
    comes_from(&courses.meeting(case.span), law, file)?;
    Ok(Some(days))
}

/// From sickness benefit, or without it only because its time ran out.
fn comes_from(courses: &Found<'_>, law: &str, file: &mut CaseFile) -> Result<(), Failure> {
    let words = [("sickness-benefit", true), ("time-limit", true), ("other", false)];
    let mut entitles = true;
    for course in courses.iter() {
        entitles &= course.one_of("comes-from", &words)?;
    }
    let test = Test::new(
        "comes-from",
        "Forløbet følger efter sygedagpenge eller efter varighedsbegrænsningen",
        law,
    );
    file.condition(test.rests_on_all(courses.iter()).is(entitles));
    Ok(())
}

/// Who pays wages, and on which days of the course. None while it is not known.
pub(super) fn employment<'a>(
    case: &Case<'a>,
    course: &Days,
    file: &mut CaseFile,
) -> Result<Option<(&'a Party, Days)>, Failure> {
    const KIND: &str = "employment";
    let test = Test::new(
        KIND,
        "Medarbejderen er ansat med løn under forløbet",
        law::right(case.span.first()),
    );
    let employments = case.about_employee(KIND).disjoint()?;
    let Some(employer) = employer(&employments)? else {
        let reason = "Ansættelsen og den enhed, der betaler lønnen, mangler.";
        file.condition(test.lacks(need(KIND, case.employee, case.span, reason)));
        return Ok(None);
    };
    let days = course.both(&Days::of(&employments, case.span));
    file.condition(test.rests_on_all(employments.iter()).is(!days.is_empty()));
    Ok(Some((employer, days)))
}

/// The one employer of the case; another employment with another employer is another case.
fn employer<'a>(employments: &Found<'a>) -> Result<Option<&'a Party>, Failure> {
    let mut employer = None;
    for employment in employments.iter() {
        let next = employment.who("employer")?;
        if employer.is_some_and(|employer| employer != next) {
            return Err(employment.contradicts("a case is about one employer"));
        }
        employer = Some(next);
    }
    Ok(employer)
}
