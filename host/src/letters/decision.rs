//! Letters about a calculation: what is decided, and what the benefit itself asks or tells.

use std::collections::BTreeMap;

use ydun_domain::Dkk;
use ydun_domain::ids::PartyId;
use ydun_runtime::manifest::LetterKind;
use ydun_typeset::{Block, Entry, tied};

use super::reader::Reader;
use super::value::within_sentence;
use super::{About, Draft, Frame, Kind, appeal, reasons};
use crate::decisions::explain::{BenefitLetter, Explanation};
use crate::decisions::{Decision, Ruling, Status};
use crate::parties::Party;

/// A calculation, and what is needed to write about it.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    pub explanation: &'a Explanation,
    /// What each payee got for the days before this, where it was another amount.
    pub changes: &'a BTreeMap<PartyId, Change>,
    pub parties: &'a BTreeMap<PartyId, Party>,
}

/// What a payee got for some days, and gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub before: Dkk,
    pub after: Dkk,
}

impl Change {
    pub(super) fn is_less(self) -> bool {
        self.after < self.before
    }

    /// Before, after and what lies between.
    pub(super) fn entries(self, labels: [&str; 2]) -> [Entry; 3] {
        let entry = |label: &str, amount: Dkk| Entry::new(label, tied(&amount.to_string()));
        let [before, after] = labels;
        [
            entry(before, self.before),
            entry(after, self.after),
            entry("Forskel", self.after - self.before),
        ]
    }
}

impl Matter<'_> {
    /// The letters that the calculation leads to.
    ///
    /// The benefit says whom it writes to. Where it has no words for a decision that does not give
    /// everything, or gives less than before, we write in the national ones: the law asks for reasons
    /// and guidance (forvaltningsloven §§ 22 and 25), and less counts when it has reached the party.
    pub fn letters(&self, frame: &Frame<'_>) -> Vec<Draft> {
        let words = &self.explanation.words.letters;
        let of_benefit = words.iter().map(|words| self.of_benefit(frame, words));
        let mut drafts: Vec<Draft> = of_benefit.collect();
        if let Some(decision) = &self.explanation.decision {
            let decided = |party: PartyId| {
                words.iter().any(|words| words.recipient == party && is_decision(words.kind))
            };
            let others = self.whom_to_tell(decision).into_iter().filter(|party| !decided(*party));
            drafts.extend(others.map(|party| self.of_ours(frame, decision, party)));
        }
        drafts
    }

    /// Who must be told of a decision in writing, whether or not the benefit has words for it.
    fn whom_to_tell(&self, decision: &Decision) -> Vec<PartyId> {
        let losing = self.changes.iter().filter(|(_, change)| change.is_less());
        let mut parties: Vec<PartyId> = losing.map(|(party, _)| *party).collect();
        if decision.basis.ruling != Ruling::Granted {
            parties.extend(decision.lines.iter().map(|line| line.payee));
        }
        parties.sort();
        parties.dedup();
        parties
    }

    fn of_benefit(&self, frame: &Frame<'_>, words: &BenefitLetter) -> Draft {
        let reader = self.reader(words.recipient);
        let mut blocks: Vec<Block> =
            words.paragraphs.iter().map(|text| Block::Paragraph(tied(text))).collect();
        if words.kind == LetterKind::RequestForInformation {
            blocks.push(Block::Paragraph(answer_soon(reader)));
        }
        if is_decision(words.kind) {
            blocks.extend(self.reasons(words.recipient, reader));
            let asks_guidance = words.kind != LetterKind::DecisionGranted;
            let ours = asks_guidance.then(|| appeal::guidance(reader));
            blocks.extend(guidance(reader, words.appeal.as_deref().or(ours)));
        }
        let id = format!("{}:{}", self.explanation.case, words.key);
        Draft {
            kind: words.kind.into(),
            about: self.about(),
            recipient: words.recipient,
            letter: frame.letter(id, words.title.clone(), reader, blocks),
        }
    }

    fn of_ours(&self, frame: &Frame<'_>, decision: &Decision, recipient: PartyId) -> Draft {
        let reader = self.reader(recipient);
        let change = self.changes.get(&recipient).copied();
        let said = Said::of(decision, change);
        let mut blocks = vec![Block::Paragraph(tied(&said.opening(self.explanation, reader)))];
        blocks.extend(self.reasons(recipient, reader));
        blocks.extend(guidance(reader, Some(appeal::guidance(reader))));
        let id = format!("{}:{}:{recipient}", self.explanation.case, decision.id);
        Draft {
            kind: Kind::Decision,
            about: self.about(),
            recipient,
            letter: frame.letter(id, said.title(self.explanation, reader), reader, blocks),
        }
    }

    fn reasons(&self, recipient: PartyId, reader: Reader) -> Vec<Block> {
        let lines = reasons::lines_for(self.explanation, recipient, reader);
        let change = self.changes.get(&recipient);
        let mut blocks = Vec::new();
        blocks.extend(in_kroner(
            lines.clone().map(|line| (line.title.as_str(), line.amount)),
            change,
        ));
        let conditions = reasons::conditions(self.explanation);
        if !conditions.is_empty() {
            blocks.push(Block::Heading("Derfor har vi afgjort sagen sådan".to_owned()));
        }
        blocks.extend(conditions);
        blocks.extend(reasons::steps(lines));
        blocks.extend(reasons::legal_basis(self.explanation));
        blocks
    }

    fn about(&self) -> About {
        match &self.explanation.decision {
            Some(Decision { id, status: Status::Approved(_), .. }) => About::Decision(*id),
            _ => About::Nothing,
        }
    }

    fn reader(&self, party: PartyId) -> Reader {
        self.parties.get(&party).map_or(Reader::Firm, Reader::of)
    }
}

