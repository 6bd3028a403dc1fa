//! When a municipality puts a module to rest by itself, and what it asks of one it takes in.

use chrono::TimeDelta;
use serde::Serialize;
use ydun_runtime::Digest;

/// A municipality's rules for modules. Each has a default, and may be changed from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// So many faults within the window put a module to rest.
    pub fault_limit: u32,
    pub window_hours: u32,
    pub self_check: SelfCheck,
    /// Modules are tried out here, so unsigned ones are taken in.
    pub is_development: bool,
}

/// Which share of calculations is made twice to see that both give the same: one of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SelfCheck(u32);

/// The number is not at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one of 0 is no share; write 1 for every calculation, or 100 for one of a hundred")]
pub struct NoShare;

impl Default for Policy {
    /// Five odd cases a day are no accident; one calculation of a hundred costs a month one percent.
    fn default() -> Self {
        Self { fault_limit: 5, window_hours: 24, self_check: SelfCheck(100), is_development: false }
    }
}

impl Policy {
    pub(super) fn window(&self) -> TimeDelta {
        TimeDelta::hours(self.window_hours.into())
    }
}

impl SelfCheck {
    pub fn one_of(every: u32) -> Result<Self, NoShare> {
        if every == 0 { Err(NoShare) } else { Ok(Self(every)) }
    }

    pub fn every(self) -> u32 {
        self.0
    }

    /// Whether a dossier is among those calculated twice: by its digest alone, so that whoever runs
    /// the month again checks the same ones.
    pub fn picks(self, dossier: Digest) -> bool {
        let [a, b, c, d, ..] = dossier.0;
        u32::from_be_bytes([a, b, c, d]).is_multiple_of(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dossiers_are_picked_again_and_their_share_is_as_asked() {
        let picked = |every: u32| {
            let check = SelfCheck::one_of(every).unwrap();
            let digests = (0..10_000u32).map(|number| Digest::of(&number.to_be_bytes()));
            digests.filter(|digest| check.picks(*digest)).count()
        };
        assert_eq!(picked(1), 10_000);
        let tenth = picked(10);
        assert!((900..1_100).contains(&tenth), "{tenth}");
        assert_eq!(picked(10), tenth);
        assert_eq!(SelfCheck::one_of(0), Err(NoShare));
    }
}
