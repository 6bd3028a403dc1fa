//! What the income register is told, and what it says.

use anyhow::{Context as _, Result, ensure};
use ydun::access::{Administer, Pay};
use ydun::adapters::eindkomst::{Eindkomst, Purpose};
use ydun::reports::service::{self, Prepared, hear, prepare, report_as, resend};
use ydun_domain::{Day, Period};
use ydun_runtime::manifest::{IncomeReport, RefundAccount, RefundKind};

use crate::crash::DyingFormat;
use crate::killed::Errand;
use crate::people::small;
use crate::register::errors;
use crate::town::{PARENTS, WORKERS};
use crate::world::World;

/// How the register is told.
pub(crate) const REPORTS: Eindkomst = Eindkomst { purpose: Purpose::Test };

/// The register's words for what is refused because something before it was.
const FOLLOWS: [&str; 2] = ["E07", "E12"];
/// It was told to refuse everything about the person.
const REFUSES: &str = "E99";

impl World<'_> {
    /// Tells the register what is new, and opens its letters.
    pub(crate) async fn report(&mut self) -> Result<String> {
        let prepared = self.tell_register().await?;
        let folder = self.town.folder("til-skat")?;
        self.register.work(&folder, self.refused.clone())?;
        self.hear_register().await?;
        let Prepared { reports, reversals, waiting, .. } = prepared;
        if reversals > 0 {
            self.note("reversed");
        }
        if self.one_in(2) {
            self.resend().await?;
        }
        Ok(format!("{reports} reports, {reversals} reversals, {waiting} waiting"))
    }

    pub(crate) async fn tell_register(&mut self) -> Result<Prepared> {
        let worker = self.worker();
        self.dies_first(worker, &Errand::PrepareReports)?;
        let act = self.town.act::<Pay>(worker).await?;
        let prepared = self.change(async |tx| prepare(tx, &act).await).await??;
        ensure!(prepared.unreportable.is_empty(), "{:?}", prepared.unreportable);
        let folder = self.town.folder("til-skat")?;
        if self.one_in(6) && prepared.file.is_some() {
            let dying = DyingFormat::new(REPORTS);
            let sent = service::send(&self.town.db, &act, &dying, &folder).await;
            ensure!(sent.is_err(), "a file was sent that was not written");
            self.note("killed while a report was written");
        }
        self.dies_first(worker, &Errand::SendReports)?;
        service::send(&self.town.db, &act, &REPORTS, &folder).await?;
        Ok(prepared)
    }

    pub(crate) async fn hear_register(&mut self) -> Result<()> {
        for answer in std::mem::take(&mut self.register.mail) {
            for code in errors(&answer)? {
                let told = code == REFUSES || FOLLOWS.contains(&code.as_str());
                let text = || String::from_utf8_lossy(&answer).into_owned();
                ensure!(told, "the register refuses what is wrong: {}", text());
                self.note("refused by the register");
            }
            let text = String::from_utf8_lossy(&answer).into_owned();
            let may_be_done =
                self.dies_first(WORKERS[0], &Errand::HearRegister { answer: text })?;
            ensure!(!self.hear_answer(&answer).await? || may_be_done, "heard before");
            self.register.opened.push(answer);
        }
        if let Some(place) = self.any(self.register.opened.len()) {
            let old = self.register.opened[place].clone();
            ensure!(self.hear_answer(&old).await?, "an old answer was heard as a new one");
        }
        Ok(())
    }

    async fn hear_answer(&mut self, answer: &[u8]) -> Result<bool> {
        let worker = self.worker();
        let act = self.town.act::<Pay>(worker).await?;
        let heard = self.change(async |tx| hear(tx, &act, &REPORTS, answer).await).await??;
        ensure!(heard.unknown.is_empty(), "{heard:?}");
        Ok(heard.again)
    }

    pub(crate) async fn resend(&mut self) -> Result<u64> {
        let act = self.town.act::<Pay>(WORKERS[0]).await?;
        self.change(async |tx| resend(tx, &act).await).await?.context("sending anew")
    }

    pub(crate) fn register_changes(&mut self) -> String {
        let citizens: Vec<String> = self
            .numbers
            .values()
            .filter_map(|number| number.strip_prefix("CPR:").map(str::to_owned))
            .collect();
        let Some(place) = self.any(citizens.len()) else { return "no citizen".to_owned() };
        self.refused.clear();
        if self.one_in(2) {
            self.refused.insert(citizens[place].clone());
            return format!("it refuses citizen {place}");
        }
        "it takes everything".to_owned()
    }

    /// The municipality learns that months of income are to be reported on another account.
    pub(crate) async fn report_otherwise(&mut self) -> Result<String> {
        let postings: Vec<String> = self.modules.benefits[PARENTS]
            .manifest
            .postings
            .iter()
            .filter(|posting| posting.income.is_some())
            .map(|posting| posting.code.clone())
            .collect();
        let place = self.any(postings.len()).context("a posting that is income")?;
        let first = Day::new(2022, 1, 1).plus_months(small(&mut self.dice, 24));
        let days = Period::new(first, first.plus_months(6).previous())?;
        let refund = self.one_in(2).then(|| RefundAccount {
            text: "urn:oio:kommune:konto:1".to_owned(),
            kind: RefundKind::Benefit,
        });
        let report = IncomeReport {
            income_type: "00".to_owned(),
            income_kind: Some("0105".to_owned()),
            refund,
            atp: false,
            pension: false,
        };
        let act = self.town.act::<Administer>(WORKERS[0]).await?;
        let posting = postings[place].as_str();
        let changed =
            self.change(async |tx| report_as(tx, &act, posting, days, &report).await).await??;
        Ok(format!("{changed} incomes of {posting} from {first}"))
    }
}
