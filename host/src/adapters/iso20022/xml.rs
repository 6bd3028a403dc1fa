//! Writes elements as they come, so that a file's size is no matter.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use ydun_domain::Dkk;

pub(super) struct Xml<'a>(Writer<&'a mut dyn io::Write>);

impl<'a> Xml<'a> {
    /// Begins a message such as `pain.001.001.03`, whose own element is `root`.
    pub(super) fn begin(to: &'a mut dyn io::Write, kind: &str, root: &str) -> io::Result<Self> {
        let mut xml = Self(Writer::new_with_indent(to, b' ', 2));
        xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let namespace = format!("urn:iso:std:iso:20022:tech:xsd:{kind}");
        let document = BytesStart::new("Document").with_attributes([("xmlns", namespace.as_str())]);
        xml.0.write_event(Event::Start(document))?;
        xml.open(root)?;
        Ok(xml)
    }

    pub(super) fn end(mut self, root: &str) -> io::Result<()> {
        self.close([root, "Document"])?;
        self.0.get_mut().write_all(b"\n")
    }

    pub(super) fn open(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(name)))
    }

    /// Closes elements, the innermost first.
    pub(super) fn close<const N: usize>(&mut self, names: [&str; N]) -> io::Result<()> {
        names.into_iter().try_for_each(|name| self.0.write_event(Event::End(BytesEnd::new(name))))
    }

    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.0.create_element(name).write_text_content(BytesText::new(text)).map(drop)
    }

    pub(super) fn amount(&mut self, name: &str, amount: Dkk) -> io::Result<()> {
        let element = self.0.create_element(name).with_attribute(("Ccy", "DKK"));
        element.write_text_content(BytesText::new(&amount.plain())).map(drop)
    }

    /// A number, and which kind of number it is.
    pub(super) fn other(&mut self, number: &str, (list, scheme): (&str, &str)) -> io::Result<()> {
        self.open("Othr")?;
        self.text("Id", number)?;
        self.open("SchmeNm")?;
        self.text(list, scheme)?;
        self.close(["SchmeNm", "Othr"])
    }
}
