//! Keeping personal numbers out of texts that people write.

use std::fmt::Write as _;

use ydun_domain::Cpr;

/// The text with the last four digits of every personal number hidden.
///
/// Rather a number too many: a place of production that happens to begin like a birthday is hidden too.
pub fn hide_personal_numbers(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    let mut inside_word = false;
    while let Some(next) = rest.chars().next() {
        let found = if inside_word { None } else { personal_number_at_start(rest) };
        let taken = if let Some((cpr, length)) = found {
            write!(hidden, "{cpr}").expect("a String takes any text");
            length
        } else {
            hidden.push(next);
            next.len_utf8()
        };
        inside_word = found.is_some() || next.is_alphanumeric();
        rest = &rest[taken..];
    }
    hidden
}

/// The personal number the text begins with, and how many bytes it takes: ten digits, or a hyphen
/// or blank after the sixth.
fn personal_number_at_start(text: &str) -> Option<(Cpr, usize)> {
    [10, 11].into_iter().find_map(|length| {
        let candidate = text.get(..length)?;
        let ends_there = !text[length..].chars().next().is_some_and(char::is_alphanumeric);
        let cpr = candidate.replace(' ', "-").parse().ok()?;
        ends_there.then_some((cpr, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(hide_personal_numbers(text), expected);
    }

    #[test]
    fn a_personal_number_in_a_text_is_hidden() {
        check("0707614285", "070761-••••");
        check("Ringet til 070761-4285, og 070761 4285.", "Ringet til 070761-••••, og 070761-••••.");
        check("(0707614285)(0707614285)", "(070761-••••)(070761-••••)");
        check("søn: 0707614285", "søn: 070761-••••");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "",
            "29189803",
            "9999999999",
            "07076142851",
            "A0707614285",
            "2020-10-01..2020-10-31",
            "4.200 kr. æøå",
        ] {
            check(text, text);
        }
    }
}
