//! Between the generated types of the component model and ours.
//!
//! The host generates its types with wasmtime, a module with wit-bindgen; both come from one
//! interface file and have the same names and fields. [`bindings!`](crate::bindings) writes the
//! conversions once for either side. Strings and lists are moved, not copied.

use super::Party;

/// A value that crossed the wall and is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Malformed {
    /// Which record, such as `line 'tilskud:2020-10'`.
    pub at: String,
    pub why: String,
}

impl Malformed {
    pub fn new(at: impl Into<String>, why: &impl ToString) -> Self {
        Self { at: at.into(), why: why.to_string() }
    }

    /// A value on its own, which does not know where it stands.
    #[expect(clippy::needless_pass_by_value, reason = "for map_err, which gives the error away")]
    pub fn value(why: impl ToString) -> Self {
        Self::new("", &why)
    }

    /// Names the field, unless something inside it has already been named.
    pub fn in_field(self, field: &str) -> Self {
        if self.at.is_empty() { Self { at: field.replace('_', "-"), ..self } } else { self }
    }

    /// Puts the record in front: `line 'tilskud:2020-10', amount`.
    pub fn in_record(self, kind: &str, name: &str) -> Self {
        Self { at: format!("{kind} '{name}', {}", self.at), ..self }
    }
}

/// A value of ours that the component model carries as a `W`.
pub trait Wire<W>: Sized {
    /// Takes a value from the other side, and checks it.
    fn receive(wire: W) -> Result<Self, Malformed>;

    /// Gives a value to the other side.
    fn send(self) -> W;
}

impl Wire<Self> for String {
    fn receive(wire: Self) -> Result<Self, Malformed> {
        Ok(wire)
    }

    fn send(self) -> Self {
        self
    }
}

impl Wire<String> for Party {
    fn receive(wire: String) -> Result<Self, Malformed> {
        Ok(Self(wire))
    }

    fn send(self) -> String {
        self.0
    }
}

impl<W, T: Wire<W>> Wire<Vec<W>> for Vec<T> {
    fn receive(wire: Vec<W>) -> Result<Self, Malformed> {
        wire.into_iter().map(T::receive).collect()
    }

    fn send(self) -> Vec<W> {
        self.into_iter().map(T::send).collect()
    }
}

impl<W, T: Wire<W>> Wire<Option<W>> for Option<T> {
    fn receive(wire: Option<W>) -> Result<Self, Malformed> {
        wire.map(T::receive).transpose()
    }

    fn send(self) -> Option<W> {
        self.map(T::send)
    }
}

/// Digits that fit the interface's 64 bits, and their scale.
pub mod number {
    use rust_decimal::{Decimal, RoundingStrategy};

    use super::Malformed;

    /// Decimals are dropped, halves away from zero, until the digits fit.
    ///
    /// # Panics
    /// On a whole number beyond 64 bits, which no rule of law can reach and the host refuses in a
    /// dossier before it comes here.
    pub fn to_wire(number: Decimal) -> (i64, u8) {
        let fit = (0..=number.scale()).rev().find_map(|scale| {
            let rounded =
                number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
            Some((i64::try_from(rounded.mantissa()).ok()?, u8::try_from(rounded.scale()).ok()?))
        });
        fit.expect("a number of a benefit is below 9 trillion millions")
    }

    pub fn from_wire(digits: i64, scale: u8) -> Result<Decimal, Malformed> {
        Decimal::try_new(digits, u32::from(scale)).map_err(Malformed::value)
    }
}

