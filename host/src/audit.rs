//! Who looked at what, and who did what.
//!
//! The rows of a municipality are a chain: each hash covers the row before it, so a row that is
//! changed, removed or slipped in afterwards is found by [`verify_chain`]. A row is written in the
//! transaction of what it tells about: both happen, or neither.
//!
//! To record a new kind of thing, add a line to [`Action`], and to [`Subject`] when it has an id of its own.

mod chain;
mod lookup;
mod personal;
mod store;

use std::fmt;

use ydun_domain::ids::{
    ActivationId, CampaignId, CaseId, CorrectionId, DecisionId, DocumentId, ElsewhereId, EntryId,
    EventId, FactId, FilingId, FreezeId, HearingId, HoldId, IgnoreId, LetterId, MonthRunId,
    NoticeId, PartyId, PayeeAccountId, PaymentFileId, PaymentId, PublicationId, RedirectionId,
    ReplayId, ReportFileId, RunId, TaskId, UnreadId,
};
use ydun_runtime::Digest;

use crate::access::{Act, Right};
use crate::db::{Result, Tx};
use crate::words::words;

pub use chain::{Verified, VerifyError, verify_chain};
pub use lookup::{Entry, about, sample_of_looks};
pub use personal::hide_personal_numbers;

use chain::Row;

words! {
    /// What was done. The words are kept for ever: rename the variant, never the word.
    Action("action") {
        /// Personal data were read by a person.
        Looked = "looked",
        MunicipalitySetUp = "municipality-set-up",
        WorkerSetUp = "worker-set-up",
        PasswordSet = "password-set",
        LoggedIn = "logged-in",
        LoggedOut = "logged-out",
        KeyIssued = "key-issued",
        LoginsRevoked = "logins-revoked",
        PartyRegistered = "party-registered",
        PartyChanged = "party-changed",
        TaxCardRecorded = "tax-card-recorded",
        ReportsPrepared = "reports-prepared",
        ReportsSent = "reports-sent",
        ReportsAnswered = "reports-answered",
        ReportsReplaced = "reports-replaced",
        ReportsChanged = "reports-changed",
        IncomeRepaid = "income-repaid",
        CaseOpened = "case-opened",
        CaseRoleAdded = "case-role-added",
        CaseClosed = "case-closed",
        FactRecorded = "fact-recorded",
        FactCorrected = "fact-corrected",
        FactWithdrawn = "fact-withdrawn",
        ModuleInstalled = "module-installed",
        ModuleActivated = "module-activated",
        ModuleSuspended = "module-suspended",
        ModuleResumed = "module-resumed",
        ModuleRolledBack = "module-rolled-back",
        ModulePolicySet = "module-policy-set",
        PublisherAdded = "publisher-added",
        PublisherKeyAdded = "publisher-key-added",
        PublisherKeyRevoked = "publisher-key-revoked",
        SettingChosen = "setting-chosen",
        ReplayFinished = "replay-finished",
        ReplayGroupSigned = "replay-group-signed",
        RatesPublished = "rates-published",
        CampaignMoved = "campaign-moved",
        MonthRunStarted = "month-run-started",
        MonthRunFinished = "month-run-finished",
        DecisionsProposed = "decisions-proposed",
        DecisionsApproved = "decisions-approved",
        DecisionRejected = "decision-rejected",
        CorrectionProposed = "correction-proposed",
        CorrectionApproved = "correction-approved",
        HearingOpened = "hearing-opened",
        HearingDelivered = "hearing-delivered",
        HearingAnswered = "hearing-answered",
        HearingWaived = "hearing-waived",
        DecisionDelivered = "decision-delivered",
        RunsVerified = "runs-verified",
        TaskMoved = "task-moved",
        TaskDone = "task-done",
        TaskRuleSet = "task-rule-set",
        PaymentsSent = "payments-sent",
        PaymentStopped = "payment-stopped",
        PaymentPaidAgain = "payment-paid-again",
        PaymentAskedAgain = "payment-asked-again",
        ElsewhereRegistered = "paid-elsewhere-registered",
        ElsewhereConfirmed = "paid-elsewhere-confirmed",
        ElsewhereAskedBack = "paid-elsewhere-asked-back",
        ElsewhereTakenBack = "paid-elsewhere-taken-back",
        PayeeAccountAsked = "payee-account-asked",
        PayeeAccountConfirmed = "payee-account-confirmed",
        PayeeAccountRefused = "payee-account-refused",
        PayeeAccountEnded = "payee-account-ended",
        RedirectionAsked = "redirection-asked",
        RedirectionConfirmed = "redirection-confirmed",
        RedirectionRefused = "redirection-refused",
        RedirectionEnded = "redirection-ended",
        StopsSent = "stops-sent",
        PaymentsReconciled = "payments-reconciled",
        AccountNumbersSet = "account-numbers-set",
        PostingsExported = "postings-exported",
        DifferenceExplained = "difference-explained",
        DifferenceAccepted = "difference-accepted",
        MonthClosed = "month-closed",
        IndexTold = "index-told",
        BankAnswerHeard = "bank-answer-heard",
        NoticesWritten = "notices-written",
        EventsReceived = "events-received",
        EventJudged = "event-judged",
        EventIgnoreSaid = "event-ignore-said",
        EventIgnoreEnded = "event-ignore-ended",
        EventWindowSet = "event-window-set",
        EventUnreadKept = "event-unread-kept",
        EventUnreadSettled = "event-unread-settled",
        EventsReconciled = "events-reconciled",
        PaymentHeld = "payment-held",
        PaymentReleased = "payment-released",
        DocumentReceived = "document-received",
        FilingBegun = "filing-begun",
        FilingSaved = "filing-saved",
        FilingDropped = "filing-dropped",
        FilingSent = "filing-sent",
        LetterWritten = "letter-written",
        LetterHeard = "letter-heard",
        PartyReachTold = "party-reach-told",
        ApprovalLimitsSet = "approval-limits-set",
        DecisionCountersigned = "decision-countersigned",
        DecisionReviewed = "decision-reviewed",
        FreezeSet = "freeze-set",
        FreezeLifted = "freeze-lifted",
        FreezeExcepted = "freeze-excepted",
    }
}

