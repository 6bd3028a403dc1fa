//! The host's own checks of an outcome. A module is believed about the law, and about nothing else.

use std::collections::HashSet;
use std::fmt;

use ydun_domain::benefit::{
    Attribute, Claim, Condition, Effect, Letter, Line, Need, Outcome, Party, Question, State, Step,
    Task, Verdict,
};
use ydun_domain::{Dkk, Period};

use crate::manifest::{LetterTemplate, Manifest, ScalarKind, TaxTreatment};

/// Where an outcome breaks a rule, and which.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {rule}")]
pub(crate) struct Violation {
    path: String,
    rule: String,
}

type Checked = Result<(), Violation>;

/// Whether everything in the outcome is declared, explained and within the span asked for.
pub(crate) fn outcome(outcome: &Outcome, manifest: &Manifest, span: Period) -> Checked {
    let steps = steps(&outcome.steps)?;
    conditions(&outcome.conditions)?;
    lines(&outcome.lines, manifest, span, &steps)?;
    needs(&outcome.needs, manifest)?;
    effects(&outcome.effects, manifest, &steps)?;
    verdict(outcome)
}

type StepIds<'a> = HashSet<&'a str>;

fn steps(steps: &[Step]) -> Result<StepIds<'_>, Violation> {
    let mut ids = StepIds::with_capacity(steps.len());
    for step in steps {
        let at = || format!("step '{}'", step.id);
        ensure(!step.id.is_empty(), at, "has no id")?;
        ensure(!step.label.trim().is_empty(), at, "has no label")?;
        ensure(!step.law.trim().is_empty(), at, "names no law")?;
        ensure(ids.insert(&step.id), at, "is there twice")?;
    }
    Ok(ids)
}

fn conditions(conditions: &[Condition]) -> Checked {
    let mut ids = HashSet::with_capacity(conditions.len());
    for condition in conditions {
        let at = || format!("condition '{}'", condition.id);
        ensure(!condition.id.is_empty(), at, "has no id")?;
        ensure(!condition.label.trim().is_empty(), at, "has no label")?;
        ensure(!condition.law.trim().is_empty(), at, "names no law")?;
        ensure(ids.insert(&condition.id), at, "is there twice")?;
    }
    Ok(())
}

fn lines(lines: &[Line], manifest: &Manifest, span: Period, known: &StepIds<'_>) -> Checked {
    let mut keys = HashSet::with_capacity(lines.len());
    for line in lines {
        let at = || format!("line '{}'", line.key);
        ensure(!line.key.is_empty(), at, "has no key")?;
        ensure(keys.insert(&line.key), at, "is there twice")?;
        ensure(
            span.covers(line.period),
            at,
            format_args!("pays for {:?}, outside {span:?}", line.period),
        )?;
        amount(line.amount, at)?;
        posting(line, manifest, at)?;
        explained(&line.steps, known, at)?;
    }
    no_overlap(lines, manifest)
}

/// An amount below zero is only ever something held back from a net.
fn posting(line: &Line, manifest: &Manifest, at: impl Fn() -> String) -> Checked {
    let Some(posting) = manifest.posting(&line.posting) else {
        let rule =
            format_args!("has the posting code '{}', which is not in the manifest", line.posting);
        return Err(violation(at, rule));
    };
    let held_back = posting.tax == TaxTreatment::HeldBackFromNet;
    if line.amount.is_negative() {
        ensure(held_back, at, "is below zero, but is not held back from a net")
    } else {
        ensure(!held_back, at, "is held back from a net, but is not below zero")
    }
}

