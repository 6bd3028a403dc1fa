//! Sending: what was told becomes facts of a case, and a person is asked where one must look.

use ydun_domain::Day;
use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::Form;

use super::super::{Filing, Parts, Ready, Told, store};
use super::{SaveError, lock_open, today};
use crate::access::{Act, Own, Register};
use crate::audit::{self, Action, Subject};
use crate::cases::service::{self as cases, NewCase, OpenError};
use crate::cases::{Case, CaseRange};
use crate::db::Tx;
use crate::documents;
use crate::facts::service::{self as facts, FactError};
use crate::facts::{Content, Fact};
use crate::parties::Identity;
use crate::parties::service::{NewParty, RegisterError, find_or_register};
use crate::tasks::service as tasks;
use crate::tasks::{About, NewTask};

/// Where tasks of a benefit without queues of its own go.
const QUEUE: &str = "selvbetjening";

/// Why a filing was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("there is no such filing of yours, or it was sent already")]
    NotOpen,
    #[error("the form is not one that opens a case or belongs to one of yours")]
    NoCase,
    /// The fact told in this place, counted from 0.
    #[error("fact {place}: {error}")]
    Fact { place: usize, error: FactError },
    #[error("fact {0} is about somebody who has no part in the case")]
    Nobody(usize),
    #[error(transparent)]
    Party(#[from] RegisterError),
    #[error("the case could not be opened")]
    Open(#[from] OpenError),
    #[error("the filing could not be saved")]
    Store(#[from] sqlx::Error),
}

impl From<SaveError> for SendError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Store(error) => Self::Store(error),
            _ => Self::NotOpen,
        }
    }
}

/// What came of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub case: Case,
    pub recorded: Recorded,
}

/// What came of recording facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    pub new: usize,
    /// Facts that took the place of another about the same days.
    pub corrected: usize,
    /// Facts that were known already.
    pub unchanged: usize,
}

/// Sends a filing: opens its case where it has none, records what is told, and puts a task where a person must
/// look. All of it, or nothing.
pub async fn send(
    tx: &mut Tx,
    act: &Act<Own>,
    manifest: &Manifest,
    filing: &Filing,
    ready: &Ready,
    due: Option<Day>,
) -> Result<Sent, SendError> {
    let filing = lock_open(tx, act.tenant(), filing).await?;
    let form = manifest.form(&filing.form).ok_or(SendError::NoCase)?;
    let role = form.filed_as.as_deref().ok_or(SendError::NoCase)?;
    let register = act.registering();
    let (case, parts) = match filing.case {
        Some(case) => there(tx, act.tenant(), case, filing.owner, role).await?,
        None if form.filed_in.may_open() => {
            open(tx, &register, manifest, (&filing, role), ready, today(act)).await?
        }
        None => return Err(SendError::NoCase),
    };
    let told = &ready.told;
    let recorded = record(tx, act, manifest, (&case, &parts), told, &source(form)).await?;
    let documents = store::documents(tx, act.tenant(), filing.id).await?;
    documents::service::file(tx, act.tenant(), &documents, case.id).await?;
    let is_new = filing.case.is_none();
    if is_new || recorded.corrected > 0 || !documents.is_empty() || !ready.remarks.is_empty() {
        let asked = Asked { manifest, title: &form.title, is_new, due };
        let key = format!("filing/{}", filing.id);
        ask(tx, act, key, &case, &asked, ready, documents.len()).await?;
    }
    store::set_sent(tx, act, filing.id, case.id).await?;
    audit::record(tx, act, Action::FilingSent, Subject::Filing(filing.id), case.to_string())
        .await?;
    Ok(Sent { case, recorded })
}

/// A case in which the filer still has the part.
async fn there(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    owner: PartyId,
    role: &str,
) -> Result<(Case, Parts), SendError> {
    let case = cases::lock(tx, tenant, case).await?.ok_or(SendError::NoCase)?;
    let roles = cases::roles(tx, tenant, CaseRange::of_one(case.id)).await?;
    if !roles.iter().any(|part| part.role == role && part.party == owner) {
        return Err(SendError::NoCase);
    }
    let parts = Parts(roles.into_iter().map(|part| (part.role, part.party)).collect());
    Ok((case, parts))
}

async fn open(
    tx: &mut Tx,
    register: &Act<Register>,
    manifest: &Manifest,
    (filing, role): (&Filing, &str),
    ready: &Ready,
    opened: Day,
) -> Result<(Case, Parts), SendError> {
    let mut parts = Parts(vec![(role.to_owned(), filing.owner)]);
    for person in &ready.persons {
        let identity = Identity::Citizen(person.cpr);
        let new = NewParty { name: person.name.clone(), identity };
        let id = find_or_register(tx, register, new).await?.id;
        parts.0.push((person.role.clone(), id));
    }
    let roles = parts.0.iter().cloned().collect();
    let new = NewCase { benefit: manifest.id.clone(), external_key: None, opened, roles };
    Ok((cases::open(tx, register, new).await?, parts))
}

