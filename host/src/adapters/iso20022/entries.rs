//! Reads camt.054.001.02 and camt.053.001.02: what was drawn from the municipality's account and what
//! came back to it, as it happens and as a day's statement.
//!
//! Both are made of the same entries. An entry that is booked is a fact: a debit says that its
//! payments are paid, a reversed debit that they came back.

use ydun_domain::{Day, Dkk};

use super::document::{Document, Element, Reading, refuse};
use crate::payments::NotAnAnswer;
use crate::payments::answer::{
    About, Answer, Entry, EntryLine, PaymentReport, Report, Statement, Word,
};

pub(super) const ADVICE: &str = "camt.054.001.02";
pub(super) const STATEMENT: &str = "camt.053.001.02";

/// What ISO 20022 writes where there is no id.
const NO_ID: &str = "NOTPROVIDED";

/// Reads an advice.
pub(super) fn read_advice(document: Document<'_>) -> Result<Answer, NotAnAnswer> {
    let mut account = AccountReport::of("Ntfctn");
    document.walk(&mut account)?;
    account.answer(Vec::new())
}

/// Reads a statement.
pub(super) fn read_statement(document: Document<'_>) -> Result<Answer, NotAnAnswer> {
    let mut account = AccountReport::of("Stmt");
    document.walk(&mut account)?;
    let statements = std::mem::take(&mut account.statements);
    account.answer(statements)
}

/// What is read so far.
struct AccountReport {
    /// The element of one account's report.
    report: &'static str,
    message_id: Option<String>,
    head: Head,
    balance: Balance,
    entry: EntryReading,
    entries: Vec<Entry>,
    statements: Vec<Statement>,
    payments: Vec<PaymentReport>,
}

/// What stands at the top of a report.
#[derive(Default)]
struct Head {
    id: Option<String>,
    number: Option<i64>,
    account: Option<String>,
    opening: Option<Dkk>,
    closing: Option<(Dkk, Day)>,
}

#[derive(Default)]
struct Balance {
    kind: String,
    amount: Option<Dkk>,
    side: Side,
    day: Option<Day>,
}

/// Whether the municipality's account got more or less.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Credit,
    Debit,
}

#[derive(Default)]
struct EntryReading {
    amount: Option<Dkk>,
    side: Side,
    reversal: bool,
    booked: bool,
    day: Option<Day>,
    reference: Option<String>,
    batch: Option<String>,
    line: LineReading,
    lines: Vec<LineReading>,
}

#[derive(Default)]
struct LineReading {
    end_to_end: Option<String>,
    amount: Option<Dkk>,
    /// Why it came back.
    returned: Option<(Option<String>, Option<String>)>,
}

impl AccountReport {
    fn of(report: &'static str) -> Self {
        Self {
            report,
            message_id: None,
            head: Head::default(),
            balance: Balance::default(),
            entry: EntryReading::default(),
            entries: Vec::new(),
            statements: Vec::new(),
            payments: Vec::new(),
        }
    }

    fn keep_entry(&mut self) -> Result<(), NotAnAnswer> {
        let entry = std::mem::take(&mut self.entry);
        if !entry.booked {
            return Ok(()); // announced, and may yet not come
        }
        self.payments.extend(entry.reports());
        self.entries.push(entry.entry()?);
        Ok(())
    }

    /// Only a statement has balances.
    fn keep_report(&mut self) -> Result<(), NotAnAnswer> {
        let (head, entries) = (std::mem::take(&mut self.head), std::mem::take(&mut self.entries));
        if self.report == "Stmt" {
            self.statements.push(head.statement(entries)?);
        }
        Ok(())
    }

    fn answer(self, statements: Vec<Statement>) -> Result<Answer, NotAnAnswer> {
        Ok(Answer {
            message_id: self.message_id.ok_or_else(|| refuse("it has no message id"))?,
            about: About::Named,
            all: None,
            payments: self.payments,
            statements,
        })
    }
}

impl Reading for AccountReport {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["GrpHdr", "MsgId"] => self.message_id = Some(element.text),
            [report] if report == self.report => self.keep_report()?,
            [report, ref rest @ ..] if report == self.report => match *rest {
                ["Bal"] => self.head.keep(std::mem::take(&mut self.balance)),
                ["Bal", ref rest @ ..] => self.balance.end(rest, &element)?,
                ["Ntry"] => self.keep_entry()?,
                ["Ntry", ref rest @ ..] => self.entry.end(rest, element)?,
                _ => self.head.end(rest, element)?,
            },
            _ => {}
        }
        Ok(())
    }
}

impl Head {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["Id"] => self.id = Some(element.text),
            ["ElctrncSeqNb"] => {
                let number = element.text.parse();
                self.number =
                    Some(number.map_err(|_| refuse("the number of a statement in it is none"))?);
            }
            ["Acct", "Id", "IBAN"] | ["Acct", "Id", "Othr", "Id"] => {
                self.account = Some(element.text);
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, Balance { kind, amount, side, day }: Balance) {
        let Some(amount) = amount.map(|amount| side.sign(amount)) else { return };
        match kind.as_str() {
            "OPBD" | "PRCD" => self.opening = Some(amount),
            "CLBD" => self.closing = day.map(|day| (amount, day)),
            _ => {}
        }
    }

