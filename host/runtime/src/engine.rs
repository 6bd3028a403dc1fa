//! The one configuration every module runs under.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use wasmtime::component::{HasSelf, Linker};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OperatorCost, PoolingAllocationConfig,
    VariableOperatorCost, WasmFeatures,
};

use crate::guest::Guest;
use crate::limits::{ClassLimits, Limits};
use crate::manifest::Class;
use crate::v1;

/// What a module may be made of. Everything that could let two machines disagree is left out.
pub(crate) const ALLOWED: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::COMPONENT_MODEL);

/// Core instances in one component; adapters and shims of the tools count too.
pub(crate) const MAX_INSTANCES: u32 = 50;
pub(crate) const MAX_MEMORIES: u32 = 4;
pub(crate) const MAX_TABLES: u32 = 8;
/// `CPython` starts with 5 670 elements, the largest seen.
pub(crate) const TABLE_ELEMENTS: usize = 10_000;

/// Names [`operator_cost`]. A change of the table is a new name, and a new reason to replay.
const COST_ID: &str = "ydun-cost-1";
const WASMTIME: &str = "wasmtime 48.0.8";
/// How often the wall clock is looked at.
const TICK: Duration = Duration::from_millis(10);
const STACK_BYTES: usize = 512 << 10;
/// The largest memory any [`Limits`] may grant, so that one pool serves every class.
const SLOT_BYTES: usize = 64 << 20;
/// Pages cleared by writing instead of by the kernel: what a small module touches.
const KEEP_RESIDENT_BYTES: usize = 256 << 10;
const BACKTRACE_FRAMES: usize = 32;

/// The engine cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox cannot be set up on this machine: {0:#}")]
pub struct NoSandbox(wasmtime::Error);

/// Where modules run: one engine, and the limits of each class. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    engine: Engine,
    linker: Linker<Guest>,
    limits: ClassLimits,
    allocation: Allocation,
    fingerprint: String,
}

/// How instances get their memory. Results and fuel are the same, time is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// From slots reserved at start; the fast way.
    Pooled,
    /// From the kernel at each call, where the address space is too small for slots.
    OnDemand,
}

impl Sandbox {
    /// Reserves slots for a few modules per core; does without where the machine has no room.
    pub fn new(limits: ClassLimits) -> Result<Self, NoSandbox> {
        Self::with(limits.clone(), Allocation::Pooled).or_else(|refused| {
            tracing::warn!(%refused, "no address space for a pool, instances are allocated one by one");
            Self::with(limits, Allocation::OnDemand)
        })
    }

    /// A sandbox that allocates as told.
    pub fn with(limits: ClassLimits, allocation: Allocation) -> Result<Self, NoSandbox> {
        let engine = Engine::new(&config(allocation)).map_err(NoSandbox)?;
        let mut linker = Linker::new(&engine);
        v1::Benefit::add_to_linker::<_, HasSelf<Guest>>(&mut linker, |guest| guest)
            .map_err(NoSandbox)?;
        tick(&engine);
        let fingerprint = fingerprint(&engine);
        Ok(Self(Arc::new(Inner { engine, linker, limits, allocation, fingerprint })))
    }

    /// What a module of a class may use.
    pub fn limits(&self, class: Class) -> &Limits {
        self.0.limits.of(class)
    }

    pub(crate) fn component_bytes_max(&self) -> usize {
        self.0.limits.component_bytes_max()
    }

    pub fn allocation(&self) -> Allocation {
        self.0.allocation
    }

    /// Wasmtime's version, a hash of its settings and the id of the cost table.
    ///
    /// Stored with every run: where it differs, a replay must show that nothing else does.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn linker(&self) -> &Linker<Guest> {
        &self.0.linker
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("fingerprint", &self.0.fingerprint)
            .field("allocation", &self.0.allocation)
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

fn config(allocation: Allocation) -> Config {
    let mut config = Config::new();
    config
        .wasm_features(WasmFeatures::all(), false)
        .wasm_features(ALLOWED, true)
        .consume_fuel(true)
        .operator_cost(operator_cost())
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .concurrency_support(false)
        .max_wasm_stack(STACK_BYTES)
        .memory_init_cow(true)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(BACKTRACE_FRAMES))
        .allocation_strategy(match allocation {
            Allocation::Pooled => InstanceAllocationStrategy::Pooling(pool()),
            Allocation::OnDemand => InstanceAllocationStrategy::OnDemand,
        });
    config
}

