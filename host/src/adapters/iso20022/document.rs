//! Walks through a message of the bank, element by element.
//!
//! The file comes from outside, so it is held to limits, and entities or a DTD are refused.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use ydun_domain::{Day, Dkk};

use crate::payments::NotAnAnswer;

const FAMILY: &str = "urn:iso:std:iso:20022:tech:xsd:";
const BYTES_MAX: usize = 256 << 20;
const DEPTH_MAX: usize = 32;
const TEXT_MAX: usize = 10_000;

/// A message of the bank.
#[derive(Clone, Copy)]
pub(super) struct Document<'a>(&'a str);

/// An element whose end has come.
pub(super) struct Element {
    /// In which currency its amount is.
    currency: Option<String>,
    pub(super) text: String,
}

/// What a kind of message makes of its elements. A path begins below the message's own element.
pub(super) trait Reading {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer>;
}

impl<'a> Document<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, NotAnAnswer> {
        if bytes.len() > BYTES_MAX {
            return Err(refuse("it is larger than 256 MB"));
        }
        std::str::from_utf8(bytes).map(Self).map_err(|_| refuse("it is not UTF-8"))
    }

    /// Which message it is, such as `pain.002.001.03`.
    pub(super) fn kind(self) -> Result<String, NotAnAnswer> {
        let mut reader = Reader::from_str(self.0);
        loop {
            match next(&mut reader)? {
                Event::Start(start) | Event::Empty(start) => {
                    return kind_of(&start).ok_or_else(|| refuse("it is no message of ISO 20022"));
                }
                Event::Eof => return Err(refuse("it is empty")),
                _ => {}
            }
        }
    }

    /// Tells a reading of every element, in the order they end.
    pub(super) fn walk(self, reading: &mut impl Reading) -> Result<(), NotAnAnswer> {
        let mut reader = Reader::from_str(self.0);
        let mut place = Place::default();
        loop {
            match next(&mut reader)? {
                Event::Start(start) => place.open(&start)?,
                Event::Empty(start) => {
                    place.open(&start)?;
                    place.close(reading)?;
                }
                Event::End(_) => place.close(reading)?,
                Event::Text(text) => place.text(&text.xml10_content())?,
                Event::CData(text) => place.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => place.text(&resolve(&reference)?)?,
                Event::Eof if place.path.is_empty() => return Ok(()),
                Event::Eof => return Err(refuse("it ends before its elements do")),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }
}

pub(super) fn refuse(why: &str) -> NotAnAnswer {
    NotAnAnswer(why.to_owned())
}

fn next<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, NotAnAnswer> {
    match reader.read_event().map_err(|error| refuse(&error.to_string()))? {
        Event::DocType(_) => Err(refuse("it has a document type, which no bank's answer has")),
        event => Ok(event),
    }
}

fn kind_of(start: &BytesStart<'_>) -> Option<String> {
    if start.local_name().into_inner() != "Document" {
        return None;
    }
    let declared = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let names_it = attribute.key.into_inner().starts_with("xmlns");
        names_it.then(|| attribute.value.strip_prefix(FAMILY).map(str::to_owned)).flatten()
    };
    start.attributes().flatten().find_map(declared)
}

/// One of the five entities of XML itself, or a letter by its number.
fn resolve(reference: &BytesRef<'_>) -> Result<String, NotAnAnswer> {
    let unknown = || refuse("it has an entity that is not XML's own");
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(letter.to_string());
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned).ok_or_else(unknown)
}

/// The elements that are open, and the text so far of the innermost.
#[derive(Default)]
struct Place {
    path: Vec<String>,
    currency: Option<String>,
    text: String,
}

impl Place {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), NotAnAnswer> {
        if self.path.len() == DEPTH_MAX {
            return Err(refuse("its elements are nested too deeply"));
        }
        self.path.push(start.local_name().into_inner().to_owned());
        self.currency =
            start.try_get_attribute("Ccy").ok().flatten().map(|ccy| ccy.value.into_owned());
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), NotAnAnswer> {
        self.text.push_str(text);
        if self.text.len() > TEXT_MAX {
            Err(refuse("one of its texts is too long"))
        } else {
            Ok(())
        }
    }

    fn close(&mut self, reading: &mut impl Reading) -> Result<(), NotAnAnswer> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let path: Vec<&str> = self.path.iter().skip(2).map(String::as_str).collect();
        reading.end(&path, Element { currency: self.currency.take(), text })?;
        self.path.pop();
        Ok(())
    }
}

impl Element {
    pub(super) fn amount(&self) -> Result<Dkk, NotAnAnswer> {
        if self.currency.as_deref() != Some("DKK") {
            return Err(refuse("an amount in it is not in Danish kroner"));
        }
        Dkk::parse_plain(&self.text).map_err(|error| refuse(&error.to_string()))
    }

    /// A day, or the day of a moment.
    pub(super) fn day(&self) -> Result<Day, NotAnAnswer> {
        let day = self.text.split('T').next().unwrap_or_default();
        day.parse().map_err(|_| refuse(&format!("'{}' is no day", self.text)))
    }
}
