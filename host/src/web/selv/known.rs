//! What we know of the filer and do not ask about, and what the filer says of it: "det er forkert".

use super::draft::Draft;
use super::step::Step;
use crate::facts::Fact;
use crate::filings::{Answers, Row};
use crate::web::danish::{self, Pair};
use crate::web::form::Fields;

/// What we know, and whether the filer says it is wrong.
pub(super) struct KnownFact {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) pairs: Vec<Pair>,
    pub(super) source: String,
    pub(super) is_wrong: bool,
    /// What is right instead.
    pub(super) remark: String,
}

/// What we know of the filer, with what it has said of it.
pub(super) fn facts(draft: &Draft, answers: &Answers) -> Vec<KnownFact> {
    let said = answers.rows(&Step::Known.to_string()).first().cloned().unwrap_or_default();
    let fact = |fact: &Fact| {
        let kind = draft.manifest.fact(&fact.content.kind);
        let id = fact.id.to_string();
        let said = |what: &str| said.get(&format!("{what}-{id}")).cloned().unwrap_or_default();
        let title = |name: &str| {
            let rule = kind.and_then(|kind| kind.attribute(name));
            rule.map_or_else(|| danish::capital(name), |rule| rule.title.clone())
        };
        let mut pairs = danish::pairs(&fact.content.attributes);
        for (pair, told) in pairs.iter_mut().zip(&fact.content.attributes) {
            pair.name = title(&told.name);
        }
        KnownFact {
            title: kind.map_or_else(|| fact.content.kind.clone(), |kind| kind.title.clone()),
            pairs,
            source: format!("{}, {}", fact.source, fact.known_from.in_words()),
            is_wrong: said("forkert") == "ja",
            remark: said("rettelse"),
            id,
        }
    };
    draft.known.iter().map(fact).collect()
}

/// What was said of each fact, as it is kept.
pub(super) fn row(draft: &Draft, typed: &Fields) -> Row {
    let fields = draft
        .known
        .iter()
        .flat_map(|fact| ["forkert", "rettelse"].map(|what| format!("{what}-{}", fact.id)));
    fields.map(|field| (field.clone(), typed.get(&field).to_owned())).collect()
}
