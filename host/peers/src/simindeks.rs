//! `simindeks`: a benefit index of its own, to tell on one machine.
//!
//! It reads files by the index's list of elements - every element must be one the list has at that
//! place, in the list's order - and keeps what each registration says of its object. A registration of
//! an object it has must change or remove it, and one of an object it has not must be new.

mod elements;
mod tree;

use std::collections::BTreeMap;

pub use self::elements::Elements;
use self::tree::Node;

/// What the index holds of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Grant { first: String, last: String, parties: usize, status: String },
    Payout { gross: String, net: String, paid: String, disposal: String, periods: usize },
}

/// Why a file is refused. Nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// The index, and what it holds.
#[derive(Clone, Debug)]
pub struct Simindeks {
    elements: Elements,
    held: BTreeMap<String, Held>,
}

impl Simindeks {
    pub fn new(elements: Elements) -> Self {
        Self { elements, held: BTreeMap::new() }
    }

    /// What it holds, by the object's id.
    pub fn held(&self) -> &BTreeMap<String, Held> {
        &self.held
    }

    /// Takes a file in, whole or not at all; returns how many registrations it had.
    pub fn receive(&mut self, file: &str) -> Result<usize, Refused> {
        let envelope = tree::read(file)?;
        let mut held = self.held.clone();
        for object in &envelope.children {
            self.elements.check(object)?;
            register(&mut held, object)?;
        }
        self.held = held;
        Ok(envelope.children.len())
    }
}

fn register(held: &mut BTreeMap<String, Held>, object: &Node) -> Result<(), Refused> {
    let id = object.text_of(&["UUIDIdentifikator"])?;
    let registration = object.child("Registrering")?;
    let life_cycle = registration.text_of(&["LivscyklusKode"])?;
    let known = held.contains_key(&id);
    match (life_cycle.as_str(), known) {
        ("Opstaaet", false) | ("Rettet", true) => {
            held.insert(id, read(object, registration)?);
        }
        ("Slettet", true) => {
            held.remove(&id);
        }
        (life_cycle, _) => return Err(Refused(format!("{id} cannot be {life_cycle}"))),
    }
    Ok(())
}

fn read(object: &Node, registration: &Node) -> Result<Held, Refused> {
    let of = |name| registration.text_of(&["AttributListe", "Egenskaber", name]);
    let relations = registration.child("RelationListe")?;
    if object.name == "BevillingIndeks" {
        return Ok(Held::Grant {
            first: of("Bevillingstartdato")?,
            last: of("Bevillingslutdato")?,
            parties: relations.count("Bevillingspart"),
            status: registration.text_of(&["TilstandListe", "status"])?,
        });
    }
    Ok(Held::Payout {
        gross: of("SamletBruttobeloeb")?,
        net: of("BeloebEfterSkatATP")?,
        paid: of("BeloebUdbetalt")?,
        disposal: of("Dispositionsdato")?,
        periods: relations.count("OekonomiskYdelseEffektueringRelation"),
    })
}
