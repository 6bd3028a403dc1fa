//! Medians and ratios. Seconds belong to a machine; ratios travel.

use std::fmt;
use std::time::Duration;

/// What came out of several rounds.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    nanos: Vec<u128>,
}

impl Spread {
    pub(crate) fn of(times: &[Duration]) -> Self {
        let mut nanos: Vec<u128> = times.iter().map(Duration::as_nanos).collect();
        nanos.sort_unstable();
        Self { nanos }
    }

    pub(crate) fn median(&self) -> u128 {
        self.nanos[self.nanos.len() / 2]
    }

    /// As if half the time had been taken, for work of twice the size.
    pub(crate) fn halved(&self) -> Self {
        Self { nanos: self.nanos.iter().map(|nanos| nanos / 2).collect() }
    }

    pub(crate) fn per_call(&self, calls: usize) -> String {
        let calls = calls as u128;
        let micros = |nanos: u128| hundredths(nanos / 10 / calls);
        let a_second = 1_000_000_000 * calls / self.median().max(1);
        format!(
            "{} µs a call ({}–{}), {a_second} a second",
            micros(self.median()),
            micros(self.nanos[0]),
            micros(self.nanos[self.nanos.len() - 1]),
        )
    }
}

/// `1,234 ms`
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", hundredths(self.median() / 10_000))
    }
}

/// How many times as long, at the median.
pub(crate) fn ratio(longer: &Spread, shorter: &Spread) -> String {
    format!("{} ×", hundredths(longer.median() * 100 / shorter.median().max(1)))
}

fn hundredths(number: u128) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_between_medians() {
        let spread = |millis: &[u64]| {
            Spread::of(&millis.iter().copied().map(Duration::from_millis).collect::<Vec<_>>())
        };
        assert_eq!(ratio(&spread(&[100, 300, 150]), &spread(&[60, 1, 900])), "2.50 ×");
        assert_eq!(spread(&[2, 1, 9]).to_string(), "2.00 ms");
    }
}
