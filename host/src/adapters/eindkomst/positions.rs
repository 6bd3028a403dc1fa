//! Where each field of a record stands, from SKAT's technical guide to eIndkomst.
//!
//! Positions count from 1. Numbers are filled with zeros from the left, texts with blanks from the
//! right; what no field has is blank. Remembered, not read: 9999, and the mark of production in 1000.

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) from: usize,
    pub(super) length: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
}

/// A kind of record: its number and its fields after the line number and the record number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) number: &'static str,
    pub(super) places: &'static [Place],
}

const fn number(name: &'static str, from: usize, length: usize) -> Place {
    Place { name, from, length, kind: Kind::Number }
}

const fn text(name: &'static str, from: usize, length: usize) -> Place {
    Place { name, from, length, kind: Kind::Text }
}

/// The file.
pub(super) const R1000: Layout = Layout {
    number: "1000",
    places: &[
        number("dato-sendt", 12, 8),
        number("klok-sendt", 20, 6),
        number("indberetter-se", 26, 8),
        number("indberetter-cvr", 34, 8),
        number("indberettertype", 42, 2),
        number("indberetningsmetode", 49, 1),
        text("edb-system", 50, 20),
        text("edb-system-version", 70, 20),
        text("hovedindberetnings-id", 90, 16),
        text("eindkomst-version", 106, 3),
        text("test-prod", 109, 1),
        text("eindkomst-letloen", 142, 1),
    ],
};

/// Who must report.
pub(super) const R2001: Layout = Layout {
    number: "2001",
    places: &[
        number("virksomhed-se", 28, 8),
        text("virksomhed-ophoer", 36, 1),
        text("valutakode", 37, 3),
    ],
};

/// The reversal of a report.
pub(super) const R4101: Layout = Layout {
    number: "4101",
    places: &[
        text("indberetnings-id", 12, 16),
        text("reference-id", 28, 16),
        text("tilbagefoersel", 45, 1),
        number("person-cpr", 46, 10),
    ],
};

/// A report: the days, and the day of disposal.
pub(super) const R5000: Layout = Layout {
    number: "5000",
    places: &[
        text("rettelse-tidl-periode", 12, 1),
        text("indberetnings-id", 13, 16),
        text("reference-id", 29, 16),
        number("loenperiode-start", 45, 8),
        number("loenperiode-slut", 53, 8),
        number("dispositionsdato", 61, 8),
        text("forud-bagud", 70, 1),
        number("groenlandsk-kommune", 71, 3),
        number("indkomsttype", 74, 2),
    ],
};

/// A person, and the kind of income.
pub(super) const R6000: Layout = Layout {
    number: "6000",
    places: &[
        number("person-cpr", 20, 10),
        number("person-cvr-se", 30, 8),
        text("medarbejder-nr", 38, 15),
        text("tin", 53, 27),
        text("tin-landekode", 80, 2),
        number("indtaegtsart", 82, 4),
        number("produktionsenhed", 86, 10),
    ],
};

/// An amount.
pub(super) const R6001: Layout = Layout {
    number: "6001",
    places: &[
        number("feltnummer", 12, 4),
        number("beloeb-heltal", 16, 10),
        number("beloeb-decimal", 26, 6),
        text("fortegn", 32, 1),
    ],
};

/// A text.
pub(super) const R6004: Layout =
    Layout { number: "6004", places: &[number("feltnummer", 12, 4), text("fritekst", 16, 58)] };

/// The end.
pub(super) const R9999: Layout =
    Layout { number: "9999", places: &[number("antal-records", 12, 7)] };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_begins_before_the_one_before_it_ends() {
        for layout in [R1000, R2001, R4101, R5000, R6000, R6001, R6004, R9999] {
            let end = layout.places.iter().try_fold(12, |end, place| {
                (place.from >= end).then_some(place.from + place.length)
            });
            assert!(end.is_some(), "{} overlaps", layout.number);
        }
    }
}
