//! Step 5: the module may call one function of the host, and that one answers nothing.

use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload};

use crate::fault::{Code, Fault};

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

/// What the component itself imports; what its parts import from each other does not count.
fn names(component: &[u8]) -> Result<Vec<&str>, wasmparser::BinaryReaderError> {
    let mut names = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 1 => {
                for import in imports {
                    names.push(import?.name.name);
                }
            }
            _ => {}
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
