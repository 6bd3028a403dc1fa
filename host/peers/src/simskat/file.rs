//! Reading a file, byte by byte.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answers::Remark;

/// A file that can be read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) main_id: String,
    pub(super) items: Vec<Item>,
}

/// A file that cannot.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) main_id: String,
    pub(super) remark: Remark,
}

/// Something to enter in the books.
#[derive(Debug)]
pub(super) enum Item {
    Report(Report),
    Reversal { line: u64, id: String, reverses: String, cpr: String, se: String },
}

/// One person's income under one report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) line: u64,
    pub(super) id: String,
    pub(super) se: String,
    pub(super) earlier_period: bool,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) disposal: String,
    pub(super) income_type: String,
    pub(super) cpr: String,
    pub(super) income_kind: String,
    /// Øre by field, in the order given; a field twice is an error for the rules to find.
    pub(super) amounts: Vec<(u16, i64)>,
    /// Texts by field.
    pub(super) texts: Vec<(u16, String)>,
}

impl Item {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Report(report) => &report.id,
            Self::Reversal { id, .. } => id,
        }
    }

    pub(super) fn cpr(&self) -> &str {
        match self {
            Self::Report(report) => &report.cpr,
            Self::Reversal { cpr, .. } => cpr,
        }
    }

    pub(super) fn line(&self) -> u64 {
        match self {
            Self::Report(report) => report.line,
            Self::Reversal { line, .. } => *line,
        }
    }
}

/// A line of the file. Positions count from 1, as in the authority's guide.
struct Line<'a> {
    number: u64,
    bytes: &'a [u8],
}

impl Line<'_> {
    /// The signs from one position to another, both included; what the line does not have is blank.
    fn signs(&self, from: usize, to: usize) -> String {
        let byte = |at: usize| char::from(self.bytes.get(at - 1).copied().unwrap_or(b' '));
        (from..=to).map(byte).collect::<String>().trim_end().to_owned()
    }

    fn digits(&self, from: usize, to: usize) -> Result<String, Remark> {
        let signs = self.signs(from, to);
        if signs.len() == to - from + 1 && signs.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(signs);
        }
        Err(self.wrong("E04", &format!("position {from}-{to} er ikke tal")))
    }

    fn number<T: std::str::FromStr>(&self, from: usize, to: usize) -> Result<T, Remark> {
        let digits = self.digits(from, to)?;
        digits.parse().map_err(|_| self.wrong("E04", &format!("position {from}-{to} er for stor")))
    }

    fn day(&self, from: usize, to: usize) -> Result<String, Remark> {
        let digits = self.digits(from, to)?;
        match NaiveDate::parse_from_str(&digits, "%Y%m%d") {
            Ok(_) => Ok(digits),
            Err(_) => Err(self.wrong("E05", &format!("position {from}-{to} er ingen dato"))),
        }
    }

    fn id(&self, from: usize, to: usize) -> Result<String, Remark> {
        let id = self.signs(from, to);
        if id.is_empty() { Err(self.wrong("E06", "ID mangler")) } else { Ok(id) }
    }

    fn wrong(&self, code: &str, text: &str) -> Remark {
        Remark::of_line(self.number, code, text)
    }
}

pub(super) fn read(content: &[u8]) -> Result<File, Unread> {
    let lines: Vec<&[u8]> = content
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .collect();
    let main_id = lines.first().map(|bytes| Line { number: 1, bytes }.signs(90, 105));
    let main_id = main_id.unwrap_or_default();
    match read_lines(&lines) {
        Ok(items) if !main_id.is_empty() => Ok(File { main_id, items }),
        Ok(_) => {
            let remark = Remark::of_line(1, "E06", "Hovedindberetnings-ID mangler");
            Err(Unread { main_id, remark })
        }
        Err(remark) => Err(Unread { main_id, remark }),
    }
}

/// The state of reading: what the lines before have said.
#[derive(Default)]
struct Reader {
    se: Option<String>,
    /// A record 5000 without its person.
    head: Option<Report>,
    items: Vec<Item>,
    ended: bool,
}

fn read_lines(lines: &[&[u8]]) -> Result<Vec<Item>, Remark> {
    let mut reader = Reader::default();
    for (place, bytes) in lines.iter().enumerate() {
        let number = u64::try_from(place).expect("a file has fewer lines") + 1;
        let line = Line { number, bytes };
        if line.number::<u64>(1, 7)? != number {
            return Err(line.wrong("E01", "linjenummeret er forkert"));
        }
        let record = line.signs(8, 11);
        if (number == 1) != (record == "1000") || reader.ended {
            return Err(line.wrong("E01", "record 1000 er først, og 9999 er sidst"));
        }
        reader.take(&line, &record, lines.len())?;
    }
    if reader.ended { Ok(reader.items) } else { Err(Remark::of_file("E01", "record 9999 mangler")) }
}

