//! `simerp`: an older ERP that reads files of postings and of payments, written from the field table alone.
//!
//! It takes nothing on trust: every record's head, every field's width and order, the end of the file,
//! and that debits equal credits. Its books are the sums by account.

mod payments;

use std::collections::BTreeMap;

pub use self::payments::{Payment, read_payments};

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct Refused {
    pub line: usize,
    pub why: String,
}

/// A finance posting (G69).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub machine: String,
    pub serial: u32,
    /// YYYYMMDD
    pub booked: String,
    pub account: String,
    /// In øre; debits above zero, credits below.
    pub oere: i64,
    pub year: String,
    /// The CPR number of a recipient.
    pub cpr: Option<String>,
    pub text: String,
}

/// A file that was read to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub municipality: String,
    pub postings: Vec<Posting>,
}

impl Ledger {
    /// What each account comes to, in øre.
    pub fn balances(&self) -> BTreeMap<String, i64> {
        let mut balances = BTreeMap::new();
        for posting in &self.postings {
            *balances.entry(posting.account.clone()).or_default() += posting.oere;
        }
        balances
    }
}

/// Reads a file of postings.
pub fn read(file: &str) -> Result<Ledger, Refused> {
    let mut lines = file.split("\r\n").collect::<Vec<_>>();
    if lines.pop() != Some("") {
        return Err(refuse(lines.len() + 1, "the last line does not end"));
    }
    let [first, records @ .., last] = &lines[..] else {
        return Err(refuse(1, "there is no start and end"));
    };
    let municipality = start(first)?;
    let mut postings = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let number = place + 2;
        let fields = record.strip_prefix(&head(place + 1, &municipality));
        let fields = fields.ok_or_else(|| refuse(number, "the head is not that of a G69 here"))?;
        postings.push(posting(fields).map_err(|why| refuse(number, &why))?);
    }
    if **last != format!("SLUTD{:05}", postings.len()) {
        return Err(refuse(lines.len(), "the end does not count the records"));
    }
    if postings.iter().map(|posting| posting.oere).sum::<i64>() != 0 {
        return Err(refuse(lines.len(), "debits are not credits"));
    }
    Ok(Ledger { municipality, postings })
}

fn refuse(line: usize, why: &str) -> Refused {
    Refused { line, why: why.to_owned() }
}

fn start(line: &str) -> Result<String, Refused> {
    let wrong = || refuse(1, "the start is not Z300, municipality, 6, six blanks, day of year, 1");
    let rest = line.strip_prefix("Z300 ").ok_or_else(wrong)?;
    let (municipality, rest) = rest.split_at_checked(4).ok_or_else(wrong)?;
    let day = rest.strip_prefix("6      ").and_then(|rest| rest.strip_suffix('1'));
    let day: u16 =
        day.filter(|day| day.len() == 3).and_then(|day| day.parse().ok()).ok_or_else(wrong)?;
    if !(1..=366).contains(&day) || !digits(municipality, 4) {
        return Err(wrong());
    }
    Ok(municipality.to_owned())
}

fn head(number: usize, municipality: &str) -> String {
    format!("000G69{number:05}{municipality}01NORFLYD")
}

fn posting(text: &str) -> Result<Posting, String> {
    let mut fields = fields(text, 3)?;
    let mut take =
        |field: u16| fields.remove(&field).ok_or_else(|| format!("field {field} is missing"));
    let (machine, serial, booked) = (take(103)?, take(104)?, take(110)?);
    let (account, amount, side, year) = (take(111)?, take(112)?, take(113)?, take(114)?);
    let text = take(153)?;
    let cpr = match (take(132).ok().as_deref(), take(133).ok()) {
        (None, None) => None,
        (Some("02"), Some(cpr)) if digits(&cpr, 10) => Some(cpr),
        _ => return Err("fields 132 and 133 name no citizen".to_owned()),
    };
    let right = [
        (digits(&machine, 5), 103),
        (digits(&serial, 7), 104),
        (is_day(&booked), 110),
        ((1..=10).contains(&account.len()), 111),
        (digits(&year, 4) && booked.starts_with(&year), 114),
        (!text.is_empty(), 153),
    ];
    if let Some((_, field)) = right.iter().find(|(right, _)| !right) {
        return Err(format!("field {field} is not as its format says"));
    }
    if let Some(field) = fields.keys().next() {
        return Err(format!("field {field} is not of a posting"));
    }
    let oere = signed(&amount, &side)?;
    let serial = serial.parse().map_err(|_| "field 104 is no number".to_owned())?;
    Ok(Posting { machine, serial, booked, account, oere, year, cpr, text })
}

/// `&NNNvalue`, or with as many digits as the kind of record has, in rising order.
fn fields(text: &str, digits: usize) -> Result<BTreeMap<u16, String>, String> {
    let mut parts = text.split('&');
    if parts.next() != Some("") {
        return Err("there is something before the first field".to_owned());
    }
    let (mut fields, mut before) = (BTreeMap::new(), 0);
    for part in parts {
        let (number, value) = part.split_at_checked(digits).ok_or("a field has no number")?;
        let number: u16 = number.parse().map_err(|_| format!("'{number}' is no field"))?;
        if number <= before {
            return Err(format!("field {number} is out of order"));
        }
        before = number;
        fields.insert(number, value.to_owned());
    }
    Ok(fields)
}

fn signed(amount: &str, side: &str) -> Result<i64, String> {
    let wrong = || "fields 112 and 113 are no amount".to_owned();
    let (number, sign) = amount.split_at_checked(12).ok_or_else(wrong)?;
    if !digits(number, 12) {
        return Err(wrong());
    }
    let oere: i64 = number.parse().map_err(|_| wrong())?;
    match (sign, side) {
        ("+" | " ", "D") | ("-", "K") => Ok(oere),
        ("+" | " ", "K") | ("-", "D") => Ok(-oere),
        _ => Err(wrong()),
    }
}

fn is_day(text: &str) -> bool {
    digits(text, 8) && chrono::NaiveDate::parse_from_str(text, "%Y%m%d").is_ok()
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|sign| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Z300 05616      3071\r\n\
        000G6900001056101NORFLYD&10300001&1040000001&11020201102&111A1&112000000000100+&113D&1142020&153x\r\n\
        000G6900002056101NORFLYD&10300001&1040000001&11020201102&111B2&112000000000100+&113K&1142020\
        &13202&1330101901234&153x\r\n\
        SLUTD00002\r\n";

    #[test]
    fn a_file_is_read_to_its_end() {
        let ledger = read(FILE).expect("it is right");
        assert_eq!(
            ledger.balances(),
            BTreeMap::from([("A1".to_owned(), 100), ("B2".to_owned(), -100)])
        );
        assert_eq!(ledger.postings[1].cpr.as_deref(), Some("0101901234"));
    }

    #[test]
    fn what_is_not_as_the_field_table_says_is_refused() {
        for (right, wrong) in [
            ("Z300 0561", "Z300 056"),
            ("G6900002", "G6900003"),
            ("&113K", "&113D"),
            ("&10300001&104", "&1031&104"),
            ("SLUTD00002", "SLUTD00003"),
            ("&111A1", "&111A1234567890"),
            ("&11020201102", "&11020201332"),
            ("&1142020&153x\r\n000", "&153x&1142020\r\n000"),
            ("&13202", "&13207"),
            ("&112000000000100+&113D", "&112000000000101+&113D"),
        ] {
            let file = FILE.replacen(right, wrong, 1);
            assert_ne!(file, FILE, "{right}");
            assert!(read(&file).is_err(), "{wrong}");
        }
    }
}
