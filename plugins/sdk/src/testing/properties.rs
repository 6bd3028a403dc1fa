//! What holds for every dossier of every benefit, for property tests of invented ones.

use ydun_domain::Dkk;
use ydun_domain::benefit::{Dossier, Outcome};

use super::Scene;

impl Scene {
    /// The answer is the same when the rows and their attributes come in another order.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn answers_the_same_in_any_order(&self, seed: u64) {
        let dossier = self.dossier();
        assert_eq!((self.calculate)(&dossier), (self.calculate)(&shuffled(dossier, seed)));
    }

    /// The lines are about days that were asked for, are of something, and rest on steps that are
    /// there; every step has an id of its own and names its law.
    ///
    /// # Panics
    /// When one is not.
    #[track_caller]
    pub fn explains_every_line(&self) -> Outcome {
        let outcome = self.outcome();
        for line in &outcome.lines {
            assert_ne!(line.amount, Dkk::ZERO, "{line:?}");
            assert!(self.dossier.span.covers(line.period), "{line:?}");
            assert!(!line.steps.is_empty(), "{line:?}");
            let is_known = |id: &String| outcome.steps.iter().any(|step| step.id == *id);
            assert!(line.steps.iter().all(is_known), "{line:?}");
        }
        for step in &outcome.steps {
            assert!(!step.law.is_empty(), "{step:?}");
            let same = outcome.steps.iter().filter(|other| other.id == step.id);
            assert_eq!(same.count(), 1, "{step:?}");
        }
        outcome
    }
}

fn shuffled(mut dossier: Dossier, seed: u64) -> Dossier {
    shuffle(&mut dossier.facts, seed);
    shuffle(&mut dossier.rates, seed);
    shuffle(&mut dossier.settings, seed);
    for fact in &mut dossier.facts {
        shuffle(&mut fact.attributes, seed);
    }
    dossier
}

fn shuffle<T>(rows: &mut Vec<T>, seed: u64) {
    let place = |index: usize| (index as u64 + 1).wrapping_mul(seed | 1).rotate_left(17);
    let mut placed: Vec<(u64, T)> =
        rows.drain(..).enumerate().map(|(index, row)| (place(index), row)).collect();
    placed.sort_by_key(|(place, _)| *place);
    rows.extend(placed.into_iter().map(|(_, row)| row));
}
