//! Processes that are killed with SIGKILL at a point with a name, and what is done again after them.
//!
//! A point is one thing that is done (an [`Errand`]) and how far it had come: a statement that had
//! just been carried out, or a part of a file that had just been written. Before somebody does a
//! thing in the town, another process does it, and is killed at the first of its points where none
//! has died. A minute later the next one tries, and so on to the last point; then the town does it
//! itself, and everything must hold. So each point is tried, and none is left to chance.

mod errand;
mod points;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, ensure};
use chrono::TimeDelta;

pub(crate) use errand::Errand;
use errand::Order;
pub use errand::victim;
pub use points::Points;

use crate::world::World;

/// After so long a process that was killed may hold nothing back any more.
const STUCK: TimeDelta = TimeDelta::seconds(60);

const SIGKILL: i32 = 9;

/// What is said of a thing that was done already when it is done again.
pub(crate) const DONE: &str = "done by the process that was killed";

/// An errand that was done so often without a new point is seldom tried again in a town.
const TIRED: u32 = 3;
const SELDOM: u64 = 10;

/// Where processes have died, in all towns that are played with it.
#[derive(Debug)]
pub struct Deaths {
    simulator: PathBuf,
    /// Points of each errand.
    at_most: usize,
    points: Mutex<BTreeSet<String>>,
}

/// How a process ended.
enum Ended {
    Killed(String),
    /// By itself, as none of its points was new.
    Alive,
}

impl Deaths {
    /// `simulator` is the program of this package, which is started once more to be killed.
    pub fn new(simulator: impl Into<PathBuf>) -> Self {
        Self { simulator: simulator.into(), at_most: usize::MAX, points: Mutex::default() }
    }

    /// The first points of each errand only.
    #[must_use]
    pub fn at_most(self, points_of_each: usize) -> Self {
        Self { at_most: points_of_each, ..self }
    }

    /// The points where a process has died, each `path, errand: how far it was`.
    pub fn points(&self) -> Vec<String> {
        self.known().iter().cloned().collect()
    }

    fn are_enough(&self, errand: &Errand) -> bool {
        let known = self.known();
        known.iter().filter(|point| point.starts_with(errand.word())).count() >= self.at_most
    }

    fn known(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.points.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has an order carried out by a process, and kills that at a point where none has died.
    fn have_done(&self, order: &Order) -> Result<Ended> {
        let mut process = Command::new(&self.simulator)
            .arg("--victim")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.simulator.display()))?;
        let told = tell(&mut process, order);
        let ended = match told {
            Ok(point) if point.is_empty() => Ended::Alive,
            Ok(point) => {
                process.kill()?;
                Ended::Killed(point)
            }
            Err(error) => {
                process.kill()?;
                return Err(error);
            }
        };
        let status = process.wait()?;
        if let Ended::Killed(point) = &ended {
            ensure!(status.signal() == Some(SIGKILL), "{point}: it ended by itself, {status}");
            ensure!(self.known().insert(point.clone()), "{point}: it died there before");
        } else {
            ensure!(status.success(), "the process failed by itself; it says why above");
        }
        Ok(ended)
    }
}

/// Gives the order, and answers at which point the process waits to be killed; nothing when it ends.
fn tell(process: &mut Child, order: &Order) -> Result<String> {
    let mut input = process.stdin.take().context("it takes no orders")?;
    input.write_all(&serde_json::to_vec(order)?)?;
    drop(input);
    let mut point = String::new();
    BufReader::new(process.stdout.take().context("it says nothing")?).read_line(&mut point)?;
    Ok(point.trim_end().to_owned())
}

/// How often an errand was done in a town since a point of it was new.
pub(crate) type Tired = BTreeMap<&'static str, u32>;

impl World<'_> {
    /// Has processes do it first, one after the other, until one is not killed, when the town is
    /// played so. Says whether it may have been done, so that doing it again may be refused.
    pub(crate) fn dies_first(&mut self, by: &str, errand: &Errand) -> Result<bool> {
        let Some(deaths) = self.plan.deaths.clone() else { return Ok(false) };
        let tired = self.tired.entry(errand.word()).or_default();
        if *tired >= TIRED && !self.step.is_multiple_of(SELDOM) {
            return Ok(false);
        }
        *tired += 1;
        while !deaths.are_enough(errand) {
            match deaths.have_done(&self.order(by, errand, &deaths))? {
                Ended::Killed(point) => self.die(errand, &point),
                Ended::Alive => break,
            }
        }
        Ok(true)
    }

    fn die(&mut self, errand: &Errand, point: &str) {
        self.tired.insert(errand.word(), 0);
        self.town.now += STUCK;
        self.note("killed at a point");
        self.log.push(format!("  killed: {point}"));
    }

    fn order(&self, by: &str, errand: &Errand, deaths: &Deaths) -> Order {
        Order {
            errand: errand.clone(),
            by: by.to_owned(),
            town: self.town.address(),
            compiled: self.modules.compiled().to_owned(),
            died: deaths.known().clone(),
        }
    }
}
