//! What the law leaves open, or what we could not verify: dated, with a default, a grade and a source.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;
use ydun_domain::{Day, Dkk};

use crate::words::words;

words! {
    /// Something that can be chosen.
    Key("tax setting") {
        /// AM-bidrag in percent.
        AmPercent = "am-percent",
        /// A-tax in percent when no card is known, and above the amount of a free card.
        PercentWithoutCard = "percent-without-card",
        /// How withheld AM-bidrag and A-tax are rounded.
        Rounding = "rounding-of-withheld-tax",
        /// Whether a back payment uses the month's allowance.
        AllowanceAtBackPayment = "allowance-at-back-payment",
        /// How many whole months may lie between an income and its payment before it is a back payment.
        BackPaymentAfterMonths = "back-payment-after-months",
        /// The person's own share of ATP, in kroner a month.
        AtpOwnShare = "atp-own-share",
        /// Obligatory pension in percent of the benefit.
        PensionPercent = "pension-percent",
        /// What a repayment takes back in the year the money was paid in.
        RepaidInTheYear = "repaid-in-the-year",
        /// What a repayment takes back in a later year.
        RepaidLater = "repaid-later",
        /// The amount told beside a refund account.
        RefundAmount = "refund-amount",
        /// The municipality's number as the one who must report; `cvr` is its own CVR number.
        SeNumber = "se-number",
    }

    /// How well something is known.
    Grade("grade") {
        /// Read in a law or on an authority's page.
        Verified = "verified",
        /// Read in a secondary page.
        Secondary = "secondary",
        /// Remembered by people who know the field; no source was found.
        Remembered = "remembered",
        /// Not law: a convention of ours where the law leaves it open.
        Convention = "convention",
        /// Not found, or the sources contradict each other.
        Unknown = "unknown",
    }

    WithheldRounding("rounding") {
        DownToKrone = "down-to-krone",
        NearestOere = "nearest-oere",
    }

    AtBackPayment("use of the allowance") {
        NotUsed = "not-used",
        Used = "used",
    }

    /// What a repayment takes back.
    Repaid("kind of repayment") {
        /// The income and the tax withheld from it: the person repays the net.
        Net = "net",
        /// The income only: the person repays the gross, and the tax authority settles the tax.
        Gross = "gross",
    }

    RefundAmount("refund amount") {
        /// The benefit before anything is taken from it.
        Gross = "gross",
        /// The income as it is reported.
        Income = "income",
    }
}

/// A value of a setting from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    pub key: Key,
    pub from: Day,
    pub value: String,
    /// None for the municipality's own choice.
    pub grade: Option<Grade>,
    pub source: String,
}

/// Every value, the defaults first and then what the municipality has chosen.
#[derive(Clone, Debug)]
pub struct Settings(Vec<Value>);

/// The values that count for payments of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub am_percent: Decimal,
    pub percent_without_card: u8,
    pub rounding: WithheldRounding,
    pub allowance_at_back_payment: AtBackPayment,
    pub back_payment_after_months: u32,
    pub atp_own_share: Dkk,
    pub pension_percent: Decimal,
    pub repaid_in_the_year: Repaid,
    pub repaid_later: Repaid,
    pub refund_amount: RefundAmount,
    /// None: the municipality's CVR number.
    pub se_number: Option<ydun_domain::SeNumber>,
}

/// The value cannot be what is set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{value}' is no value of the tax setting '{key}': {why}")]
pub struct BadValue {
    key: Key,
    value: String,
    why: String,
}

/// Key, first day, value, grade, source.
type Default = (Key, (i32, u32, u32), &'static str, Grade, &'static str);