/// Converts between the generated types in the module `$types` and [`benefit`](crate::benefit):
/// `TryFrom` and `From` for [`Dossier`](crate::benefit::Dossier),
/// [`Outcome`](crate::benefit::Outcome), [`Finding`](crate::benefit::Finding) and
/// [`Failure`](crate::benefit::Failure), and [`Wire`] for all they are made of.
#[macro_export]
macro_rules! bindings {
    ($($types:ident)::+) => {
        const _: () = {
            use $($types)::+ as wit;
            use $crate::benefit::{Malformed, Wire, number};

            $crate::bind_value!($crate::Day, wit::Date, |wire| $crate::Day::from_epoch_days(wire.days), |day| wit::Date {
                days: day.epoch_days(),
            });
            $crate::bind_value!($crate::Dkk, wit::Money, |wire| $crate::Dkk::try_from_oere(wire.oere), |amount| wit::Money {
                oere: amount.oere(),
            });
            $crate::bind_value!(
                $crate::Period,
                wit::Period,
                |wire| $crate::Period::new(Wire::receive(wire.first)?, Wire::receive(wire.last)?),
                |period| wit::Period { first: period.first().send(), last: period.last().send() }
            );
            $crate::bind_value!(
                $crate::Validity,
                wit::Validity,
                |wire| $crate::Validity::new(Wire::receive(wire.first)?, Wire::receive(wire.last)?),
                |valid| wit::Validity { first: valid.first().send(), last: valid.last().send() }
            );

            impl Wire<wit::Scalar> for $crate::benefit::Scalar {
                fn receive(wire: wit::Scalar) -> Result<Self, Malformed> {
                    Ok(match wire {
                        wit::Scalar::Flag(flag) => Self::Flag(flag),
                        wit::Scalar::Integer(integer) => Self::Integer(integer),
                        wit::Scalar::Amount(amount) => Self::Amount(Wire::receive(amount)?),
                        wit::Scalar::Number(decimal) => Self::Number(number::from_wire(decimal.digits, decimal.scale)?),
                        wit::Scalar::Day(day) => Self::Day(Wire::receive(day)?),
                        wit::Scalar::Span(span) => Self::Span(Wire::receive(span)?),
                        wit::Scalar::Text(text) => Self::Text(text),
                        wit::Scalar::Code(code) => Self::Code(code),
                        wit::Scalar::Who(party) => Self::Who(Wire::receive(party)?),
                    })
                }

                fn send(self) -> wit::Scalar {
                    match self {
                        Self::Flag(flag) => wit::Scalar::Flag(flag),
                        Self::Integer(integer) => wit::Scalar::Integer(integer),
                        Self::Amount(amount) => wit::Scalar::Amount(amount.send()),
                        Self::Number(decimal) => {
                            let (digits, scale) = number::to_wire(decimal);
                            wit::Scalar::Number(wit::Decimal { digits, scale })
                        }
                        Self::Day(day) => wit::Scalar::Day(day.send()),
                        Self::Span(span) => wit::Scalar::Span(span.send()),
                        Self::Text(text) => wit::Scalar::Text(text),
                        Self::Code(code) => wit::Scalar::Code(code),
                        Self::Who(party) => wit::Scalar::Who(party.send()),
                    }
                }
            }

            $crate::bind_cases!(State, State { Met, NotMet, NeedsHuman, NotAssessed });
            $crate::bind_cases!(Severity, Severity { Info, Warning, Error });
            $crate::bind_cases!(Verdict, Verdict { Granted, PartlyGranted, Refused, Incomplete, NeedsHuman });
            $crate::bind_cases!(Failure, Failure { MissingRate(key), Unsupported(what), Contradiction(what) });
            $crate::bind_cases!(Effect, Effect { Letter(letter), Task(task), Claim(claim) });

            $crate::bind_record!("attribute" name, Attribute, Attribute { value });
            $crate::bind_record!("fact" id, Fact, Fact { kind, about, valid, attributes });
            $crate::bind_record!("rate" key, RateRow, Rate { valid, value, source });
            $crate::bind_record!("line" key, Line, Line {
                payee, about, period, amount, posting, reference, details, steps
            });
            $crate::bind_record!("step" id, Step, Step { label, law, inputs, value });
            $crate::bind_record!("condition" id, Condition, Condition { label, law, state, facts, missing, note });
            $crate::bind_record!("finding" code, Finding, Finding { path, severity, attributes });
            $crate::bind_record!("need" kind, Need, Need { about, valid, reason });
            $crate::bind_record!("letter" key, Letter, Letter { template, recipient, fields, steps });
            $crate::bind_record!("question" kind, Question, Question { about, valid, given });
            $crate::bind_record!("task" key, Task, Task { queue, title, due, attributes, questions });
            $crate::bind_record!("claim" key, Claim, Claim { debtor, period, amount, ground, details, steps });
            $crate::bind_record!(Dossier, Dossier { as_of, known_at, span, facts, rates, settings, prior });
            $crate::bind_record!(Outcome, Outcome { verdict, conditions, lines, steps, needs, effects, findings });

            $crate::bind_conversions!(Dossier, Outcome, Finding, Failure);
        };
    };
}

