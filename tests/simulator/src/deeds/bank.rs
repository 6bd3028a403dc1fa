//! What goes to the bank, and what the bank says.

use anyhow::{Context as _, Result, bail, ensure};
use ydun::access::Pay;
use ydun::payments::service::{self, SendError, hear, publish, reconcile, send, send_stops};

use crate::bank::{DELIVERIES, MESSAGES, MOODS};
use crate::crash::DyingFormat;
use crate::killed::Errand;
use crate::town::WORKERS;
use crate::world::World;

impl World<'_> {
    pub(crate) async fn send(&mut self) -> Result<String> {
        let worker = self.worker();
        self.dies_first(worker, &Errand::Send)?;
        let act = self.town.act::<Pay>(worker).await?;
        let (format, outbox, today) = (self.town.format(), self.town.outbox()?, self.today());
        let dying = DyingFormat::new(format.clone());
        let (db, bank) = (&self.town.db, &self.town.bank);
        if self.dice.roll(8) == 0 {
            match send(db, &act, bank, &dying, &outbox, today).await {
                Ok(files) => ensure!(files.is_empty(), "files were sent that were not written"),
                Err(SendError::Outbox(_)) => self.note("killed while a file was written"),
                Err(error) => bail!("{error:#}"),
            }
        }
        let files = send(&self.town.db, &act, &self.town.bank, &format, &outbox, today).await?;
        let payments: i64 = files.iter().map(|file| file.payments).sum();
        Ok(format!("{payments} payments in {} files", files.len()))
    }

    pub(crate) async fn send_stops(&mut self) -> Result<String> {
        self.dies_first(WORKERS[0], &Errand::SendStops)?;
        let act = self.town.act::<Pay>(WORKERS[0]).await?;
        let (format, outbox) = (self.town.format(), self.town.outbox()?);
        let dying = DyingFormat::new(format.clone());
        if self.one_in(8) {
            match send_stops(&self.town.db, &act, &dying, &outbox).await {
                Ok(file) => ensure!(file.is_none(), "stops were sent that were not written"),
                Err(SendError::Outbox(_)) => self.note("killed while stops were written"),
                Err(error) => bail!("{error:#}"),
            }
        }
        let file = send_stops(&self.town.db, &act, &format, &outbox).await?;
        Ok(if file.is_some() { "a file" } else { "nothing to stop" }.to_owned())
    }

    pub(crate) async fn publish(&mut self) -> Result<String> {
        if self.one_in(6) {
            return Ok("nobody does it today".to_owned());
        }
        if self.one_in(10) {
            self.lose_what_waits()?;
        }
        self.dies_first(WORKERS[0], &Errand::Publish)?;
        let (format, outbox) = (self.town.format(), self.town.outbox()?);
        let (tenant, now) = (self.town.tenant, self.town.now);
        let shown = publish(&self.town.db, tenant, &format, &outbox, service::LEASE, now).await?;
        ensure!(shown.failed.is_empty(), "{:?}", shown.failed);
        Ok(format!("{} files, {} of stops", shown.files.len(), shown.stops.len()))
    }

    /// The disk loses the files that the bank has not seen.
    fn lose_what_waits(&mut self) -> Result<()> {
        for entry in std::fs::read_dir(self.town.folder("ud/.pending")?)? {
            std::fs::remove_file(entry?.path())?;
            self.note("file lost from the disk");
        }
        Ok(())
    }

    pub(crate) fn bank_works(&mut self) -> Result<String> {
        self.town.outbox()?;
        let day = self.today().date();
        let files = self.bank.work(&self.town.folder("ud")?, day)?;
        Ok(format!("{files} files, {} messages wait", self.bank.mail.len()))
    }

    /// Opens the bank's letters in any order, some of them another day, and now and then an old one.
    pub(crate) async fn hear_bank(&mut self) -> Result<String> {
        let mut left = Vec::new();
        let mut heard = 0;
        while let Some(place) = self.any(self.bank.mail.len()) {
            let message = if self.one_in(3) {
                self.bank.mail.remove(place)
            } else {
                self.bank.mail.remove(0)
            };
            if self.one_in(10) {
                left.push(message);
                continue;
            }
            self.hear_message(&message).await?;
            self.bank.opened.push(message);
            heard += 1;
        }
        self.bank.mail = left;
        if let Some(place) = self.any(self.bank.opened.len()) {
            let old = self.bank.opened[place].clone();
            ensure!(self.hear_message(&old).await?, "an old message was heard as a new one");
        }
        Ok(format!("{heard} heard, {} left for another day", self.bank.mail.len()))
    }

    /// Hears a message, and says whether it was heard before.
    pub(crate) async fn hear_message(&mut self, message: &[u8]) -> Result<bool> {
        let worker = self.worker();
        let text = String::from_utf8_lossy(message).into_owned();
        self.dies_first(worker, &Errand::HearBank { message: text.clone() })?;
        let act = self.town.act::<Pay>(worker).await?;
        let format = self.town.format();
        let heard = self.change(async |tx| hear(tx, &act, &format, message).await).await?;
        let heard = heard.with_context(|| text.clone())?;
        ensure!(heard.alarms.is_empty() && heard.unknown.is_empty(), "{heard:?}: {text}");
        for (state, count) in heard.moved {
            *self.seen.entry(state.word()).or_default() += count as u64;
        }
        Ok(heard.again)
    }

    pub(crate) fn bank_changes(&mut self) -> Result<String> {
        if self.one_in(4) {
            let (word, rule) = *self.dice.pick(&DELIVERIES);
            self.bank.follow(MESSAGES, rule)?;
            return Ok(format!("its messages come {word}"));
        }
        let numbers: Vec<String> = self.numbers.values().cloned().collect();
        let Some(place) = self.any(numbers.len()) else { return Ok("nobody is paid".to_owned()) };
        let (word, rule) = *self.dice.pick(&MOODS);
        self.bank.follow(&numbers[place], rule)?;
        Ok(format!("it {word} what goes to payee {place}"))
    }

    pub(crate) async fn reconcile(&mut self) -> Result<String> {
        let worker = self.worker();
        let act = self.town.act::<Pay>(worker).await?;
        let today = self.today();
        let breaks = self.change(async |tx| reconcile(tx, &act, today).await).await??;
        self.check_breaks(&breaks).await?;
        Ok(format!("{} breaks", breaks.len()))
    }
}
