//! Step 4, second half: the component has the entries of the interface its manifest names.

use semver::Version;
use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::TypesRef;

use crate::fault::{Code, Fault};
use crate::manifest::Manifest;

/// The one version of `ydun:benefit` this host calls.
const OFFERED: Version = Version::new(1, 0, 0);

pub(crate) fn check(types: TypesRef<'_>, manifest: &Manifest) -> Result<(), Fault> {
    let version = &manifest.interface;
    if *version != OFFERED {
        let why = format!("the manifest names interface {version}, this host calls {OFFERED}");
        return Err(Fault::new(Code::Interface, why));
    }
    for interface in ["calculation", "application"] {
        let name = format!("ydun:benefit/{interface}@{version}");
        let export = types.component_item_for_export(&name).map(|item| item.ty);
        if !matches!(export, Some(ComponentEntityType::Instance(_))) {
            return Err(Fault::new(
                Code::Interface,
                format_args!("the component does not export '{name}'"),
            ));
        }
    }
    Ok(())
}