/// Nobody is paid twice for one day, one person and one purpose, unless it is for expenses.
fn no_overlap(lines: &[Line], manifest: &Manifest) -> Checked {
    let one_off = |line: &&Line| manifest.posting(&line.posting).is_some_and(|found| found.one_off);
    let mut sorted: Vec<&Line> = lines.iter().filter(|line| !one_off(line)).collect();
    sorted.sort_by_key(|line| (purpose(line), line.period));
    for pair in sorted.windows(2) {
        let [earlier, later] = [pair[0], pair[1]];
        let clash =
            purpose(earlier) == purpose(later) && earlier.period.overlap(later.period).is_some();
        let at = || format!("line '{}'", later.key);
        let rule = format_args!("pays for days that line '{}' has already paid", earlier.key);
        ensure(!clash, at, rule)?;
    }
    Ok(())
}

fn purpose(line: &Line) -> (&Party, Option<&Party>, &str) {
    (&line.payee, line.about.as_ref(), &line.posting)
}

fn needs(needs: &[Need], manifest: &Manifest) -> Checked {
    for need in needs {
        let at = || format!("need '{}'", need.kind);
        ensure(
            manifest.fact(&need.kind).is_some(),
            at,
            "is a kind of fact that is not in the manifest",
        )?;
    }
    Ok(())
}

fn effects(effects: &[Effect], manifest: &Manifest, known: &StepIds<'_>) -> Checked {
    let mut keys = HashSet::with_capacity(effects.len());
    for effect in effects {
        let key = match effect {
            Effect::Letter(letter) => self::letter(letter, manifest, known)?,
            Effect::Task(task) => self::task(task, manifest)?,
            Effect::Claim(claim) => self::claim(claim, manifest, known)?,
        };
        let at = || format!("effect '{key}'");
        ensure(!key.is_empty(), at, "has no key")?;
        ensure(keys.insert(key), at, "is there twice")?;
    }
    Ok(())
}

fn letter<'a>(
    letter: &'a Letter,
    manifest: &Manifest,
    known: &StepIds<'_>,
) -> Result<&'a str, Violation> {
    let at = || format!("letter '{}'", letter.key);
    let template = manifest.letters.iter().find(|template| template.key == letter.template);
    let Some(template) = template else {
        return Err(violation(
            at,
            format_args!("uses the template '{}', which is not in the manifest", letter.template),
        ));
    };
    filled(letter, template, at)?;
    existing(&letter.steps, known, at)?;
    Ok(&letter.key)
}

/// Every field of the template has one value of its type, and there is nothing else.
fn filled(letter: &Letter, template: &LetterTemplate, at: impl Fn() -> String + Copy) -> Checked {
    for value in &letter.fields {
        let field = template.fields.iter().find(|field| field.name == value.name);
        let rule =
            format_args!("fills the field '{}', which its template does not have", value.name);
        ensure(field.is_some(), at, rule)?;
        let typed = field.is_some_and(|field| field.kind == ScalarKind::of(&value.value));
        ensure(typed, at, format_args!("fills the field '{}' with another type", value.name))?;
    }
    for field in &template.fields {
        let count = letter.fields.iter().filter(|value| value.name == field.name).count();
        ensure(count == 1, at, format_args!("fills the field '{}' {count} times", field.name))?;
    }
    Ok(())
}

fn task<'a>(task: &'a Task, manifest: &Manifest) -> Result<&'a str, Violation> {
    let at = || format!("task '{}'", task.key);
    let declared = manifest.queues.iter().any(|queue| queue.key == task.queue);
    ensure(
        declared,
        at,
        format_args!("goes to the queue '{}', which is not in the manifest", task.queue),
    )?;
    ensure(!task.title.trim().is_empty(), at, "has no title")?;
    task.questions.iter().try_for_each(|question| self::question(question, manifest, at))?;
    Ok(&task.key)
}

/// What is answered becomes a fact the module reads, so it must be one it has declared.
fn question(question: &Question, manifest: &Manifest, at: impl Fn() -> String + Copy) -> Checked {
    let Question { kind, given, .. } = question;
    let Some(fact) = manifest.fact(kind) else {
        return Err(violation(at, format_args!("asks for '{kind}', which is not among the facts")));
    };
    for Attribute { name, value } in given {
        let rule = format_args!("gives '{name}', which '{kind}' does not have in that type");
        let typed = fact.attribute(name).is_some_and(|it| it.kind == ScalarKind::of(value));
        ensure(typed, at, rule)?;
    }
    Ok(())
}

