//! A question that each month may put anew.

use ydun_benefit::explain::Judgement;
use ydun_benefit::prelude::*;

/// What people have judged about the days of a question, and the first days nobody has judged.
///
/// An answer for one month settles no other, so a deadline waived in March is not waived in June.
pub(super) struct Question {
    id: &'static str,
    judged: Vec<Judgement>,
    open: Option<Period>,
}

impl Question {
    pub(super) fn new(id: &'static str) -> Self {
        Self { id, judged: vec![], open: None }
    }

    /// What has been judged about the days, if anything.
    pub(super) fn judged(&mut self, days: Period, file: &CaseFile) -> Option<bool> {
        let judgement = file.judgement_about(self.id, days)?;
        let met = judgement.met;
        self.judged.push(judgement);
        Some(met)
    }

    /// As [`judged`](Self::judged); what nobody has judged stays open.
    pub(super) fn ask(&mut self, days: Period, file: &CaseFile) -> Option<bool> {
        let judged = self.judged(days, file);
        if judged.is_none() {
            self.open.get_or_insert(days);
        }
        judged
    }

    /// The condition: for a person while something is open, and otherwise `met`.
    pub(super) fn test(self, label: &str, law: &str, met: bool) -> (Test, State) {
        let test = Test::new(self.id, label, law);
        let test = self.judged.iter().fold(test, Test::judged);
        match self.open {
            Some(days) => (test.about(days), State::NeedsHuman),
            None if met => (test, State::Met),
            None => (test, State::NotMet),
        }
    }
}
