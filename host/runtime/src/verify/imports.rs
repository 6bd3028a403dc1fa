//! Step 5: the module may call one function of the host, and that one answers nothing.

use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::types::TypesRef;
use wasmparser::{BinaryReaderError, Payload};

use crate::fault::{Code, Fault};
use crate::section::own_parts;

const TRACE: &str = "ydun:benefit/trace@1.0.0";
const EMIT: &str = "emit";

/// Looks at each item and not at names alone: an instance that holds nothing but types is harmless.
pub(crate) fn check(component: &[u8], types: TypesRef<'_>) -> Result<(), Fault> {
    for name in names(component).map_err(|error| Fault::new(Code::Format, error))? {
        let import = types.component_item_for_import(name).map(|item| item.ty);
        let Some(ComponentEntityType::Instance(instance)) = import else {
            return refuse(name, "is no interface");
        };
        for (item, kind) in &types[instance].exports {
            match kind.ty {
                ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(_), .. } => {
                    return refuse(&format!("{name}#{item}"), "is a handle to something outside");
                }
                ComponentEntityType::Type { .. } => {}
                ComponentEntityType::Func(_) if name == TRACE && item == EMIT => {}
                _ => return refuse(&format!("{name}#{item}"), "is not offered to modules"),
            }
        }
    }
    Ok(())
}

fn names(component: &[u8]) -> Result<Vec<&str>, BinaryReaderError> {
    let mut names = Vec::new();
    for part in own_parts(component)? {
        if let Payload::ComponentImportSection(imports) = part {
            for import in imports {
                names.push(import?.name.name);
            }
        }
    }
    Ok(names)
}

fn refuse(import: &str, why: &str) -> Result<(), Fault> {
    Err(Fault::new(
        Code::Import,
        format_args!("the import '{import}' {why}; only {TRACE}#{EMIT} is"),
    ))
}
