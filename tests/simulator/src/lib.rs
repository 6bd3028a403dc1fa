//! Plays years of a municipality against the host, and keeps plain books of its own beside it.
//!
//! Everything random comes from one seed, and each step from the seed and its number alone, so a
//! failure is played again exactly, also with steps left out. The world only does what people,
//! their papers, the bank and the register do; [`books`] writes down what was signed, and `check`
//! compares that with the rows, the bank and the register. None of it asks the code under test what
//! is right.
//!
//! To add something that can happen: a line in [`deeds::Deed`], a function beside its like in
//! `deeds`, and, where it changes what anybody has a right to, a line in `books`.

mod bank;
mod books;
mod check;
mod crash;
mod deeds;
mod killed;
mod people;
mod register;
mod rest;
mod shrink;
mod town;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

pub use killed::{Deaths, Points, victim};
pub use shrink::shrink;
pub use town::{Modules, Place};
use world::World;

/// What is played.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    /// From January 2022; the benefits' rates are known for three years.
    pub years: u32,
    pub cases: usize,
    /// The last step to take.
    pub until: Option<u64>,
    /// Steps that are left out.
    pub without: BTreeSet<u64>,
    /// Say every step as it is taken.
    pub aloud: bool,
    /// Processes are killed at points with a name.
    pub deaths: Option<Arc<Deaths>>,
}

/// A game that held to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    pub steps: u64,
    /// Each month of each case that money was decided for, in twelfths of a year.
    pub case_months: u64,
    /// Years of cases in which something was put right that had been told.
    pub corrected: u64,
    /// How often each kind of thing came about.
    pub seen: BTreeMap<&'static str, u64>,
}

/// A game in which something did not hold.
#[derive(Debug)]
pub struct Broken {
    pub seed: u64,
    pub step: u64,
    pub why: anyhow::Error,
    /// The steps taken, the last one last.
    pub log: Vec<String>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LAST: usize = 40;
        for line in &self.log[self.log.len().saturating_sub(LAST)..] {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "broken: {:#}", self.why)?;
        write!(f, "play it again: --seed {} --until {}", self.seed, self.step)
    }
}

/// Plays a game in a town of its own.
pub async fn play(plan: &Plan, place: &Place, modules: &Modules) -> Result<Played, Broken> {
    let unfounded = |why| Broken { seed: plan.seed, step: 0, why, log: Vec::new() };
    let mut world = World::found(plan.clone(), place, modules).await.map_err(unfounded)?;
    let ended = world.play().await;
    let (step, log) = (world.step, std::mem::take(&mut world.log));
    match ended {
        Ok(()) => world.end().await.map_err(unfounded),
        Err(why) => Err(Broken { seed: plan.seed, step, why, log }),
    }
}
