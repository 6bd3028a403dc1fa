//! Payments are stopped, paid again and paid back.

use anyhow::{Result, bail, ensure};
use ydun::access::{Approve, Pay, Register, StopPayments};
use ydun::cases::ALL_CASES;
use ydun::ledger::Positive;
use ydun::payments::Lane;
use ydun::payments::redirection::{Measure, Terms};
use ydun::payments::service::{
    PayAgainError, Stop, StopError, overpayments, pay_again, redirection, stop,
};
use ydun::reports::service::{NewRepayment, RepayError, repay};
use ydun_domain::Dkk;
use ydun_domain::ids::PartyId;

use crate::check::{PaymentRow, payments};
use crate::killed::{DONE, Errand};
use crate::people::small;
use crate::town::{PARENTS, WORKERS};
use crate::world::World;

impl World<'_> {
    pub(crate) async fn stop(&mut self) -> Result<String> {
        let mut payments = payments(&mut self.town.db.read().await?, self.town.tenant).await?;
        if !self.one_in(5) {
            payments.retain(|payment| !matches!(payment.state.as_str(), "settled" | "stopped"));
        }
        let Some(place) = self.any(payments.len()) else { return Ok("no payment".to_owned()) };
        self.stop_one(&payments[place]).await
    }

    pub(crate) async fn stop_one(&mut self, payment: &PaymentRow) -> Result<String> {
        let PaymentRow { id, case_id, state, .. } = payment.clone();
        let is_under_way =
            !matches!(state.as_str(), "settled" | "stopped") && !self.books.stopped.contains(&id);
        let worker = self.worker();
        let may_be_done = self.dies_first(worker, &Errand::Stop { payment: id })?;
        let act = self.town.act::<StopPayments>(worker).await?;
        let stopped = self.change(async |tx| stop(tx, &act, id, "prøve").await).await?;
        let said = match stopped {
            Ok(Stop::Done) => "done",
            Ok(Stop::AtBank(_)) => "the bank is to be asked",
            Err(StopError::Stuck(_) | StopError::AskedBefore) if may_be_done && is_under_way => {
                DONE
            }
            Err(StopError::Stuck(_)) => {
                ensure!(
                    matches!(state.as_str(), "settled" | "stopped"),
                    "{state} cannot be stopped"
                );
                "too late"
            }
            Err(StopError::AskedBefore) => {
                ensure!(self.books.stopped.contains(&id), "nobody has asked before");
                "asked before"
            }
            Err(error) => bail!("{error:#}"),
        };
        if !matches!(said, "too late" | "asked before") {
            self.books.stopped.insert(id);
            self.note("stop");
            let again = self.change(async |tx| stop(tx, &act, id, "prøve").await).await?;
            ensure!(again.is_err(), "stopped twice");
        }
        Ok(format!("{}, payment that is {state}: {said}", self.name(case_id)))
    }

    pub(crate) async fn pay_again(&mut self) -> Result<String> {
        let mut payments = payments(&mut self.town.db.read().await?, self.town.tenant).await?;
        payments.retain(|payment| {
            matches!(payment.state.as_str(), "stopped" | "rejected" | "returned")
        });
        let Some(place) = self.any(payments.len()) else { return Ok("none is undone".to_owned()) };
        let payment = payments.swap_remove(place);
        self.pay_again_one(&payment).await
    }

    pub(crate) async fn pay_again_one(&mut self, payment: &PaymentRow) -> Result<String> {
        let (worker, bank) = (self.worker(), self.town.bank.clone());
        let act = self.town.act::<Approve>(worker).await?;
        let id = payment.id;
        self.dies_first(worker, &Errand::PayAgain { payment: id })?;
        let work =
            async |tx: &mut ydun::db::Tx| pay_again(tx, &act, &bank, id, Lane::DagTilDag).await;
        let said = match self.change(work).await? {
            Ok(_) => {
                self.note("paid again");
                let again = self.change(work).await?;
                ensure!(again.is_err(), "paid again twice");
                "paid again"
            }
            Err(PayAgainError::NothingDue | PayAgainError::PaidAgainBefore) => "nothing is due",
            Err(error) => bail!("{error:#}"),
        };
        Ok(format!("{}, payment that is {}: {said}", self.name(payment.case_id), payment.state))
    }

    /// Some of a case's money goes to a firm from now on, or no longer.
    pub(crate) async fn redirect(&mut self) -> Result<String> {
        if self.one_in(3)
            && let Some(place) = self.any(self.redirections.len())
        {
            let id = self.redirections.swap_remove(place);
            let act = self.town.act::<Register>(WORKERS[0]).await?;
            self.change(async |tx| redirection::end(tx, &act, id, "prøve").await).await??;
            return Ok(format!("{id} is over"));
        }
        let firms = self.numbers.iter().filter(|(_, number)| number.starts_with("CVR:"));
        let firms: Vec<PartyId> = firms.map(|(firm, _)| *firm).collect();
        let (Some(case), Some(firm)) = (self.any(self.cases.len()), self.any(firms.len())) else {
            return Ok("nobody lives here yet".to_owned());
        };
        let (file, receiver) = (&self.cases[case], firms[firm]);
        let role = if file.benefit == PARENTS { "parent" } else { "employer" };
        let (payee, benefit) = (file.parties[role], file.benefit.to_owned());
        if payee == receiver {
            return Ok("it is the payee itself".to_owned());
        }
        let measure = self.measure();
        let terms = Terms {
            payee,
            benefit,
            receiver,
            account: None,
            reference: format!("aftale {}", self.step),
            priority: 1 + small(&mut self.dice, 3),
            measure,
            from: self.today(),
            until: self.one_in(3).then(|| self.today().plus_months(4)),
            ground: "prøve".to_owned(),
        };
        let asks = self.town.act::<Register>(WORKERS[0]).await?;
        let id = self.change(async |tx| redirection::ask(tx, &asks, &terms).await).await??;
        let says_yes = self.town.act::<Approve>(WORKERS[1]).await?;
        self.change(async |tx| redirection::confirm(tx, &says_yes, id).await).await??;
        self.redirections.push(id);
        self.note("redirected");
        Ok(format!("case {case}: {measure} to a firm"))
    }

    fn measure(&mut self) -> Measure {
        if self.one_in(5) {
            return Measure::All;
        }
        let oere = 1 + i64::from(small(&mut self.dice, 800_000));
        Positive::new(Dkk::from_oere(oere)).map_or(Measure::All, Measure::Monthly)
    }

    /// A parent pays back some of what is overpaid.
    pub(crate) async fn repay(&mut self) -> Result<String> {
        let mut read = self.town.db.read().await?;
        let open = overpayments(&mut read, self.town.tenant, &ALL_CASES).await?;
        let mut paid = payments(&mut read, self.town.tenant).await?;
        drop(read);
        paid.retain(|payment| payment.state == "settled" && self.is_parents(payment.case_id));
        let mut choices = Vec::new();
        for payment in &paid {
            let ours = open
                .iter()
                .filter(|open| open.payee == payment.payee && open.case_id == payment.case_id);
            choices.extend(ours.map(|open| (payment.id, open.clone())));
        }
        let Some(place) = self.any(choices.len()) else { return Ok("nobody owes".to_owned()) };
        let (payment, open) = choices.swap_remove(place);
        let gross = 1 + i64::try_from(self.dice.roll(open.amount.oere().unsigned_abs()))?;
        let new = NewRepayment {
            key: format!("indbetaling-{}", self.step),
            payment,
            line_key: open.line_key.clone(),
            gross: Dkk::from_oere(gross),
            on: self.today(),
        };
        let worker = self.worker();
        let act = self.town.act::<Pay>(worker).await?;
        let repaid = self.change(async |tx| repay(tx, &act, new.clone()).await).await?;
        let said = match repaid {
            Ok(repaid) => {
                self.books.repaid += repaid.pays.oere();
                self.note("repaid");
                let again = self.change(async |tx| repay(tx, &act, new.clone()).await).await??;
                ensure!(again.again, "taken in twice");
                format!("{} of {gross} øre", repaid.pays)
            }
            // The payment has not this line, or less of it.
            Err(RepayError::NoIncome { .. } | RepayError::TooMuch { .. }) => "refused".to_owned(),
            Err(error) => bail!("{error:#}"),
        };
        Ok(format!("{}: {said}", self.name(open.case_id)))
    }

    fn is_parents(&self, case: ydun_domain::ids::CaseId) -> bool {
        self.cases.iter().any(|file| file.id == case && file.benefit == PARENTS)
    }
}