macro_rules! subjects {
    ($($name:ident($id:ty) = $word:literal;)*) => {
        /// What a row is about: a kind and an id, never a personal number.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Subject {
            /// The municipality as a whole.
            Municipality,
            /// A worker, by initials.
            Worker(String),
            $($name($id),)*
        }

        impl fmt::Display for Subject {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Municipality => f.write_str("municipality"),
                    Self::Worker(id) => write!(f, "worker {id}"),
                    $(Self::$name(id) => write!(f, concat!($word, " {}"), id),)*
                }
            }
        }
    };
}

subjects! {
    Party(PartyId) = "party";
    Case(CaseId) = "case";
    Fact(FactId) = "fact";
    Module(Digest) = "module";
    Activation(ActivationId) = "activation";
    Run(RunId) = "run";
    MonthRun(MonthRunId) = "month-run";
    Decision(DecisionId) = "decision";
    Entry(EntryId) = "entry";
    Payment(PaymentId) = "payment";
    Elsewhere(ElsewhereId) = "paid-elsewhere";
    PayeeAccount(PayeeAccountId) = "payee-account";
    Redirection(RedirectionId) = "redirection";
    PaymentFile(PaymentFileId) = "payment-file";
    ReportFile(ReportFileId) = "report-file";
    Notice(NoticeId) = "notice";
    Letter(LetterId) = "letter";
    Task(TaskId) = "task";
    Replay(ReplayId) = "replay";
    Campaign(CampaignId) = "campaign";
    Publication(PublicationId) = "publication";
    Correction(CorrectionId) = "correction";
    Hearing(HearingId) = "hearing";
    Event(EventId) = "event";
    Ignore(IgnoreId) = "event-ignore";
    Unread(UnreadId) = "unread-message";
    Hold(HoldId) = "payment-hold";
    Document(DocumentId) = "document";
    Filing(FilingId) = "filing";
    Freeze(FreezeId) = "freeze";
}

/// One thing to record.
#[derive(Clone, Debug)]
pub struct Event {
    pub action: Action,
    pub subject: Subject,
    /// What a reader needs beside action and subject. Personal numbers in it are hidden.
    pub detail: String,
}

impl Event {
    pub fn new(action: Action, subject: Subject, detail: impl Into<String>) -> Self {
        Self { action, subject, detail: detail.into() }
    }
}

/// Records what was done. Do it last in the transaction: it holds the end of the municipality's
/// chain until the transaction ends.
pub async fn record<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    action: Action,
    subject: Subject,
    detail: impl Into<String>,
) -> Result<()> {
    record_all(tx, act, vec![Event::new(action, subject, detail)]).await
}

/// Records that somebody has seen personal data. A look is a change: of who knows.
pub async fn record_look<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    subject: Subject,
    detail: impl Into<String>,
) -> Result<()> {
    record(tx, act, Action::Looked, subject, detail).await
}

/// Records many things done at once, in their order.
pub async fn record_all<R: Right>(tx: &mut Tx, act: &Act<R>, events: Vec<Event>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut head = store::lock_head(tx, act.tenant()).await?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let row = Row {
            number: head.number + 1,
            at: act.at(),
            actor: act.by().to_owned(),
            action: event.action.word().to_owned(),
            subject: event.subject.to_string(),
            detail: hide_personal_numbers(&event.detail),
        };
        head = row.after(act.tenant(), &head);
        rows.push((row, head.hash));
    }
    store::insert(tx, act.tenant(), rows).await?;
    store::move_head(tx, act.tenant(), &head).await
}
