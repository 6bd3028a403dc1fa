//! Stored dossiers put to a version again, with its own rates and settings.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ydun_domain::benefit::{Dossier, Fact};
use ydun_domain::ids::{CaseId, RunId};
use ydun_domain::{Day, Period, Tenant};
use ydun_runtime::canonical::Unreadable;
use ydun_runtime::replay::{Answered, compare};
use ydun_runtime::{Calculation, Digest, Manifest, Module, retry_once};

use super::{Compared, Knowledge};
use crate::cases::CaseRange;
use crate::db::Read;
use crate::facts;
use crate::modules::campaigns::rates::{Added, Taken};
use crate::modules::dossier::Frame;
use crate::modules::frames::{Days, Frames};
use crate::modules::registry::{LoadError, Registry};
use crate::modules::run::{Answer, Run, Said};
use crate::modules::service::{NotActive, SettingError, active, manifest};
use crate::parallel;

/// Why dossiers could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    #[error("run {run} of case {case} cannot be read: {source}; see `ydun verify --all`")]
    Unreadable { case: CaseId, run: RunId, source: Unreadable },
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Module(#[from] LoadError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error("the stored dossiers could not be read")]
    Store(#[from] sqlx::Error),
}

/// What a dossier is calculated with.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) version: Version,
    pub(super) added: Arc<Added>,
}

/// Which version calculates.
#[derive(Clone, Debug)]
pub(super) enum Version {
    One(Arc<Module>),
    /// The one that counts for the days of each dossier, as known on a day.
    OfItsDays {
        benefit: String,
        known_at: Day,
    },
}

/// Compares page after page of stored calculations.
pub(super) struct Comparer<'a> {
    registry: &'a Registry,
    tenant: Tenant,
    known: Knowledge,
    old: Frameworks,
    new: Frameworks,
    /// The kinds of facts each version was given.
    given: HashMap<Digest, Arc<BTreeSet<String>>>,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(
        registry: &'a Registry,
        tenant: Tenant,
        known: Knowledge,
        old: Side,
        new: Side,
    ) -> Self {
        let (old, new) = (Frameworks::of(old), Frameworks::of(new));
        Self { registry, tenant, known, old, new, given: HashMap::new() }
    }

    /// Calculates runs again, on so many threads, and holds the answers against each other.
    ///
    /// What is stored is the old answer where it was made by the old version and is taken as it was
    /// known then; else the old version calculates again too.
    pub(super) async fn page(
        &mut self,
        db: &mut Read,
        runs: Vec<Run>,
        threads: usize,
    ) -> Result<Vec<Compared>, CompareError> {
        let mut work = self.read(db, runs).await?;
        self.complete(db, &mut work).await?;
        let compared = parallel::map(work, threads, Work::compare).await;
        compared.into_iter().collect()
    }

    async fn read(&mut self, db: &mut Read, runs: Vec<Run>) -> Result<Vec<Work>, CompareError> {
        let Some((first, last)) = ends(&runs) else { return Ok(Vec::new()) };
        let earliest = Day::new(1850, 1, 1);
        let taken = self.new.side.added.taken(db, self.tenant, &(first..=last), earliest).await?;
        let mut work = Vec::with_capacity(runs.len());
        for run in runs {
            let stored = run.read_dossier().map_err(|source| unreadable(&run, source))?;
            let days =
                Days { span: run.span, as_of: stored.as_of, known_at: self.known_at(&stored) };
            let read = (self.registry, self.tenant);
            let old = self.old.frames(db, read, days).await?;
            let new = self.new.frames(db, read, days).await?;
            let given = self.kinds_of(db, run.artifact).await?;
            let asked = kinds(old.module().manifest()).chain(kinds(new.module().manifest()));
            let lacks = asked.filter(|kind| !given.contains(*kind)).cloned().collect();
            let is_as_then = self.known == Knowledge::AsThen;
            let ask = |frames: &Frames| Question::new(frames, run.case, &taken, is_as_then);
            let (old, new) = (ask(&old), ask(&new));
            let known_at = days.known_at;
            work.push(Work { run, stored, old, new, known_at, lacks, lacked: Vec::new() });
        }
        Ok(work)
    }

    fn known_at(&self, stored: &Dossier) -> Day {
        match self.known {
            Knowledge::AsThen => stored.known_at,
            Knowledge::On(day) => day,
        }
    }

    /// The kinds of facts a version was given.
    async fn kinds_of(
        &mut self,
        db: &mut Read,
        artifact: Digest,
    ) -> Result<Arc<BTreeSet<String>>, CompareError> {
        if let Some(kinds) = self.given.get(&artifact) {
            return Ok(Arc::clone(kinds));
        }
        let manifest = manifest(db, artifact).await?.ok_or(LoadError::NotInstalled(artifact))?;
        let given = Arc::new(kinds(&manifest).cloned().collect());
        self.given.insert(artifact, Arc::clone(&given));
        Ok(given)
    }

    /// Adds the facts a version asks for that the stored dossiers were not given.
    async fn complete(&self, db: &mut Read, work: &mut [Work]) -> Result<(), CompareError> {
        let (Some(first), Some(last)) = (work.first(), work.last()) else { return Ok(()) };
        let range = CaseRange::between(first.run.case, last.run.case);
        let lacking = work.iter().filter(|work| !work.lacks.is_empty());
        let days: BTreeSet<Day> = lacking.map(|work| work.known_at).collect();
        for day in days {
            let mut of: HashMap<CaseId, Vec<Fact>> = HashMap::new();
            for fact in facts::service::known(db, self.tenant, range, day).await? {
                of.entry(fact.case).or_default().push((&fact).into());
            }
            for work in work.iter_mut().filter(|work| work.known_at == day) {
                work.add(of.get(&work.run.case).map_or(&[][..], Vec::as_slice));
            }
        }
        Ok(())
    }
}