impl Reader {
    fn take(&mut self, line: &Line<'_>, record: &str, lines: usize) -> Result<(), Remark> {
        match record {
            "1000" => check_head(line),
            "2001" => {
                self.se = Some(line.digits(28, 35)?);
                Ok(())
            }
            "4101" => self.reversal(line),
            "5000" => self.report(line),
            "6000" => self.person(line),
            "6001" => {
                let amount = (line.number(12, 15)?, amount(line)?);
                self.current(line)?.amounts.push(amount);
                Ok(())
            }
            "6004" => {
                let text = (line.number(12, 15)?, line.signs(16, 73));
                self.current(line)?.texts.push(text);
                Ok(())
            }
            "9999" => {
                self.ended = true;
                let counted: usize = line.number(12, 18)?;
                if counted == lines {
                    Ok(())
                } else {
                    Err(line.wrong("E03", "antallet af records er forkert"))
                }
            }
            _ => Err(line.wrong("E01", "recordtypen er ukendt")),
        }
    }

    fn se(&self, line: &Line<'_>) -> Result<String, Remark> {
        self.se.clone().ok_or_else(|| line.wrong("E01", "record 2001 mangler"))
    }

    fn reversal(&mut self, line: &Line<'_>) -> Result<(), Remark> {
        if line.signs(45, 45).is_empty() {
            return Err(line.wrong("E01", "mærket for tilbageførsel mangler"));
        }
        let (id, reverses) = (line.id(12, 27)?, line.id(28, 43)?);
        let (cpr, se) = (line.digits(46, 55)?, self.se(line)?);
        self.items.push(Item::Reversal { line: line.number, id, reverses, cpr, se });
        Ok(())
    }

    fn report(&mut self, line: &Line<'_>) -> Result<(), Remark> {
        let mark = line.signs(12, 12);
        if !matches!(mark.as_str(), "" | "R") || !matches!(line.signs(70, 70).as_str(), "F" | "B") {
            return Err(line.wrong("E01", "et mærke i record 5000 er ukendt"));
        }
        self.head = Some(Report {
            line: line.number,
            id: line.id(13, 28)?,
            se: self.se(line)?,
            earlier_period: mark == "R",
            first: line.day(45, 52)?,
            last: line.day(53, 60)?,
            disposal: line.day(61, 68)?,
            income_type: line.digits(74, 75)?,
            cpr: String::new(),
            income_kind: String::new(),
            amounts: Vec::new(),
            texts: Vec::new(),
        });
        Ok(())
    }

    fn person(&mut self, line: &Line<'_>) -> Result<(), Remark> {
        let head = self.head.clone();
        let head = head.ok_or_else(|| line.wrong("E01", "record 5000 mangler"))?;
        let (cpr, income_kind) = (line.digits(20, 29)?, line.digits(82, 85)?);
        self.items.push(Item::Report(Report { cpr, income_kind, ..head }));
        Ok(())
    }

    fn current(&mut self, line: &Line<'_>) -> Result<&mut Report, Remark> {
        match self.items.last_mut() {
            Some(Item::Report(report)) => Ok(report),
            _ => Err(line.wrong("E01", "record 6000 mangler")),
        }
    }
}

fn check_head(line: &Line<'_>) -> Result<(), Remark> {
    line.digits(26, 33)?;
    if line.signs(106, 108) != "2.0" || line.signs(142, 142) != "E" {
        return Err(line.wrong("E01", "filen er ikke til eIndkomst 2.0"));
    }
    if !matches!(line.signs(109, 109).as_str(), "T" | "P") {
        return Err(line.wrong("E01", "mærket for test eller produktion mangler"));
    }
    Ok(())
}

/// Whole kroner, and six decimals of which two are used.
fn amount(line: &Line<'_>) -> Result<i64, Remark> {
    let kroner: i64 = line.number(16, 25)?;
    let decimals = line.digits(26, 31)?;
    let (oere, rest) = decimals.split_at(2);
    if rest != "0000" {
        return Err(line.wrong("E04", "beløbet har mere end to decimaler"));
    }
    let oere: i64 = oere.parse().map_err(|_| line.wrong("E04", "ørerne er ikke tal"))?;
    match line.signs(32, 32).as_str() {
        "+" => Ok(kroner * 100 + oere),
        "-" => Ok(-(kroner * 100 + oere)),
        _ => Err(line.wrong("E04", "fortegnet mangler")),
    }
}

impl Report {
    /// Øre by field.
    pub(super) fn fields(&self) -> BTreeMap<u16, i64> {
        self.amounts.iter().copied().collect()
    }

    pub(super) fn account(&self) -> Option<&str> {
        let is_account = |(field, _): &&(u16, String)| matches!(field, 114 | 115);
        self.texts.iter().find(is_account).map(|(_, text)| text.as_str())
    }

    pub(super) fn year(&self) -> &str {
        &self.first[..4]
    }
}
