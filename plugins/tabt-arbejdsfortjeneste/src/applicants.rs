//! The applicants of a case: each parent is calculated as if alone, and the answers are joined.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::{calculate, check, law};

/// Calculates every applicant, in an order that does not depend on how the facts came.
pub(crate) fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
    let facts = Facts::of(dossier);
    let applicants = applicants(&facts);
    if applicants.is_empty() {
        return without_application(dossier, &facts);
    }
    let mut outcomes = vec![];
    for parent in &applicants {
        let case = Case::read(dossier, parent, &applicants)?;
        outcomes.push((*parent, calculate::calculate(&case)?));
    }
    let mut outcome = join(outcomes);
    outcome.findings = check::check(dossier);
    Ok(outcome)
}

fn applicants<'a>(facts: &Facts<'a>) -> Vec<&'a Party> {
    let mut parties: Vec<&Party> =
        facts.kind("application").iter().map(|fact| fact.about()).collect();
    parties.sort();
    parties.dedup();
    parties
}

/// There is nobody to test and nobody to pay: the application is asked for first.
fn without_application(dossier: &Dossier, facts: &Facts<'_>) -> Result<Outcome, Failure> {
    let known = facts.iter().next();
    let known = known
        .ok_or_else(|| Failure::Unsupported("the dossier has no fact to begin with".into()))?;
    let mut file = CaseFile::default();
    let test = Test::new(
        "application",
        "Der er søgt om tabt arbejdsfortjeneste",
        law::section_over(dossier.span),
    );
    let reason = "Ansøgningen mangler.";
    file.condition(test.lacks(need("application", known.about(), dossier.span, reason)));
    Ok(file.close())
}

/// One outcome of several, in which the applicant is part of every id.
fn join(mut outcomes: Vec<(&Party, Outcome)>) -> Outcome {
    if let [_] = outcomes[..] {
        return outcomes.remove(0).1;
    }
    let verdicts: Vec<Verdict> = outcomes.iter().map(|(_, outcome)| outcome.verdict).collect();
    let mut joined = Outcome {
        verdict: verdict(&verdicts),
        conditions: vec![],
        lines: vec![],
        steps: vec![],
        needs: vec![],
        effects: vec![],
        findings: vec![],
    };
    for (parent, outcome) in outcomes {
        let outcome = name(parent, outcome);
        joined.conditions.extend(outcome.conditions);
        joined.lines.extend(outcome.lines);
        joined.steps.extend(outcome.steps);
        for need in outcome.needs {
            if !joined.needs.contains(&need) {
                joined.needs.push(need);
            }
        }
        joined.effects.extend(outcome.effects);
    }
    joined
}

/// Puts the applicant into every id that another applicant has too. Keys of lines and effects have
/// it already, because they must stay the same when another parent applies.
fn name(parent: &Party, mut outcome: Outcome) -> Outcome {
    let named = |id: &mut String| *id = format!("{id}@{parent}");
    outcome.conditions.iter_mut().for_each(|condition| named(&mut condition.id));
    outcome.steps.iter_mut().for_each(|step| named(&mut step.id));
    outcome.lines.iter_mut().flat_map(|line| &mut line.steps).for_each(named);
    for effect in &mut outcome.effects {
        if let Effect::Letter(letter) = effect {
            letter.steps.iter_mut().for_each(named);
        }
    }
    outcome
}

/// One applicant's no is not the other's: where some are paid and some are not, a part is granted.
fn verdict(of_each: &[Verdict]) -> Verdict {
    use Verdict::{Granted, Incomplete, NeedsHuman, PartlyGranted, Refused};
    let any = |verdict| of_each.contains(&verdict);
    if of_each.iter().all(|verdict| *verdict == Granted) {
        Granted
    } else if any(Granted) || any(PartlyGranted) {
        PartlyGranted
    } else if any(Incomplete) {
        Incomplete
    } else if any(NeedsHuman) {
        NeedsHuman
    } else {
        Refused
    }
}
