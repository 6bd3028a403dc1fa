//! What happens on the payers' accounts, told as it happens (camt.054.001.02) and as a day's statement
//! the working day after (camt.053.001.02).
//!
//! An account begins at zero. It is debited on the day the payees get their money, one amount for each
//! order file, and credited when a payment comes back.

use std::collections::BTreeMap;
use std::io;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::amounts::Oere;
use super::answers::Reason;
use super::xml::{Xml, document, element, kroner, text};

/// One payment's amount on a payer's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Movement {
    pub(crate) day: NaiveDate,
    pub(crate) end_to_end_id: String,
    /// Of the file that ordered it.
    pub(crate) message_id: String,
    pub(crate) amount_oere: Oere,
    /// Why it came back; nothing when it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) returned: Option<Reason>,
}

/// A payer's account.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PayerAccount {
    pub(crate) movements: Vec<Movement>,
    /// How many of them have been told as they happened.
    advised: usize,
    /// How many of them are in a statement.
    stated: usize,
    statements: u64,
}

/// Movements to be told, with all that their message needs.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    kind: Kind,
    account: String,
    day: NaiveDate,
    /// The statement's number; an advice has none.
    number: u64,
    opening: Oere,
    closing: Oere,
    movements: Vec<Movement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Kind {
    Advice,
    Statement,
}

impl Movement {
    /// What it does to the account.
    fn signed(&self) -> Oere {
        if self.returned.is_some() { self.amount_oere } else { Oere::ZERO - self.amount_oere }
    }
}

impl PayerAccount {
    pub(crate) fn balance(&self) -> Oere {
        sum(&self.movements)
    }

    /// What has moved since the last time and has not been told.
    pub(crate) fn advice(&mut self, account: &str, day: NaiveDate) -> Option<Report> {
        let movements = self.movements[self.advised..].to_vec();
        self.advised = self.movements.len();
        (!movements.is_empty()).then(|| Report {
            kind: Kind::Advice,
            account: account.to_owned(),
            day,
            number: 0,
            opening: Oere::ZERO,
            closing: Oere::ZERO,
            movements,
        })
    }

    /// A statement for each day before `day` on which something moved and that is over now.
    pub(crate) fn statements(&mut self, account: &str, day: NaiveDate) -> Vec<Report> {
        let mut reports = Vec::new();
        let over = self.movements.partition_point(|movement| movement.day < day);
        for of_day in self.movements[self.stated..over].chunk_by(|one, other| one.day == other.day)
        {
            let opening = sum(&self.movements[..self.stated]);
            self.stated += of_day.len();
            self.statements += 1;
            reports.push(Report {
                kind: Kind::Statement,
                account: account.to_owned(),
                day: of_day[0].day,
                number: self.statements,
                opening,
                closing: sum(&self.movements[..self.stated]),
                movements: of_day.to_vec(),
            });
        }
        reports
    }
}

fn sum(movements: &[Movement]) -> Oere {
    movements.iter().map(Movement::signed).sum()
}

impl Report {
    pub(crate) fn day(&self) -> NaiveDate {
        self.day
    }

    pub(crate) fn summary(&self) -> String {
        let what = match self.kind {
            Kind::Advice => "advice of",
            Kind::Statement => "statement with",
        };
        format!("{what} {} payments", self.movements.len())
    }