/// Records what is told in one of the filer's own cases without a filing, such as a month's hours of many. A
/// person is asked where something was corrected that may have been paid for already.
pub async fn tell(
    tx: &mut Tx,
    act: &Act<Own>,
    manifest: &Manifest,
    form: &Form,
    (case, owner): (CaseId, PartyId),
    told: &[Told],
) -> Result<Recorded, SendError> {
    let role = form.filed_as.as_deref().ok_or(SendError::NoCase)?;
    let (case, parts) = there(tx, act.tenant(), case, owner, role).await?;
    let recorded = record(tx, act, manifest, (&case, &parts), told, &source(form)).await?;
    if recorded.corrected > 0 {
        let days = told.first().map(|told| told.valid.to_string()).unwrap_or_default();
        let key = format!("filing/{}/{}/{days}", case.id, form.key);
        let asked = Asked { manifest, title: &form.title, is_new: false, due: None };
        ask(tx, act, key, &case, &asked, &Ready::default(), 0).await?;
    }
    Ok(recorded)
}

fn source(form: &Form) -> String {
    format!("selvbetjening: {}", form.title)
}

/// Records what is told in a case of the filer's own.
///
/// What is known already is left alone, and what was told before about the same days gives way: the filer has
/// corrected it, and both stay in the case with the days they were held to be true.
async fn record(
    tx: &mut Tx,
    act: &Act<Own>,
    manifest: &Manifest,
    (case, parts): (&Case, &Parts),
    told: &[Told],
    source: &str,
) -> Result<Recorded, SendError> {
    let register = act.registering();
    let range = CaseRange::of_one(case.id);
    let known = facts::known(tx, act.tenant(), range, today(act)).await?;
    let mut recorded = Recorded::default();
    for (place, told) in told.iter().enumerate() {
        let mut content = parts.content(manifest, told).ok_or(SendError::Nobody(place))?;
        content.attributes.sort_by(|one, other| one.name.cmp(&other.name));
        keep_day_of_receipt(&known, told, &mut content);
        let at = |error| SendError::Fact { place, error };
        match earlier(&known, manifest, &content) {
            Earlier::Same => recorded.unchanged += 1,
            Earlier::Another(wrong) => {
                let wrong = (case.id, wrong);
                facts::correct(tx, &register, manifest, wrong, content, source)
                    .await
                    .map_err(at)?;
                recorded.corrected += 1;
            }
            Earlier::None => {
                facts::record(tx, &register, manifest, case.id, content, source)
                    .await
                    .map_err(at)?;
                recorded.new += 1;
            }
        }
    }
    Ok(recorded)
}

/// What corrects a request was asked for when the request was: its deadline was kept or missed then.
fn keep_day_of_receipt(known: &[Fact], told: &Told, content: &mut Content) {
    let Some(name) = &told.received else { return };
    let Some(before) = known.iter().find(|fact| is_of_same_days(fact, content)) else { return };
    let received = before.content.attributes.iter().find(|attribute| attribute.name == *name);
    let attribute = content.attributes.iter_mut().find(|attribute| attribute.name == *name);
    if let (Some(received), Some(attribute)) = (received, attribute) {
        attribute.value = received.value.clone();
    }
}

/// What was known before of that which is told now.
enum Earlier {
    None,
    Same,
    Another(FactId),
}

fn earlier(known: &[Fact], manifest: &Manifest, told: &Content) -> Earlier {
    if known.iter().any(|fact| fact.content == *told) {
        return Earlier::Same;
    }
    let is_exclusive = manifest.fact(&told.kind).is_some_and(|kind| kind.exclusive);
    let replaced = known.iter().find(|fact| is_exclusive && is_of_same_days(fact, told));
    replaced.map_or(Earlier::None, |fact| Earlier::Another(fact.id))
}

fn is_of_same_days(fact: &Fact, told: &Content) -> bool {
    let Content { kind, about, valid, .. } = &fact.content;
    (kind, about, valid) == (&told.kind, &told.about, &told.valid)
}

/// What the task tells beside the filing.
struct Asked<'a> {
    manifest: &'a Manifest,
    title: &'a str,
    is_new: bool,
    due: Option<Day>,
}

/// Puts the task, under a key of its own: one filing is one task.
async fn ask(
    tx: &mut Tx,
    act: &Act<Own>,
    key: String,
    case: &Case,
    asked: &Asked<'_>,
    ready: &Ready,
    documents: usize,
) -> Result<(), SendError> {
    let queue = asked.manifest.queues.first().map_or(QUEUE, |queue| queue.key.as_str());
    let what = if asked.is_new { "ny ansøgning" } else { "nye oplysninger" };
    let task = NewTask {
        business_key: key.clone(),
        about: About::Case(case.id),
        topic: key.clone(),
        queue: queue.to_owned(),
        title: format!("{}: {what} i selvbetjeningen", asked.manifest.title),
        detail: detail(asked.title, ready, documents),
        questions: vec![],
        amount: None,
        due: asked.due,
    };
    Ok(tasks::ask(tx, &act.registering(), &key, &(case.id..=case.id), vec![task]).await?)
}

fn detail(title: &str, ready: &Ready, documents: usize) -> String {
    let mut lines = vec![format!("Sendt: {title}.")];
    match documents {
        0 => {}
        1 => lines.push("Der er 1 bilag på sagen.".to_owned()),
        many => lines.push(format!("Der er {many} bilag på sagen.")),
    }
    lines.extend(ready.remarks.iter().cloned());
    lines.join("\n")
}
