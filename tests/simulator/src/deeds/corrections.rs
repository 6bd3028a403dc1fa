//! A case is put right: every month that comes out otherwise, in one piece.

use anyhow::{Result, bail, ensure};
use ydun::access::{Approve, Look, Propose};
use ydun::decisions::service::ApproveError;
use ydun::operations::correction::{CorrectError, approve, preview, propose};
use ydun::operations::service::{ApproveMonthError, Terms};
use ydun::payments::Lane;

use crate::deeds::decisions::{other, same_as_expected};
use crate::killed::{DONE, Errand};
use crate::world::{OpenCorrection, World};

impl World<'_> {
    pub(crate) async fn correct(&mut self) -> Result<String> {
        let Some(place) = self.any(self.cases.len()) else { return Ok("no case".to_owned()) };
        let (case, by, today) = (self.cases[place].id, self.worker(), self.today());
        self.dies_first(by, &Errand::Correct { case })?;
        let (db, registry) = (&self.town.db, &self.modules.registry);
        let look = self.town.act::<Look>(by).await?;
        let foreseen = preview(db, registry, &look, case, today).await?;
        let act = self.town.act::<Propose>(by).await?;
        let correction = match propose(db, registry, &act, case, "prøve").await {
            Ok(correction) => correction,
            Err(CorrectError::NothingToCorrect(_)) => {
                ensure!(foreseen.months.is_empty(), "the preview sees what is not there");
                return Ok(format!("case {place} comes out as it is decided"));
            }
            Err(error) => return Err(error.into()),
        };
        ensure!(correction.decisions.len() == foreseen.months.len(), "not as it was foreseen");
        self.note("correction");
        self.corrections.push(OpenCorrection {
            case,
            id: correction.id,
            digest: correction.digest,
            decisions: correction.decisions,
            by,
        });
        Ok(format!("case {place}, {} months, {:?}", foreseen.months.len(), foreseen.difference()))
    }

    pub(crate) async fn sign_correction(&mut self) -> Result<String> {
        let Some(place) = self.any(self.corrections.len()) else {
            return Ok("none waits".to_owned());
        };
        let OpenCorrection { case, id, digest, decisions, by } = self.corrections.remove(place);
        let mut open = self.open_proposals(|decision| decisions.contains(&decision.id)).await?;
        // The order in which they are settled: oldest days first.
        open.sort_by_key(|seen| seen.days);
        let is_whole = open.len() == decisions.len();
        let is_heard = open.iter().all(|seen| self.books.may_be_decided(seen, self.today()));
        let signer = other(by);
        let may_be_done = self.dies_first(signer, &Errand::SignCorrection { case, id, digest })?;
        let act = self.town.act::<Approve>(signer).await?;
        let bank = self.town.bank.clone();
        let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
        let ended =
            self.change(async |tx| approve(tx, &act, (case, id), digest, &terms).await).await?;
        let name = self.name(case);
        match ended {
            Ok(approval) => {
                ensure!(is_whole && is_heard, "{name}: a correction was signed that could not be");
                self.note("correction signed");
                let expected = self.books.sign(open, signer, self.today());
                Ok(format!("{name}, by {signer}: {}", same_as_expected(&approval, expected)?))
            }
            Err(CorrectError::NotOpen { .. }) if may_be_done && is_whole && is_heard => {
                self.books.sign(open, signer, self.today());
                Ok(format!("{name}, {DONE}"))
            }
            Err(CorrectError::NotOpen { .. }) => {
                ensure!(!is_whole, "{name}: a whole correction is not open");
                Ok(format!("{name}: overtaken"))
            }
            Err(CorrectError::Approval(ApproveMonthError::Decision(ApproveError::NotHeard {
                ..
            }))) => {
                ensure!(is_whole && !is_heard, "{name}: all are heard, and it was refused");
                self.corrections.push(OpenCorrection { case, id, digest, decisions, by });
                Ok(format!("{name}: not heard yet"))
            }
            Err(error) => bail!("{name}: {error:#}"),
        }
    }
}
