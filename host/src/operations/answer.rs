//! What a calculation means for the case: a proposal, or a question to somebody.

use ydun_domain::Tenant;
use ydun_domain::benefit::{Attribute, Condition, Effect, Failure, Outcome, State, Verdict};
use ydun_runtime::{Calculation, Fault, Manifest};

use super::CaseResult;
use crate::cases::Case;
use crate::decisions::proposal::Proposal;
use crate::modules::run::Run;
use crate::tasks::NewTask;

/// What comes of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Something that may be decided.
    Proposal(Proposal),
    /// Nothing to decide; there may be a question.
    Open { result: CaseResult, question: Option<Question> },
}

/// What somebody must answer before the case can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// What is asked, in a few Danish words.
    pub(super) title: String,
    pub(super) detail: String,
}

/// What a calculation means.
pub(super) fn answer(
    tenant: Tenant,
    manifest: &Manifest,
    run: &Run,
    calculation: &Calculation,
) -> Answer {
    match &calculation.answer {
        Err(fault) => fault_of(fault),
        Ok(Err(failure)) => Answer::Open {
            result: CaseResult::NeedsHuman,
            question: Some(cannot(manifest, failure)),
        },
        Ok(Ok(outcome)) => match Proposal::of(tenant, run, outcome) {
            Ok(Some(proposal)) => Answer::Proposal(proposal),
            Ok(None) => open(manifest, outcome),
            Err(stranger) => Answer::Open {
                result: CaseResult::Fault,
                question: Some(Question::new(
                    "beregningen nævner en part, som sagen ikke har",
                    stranger.to_string(),
                )),
            },
        },
    }
}

fn fault_of(fault: &Fault) -> Answer {
    let title = format!("beregningen fejlede ({})", fault.code);
    let question = Question::new(title, format!("{}\n{}", fault.sentence(), fault.detail));
    Answer::Open { result: CaseResult::Fault, question: Some(question) }
}

fn cannot(manifest: &Manifest, failure: &Failure) -> Question {
    let title = match failure {
        Failure::MissingRate(key) => {
            let rate = manifest.rates.iter().find(|rate| rate.key == *key);
            format!("satsen '{}' er ikke kendt for dagene", rate.map_or(key, |rate| &rate.title))
        }
        Failure::Unsupported(what) => format!("reglerne kan ikke beregne sagen: {what}"),
        Failure::Contradiction(what) => format!("oplysningerne modsiger hinanden: {what}"),
    };
    Question::new(title, "Sagen skal behandles manuelt.")
}

fn open(manifest: &Manifest, outcome: &Outcome) -> Answer {
    if outcome.verdict == Verdict::NeedsHuman {
        let question = Some(to_judge(outcome));
        return Answer::Open { result: CaseResult::NeedsHuman, question };
    }
    if is_unanswered(manifest, outcome) {
        return Answer::Open { result: CaseResult::Unanswered, question: None };
    }
    Answer::Open { result: CaseResult::Incomplete, question: Some(to_find(manifest, outcome)) }
}

/// Whether all that is missing comes month by month from outside, such as an employer's request.
fn is_unanswered(manifest: &Manifest, outcome: &Outcome) -> bool {
    let comes_by_itself = |kind: &str| manifest.fact(kind).is_some_and(|fact| fact.bounded);
    outcome.conditions.iter().all(|condition| condition.missing.is_empty())
        && !outcome.needs.is_empty()
        && outcome.needs.iter().all(|need| comes_by_itself(&need.kind))
}

fn to_judge(outcome: &Outcome) -> Question {
    let open: Vec<&Condition> = outcome
        .conditions
        .iter()
        .filter(|condition| condition.state == State::NeedsHuman)
        .collect();
    let labels: Vec<String> = open.iter().map(|condition| in_sentence(&condition.label)).collect();
    let detail: Vec<String> = open.iter().map(|condition| told(condition)).collect();
    Question::new(format!("et menneske skal vurdere: {}", labels.join("; ")), detail.join("\n"))
}

fn to_find(manifest: &Manifest, outcome: &Outcome) -> Question {
    let missing = outcome.conditions.iter().flat_map(|condition| &condition.missing);
    let needed = outcome.needs.iter().map(|need| &need.kind);
    let mut titles: Vec<String> = Vec::new();
    for kind in missing.chain(needed) {
        let title = in_sentence(manifest.fact(kind).map_or(kind, |fact| &fact.title));
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let needs = outcome.needs.iter().map(|need| format!("{}: {}", need.valid, need.reason));
    let conditions =
        outcome.conditions.iter().filter(|condition| !condition.missing.is_empty()).map(told);
    let detail: Vec<String> = conditions.chain(needs).collect();
    Question::new(format!("der mangler oplysninger: {}", titles.join("; ")), detail.join("\n"))
}

/// `Mindst 6 måneders ledighed (LAB § 159): dage 184`
fn told(condition: &Condition) -> String {
    let note = |Attribute { name, value }: &Attribute| format!("{name} {value}");
    let notes: Vec<String> = condition.note.iter().map(note).collect();
    let colon = if notes.is_empty() { "" } else { ": " };
    format!("{} ({}){colon}{}", condition.label, condition.law, notes.join(", "))
}

/// A label as it stands in the middle of a sentence.
fn in_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        // An abbreviation such as SU keeps its capitals.
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

impl Question {
    pub(super) fn new(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { title: title.into(), detail: detail.into() }
    }

    /// The task that puts the question; one for a case and topic, however often it is asked.
    pub(super) fn task(
        self,
        manifest: &Manifest,
        case: &Case,
        topic: &str,
        queue: &str,
    ) -> NewTask {
        NewTask {
            business_key: format!("{topic}/{}", case.id),
            case: case.id,
            topic: topic.to_owned(),
            queue: queue.to_owned(),
            title: format!("{} {case}: {}", manifest.title, self.title),
            detail: self.detail,
            due: None,
        }
    }
}

/// The tasks a module asks for itself.
pub(super) fn asked_for(
    manifest: &Manifest,
    case: &Case,
    topic: &str,
    outcome: &Outcome,
) -> Vec<NewTask> {
    let task = |effect: &Effect| match effect {
        Effect::Task(task) => Some(NewTask {
            business_key: format!("{topic}/{}/{}", case.id, task.key),
            case: case.id,
            topic: topic.to_owned(),
            queue: task.queue.clone(),
            title: format!("{} {case}: {}", manifest.title, in_sentence(&task.title)),
            detail: task
                .attributes
                .iter()
                .map(|told| format!("{}: {}\n", told.name, told.value))
                .collect(),
            due: task.due,
        }),
        Effect::Letter(_) | Effect::Claim(_) => None,
    };
    outcome.effects.iter().filter_map(task).collect()
}
