//! What a calculation means for the case: a proposal, or a question to somebody.

use ydun_domain::benefit::{Attribute, Condition, Effect, Failure, Outcome, State, Verdict};
use ydun_domain::{Dkk, Tenant};
use ydun_runtime::{Calculation, Fault, Manifest};

use super::CaseResult;
use crate::cases::Case;
use crate::decisions::proposal::Proposal;
use crate::modules::run::Run;
use crate::tasks::{About, NewTask};

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
        Failure::MissingRate(said) => missing_rate(manifest, said),
        Failure::Unsupported(what) => format!("reglerne kan ikke beregne sagen: {what}"),
        Failure::Contradiction(what) => format!("oplysningerne modsiger hinanden: {what}"),
    };
    Question::new(title, "Sagen skal behandles manuelt.")
}

/// The SDK says `key on day`; another language may say the key alone.
fn missing_rate(manifest: &Manifest, said: &str) -> String {
    let (key, day) = said.split_once(" on ").unwrap_or((said, "dagene"));
    let rate = manifest.rates.iter().find(|rate| rate.key == key);
    format!("satsen '{}' er ikke kendt for {day}", rate.map_or(key, |rate| &rate.title))
}

/// A module that asks its own questions is not asked for beside it.
fn open(manifest: &Manifest, outcome: &Outcome) -> Answer {
    let asks = outcome.effects.iter().any(|effect| matches!(effect, Effect::Task(_)));
    let (result, question) = if outcome.verdict == Verdict::NeedsHuman {
        (CaseResult::NeedsHuman, Some(to_judge(outcome)))
    } else if is_unanswered(manifest, outcome) {
        (CaseResult::Unanswered, None)
    } else {
        (CaseResult::Incomplete, Some(to_find(manifest, outcome)))
    };
    Answer::Open { result, question: question.filter(|_| !asks) }
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
            about: About::Case(case.id),
            topic: topic.to_owned(),
            queue: queue.to_owned(),
            title: format!("{} {case}: {}", manifest.title, self.title),
            detail: self.detail,
            questions: Vec::new(),
            amount: None,
            due: None,
        }
    }
}

/// The tasks a module asks for itself.
pub(super) fn asked_for(case: &Case, topic: &str, outcome: &Outcome) -> Vec<NewTask> {
    let task = |effect: &Effect| match effect {
        Effect::Task(task) => Some(NewTask {
            business_key: format!("{topic}/{}/{}", case.id, task.key),
            about: About::Case(case.id),
            topic: topic.to_owned(),
            queue: task.queue.clone(),
            title: format!("{case}: {}", task.title),
            detail: lines(&task.attributes),
            questions: task.questions.clone(),
            amount: at_stake(outcome),
            due: task.due,
        }),
        Effect::Letter(_) | Effect::Claim(_) => None,
    };
    outcome.effects.iter().filter_map(task).collect()
}

/// What the month gives as far as it could be calculated.
fn at_stake(outcome: &Outcome) -> Option<Dkk> {
    Some(outcome.lines.iter().map(|line| line.amount).sum()).filter(|sum: &Dkk| !sum.is_zero())
}

fn lines(told: &[Attribute]) -> String {
    let line = |told: &Attribute| format!("{}: {}", told.name, told.value);
    told.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use ydun_domain::ids::CaseId;

    use super::*;
    use crate::modules::run;
    use crate::modules::run::{Purpose, Sealed};

    fn manifest() -> Manifest {
        let fact = |kind: &str, title: &str, bounded: bool| json!({ "kind": kind, "title": title, "about": "citizen", "bounded": bounded });
        serde_json::from_value(json!({
            "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp", "legal-basis": ["§ 1"],
            "owner": "test", "licence": "MPL-2.0", "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
            "facts": [fact("request", "Anmodning", true), fact("wage", "Timeløn", false), fact("su", "SU", false)],
            "rates": [{ "key": "sats", "title": "Sats for jul", "values": [] }],
        }))
        .unwrap()
    }

    /// The result, and the title of the question.
    fn answered(said: Result<Value, Failure>) -> (CaseResult, Option<String>) {
        let said = said.map(|outcome| serde_json::from_value::<Outcome>(outcome).unwrap());
        let run = Run {
            id: ydun_domain::ids::RunId::generate(),
            case: CaseId::generate(),
            artifact: ydun_runtime::Digest::of(b"module"),
            engine: String::new(),
            purpose: Purpose::Live,
            span: "2020-12-01..2020-12-31".parse().unwrap(),
            dossier: Sealed::of(&0),
            answer: run::Answer::Given(Sealed::of(&said)),
            fuel: 0,
            memory_bytes: 0,
            micros: 0,
        };
        let calculation =
            Calculation { answer: Ok(said), fuel: 0, memory_peak: 0, micros: 0, trace: vec![] };
        match answer(561.try_into().unwrap(), &manifest(), &run, &calculation) {
            Answer::Open { result, question } => (result, question.map(|question| question.title)),
            Answer::Proposal(proposal) => panic!("{proposal:?}"),
        }
    }

    fn need(kind: &str) -> Value {
        json!({ "kind": kind, "about": "p", "valid": "2020-12-01..2020-12-31", "reason": "december" })
    }

    fn condition(state: &str, missing: &[&str]) -> Value {
        json!({ "id": "age", "label": "Barnets alder", "law": "§ 2", "state": state, "missing": missing })
    }

    #[track_caller]
    fn check(outcome: Value, result: CaseResult, title: Option<&str>) {
        assert_eq!(answered(Ok(outcome)), (result, title.map(str::to_owned)));
    }

    #[test]
    fn what_comes_month_by_month_is_waited_for_and_everything_else_is_asked_for() {
        let incomplete = |needs: &[&str], missing: &[&str]| {
            let needs: Vec<Value> = needs.iter().map(|kind| need(kind)).collect();
            json!({ "verdict": "incomplete", "needs": needs, "conditions": [condition("not-assessed", missing)] })
        };
        check(incomplete(&["request"], &[]), CaseResult::Unanswered, None);
        let asked = Some("der mangler oplysninger: anmodning; timeløn");
        check(incomplete(&["request", "wage"], &[]), CaseResult::Incomplete, asked);
        let asked = Some("der mangler oplysninger: timeløn; anmodning"); // a condition comes first
        check(incomplete(&["request", "wage"], &["wage"]), CaseResult::Incomplete, asked);
        check(
            incomplete(&[], &["su"]),
            CaseResult::Incomplete,
            Some("der mangler oplysninger: SU"),
        );
    }

    #[test]
    fn a_judgement_is_asked_for_once_in_the_modules_words_or_ours() {
        let judge = |effects: Value| json!({ "verdict": "needs-human", "conditions": [condition("needs-human", &[])], "effects": effects });
        check(
            judge(json!([])),
            CaseResult::NeedsHuman,
            Some("et menneske skal vurdere: barnets alder"),
        );
        let asks =
            json!([{ "task": { "key": "a", "queue": "q", "title": "Julehjælp, vurder alderen" } }]);
        check(judge(asks), CaseResult::NeedsHuman, None);
    }

    #[test]
    fn rules_that_can_not_answer_leave_the_case_to_a_person() {
        let check = |said: &str, expected: &str| {
            let (result, title) = answered(Err(Failure::MissingRate(said.into())));
            assert_eq!((result, title.as_deref()), (CaseResult::NeedsHuman, Some(expected)));
        };
        check("sats", "satsen 'Sats for jul' er ikke kendt for dagene");
        check("sats on 2020-12-24", "satsen 'Sats for jul' er ikke kendt for 2020-12-24");
    }
}
