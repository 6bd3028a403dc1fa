//! The order while it is being read: every element may still be missing.

use super::super::amounts::Written;
use super::super::answers::Reason;
use super::walk::Take;
use super::{Block, Order, PayeeNumber, Place, Scheme, Totals, Transfer, bad_format};

const ORDER: &str = "Document/CstmrCdtTrfInitn/";
const LONGEST_ID: usize = 35;
/// ISO 20022: the content of an element is formally wrong.
const BAD_CONTENT: &str = "CH16";

/// What has been read so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) message_id: Option<String>,
    count: Option<String>,
    sum: Option<String>,
    foreign: Option<char>,
    blocks: Vec<DraftBlock>,
}

#[derive(Default)]
struct DraftBlock {
    id: Option<String>,
    count: Option<String>,
    sum: Option<String>,
    method: Option<String>,
    execution_day: Option<String>,
    payer: Option<String>,
    payer_currency: Option<String>,
    transfers: Vec<DraftTransfer>,
}

#[derive(Default)]
struct DraftTransfer {
    instruction_id: Option<String>,
    end_to_end_id: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    payees: Vec<PayeeNumber>,
    foreign: Option<char>,
}

impl Take for Draft {
    fn begin(&mut self, path: &str) -> Result<(), Reason> {
        match path.strip_prefix(ORDER) {
            Some("PmtInf") => self.blocks.push(DraftBlock::default()),
            Some("PmtInf/CdtTrfTxInf") => self.block()?.transfers.push(DraftTransfer::default()),
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, path: &str, text: &str, currency: Option<String>) -> Result<(), Reason> {
        let Some(path) = path.strip_prefix(ORDER) else { return Ok(()) };
        if let Some(path) = path.strip_prefix("PmtInf/CdtTrfTxInf/") {
            let transfer = self.block()?.transfers.last_mut();
            return transfer.ok_or_else(out_of_place)?.take(path, text, currency);
        }
        self.foreign = self.foreign.or(first_foreign(text));
        match path {
            "GrpHdr/MsgId" => fill(&mut self.message_id, path, text),
            "GrpHdr/NbOfTxs" => fill(&mut self.count, path, text),
            "GrpHdr/CtrlSum" => fill(&mut self.sum, path, text),
            _ => match path.strip_prefix("PmtInf/") {
                Some(path) => self.block()?.take(path, text),
                None => Ok(()),
            },
        }
    }
}

impl Draft {
    fn block(&mut self) -> Result<&mut DraftBlock, Reason> {
        self.blocks.last_mut().ok_or_else(out_of_place)
    }

    pub(super) fn finish(self) -> Result<Order, Reason> {
        if let Some(foreign) = self.foreign {
            return Err(Reason::new(
                BAD_CONTENT,
                &format!(
                    "Filens hoved har et tegn uden for det latinske alfabet: {}",
                    foreign.escape_unicode()
                ),
            ));
        }
        let count = required("NbOfTxs", self.count)?;
        let totals = totals(Some(count), self.sum)?;
        let message_id = id("MsgId", self.message_id)?;
        let blocks = non_empty("PmtInf", self.blocks)?;
        let blocks = blocks.into_iter().map(DraftBlock::finish).collect::<Result<_, _>>()?;
        Ok(Order { message_id, totals, blocks })
    }
}

impl DraftBlock {
    fn take(&mut self, path: &str, text: &str) -> Result<(), Reason> {
        let slot = match path {
            "PmtInfId" => &mut self.id,
            "PmtMtd" => &mut self.method,
            "NbOfTxs" => &mut self.count,
            "CtrlSum" => &mut self.sum,
            "ReqdExctnDt" => &mut self.execution_day,
            "DbtrAcct/Id/IBAN" | "DbtrAcct/Id/Othr/Id" => &mut self.payer,
            "DbtrAcct/Ccy" => &mut self.payer_currency,
            _ => return Ok(()),
        };
        fill(slot, path, text)
    }

