//! The cases a module carries along.

use ydun_manifest::Case;
pub use ydun_manifest::case::SECTION;

use crate::fault::{Code, Fault};
use crate::section;

/// The cases in a component. A module that shows nothing is not verified.
pub fn read(component: &[u8]) -> Result<Vec<Case>, Fault> {
    let refuse = |why: String| Fault::new(Code::CasesFormat, why);
    let sections =
        section::read(component, SECTION).map_err(|error| Fault::new(Code::Format, error))?;
    let [json] = sections.as_slice() else {
        return Err(refuse(format!("{} sections '{SECTION}', one is wanted", sections.len())));
    };
    let cases: Vec<Case> =
        serde_json::from_slice(json).map_err(|error| refuse(error.to_string()))?;
    if cases.is_empty() {
        return Err(refuse("there is no case".into()));
    }
    Ok(cases)
}
