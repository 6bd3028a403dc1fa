//! Verification of a module before it may pay anything.
//!
//! One file per step, numbered as in the design of the benefit interface.

mod cases;
mod compatibility;
pub(crate) mod format;
mod generated;
pub(crate) mod imports;
pub(crate) mod interface;
pub(crate) mod manifest;
mod report;
mod signature;
pub(crate) mod size;

pub(crate) use cases::reversed;
pub use cases::{CaseReport, run_one as try_case};
pub use format::floats;
pub use manifest::read as manifest_of;
pub use report::{Report, Step, StepReport};
pub use signature::{Signer, Signing, trusted_signers};

use crate::canonical::Digest;
use crate::case;
use crate::engine::Sandbox;
use crate::fault::{Code, Fault};
use crate::manifest::Manifest;
use crate::module::{Module, compile};
use report::Stopped;

/// Whether a module may contain floating-point instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatPolicy {
    /// For standard benefits: amounts cannot be anything but whole, whatever the code does.
    Forbid,
    Allow,
}

impl FloatPolicy {
    /// A municipality's own modules may calculate with floats; those that all use may not.
    pub fn of(manifest: &Manifest) -> Self {
        if manifest.is_municipal() { Self::Allow } else { Self::Forbid }
    }
}

/// What a module is held up against.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    pub floats: FloatPolicy,
    pub signing: Signing<'a>,
    /// The version in use, which settings and applications build on.
    pub previous: Option<&'a Manifest>,
}

/// The report, and the module when it passed every step.
#[derive(Debug)]
pub struct Verification {
    pub report: Report,
    pub module: Option<Module>,
}

/// Takes a component through every step, up to the first it does not pass.
pub fn verify(sandbox: &Sandbox, component: &[u8], terms: Terms<'_>) -> Verification {
    let mut report = Report::new(Digest::of(component), sandbox.fingerprint());
    let module = steps(&mut report, sandbox, component, terms).ok();
    Verification { report, module }
}

fn steps(
    report: &mut Report,
    sandbox: &Sandbox,
    component: &[u8],
    terms: Terms<'_>,
) -> Result<Module, Stopped> {
    report.step(Step::Size, size::check(component, sandbox))?;
    let signed = report.step(Step::Signature, signature::check(report.digest, terms.signing))?;
    report.signed_by = signed.iter().map(|accepted| accepted.signer.clone()).collect();
    let types = report.step(Step::Format, format::check(component))?;
    let types = types.as_ref();
    let floats = format::floats(component);
    report.float_free = floats.is_none();
    report.step(Step::Floats, allowed(floats, terms.floats))?;

    let manifest = report.step(Step::Manifest, manifest::read(component))?;
    report.manifest = Some(manifest.clone());
    let limits = sandbox.limits(manifest.class);
    report.step(Step::SizeOfClass, size::of_class(component, limits))?;
    report.step(Step::Signed, signature::fits(&signed, &manifest))?;
    report.step(Step::Interface, interface::check(types, &manifest))?;
    report.step(Step::Imports, imports::check(component, types))?;
    report.step(Step::Compatibility, compatibility::check(terms.previous, &manifest))?;

    let compiled = report.step(Step::Compile, compile(sandbox, component))?;
    let module =
        report.step(Step::Start, Module::link(sandbox, report.digest, manifest, &compiled))?;
    let cases = report
        .step(Step::Cases, case::read(component).and_then(|cases| cases::run(&module, &cases)))?;
    report.cases = cases;
    report.step(Step::Generated, generated::check(&module))?;
    Ok(module)
}

fn allowed(floats: Option<String>, policy: FloatPolicy) -> Result<(), Fault> {
    match (floats, policy) {
        (Some(why), FloatPolicy::Forbid) => Err(Fault::new(Code::Floats, why)),
        _ => Ok(()),
    }
}
