//! Why a case gets what it gets: conditions, lines, steps, and the facts behind them.

mod text;
mod words;

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use ydun_domain::benefit::{
    Attribute, Dossier, Failure, Line, Outcome, Party, Scalar, State, Step, Verdict,
};
use ydun_domain::ids::{CaseId, FactId, PartyId, RunId};
use ydun_domain::{Day, Dkk, Period, Tenant, Validity};
use ydun_runtime::canonical::Unreadable;
use ydun_runtime::{Digest, Manifest};

pub use self::words::{BenefitLetter, BenefitWords};
use super::store::{self, Which};
use super::{Decision, Status};
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::cases::{self, Case};
use crate::db::{Read, Tx};
use crate::facts;
use crate::modules::run::{Answer as RunAnswer, Run};
use crate::modules::service as modules;
use crate::parties;

/// A calculation with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub case: String,
    pub benefit: String,
    pub period: Period,
    pub run: RunHead,
    /// None where the calculation decided nothing.
    pub decision: Option<Decision>,
    pub answer: Answer,
    /// Those the module was given that matter here, numbered from 1 as conditions refer to them.
    pub facts: Vec<ExplainedFact>,
    /// For letters; an explanation does without them.
    #[serde(skip)]
    pub words: BenefitWords,
}

/// Which calculation it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunHead {
    pub id: RunId,
    pub artifact: Digest,
    pub version: String,
    pub as_of: Day,
    pub known_at: Day,
}

