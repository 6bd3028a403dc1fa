//! Letters that hear a party before something is taken away.
//!
//! Made of the decision that is proposed, so that hearing, decision and payment cannot differ. First what
//! we think of doing, then what it means in kroner, why, what the reader can do and by when.

use ydun_typeset::{Block, Entry, tied};

use super::decision::Change;
use super::reader::Reader;
use super::value::within_sentence;
use super::{About, Draft, Frame, Kind, reasons};
use crate::decisions::explain::Explanation;
use crate::hearings::Hearing;
use crate::parties::Party;

/// What a party is to be heard about.
#[derive(Clone, Copy, Debug)]
pub struct Intended<'a> {
    pub hearing: &'a Hearing,
    pub party: &'a Party,
    pub change: Change,
    /// Of the decision that is proposed.
    pub explanation: &'a Explanation,
}

impl Intended<'_> {
    pub fn letter(&self, frame: &Frame<'_>) -> Draft {
        let reader = Reader::of(self.party);
        let mut blocks = self.what(reader);
        blocks.extend(self.why());
        let lines = reasons::lines_for(self.explanation, self.party.id, reader);
        blocks.extend(reasons::steps(lines));
        blocks.extend(self.what_you_can_do(reader));
        let title = reader
            .told("Vi vil høre dig, før vi afgør din sag", "Vi vil høre jer, før vi afgør sagen");
        let id = format!("hearing:{}", self.hearing.id);
        Draft {
            kind: Kind::Hearing,
            about: About::Hearing(self.hearing.id),
            recipient: self.party.id,
            letter: frame.letter(id, title.to_owned(), reader, blocks),
        }
    }

    fn what(&self, reader: Reader) -> Vec<Block> {
        let benefit = within_sentence(&self.explanation.benefit);
        let (you, period) = (reader.you(), self.explanation.period.in_words());
        let what = if self.change.after.is_zero() {
            format!("Vi overvejer, at {you} ikke længere skal have {benefit} for {period}.")
        } else {
            format!("Vi overvejer, at {you} skal have mindre i {benefit} for {period}.")
        };
        let not_yet = reader.told(
            "Vi har ikke besluttet noget endnu. Først vil vi høre, hvad du siger til det.",
            "Vi har ikke besluttet noget endnu. Først vil vi høre, hvad I siger til det.",
        );
        let labels = [reader.told("Det får du nu", "Det får I nu"), "Det overvejer vi"];
        let mut entries = Vec::from(self.change.entries(labels));
        entries.push(Entry::new("Frist for at svare", self.deadline(reader)));
        vec![Block::Paragraph(format!("{what} {not_yet}")), Block::Summary(entries)]
    }

    fn why(&self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Heading("Derfor overvejer vi det".to_owned()),
            Block::Paragraph(tied(&self.hearing.text)),
        ];
        blocks.extend(reasons::conditions(self.explanation));
        blocks
    }

    fn what_you_can_do(&self, reader: Reader) -> Vec<Block> {
        let points = match reader {
            Reader::Person => [
                "Er noget forkert, så fortæl os det. Send gerne papirer, der viser det.",
                "Er der mere, vi bør vide, så fortæl os også det.",
                "Er du enig, behøver du ikke at gøre noget.",
            ],
            Reader::Firm => [
                "Er noget forkert, så fortæl os det. Send gerne papirer, der viser det.",
                "Er der mere, vi bør vide, så fortæl os også det.",
                "Er I enige, behøver I ikke at gøre noget.",
            ],
        };
        let deadline = format!(
            "Svar os senest {}. Vi afgør ikke sagen, før fristen er gået, eller vi har {} svar. Hører vi ikke fra \
             {}, afgør vi sagen ud fra det, vi ved nu.",
            self.deadline(reader),
            reader.told("dit", "jeres"),
            reader.told("dig", "jer"),
        );
        vec![
            Block::Heading(reader.told("Det kan du gøre", "Det kan I gøre").to_owned()),
            Block::List(points.map(str::to_owned).into()),
            Block::Paragraph(deadline),
            Block::Paragraph(tied(reader.told(
                "Vi hører dig efter reglerne om partshøring i forvaltningsloven § 19.",
                "Vi hører jer efter reglerne om partshøring i forvaltningsloven § 19.",
            ))),
        ]
    }

    /// The clock runs from the day the letter arrives, which nobody knows when it is written.
    fn deadline(&self, reader: Reader) -> String {
        let days = self.hearing.answer_days;
        format!("{days} dage efter, at {} har fået brevet", reader.you())
    }
}

#[cfg(test)]
mod tests;
