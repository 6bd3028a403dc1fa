//! Postings as the transactions G69 that older ERPs read.
//!
//! A record a line: a head of fixed width, then fields as `&NNNvalue` in rising order. Each posting is
//! two records, a debit and a credit. Not verified: the end of the lines (CR LF here), whether the
//! number of records in the last line counts the first and the last (it does not here), and the
//! machine number, which a municipality agrees with its ERP; ours is 00001.

use std::io;

use ydun_domain::{Day, Dkk};

use crate::operations::export::{Leaving, PostingExport};

/// Line numbers have five digits, and a posting takes two lines.
pub(super) const POSTINGS_MAX: usize = 49_999;
const MACHINE: &str = "00001";
/// What fits in field 111.
const ACCOUNT_MAX: usize = 10;

/// Why a number cannot stand in field 111.
pub(super) fn refuse(number: &str) -> Option<String> {
    let fits = (1..=ACCOUNT_MAX).contains(&number.len())
        && number.bytes().all(|sign| sign.is_ascii_alphanumeric());
    (!fits).then(|| format!("G69 has room for {ACCOUNT_MAX} letters and digits"))
}

pub(super) fn write(
    export: &PostingExport,
    postings: &[Leaving],
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let made = crate::clock::danish_wall(export.made_at);
    write!(to, "Z300 {}6{:6}{}1\r\n", export.tenant, "", made.format("%j"))?;
    let mut lines = 0;
    for posting in postings {
        for side in [Side::Debit, Side::Credit] {
            lines += 1;
            write!(to, "000G69{lines:05}{}01NORFLYD", export.tenant)?;
            write_fields(to, posting, side)?;
            write!(to, "\r\n")?;
        }
    }
    write!(to, "SLUTD{lines:05}\r\n")
}

#[derive(Clone, Copy)]
enum Side {
    Debit,
    Credit,
}

fn write_fields(to: &mut dyn io::Write, posting: &Leaving, side: Side) -> io::Result<()> {
    let (letter, number) = match side {
        Side::Debit => ('D', &posting.debit_number),
        Side::Credit => ('K', &posting.credit_number),
    };
    write!(to, "&103{MACHINE}&104{:07}", posting.serial % 10_000_000)?;
    write!(to, "&110{}&111{number}", compact(posting.booked))?;
    write!(to, "&112{}&113{letter}&114{}", amount(posting.amount), posting.booked.year())?;
    if let Some(cpr) = posting.cpr {
        write!(to, "&13202&133{}", cpr.digits())?;
    }
    let month = posting.period.last().month();
    write!(to, "&153{} {month} {}", posting.posting_code, posting.case_number)
}

/// YYYYMMDD
fn compact(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// Twelve digits of øre and a sign.
fn amount(amount: Dkk) -> String {
    format!("{:012}+", amount.oere())
}
