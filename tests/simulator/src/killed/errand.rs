//! What a process does in the town before it is killed.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read as Input;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use ydun::access::{Approve, Pay, Propose, StopPayments};
use ydun::adapters::iso20022::Iso20022;
use ydun::db::Tx;
use ydun::hearings::Channel;
use ydun::modules::registry::Registry;
use ydun::operations::service::{Request, Terms, approve_month, run_month};
use ydun::operations::{close, correction, delivery};
use ydun::payments::Lane;
use ydun::payments::service as payments;
use ydun::reports::service as reports;
use ydun_domain::Month;
use ydun_domain::ids::{CaseId, CorrectionId, DecisionId, MonthRunId, PaymentId};
use ydun_runtime::Digest;

use super::points::{Points, Watched};
use crate::deeds::REPORTS;
use crate::town::{Address, Town, sandbox};

/// Something that one process does from its beginning to its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Errand {
    RunMonth { benefit: String, month: Month },
    SignList { run: MonthRunId, digest: Digest },
    Arrive { case: CaseId, decision: DecisionId },
    Send,
    Publish,
    HearBank { message: String },
    Stop { payment: PaymentId },
    SendStops,
    PayAgain { payment: PaymentId },
    Correct { case: CaseId },
    SignCorrection { case: CaseId, id: CorrectionId, digest: Digest },
    PrepareReports,
    SendReports,
    HearRegister { answer: String },
    Explain { month: Month, key: String },
    Accept { month: Month, key: String },
    Close { benefit: String, month: Month },
}

impl Errand {
    /// The path of the money it is part of, and what is done.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::RunMonth { .. } => "payout, run a month",
            Self::SignList { .. } => "payout, sign a list",
            Self::Send => "payout, send payments",
            Self::Publish => "payout, publish files",
            Self::HearBank { .. } => "payout, hear the bank",
            Self::Stop { .. } => "stop, stop a payment",
            Self::SendStops => "stop, send stops",
            Self::PayAgain { .. } => "stop, pay again",
            Self::Correct { .. } => "correction, propose",
            Self::SignCorrection { .. } => "correction, sign",
            Self::Arrive { .. } => "correction, a decision arrives",
            Self::PrepareReports => "correction, prepare reports",
            Self::SendReports => "correction, send reports",
            Self::HearRegister { .. } => "correction, hear the register",
            Self::Explain { .. } => "close, explain a difference",
            Self::Accept { .. } => "close, agree to it",
            Self::Close { .. } => "close, close a month",
        }
    }
}

impl fmt::Display for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An errand, who runs it, and where.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) errand: Errand,
    pub(super) by: String,
    pub(super) town: Address,
    /// Where the modules are compiled already.
    pub(super) compiled: PathBuf,
    /// The points where somebody has died.
    pub(super) died: BTreeSet<String>,
}

/// Carries an order out, up to the first point where none has died.
///
/// What the host refuses is an end like another: the town does it again and judges that.
pub async fn victim(mut order: impl Input, points: &Arc<Points>) -> Result<()> {
    let mut text = Vec::new();
    order.read_to_end(&mut text)?;
    let Order { errand, by, town, compiled, died } = serde_json::from_slice(&text)?;
    let town = Town::visit(town).await?;
    points.begin(errand.to_string(), died);
    let hands = Hands { town, by, compiled, points: points.clone() };
    match hands.run(errand).await {
        Ok(()) => points.pass("all is done, and nobody is told"),
        Err(error) => tracing::debug!("refused: {error:#}"),
    }
    Ok(())
}

/// Somebody in the town.
struct Hands {
    town: Town,
    by: String,
    compiled: PathBuf,
    points: Arc<Points>,
}

impl Hands {
    async fn run(&self, errand: Errand) -> Result<()> {
        match errand {
            Errand::RunMonth { benefit, month } => self.run_month(&benefit, month).await,
            Errand::SignList { run, digest } => self.sign_list(run, digest).await,
            Errand::Arrive { case, decision } => self.arrive((case, decision)).await,
            Errand::Send => self.send().await,
            Errand::Publish => self.publish().await,
            Errand::HearBank { message } => self.hear_bank(message.as_bytes()).await,
            Errand::Stop { payment } => self.stop(payment).await,
            Errand::SendStops => self.send_stops().await,
            Errand::PayAgain { payment } => self.pay_again(payment).await,
            Errand::Correct { case } => self.correct(case).await,
            Errand::SignCorrection { case, id, digest } => self.sign((case, id), digest).await,
            Errand::PrepareReports => self.prepare_reports().await,
            Errand::SendReports => self.send_reports().await,
            Errand::HearRegister { answer } => self.hear_register(answer.as_bytes()).await,
            Errand::Explain { month, key } => self.explain(month, &key).await,
            Errand::Accept { month, key } => self.accept(month, &key).await,
            Errand::Close { benefit, month } => self.close(&benefit, month).await,
        }
    }

