//! Making a file of what should be reported and is not.

use serde::Serialize;
use uuid::Uuid;
use ydun_domain::ids::ReportFileId;
use ydun_domain::{Dkk, SeNumber};

use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Tx, is_duplicate};
use crate::municipalities;
use crate::reports::difference::{Action as Step, difference};
use crate::reports::store::{self, Which};
use crate::reports::{Amounts, Item, ReportFile, Source, State, due};
use crate::tax;

/// What was found to report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// None when there was nothing.
    pub file: Option<ReportFile>,
    pub reports: usize,
    pub reversals: usize,
    /// Persons and days left alone, as the register has yet to answer, or has refused them.
    pub waiting: usize,
    /// Payments of income of which no manifest says how it is reported.
    pub unreportable: Vec<Unreportable>,
}

/// An income that cannot be reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreportable {
    pub source: Source,
    pub posting_code: String,
    pub income: Dkk,
}

/// Why no file was made.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error("the municipality is not set up; see `ydun import --help`")]
    NoMunicipality,
    #[error(
        "the municipality's CVR number is no SE number; choose the setting 'se-number' with `ydun report choose`"
    )]
    NoSeNumber,
    #[error("somebody else is making a file of reports; try again")]
    Busy,
    #[error("the reports could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Makes a file of what should be reported and is not. Doing it again at once makes none.
#[tracing::instrument(skip_all, fields(by = act.by()))]
pub async fn prepare(tx: &mut Tx, act: &Act<Pay>) -> Result<Prepared, PrepareError> {
    let (tenant, today) = (act.tenant(), danish(act.at()));
    let settings = tax::service::settings(tx, tenant, today).await?;
    let paid = store::paid(tx, tenant, Which::All).await?;
    let (due, unreportable) = due::due(&paid, &settings);
    let unreportable = unreportable.into_iter().map(|paid| Unreportable {
        source: paid.source,
        posting_code: paid.posting_code.clone(),
        income: paid.income,
    });
    let standing = store::standing(tx, tenant, Which::All).await?;
    let waiting = store::open_groups(tx, tenant).await?;
    let steps = difference(&due, &standing, &waiting, today);
    let mut prepared = Prepared {
        reversals: steps.iter().filter(|step| matches!(step, Step::Reverse(_))).count(),
        waiting: waiting.len(),
        unreportable: unreportable.collect(),
        ..Prepared::default()
    };
    prepared.reports = steps.len() - prepared.reversals;
    if steps.is_empty() {
        return Ok(prepared);
    }
    let se_number = match settings.at(today).se_number {
        Some(number) => number,
        None => cvr_as_se_number(tx, act).await?,
    };
    let file = ReportFile {
        id: ReportFileId::generate(),
        main_id: new_id(),
        se_number: se_number.digits().to_owned(),
        made_at: act.at(),
        sent_at: None,
    };
    store::insert_file(tx, act, &file).await?;
    let items: Vec<Item> = steps.into_iter().map(item).collect();
    let first = store::last_number(tx, tenant).await? + 1;
    store::insert_items(tx, tenant, file.id, first, &items).await.map_err(busy)?;
    let detail =
        format!("{}: {} reports, {} reversals", file.main_id, prepared.reports, prepared.reversals);
    audit::record(tx, act, Action::ReportsPrepared, Subject::ReportFile(file.id), detail).await?;
    prepared.file = Some(file);
    Ok(prepared)
}

/// Items are numbered through, so of two who make a file at once only one can.
fn busy(error: sqlx::Error) -> PrepareError {
    if is_duplicate(&error) { PrepareError::Busy } else { error.into() }
}

async fn cvr_as_se_number(tx: &mut Tx, act: &Act<Pay>) -> Result<SeNumber, PrepareError> {
    let municipality = municipalities::find(tx, act.tenant()).await?;
    let municipality = municipality.ok_or(PrepareError::NoMunicipality)?;
    municipality.cvr.digits().parse().map_err(|_| PrepareError::NoSeNumber)
}

/// Sixteen signs that no other report has: 80 bits of a time-ordered id, all but a few at random.
fn new_id() -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = Uuid::now_v7().as_u128();
    let sign = |place: u32| {
        let five = usize::try_from(bits >> (5 * place) & 31).expect("less than 32");
        char::from(SIGNS[five])
    };
    (0..16).rev().map(sign).collect()
}

fn item(step: Step) -> Item {
    let (reverses, key, disposal, amounts, earlier_period) = match step {
        Step::Reverse(standing) => {
            let taken_off: Amounts =
                standing.amounts.into_iter().map(|(field, amount)| (field, -amount)).collect();
            (Some(standing.report_id), standing.key, standing.disposal, taken_off, false)
        }
        Step::Report { key, disposal, amounts, earlier_period } => {
            (None, key, disposal, amounts, earlier_period)
        }
    };
    let (report_id, state, answer) = (new_id(), State::Prepared, None);
    Item { report_id, reverses, key, disposal, earlier_period, amounts, state, answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_alike() {
        let ids: std::collections::BTreeSet<String> = (0..10_000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 16));
    }
}
