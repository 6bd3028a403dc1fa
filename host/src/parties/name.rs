//! The order of names.

use crate::db::{Arg, Bind};

/// A name folded so that bytes in order are names in Danish order, capitals or not.
///
/// Æ, ø and å come after z, in this order, and aa counts as å. Letters of neighbours go where a
/// Danish index puts them: ä with æ, ö with ø, ü with y. Other accents are kept and sort last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortName(Vec<u8>);

impl SortName {
    pub fn of(name: &str) -> Self {
        let lower = name.trim().to_lowercase().replace("aa", "å");
        let folded: String = lower.chars().map(fold).collect();
        Self(folded.into_bytes())
    }

    /// The first key after all that begin with this one.
    pub(super) fn after_prefix(&self) -> Self {
        Self([self.0.as_slice(), &[u8::MAX]].concat())
    }
}

/// The three signs after z in ASCII stand for the three last letters.
fn fold(letter: char) -> char {
    match letter {
        'æ' | 'ä' => '{',
        'ø' | 'ö' => '|',
        'å' => '}',
        'ü' => 'y',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'á' | 'à' | 'â' => 'a',
        other => other,
    }
}

impl Bind for SortName {
    const NULL: Arg = Arg::Bytes(None);
    fn bind(self) -> Arg {
        self.0.bind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_danish_order() {
        let ordered =
            ["Abel", "ANDERSEN", "André", "Zeuthen", "Ægidius", "Østergaard", "Aagaard", "Åse"];
        for pair in ordered.windows(2) {
            assert!(SortName::of(pair[0]) < SortName::of(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn capitals_and_blanks_around_make_no_difference() {
        assert_eq!(SortName::of(" ÅSE Øst "), SortName::of("åse øst"));
        assert_eq!(SortName::of("Aase"), SortName::of("Åse"));
    }
}
