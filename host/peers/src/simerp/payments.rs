//! Files of payments (G68), which the ERP pays.

use std::collections::BTreeSet;

use super::{Refused, digits, fields, is_day, refuse, start};

/// A payment to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// 02 CPR, 11 CVR, 12 P.
    pub code: String,
    /// Ten digits.
    pub payee: String,
    pub oere: i64,
    /// YYYYMMDD
    pub on: String,
    /// Twenty digits.
    pub key: String,
    pub text: String,
}

/// Reads a file of payments. No two may have the same key.
pub fn read_payments(file: &str) -> Result<Vec<Payment>, Refused> {
    let mut lines = file.split("\r\n").collect::<Vec<_>>();
    if lines.pop() != Some("") {
        return Err(refuse(lines.len() + 1, "the last line does not end"));
    }
    let [first, records @ .., last] = &lines[..] else {
        return Err(refuse(1, "there is no start and end"));
    };
    let municipality = start(first)?;
    let (mut payments, mut keys) = (Vec::new(), BTreeSet::new());
    for (place, record) in records.iter().enumerate() {
        let head = format!("000G68{:05}{municipality}011", place + 1);
        let fields = record.strip_prefix(&head);
        let fields =
            fields.ok_or_else(|| refuse(place + 2, "the head is not that of a G68 here"))?;
        let payment = payment(fields, &municipality).map_err(|why| refuse(place + 2, &why))?;
        if !keys.insert(payment.key.clone()) {
            return Err(refuse(place + 2, "the key is used before"));
        }
        payments.push(payment);
    }
    if **last != format!("SLUTD{:05}", payments.len()) {
        return Err(refuse(lines.len(), "the end does not count the records"));
    }
    Ok(payments)
}

fn payment(text: &str, municipality: &str) -> Result<Payment, String> {
    let mut fields = fields(text, 2)?;
    let mut take =
        |field: u16| fields.remove(&field).ok_or_else(|| format!("field {field} is missing"));
    let (unit, kind, amount, sign) = (take(2)?, take(3)?, take(8)?, take(9)?);
    let (code, payee, on, key, text) = (take(10)?, take(11)?, take(12)?, take(17)?, take(40)?);
    let right = [
        (unit == municipality, 2),
        (kind == "00", 3),
        (digits(&amount, 11), 8),
        (sign == "+", 9),
        (matches!(code.as_str(), "02" | "11" | "12"), 10),
        (digits(&payee, 10), 11),
        (is_day(&on), 12),
        (digits(&key, 20), 17),
        (!text.is_empty(), 40),
    ];
    if let Some((_, field)) = right.iter().find(|(right, _)| !right) {
        return Err(format!("field {field} is not as its format says"));
    }
    if let Some(field) = fields.keys().next() {
        return Err(format!("field {field} is not of a payment"));
    }
    let oere = amount.parse().map_err(|_| "field 8 is no number".to_owned())?;
    Ok(Payment { code, payee, oere, on, key, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Z300 05616      3071\r\n\
        000G68000010561011&020561&0300&0800000000100&09+&1002&110101901234&1220201130\
        &1700000000000000000001&40Hjælp\r\n\
        SLUTD00001\r\n";

    #[test]
    fn a_payment_is_read_field_by_field() {
        let payment = read_payments(FILE).expect("it is right").remove(0);
        assert_eq!((payment.oere, payment.payee.as_str()), (100, "0101901234"));
        for (right, wrong) in [
            ("&020561", "&020562"),
            ("&0800000000100", "&08100"),
            ("&09+", "&09-"),
            ("&1002", "&1013"),
            ("&1220201130", "&1220201131"),
            ("&1700000000000000000001", "&17x"),
            ("SLUTD00001", "SLUTD00002"),
            ("G6800001", "G6800002"),
        ] {
            assert!(read_payments(&FILE.replacen(right, wrong, 1)).is_err(), "{wrong}");
        }
    }
}
