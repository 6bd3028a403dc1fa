//! Months are run, and what they propose is signed or rejected by two workers.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use ydun::access::{Approve, Look, Propose};
use ydun::decisions::gate::losses;
use ydun::decisions::service::{self as decisions, ApproveError, SignList};
use ydun::decisions::{Decision, Objection};
use ydun::hearings::Channel;
use ydun::operations::CaseResult;
use ydun::operations::delivery::{DeliverError, deliver};
use ydun::operations::service::{
    Approval, ApproveMonthError, Request, Terms, approve_month, run_month,
};
use ydun::payments::Lane;
use ydun_domain::Month;
use ydun_domain::ids::DecisionId;
use ydun_runtime::Digest;

use crate::books::{Expected, Owed, Seen};
use crate::crash::until_it_dies;
use crate::killed::{DONE, Errand};
use crate::town::{BENEFITS, WORKERS};
use crate::world::{List, World, first_month};

impl World<'_> {
    pub(crate) async fn run_month(
        &mut self,
        benefit: &'static str,
        month: Month,
    ) -> Result<String> {
        let by = self.worker();
        self.dies_first(by, &Errand::RunMonth { benefit: benefit.to_owned(), month })?;
        let act = self.town.act::<Propose>(by).await?;
        let request = Request {
            batch: 1 + crate::people::small(&mut self.dice, 20),
            threads: 1,
            lease: Duration::ZERO,
            ..Request::new(benefit, month)
        };
        let lives = self.dice.roll(6);
        for life in 0.. {
            let (dies, batches) = (Cell::new(false), Cell::new(0));
            let count = |_: &_| {
                batches.set(batches.get() + 1);
                dies.set(life == 0 && batches.get() > lives);
            };
            let run =
                Box::pin(run_month(&self.town.db, &self.modules.registry, &act, &request, count));
            let Some(summary) = until_it_dies(&dies, run).await else {
                self.note("run killed between batches");
                continue;
            };
            let summary = summary?;
            let voided = summary.tally.of(CaseResult::Fault).cases;
            ensure!(voided == 0, "{voided} calculations are void, and nothing is wrong with them");
            let run = summary.run.context("a run that was not tried out")?;
            self.lists.push(List { run: run.id, by });
            return Ok(format!("by {by}, {:?}", summary.tally.difference()));
        }
        unreachable!("it dies once")
    }

    pub(crate) async fn run_again(&mut self) -> Result<String> {
        let months = self.months_so_far();
        let Some(place) = self.any(months.len()) else { return Ok("no month is over".to_owned()) };
        let benefit = *self.dice.pick(&BENEFITS);
        let said = self.run_month(benefit, months[place]).await?;
        Ok(format!("{} of {benefit} {said}", months[place]))
    }

    /// The months that are over.
    pub(crate) fn months_so_far(&self) -> Vec<Month> {
        let mut months = Vec::new();
        let mut month = first_month();
        while month.last() < self.today() && month <= self.last_month() {
            months.push(month);
            month = month.next();
        }
        months
    }

    pub(crate) async fn sign_list(&mut self) -> Result<String> {
        let Some(list) = self.lists.pop() else { return Ok("no list waits".to_owned()) };
        if self.one_in(8) {
            self.refused_to_sign_oneself(list).await?;
        }
        let by = other(list.by);
        let seen = self.list(list).await?;
        if self.one_in(8) {
            self.refused_to_sign_unseen(list, by).await?;
        }
        let open = self.open_proposals(|decision| seen.1.contains(&decision.id)).await?;
        let (run, digest) = (list.run, seen.0.digest);
        let may_be_done = self.dies_first(by, &Errand::SignList { run, digest })?;
        let approval = self.sign(list, by, digest).await?;
        let proposals = open.len();
        let expected = self.books.sign(open, by, self.today());
        let left = Expected { waiting: expected.waiting, ..Expected::default() };
        let is_done = may_be_done && came_to(&approval) == left;
        let told = same_as_expected(&approval, if is_done { left } else { expected })?;
        if self.one_in(6) {
            // The process was killed when all was done, and somebody does it again.
            let seen = self.list(list).await?;
            let again = self.sign(list, by, seen.0.digest).await?;
            ensure!((again.decisions, again.payments) == (0, 0), "signed twice: {again:?}");
        }
        if expected.waiting > 0 && self.one_in(2) {
            self.lists.insert(0, list); // somebody will look at it again
        }
        Ok(format!("{proposals} proposals, by {by}: {told}"))
    }

    async fn sign(&mut self, list: List, by: &str, digest: Digest) -> Result<Approval> {
        let act = self.town.act::<Approve>(by).await?;
        let bank = self.town.bank.clone();
        let lane = if self.one_in(4) { Lane::DagTilDag } else { Lane::Almindelig };
        let terms = Terms { bank: &bank, lane, due: None };
        Ok(approve_month(&self.town.db, &act, list.run, digest, &terms, |_| ()).await?)
    }

    async fn refused_to_sign_oneself(&mut self, list: List) -> Result<()> {
        let seen = self.list(list).await?;
        if !seen.0.proposals.iter().any(|listed| listed.is_open) {
            return Ok(());
        }
        match self.sign(list, list.by, seen.0.digest).await {
            Ok(approval) => bail!("{} signed what {} proposed: {approval:?}", list.by, list.by),
            Err(error) => {
                let refused = error.downcast_ref::<ApproveMonthError>();
                let same = matches!(
                    refused,
                    Some(ApproveMonthError::Decision(ApproveError::SamePerson { .. }))
                );
                ensure!(same, "{error:#}");
                self.note("refused to sign oneself");
                Ok(())
            }
        }
    }

    async fn refused_to_sign_unseen(&mut self, list: List, by: &str) -> Result<()> {
        let unseen = self.sign(list, by, Digest::of(b"another list")).await;
        ensure!(unseen.is_err(), "a list was signed that was not the one that was seen");
        self.note("refused to sign unseen");
        Ok(())
    }

    /// A list as it is now, and the proposals on it that are open.
    async fn list(&self, list: List) -> Result<(SignList, Vec<DecisionId>)> {
        let mut read = self.town.db.read().await?;
        let seen = decisions::sign_list(&mut read, self.town.tenant, list.run).await?;
        let open = seen.proposals.iter().filter(|listed| listed.is_open);
        let open = open.map(|listed| listed.id).collect();
        Ok((seen, open))
    }

    /// The open proposals of all cases, as somebody sees them before signing.
    pub(crate) async fn open_proposals(
        &self,
        which: impl Fn(&Decision) -> bool,
    ) -> Result<Vec<Seen>> {
        let look = self.town.act::<Look>(WORKERS[0]).await?;
        let mut tx = self.town.db.begin().await?;
        let open = decisions::open(&mut tx, &look).await?;
        let losses = losses(&mut tx, self.town.tenant, &open, self.today()).await?;
        tx.commit().await?;
        let intention = |id| {
            let loss = losses.iter().find(|loss| loss.decision == id);
            loss.map(|loss| loss.intention.digest)
        };
        let seen = |open: &Decision| Seen { intention: intention(open.id), ..seen(open) };
        Ok(open.iter().filter(|open| which(open)).map(seen).collect())
    }

    pub(crate) async fn reject_one(&mut self) -> Result<String> {
        let open = self.open_proposals(|_| true).await?;
        let Some(place) = self.any(open.len()) else { return Ok("nothing is open".to_owned()) };
        let (case, id) = (open[place].days.0, open[place].id);
        let act = self.town.act::<Approve>(other(&open[place].proposed_by)).await?;
        let rejected = self.change(async |tx| {
            decisions::reject(tx, &act, (case, id), Objection::Facts, "prøve").await
        });
        rejected.await??;
        self.note("rejected");
        Ok(format!("{}, {}", self.name(case), open[place].days.1))
    }

    pub(crate) async fn decision_arrives(&mut self) -> Result<String> {
        let waiting: Vec<DecisionId> = self.books.waiting.keys().copied().collect();
        let Some(place) = self.any(waiting.len()) else { return Ok("none waits".to_owned()) };
        self.deliver(waiting[place]).await
    }

    pub(crate) async fn deliver(&mut self, id: DecisionId) -> Result<String> {
        let worker = self.worker();
        let act = self.town.act::<Approve>(worker).await?;
        let (bank, today) = (self.town.bank.clone(), self.today());
        let case = self.books.waiting[&id].days.0;
        let may_be_done = self.dies_first(worker, &Errand::Arrive { case, decision: id })?;
        let approval = self.change(async |tx| {
            deliver(tx, &act, &bank, (case, id), today, Channel::DigitalPost).await
        });
        let told = match approval.await? {
            Ok(approval) => told(&approval),
            Err(DeliverError::NotHeld(_)) if may_be_done => DONE.to_owned(),
            Err(error) => return Err(error.into()),
        };
        self.books.arrive(id);
        let again = self
            .change(async |tx| deliver(tx, &act, &bank, (case, id), today, Channel::Letter).await);
        ensure!(again.await?.is_err(), "a decision arrived twice");
        self.note("decision arrived");
        Ok(format!("{}: {told}", self.name(case)))
    }
}