    pub(crate) fn xml(&self, id: &str) -> Vec<u8> {
        let (kind, root, report) = match self.kind {
            Kind::Advice => ("camt.054.001.02", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
            Kind::Statement => ("camt.053.001.02", "BkToCstmrStmt", "Stmt"),
        };
        document(kind, root, |to| {
            element(to, "GrpHdr", |to| {
                text(to, "MsgId", id)?;
                text(to, "CreDtTm", &format!("{}T18:00:00", self.day))
            })?;
            element(to, report, |to| self.write(to, id))
        })
    }

    fn write(&self, to: &mut Xml, id: &str) -> io::Result<()> {
        text(to, "Id", &format!("{id}-A"))?;
        if self.kind == Kind::Statement {
            text(to, "ElctrncSeqNb", &self.number.to_string())?;
        }
        text(to, "CreDtTm", &format!("{}T18:00:00", self.day))?;
        element(to, "Acct", |to| {
            element(to, "Id", |to| element(to, "Othr", |to| text(to, "Id", &self.account)))
        })?;
        if self.kind == Kind::Statement {
            self.balance(to, "OPBD", self.opening)?;
            self.balance(to, "CLBD", self.closing)?;
        }
        self.entries().iter().try_for_each(|entry| write_entry(to, entry))
    }

    fn balance(&self, to: &mut Xml, kind: &str, amount: Oere) -> io::Result<()> {
        element(to, "Bal", |to| {
            element(to, "Tp", |to| element(to, "CdOrPrtry", |to| text(to, "Cd", kind)))?;
            kroner(to, "Amt", Oere(amount.0.abs()))?;
            text(to, "CdtDbtInd", if amount.0 < 0 { "DBIT" } else { "CRDT" })?;
            element(to, "Dt", |to| text(to, "Dt", &self.day.to_string()))
        })
    }

    /// One entry for each file that was paid, and one for each payment that came back.
    fn entries(&self) -> Vec<Vec<&Movement>> {
        let mut paid: BTreeMap<(NaiveDate, &str), Vec<&Movement>> = BTreeMap::new();
        let mut entries = Vec::new();
        for movement in &self.movements {
            match movement.returned {
                None => {
                    paid.entry((movement.day, &movement.message_id)).or_default().push(movement);
                }
                Some(_) => entries.push(vec![movement]),
            }
        }
        paid.into_values().chain(entries).collect()
    }
}

fn write_entry(to: &mut Xml, movements: &[&Movement]) -> io::Result<()> {
    let first = movements[0];
    let total = movements.iter().map(|movement| movement.amount_oere).sum();
    let came_back = first.returned.is_some();
    element(to, "Ntry", |to| {
        kroner(to, "Amt", total)?;
        text(to, "CdtDbtInd", if came_back { "CRDT" } else { "DBIT" })?;
        if came_back {
            text(to, "RvslInd", "true")?;
        }
        text(to, "Sts", "BOOK")?;
        element(to, "BookgDt", |to| text(to, "Dt", &first.day.to_string()))?;
        element(to, "BkTxCd", |to| {
            element(to, "Domn", |to| {
                text(to, "Cd", "PMNT")?;
                element(to, "Fmly", |to| {
                    text(to, "Cd", "ICDT")?;
                    text(to, "SubFmlyCd", if came_back { "RRTN" } else { "DMCT" })
                })
            })
        })?;
        element(to, "NtryDtls", |to| {
            if !came_back {
                element(to, "Btch", |to| {
                    text(to, "MsgId", &first.message_id)?;
                    text(to, "NbOfTxs", &movements.len().to_string())
                })?;
            }
            movements.iter().try_for_each(|movement| write_details(to, movement))
        })
    })
}

fn write_details(to: &mut Xml, movement: &Movement) -> io::Result<()> {
    element(to, "TxDtls", |to| {
        element(to, "Refs", |to| text(to, "EndToEndId", &movement.end_to_end_id))?;
        element(to, "AmtDtls", |to| {
            element(to, "TxAmt", |to| kroner(to, "Amt", movement.amount_oere))
        })?;
        movement.returned.as_ref().map_or(Ok(()), |Reason { code, text: why }| {
            element(to, "RtrInf", |to| {
                element(to, "Rsn", |to| text(to, "Cd", code))?;
                text(to, "AddtlInf", why)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(day: &str, oere: i64, returned: Option<Reason>) -> Movement {
        Movement {
            day: day.parse().unwrap(),
            end_to_end_id: "E1".into(),
            message_id: "M1".into(),
            amount_oere: Oere(oere),
            returned,
        }
    }

    #[test]
    fn each_statement_begins_where_the_one_before_ended() {
        let mut account = PayerAccount::default();
        account.movements.push(movement("2021-01-28", 100, None));
        assert!(account.statements("1", "2021-01-28".parse().unwrap()).is_empty(), "not over yet");
        let reason = Reason::new("AC04", "Lukket");
        account.movements.push(movement("2021-01-28", 50, None));
        account.movements.push(movement("2021-01-29", 50, Some(reason)));
        let reports = account.statements("1", "2021-02-01".parse().unwrap());
        let shape: Vec<_> =
            reports.iter().map(|one| (one.number, one.opening.0, one.closing.0)).collect();
        assert_eq!(shape, [(1, 0, -150), (2, -150, -100)]);
        assert_eq!(account.balance(), Oere(-100));
        assert!(account.statements("1", "2021-02-02".parse().unwrap()).is_empty());
    }
}
