//! Step 1: the file is no larger than a module needs to be.

use crate::fault::{Code, Fault};
use crate::limits::Limits;

pub(crate) fn check(component: &[u8], limits: &Limits) -> Result<(), Fault> {
    let (size, allowed) = (component.len(), limits.component_bytes);
    if size > allowed {
        return Err(Fault::new(Code::Size, format_args!("{size} bytes, {allowed} are allowed")));
    }
    Ok(())
}
