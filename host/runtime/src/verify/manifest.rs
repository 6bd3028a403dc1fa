//! Step 4: the module describes itself, once and without contradiction.

use crate::fault::{Code, Fault};
use crate::manifest::{Manifest, SECTION};
use crate::section;

/// What a component says about itself, before anything else of it is checked.
pub fn read(component: &[u8]) -> Result<Manifest, Fault> {
    let sections =
        section::read(component, SECTION).map_err(|error| Fault::new(Code::Format, error))?;
    let json = match sections.as_slice() {
        [json] => json,
        [] => {
            return Err(Fault::new(
                Code::ManifestMissing,
                format_args!("there is no section '{SECTION}'"),
            ));
        }
        many => {
            return Err(Fault::new(
                Code::ManifestTwice,
                format_args!("{} sections '{SECTION}'", many.len()),
            ));
        }
    };
    let manifest: Manifest =
        serde_json::from_slice(json).map_err(|error| Fault::new(Code::ManifestFormat, error))?;
    manifest.check().map_err(|error| Fault::new(Code::ManifestContent, error))?;
    Ok(manifest)
}
