//! Kroner that are not finished yet.

use ydun_benefit::prelude::*;

/// A fraction, so that nothing is lost before an amount is rounded: a third of 15,355 kr. has no end
/// as a decimal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    over: Decimal,
    /// Always above zero.
    under: Decimal,
}

impl Fraction {
    /// # Panics
    /// When `under` is not above zero.
    pub(super) fn new(over: Decimal, under: Decimal) -> Self {
        assert!(under > Decimal::ZERO, "days and hours to divide by are above zero");
        Self { over, under }
    }

    pub(super) fn times(self, over: Decimal, under: Decimal) -> Self {
        Self::new(self.over * over, self.under * under)
    }

    pub(super) fn less(self, kroner: Decimal) -> Self {
        Self { over: self.over - kroner * self.under, ..self }
    }

    pub(super) fn lesser(self, other: Self) -> Self {
        if other.is_below(self) { other } else { self }
    }

    pub(super) fn is_below(self, other: Self) -> bool {
        self.over * other.under < other.over * self.under
    }

    /// For the rounding that ends a line.
    pub(super) fn value(self) -> Decimal {
        self.over / self.under
    }

    /// For a reader; never for calculating on.
    pub(super) fn shown(self, decimals: u32) -> Decimal {
        self.value().trunc_with_scale(decimals).normalize()
    }
}