/// Four slots per core, so that no caller ever waits for one.
fn pool() -> PoolingAllocationConfig {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let slots = u32::try_from(cores).unwrap_or(u32::MAX).saturating_mul(4).clamp(16, 256);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots * MAX_INSTANCES)
        .total_memories(slots * MAX_MEMORIES)
        .total_tables(slots * MAX_TABLES)
        .max_core_instances_per_component(MAX_INSTANCES)
        .max_memories_per_component(MAX_MEMORIES)
        .max_tables_per_component(MAX_TABLES)
        .max_memories_per_module(1)
        .max_tables_per_module(2)
        .max_memory_size(SLOT_BYTES)
        .table_elements(TABLE_ELEMENTS)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(KEEP_RESIDENT_BYTES)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// What each instruction costs in fuel, written out so that a new wasmtime cannot change it.
///
/// What generates no code is free, everything else is one, and instructions over a range pay by
/// its length. `the_cost_of_instructions_is_pinned` finds a change in the part not written here.
fn operator_cost() -> OperatorCost {
    OperatorCost {
        Nop: 0,
        Drop: 0,
        Block: 0,
        Loop: 0,
        Unreachable: 0,
        Return: 0,
        Else: 0,
        End: 0,
        variable: VariableOperatorCost {
            memory_copy_per_byte: 1,
            memory_fill_per_byte: 1,
            memory_init_per_byte: 1,
            memory_grow_per_page: 0,
            table_copy_per_element: 1,
            table_fill_per_element: 1,
            table_init_per_element: 1,
            table_grow_per_element: 1,
            ..VariableOperatorCost::new()
        },
        ..OperatorCost::new()
    }
}

/// Advances the clock of an engine until the engine is gone.
fn tick(engine: &Engine) {
    let engine = engine.weak();
    std::thread::Builder::new()
        .name("ydun-epoch".into())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .expect("the machine can start one more thread");
}

/// Ticks after which a call that began now has had its time.
pub(crate) fn ticks(wall: Duration) -> u64 {
    u64::try_from(wall.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX).saturating_add(1)
}

fn fingerprint(engine: &Engine) -> String {
    let mut hasher = ShaHasher(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{WASMTIME}, settings {:016x}, {COST_ID}", hasher.finish())
}

/// Hashes the same in every release of the standard library's own hasher.
struct ShaHasher(Sha256);

impl Hasher for ShaHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        u64::from_be_bytes(digest[..8].try_into().expect("a digest has more than 8 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::Digest;

    #[test]
    fn the_cost_of_instructions_is_pinned() {
        let table = format!("{:?}", operator_cost());
        insta::assert_snapshot!(Digest::of(table.as_bytes()), @"56ab2396bcabd3b0a204f9fcd129be0c4e964528c00684d31c096b1a02b72f2c");
    }

    #[test]
    fn the_named_version_is_the_one_in_use() {
        let lock = include_str!("../../../Cargo.lock");
        let (name, version) = WASMTIME.split_once(' ').unwrap();
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")));
    }

    #[test]
    fn the_fingerprint_does_not_depend_on_the_limits() {
        let one = Sandbox::new(ClassLimits::default()).unwrap();
        let generous = ClassLimits { compiled: Limits::interpreted(), ..ClassLimits::default() };
        let other = Sandbox::new(generous).unwrap();
        assert_eq!(one.fingerprint(), other.fingerprint());
    }

    #[test]
    fn the_wall_clock_allows_at_least_what_was_asked() {
        assert_eq!(ticks(Duration::from_millis(500)), 51);
        assert_eq!(ticks(Duration::from_millis(1)), 2);
    }
}
