//! What to report next: what should be reported less what is.
//!
//! When only amounts differ, one supplementary report of plus and minus tells them. When something
//! else is wrong - the account, the kind, the type, the person, the days - every report of the
//! person's days is reversed and all of it reported anew. No field is ever taken below zero.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::{Cpr, Day, Dkk, Period};

use super::{Amounts, Field, Key, field};

/// What should be reported under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub amounts: Amounts,
    /// The last day any of it was at the person's disposal.
    pub disposal: Day,
}

/// A report that was accepted and is not reversed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub report_id: String,
    pub key: Key,
    pub amounts: Amounts,
    pub disposal: Day,
}

/// Something to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Takes off all that a report says.
    Reverse(Standing),
    Report {
        key: Key,
        disposal: Day,
        amounts: Amounts,
        /// Corrects an earlier year without the fields of tax (the mark R).
        earlier_period: bool,
    },
}

/// A person and days: what is corrected together.
pub type Group = (Cpr, Period);

impl Key {
    pub fn group(&self) -> Group {
        (self.cpr, self.period)
    }
}

/// The items to send, reversals before new reports.
///
/// `standing` is in the order of acceptance. Groups that wait for an answer, or have been refused one,
/// are left alone: their difference is not known before it is there.
pub fn difference(
    due: &BTreeMap<Key, Due>,
    standing: &[Standing],
    waiting: &BTreeSet<Group>,
    today: Day,
) -> Vec<Action> {
    let mut groups: BTreeMap<Group, Told<'_>> = BTreeMap::new();
    for (key, due) in due {
        groups.entry(key.group()).or_default().due.insert(key, due);
    }
    for one in standing {
        groups.entry(one.key.group()).or_default().standing.push(one);
    }
    groups.retain(|group, _| !waiting.contains(group));
    let (mut reversals, mut reports) = (Vec::new(), Vec::new());
    for Told { due, standing } in groups.into_values() {
        let reported = reported(&standing);
        if reported.keys().all(|key| due.contains_key(key)) {
            reports.extend(supplements(&due, &reported, today));
        } else {
            // The newest first: what then remains was there before, so it is not below zero.
            reversals.extend(standing.into_iter().rev().cloned().map(Action::Reverse));
            reports.extend(due.into_iter().map(|(key, due)| anew(key, due)));
        }
    }
    reversals.into_iter().chain(reports).collect()
}

/// What should be told of a group, and what is.
#[derive(Default)]
struct Told<'a> {
    due: BTreeMap<&'a Key, &'a Due>,
    standing: Vec<&'a Standing>,
}

/// What a group's standing reports come to under each key; nothing that is zero.
fn reported<'a>(standing: &[&'a Standing]) -> BTreeMap<&'a Key, Amounts> {
    let mut reported: BTreeMap<&Key, Amounts> = BTreeMap::new();
    for one in standing {
        let amounts = reported.entry(&one.key).or_default();
        for (field, amount) in &one.amounts {
            *amounts.entry(*field).or_default() += *amount;
        }
    }
    for amounts in reported.values_mut() {
        amounts.retain(|_, amount| !amount.is_zero());
    }
    reported.retain(|_, amounts| !amounts.is_empty());
    reported
}

fn supplements(
    due: &BTreeMap<&Key, &Due>,
    reported: &BTreeMap<&Key, Amounts>,
    today: Day,
) -> Vec<Action> {
    let nothing = Amounts::new();
    let supplement = |(key, due): (&&Key, &&Due)| {
        let amounts = less(&due.amounts, reported.get(*key).unwrap_or(&nothing));
        let earlier_period = is_of_earlier_year(key.period, &amounts, today);
        let (key, disposal) = ((*key).clone(), due.disposal);
        (!amounts.is_empty()).then_some(Action::Report { key, disposal, amounts, earlier_period })
    };
    due.iter().filter_map(supplement).collect()
}

fn anew(key: &Key, due: &Due) -> Action {
    let Due { amounts, disposal } = due.clone();
    Action::Report { key: key.clone(), disposal, amounts, earlier_period: false }
}

fn less(due: &Amounts, reported: &Amounts) -> Amounts {
    let of = |amounts: &Amounts, field: &Field| amounts.get(field).copied().unwrap_or_default();
    let fields: BTreeSet<&Field> = due.keys().chain(reported.keys()).collect();
    let open = fields.into_iter().map(|field| (*field, of(due, field) - of(reported, field)));
    open.filter(|(_, amount): &(Field, Dkk)| !amount.is_zero()).collect()
}

/// The mark R is for money taken back in a later year, and may not go with withheld tax.
fn is_of_earlier_year(period: Period, amounts: &Amounts, today: Day) -> bool {
    let taxes = [field::A_TAX, field::AM_BIDRAG];
    period.last().year() < today.year()
        && amounts.values().all(|amount| amount.is_negative())
        && taxes.iter().all(|tax| !amounts.contains_key(tax))
}

#[cfg(test)]
mod tests;