/// What the module answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Outcome {
        verdict: Verdict,
        conditions: Vec<ExplainedCondition>,
        lines: Vec<ExplainedLine>,
    },
    /// The rules could not give one.
    Failure(Failure),
    /// The module failed.
    Fault {
        code: String,
        detail: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedCondition {
    pub label: String,
    pub law: String,
    pub state: State,
    pub note: Vec<Attribute>,
    /// Numbers of the facts it rests on.
    pub facts: Vec<usize>,
    /// What is missing, as a caseworker says it.
    pub missing: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedLine {
    pub title: String,
    pub payee: String,
    #[serde(skip)]
    pub payee_id: Option<PartyId>,
    pub about: Option<String>,
    pub period: Period,
    pub amount: Dkk,
    pub reference: Option<String>,
    /// From the first to the one that gives the amount.
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedFact {
    pub id: FactId,
    pub title: String,
    pub about: String,
    pub valid: Validity,
    pub attributes: Vec<Attribute>,
    pub source: String,
    pub known_from: Day,
    /// The day it was corrected or withdrawn, after the calculation.
    pub known_until: Option<Day>,
}

/// Why there is no explanation.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error("there is no such case")]
    NoCase,
    #[error("nothing has been calculated for the case in {0}; run the month first")]
    NoRun(Period),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("the stored manifest of {0} cannot be read")]
    Manifest(Digest),
    #[error("the explanation could not be read")]
    Store(#[from] sqlx::Error),
}

/// Explains what is decided for some days of a case; else what is proposed; else what was last
/// calculated. The look is recorded.
pub async fn explain(
    tx: &mut Tx,
    act: &Act<Look>,
    case: CaseId,
    period: Period,
) -> Result<Explanation, ExplainError> {
    let tenant = act.tenant();
    let case = cases::service::by_id(tx, tenant, case).await?.ok_or(ExplainError::NoCase)?;
    let decision = decision(tx, tenant, case.id, period).await?;
    let run = match &decision {
        Some(decision) => modules::run(tx, tenant, case.id, decision.run).await?,
        None => modules::last_run(tx, tenant, case.id, period).await?,
    };
    let run = run.ok_or(ExplainError::NoRun(period))?;
    audit::record_look(tx, act, Subject::Case(case.id), format!("explanation of {period}")).await?;
    tell(tx, tenant, case, decision, run).await
}

/// Explains one decision, whatever has been decided since.
pub async fn explain_decision(
    db: &mut Read,
    tenant: Tenant,
    decision: Decision,
) -> Result<Explanation, ExplainError> {
    let id = decision.basis.case;
    let case = cases::service::by_id(db, tenant, id).await?.ok_or(ExplainError::NoCase)?;
    let run = modules::run(db, tenant, id, decision.run).await?;
    let run = run.ok_or(ExplainError::NoRun(decision.basis.period))?;
    tell(db, tenant, case, Some(decision), run).await
}

async fn tell(
    db: &mut Read,
    tenant: Tenant,
    case: Case,
    decision: Option<Decision>,
    run: Run,
) -> Result<Explanation, ExplainError> {
    let manifest =
        modules::manifest(db, run.artifact).await?.ok_or(ExplainError::Manifest(run.artifact))?;
    let dossier = run.read_dossier()?;
    let said = run.said()?;
    let outcome = said.as_ref().and_then(|said| said.as_ref().ok());
    let known = facts::service::known_of(db, tenant, &[case.id], dossier.known_at).await?;
    let names = names(db, tenant, &dossier, outcome).await?;

    let telling = Telling { manifest: &manifest, dossier: &dossier, names };
    let shown = telling.shown(outcome);
    let answer = match (said.as_ref(), &run.answer) {
        (Some(Ok(outcome)), _) => telling.outcome(outcome, &shown),
        (Some(Err(failure)), _) => Answer::Failure(failure.clone()),
        (None, RunAnswer::Fault { code, detail }) => {
            Answer::Fault { code: code.clone(), detail: detail.clone() }
        }
        (None, RunAnswer::Given(_)) => unreachable!("what was given was read"),
    };
    Ok(Explanation {
        case: case.to_string(),
        benefit: manifest.title.clone(),
        period: run.span,
        run: head(&run, &manifest, &dossier),
        decision,
        answer,
        facts: shown.iter().filter_map(|id| telling.fact(id, &known)).collect(),
        words: telling.words(outcome),
    })
}

/// The approved decision for the days, or the open proposal.
async fn decision(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    period: Period,
) -> Result<Option<Decision>, ExplainError> {
    let mut in_force =
        store::decisions(db, tenant, &(case..=case), period, Which::OpenOrApproved).await?;
    in_force.sort_by_key(|decision| decision.status == Status::Proposed);
    Ok(in_force.into_iter().next())
}

fn head(run: &Run, manifest: &Manifest, dossier: &Dossier) -> RunHead {
    RunHead {
        id: run.id,
        artifact: run.artifact,
        version: manifest.version.to_string(),
        as_of: dossier.as_of,
        known_at: dossier.known_at,
    }
}

type Names = HashMap<PartyId, String>;

/// The names of everybody in the dossier and the outcome.
async fn names(
    db: &mut Read,
    tenant: Tenant,
    dossier: &Dossier,
    outcome: Option<&Outcome>,
) -> Result<Names, sqlx::Error> {
    let lines = outcome.map_or(&[][..], |outcome| &outcome.lines);
    let in_facts = dossier.facts.iter().map(|fact| &fact.about);
    let in_lines = lines.iter().flat_map(|line| [&line.payee].into_iter().chain(&line.about));
    let in_letters = outcome.into_iter().flat_map(words::named);
    let ids: BTreeSet<PartyId> = in_facts
        .chain(in_lines)
        .chain(in_letters)
        .filter_map(|party| PartyId::try_from(party).ok())
        .collect();
    let ids: Vec<PartyId> = ids.into_iter().collect();
    let parties = parties::service::by_ids(db, tenant, &ids).await?;
    Ok(parties.into_iter().map(|party| (party.id, party.name)).collect())
}

/// What is needed to tell about an outcome in words.
struct Telling<'a> {
    manifest: &'a Manifest,
    dossier: &'a Dossier,
    names: Names,
}

impl Telling<'_> {
    fn outcome(&self, outcome: &Outcome, shown: &[String]) -> Answer {
        let number =
            |id: &String| shown.iter().position(|shown| shown == id).map(|place| place + 1);
        let conditions = outcome.conditions.iter().map(|condition| ExplainedCondition {
            label: condition.label.clone(),
            law: condition.law.clone(),
            state: condition.state,
            note: condition.note.clone(),
            facts: condition.facts.iter().filter_map(number).collect(),
            missing: condition.missing.iter().map(|kind| self.kind(kind)).collect(),
        });
        Answer::Outcome {
            verdict: outcome.verdict,
            conditions: conditions.collect(),
            lines: outcome.lines.iter().map(|line| self.line(line, &outcome.steps)).collect(),
        }
    }

    fn line(&self, line: &Line, steps: &[Step]) -> ExplainedLine {
        let posting = self.manifest.posting(&line.posting);
        ExplainedLine {
            title: posting.map_or(&line.posting, |posting| &posting.title).clone(),
            payee: self.name(&line.payee),
            payee_id: PartyId::try_from(&line.payee).ok(),
            about: line.about.as_ref().map(|about| self.name(about)),
            period: line.period,
            amount: line.amount,
            reference: line.reference.clone(),
            steps: steps.iter().filter(|step| line.steps.contains(&step.id)).cloned().collect(),
        }
    }

    /// Ids of the facts that conditions rest on, and of those about the days themselves.
    fn shown(&self, outcome: Option<&Outcome>) -> Vec<String> {
        let rests = |id: &String| {
            outcome.is_some_and(|outcome| {
                outcome.conditions.iter().any(|condition| condition.facts.contains(id))
            })
        };
        let now = |valid: Validity| valid.within(self.dossier.span).is_some();
        let facts = self.dossier.facts.iter().filter(|fact| rests(&fact.id) || now(fact.valid));
        facts.map(|fact| fact.id.clone()).collect()
    }

    fn fact(&self, id: &str, known: &[facts::Fact]) -> Option<ExplainedFact> {
        let given = self.dossier.facts.iter().find(|fact| fact.id == id)?;
        let id: FactId = id.parse().ok()?;
        let kept = known.iter().find(|fact| fact.id == id);
        Some(ExplainedFact {
            id,
            title: self.kind(&given.kind),
            about: self.name(&given.about),
            valid: given.valid,
            attributes: given
                .attributes
                .iter()
                .map(|told| self.attribute(&given.kind, told))
                .collect(),
            source: kept.map_or_else(String::new, |fact| fact.source.clone()),
            known_from: kept.map_or(self.dossier.known_at, |fact| fact.known_from),
            known_until: kept.and_then(|fact| fact.known_until),
        })
    }

    /// With the titles a caseworker knows: of the attribute, of a word from a list, of a party.
    fn attribute(&self, kind: &str, told: &Attribute) -> Attribute {
        let kinds = self.manifest.fact(kind).map_or(&[][..], |fact| &fact.attributes);
        let Some(declared) = kinds.iter().find(|declared| declared.name == told.name) else {
            return told.clone();
        };
        let value = match &told.value {
            Scalar::Code(word) => {
                let code = declared.codes.iter().find(|code| code.code == *word);
                Scalar::Text(code.map_or(word, |code| &code.title).clone())
            }
            Scalar::Who(party) => Scalar::Text(self.name(party)),
            value => value.clone(),
        };
        Attribute::new(&declared.title, value)
    }

    fn kind(&self, kind: &str) -> String {
        self.manifest.fact(kind).map_or(kind, |fact| &fact.title).to_owned()
    }

    fn name(&self, party: &Party) -> String {
        let id = PartyId::try_from(party).ok();
        id.and_then(|id| self.names.get(&id)).cloned().unwrap_or_else(|| party.to_string())
    }
}
