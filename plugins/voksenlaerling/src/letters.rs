//! What the employer is answered.

use ydun_benefit::explain::why_refused;
use ydun_benefit::prelude::*;

use crate::conditions::Entitlement;
use crate::facts::Case;
use crate::paid_days;
use crate::rules::Duration;

/// Kinds of facts that the employer has told with the application, or is asked for.
const FROM_EMPLOYER: [&str; 6] =
    ["background", "earlier-employment", "wage", "other-support", "de-minimis", "weekly-hours"];

/// The letter an outcome leads to; none when nothing is decided or asked that the employer does not
/// know.
///
/// A grant is written about once, when it is decided; its months have their payment notices. A
/// grant that runs is stopped by a decision after a hearing, and not by a letter from here.
pub(crate) fn answer(
    case: &Case<'_>,
    entitlement: Option<&Entitlement<'_>>,
    outcome: &Outcome,
) -> Result<Option<Letter>, Failure> {
    let Some(application) = case.application()? else { return Ok(None) };
    let is_running = !case.about_apprentice("grant").is_empty();
    let letter = |template: &str, of: String, fields| Letter {
        key: format!("{template}:{of}"),
        template: template.into(),
        recipient: case.agreement.employer.clone(),
        fields: std::iter::once(told("laerling", case.apprentice())).chain(fields).collect(),
        steps: outcome.lines.iter().filter_map(|line| line.steps.first().cloned()).collect(),
    };
    let applied = application.received.to_string();
    Ok(match (outcome.verdict, entitlement) {
        (Verdict::Granted, Some(entitlement)) if !is_running => {
            Some(letter("bevilget", applied, granted(case, entitlement)?))
        }
        (Verdict::PartlyGranted, Some(entitlement)) => {
            let why = paid_days::why_less(case, entitlement)?.join(" ");
            let mut fields = granted(case, entitlement)?;
            fields.push(told("grund", why.as_str()));
            let of = if is_running { case.dossier.span.to_string() } else { applied };
            (!why.is_empty()).then(|| letter("delvist-bevilget", of, fields))
        }
        (Verdict::Refused, _) if !is_running => {
            Some(letter("afslag", applied, vec![told("grund", why_refused(outcome))]))
        }
        (Verdict::Incomplete, _) => what_is_lacking(outcome).map(|lacking| {
            letter("mangler", case.dossier.span.to_string(), vec![told("mangler", lacking)])
        }),
        (Verdict::Granted | Verdict::PartlyGranted | Verdict::Refused | Verdict::NeedsHuman, _) => {
            None
        }
    })
}

/// What is given, from when and for how long.
fn granted(case: &Case<'_>, entitlement: &Entitlement<'_>) -> Result<Vec<Attribute>, Failure> {
    let agreement = &case.agreement;
    let first = if entitlement.application.is_late(agreement) {
        entitlement.application.received
    } else {
        agreement.start()
    };
    let duration = match entitlement.terms.duration {
        Duration::WholeCourse => "hele uddannelsesaftalen".to_owned(),
        Duration::Years(years) => format!("højst {years} år fra aftalens begyndelse"),
    };
    let key = entitlement.rate_on(case.dossier.span.last(), case).key();
    Ok(vec![
        told("uddannelse", agreement.education),
        told("timesats", case.rates.amount(key, case.dossier.span.last())?.value),
        told("foerste-dag", first),
        told("varighed", duration),
    ])
}

/// What only the employer can tell. A month that is not asked for is waited for.
fn what_is_lacking(outcome: &Outcome) -> Option<String> {
    let lacking: Vec<&str> = outcome
        .needs
        .iter()
        .filter(|need| FROM_EMPLOYER.contains(&need.kind.as_str()))
        .map(|need| need.reason.as_str())
        .collect();
    (!lacking.is_empty()).then(|| lacking.join(" "))
}
