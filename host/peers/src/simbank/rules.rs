//! What the bank asks of an order besides its form.

use chrono::NaiveDate;

use super::amounts::{Oere, Written};
use super::answers::Reason;
use super::bank_days::is_bank_day;
use super::orders::{Block, Order, PayeeNumber, Place, Scheme, Totals, Transfer};
use super::payees::{Kind, Payee};

const CURRENCY: &str = "DKK";

/// The headers agree with the payments below them. Otherwise the whole file is refused.
pub(crate) fn check_totals(order: &Order) -> Result<(), Reason> {
    for block in &order.blocks {
        let sum = block.transfers.iter().map(|transfer| transfer.amount).sum();
        compare(&block.totals, block.transfers.len(), sum, "blokken")?;
    }
    let transfers = || order.blocks.iter().flat_map(|block| &block.transfers);
    compare(
        &order.totals,
        transfers().count(),
        transfers().map(|transfer| transfer.amount).sum(),
        "filen",
    )
}

fn compare(said: &Totals, count: usize, sum: Written, of_what: &str) -> Result<(), Reason> {
    if said.count.is_some_and(|said| said != count) {
        return Err(Reason::new(
            "AM18",
            &format!("Antallet (NbOfTxs) for {of_what} passer ikke med betalingerne"),
        ));
    }
    if said.sum.is_some_and(|said| said != sum) {
        return Err(Reason::new(
            "AM10",
            &format!("Summen (CtrlSum) for {of_what} passer ikke med betalingerne"),
        ));
    }
    Ok(())
}

/// The block can be executed. Otherwise all its payments are refused.
pub(crate) fn check_block(block: &Block, day: NaiveDate) -> Result<(), Reason> {
    let execution = block.execution_day;
    if block.method != "TRF" {
        return Err(Reason::new("NARR", "PmtMtd skal være TRF"));
    }
    if block.payer_currency.as_deref().is_some_and(|currency| currency != CURRENCY) {
        return Err(Reason::new("AM03", "Betalerens konto skal være i DKK"));
    }
    if execution < day {
        return Err(Reason::new("DT01", &format!("Dispositionsdatoen {execution} er passeret")));
    }
    if !is_bank_day(execution) {
        return Err(Reason::new(
            "DT01",
            &format!("Dispositionsdatoen {execution} er ikke en bankdag"),
        ));
    }
    Ok(())
}

/// The payment can be made: to this payee, with this amount.
pub(crate) fn check_transfer(transfer: &Transfer) -> Result<(Payee, Oere), Reason> {
    if let Some(foreign) = transfer.foreign {
        let text = format!(
            "En tekst har et tegn uden for det latinske alfabet: {}",
            foreign.escape_unicode()
        );
        return Err(Reason::new("CH16", &text));
    }
    let amount = amount_of(transfer)?;
    Ok((payee_of(transfer)?, amount))
}

fn amount_of(transfer: &Transfer) -> Result<Oere, Reason> {
    if transfer.currency != CURRENCY {
        return Err(Reason::new("AM03", "Beløbet skal være i DKK"));
    }
    if transfer.amount.is_zero() {
        return Err(Reason::new("AM01", "Beløbet er nul"));
    }
    if transfer.amount.is_negative() {
        return Err(Reason::new("AM12", "Beløbet er negativt"));
    }
    let too_fine = || Reason::new("AM12", "Beløbet skal være i hele øre og højst 50 mia. kr.");
    transfer.amount.oere().ok_or_else(too_fine)
}

/// The one payee that all the order's numbers agree on. A bank account goes before the number of its owner.
pub(crate) fn payee_of(transfer: &Transfer) -> Result<Payee, Reason> {
    let payees = transfer.payees.iter().map(payee_named).collect::<Result<Vec<_>, _>>()?;
    let account = payees.iter().find(|payee| payee.kind() == Kind::Bban);
    let payee = account.or(payees.first());
    let payee =
        payee.ok_or_else(|| bad_payee("Modtageren har hverken et nummer eller en konto"))?;
    if account.is_none() && payees.iter().any(|other| other != payee) {
        return Err(bad_payee("Modtageren er navngivet på flere måder, der ikke passer sammen"));
    }
    Ok(payee.clone())
}

fn payee_named(named: &PayeeNumber) -> Result<Payee, Reason> {
    let unknown = || bad_payee("Modtagerens nummer er af en art, banken ikke kender");
    let kind = kind_named(named).ok_or_else(unknown)?;
    Payee::new(kind, &named.number).map_err(|bad| bad_payee(&bad.to_string()))
}

fn bad_payee(text: &str) -> Reason {
    Reason::new("AC01", text)
}

/// The two ways of naming a payee: as an account (profile `othr`) or as a party (profile `cdtr-id`).
fn kind_named(named: &PayeeNumber) -> Option<Kind> {
    match (named.place, named.scheme.as_ref()?) {
        (Place::Account, Scheme::Code(code)) if code == "BBAN" => Some(Kind::Bban),
        (Place::Account, Scheme::Proprietary(name)) => Kind::named(name),
        (Place::Person, Scheme::Code(code)) if code == "SOSE" => Some(Kind::Cpr),
        (Place::Organisation, Scheme::Code(code)) if code == "COID" => Some(Kind::Cvr),
        (Place::Organisation, Scheme::Proprietary(name)) => {
            Kind::named(name).filter(|kind| matches!(kind, Kind::Se | Kind::Pnr))
        }
        _ => None,
    }
}