/// A value with a check of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! bind_value {
    ($ours:ty, $wire:ty, |$in:ident| $receive:expr, |$out:ident| $send:expr) => {
        impl Wire<$wire> for $ours {
            fn receive($in: $wire) -> Result<Self, Malformed> {
                ($receive).map_err(Malformed::value)
            }

            fn send(self) -> $wire {
                let $out = self;
                $send
            }
        }
    };
}

/// An enum or variant whose cases have the same names on both sides, with or without content.
#[doc(hidden)]
#[macro_export]
macro_rules! bind_cases {
    ($ours:ident, $wire:ident { $($case:ident $(($content:ident))?),* }) => {
        impl Wire<wit::$wire> for $crate::benefit::$ours {
            fn receive(wire: wit::$wire) -> Result<Self, Malformed> {
                Ok(match wire { $(wit::$wire::$case $(($content))? => Self::$case $((Wire::receive($content)?))?,)* })
            }

            fn send(self) -> wit::$wire {
                match self { $(Self::$case $(($content))? => wit::$wire::$case $(($content.send()))?,)* }
            }
        }
    };
}

/// A record whose fields have the same names on both sides; one field may name it in errors.
#[doc(hidden)]
#[macro_export]
macro_rules! bind_record {
    ($kind:literal $name:ident, $ours:ident, $wire:ident { $($field:ident),* }) => {
        impl Wire<wit::$wire> for $crate::benefit::$ours {
            fn receive(wire: wit::$wire) -> Result<Self, Malformed> {
                let $name: String = wire.$name;
                $(let $field = match Wire::receive(wire.$field) {
                    Ok(value) => value,
                    Err(error) => return Err(Malformed::in_field(error, stringify!($field)).in_record($kind, &$name)),
                };)*
                Ok(Self { $name, $($field),* })
            }

            fn send(self) -> wit::$wire {
                wit::$wire { $name: self.$name, $($field: self.$field.send()),* }
            }
        }
    };
    ($ours:ident, $wire:ident { $($field:ident),* }) => {
        impl Wire<wit::$wire> for $crate::benefit::$ours {
            fn receive(wire: wit::$wire) -> Result<Self, Malformed> {
                Ok(Self { $($field: Wire::receive(wire.$field).map_err(|error: Malformed| error.in_field(stringify!($field)))?),* })
            }

            fn send(self) -> wit::$wire {
                wit::$wire { $($field: self.$field.send()),* }
            }
        }
    };
}

/// The standard traits, for what crosses the wall as a whole.
#[doc(hidden)]
#[macro_export]
macro_rules! bind_conversions {
    ($($name:ident),*) => {$(
        impl TryFrom<wit::$name> for $crate::benefit::$name {
            type Error = Malformed;

            fn try_from(wire: wit::$name) -> Result<Self, Malformed> {
                Self::receive(wire)
            }
        }

        impl From<$crate::benefit::$name> for wit::$name {
            fn from(ours: $crate::benefit::$name) -> Self {
                ours.send()
            }
        }
    )*};
}