fn claim<'a>(
    claim: &'a Claim,
    manifest: &Manifest,
    known: &StepIds<'_>,
) -> Result<&'a str, Violation> {
    let at = || format!("claim '{}'", claim.key);
    let declared = manifest.claim_grounds.iter().any(|ground| ground.key == claim.ground);
    ensure(
        declared,
        at,
        format_args!("has the ground '{}', which is not in the manifest", claim.ground),
    )?;
    amount(claim.amount, at)?;
    explained(&claim.steps, known, at)?;
    Ok(&claim.key)
}

fn verdict(outcome: &Outcome) -> Checked {
    let at = || format!("verdict {:?}", outcome.verdict);
    let any = |state| outcome.conditions.iter().any(|condition| condition.state == state);
    let pays = matches!(outcome.verdict, Verdict::Granted | Verdict::PartlyGranted);
    ensure(pays || outcome.lines.is_empty(), at, "pays nothing, but there are lines")?;
    match outcome.verdict {
        Verdict::Granted | Verdict::PartlyGranted => Ok(()),
        Verdict::Refused => ensure(any(State::NotMet), at, "has no condition that is not met"),
        Verdict::NeedsHuman => {
            ensure(any(State::NeedsHuman), at, "has no condition that needs a human")
        }
        Verdict::Incomplete => {
            let lacks = outcome.conditions.iter().any(|condition| !condition.missing.is_empty());
            ensure(
                lacks || !outcome.needs.is_empty(),
                at,
                "says neither what it needs nor what is missing",
            )
        }
    }
}

fn amount(amount: Dkk, at: impl Fn() -> String) -> Checked {
    ensure(!amount.is_zero(), at, "is for no money")
}

/// Money rests on at least one step, and on steps that are there.
fn explained(steps: &[String], known: &StepIds<'_>, at: impl Fn() -> String) -> Checked {
    ensure(!steps.is_empty(), &at, "is explained by no step")?;
    existing(steps, known, at)
}

fn existing(steps: &[String], known: &StepIds<'_>, at: impl Fn() -> String) -> Checked {
    match steps.iter().find(|step| !known.contains(step.as_str())) {
        Some(step) => {
            Err(violation(at, format_args!("rests on the step '{step}', which is not there")))
        }
        None => Ok(()),
    }
}

fn ensure(holds: bool, at: impl Fn() -> String, rule: impl fmt::Display) -> Checked {
    if holds { Ok(()) } else { Err(violation(at, rule)) }
}

fn violation(at: impl Fn() -> String, rule: impl fmt::Display) -> Violation {
    Violation { path: at(), rule: rule.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong with two lines for one day, one person and one purpose.
    fn twice(one_off: bool) -> Option<String> {
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "hjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Hjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0", "facts": [], "payees": ["citizen"],
            "four-eyes-above": "0.00", "retention-years": 5,
            "postings": [{ "code": "a", "title": "A", "account": "a", "tax": "tax-free", "one-off": one_off }],
        }))
        .unwrap();
        let line = |key: &str| Line {
            key: key.into(),
            payee: Party::new("p"),
            about: None,
            period: "2020-10-05..2020-10-05".parse().unwrap(),
            amount: Dkk::from_kroner(1),
            posting: "a".into(),
            reference: None,
            details: vec![],
            steps: vec![],
        };
        no_overlap(&[line("1"), line("2")], &manifest).err().map(|violation| violation.to_string())
    }

    #[test]
    fn only_expenses_are_paid_twice_for_a_day() {
        let refused = "line '2': pays for days that line '1' has already paid";
        assert_eq!(twice(false).as_deref(), Some(refused));
        assert_eq!(twice(true), None);
    }
}
