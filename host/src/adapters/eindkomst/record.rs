//! Writing records of fixed width.

use std::io;

use super::positions::{Kind, Layout, Place};

/// The lines of a file, numbered.
pub(super) struct Lines<'a> {
    to: &'a mut dyn io::Write,
    count: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(to: &'a mut dyn io::Write) -> Self {
        Self { to, count: 0 }
    }

    /// How many are written.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Writes a record; fields that are not given are filled.
    pub(super) fn write(&mut self, layout: Layout, values: &[(&str, &str)]) -> io::Result<()> {
        self.count += 1;
        let mut line = format!("{:07}{}", self.count, layout.number);
        for place in layout.places {
            line = format!("{line:<before$}", before = place.from - 1);
            let value = values.iter().find(|(name, _)| *name == place.name);
            line.push_str(&filled(place, value.map_or("", |(_, value)| value))?);
        }
        self.to.write_all(&latin1(&line)?)?;
        self.to.write_all(b"\r\n")
    }
}

fn filled(place: &Place, value: &str) -> io::Result<String> {
    let Place { name, length, kind, .. } = *place;
    if value.chars().count() > length {
        return Err(io::Error::other(format!(
            "'{value}' does not fit in the {length} signs of {name}"
        )));
    }
    Ok(match kind {
        Kind::Number => format!("{value:0>length$}"),
        Kind::Text => format!("{value:<length$}"),
    })
}

/// ISO 8859-1: its signs are the first 256 of Unicode.
fn latin1(line: &str) -> io::Result<Vec<u8>> {
    let byte = |sign: char| {
        let unknown = || io::Error::other(format!("'{sign}' is no sign of ISO 8859-1"));
        u8::try_from(u32::from(sign)).map_err(|_| unknown())
    };
    line.chars().map(byte).collect()
}