const DEFAULTS: &[Default] = &[
    (Key::AmPercent, (2018, 1, 1), "8", Grade::Verified, "SKATs vejledning til felt 16"),
    (
        Key::PercentWithoutCard,
        (2018, 1, 1),
        "55",
        Grade::Remembered,
        "husket fra kildeskatteloven § 48; ikke efterprøvet",
    ),
    (
        Key::Rounding,
        (2018, 1, 1),
        "down-to-krone",
        Grade::Remembered,
        "husket praksis: indeholdt skat rundes ned til hele kroner",
    ),
    (
        Key::AllowanceAtBackPayment,
        (2018, 1, 1),
        "not-used",
        Grade::Verified,
        "SKATs juridiske vejledning: som hovedregel bruges intet fradrag ved efterbetaling",
    ),
    (
        Key::BackPaymentAfterMonths,
        (2018, 1, 1),
        "1",
        Grade::Convention,
        "valgt af os: en ydelse, der betales bagud i måneden efter, er ingen efterbetaling",
    ),
    (
        Key::AtpOwnShare,
        (2021, 1, 1),
        "95.00",
        Grade::Secondary,
        "en kommunes takstside for 2021 (kontanthjælp, revalidering og ledighedsydelse)",
    ),
    (
        Key::AtpOwnShare,
        (2024, 1, 1),
        "99.00",
        Grade::Remembered,
        "husket: 297 kr. om måneden, heraf en tredjedel fra borgeren",
    ),
    (Key::PensionPercent, (2020, 1, 1), "0.3", Grade::Verified, PENSION),
    (Key::PensionPercent, (2021, 1, 1), "0.6", Grade::Verified, PENSION),
    (Key::PensionPercent, (2022, 1, 1), "0.9", Grade::Verified, PENSION),
    (Key::PensionPercent, (2023, 1, 1), "1.2", Grade::Verified, PENSION),
    (Key::PensionPercent, (2024, 1, 1), "1.5", Grade::Verified, PENSION),
    (Key::PensionPercent, (2025, 1, 1), "1.8", Grade::Verified, PENSION),
    (Key::PensionPercent, (2026, 1, 1), "2.1", Grade::Verified, PENSION),
    (Key::PensionPercent, (2027, 1, 1), "2.4", Grade::Verified, PENSION),
    (Key::PensionPercent, (2028, 1, 1), "2.7", Grade::Verified, PENSION),
    (Key::PensionPercent, (2029, 1, 1), "3.0", Grade::Verified, PENSION),
    (Key::PensionPercent, (2030, 1, 1), "3.3", Grade::Verified, PENSION),
    (
        Key::RepaidInTheYear,
        (2018, 1, 1),
        "net",
        Grade::Remembered,
        "husket praksis: i udbetalingsåret betales netto tilbage",
    ),
    (
        Key::RepaidLater,
        (2018, 1, 1),
        "gross",
        Grade::Remembered,
        "husket praksis: i et senere år betales brutto tilbage",
    ),
    (
        Key::RefundAmount,
        (2018, 1, 1),
        "gross",
        Grade::Unknown,
        "indholdet af felt 0214 og 0215 er ikke fundet beskrevet",
    ),
    (
        Key::SeNumber,
        (2018, 1, 1),
        "cvr",
        Grade::Unknown,
        "kommunens CVR-nummer, indtil kommunen oplyser sit eget SE-nummer",
    ),
];

const PENSION: &str = "lov om aktiv socialpolitik § 80 c";

/// Before the first default, nothing is taken: those years are not paid from here.
const NOTHING: [(Key, &str); 2] = [(Key::AtpOwnShare, "0.00"), (Key::PensionPercent, "0")];

impl Settings {
    /// The defaults and the municipality's choices.
    pub fn new(chosen: Vec<Value>) -> Self {
        let default = |(key, (year, month, day), value, grade, source): &Default| Value {
            key: *key,
            from: Day::new(*year, *month, *day),
            value: (*value).to_owned(),
            grade: Some(*grade),
            source: (*source).to_owned(),
        };
        Self(DEFAULTS.iter().map(default).chain(chosen).collect())
    }

    /// Every value, in the order of key and day.
    pub fn values(&self) -> Vec<&Value> {
        let mut values: Vec<&Value> = self.0.iter().collect();
        values.sort_by_key(|value| (value.key, value.from, value.grade.is_none()));
        values
    }

    /// The value of each key that counts on a day: the latest, and of two the municipality's.
    fn on(&self, day: Day) -> BTreeMap<Key, &str> {
        let mut values: BTreeMap<Key, &str> = NOTHING.into_iter().collect();
        for value in self.values().into_iter().filter(|value| value.from <= day) {
            values.insert(value.key, &value.value);
        }
        values
    }

