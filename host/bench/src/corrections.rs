//! Corrections of cases that are paid: proposed, approved by a second person, and in effect.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use ydun::access::{Act, Approve, Propose, Register, Right, authorise};
use ydun::clock::Clock;
use ydun::db::sql;
use ydun::decisions::gate::losses;
use ydun::decisions::service::open_of_case;
use ydun::facts::Content;
use ydun::facts::service::correct;
use ydun::hearings::service::waive;
use ydun::hearings::{Channel, Ground};
use ydun::modules::service as modules;
use ydun::operations::correction::{CorrectError, Correction, approve, propose};
use ydun::operations::delivery::deliver;
use ydun::operations::service::Terms;
use ydun::payments::Lane;
use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_domain::{Day, Validity};
use ydun_runtime::Manifest;

use crate::close::bank;
use crate::figures::Spread;
use crate::month::{BENEFIT, Town};

/// The hours of a week that somebody has told of.
#[derive(Debug, sqlx::FromRow)]
struct Week {
    case_id: CaseId,
    id: FactId,
    about: PartyId,
    first_day: Day,
    last_day: Day,
}

/// Puts cases right, one after the other, and says how many a second.
pub(crate) async fn measure(town: &Town, clock: Clock, corrections: usize) -> Result<()> {
    let manifest = town.manifest().await?;
    let mut times = Vec::with_capacity(corrections);
    for week in town.weeks().await? {
        if times.len() == corrections {
            break;
        }
        town.fewer_hours(clock, &manifest, &week).await?;
        times.extend(town.correct(clock, week.case_id).await?);
    }
    ensure!(times.len() == corrections, "only {} cases could be put right", times.len());
    println!("corrections                    {}", Spread::of(&times).per_call(1));
    Ok(())
}

impl Town {
    async fn manifest(&self) -> Result<Manifest> {
        let mut read = self.db.read().await?;
        let installed = modules::list(&mut read).await?;
        let module = installed.iter().find(|module| module.benefit == BENEFIT);
        let module = module.context("the module is gone")?;
        modules::manifest(&mut read, module.digest).await?.context("the module has no manifest")
    }

    /// A whole week of each of the first cases.
    async fn weeks(&self) -> Result<Vec<Week>> {
        const WEEKS: &str = "
            SELECT case_id, id, about, first_day, last_day FROM fact
            WHERE tenant = $1 AND kind = 'weekly-hours' AND first_day = '2020-10-12' AND known_until IS NULL
            ORDER BY case_id";
        Ok(self.db.read().await?.all(sql(WEEKS).bind(self.tenant)).await?)
    }

    async fn by<R: Right>(&self, worker: &str, clock: Clock) -> Result<Act<R>> {
        Ok(authorise(&mut self.db.read().await?, self.tenant, worker, clock.now()).await?)
    }

    async fn fewer_hours(&self, clock: Clock, manifest: &Manifest, week: &Week) -> Result<()> {
        let act: Act<Register> = self.by("anna", clock).await?;
        let hours = Scalar::Number(Decimal::ONE);
        let content = Content {
            kind: "weekly-hours".to_owned(),
            about: week.about,
            valid: Validity::new(week.first_day, Some(week.last_day))?,
            attributes: vec![Attribute::new("worked", hours)],
        };
        let mut tx = self.db.begin().await?;
        correct(&mut tx, &act, manifest, (week.case_id, week.id), content, "ret").await?;
        Ok(tx.commit().await?)
    }

    /// How long it takes to propose it, to approve it and to let it take effect. The hearing between is not
    /// counted. None where the hours of the week give nothing, as in a case that is refused.
    async fn correct(&self, clock: Clock, case: CaseId) -> Result<Option<Duration>> {
        let act: Act<Propose> = self.by("anna", clock).await?;
        let begun = Instant::now();
        let correction = match propose(&self.db, &self.registry, &act, case, "måling").await {
            Err(CorrectError::NothingToCorrect(_)) => return Ok(None),
            proposed => proposed?,
        };
        let proposed = begun.elapsed();
        self.leave_hearings_out(clock, case).await?;
        let begun = Instant::now();
        self.approve(clock, &correction).await?;
        Ok(Some(proposed + begun.elapsed()))
    }

    async fn leave_hearings_out(&self, clock: Clock, case: CaseId) -> Result<()> {
        let act: Act<Approve> = self.by("bo", clock).await?;
        let mut tx = self.db.begin().await?;
        let open = open_of_case(&mut tx, self.tenant, case).await?;
        for loss in losses(&mut tx, self.tenant, &open, clock.today()).await? {
            waive(&mut tx, &act, loss.intention, Ground::PartyKnows, "måling").await?;
        }
        Ok(tx.commit().await?)
    }

    async fn approve(&self, clock: Clock, correction: &Correction) -> Result<()> {
        let act: Act<Approve> = self.by("bo", clock).await?;
        let bank = bank()?;
        let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
        let Correction { case, id, digest, decisions, .. } = correction;
        let mut tx = self.db.begin().await?;
        let approval = approve(&mut tx, &act, (*case, *id), *digest, &terms).await?;
        ensure!(approval.held == decisions.len(), "fewer hours give less: {approval:?}");
        for decision in decisions {
            let (today, of) = (clock.today(), (*case, *decision));
            deliver(&mut tx, &act, &bank, of, today, Channel::DigitalPost).await?;
        }
        Ok(tx.commit().await?)
    }
}
