//! How values look outside the program: JSON for people, CBOR for keeping.

use rust_decimal::Decimal;

use crate::money::Dkk;
use crate::time::{Day, Month, Period, Validity};

/// Implements JSON as the text of `Display` and `FromStr`.
macro_rules! json_as_text {
    ($($type:ty),*) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

json_as_text!(
    Day,
    Month,
    Period,
    Validity,
    crate::Cvr,
    crate::SeNumber,
    crate::PNumber,
    crate::AccountNumber
);

/// `"1234.50"`
impl serde::Serialize for Dkk {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.plain())
    }
}

impl<'de> serde::Deserialize<'de> for Dkk {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse_plain(&text).map_err(serde::de::Error::custom)
    }
}

/// Implements CBOR as one of the types it has, checked when it is read back.
macro_rules! cbor_as {
    ($($type:ty as $plain:ty, $to:expr, $from:expr;)*) => {$(
        impl<C> minicbor::Encode<C> for $type {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                context: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                let to: fn(&$type) -> $plain = $to;
                to(self).encode(encoder, context)
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                context: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let plain = <$plain as minicbor::Decode<'b, C>>::decode(decoder, context)?;
                ($from)(plain).map_err(minicbor::decode::Error::custom)
            }
        }
    )*};
}

cbor_as! {
    Dkk as i64, |amount| amount.oere(), Dkk::try_from_oere;
    Day as i32, |day| day.epoch_days(), Day::from_epoch_days;
    Period as (Day, Day), |period| (period.first(), period.last()), |(first, last)| Period::new(first, last);
    Validity as (Day, Option<Day>), |span| (span.first(), span.last()), |(first, last)| Validity::new(first, last);
}

/// A number with its scale, so that 37.50 stays 37.50.
pub(crate) mod decimal {
    use super::Decimal;

    pub(crate) fn encode<C, W: minicbor::encode::Write>(
        number: &Decimal,
        encoder: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.str(&number.to_string())?.ok()
    }

    pub(crate) fn decode<C>(
        decoder: &mut minicbor::Decoder<'_>,
        _: &mut C,
    ) -> Result<Decimal, minicbor::decode::Error> {
        decoder.str()?.parse().map_err(minicbor::decode::Error::custom)
    }

    pub(crate) fn serialize<S: serde::Serializer>(
        number: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whole numbers are written only where they must be; see [`Cpr`](crate::Cpr).
impl<'de> serde::Deserialize<'de> for crate::Cpr {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
