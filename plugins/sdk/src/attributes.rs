//! Typed reading of named values, and typed writing of them.

use rust_decimal::Decimal;
use ydun_domain::benefit::{Attribute, Dossier, Failure, Party, Scalar};
use ydun_domain::{Day, Dkk, Month, Period, Validity};

/// Something with named values: a fact, or the municipality's settings.
///
/// A value that is absent or of another kind is a [`Failure::Contradiction`] that names the place,
/// because the manifest promised the host would see to it.
pub trait Attributes<'a> {
    fn value(&self, name: &str) -> Option<&'a Scalar>;

    /// What is being read, for error texts: `weekly-hours 'f-12'`.
    fn owner(&self) -> String;

    /// The wrong value, as a sentence.
    fn wrong(&self, name: &str, why: &str) -> Failure {
        Failure::Contradiction(format!("{}, attribute '{name}': {why}", self.owner()))
    }

    /// A code that stands for one of our own values.
    fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, Failure> {
        let code = self.code(name)?;
        words.iter().find(|(word, _)| *word == code).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, &format!("'{code}' is none of {}", known.join(", ")))
        })
    }

    fn flag(&self, name: &str) -> Result<bool, Failure> {
        present(self, name, self.maybe_flag(name))
    }

    fn integer(&self, name: &str) -> Result<i64, Failure> {
        present(self, name, self.maybe_integer(name))
    }

    fn amount(&self, name: &str) -> Result<Dkk, Failure> {
        present(self, name, self.maybe_amount(name))
    }

    fn number(&self, name: &str) -> Result<Decimal, Failure> {
        present(self, name, self.maybe_number(name))
    }

    fn day(&self, name: &str) -> Result<Day, Failure> {
        present(self, name, self.maybe_day(name))
    }

    fn span(&self, name: &str) -> Result<Validity, Failure> {
        present(self, name, self.maybe_span(name))
    }

    fn text(&self, name: &str) -> Result<&'a str, Failure> {
        present(self, name, self.maybe_text(name))
    }

    fn code(&self, name: &str) -> Result<&'a str, Failure> {
        present(self, name, self.maybe_code(name))
    }

    fn who(&self, name: &str) -> Result<&'a Party, Failure> {
        present(self, name, self.maybe_who(name))
    }

    fn maybe_flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        of_kind(self, name, "flag", |scalar| {
            if let Scalar::Flag(flag) = scalar { Some(*flag) } else { None }
        })
    }

    fn maybe_integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        of_kind(self, name, "integer", |scalar| {
            if let Scalar::Integer(integer) = scalar { Some(*integer) } else { None }
        })
    }

    fn maybe_amount(&self, name: &str) -> Result<Option<Dkk>, Failure> {
        of_kind(self, name, "amount", Scalar::amount)
    }

    fn maybe_number(&self, name: &str) -> Result<Option<Decimal>, Failure> {
        of_kind(self, name, "number", |scalar| {
            if let Scalar::Number(number) = scalar { Some(*number) } else { None }
        })
    }

    fn maybe_day(&self, name: &str) -> Result<Option<Day>, Failure> {
        of_kind(
            self,
            name,
            "day",
            |scalar| if let Scalar::Day(day) = scalar { Some(*day) } else { None },
        )
    }

    fn maybe_span(&self, name: &str) -> Result<Option<Validity>, Failure> {
        of_kind(self, name, "span", |scalar| {
            if let Scalar::Span(span) = scalar { Some(*span) } else { None }
        })
    }

    fn maybe_text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        of_kind(self, name, "text", |scalar| {
            if let Scalar::Text(text) = scalar { Some(text.as_str()) } else { None }
        })
    }

    fn maybe_code(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        of_kind(self, name, "code", |scalar| {
            if let Scalar::Code(code) = scalar { Some(code.as_str()) } else { None }
        })
    }

    fn maybe_who(&self, name: &str) -> Result<Option<&'a Party>, Failure> {
        of_kind(
            self,
            name,
            "who",
            |scalar| if let Scalar::Who(party) = scalar { Some(party) } else { None },
        )
    }
}