    async fn change<T, E>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        let mut tx = self.town.db.begin().await?;
        work(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    fn format(&self) -> Watched<Iso20022> {
        Watched::new(self.town.format(), &self.points)
    }

    fn registry(&self) -> Result<Registry> {
        Ok(Registry::open(sandbox()?, &self.compiled)?)
    }

    fn terms(&self) -> Terms<'_> {
        Terms { bank: &self.town.bank, lane: Lane::Almindelig, due: None }
    }

    async fn run_month(&self, benefit: &str, month: Month) -> Result<()> {
        let act = self.town.act::<Propose>(&self.by).await?;
        let request = Request { threads: 1, lease: Duration::ZERO, ..Request::new(benefit, month) };
        run_month(&self.town.db, &self.registry()?, &act, &request, |_| ()).await?;
        Ok(())
    }

    async fn sign_list(&self, run: MonthRunId, digest: Digest) -> Result<()> {
        let act = self.town.act::<Approve>(&self.by).await?;
        approve_month(&self.town.db, &act, run, digest, &self.terms(), |_| ()).await?;
        Ok(())
    }

    async fn arrive(&self, of: (CaseId, DecisionId)) -> Result<()> {
        let act = self.town.act::<Approve>(&self.by).await?;
        let (bank, today) = (&self.town.bank, self.town.today());
        let channel = Channel::DigitalPost;
        self.change(async |tx| delivery::deliver(tx, &act, bank, of, today, channel).await).await
    }

    async fn send(&self) -> Result<()> {
        let Town { db, bank, .. } = &self.town;
        let act = self.town.act::<Pay>(&self.by).await?;
        let (format, outbox, today) = (self.format(), self.town.outbox()?, self.town.today());
        payments::send(db, &act, bank, &format, &outbox, today).await?;
        Ok(())
    }

    async fn publish(&self) -> Result<()> {
        let Town { db, tenant, now, .. } = &self.town;
        let (format, outbox) = (self.format(), self.town.outbox()?);
        payments::publish(db, *tenant, &format, &outbox, payments::LEASE, *now).await?;
        Ok(())
    }

    async fn hear_bank(&self, message: &[u8]) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        let format = self.format();
        self.change(async |tx| payments::hear(tx, &act, &format, message).await).await
    }

    async fn stop(&self, payment: PaymentId) -> Result<()> {
        let act = self.town.act::<StopPayments>(&self.by).await?;
        self.change(async |tx| payments::stop(tx, &act, payment, "prøve").await).await
    }

    async fn send_stops(&self) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        let outbox = self.town.outbox()?;
        payments::send_stops(&self.town.db, &act, &self.format(), &outbox).await?;
        Ok(())
    }

    async fn pay_again(&self, payment: PaymentId) -> Result<()> {
        let act = self.town.act::<Approve>(&self.by).await?;
        let (bank, lane) = (&self.town.bank, Lane::DagTilDag);
        self.change(async |tx| payments::pay_again(tx, &act, bank, payment, lane).await).await
    }

    async fn correct(&self, case: CaseId) -> Result<()> {
        let act = self.town.act::<Propose>(&self.by).await?;
        correction::propose(&self.town.db, &self.registry()?, &act, case, "prøve").await?;
        Ok(())
    }

    async fn sign(&self, of: (CaseId, CorrectionId), digest: Digest) -> Result<()> {
        let act = self.town.act::<Approve>(&self.by).await?;
        let terms = self.terms();
        self.change(async |tx| correction::approve(tx, &act, of, digest, &terms).await).await
    }

    async fn prepare_reports(&self) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        self.change(async |tx| reports::prepare(tx, &act).await).await
    }

    async fn send_reports(&self) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        let format = Watched::new(REPORTS, &self.points);
        reports::send(&self.town.db, &act, &format, &self.reports()?).await?;
        Ok(())
    }

    fn reports(&self) -> Result<PathBuf> {
        self.town.folder("til-skat")
    }

    async fn hear_register(&self, answer: &[u8]) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        self.change(async |tx| reports::hear(tx, &act, &REPORTS, answer).await).await
    }

    async fn explain(&self, month: Month, key: &str) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        self.change(async |tx| close::service::explain(tx, &act, month, key, "prøve").await).await
    }

    async fn accept(&self, month: Month, key: &str) -> Result<()> {
        let act = self.town.act::<Approve>(&self.by).await?;
        self.change(async |tx| close::service::accept(tx, &act, month, key).await).await
    }

    async fn close(&self, benefit: &str, month: Month) -> Result<()> {
        let act = self.town.act::<Pay>(&self.by).await?;
        self.change(async |tx| close::service::close(tx, &act, benefit, month).await).await
    }
}
