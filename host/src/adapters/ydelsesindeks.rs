//! Files for the common benefit index (Ydelsesindeks, version 6).
//!
//! The elements, their order and their names follow the index's list of elements. Not verified, as the
//! index's own schemas are not public: the envelope around many registrations, the names of when, what
//! and who in a registration (`FraTidspunkt`, `LivscyklusKode`, `AktoerRef`), and that parties are named
//! by our own ids, where the index knows a person by the civil register's.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use ydun_domain::{Cvr, Day};

use crate::operations::index::{
    Effectuation, Grant, IndexFile, IndexFormat, LifeCycle, Object, Part, Registration,
};

/// The common benefit index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ydelsesindeks;

const ENVELOPE: &str = "Ydelsesindeks";
const GRANTS: (&str, &str) = ("BevillingIndeks", "urn:oio:sts:ydelse:bevillingindeks:6");
const EFFECTUATIONS: (&str, &str) =
    ("OekonomiskEffektueringIndeks", "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6");

impl IndexFormat for Ydelsesindeks {
    fn write(
        &self,
        file: &IndexFile,
        authority: &Cvr,
        registrations: &[Registration],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut xml = Xml { to: Writer::new_with_indent(to, b' ', 2), file, authority };
        xml.to.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.element(ENVELOPE, |xml| {
            registrations.iter().try_for_each(|one| xml.registration(one))
        })?;
        xml.to.get_mut().write_all(b"\n")
    }
}

struct Xml<'a> {
    to: Writer<&'a mut dyn io::Write>,
    file: &'a IndexFile,
    authority: &'a Cvr,
}

impl Xml<'_> {
    fn registration(&mut self, registration: &Registration) -> io::Result<()> {
        let (name, namespace) = match registration.object {
            Object::Grant(_) => GRANTS,
            Object::Effectuation(_) => EFFECTUATIONS,
        };
        let start = BytesStart::new(name).with_attributes([("xmlns", namespace)]);
        self.to.write_event(Event::Start(start))?;
        self.text("UUIDIdentifikator", &registration.object.id().to_string())?;
        self.element("Registrering", |xml| {
            let moment = xml.file.made_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            xml.text("FraTidspunkt", &moment)?;
            xml.text("LivscyklusKode", life_cycle(registration.life_cycle))?;
            let by = xml.file.made_by.clone();
            xml.text("AktoerRef", &by)?;
            match &registration.object {
                Object::Grant(grant) => xml.grant(grant, registration.life_cycle),
                Object::Effectuation(payout) => xml.effectuation(payout),
            }
        })?;
        self.to.write_event(Event::End(BytesEnd::new(name)))
    }

    fn grant(&mut self, grant: &Grant, life_cycle: LifeCycle) -> io::Result<()> {
        self.element("AttributListe", |xml| {
            xml.element("Egenskaber", |xml| {
                xml.text("BrugervendtNoegle", &grant.number)?;
                xml.day("Bevillingstartdato", grant.first)?;
                xml.day("Bevillingslutdato", grant.last)
            })?;
            xml.element("BevilgetYdelse", |xml| {
                xml.text("Id", &grant.number)?;
                xml.text("Navn", &grant.benefit)?;
                xml.day("BevilgetYdelseStartdato", grant.first)?;
                xml.day("BevilgetYdelseSlutdato", grant.last)?;
                xml.element("ItSystem", |xml| xml.text("SystemNavn", "Ydun"))?;
                xml.element("Ydelse", |xml| xml.text("Ydelsesnavn", &grant.benefit))
            })
        })?;
        let status = if life_cycle == LifeCycle::Gone { "Inaktiv" } else { "Aktiv" };
        self.element("TilstandListe", |xml| xml.text("status", status))?;
        self.element("RelationListe", |xml| {
            xml.element("Bevillingssag", |xml| xml.text("BrugervendtNoegle", &grant.number))?;
            for payee in &grant.payees {
                let id = payee.to_string();
                xml.element("Bevillingspart", |xml| xml.text("UUIDIdentifikator", &id))?;
            }
            xml.element("Bevillingsaktoer", Xml::cvr)
        })
    }

    fn effectuation(&mut self, payout: &Effectuation) -> io::Result<()> {
        let days = || payout.parts.iter().map(|part| (part.first, part.last));
        self.element("AttributListe", |xml| {
            xml.element("Egenskaber", |xml| {
                xml.text("BrugervendtNoegle", &payout.id.simple().to_string())?;
                for (name, day) in [
                    ("Startdato", days().map(|(first, _)| first).min()),
                    ("Slutdato", days().map(|(_, last)| last).max()),
                ] {
                    day.map_or(Ok(()), |day| xml.day(name, day))?;
                }
                xml.text("SamletBruttobeloeb", &payout.gross.plain())?;
                xml.day("Dispositionsdato", payout.disposal)?;
                xml.text("BeloebEfterSkatATP", &payout.net.plain())?;
                xml.text("BeloebSendtTilUdbetaling", &payout.sent.plain())?;
                xml.text("BeloebUdbetalt", &payout.paid.plain())
            })
        })?;
        self.element("RelationListe", |xml| {
            payout.parts.iter().try_for_each(|part| xml.part(payout, part))?;
            let payee = payout.payee.to_string();
            xml.element("OekonomiskEffektueringPart", |xml| xml.text("UUIDIdentifikator", &payee))?;
            xml.element("Aktoer", Xml::cvr)
        })
    }

    fn part(&mut self, payout: &Effectuation, part: &Part) -> io::Result<()> {
        self.element("OekonomiskYdelseEffektueringRelation", |xml| {
            xml.day("YdelsesperiodeStartdato", part.first)?;
            xml.day("YdelsesperiodeSlutdato", part.last)?;
            xml.text("Ydelsesbeloeb", &part.amount.plain())?;
            xml.text("Klassifikationsbeskrivelse", &part.posting_code)?;
            let case = payout.case.to_string();
            xml.element("BevilgetYdelseRef", |xml| xml.text("UUIDIdentifikator", &case))
        })
    }

    fn cvr(xml: &mut Self) -> io::Result<()> {
        let digits = xml.authority.digits();
        xml.text("CVR-nr", digits)
    }

    fn element(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.to.write_event(Event::Start(BytesStart::new(name)))?;
        inside(self)?;
        self.to.write_event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.to.create_element(name).write_text_content(BytesText::new(text)).map(drop)
    }

    fn day(&mut self, name: &str, day: Day) -> io::Result<()> {
        self.text(name, &day.to_string())
    }
}

/// As the index's own codes have it.
fn life_cycle(life_cycle: LifeCycle) -> &'static str {
    match life_cycle {
        LifeCycle::New => "Opstaaet",
        LifeCycle::Changed => "Rettet",
        LifeCycle::Gone => "Slettet",
    }
}