/// A decision as a person reads it.
pub(crate) fn seen(decision: &Decision) -> Seen {
    let case = decision.basis.case;
    let mut lines = BTreeMap::new();
    for line in &decision.lines {
        let owed = Owed { case, line: line.key.clone(), payee: line.payee };
        *lines.entry(owed).or_default() += line.amount.oere();
    }
    Seen {
        id: decision.id,
        days: (case, decision.basis.period.first()),
        lines,
        intention: None,
        proposed_by: decision.proposed.by.clone(),
    }
}

/// The other pair of eyes.
pub(crate) fn other(worker: &str) -> &'static str {
    if worker == WORKERS[0] { WORKERS[1] } else { WORKERS[0] }
}

/// The gate let through what the law lets through, and nothing else.
pub(crate) fn same_as_expected(approval: &Approval, expected: Expected) -> Result<String> {
    let came = came_to(approval);
    ensure!(came == expected, "signing came to {came:?}, and by the law to {expected:?}");
    Ok(told(approval))
}

fn came_to(approval: &Approval) -> Expected {
    Expected { approved: approval.decisions, held: approval.held, waiting: approval.waiting }
}

fn told(approval: &Approval) -> String {
    let Approval { decisions, payments, paid, withdrawn, overpayments, held, waiting, .. } =
        approval;
    format!(
        "{decisions} decided, {payments} payments of {paid}, {withdrawn} withdrawn, {overpayments} overpaid, \
         {held} held, {waiting} waiting"
    )
}
