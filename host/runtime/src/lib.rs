//! Verifies, loads and runs benefit modules in a sandbox.
//!
//! A benefit module is a WebAssembly component: a pure function from a dossier to an outcome. This
//! crate decides whether it may run at all ([`verify()`]), keeps it ready ([`Module`]), and calls it.
//!
//! # How a call goes
//!
//! 1. The dossier is put in canonical order and weighed ([`Input`]); too large is refused.
//! 2. A store and an instance are made for this call alone, with its fuel, time and memory ([`Limits`]).
//! 3. The module calculates. It can call nothing but `trace.emit`, which answers nothing.
//! 4. Its answer is copied out, each value checked, and the instance thrown away.
//! 5. The outcome is held against the host's own rules and the module's manifest.
//! 6. The [`Run`] says what came of it: an outcome, the module's own "I cannot", or a [`Fault`].
//!
//! # What always holds
//!
//! - The same module and the same dossier give the same answer and use the same fuel, on any machine.
//! - A limit ends a run; it never changes an answer. There is no default of zero kroner.
//! - No memory is shared between calls, so nothing of one case can reach another.
//! - The host survives every module: a fault is a value, and the next call is as good as the first.
//! - Machine code is executed only when this process compiled it or the host's key seals it ([`ImageStore`]).
//!
//! Calls are synchronous and use up to 512 KiB of the caller's stack. Run them on a thread of a
//! bounded pool, not inside an async worker.

pub mod canonical;
pub mod case;
mod engine;
mod fault;
pub mod generated;
mod guest;
mod image;
mod input;
mod limits;
mod module;
pub mod replay;
mod run;
pub mod section;
pub mod signature;
mod v1;
mod validate;
pub mod verify;

pub use canonical::Digest;
pub use engine::{Allocation, NoSandbox, Sandbox};
pub use fault::{Code, Fault};
pub use guest::{Level, TraceLine};
pub use image::ImageStore;
pub use input::Input;
pub use limits::{ClassLimits, FuelBudget, Limits};
pub use module::Module;
pub use run::{Calculation, Check, Run, agreed, retry_once};
pub use signature::{Signatures, TrustStore};
pub use verify::{FloatPolicy, Report, Signing, Terms, Verification, verify};
pub use ydun_manifest::{self as manifest, Case, Expected, Manifest};
