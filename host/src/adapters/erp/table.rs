//! Postings as a table: our own layout, with semicolons, in UTF-8.
//!
//! Two rows for each posting, the debit and then the credit: `løbenummer` (the same for both, and never
//! used again), `bogført`, `konto` (the municipality's number), `nøgle` (our key), `debet` and `kredit`
//! (kroner with a decimal comma; one of them empty), `sag`, `postering`, and `fra` and `til`, the days
//! the posting belongs to. No row tells who was paid.

use std::io;

use crate::operations::export::Leaving;

const HEAD: &str = "løbenummer;bogført;konto;nøgle;debet;kredit;sag;postering;fra;til";

pub(super) fn write(postings: &[Leaving], to: &mut dyn io::Write) -> io::Result<()> {
    writeln!(to, "{HEAD}")?;
    for posting in postings {
        let amount = posting.amount.plain().replace('.', ",");
        let Leaving { serial, booked, case_number, posting_code, period, .. } = posting;
        let (first, last) = (period.first(), period.last());
        let tail = format!("{case_number};{posting_code};{first};{last}");
        let (number, key) = (&posting.debit_number, &posting.debit);
        writeln!(to, "{serial};{booked};{number};{key};{amount};;{tail}")?;
        let (number, key) = (&posting.credit_number, &posting.credit);
        writeln!(to, "{serial};{booked};{number};{key};;{amount};{tail}")?;
    }
    Ok(())
}
