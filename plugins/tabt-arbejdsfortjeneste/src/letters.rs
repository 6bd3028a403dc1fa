//! What the parent is written about.

use ydun_benefit::prelude::*;

use crate::ending::Ending;
use crate::facts::{Basis, Case, Grant};

/// The id of the step that tells a full month's benefit from a day on.
pub(crate) fn full_month_step(day: Day) -> String {
    format!("{FULL_MONTH}{day}")
}

const FULL_MONTH: &str = "hel-maaned:";

/// The letters an outcome leads to. Their keys make each of them written once.
pub(crate) fn about(case: &Case<'_>, outcome: &Outcome) -> Result<Vec<Effect>, Failure> {
    let letters = match outcome.verdict {
        // A benefit that runs is stopped by a decision, after a hearing; not by a letter from here.
        Verdict::Refused if case.is_running_case() => vec![],
        Verdict::Refused => vec![refused(case, outcome)],
        Verdict::Incomplete => vec![request(case, outcome)],
        Verdict::NeedsHuman => vec![],
        Verdict::Granted | Verdict::PartlyGranted => granted(case, outcome)?,
    };
    Ok(letters.into_iter().map(Effect::Letter).collect())
}

/// `of` tells one letter of the template from the next.
fn letter(
    case: &Case<'_>,
    template: &str,
    of: impl std::fmt::Display,
    fields: Vec<Attribute>,
) -> Letter {
    Letter {
        key: format!("{template}:{}:{of}", case.parent),
        template: template.into(),
        recipient: case.parent.clone(),
        fields,
        steps: vec![],
    }
}

fn refused(case: &Case<'_>, outcome: &Outcome) -> Letter {
    let failed = outcome.conditions.iter().filter(|condition| condition.state == State::NotMet);
    let why: Vec<String> =
        failed.map(|condition| format!("{} ({})", condition.label, condition.law)).collect();
    let fields =
        vec![told("modtaget", case.application.received), told("ikke-opfyldt", why.join("; "))];
    letter(case, "afslag", case.application.received, fields)
}

fn request(case: &Case<'_>, outcome: &Outcome) -> Letter {
    let missing: Vec<&str> = outcome.needs.iter().map(|need| need.reason.as_str()).collect();
    let fields =
        vec![told("modtaget", case.application.received), told("mangler", missing.join(" "))];
    let kinds: Vec<&str> = outcome.needs.iter().map(|need| need.kind.as_str()).collect();
    letter(case, "manglende-oplysninger", kinds.join("+"), fields)
}

/// The first grant, what is changed later, and the end.
fn granted(case: &Case<'_>, outcome: &Outcome) -> Result<Vec<Letter>, Failure> {
    let mut letters = vec![];
    for step in &outcome.steps {
        if let Some(day) = step.id.strip_prefix(FULL_MONTH).and_then(|day| day.parse().ok()) {
            letters.push(from_day(case, day, step)?);
        }
    }
    let in_span = |ending: &Ending| case.span.contains(ending.last_day);
    // After a death a person writes.
    let endings = Ending::all(case)?.into_iter().filter(in_span);
    letters.extend(
        endings.filter(|ending| !ending.reason.is_death()).map(|ending| ended(case, ending)),
    );
    Ok(letters)
}

/// What applies from a day: a grant when it is the first, otherwise a change.
fn from_day(case: &Case<'_>, day: Day, full_month: &Step) -> Result<Letter, Failure> {
    let today = Period::of_day(day);
    let grant = *Grant::of(case, today)?.first().expect("the step is of a day with a grant");
    let basis = *Basis::of(case, today)?.first().expect("the step is of a day with an income");
    let mut fields = vec![
        told("fra", day),
        told("timer", grant.weekly_hours),
        told("arbejdstid", basis.weekly_hours),
        told("hel-maaned", full_month.value.clone()),
    ];
    let asked = case.application.weekly_hours.filter(|asked| *asked > grant.weekly_hours);
    let is_first = first_granted(case) == Some(day);
    let template = match asked {
        _ if !is_first => {
            fields.push(told("aarsag", why_changed(day, &grant)));
            "aendring"
        }
        Some(asked) => {
            fields.push(told("soegt", asked));
            "delvis-bevilling"
        }
        None => "bevilling",
    };
    let letter = letter(case, template, day, fields);
    Ok(Letter { steps: vec![full_month.id.clone()], ..letter })
}

fn first_granted(case: &Case<'_>) -> Option<Day> {
    case.about_parent("hours-granted").first().map(|grant| grant.valid().first())
}

fn why_changed(day: Day, grant: &Grant<'_>) -> &'static str {
    if grant.fact.valid().first() == day {
        "Antallet af bevilgede timer er ændret."
    } else if day == Day::new(day.year(), 1, 1) {
        "Ydelsen og loftet er reguleret 1. januar."
    } else {
        "Den indtægt, ydelsen beregnes af, er ændret."
    }
}

fn ended(case: &Case<'_>, ending: Ending) -> Letter {
    let Ending { last_day, reason, .. } = ending;
    let fields = vec![told("sidste-dag", last_day), told("aarsag", reason.in_words())];
    letter(case, "ophoer", last_day, fields)
}
