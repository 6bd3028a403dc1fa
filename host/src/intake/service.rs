//! Taking a file in, some hundred cases at a time.

use std::collections::BTreeMap;
use std::mem;

use chrono::{DateTime, Utc};
use serde_json::Value;
use ydun_domain::ids::CaseId;
use ydun_runtime::Manifest;

use super::entry::{self, Entry, Seen};
use super::plan::{Existing, Plan, PlannedFact, Setting, Target, plan};
use super::{ImportFile, Mode, Remark, Report, SetUpError, parties, setup};
use crate::access::{Act, Register};
use crate::cases::{self, Role};
use crate::clock::danish;
use crate::db::{Db, Tx};
use crate::facts::service::{NewFact, known_of, record_all};
use crate::parties::service::RegisterError;

/// How many cases go in with one transaction.
const BATCH: usize = 250;

/// Why a file could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error("the cases could not be opened; reading the file again goes on where it stopped")]
    Open(#[from] cases::service::OpenError),
    #[error("the file could not be saved; reading it again goes on where it stopped")]
    Store(#[from] sqlx::Error),
}

/// Takes a file in, for a worker of its municipality. `manifests` are of the benefits in use, by id.
pub async fn import(
    db: &Db,
    worker: &str,
    now: DateTime<Utc>,
    mut file: ImportFile,
    manifests: &BTreeMap<String, Manifest>,
    mode: Mode,
) -> Result<Report, ImportError> {
    let mut report = Report::default();
    let mut keeper = Keeper { db, mode, tx: db.begin().await? };
    let act = setup::set_up(&mut keeper.tx, &file, worker, now).await?;
    keeper = keeper.keep().await?;
    let parties =
        parties::register(&mut keeper.tx, &act, mem::take(&mut file.parties), &mut report).await?;
    let setting = Setting { manifests, parties: &parties, today: danish(now) };
    let mut seen = Seen::default();
    let mut cases = file.cases.into_iter().enumerate();
    loop {
        let batch: Vec<(usize, Value)> = cases.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        keeper = keeper.keep().await?;
        let entries = read(batch, &setting, &mut seen, &mut report);
        import_batch(&mut keeper.tx, &act, &setting, entries, &mut report).await?;
    }
    report.kept = keeper.finish(&report).await?;
    Ok(report)
}

/// Decides when what was written is kept.
struct Keeper<'a> {
    db: &'a Db,
    mode: Mode,
    tx: Tx,
}

impl Keeper<'_> {
    /// After each batch, unless all must go in or nothing.
    async fn keep(self) -> Result<Self, sqlx::Error> {
        match self.mode {
            Mode::Strict => Ok(self),
            Mode::Lenient => {
                self.tx.commit().await?;
                Ok(Self { tx: self.db.begin().await?, ..self })
            }
        }
    }

    async fn finish(self, report: &Report) -> Result<bool, sqlx::Error> {
        let kept = self.mode == Mode::Lenient || report.refused.is_empty();
        if kept {
            self.tx.commit().await?;
        }
        Ok(kept)
    }
}

fn read(
    batch: Vec<(usize, Value)>,
    setting: &Setting<'_>,
    seen: &mut Seen,
    report: &mut Report,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(batch.len());
    for (index, value) in batch {
        match entry::read(entry::place(index, &value), value, setting.parties, seen) {
            Ok(entry) => entries.push(entry),
            Err((place, reason)) => report.refused.push(Remark::new(&place, &reason)),
        }
    }
    entries
}

async fn import_batch(
    tx: &mut Tx,
    act: &Act<Register>,
    setting: &Setting<'_>,
    entries: Vec<Entry>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut existing = Found::load(tx, act, setting, &entries).await?;
    let mut plans = Vec::with_capacity(entries.len());
    for entry in entries {
        let place = entry.place.clone();
        let planned =
            existing.take(&entry).and_then(|existing| plan(setting, entry, existing.as_ref()));
        match planned {
            Ok(plan) => plans.push(plan),
            Err(reason) => report.refused.push(Remark::new(&place, &reason)),
        }
    }
    carry_out(tx, act, plans, report).await
}

/// The cases of a batch that are there.
struct Found {
    by_id: BTreeMap<CaseId, Existing>,
    by_name: BTreeMap<String, CaseId>,
}

impl Found {
    async fn load(
        tx: &mut Tx,
        act: &Act<Register>,
        setting: &Setting<'_>,
        entries: &[Entry],
    ) -> Result<Self, ImportError> {
        let tenant = act.tenant();
        let keys: Vec<&str> = entries.iter().map(|entry| entry.named.key()).collect();
        let numbers: Vec<_> = entries.iter().filter_map(|entry| entry.named.number()).collect();
        let mut found = Self { by_id: BTreeMap::new(), by_name: BTreeMap::new() };
        let by_number = cases::service::lock_by_numbers(tx, tenant, &numbers).await?;
        for case in by_number
            .into_iter()
            .chain(cases::service::lock_by_external_keys(tx, tenant, &keys).await?)
        {
            found.by_name.insert(case.number.to_string(), case.id);
            found.by_name.extend(case.external_key.iter().map(|key| (key.clone(), case.id)));
            found.by_id.insert(case.id, Existing { case, roles: vec![], facts: vec![] });
        }
        let ids: Vec<CaseId> = found.by_id.keys().copied().collect();
        for Role { case, role, party } in cases::service::roles_of(tx, tenant, &ids).await? {
            found.by_id.entry(case).and_modify(|existing| existing.roles.push((role, party)));
        }
        for fact in known_of(tx, tenant, &ids, setting.today).await? {
            found.by_id.entry(fact.case).and_modify(|existing| existing.facts.push(fact));
        }
        Ok(found)
    }

    /// The case of an entry, once: a file may name a case by its key and by its number.
    fn take(&mut self, entry: &Entry) -> Result<Option<Existing>, String> {
        let Some(id) = self.by_name.get(entry.named.key()) else { return Ok(None) };
        let existing = self.by_id.remove(id);
        existing.map(Some).ok_or_else(|| {
            "another entry of the file is the same case; put all its facts there".into()
        })
    }
}

async fn carry_out(
    tx: &mut Tx,
    act: &Act<Register>,
    plans: Vec<Plan>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut new = Vec::new();
    let mut roles = Vec::new();
    let mut facts_of_new = Vec::new();
    let mut facts = Vec::new();
    for Plan { target, facts: planned, unchanged } in plans {
        report.facts_unchanged += unchanged;
        match target {
            Target::Open(case) => {
                new.push(case);
                facts_of_new.push(planned);
            }
            Target::Add(case, parts) => {
                roles.extend(parts.into_iter().map(|(role, party)| Role {
                    case: case.id,
                    role,
                    party,
                }));
                facts.extend(planned.into_iter().map(|fact| new_fact(case.id, fact)));
            }
        }
    }
    let opened = cases::service::open_all(tx, act, new).await?;
    for (case, planned) in opened.iter().zip(facts_of_new) {
        facts.extend(planned.into_iter().map(|fact| new_fact(case.id, fact)));
    }
    report.cases_opened += opened.len();
    let corrections = facts.iter().filter(|fact| fact.corrects.is_some()).count();
    report.facts_corrected += corrections;
    report.facts_recorded += facts.len() - corrections;
    cases::service::add_roles(tx, act, &roles).await?;
    record_all(tx, act, facts).await?;
    Ok(())
}

fn new_fact(case: CaseId, fact: PlannedFact) -> NewFact {
    let PlannedFact { checked, source, known_from, corrects } = fact;
    NewFact { case, checked, source, known_from, corrects }
}
