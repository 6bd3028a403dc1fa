//! What the register refuses.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Remark;
use super::books::Books;
use super::file::{Item, Report};

/// The amount fields it knows.
const AMOUNTS: [u16; 14] = [13, 14, 15, 16, 36, 37, 38, 46, 47, 48, 98, 214, 215, 216];
const TEXTS: [u16; 2] = [114, 115];
const INCOME_TYPES: [&str; 12] =
    ["00", "01", "03", "04", "05", "06", "07", "08", "09", "10", "11", "24"];
/// What may not go with the mark of an earlier period: withheld A-tax and AM-bidrag.
const TAXES: [u16; 2] = [15, 16];

pub(super) fn check(books: &Books, item: &Item) -> Result<(), Remark> {
    if books.knows_report(item.id()) {
        return Err(Remark::of_item(item, None, "E02", "Indberetnings-ID er brugt før"));
    }
    match item {
        Item::Report(report) => check_report(books, item, report),
        Item::Reversal { reverses, cpr, se, .. } => check_reversal(books, item, reverses, cpr, se),
    }
}

fn check_report(books: &Books, item: &Item, report: &Report) -> Result<(), Remark> {
    let wrong = |field, code, text: &str| Err(Remark::of_item(item, field, code, text));
    if report.first > report.last || report.year() != &report.last[..4] {
        return wrong(None, "E05", "perioden er ikke inden for ét år");
    }
    if !INCOME_TYPES.contains(&report.income_type.as_str()) {
        return wrong(None, "E08", "indkomsttypen er ukendt");
    }
    if report.amounts.is_empty() {
        return wrong(None, "E08", "der er intet beløb");
    }
    if let Some((field, _)) = report.amounts.iter().find(|(field, _)| !AMOUNTS.contains(field)) {
        return wrong(Some(*field), "E08", "feltet er ukendt");
    }
    if let Some((field, _)) = report.texts.iter().find(|(field, _)| !TEXTS.contains(field)) {
        return wrong(Some(*field), "E08", "feltet er ukendt");
    }
    let fields: BTreeSet<u16> = report.amounts.iter().map(|(field, _)| *field).collect();
    if fields.len() < report.amounts.len() {
        return wrong(None, "E08", "et felt står to gange");
    }
    if report.texts.len() > 1 {
        return wrong(Some(114), "E09", "højst ét af felterne 0114 og 0115 kan stå her");
    }
    let refund = fields.iter().any(|field| matches!(field, 214..=216));
    let first = !books.has_account(report);
    if report.account().is_some() && first && !refund {
        return wrong(Some(214), "E10", "kontoen kræver et af felterne 0214 til 0216");
    }
    if refund && report.account().is_none() {
        return wrong(Some(115), "E10", "refusionsbeløbet mangler sin konto");
    }
    if report.earlier_period {
        if let Some(tax) = TAXES.iter().find(|tax| fields.contains(tax)) {
            return wrong(Some(*tax), "E11", "feltet kan ikke stå sammen med R");
        }
        let year = books.year_of(&report.se, &report.cpr, report.year());
        return not_below_zero(item, year, &report.fields());
    }
    let period = books.period_of(&report.se, &report.cpr, (&report.first, &report.last));
    not_below_zero(item, period, &report.fields())
}

fn check_reversal(
    books: &Books,
    item: &Item,
    reverses: &str,
    cpr: &str,
    se: &str,
) -> Result<(), Remark> {
    let wrong = |code, text: &str| Err(Remark::of_item(item, None, code, text));
    let Some(entry) = books.report(reverses) else {
        return wrong("E12", "indberetningen, der tilbageføres, er ukendt");
    };
    if entry.reversed {
        return wrong("E12", "indberetningen er tilbageført før");
    }
    if entry.cpr != cpr || entry.se != se {
        return wrong("E12", "indberetningen er ikke om den person");
    }
    let taken_off = entry.fields.iter().map(|(field, oere)| (*field, -oere)).collect();
    let period = books.period_of(&entry.se, &entry.cpr, (&entry.first, &entry.last));
    not_below_zero(item, period, &taken_off)
}

fn not_below_zero(
    item: &Item,
    mut totals: BTreeMap<u16, i64>,
    more: &BTreeMap<u16, i64>,
) -> Result<(), Remark> {
    for (field, oere) in more {
        let total = totals.entry(*field).or_default();
        *total += oere;
        if *total < 0 {
            return Err(Remark::of_item(item, Some(*field), "E07", "summen ville være under nul"));
        }
    }
    Ok(())
}
