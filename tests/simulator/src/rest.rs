//! The end of a year: everything that is under way arrives, and all books are compared.

use anyhow::{Result, ensure};
use chrono::TimeDelta;

use crate::check::{PaymentRow, payments};
use crate::deeds::Deed;
use crate::town::{BENEFITS, PARENTS};
use crate::world::World;

/// What is not at rest after so many rounds is stuck.
const ROUNDS: usize = 12;

impl World<'_> {
    pub(crate) async fn come_to_rest(&mut self) -> Result<()> {
        self.bank.come_to_its_senses()?;
        self.refused.clear();
        self.decide_everything().await?;
        self.pay_everything().await?;
        self.report_everything().await?;
        self.note("year at rest");
        self.check_at_rest().await?;
        self.close_months().await
    }

    /// Runs every month until nothing new is proposed; hearings are left out, decisions arrive.
    async fn decide_everything(&mut self) -> Result<()> {
        self.mail_comes().await?;
        for month in self.months_so_far() {
            for place in 0..self.cases.len() {
                if self.cases[place].benefit == PARENTS && self.cases[place].is_open {
                    self.waive_ahead(place, month).await?;
                }
            }
            for benefit in BENEFITS {
                self.run_month(benefit, month).await?;
                for (loss, heard) in self.unheard(|standing| !standing.is_open()).await? {
                    self.waive(&loss, heard).await?;
                }
                while !self.lists.is_empty() {
                    self.sign_list().await?;
                }
            }
            let waiting: Vec<_> = self.books.waiting.keys().copied().collect();
            for decision in waiting {
                self.deliver(decision).await?;
            }
            self.check().await?;
        }
        Ok(())
    }

    /// Lets days pass until no money is under way. What the bank did not deliver is paid again, or
    /// stopped when nothing is due of it any more.
    async fn pay_everything(&mut self) -> Result<()> {
        for _ in 0..ROUNDS {
            self.pay_parked_again().await?;
            for deed in [Deed::Send, Deed::SendStops] {
                self.perform(deed).await?;
            }
            self.publish_all().await?;
            self.bank_works()?;
            self.open_all_mail().await?;
            self.town.now += TimeDelta::days(3);
            self.bank_works()?;
            self.open_all_mail().await?;
            let payments = payments(&mut self.town.db.read().await?, self.town.tenant).await?;
            let is_over = |state: &str| matches!(state, "settled" | "stopped");
            if payments.iter().all(|payment| is_over(&payment.state)) {
                return Ok(());
            }
            let folder = self.town.folder("ud")?;
            self.bank.ask_again(&folder, self.today().date())?;
        }
        ensure!(false, "money is under way for ever");
        Ok(())
    }

    async fn pay_parked_again(&mut self) -> Result<()> {
        for payment in self.parked().await? {
            let said = self.pay_again_one(&payment).await?;
            // It may be that a process that was killed has paid it again.
            let is_parked = self.parked().await?.iter().any(|parked| parked.id == payment.id);
            if is_parked && said.ends_with("nothing is due") {
                self.stop_one(&payment).await?;
            }
        }
        Ok(())
    }

    /// The payments that the bank did not carry out, and that nothing has come in the place of.
    async fn parked(&self) -> Result<Vec<PaymentRow>> {
        let mut payments = payments(&mut self.town.db.read().await?, self.town.tenant).await?;
        payments.retain(|payment| matches!(payment.state.as_str(), "rejected" | "returned"));
        Ok(payments)
    }

    async fn publish_all(&mut self) -> Result<()> {
        while self.publish().await? == "nobody does it today" {}
        Ok(())
    }

    async fn open_all_mail(&mut self) -> Result<()> {
        while !self.bank.mail.is_empty() {
            self.hear_bank().await?;
        }
        Ok(())
    }

    async fn report_everything(&mut self) -> Result<()> {
        for _ in 0..ROUNDS {
            let told = self.tell_register().await?;
            let folder = self.town.folder("til-skat")?;
            self.register.work(&folder, self.refused.clone())?;
            self.hear_register().await?;
            if self.resend().await? == 0 && told.file.is_none() {
                return Ok(());
            }
        }
        ensure!(false, "the register is told for ever");
        Ok(())
    }
}
