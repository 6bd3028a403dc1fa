//! Custom sections of a component: where a module keeps its manifest and its cases.

use wasmparser::{BinaryReaderError, Parser, Payload};

/// The parts of the component itself, without those of the modules inside it.
pub(crate) fn own_parts(component: &[u8]) -> Result<Vec<Payload<'_>>, BinaryReaderError> {
    let mut parts = Vec::new();
    let mut depth = 0;
    for part in Parser::new(0).parse_all(component) {
        match part? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            part if depth == 1 => parts.push(part),
            _ => {}
        }
    }
    Ok(parts)
}

/// The contents of every section called `name` that belongs to the component itself.
///
/// Sections inside its core modules do not count: whoever wrote a library could have put one there.
pub(crate) fn read<'a>(
    component: &'a [u8],
    name: &str,
) -> Result<Vec<&'a [u8]>, BinaryReaderError> {
    let content = |part| match part {
        Payload::CustomSection(section) if section.name() == name => Some(section.data()),
        _ => None,
    };
    Ok(own_parts(component)?.into_iter().filter_map(content).collect())
}

/// Adds a section at the end of a component.
pub fn append(component: &mut Vec<u8>, name: &str, content: &[u8]) {
    const CUSTOM: u8 = 0;
    let mut body = Vec::with_capacity(name.len() + content.len() + 5);
    write_length(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(content);
    component.push(CUSTOM);
    write_length(component, body.len());
    component.extend_from_slice(&body);
}

/// LEB128: seven bits a byte, lowest first, the top bit says that more follows.
fn write_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        bytes.push(0x80 | length.to_le_bytes()[0]);
        length >>= 7;
    }
    bytes.push(length.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

    #[test]
    fn a_section_of_any_length_is_read_back() {
        for length in [0, 1, 100, 127, 128, 20_000] {
            let content = vec![7; length];
            let mut component = EMPTY_COMPONENT.to_vec();
            append(&mut component, "ydun:test", &content);
            append(&mut component, "other", b"x");
            assert_eq!(read(&component, "ydun:test").unwrap(), [content.as_slice()]);
        }
    }
}
