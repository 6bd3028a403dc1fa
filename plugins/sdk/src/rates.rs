//! Finding statutory figures in a dossier.

use rust_decimal::Decimal;
use ydun_domain::benefit::{Dossier, Failure, RateRow, Scalar};
use ydun_domain::{Day, Dkk, Validity};

/// The figures the host sent, as they were known on the dossier's day of knowledge.
#[derive(Clone, Copy, Debug)]
pub struct Rates<'a>(&'a [RateRow]);

/// A figure, the days it applies to, and where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cited<'a, T> {
    pub value: T,
    pub valid: Validity,
    pub source: &'a str,
}

impl<'a> Rates<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        Self(&dossier.rates)
    }

    /// An amount in force on a day; [`Failure::MissingRate`] when there is none.
    pub fn amount(&self, key: &str, day: Day) -> Result<Cited<'a, Dkk>, Failure> {
        self.read(key, day, "amount", Scalar::amount)
    }

    /// A number in force on a day, such as a share or a percentage.
    pub fn number(&self, key: &str, day: Day) -> Result<Cited<'a, Decimal>, Failure> {
        self.read(key, day, "number", |scalar| {
            if let Scalar::Number(number) = scalar { Some(*number) } else { None }
        })
    }

    fn read<T>(
        &self,
        key: &str,
        day: Day,
        kind: &str,
        value: impl FnOnce(&Scalar) -> Option<T>,
    ) -> Result<Cited<'a, T>, Failure> {
        let row = self.at(key, day)?;
        let wrong = || {
            Failure::Contradiction(format!(
                "rate '{key}' is of kind {}, not {kind}",
                row.value.kind()
            ))
        };
        Ok(Cited {
            value: value(&row.value).ok_or_else(wrong)?,
            valid: row.valid,
            source: &row.source,
        })
    }

    fn at(&self, key: &str, day: Day) -> Result<&'a RateRow, Failure> {
        let mut rows = self.0.iter().filter(|row| row.key == key && row.valid.contains(day));
        match (rows.next(), rows.next()) {
            (None, _) => Err(Failure::MissingRate(format!("{key} on {day}"))),
            (Some(row), None) => Ok(row),
            (Some(_), Some(_)) => {
                Err(Failure::Contradiction(format!("rate '{key}' has two values on {day}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(valid: &str, kroner: i64) -> RateRow {
        RateRow {
            key: "rate".into(),
            valid: valid.parse().unwrap(),
            value: Scalar::Amount(Dkk::from_kroner(kroner)),
            source: "invented".into(),
        }
    }

    #[test]
    fn a_day_has_one_value_or_a_clear_error() {
        let rows = [row("2019-01-01..2019-12-31", 40), row("2020-01-01..", 45)];
        let rates = Rates(&rows);
        assert_eq!(
            rates.amount("rate", Day::new(2019, 12, 31)).unwrap().value,
            Dkk::from_kroner(40)
        );
        assert_eq!(rates.amount("rate", Day::new(2020, 1, 1)).unwrap().value, Dkk::from_kroner(45));
        let missing = rates.amount("rate", Day::new(2018, 12, 31));
        assert_eq!(missing, Err(Failure::MissingRate("rate on 2018-12-31".into())));
        assert!(matches!(
            rates.number("rate", Day::new(2020, 1, 1)),
            Err(Failure::Contradiction(_))
        ));
        let twice = [row("2019-01-01..", 40), row("2020-01-01..", 45)];
        assert!(matches!(
            Rates(&twice).amount("rate", Day::new(2020, 1, 1)),
            Err(Failure::Contradiction(_))
        ));
    }
}