fn kinds(manifest: &Manifest) -> impl Iterator<Item = &String> {
    manifest.facts.iter().map(|fact| &fact.kind)
}

fn ends(runs: &[Run]) -> Option<(CaseId, CaseId)> {
    Some((runs.first()?.case, runs.last()?.case))
}

fn unreadable(run: &Run, source: Unreadable) -> CompareError {
    CompareError::Unreadable { case: run.case, run: run.id, source }
}

/// The frames of a side, read once for all dossiers of the same days.
struct Frameworks {
    side: Side,
    of_span: HashMap<Period, Arc<Module>>,
    of_days: HashMap<Days, Arc<Frames>>,
}

impl Frameworks {
    fn of(side: Side) -> Self {
        Self { side, of_span: HashMap::new(), of_days: HashMap::new() }
    }

    async fn frames(
        &mut self,
        db: &mut Read,
        (registry, tenant): (&Registry, Tenant),
        days: Days,
    ) -> Result<Arc<Frames>, CompareError> {
        if let Some(frames) = self.of_days.get(&days) {
            return Ok(Arc::clone(frames));
        }
        let module = self.module(db, (registry, tenant), days.span).await?;
        let added = Arc::clone(&self.side.added);
        let frames = Arc::new(Frames::read(db, tenant, module, added, days).await?);
        self.of_days.insert(days, Arc::clone(&frames));
        Ok(frames)
    }

    async fn module(
        &mut self,
        db: &mut Read,
        (registry, tenant): (&Registry, Tenant),
        span: Period,
    ) -> Result<Arc<Module>, CompareError> {
        match &self.side.version {
            Version::One(module) => Ok(Arc::clone(module)),
            Version::OfItsDays { benefit, known_at } => {
                if let Some(module) = self.of_span.get(&span) {
                    return Ok(Arc::clone(module));
                }
                let digest = active(db, tenant, benefit, span, *known_at).await?;
                let module = registry.module(db, digest).await?;
                self.of_span.insert(span, Arc::clone(&module));
                Ok(module)
            }
        }
    }
}

/// A stored calculation with what it is held against.
struct Work {
    run: Run,
    stored: Dossier,
    old: Question,
    new: Question,
    known_at: Day,
    /// The kinds of facts a side asks for that the stored dossier was not given, and those facts.
    lacks: BTreeSet<String>,
    lacked: Vec<Fact>,
}

/// What a version is asked about a case.
struct Question {
    module: Arc<Module>,
    frame: Arc<Frame>,
    /// What the version itself calculated is not asked in another way than then.
    is_as_then: bool,
}

impl Question {
    fn new(frames: &Frames, case: CaseId, taken: &Taken, is_as_then: bool) -> Self {
        Self { module: Arc::clone(frames.module()), frame: frames.of(case, taken), is_as_then }
    }

    fn is_of(&self, run: &Run) -> bool {
        self.is_as_then && self.module.digest() == run.artifact
    }

    fn ask(&self, run: &Run, stored: &Dossier, lacked: &[Fact]) -> Calculation {
        if self.is_of(run) {
            return retry_once(|| self.module.calculate(stored));
        }
        let facts = stored.facts.iter().chain(lacked).cloned().collect();
        let dossier = self.frame.dossier(facts, stored.prior.clone());
        retry_once(|| self.module.calculate(&dossier))
    }
}

impl Work {
    fn add(&mut self, known: &[Fact]) {
        let lacked = known.iter().filter(|fact| self.lacks.contains(&fact.kind));
        self.lacked.extend(lacked.cloned());
    }

    fn compare(self) -> Result<Compared, CompareError> {
        let Self { run, stored, old, new, lacked, .. } = self;
        let new = new.ask(&run, &stored, &lacked);
        let new = Answered::of(&new.answer);
        let difference = if old.is_of(&run) {
            let said = run.said().map_err(|source| unreadable(&run, source))?;
            compare(stored_answer(&run, said.as_ref()), new)
        } else {
            let old = old.ask(&run, &stored, &lacked);
            compare(Answered::of(&old.answer), new)
        };
        Ok(Compared { case: run.case, run: run.id, difference })
    }
}

/// A stored run's answer, as far as it is compared.
pub(super) fn stored_answer<'a>(run: &'a Run, said: Option<&'a Said>) -> Answered<'a> {
    match (said, &run.answer) {
        (Some(Ok(outcome)), _) => Answered::Outcome(outcome),
        (Some(Err(failure)), _) => Answered::Failure(failure),
        (None, Answer::Fault { code, .. }) => Answered::Fault(code),
        (None, Answer::Given(_)) => unreachable!("what was given was read"),
    }
}
