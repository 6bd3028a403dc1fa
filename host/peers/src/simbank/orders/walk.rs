//! Walking through the XML, within limits: no DTD, no entities of one's own, no great depth.

use std::mem;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::super::answers::Reason;
use super::super::payees::masked;
use super::bad_format;

const FAMILY: &str = "urn:iso:std:iso:20022:tech:xsd:";
const DEEPEST: usize = 32;

/// Whoever makes something of the texts of a file.
pub(crate) trait Take {
    /// An element begins.
    fn begin(&mut self, path: &str) -> Result<(), Reason>;

    /// A text, and the path to the element that it stands in.
    fn take(&mut self, path: &str, text: &str, currency: Option<String>) -> Result<(), Reason>;
}

/// Walks through the XML of a message and hands each text on, with the path to it.
pub(crate) fn walk(xml: &str, message: &str, draft: &mut impl Take) -> Result<(), Reason> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk::default();
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| not_xml(&error))?;
        match event {
            Event::Start(start) => {
                if namespace != ResolveResult::Bound(Namespace(&format!("{FAMILY}{message}"))) {
                    return Err(bad_format(&format!("Filen er ikke en {message}")));
                }
                walk.enter(&start)?;
                draft.begin(&walk.path)?;
            }
            Event::Text(text) => walk.text.push_str(&text.xml10_content()),
            Event::CData(text) => walk.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => walk.text.push_str(&resolve(&reference)?),
            Event::End(_) => walk.leave(draft)?,
            Event::Decl(declaration) => {
                let encoding =
                    declaration.encoding().transpose().map_err(|error| not_xml(&error))?;
                if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
                    return Err(bad_format("Filen er ikke skrevet i UTF-8"));
                }
            }
            Event::DocType(_) => return Err(bad_format("Filen har en DTD; det er ikke tilladt")),
            Event::Eof => return walk.finish(),
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
}

/// Where in the file we are.
#[derive(Default)]
struct Walk {
    /// The open elements, `Document/CstmrCdtTrfInitn/GrpHdr`.
    path: String,
    depth: usize,
    has_root: bool,
    /// Whether the innermost element has no elements in it.
    is_leaf: bool,
    text: String,
    currency: Option<String>,
}

impl Walk {
    fn enter(&mut self, start: &BytesStart<'_>) -> Result<(), Reason> {
        self.no_loose_text()?;
        if self.depth == 0 && mem::replace(&mut self.has_root, true) {
            return Err(bad_format("Filen har mere end ét rodelement"));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(bad_format("Filen har elementer dybere end 32 niveauer"));
        }
        if self.depth > 1 {
            self.path.push('/');
        }
        self.path.push_str(start.local_name().as_ref());
        self.is_leaf = true;
        self.currency = None;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| not_xml(&error))?;
            if attribute.key.as_ref() == "Ccy" {
                self.currency = Some(attribute.value.into_owned());
            }
        }
        Ok(())
    }

    fn leave(&mut self, draft: &mut impl Take) -> Result<(), Reason> {
        if mem::take(&mut self.is_leaf) {
            let text = mem::take(&mut self.text);
            draft.take(&self.path, text.trim(), self.currency.take())?;
        }
        self.no_loose_text()?;
        self.depth -= 1;
        self.path.truncate(self.path.rfind('/').unwrap_or(0));
        Ok(())
    }

    /// Text may only stand in elements that have nothing else.
    fn no_loose_text(&mut self) -> Result<(), Reason> {
        let loose = mem::take(&mut self.text);
        if loose.trim().is_empty() {
            Ok(())
        } else {
            Err(bad_format("Filen har tekst mellem elementerne"))
        }
    }

    fn finish(mut self) -> Result<(), Reason> {
        self.no_loose_text()?;
        if self.depth == 0 && self.has_root {
            Ok(())
        } else {
            Err(bad_format("Filen er ikke hel: den slutter for tidligt"))
        }
    }
}

/// `&amp;` and `&#229;`; entities of one's own are not for order files.
fn resolve(reference: &BytesRef<'_>) -> Result<String, Reason> {
    let character = reference.resolve_char_ref().map_err(|error| not_xml(&error))?;
    let predefined = || resolve_predefined_entity(reference).map(str::to_owned);
    let text = character.map(String::from).or_else(predefined);
    text.ok_or_else(|| bad_format("Filen bruger en entitet, der ikke er tilladt"))
}

fn not_xml(error: &dyn std::error::Error) -> Reason {
    bad_format(&format!("Filen er ikke gyldig XML: {}", masked(&error.to_string())))
}
