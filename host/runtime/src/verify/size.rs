//! Step 1: the file is no larger than a module needs to be.

use crate::engine::Sandbox;
use crate::fault::{Code, Fault};
use crate::limits::Limits;

/// Whatever its class is; the manifest, which says it, has not been read yet.
pub(crate) fn check(component: &[u8], sandbox: &Sandbox) -> Result<(), Fault> {
    at_most(sandbox.component_bytes_max(), component)
}

/// No larger than its class is allowed.
pub(crate) fn of_class(component: &[u8], limits: &Limits) -> Result<(), Fault> {
    at_most(limits.component_bytes, component)
}

fn at_most(allowed: usize, component: &[u8]) -> Result<(), Fault> {
    let size = component.len();
    if size > allowed {
        return Err(Fault::new(Code::Size, format_args!("{size} bytes, {allowed} are allowed")));
    }
    Ok(())
}
