//! Keeping what the bank tells of the account.

use std::collections::HashMap;

use ydun_domain::ids::PaymentFileId;

use crate::access::{Act, Pay};
use crate::db::{Result, Tx};
use crate::payments::answer::{Answer, Entry, EntryLine, Statement};
use crate::payments::store::{self, BankEntry};
use crate::payments::{Payment, PaymentFile};

/// Keeps the statements of an answer, each once, with what of ours their movements are.
pub(super) async fn keep(
    tx: &mut Tx,
    act: &Act<Pay>,
    answer: &Answer,
    payments: &[Payment],
) -> Result<()> {
    let ours: HashMap<&str, &Payment> =
        payments.iter().map(|payment| (payment.end_to_end.as_str(), payment)).collect();
    for statement in &answer.statements {
        if store::insert_statement(tx, act, statement, &answer.message_id).await? {
            let files = files(tx, act, statement).await?;
            let entries: Vec<BankEntry> = statement
                .entries
                .iter()
                .flat_map(|entry| movements(statement, entry, &ours, &files))
                .collect();
            store::insert_bank_entries(tx, act.tenant(), statement, &entries).await?;
        }
    }
    Ok(())
}

/// The files whose payments the statement has as one amount, by message id.
async fn files(
    tx: &mut Tx,
    act: &Act<Pay>,
    statement: &Statement,
) -> Result<HashMap<String, PaymentFileId>> {
    let mut files = HashMap::new();
    for message_id in statement.entries.iter().filter_map(|entry| entry.batch.as_deref()) {
        if let Some(PaymentFile { id, .. }) =
            store::find_by_message(tx, act.tenant(), message_id).await?
        {
            files.insert(message_id.to_owned(), id);
        }
    }
    Ok(files)
}

/// One for each payment, when all of the entry is told apart; else one for the whole.
fn movements(
    statement: &Statement,
    entry: &Entry,
    ours: &HashMap<&str, &Payment>,
    files: &HashMap<String, PaymentFileId>,
) -> Vec<BankEntry> {
    let movement = |amount, payment, file| BankEntry {
        day: entry.booked.unwrap_or(statement.day),
        amount,
        reference: entry.reference.clone(),
        payment,
        file,
    };
    let amounts: Option<Vec<_>> = entry.lines.iter().map(|line| line.amount).collect();
    if let Some(amounts) = amounts.filter(|amounts| !amounts.is_empty())
        && amounts.iter().copied().sum::<ydun_domain::Dkk>() == entry.amount
    {
        let of_line = |(line, amount): (&EntryLine, _)| {
            let payment = line.end_to_end.as_deref().and_then(|id| ours.get(id));
            movement(amount, payment.map(|payment| payment.id), None)
        };
        return entry.lines.iter().zip(amounts).map(of_line).collect();
    }
    let file = entry.batch.as_ref().and_then(|message_id| files.get(message_id)).copied();
    vec![movement(entry.amount, None, file)]
}
