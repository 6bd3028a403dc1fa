//! How much a module may use in one call.

use std::time::Duration;

/// The limits of one call. Reaching any of them voids the run; none ever changes a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel for `calculate`: the only limit that stops at the same place every time.
    pub calculate: FuelBudget,
    /// Fuel for `check`, which a citizen waits for.
    pub check: FuelBudget,
    /// Backstop for what fuel does not see; depends on the machine, so it is tried once more.
    pub wall: Duration,
    /// All linear memories together.
    pub memory_bytes: usize,
    /// What the host copies out of the module in one call.
    pub output_bytes: usize,
    pub input_bytes: usize,
    /// Facts, rates, settings and prior lines together.
    pub input_rows: usize,
    pub trace_lines: usize,
    pub trace_bytes: usize,
    pub component_bytes: usize,
}

/// Fuel that grows with the dossier, since copying it in is paid by the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FuelBudget {
    pub base: u64,
    pub per_row: u64,
}

impl FuelBudget {
    pub fn for_rows(self, rows: usize) -> u64 {
        self.base.saturating_add(self.per_row.saturating_mul(rows as u64))
    }
}

impl Limits {
    /// For modules in a compiled language, which all standard benefits are.
    pub const fn compiled() -> Self {
        Self {
            calculate: FuelBudget { base: 20_000_000, per_row: 20_000 },
            check: FuelBudget { base: 5_000_000, per_row: 20_000 },
            wall: Duration::from_millis(500),
            memory_bytes: 32 << 20,
            output_bytes: 1 << 20,
            input_bytes: 2 << 20,
            input_rows: 5_000,
            trace_lines: 100,
            trace_bytes: 16 << 10,
            component_bytes: 4 << 20,
        }
    }

    /// For a municipality's prototypes in an interpreted language, whose interpreter comes along.
    pub const fn interpreted() -> Self {
        Self {
            calculate: FuelBudget { base: 400_000_000, per_row: 400_000 },
            check: FuelBudget { base: 200_000_000, per_row: 400_000 },
            wall: Duration::from_secs(3),
            memory_bytes: 64 << 20,
            component_bytes: 32 << 20,
            ..Self::compiled()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::compiled()
    }
}