    /// What counts for payments of a day. Days before the first defaults use those.
    pub fn at(&self, day: Day) -> Rules {
        let first = Day::new(2018, 1, 1);
        let values = self.on(day.max(first));
        let text = |key: Key| values[&key];
        Rules {
            am_percent: read(text(Key::AmPercent)),
            percent_without_card: read(text(Key::PercentWithoutCard)),
            rounding: read(text(Key::Rounding)),
            allowance_at_back_payment: read(text(Key::AllowanceAtBackPayment)),
            back_payment_after_months: read(text(Key::BackPaymentAfterMonths)),
            atp_own_share: Dkk::parse_plain(text(Key::AtpOwnShare)).expect(CHECKED),
            pension_percent: read(text(Key::PensionPercent)),
            repaid_in_the_year: read(text(Key::RepaidInTheYear)),
            repaid_later: read(text(Key::RepaidLater)),
            refund_amount: read(text(Key::RefundAmount)),
            se_number: Some(text(Key::SeNumber)).filter(|number| *number != "cvr").map(read),
        }
    }
}

const CHECKED: &str = "values are checked before they are kept";

fn read<T: FromStr<Err: fmt::Debug>>(text: &str) -> T {
    text.parse().expect(CHECKED)
}

impl Key {
    /// Checks a value before it is kept.
    pub fn check(self, value: &str) -> Result<(), BadValue> {
        let why = match self {
            Self::AmPercent | Self::PensionPercent => percent(value),
            Self::PercentWithoutCard => why::<u8>(value).or_else(|| percent(value)),
            Self::Rounding => why::<WithheldRounding>(value),
            Self::AllowanceAtBackPayment => why::<AtBackPayment>(value),
            Self::BackPaymentAfterMonths => why::<u32>(value),
            Self::AtpOwnShare => match Dkk::parse_plain(value) {
                Ok(amount) if amount.is_negative() => Some("it is below zero".to_owned()),
                Ok(_) => None,
                Err(error) => Some(error.to_string()),
            },
            Self::RepaidInTheYear | Self::RepaidLater => why::<Repaid>(value),
            Self::RefundAmount => why::<RefundAmount>(value),
            Self::SeNumber if value == "cvr" => None,
            Self::SeNumber => why::<ydun_domain::SeNumber>(value),
        };
        why.map_or(Ok(()), |why| Err(BadValue { key: self, value: value.to_owned(), why }))
    }
}

fn why<T: FromStr<Err: fmt::Display>>(value: &str) -> Option<String> {
    value.parse::<T>().err().map(|error| error.to_string())
}

fn percent(value: &str) -> Option<String> {
    match value.parse::<Decimal>() {
        Ok(percent) if (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent) => None,
        Ok(_) => Some("a percentage is from 0 to 100".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn every_default_is_a_value_of_its_setting_and_every_setting_has_one() {
        let settings = Settings::new(vec![]);
        for value in settings.values() {
            value.key.check(&value.value).unwrap();
            assert!(!value.source.is_empty());
        }
        let on = settings.on(day("2018-01-01"));
        assert!(Key::ALL.iter().all(|key| on.contains_key(key)), "{on:?}");
    }

    #[test]
    fn a_value_counts_from_its_day_and_the_municipalitys_own_before_the_default() {
        let chosen = |from: &str, value: &str| Value {
            key: Key::AtpOwnShare,
            from: day(from),
            value: value.to_owned(),
            grade: None,
            source: "ATP".to_owned(),
        };
        let settings =
            Settings::new(vec![chosen("2024-01-01", "98.50"), chosen("2026-01-01", "101.00")]);
        for (at, kroner) in [
            ("2017-06-01", "0.00"),
            ("2020-12-31", "0.00"),
            ("2021-01-01", "95.00"),
            ("2024-01-01", "98.50"),
            ("2025-12-31", "98.50"),
            ("2026-01-01", "101.00"),
        ] {
            assert_eq!(settings.at(day(at)).atp_own_share.plain(), kroner, "{at}");
        }
        assert_eq!(settings.at(day("2026-05-01")).pension_percent, Decimal::new(21, 1));
    }

    #[test]
    fn what_is_no_value_is_refused_with_the_reason() {
        for (key, value) in [
            (Key::AmPercent, "101"),
            (Key::PercentWithoutCard, "55.5"),
            (Key::Rounding, "up"),
            (Key::BackPaymentAfterMonths, "-1"),
            (Key::AtpOwnShare, "-1.00"),
            (Key::AtpOwnShare, "99,00"),
            (Key::SeNumber, "12345678"),
        ] {
            let refused = key.check(value).unwrap_err().to_string();
            assert!(refused.contains(value) && refused.contains(key.word()), "{refused}");
        }
        assert!(Key::SeNumber.check("29189803").is_ok());
    }
}