/// What a decision means in kroner; nothing where it gives nothing and takes nothing.
fn in_kroner<'a>(
    lines: impl Iterator<Item = (&'a str, Dkk)>,
    change: Option<&Change>,
) -> Option<Block> {
    if let Some(change) = change {
        return Some(Block::Summary(change.entries(["Før", "Nu"]).into()));
    }
    let lines: Vec<(&str, Dkk)> = lines.collect();
    let entry = |(title, amount): &(&str, Dkk)| Entry::new(*title, tied(&amount.to_string()));
    let mut entries: Vec<Entry> = lines.iter().map(entry).collect();
    if lines.len() > 1 {
        let total: Dkk = lines.iter().map(|(_, amount)| *amount).sum();
        entries.push(entry(&("I alt", total)));
    }
    (!entries.is_empty()).then_some(Block::Summary(entries))
}

fn guidance(reader: Reader, text: Option<&str>) -> Vec<Block> {
    let heading = || Block::Heading(format!("Sådan klager {}", reader.you()));
    text.map_or_else(Vec::new, |text| vec![heading(), Block::Paragraph(tied(text))])
}

/// As long as a party has to answer a hearing, where nobody says otherwise; no act sets the time.
const REQUEST_DAYS: u32 = 14;

fn answer_soon(reader: Reader) -> String {
    let answer = reader.told("dit svar", "jeres svar");
    format!(
        "Vi vil gerne have {answer} senest {REQUEST_DAYS} dage efter, at {} har fået brevet.",
        reader.you()
    )
}

fn is_decision(kind: LetterKind) -> bool {
    Kind::from(kind) == Kind::Decision
}

/// What a decision says, in the national words.
#[derive(Clone, Copy)]
enum Said {
    Refused,
    Stopped(Change),
    Changed(Change),
    Given(Dkk),
}

impl Said {
    fn of(decision: &Decision, change: Option<Change>) -> Self {
        match (change, decision.basis.ruling) {
            (Some(change), _) if change.is_less() && change.after.is_zero() => {
                Self::Stopped(change)
            }
            (Some(change), _) => Self::Changed(change),
            (None, Ruling::Refused) => Self::Refused,
            (None, Ruling::Granted | Ruling::PartlyGranted) => Self::Given(decision.total),
        }
    }

    fn title(self, explanation: &Explanation, reader: Reader) -> String {
        let (benefit, you) = (within_sentence(&explanation.benefit), reader.you_at_start());
        match self {
            Self::Refused => format!("{you} får ikke {benefit}"),
            Self::Stopped(_) => format!("{you} får ikke længere {benefit}"),
            Self::Changed(_) => format!("Vi har ændret afgørelsen om {benefit}"),
            Self::Given(_) => format!("{you} får {benefit}"),
        }
    }

    fn opening(self, explanation: &Explanation, reader: Reader) -> String {
        let benefit = within_sentence(&explanation.benefit);
        let (you, period) = (reader.you(), explanation.period.in_words());
        match self {
            Self::Refused => format!("Vi har besluttet, at {you} ikke får {benefit} for {period}."),
            Self::Stopped(Change { before, .. }) => format!(
                "Vi har besluttet, at {you} ikke længere får {benefit} for {period}. Før var beløbet {before}"
            ),
            Self::Changed(Change { before, after }) => format!(
                "Vi har regnet {benefit} for {period} igen. Beløbet er nu {after} Før var det {before}"
            ),
            Self::Given(total) => {
                format!("Vi har besluttet, at {you} får {benefit} for {period}. Beløbet er {total}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
