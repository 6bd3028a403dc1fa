//! Chance that can be had again.

use rust_decimal::Decimal;
use ydun_domain::benefit::{Party, Scalar};
use ydun_domain::{Day, Dkk, Period, Validity};
use ydun_manifest::ScalarKind;

/// A stream of numbers (SplitMix64): the same for the same seed, on every machine.
#[derive(Debug)]
pub(super) struct Draw(u64);

impl Draw {
    /// Streams of neighbouring numbers have nothing in common.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut first = Self(seed);
        Self(first.next() ^ Self(number).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 when there is no such number.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let high = (u128::from(self.next()) * u128::from(bound)) >> 64;
        u32::try_from(high).expect("it is below a u32")
    }

    pub(super) fn one_in(&mut self, count: u32) -> bool {
        self.below(count) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let count = u32::try_from(from.len()).unwrap_or(u32::MAX);
        from.get(self.below(count) as usize)
    }

    pub(super) fn of_any_kind(&mut self, span: Period) -> Scalar {
        let kinds = [
            ScalarKind::Flag,
            ScalarKind::Integer,
            ScalarKind::Amount,
            ScalarKind::Number,
            ScalarKind::Day,
            ScalarKind::Span,
            ScalarKind::Text,
            ScalarKind::Code,
            ScalarKind::Who,
        ];
        let kind = kinds[self.below(9) as usize];
        self.of_kind(kind, span, true)
    }

    /// A value as a case has them; an extreme one where it may be odd.
    pub(super) fn of_kind(&mut self, kind: ScalarKind, span: Period, odd: bool) -> Scalar {
        let odd = odd && self.one_in(3);
        match kind {
            ScalarKind::Flag => Scalar::Flag(self.one_in(2)),
            ScalarKind::Integer => Scalar::Integer(self.integer(odd)),
            ScalarKind::Amount => Scalar::Amount(self.amount(odd)),
            ScalarKind::Number => Scalar::Number(self.number(odd)),
            ScalarKind::Day => Scalar::Day(self.day(span, odd)),
            ScalarKind::Span => {
                let first = self.day(span, odd);
                let one_day = self.one_in(2);
                Scalar::Span(if one_day {
                    Period::of_day(first).into()
                } else {
                    Validity::from_day(first)
                })
            }
            ScalarKind::Text => {
                let texts = ["0561", "Efter sagens oplysninger.", "", "Ærø Kommune, 5970"];
                Scalar::Text(texts[self.below(4) as usize].into())
            }
            ScalarKind::Code => Scalar::Code("ukendt".into()),
            ScalarKind::Who => Scalar::Who(Party::new("fremmed")),
        }
    }

    fn integer(&mut self, odd: bool) -> i64 {
        if odd {
            return [0, -1, i64::MAX, i64::MIN][self.below(4) as usize];
        }
        let usual = [3, 13, 1_000][self.below(3) as usize];
        i64::from(self.below(usual))
    }

    fn amount(&mut self, odd: bool) -> Dkk {
        if odd {
            return [Dkk::ZERO, -Dkk::from_kroner(1), Dkk::MAX, -Dkk::MAX][self.below(4) as usize];
        }
        Dkk::from_oere(i64::from(self.below(4_000_000)))
    }

    fn number(&mut self, odd: bool) -> Decimal {
        if odd {
            let extremes = [Decimal::ZERO, Decimal::NEGATIVE_ONE, Decimal::new(i64::MAX, 1)];
            return extremes[self.below(3) as usize];
        }
        Decimal::new(i64::from(self.below(20_000)), self.below(3))
    }

    /// Near the span, in somebody's life, or at an end of the calendar.
    fn day(&mut self, span: Period, odd: bool) -> Day {
        match (odd, self.below(3)) {
            (true, 0) => Day::new(1850, 1, 1),
            (true, 1) => Day::new(2199, 12, 31),
            (_, 0) => span.first().minus_months(self.below(12 * 70)),
            (_, 1) => span.first().minus_days(self.below(200)),
            _ => span.first().plus_days(self.below(60)),
        }
    }
}