    fn finish(self) -> Result<Block, Reason> {
        let day = required("ReqdExctnDt", self.execution_day)?;
        let transfers = non_empty("CdtTrfTxInf", self.transfers)?;
        Ok(Block {
            id: id("PmtInfId", self.id)?,
            totals: totals(self.count, self.sum)?,
            method: required("PmtMtd", self.method)?,
            execution_day: day.parse().map_err(|_| unreadable("ReqdExctnDt"))?,
            payer: required("DbtrAcct", self.payer)?,
            payer_currency: self.payer_currency,
            transfers: transfers
                .into_iter()
                .map(DraftTransfer::finish)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl DraftTransfer {
    fn take(&mut self, path: &str, text: &str, currency: Option<String>) -> Result<(), Reason> {
        self.foreign = self.foreign.or(first_foreign(text));
        match path {
            "PmtId/InstrId" => fill(&mut self.instruction_id, path, text),
            "PmtId/EndToEndId" => fill(&mut self.end_to_end_id, path, text),
            "Amt/InstdAmt" => {
                self.currency = currency;
                fill(&mut self.amount, path, text)
            }
            "CdtrAcct/Id/IBAN" => self.payee(Place::Iban, text),
            "CdtrAcct/Id/Othr/Id" => self.payee(Place::Account, text),
            "Cdtr/Id/PrvtId/Othr/Id" => self.payee(Place::Person, text),
            "Cdtr/Id/OrgId/Othr/Id" => self.payee(Place::Organisation, text),
            "CdtrAcct/Id/Othr/SchmeNm/Cd"
            | "Cdtr/Id/PrvtId/Othr/SchmeNm/Cd"
            | "Cdtr/Id/OrgId/Othr/SchmeNm/Cd" => self.scheme(Scheme::Code(text.to_owned())),
            "CdtrAcct/Id/Othr/SchmeNm/Prtry"
            | "Cdtr/Id/PrvtId/Othr/SchmeNm/Prtry"
            | "Cdtr/Id/OrgId/Othr/SchmeNm/Prtry" => {
                self.scheme(Scheme::Proprietary(text.to_owned()))
            }
            _ => Ok(()),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is one of the arms of `take`")]
    fn payee(&mut self, place: Place, number: &str) -> Result<(), Reason> {
        self.payees.push(PayeeNumber { place, number: number.to_owned(), scheme: None });
        Ok(())
    }

    /// The scheme stands after the number it belongs to.
    fn scheme(&mut self, scheme: Scheme) -> Result<(), Reason> {
        self.payees.last_mut().ok_or_else(out_of_place)?.scheme = Some(scheme);
        Ok(())
    }

    fn finish(self) -> Result<Transfer, Reason> {
        let amount = required("InstdAmt", self.amount)?;
        Ok(Transfer {
            instruction_id: self
                .instruction_id
                .map(|text| id("InstrId", Some(text)))
                .transpose()?,
            end_to_end_id: id("EndToEndId", self.end_to_end_id)?,
            amount: Written::parse(&amount).ok_or_else(|| unreadable("InstdAmt"))?,
            currency: required("InstdAmt/Ccy", self.currency)?,
            payees: self.payees,
            foreign: self.foreign,
        })
    }
}

fn fill(slot: &mut Option<String>, name: &str, text: &str) -> Result<(), Reason> {
    match slot.replace(text.to_owned()) {
        None => Ok(()),
        Some(_) => Err(bad_format(&format!("{name} står to gange på samme sted"))),
    }
}

fn required(name: &str, text: Option<String>) -> Result<String, Reason> {
    text.filter(|text| !text.is_empty()).ok_or_else(|| bad_format(&format!("{name} mangler")))
}

fn non_empty<T>(name: &str, list: Vec<T>) -> Result<Vec<T>, Reason> {
    if list.is_empty() { Err(bad_format(&format!("{name} mangler"))) } else { Ok(list) }
}

fn id(name: &str, text: Option<String>) -> Result<String, Reason> {
    let id = required(name, text)?;
    check_id(name, &id)?;
    Ok(id)
}

pub(super) fn check_id(name: &str, id: &str) -> Result<(), Reason> {
    let length = id.chars().count();
    if length == 0 || length > LONGEST_ID || first_foreign(id).is_some() {
        return Err(bad_format(&format!("{name} skal have 1-35 latinske tegn")));
    }
    Ok(())
}

fn totals(count: Option<String>, sum: Option<String>) -> Result<Totals, Reason> {
    let count = count.map(|text| text.parse().map_err(|_| unreadable("NbOfTxs"))).transpose()?;
    let sum =
        sum.map(|text| Written::parse(&text).ok_or_else(|| unreadable("CtrlSum"))).transpose()?;
    Ok(Totals { count, sum })
}

/// The first character that no European keyboard with Latin letters has.
fn first_foreign(text: &str) -> Option<char> {
    let is_latin =
        |c: char| matches!(c, ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    text.chars().find(|&c| !is_latin(c))
}

fn unreadable(name: &str) -> Reason {
    bad_format(&format!("{name} kan ikke læses"))
}

fn out_of_place() -> Reason {
    bad_format("Et element står på et forkert sted")
}
