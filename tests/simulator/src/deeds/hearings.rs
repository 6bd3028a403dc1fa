//! Parties are heard, answer, let the deadline pass, or need not be heard.

use anyhow::{Context as _, Result, ensure};
use ydun::access::{Approve, Look, Propose, Register};
use ydun::decisions::gate::{self, Loss};
use ydun::decisions::service as decisions;
use ydun::hearings::{Answer, Channel, Ground, Standing, service};
use ydun::operations::ahead::{AheadError, ahead};
use ydun_domain::Month;

use crate::books::{Heard, Intended, Way};
use crate::deeds::decisions::seen;
use crate::town::{PARENTS, WORKERS};
use crate::world::World;

/// Days a party has to answer.
const ANSWER_DAYS: u32 = 14;

impl World<'_> {
    pub(crate) async fn begin_hearing(&mut self) -> Result<String> {
        if self.one_in(6) {
            return self.look_ahead().await;
        }
        let missing = self.unheard(|standing| standing == Standing::Missing).await?;
        let Some(place) = self.any(missing.len()) else {
            return Ok("nothing is taken".to_owned());
        };
        let (loss, heard) = missing[place].clone();
        let name = self.name(loss.intention.case);
        if self.one_in(3) {
            self.waive(&loss, heard).await?;
            return Ok(format!("{name}, {}: left out", loss.intention.first_day));
        }
        let worker = self.worker();
        let act = self.town.act::<Propose>(worker).await?;
        let intention = loss.intention;
        let begun = self.change(async |tx| {
            service::open(tx, &act, intention, "Vi påtænker at nedsætte.", ANSWER_DAYS).await
        });
        let way = Way::Begun(begun.await??.id);
        let again = self.change(async |tx| {
            service::open(tx, &act, intention, "Vi påtænker at nedsætte.", ANSWER_DAYS).await
        });
        ensure!(again.await?.is_err(), "a party is heard twice about the same");
        self.books.hearings.push(Heard { way, ..heard });
        self.note("hearing");
        Ok(format!("{name}, {}", intention.first_day))
    }

    /// What open proposals take from payees whose hearing has come so far.
    pub(crate) async fn unheard(
        &mut self,
        how_far: impl Fn(Standing) -> bool,
    ) -> Result<Vec<(Loss, Heard)>> {
        let look = self.town.act::<Look>(WORKERS[0]).await?;
        let mut tx = self.town.db.begin().await?;
        let open = decisions::open(&mut tx, &look).await?;
        let losses = gate::losses(&mut tx, self.town.tenant, &open, self.today()).await?;
        tx.commit().await?;
        let mut missing = Vec::new();
        for loss in losses.into_iter().filter(|loss| how_far(loss.standing)) {
            let decision = open.iter().find(|open| open.id == loss.decision);
            let seen = seen(decision.context("a loss by no proposal")?);
            let (days, payee) = (seen.days, loss.intention.party);
            let heard =
                Heard { days, payee, intended: Intended::Lines(seen.lines), way: Way::Waived };
            missing.push((loss, heard));
        }
        Ok(missing)
    }

    pub(crate) async fn waive(&mut self, loss: &Loss, heard: Heard) -> Result<()> {
        let act = self.town.act::<Approve>(WORKERS[1]).await?;
        let intention = loss.intention;
        let waived = self.change(async |tx| {
            service::waive(tx, &act, intention, Ground::PartyKnows, "selv oplyst").await
        });
        waived.await??;
        self.books.hearings.push(heard);
        self.note("hearing left out");
        Ok(())
    }

    /// A running benefit would fall next month: the party is heard before it is run.
    async fn look_ahead(&mut self) -> Result<String> {
        let parents: Vec<usize> = (0..self.cases.len())
            .filter(|place| self.cases[*place].benefit == PARENTS && self.cases[*place].is_open)
            .collect();
        let Some(place) = self.any(parents.len()) else { return Ok("no parent".to_owned()) };
        let waived = self.waive_ahead(parents[place], self.today().month().previous()).await?;
        Ok(format!("case {}: {waived} waived for what comes", parents[place]))
    }

    /// Leaves the hearings out about what a month would take from a running benefit.
    pub(crate) async fn waive_ahead(&mut self, place: usize, month: Month) -> Result<usize> {
        let look = self.town.act::<Look>(WORKERS[0]).await?;
        let (db, registry) = (&self.town.db, &self.modules.registry);
        let losses = match ahead(db, registry, &look, self.cases[place].id, month).await {
            Err(AheadError::NotRunning) => return Ok(0),
            losses => losses?,
        };
        let act = self.town.act::<Approve>(WORKERS[1]).await?;
        let mut waived = 0;
        for loss in losses.iter().filter(|loss| !loss.standing.is_open()) {
            let intention = loss.intention;
            let done = self.change(async |tx| {
                service::waive(tx, &act, intention, Ground::PartyKnows, "selv oplyst").await
            });
            done.await??;
            let days = (intention.case, intention.first_day);
            let (payee, intended) = (intention.party, Intended::Ahead(intention.digest));
            self.books.hearings.push(Heard { days, payee, intended, way: Way::Waived });
            waived += 1;
        }
        Ok(waived)
    }

    pub(crate) async fn hearing_arrives(&mut self) -> Result<String> {
        let begun = self.hearings(|way| matches!(way, Way::Begun(_)));
        let Some(place) = self.any(begun.len()) else { return Ok("none is begun".to_owned()) };
        let heard = self.books.hearings[begun[place]].clone();
        let Way::Begun(id) = heard.way else { unreachable!("only those are asked for") };
        let worker = self.worker();
        let act = self.town.act::<Register>(worker).await?;
        let (case, today) = (heard.days.0, self.today());
        let arrived = self.change(async |tx| {
            service::deliver(tx, &act, (case, id), today, Channel::DigitalPost).await
        });
        arrived.await??;
        let deadline = today.plus_days(ANSWER_DAYS);
        self.books.hearings[begun[place]].way = Way::Arrived(id, deadline);
        Ok(format!("{}, until {deadline}", self.name(case)))
    }

    pub(crate) async fn party_answers(&mut self) -> Result<String> {
        let arrived = self.hearings(|way| matches!(way, Way::Arrived(..)));
        let Some(place) = self.any(arrived.len()) else { return Ok("none waits".to_owned()) };
        let heard = self.books.hearings[arrived[place]].clone();
        let Way::Arrived(id, _) = heard.way else { unreachable!("only those are asked for") };
        let act = self.town.act::<Register>(WORKERS[0]).await?;
        let (case, on) = (heard.days.0, self.today());
        let answer = Answer { on, text: "Det er rigtigt.".to_owned() };
        let given = self
            .change(async |tx| service::answer(tx, &act, (case, id), answer.clone()).await)
            .await?;
        given?;
        self.books.hearings[arrived[place]].way = Way::Answered;
        self.note("answered");
        Ok(self.name(case))
    }

    fn hearings(&self, which: impl Fn(&Way) -> bool) -> Vec<usize> {
        let all = self.books.hearings.iter().enumerate();
        all.filter(|(_, heard)| which(&heard.way)).map(|(place, _)| place).collect()
    }
}