    fn statement(self, entries: Vec<Entry>) -> Result<Statement, NotAnAnswer> {
        let lacks = |what: &str| refuse(&format!("a statement in it has no {what}"));
        let (closing, day) = self.closing.ok_or_else(|| lacks("closing balance (CLBD)"))?;
        Ok(Statement {
            id: self.id.ok_or_else(|| lacks("id"))?,
            number: self.number,
            account: self.account.ok_or_else(|| lacks("account"))?,
            day,
            opening: self.opening.ok_or_else(|| lacks("opening balance (OPBD)"))?,
            closing,
            entries,
        })
    }
}

impl Balance {
    fn end(&mut self, path: &[&str], element: &Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["Tp", "CdOrPrtry", "Cd"] => self.kind.clone_from(&element.text),
            ["Amt"] => self.amount = Some(element.amount()?),
            ["CdtDbtInd"] => self.side = Side::read(&element.text)?,
            ["Dt", "Dt" | "DtTm"] => self.day = Some(element.day()?),
            _ => {}
        }
        Ok(())
    }
}

impl Side {
    fn read(text: &str) -> Result<Self, NotAnAnswer> {
        match text {
            "CRDT" => Ok(Self::Credit),
            "DBIT" => Ok(Self::Debit),
            _ => Err(refuse("an entry in it is neither CRDT nor DBIT")),
        }
    }

    fn sign(self, amount: Dkk) -> Dkk {
        if self == Self::Debit { -amount } else { amount }
    }
}

impl EntryReading {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["Amt"] => self.amount = Some(element.amount()?),
            ["CdtDbtInd"] => self.side = Side::read(&element.text)?,
            ["RvslInd"] => self.reversal = matches!(element.text.as_str(), "true" | "1"),
            ["Sts"] => self.booked = element.text == "BOOK",
            ["BookgDt", "Dt" | "DtTm"] => self.day = Some(element.day()?),
            ["AcctSvcrRef"] => self.reference = Some(element.text),
            ["NtryDtls", "Btch", "MsgId"] => self.batch = Some(element.text),
            ["NtryDtls", "TxDtls"] => self.lines.push(std::mem::take(&mut self.line)),
            ["NtryDtls", "TxDtls", ref rest @ ..] => self.line.end(rest, element)?,
            _ => {}
        }
        Ok(())
    }

    /// What it says of payments: a debit is paid, a reversed debit came back. Other credits are not ours.
    fn reports(&self) -> Vec<PaymentReport> {
        let single = (self.lines.len() == 1).then_some(self.amount).flatten();
        let report = |line: &LineReading| {
            let report = self.report(line)?;
            let end_to_end = line.end_to_end.clone()?;
            Some(PaymentReport { end_to_end, report, amount: line.amount.or(single) })
        };
        self.lines.iter().filter_map(report).collect()
    }

    fn report(&self, line: &LineReading) -> Option<Report> {
        match (self.side, &line.returned) {
            (Side::Debit, _) => Some(Report { word: Word::Settled, code: None, text: None }),
            (Side::Credit, Some((code, text))) => {
                Some(Report { word: Word::Returned, code: code.clone(), text: text.clone() })
            }
            (Side::Credit, None) => {
                self.reversal.then_some(Report { word: Word::Returned, code: None, text: None })
            }
        }
    }

    fn entry(self) -> Result<Entry, NotAnAnswer> {
        let amount = self.amount.ok_or_else(|| refuse("an entry in it has no amount"))?;
        let side = self.side;
        let single = self.lines.len() == 1;
        let line = |line: LineReading| {
            let amount = line.amount.or(single.then_some(amount));
            EntryLine {
                end_to_end: line.end_to_end,
                amount: amount.map(|amount| side.sign(amount)),
            }
        };
        Ok(Entry {
            amount: side.sign(amount),
            booked: self.day,
            reference: self.reference,
            batch: self.batch,
            lines: self.lines.into_iter().map(line).collect(),
        })
    }
}

impl LineReading {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["Refs", "EndToEndId"] if element.text != NO_ID => self.end_to_end = Some(element.text),
            ["AmtDtls", "TxAmt", "Amt"] => self.amount = Some(element.amount()?),
            ["AmtDtls", "InstdAmt", "Amt"] if self.amount.is_none() => {
                self.amount = Some(element.amount()?);
            }
            ["RtrInf"] => drop(self.returned.get_or_insert_default()),
            ["RtrInf", "Rsn", "Cd" | "Prtry"] => {
                self.returned.get_or_insert_default().0 = Some(element.text);
            }
            ["RtrInf", "AddtlInf"] => {
                self.returned.get_or_insert_default().1 = Some(element.text);
            }
            _ => {}
        }
        Ok(())
    }
}