fn present<'a, T>(
    owner: &(impl Attributes<'a> + ?Sized),
    name: &str,
    value: Result<Option<T>, Failure>,
) -> Result<T, Failure> {
    value?.ok_or_else(|| owner.wrong(name, "it is missing"))
}

fn of_kind<'a, T>(
    owner: &(impl Attributes<'a> + ?Sized),
    name: &str,
    kind: &str,
    read: impl FnOnce(&'a Scalar) -> Option<T>,
) -> Result<Option<T>, Failure> {
    let Some(scalar) = owner.value(name) else { return Ok(None) };
    let wrong = || owner.wrong(name, &format!("it is of kind {}, not {kind}", scalar.kind()));
    read(scalar).map(Some).ok_or_else(wrong)
}

/// The municipality's choices.
///
/// The host gives every setting of the manifest, with its default where the municipality has not
/// chosen; so the dossier says for ever what applied.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a>(&'a [Attribute]);

impl<'a> Settings<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        Self(&dossier.settings)
    }
}

impl<'a> Attributes<'a> for Settings<'a> {
    fn value(&self, name: &str) -> Option<&'a Scalar> {
        self.0.iter().find(|setting| setting.name == name).map(|setting| &setting.value)
    }

    fn owner(&self) -> String {
        "settings".into()
    }
}

/// A value that can be told in a step, a note or a line's details.
pub trait Told {
    fn told(self) -> Scalar;
}

/// A word from a list, as opposed to free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a>(pub &'a str);

/// Implements [`Told`] as one of the kinds of [`Scalar`].
macro_rules! told_as {
    ($($type:ty, $this:ident => $scalar:expr;)*) => {$(
        impl Told for $type {
            fn told(self) -> Scalar {
                let $this = self;
                $scalar
            }
        }
    )*};
}

told_as! {
    bool, flag => Scalar::Flag(flag);
    i32, integer => Scalar::Integer(integer.into());
    u32, integer => Scalar::Integer(integer.into());
    i64, integer => Scalar::Integer(integer);
    Dkk, amount => Scalar::Amount(amount);
    Decimal, number => Scalar::Number(number);
    Day, day => Scalar::Day(day);
    Period, period => Scalar::Span(period.into());
    Validity, span => Scalar::Span(span);
    Month, month => Scalar::Text(month.in_words());
    &str, text => Scalar::Text(text.to_owned());
    String, text => Scalar::Text(text);
    Code<'_>, code => Scalar::Code(code.0.to_owned());
    &Party, party => Scalar::Who(party.clone());
    Scalar, scalar => scalar;
}

/// A named value: `told("sats", rate)`.
pub fn told(name: &str, value: impl Told) -> Attribute {
    Attribute::new(name, value.told())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses<T: std::fmt::Debug>(read: Result<T, Failure>, expected: &str) {
        assert_eq!(read.unwrap_err(), Failure::Contradiction(expected.into()));
    }

    #[test]
    fn an_absent_or_wrongly_typed_value_is_named() {
        let given = [told("cap", Code("week")), told("years", 3)];
        let settings = Settings(&given);
        assert_eq!(settings.integer("years"), Ok(3));
        assert_eq!(settings.maybe_integer("months"), Ok(None));
        refuses(settings.integer("months"), "settings, attribute 'months': it is missing");
        refuses(
            settings.maybe_amount("years"),
            "settings, attribute 'years': it is of kind integer, not amount",
        );
        assert_eq!(settings.one_of("cap", &[("month", 1), ("week", 2)]), Ok(2));
        refuses(
            settings.one_of("cap", &[("month", 1)]),
            "settings, attribute 'cap': 'week' is none of month",
        );
    }
}
