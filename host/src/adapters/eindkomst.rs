//! Files for the income register: records of fixed width, one a line, in ISO 8859-1.
//!
//! One report of one person is a record 5000 with one 6000 under it, so that each has an id of its
//! own. Where a record's fields stand is in [`positions`]. Not verified: the end of the lines, the record
//! of the refund amounts (written as amounts, 6001), and the form of the answers, which are read as the
//! JSON of [`Answer`].

mod positions;
mod record;

use std::io;

use ydun_domain::Dkk;

use self::positions::{R1000, R2001, R4101, R5000, R6000, R6001, R6004, R9999};
use self::record::Lines;
use crate::reports::{Answer, Item, NotAnAnswer, ReportFile, ReportFormat, field};

/// The income register of the tax authority.
#[derive(Clone, Copy, Debug)]
pub struct Eindkomst {
    pub purpose: Purpose,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Test,
    Production,
}

const SYSTEM: &str = "YDUN";
const SYSTEM_VERSION: &str = env!("CARGO_PKG_VERSION");
/// The version of the register's interface.
const VERSION: &str = "2.0";

impl ReportFormat for Eindkomst {
    fn write(&self, file: &ReportFile, items: &[Item], to: &mut dyn io::Write) -> io::Result<()> {
        let mut lines = Lines::new(to);
        self.write_head(&mut lines, file)?;
        for item in items {
            match &item.reverses {
                Some(reversed) => write_reversal(&mut lines, item, reversed)?,
                None => write_report(&mut lines, item)?,
            }
        }
        let records = (lines.count() + 1).to_string();
        lines.write(R9999, &[("antal-records", &records)])
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        serde_json::from_slice(answer).map_err(|error| NotAnAnswer(error.to_string()))
    }
}

impl Eindkomst {
    fn write_head(self, lines: &mut Lines<'_>, file: &ReportFile) -> io::Result<()> {
        let made = crate::clock::danish_wall(file.made_at);
        let purpose = match self.purpose {
            Purpose::Test => "T",
            Purpose::Production => "P",
        };
        lines.write(
            R1000,
            &[
                ("dato-sendt", &made.format("%Y%m%d").to_string()),
                ("klok-sendt", &made.format("%H%M%S").to_string()),
                ("indberetter-se", &file.se_number),
                ("indberettertype", "01"),
                ("indberetningsmetode", "0"),
                ("edb-system", SYSTEM),
                ("edb-system-version", SYSTEM_VERSION),
                ("hovedindberetnings-id", &file.main_id),
                ("eindkomst-version", VERSION),
                ("test-prod", purpose),
                ("eindkomst-letloen", "E"),
            ],
        )?;
        lines.write(R2001, &[("virksomhed-se", &file.se_number)])
    }
}

fn write_reversal(lines: &mut Lines<'_>, item: &Item, reversed: &str) -> io::Result<()> {
    lines.write(
        R4101,
        &[
            ("indberetnings-id", &item.report_id),
            ("reference-id", reversed),
            ("tilbagefoersel", "X"),
            ("person-cpr", item.key.cpr.digits()),
        ],
    )
}

fn write_report(lines: &mut Lines<'_>, item: &Item) -> io::Result<()> {
    let key = &item.key;
    let day = |day: ydun_domain::Day| day.date().format("%Y%m%d").to_string();
    lines.write(
        R5000,
        &[
            ("rettelse-tidl-periode", if item.earlier_period { "R" } else { "" }),
            ("indberetnings-id", &item.report_id),
            ("loenperiode-start", &day(key.period.first())),
            ("loenperiode-slut", &day(key.period.last())),
            ("dispositionsdato", &day(item.disposal)),
            ("forud-bagud", "B"),
            ("indkomsttype", &key.income_type),
        ],
    )?;
    lines.write(R6000, &[("person-cpr", key.cpr.digits()), ("indtaegtsart", &key.income_kind)])?;
    for (number, amount) in &item.amounts {
        write_amount(lines, *number, *amount)?;
    }
    if key.account.is_empty() {
        return Ok(());
    }
    let number = field::REFUND_ACCOUNT.to_string();
    lines.write(R6004, &[("feltnummer", &number), ("fritekst", &key.account)])
}

/// Whole kroner, and øre as the first two of six decimals.
fn write_amount(lines: &mut Lines<'_>, number: u16, amount: Dkk) -> io::Result<()> {
    let oere = amount.abs().oere();
    lines.write(
        R6001,
        &[
            ("feltnummer", &number.to_string()),
            ("beloeb-heltal", &(oere / 100).to_string()),
            ("beloeb-decimal", &format!("{:02}0000", oere % 100)),
            ("fortegn", if amount.is_negative() { "-" } else { "+" }),
        ],
    )
}

#[cfg(test)]
mod tests;
