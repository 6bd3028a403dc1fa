//! A `ForsendelseI`: a letter to be printed and carried to an address.

use std::io;

use super::{Number, Xml, element, number, pdf, text};
use crate::letters::post::Address;
use crate::letters::post::format::Item;

const NAMESPACES: [(&str, &str); 8] = [
    ("xmlns:f", "urn:oio:fjernprint:1.0.0"),
    ("xmlns:d", "urn:oio:dkal:1.0.0"),
    ("xmlns:sd", "urn:oio:sagdok:3.0.0"),
    ("xmlns:adir", "urn:oio:adir:dagpenge:2009.07.01"),
    ("xmlns:itst", "http://rep.oio.dk/itst.dk/xml/schemas/2006/01/17/"),
    ("xmlns:post", "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/"),
    ("xmlns:land", "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/"),
    ("xmlns:linje", "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/05/19/"),
];

const LINES: [&str; 6] = [
    "linje:PostalAddressFirstLineText",
    "linje:PostalAddressSecondLineText",
    "linje:PostalAddressThirdLineText",
    "linje:PostalAddressFourthLineText",
    "linje:PostalAddressFifthLineText",
    "linje:PostalAddressSixthLineText",
];

/// The longest name that fits (`PersonName`).
const NAME_MAX: usize = 130;

pub(super) fn write(xml: &mut Xml<'_>, item: &Item<'_>, address: &Address) -> io::Result<()> {
    xml.create_element("f:ForsendelseI").with_attributes(NAMESPACES).write_inner_content(
        |xml| {
            // 1 to 38 signs: the message's id without hyphens
            text(xml, "f:AfsendelseIdentifikator", &item.message.0.simple().to_string())?;
            element(xml, "f:ForsendelseModtager", |xml| {
                element(xml, "d:AfsendelseModtager", |xml| recipient(xml, item))?;
                element(xml, "f:ModtagerAdresse", |xml| self::address(xml, item, address))
            })?;
            text(xml, "d:FilformatNavn", "pdf")?;
            text(xml, "d:MeddelelseIndholdData", &pdf(item))?;
            element(xml, "f:DokumentParametre", |xml| {
                text(xml, "sd:TitelTekst", item.title)?;
                text(xml, "sd:BrevDato", &item.date.to_string())
            })?;
            element(xml, "f:PrintParametre", |xml| {
                text(xml, "f:SimplexDuplexKode", "Duplex")?;
                text(xml, "f:FarveSHKode", "Farve")?;
                text(xml, "f:KuvertTypeKode", "C5")
            })?;
            element(xml, "f:PostParametre", |xml| text(xml, "f:PostKategoriKode", "Economique"))
        },
    )?;
    Ok(())
}

fn recipient(xml: &mut Xml<'_>, item: &Item<'_>) -> io::Result<()> {
    match number(item)? {
        Number::Cpr(digits) => text(xml, "adir:CPRnummerIdentifikator", digits),
        Number::Cvr(digits) => text(xml, "adir:CVRnummerIdentifikator", digits),
    }
}

fn address(xml: &mut Xml<'_>, item: &Item<'_>, address: &Address) -> io::Result<()> {
    let name: String = item.to.name.chars().take(NAME_MAX).collect();
    text(xml, "itst:PersonName", &name)?;
    for (name, line) in LINES.iter().zip(&address.lines) {
        text(xml, name, line)?;
    }
    if let Some(post_code) = &address.post_code {
        text(xml, "post:PostCodeIdentifier", post_code)?;
    }
    xml.create_element("land:CountryIdentificationCode")
        .with_attribute(("scheme", "iso3166-alpha2"))
        .write_text_content(quick_xml::events::BytesText::new(&address.country))?;
    Ok(())
}
