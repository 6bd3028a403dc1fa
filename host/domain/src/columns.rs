//! How values look in a column of either database engine.

use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::ids::{
    ActivationId, CampaignId, CaseId, CorrectionId, DecisionId, DocumentId, ElsewhereId, EntryId,
    EventId, FactId, FilingId, FreezeId, HearingId, HoldId, IgnoreId, IndexFileId, JobId,
    LeaseToken, LetterId, MessageId, MonthRunId, NoticeId, PartyId, PayeeAccountId, PaymentFileId,
    PaymentId, PostingExportId, PublicationId, RedirectionId, ReplayId, ReportFileId, RunId,
    TaskId, Tenant, UnreadId,
};
use crate::{Day, Dkk};

/// Stores a value as a plain type, checked when it is read back.
macro_rules! column {
    ($($name:ty as $plain:ty, $read:expr;)*) => {$(
        impl<D: Database> Type<D> for $name
        where
            $plain: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                <$plain as Type<D>>::type_info()
            }

            fn compatible(column: &D::TypeInfo) -> bool {
                <$plain as Type<D>>::compatible(column)
            }
        }

        impl<'r, D: Database> Decode<'r, D> for $name
        where
            $plain: Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let plain = <$plain as Decode<'r, D>>::decode(value)?;
                let read: fn($plain) -> Result<$name, BoxDynError> = $read;
                read(plain)
            }
        }
    )*};
}

column! {
    Dkk as i64, |oere| Ok(Dkk::from_oere(oere));
    Day as chrono::NaiveDate, |date| Ok(Day::from_date(date)?);
    Tenant as i64, |code| Ok(u16::try_from(code)?.try_into()?);
    PartyId as uuid::Uuid, |id| Ok(PartyId(id));
    CaseId as uuid::Uuid, |id| Ok(CaseId(id));
    FactId as uuid::Uuid, |id| Ok(FactId(id));
    RunId as uuid::Uuid, |id| Ok(RunId(id));
    MonthRunId as uuid::Uuid, |id| Ok(MonthRunId(id));
    ActivationId as uuid::Uuid, |id| Ok(ActivationId(id));
    DecisionId as uuid::Uuid, |id| Ok(DecisionId(id));
    EntryId as uuid::Uuid, |id| Ok(EntryId(id));
    PaymentId as uuid::Uuid, |id| Ok(PaymentId(id));
    ElsewhereId as uuid::Uuid, |id| Ok(ElsewhereId(id));
    DocumentId as uuid::Uuid, |id| Ok(DocumentId(id));
    FilingId as uuid::Uuid, |id| Ok(FilingId(id));
    PayeeAccountId as uuid::Uuid, |id| Ok(PayeeAccountId(id));
    RedirectionId as uuid::Uuid, |id| Ok(RedirectionId(id));
    PaymentFileId as uuid::Uuid, |id| Ok(PaymentFileId(id));
    ReportFileId as uuid::Uuid, |id| Ok(ReportFileId(id));
    PostingExportId as uuid::Uuid, |id| Ok(PostingExportId(id));
    NoticeId as uuid::Uuid, |id| Ok(NoticeId(id));
    IndexFileId as uuid::Uuid, |id| Ok(IndexFileId(id));
    JobId as uuid::Uuid, |id| Ok(JobId(id));
    TaskId as uuid::Uuid, |id| Ok(TaskId(id));
    ReplayId as uuid::Uuid, |id| Ok(ReplayId(id));
    CampaignId as uuid::Uuid, |id| Ok(CampaignId(id));
    PublicationId as uuid::Uuid, |id| Ok(PublicationId(id));
    CorrectionId as uuid::Uuid, |id| Ok(CorrectionId(id));
    HearingId as uuid::Uuid, |id| Ok(HearingId(id));
    EventId as uuid::Uuid, |id| Ok(EventId(id));
    IgnoreId as uuid::Uuid, |id| Ok(IgnoreId(id));
    UnreadId as uuid::Uuid, |id| Ok(UnreadId(id));
    HoldId as uuid::Uuid, |id| Ok(HoldId(id));
    LetterId as uuid::Uuid, |id| Ok(LetterId(id));
    MessageId as uuid::Uuid, |id| Ok(MessageId(id));
    FreezeId as uuid::Uuid, |id| Ok(FreezeId(id));
    LeaseToken as uuid::Uuid, |id| Ok(LeaseToken(id));
    crate::Cpr as String, |text| Ok(text.parse()?);
    crate::Cvr as String, |text| Ok(text.parse()?);
    crate::SeNumber as String, |text| Ok(text.parse()?);
    crate::PNumber as String, |text| Ok(text.parse()?);
    crate::AccountNumber as String, |text| Ok(text.parse()?);
}
