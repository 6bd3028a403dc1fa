//! What a benefit itself says about a calculation: its letters with their words, and the acts it rests on.

use ydun_domain::benefit::{Attribute, Effect, Letter, Outcome, Party, Scalar};
use ydun_domain::ids::PartyId;
use ydun_runtime::manifest::{LetterKind, LetterTemplate};

use super::Telling;

/// The benefit's words about one calculation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenefitWords {
    /// Acts and orders, as the benefit's developer names them.
    pub legal_basis: Vec<String>,
    pub letters: Vec<BenefitLetter>,
}

/// The benefit's part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenefitLetter {
    /// What makes it one letter: the same key again is the same letter.
    pub key: String,
    pub kind: LetterKind,
    pub recipient: PartyId,
    pub title: String,
    pub paragraphs: Vec<String>,
    pub appeal: Option<String>,
}

/// The parties that the letters of an outcome name.
pub(super) fn named(outcome: &Outcome) -> impl Iterator<Item = &Party> {
    letters(outcome).flat_map(|letter| &letter.fields).filter_map(|field| match &field.value {
        Scalar::Who(party) => Some(party),
        _ => None,
    })
}

fn letters(outcome: &Outcome) -> impl Iterator<Item = &Letter> {
    outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Letter(letter) => Some(letter),
        Effect::Task(_) | Effect::Claim(_) => None,
    })
}

impl Telling<'_> {
    pub(super) fn words(&self, outcome: Option<&Outcome>) -> BenefitWords {
        let letters = outcome.into_iter().flat_map(letters);
        BenefitWords {
            legal_basis: self.manifest.legal_basis.clone(),
            letters: letters.filter_map(|letter| self.letter(letter)).collect(),
        }
    }

    /// Nothing where the letter names a template or a party that we do not have.
    fn letter(&self, letter: &Letter) -> Option<BenefitLetter> {
        let templates = &self.manifest.letters;
        let LetterTemplate { kind, title, paragraphs, appeal, .. } =
            templates.iter().find(|template| template.key == letter.template)?;
        Some(BenefitLetter {
            key: letter.key.clone(),
            kind: *kind,
            recipient: PartyId::try_from(&letter.recipient).ok()?,
            title: title.clone(),
            paragraphs: paragraphs
                .iter()
                .map(|paragraph| self.filled(paragraph, &letter.fields))
                .filter(|paragraph| !paragraph.is_empty())
                .collect(),
            appeal: appeal.clone(),
        })
    }

    /// The paragraph with each `{name}` replaced by the field of that name.
    fn filled(&self, paragraph: &str, fields: &[Attribute]) -> String {
        let filled = fields.iter().fold(paragraph.to_owned(), |text, field| {
            text.replace(&format!("{{{}}}", field.name), &self.in_words(&field.value))
        });
        filled.trim().to_owned()
    }

    fn in_words(&self, value: &Scalar) -> String {
        match value {
            Scalar::Day(day) => day.in_words(),
            Scalar::Who(party) => self.name(party),
            value => value.to_string(),
        }
    }
}
