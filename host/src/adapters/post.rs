//! What the common postal services take: `MeMo` for digital mailboxes, `ForsendelseI` for print.
//!
//! The real services are called over a network with certificates that only a municipality has; a file with the
//! same content in a folder is what a connection of theirs, or `simpost`, takes from here.

mod memo;
mod print;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::letters::post::Address;
use crate::letters::post::format::{Item, PostFormat};
use crate::parties::{Identity, Party};

/// `MeMo` 1.2 and `ForsendelseI` of fjernprint 1.0.0.
#[derive(Clone, Copy, Debug)]
pub struct CommonPost;

impl PostFormat for CommonPost {
    fn digital(&self, item: &Item<'_>, to: &mut dyn Write) -> io::Result<()> {
        document(to, |xml| memo::write(xml, item))
    }

    fn printed(&self, item: &Item<'_>, address: &Address, to: &mut dyn Write) -> io::Result<()> {
        document(to, |xml| print::write(xml, item, address))
    }
}

type Xml<'a> = Writer<&'a mut dyn Write>;

fn document<'a>(
    to: &'a mut dyn Write,
    content: impl FnOnce(&mut Xml<'a>) -> io::Result<()>,
) -> io::Result<()> {
    let mut xml = Writer::new(to);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    content(&mut xml)
}

/// An element with text and nothing else.
fn text(xml: &mut Xml<'_>, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}

/// An element with others inside.
fn element<'a>(
    xml: &mut Xml<'a>,
    name: &str,
    content: impl FnOnce(&mut Xml<'a>) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(content)?;
    Ok(())
}

fn pdf(item: &Item<'_>) -> String {
    STANDARD.encode(item.pdf)
}

/// The number of a person, or of the company that a unit belongs to: units have no mailbox.
enum Number<'a> {
    Cpr(&'a str),
    Cvr(&'a str),
}

fn number<'a>(item: &Item<'a>) -> io::Result<Number<'a>> {
    let of_company = |company: &'a Party| match &company.identity {
        Identity::Company(cvr) => Some(Number::Cvr(cvr.digits())),
        _ => None,
    };
    match &item.to.identity {
        Identity::Citizen(cpr) => Ok(Number::Cpr(cpr.digits())),
        Identity::Company(cvr) => Ok(Number::Cvr(cvr.digits())),
        Identity::SeUnit { .. } | Identity::PUnit { .. } => item
            .company
            .and_then(of_company)
            .ok_or_else(|| io::Error::other("the unit's company is not registered")),
    }
}

#[cfg(test)]
mod tests;
