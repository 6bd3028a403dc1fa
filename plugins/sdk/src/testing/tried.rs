//! What a manifest says, held against what the module does in its cases.

use std::collections::BTreeSet;

use ydun_domain::benefit::{Attribute, Effect, Failure, Letter, Outcome, Scalar, State};
use ydun_manifest::{FactKind, LetterTemplate, ScalarKind};

use super::{Manifest, Scene, code};
use crate::explain::Assessments;

/// The cases of a module, and what it answers to them.
///
/// Each method is a promise that holds for every benefit, and panics with the place where it does not.
#[derive(Debug)]
pub struct Tried {
    manifest: &'static Manifest,
    scenes: Vec<Scene>,
    /// Of the cases that end in one.
    outcomes: Vec<Outcome>,
}

impl Tried {
    pub fn of(manifest: &'static Manifest, scenes: impl IntoIterator<Item = Scene>) -> Self {
        let scenes: Vec<Scene> = scenes.into_iter().collect();
        let outcomes = scenes.iter().filter_map(|scene| scene.calculate().ok()).collect();
        Self { manifest, scenes, outcomes }
    }

    /// Every fact of the cases has the attributes of its kind, and every kind is in a case.
    #[track_caller]
    pub fn facts_are_as_declared(&self) {
        let mut used = BTreeSet::new();
        for fact in self.scenes.iter().flat_map(|scene| scene.dossier().facts) {
            attributes_are_as_declared(self.declared(&fact.kind), &fact.attributes);
            used.insert(fact.kind);
        }
        let declared = self.manifest.0.facts.iter().map(|fact| fact.kind.clone());
        assert_eq!(used, declared.collect(), "kinds of facts in the cases and in the manifest");
    }

    /// Every word of a list is understood, and no other. `unread` are attributes, as kind and name,
    /// that are for people only; the module reads every other list in some case.
    #[track_caller]
    pub fn words_are_understood(&self, unread: &[(&str, &str)]) {
        let kinds = self.manifest.0.facts.iter().filter(|fact| fact.kind != Assessments::KIND);
        for fact in kinds {
            for attribute in fact.attributes.iter().filter(|attribute| !attribute.codes.is_empty())
            {
                let (kind, name) = (fact.kind.as_str(), attribute.name.as_str());
                let words = attribute.codes.iter().map(|code| code.code.as_str());
                let is_told = |scene: &Scene| {
                    let mut facts = scene.dossier.facts.iter().filter(|fact| fact.kind == kind);
                    facts.any(|fact| fact.attribute(name).is_some())
                };
                let scenes = self.scenes.iter().filter(|scene| is_told(scene));
                let is_read = understands(scenes, words, |scene, word| scene.set(kind, name, word));
                assert_eq!(is_read, !unread.contains(&(kind, name)), "reads {kind} {name}");
            }
        }
        for setting in self.manifest.0.settings.iter().filter(|setting| !setting.codes.is_empty()) {
            let words = setting.codes.iter().map(|code| code.code.as_str());
            let choose = |scene: Scene, word| scene.setting(&setting.key, word);
            assert!(understands(self.scenes.iter(), words, choose), "reads {}", setting.key);
        }
    }

    /// The conditions that cases leave to a person are those an assessment can answer.
    #[track_caller]
    pub fn open_conditions_can_be_assessed(&self) {
        let condition = self.declared(Assessments::KIND).attribute("condition");
        let words = condition.expect("an assessment names its condition").codes.iter();
        let known: BTreeSet<&str> = words.map(|word| word.code.as_str()).collect();
        assert_eq!(self.conditions(State::NeedsHuman), known);
    }

    /// The cases meet each condition, and each but these is not met by one. Conditions that refuse
    /// nobody are asked for, left to a person, or only sort.
    #[track_caller]
    pub fn conditions_are_met_and_not_met(&self, refuse_nobody: &[&str]) {
        let (met, not_met) = (self.conditions(State::Met), self.conditions(State::NotMet));
        let both: BTreeSet<&str> = not_met.iter().chain(refuse_nobody).copied().collect();
        assert_eq!(met, both, "met, and not met or known to refuse nobody");
        let refuses = refuse_nobody.iter().find(|id| not_met.contains(*id));
        assert_eq!(refuses, None, "it refuses somebody after all");
    }

    /// The cases lack something for each of these conditions, and for no other.
    #[track_caller]
    pub fn conditions_lack_something(&self, ids: &[&str]) {
        let conditions = self.outcomes.iter().flat_map(|outcome| &outcome.conditions);
        let lacking = conditions.filter(|condition| !condition.missing.is_empty());
        let lacking: BTreeSet<&str> = lacking.map(|condition| base(&condition.id)).collect();
        assert_eq!(lacking, ids.iter().copied().collect());
    }

