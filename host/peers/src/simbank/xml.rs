//! Writing the bank's messages.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::amounts::Oere;

pub(crate) type Xml = Writer<Vec<u8>>;

/// A whole message, the same bytes each time.
pub(crate) fn document(
    kind: &str,
    root: &str,
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let namespace = format!("urn:iso:std:iso:20022:tech:xsd:{kind}");
    let written = writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| {
            let document = writer.create_element("Document");
            document
                .with_attribute(("xmlns", namespace.as_str()))
                .write_inner_content(|to| element(to, root, inside))
                .map(drop)
        });
    written.expect("memory takes what is written to it");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

pub(crate) fn element(
    to: &mut Xml,
    name: &str,
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    to.create_element(name).write_inner_content(inside).map(drop)
}

pub(crate) fn text(to: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    to.create_element(name).write_text_content(BytesText::new(value)).map(drop)
}

pub(crate) fn kroner(to: &mut Xml, name: &str, amount: Oere) -> io::Result<()> {
    let element = to.create_element(name).with_attribute(("Ccy", "DKK"));
    element.write_text_content(BytesText::new(&amount.to_string())).map(drop)
}
