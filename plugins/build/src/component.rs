//! From a compiled core module to a component that carries its own description.

use std::borrow::Cow;

use anyhow::{Context, Result, ensure};
use serde::de::IgnoredAny;
use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::ComponentEncoder;
use ydun_manifest::case;

/// What every component begins with.
const PREAMBLE: &[u8] = b"\0asm\x0d\0\x01\0";

/// Makes a component of a core module.
pub(crate) fn assemble(core: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(ComponentEncoder::encode)
        .context("what was compiled does not fit the interface of benefit modules")
}

/// Appends the manifest and the cases, both JSON.
///
/// The sections follow the component's own at its top level, where a reader finds them without
/// descending into the modules inside.
pub(crate) fn describe(mut component: Vec<u8>, manifest: &str, cases: &str) -> Result<Vec<u8>> {
    ensure!(component.starts_with(PREAMBLE), "it is no component; a core module is not enough");
    append(&mut component, ydun_manifest::SECTION, manifest);
    append(&mut component, case::SECTION, cases);
    Ok(component)
}

fn append(component: &mut Vec<u8>, name: &str, text: &str) {
    let section = CustomSection { name: Cow::from(name), data: Cow::from(text.as_bytes()) };
    section.append_to_component(component);
}

/// JSON without the white space between its parts. Order and the spelling of numbers are kept, so
/// that the section says what its author wrote.
pub(crate) fn minify(json: &str) -> Result<String> {
    serde_json::from_str::<IgnoredAny>(json)?;
    let mut in_string = false;
    let mut escaped = false;
    let keep = |c: &char| {
        let kept = in_string || !c.is_ascii_whitespace();
        if *c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = *c == '\\' && !escaped;
        kept
    };
    Ok(json.chars().filter(keep).collect())
}

#[cfg(test)]
mod tests {
    use wasmparser::{Parser, Payload, Validator};
    use wit_component::{StringEncoding, embed_component_metadata};
    use wit_parser::Resolve;

    use super::*;

    /// A core module of a small world, as a compiler would leave it.
    fn core_module() -> Vec<u8> {
        let mut resolve = Resolve::default();
        let text = "package ydun:example; world example { export sum: func(a: u32) -> u32; }";
        let package = resolve.push_str("example.wit", text).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        let code = r#"(module (func (export "sum") (param i32) (result i32) local.get 0))"#;
        let mut module = wat::parse_str(code).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        module
    }

    /// The custom sections at the component's own level.
    fn sections(component: &[u8]) -> Vec<(String, String)> {
        let mut depth = 0;
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            match payload.unwrap() {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                Payload::CustomSection(section) if depth == 0 => {
                    let text = String::from_utf8(section.data().to_vec()).unwrap();
                    found.push((section.name().to_owned(), text));
                }
                _ => {}
            }
        }
        found
    }

    #[test]
    fn manifest_and_cases_are_found_at_the_top_of_a_valid_component() {
        let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(70_000));
        let cases = r#"[{"a":1},{"b":2}]"#;
        let component = describe(assemble(&core_module()).unwrap(), &long, cases).unwrap();

        Validator::new().validate_all(&component).unwrap();
        let found = sections(&component);
        let ours: Vec<_> = found.iter().filter(|(name, _)| name.starts_with("ydun:")).collect();
        let expected = [
            (ydun_manifest::SECTION.to_owned(), long),
            (case::SECTION.to_owned(), cases.to_owned()),
        ];
        assert_eq!(ours, expected.iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_module_that_imports_what_no_interface_offers_is_refused() {
        let curious = wat::parse_str(r#"(module (import "env" "now" (func)))"#).unwrap();
        let error = format!("{:#}", assemble(&curious).unwrap_err());
        assert!(error.contains("env"), "{error}");
    }

    #[test]
    fn only_a_component_is_described() {
        let error = describe(core_module(), "{}", "[]").unwrap_err().to_string();
        assert!(error.contains("no component"), "{error}");
    }

    #[test]
    fn minifying_keeps_order_numbers_and_texts() {
        let cases = [
            ("{ \"b\" : 1.10,\n\t\"a\": [ 1 , 2 ] }\r\n", r#"{"b":1.10,"a":[1,2]}"#),
            (r#"{ "text": "a  \" b" }"#, r#"{"text":"a  \" b"}"#),
            (r#"{ "ends in a backslash\\" : " " }"#, r#"{"ends in a backslash\\":" "}"#),
            (r#"[ "æ ø" ]"#, r#"["æ ø"]"#),
        ];
        for (json, expected) in cases {
            assert_eq!(minify(json).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_the_place() {
        let error = minify("{\n  \"a\": 1,\n}").unwrap_err().to_string();
        assert!(error.contains("line 3"), "{error}");
    }
}
