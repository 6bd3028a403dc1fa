//! Rolling a version back: what it decided is listed and put to people, and nothing is changed by itself.

use serde::Serialize;
use ydun_domain::{Day, Dkk, Period};
use ydun_runtime::{Digest, Manifest};

use crate::access::{Act, Administer};
use crate::cases::ALL_CASES;
use crate::db::Tx;
use crate::decisions::Standing;
use crate::decisions::service::{self as decisions, MadeWith};
use crate::modules::Reopened;
use crate::modules::service::{self as modules, RollBackError};
use crate::tasks::{self, About, NewTask};

/// Where caseworkers find what must be calculated again.
const QUEUE: &str = "rollback";

/// A version that was rolled back, and everything that was decided with it.
#[derive(Clone, Debug, Serialize)]
pub struct RolledBack {
    #[serde(flatten)]
    pub days: Reopened,
    pub decisions: Vec<MadeWith>,
    /// One for each approved decision.
    pub tasks: usize,
}

impl RolledBack {
    /// What is decided with the version and in force.
    pub fn approved(&self) -> impl Iterator<Item = &MadeWith> {
        self.decisions.iter().filter(|decision| decision.standing == Standing::Approved)
    }

    pub fn amount(&self) -> Dkk {
        self.approved().map(|decision| decision.total).sum()
    }
}

/// Lets the versions before a bad one count again, and asks people to look at each decision it made.
///
/// Nothing is paid or taken back: the next run of a month proposes what differs, and a person signs.
pub async fn roll_back(
    tx: &mut Tx,
    act: &Act<Administer>,
    (benefit, version): (&str, &str),
    known_from: Day,
    reason: &str,
) -> Result<RolledBack, RollBackError> {
    let days = modules::reopen(tx, act, (benefit, version), known_from, reason).await?;
    let decisions = decisions::made_with(tx, act.tenant(), days.digest).await?;
    let mut rolled_back = RolledBack { days, decisions, tasks: 0 };
    let manifest = modules::manifest(tx, rolled_back.days.digest).await?.ok_or_else(|| {
        let (benefit, version) = (benefit.to_owned(), version.to_owned());
        RollBackError::NotInstalled { benefit, version }
    })?;
    let topic = topic(rolled_back.days.digest);
    let tasks: Vec<NewTask> =
        rolled_back.approved().map(|decision| task(&manifest, decision, &topic, reason)).collect();
    rolled_back.tasks = tasks.len();
    tasks::service::ask(tx, act, &topic, &ALL_CASES, tasks).await?;
    Ok(rolled_back)
}

fn topic(digest: Digest) -> String {
    format!("rollback/{digest}")
}

fn task(manifest: &Manifest, decision: &MadeWith, topic: &str, reason: &str) -> NewTask {
    let Manifest { title, version, .. } = manifest;
    let MadeWith { case, number, id, period, total, standing: _ } = decision;
    NewTask {
        business_key: format!("{topic}/{id}"),
        about: About::Case(*case),
        topic: topic.to_owned(),
        queue: QUEUE.to_owned(),
        title: format!("{title} {number}: beregn {} igen, {total} er besluttet", in_words(*period)),
        detail: format!(
            "Afgørelsen er beregnet med version {version}, som er rullet tilbage: {reason}\nKør perioden \
             igen. Er der forskel, bliver den indstillet til godkendelse."
        ),
        questions: Vec::new(),
        amount: Some(*total),
        due: None,
    }
}

/// `oktober 2020` of a whole month, else its days.
fn in_words(period: Period) -> String {
    let month = period.first().month();
    if month.period() == period { month.in_words() } else { period.to_string() }
}
