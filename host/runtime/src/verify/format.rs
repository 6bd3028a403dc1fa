//! Step 3: every byte is valid WebAssembly, of the kinds that behave the same everywhere.

use wasmparser::types::Types;
use wasmparser::{Parser, Validator, WasmFeatures};

use crate::engine::ALLOWED;
use crate::fault::{Code, Fault};

/// The types of the component, for the steps that look at what it imports and exports.
pub(crate) fn check(component: &[u8]) -> Result<Types, Fault> {
    if Parser::is_core_wasm(component) {
        return Err(Fault::new(
            Code::Format,
            "this is a core module; a benefit module is a component",
        ));
    }
    if !Parser::is_component(component) {
        return Err(Fault::new(Code::Format, "this is not WebAssembly"));
    }
    Validator::new_with_features(ALLOWED)
        .validate_all(component)
        .map_err(|error| Fault::new(Code::Format, error))
}

/// Why the component is not free of floats; none when it is.
pub fn floats(component: &[u8]) -> Option<String> {
    let features = ALLOWED.difference(WasmFeatures::FLOATS);
    Validator::new_with_features(features)
        .validate_all(component)
        .err()
        .map(|error| error.to_string())
}
