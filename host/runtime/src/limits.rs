//! How much a module may use in one call.

use std::time::Duration;

use crate::manifest::Class;

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
    /// For modules in a compiled language, which all standard benefits are: [`Class::Compiled`].
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

    /// For a municipality's own in a language whose interpreter comes along: [`Class::Interpreted`].
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

/// The limits of each class. The manifest says which class a module is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLimits {
    pub compiled: Limits,
    pub interpreted: Limits,
}

impl ClassLimits {
    pub fn of(&self, class: Class) -> &Limits {
        match class {
            Class::Compiled => &self.compiled,
            Class::Interpreted => &self.interpreted,
        }
    }

    /// The largest file of any class: all that can be asked before the manifest is read.
    pub fn component_bytes_max(&self) -> usize {
        self.compiled.component_bytes.max(self.interpreted.component_bytes)
    }
}

impl Default for ClassLimits {
    fn default() -> Self {
        Self { compiled: Limits::compiled(), interpreted: Limits::interpreted() }
    }
}