    /// The cases pay by every posting, need and ask only what is declared, fill every letter's
    /// template exactly, and write these letters.
    #[track_caller]
    pub fn effects_are_as_declared(&self, letters: &[&str]) {
        let manifest = &self.manifest.0;
        let lines = self.outcomes.iter().flat_map(|outcome| &outcome.lines);
        let paid: BTreeSet<&str> = lines.map(|line| line.posting.as_str()).collect();
        assert_eq!(paid, manifest.postings.iter().map(|posting| posting.code.as_str()).collect());
        for need in self.outcomes.iter().flat_map(|outcome| &outcome.needs) {
            self.declared(&need.kind);
        }
        let mut written = BTreeSet::new();
        for effect in self.outcomes.iter().flat_map(|outcome| &outcome.effects) {
            match effect {
                Effect::Letter(letter) => {
                    fills(letter, self.template(&letter.template));
                    written.insert(letter.template.as_str());
                }
                Effect::Task(task) => {
                    let is_known = manifest.queues.iter().any(|queue| queue.key == task.queue);
                    assert!(is_known, "no queue for {task:?}");
                }
                Effect::Claim(claim) => {
                    let mut grounds = manifest.claim_grounds.iter();
                    assert!(grounds.any(|ground| ground.key == claim.ground), "{claim:?}");
                }
            }
        }
        assert_eq!(written, letters.iter().copied().collect());
    }

    #[track_caller]
    fn declared(&self, kind: &str) -> &'static FactKind {
        let declared = self.manifest.0.fact(kind);
        declared.unwrap_or_else(|| panic!("the manifest has no fact '{kind}'"))
    }

    #[track_caller]
    fn template(&self, key: &str) -> &'static LetterTemplate {
        let template = self.manifest.0.letters.iter().find(|letter| letter.key == key);
        template.unwrap_or_else(|| panic!("the manifest has no letter '{key}'"))
    }

    /// The conditions in a state.
    fn conditions(&self, state: State) -> BTreeSet<&str> {
        let conditions = self.outcomes.iter().flat_map(|outcome| &outcome.conditions);
        let found = conditions.filter(|condition| condition.state == state);
        found.map(|condition| base(&condition.id)).collect()
    }
}

/// A condition's id without the part, month or applicant it is about.
fn base(id: &str) -> &str {
    id.split([':', '@']).next().unwrap_or(id)
}

#[track_caller]
fn attributes_are_as_declared(declared: &FactKind, given: &[Attribute]) {
    let kind = &declared.kind;
    for attribute in given {
        let known = declared.attribute(&attribute.name);
        let known = known.unwrap_or_else(|| panic!("{kind} has no '{}'", attribute.name));
        assert_eq!(ScalarKind::of(&attribute.value), known.kind, "{kind} {attribute:?}");
    }
    for known in &declared.attributes {
        let is_given = given.iter().any(|attribute| attribute.name == known.name);
        assert!(is_given || known.optional, "{kind} lacks {}", known.name);
    }
}

/// Whether some scene reads the word, which is seen by its refusing a word of no list; there every
/// word of the list must pass.
#[track_caller]
fn understands<'a>(
    mut scenes: impl Iterator<Item = &'a Scene>,
    words: impl Iterator<Item = &'a str>,
    choose: impl Fn(Scene, Scalar) -> Scene,
) -> bool {
    let answer = |scene: &Scene, word| choose(scene.clone(), code(word)).calculate();
    let reads = |scene: &&Scene| scene.calculate().is_ok() && answer(scene, "of-no-list").is_err();
    let Some(scene) = scenes.find(reads) else { return false };
    for word in words {
        if let Err(failure @ (Failure::Contradiction(_) | Failure::Unsupported(_))) =
            answer(scene, word)
        {
            panic!("'{word}' is not understood: {failure}");
        }
    }
    true
}

/// Every field of the template has one value, of its type, and there is nothing else.
#[track_caller]
fn fills(letter: &Letter, template: &LetterTemplate) {
    let mut filled: Vec<(&str, ScalarKind)> =
        letter.fields.iter().map(|it| (it.name.as_str(), ScalarKind::of(&it.value))).collect();
    let mut declared: Vec<(&str, ScalarKind)> =
        template.fields.iter().map(|it| (it.name.as_str(), it.kind)).collect();
    filled.sort_by_key(|(name, _)| *name);
    declared.sort_by_key(|(name, _)| *name);
    assert_eq!(filled, declared, "{}", letter.template);
}
