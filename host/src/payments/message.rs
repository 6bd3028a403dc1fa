//! The text on the payee's bank statement.
//!
//! Employers asked what they had been paid for, and for which period. So the text says the benefit,
//! the period, the case and the employer's own reference. It never names a person.

use std::collections::BTreeSet;

use ydun_domain::Period;

/// What a bank carries: one unstructured remittance line of ISO 20022.
const CHARS_MAX: usize = 140;

/// The text on the statement. When it grows too long the benefit's name is cut, as the rest is what
/// the payee looks the payment up by.
pub fn statement(
    benefit: &str,
    period: Period,
    case_number: &str,
    references: &BTreeSet<&str>,
) -> String {
    let references =
        references.iter().fold(String::new(), |text, reference| format!("{text} ref. {reference}"));
    let rest: String = format!(" {} sag {case_number}{references}", in_words(period))
        .chars()
        .take(CHARS_MAX)
        .collect();
    let room = CHARS_MAX - rest.chars().count();
    let benefit: String = benefit.chars().take(room).collect();
    format!("{benefit}{rest}").trim().to_owned()
}

/// `oktober 2020`, or the days.
pub fn in_words(period: Period) -> String {
    let month = period.first().month();
    if period == month.period() {
        return month.in_words();
    }
    if period.first() == period.last() {
        return period.first().in_words();
    }
    format!("{} - {}", period.first().in_words(), period.last().in_words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(benefit: &str, period: &str, references: &[&str], expected: &str) {
        let references = references.iter().copied().collect();
        assert_eq!(
            statement(benefit, period.parse().unwrap(), "2020-00017", &references),
            expected
        );
    }

    #[test]
    fn the_payee_can_see_what_the_money_is_for() {
        let october = "2020-10-01..2020-10-31";
        check(
            "Voksenlærling",
            october,
            &["4711"],
            "Voksenlærling oktober 2020 sag 2020-00017 ref. 4711",
        );
        check("Voksenlærling", october, &[], "Voksenlærling oktober 2020 sag 2020-00017");
        check("Tilskud", "2020-10-05..2020-10-05", &[], "Tilskud 5. oktober 2020 sag 2020-00017");
        check(
            "Tilskud",
            "2020-10-05..2020-11-08",
            &["a", "b"],
            "Tilskud 5. oktober 2020 - 8. november 2020 sag 2020-00017 ref. a ref. b",
        );
    }

    #[test]
    fn a_long_name_gives_way_to_the_reference() {
        let long = "x".repeat(200);
        let references = BTreeSet::from(["4711"]);
        let text =
            statement(&long, "2020-10-01..2020-10-31".parse().unwrap(), "2020-00017", &references);
        assert_eq!(text.chars().count(), 140);
        assert!(text.ends_with("x oktober 2020 sag 2020-00017 ref. 4711"), "{text}");
        let reference = "9".repeat(300);
        let text = statement(
            &long,
            "2020-10-01..2020-10-31".parse().unwrap(),
            "2020-00017",
            &BTreeSet::from([&*reference]),
        );
        assert_eq!(text.chars().count(), 139); // the blank before the month is cut off
    }
}
