//! The index's list of elements: which may stand where, and in which order.

use std::collections::BTreeMap;

use super::Refused;
use super::tree::Node;

/// What may stand in an element, in its order, by index and element.
#[derive(Clone, Debug, Default)]
pub struct Elements(BTreeMap<(String, String), Vec<String>>);

/// The lists every registration has, in their order.
const LISTS: [&str; 3] = ["AttributListe", "TilstandListe", "RelationListe"];

impl Elements {
    /// Reads the list: `index,element,cardinality,parent,note`, where a note names what an element holds.
    pub fn read(table: &str) -> Self {
        let mut elements = Self::default();
        for row in table.lines().skip(1) {
            let cells: Vec<&str> = row.splitn(5, ',').collect();
            let [index, element, _, parent, note] = cells[..] else { continue };
            if !parent.is_empty() {
                elements.add(index, parent, element);
            }
            // `CVR-nr of the paying authority` names one element, `Id; Navn; Begrundelse` several.
            for part in note.split([';', '(']) {
                let name = part.split_whitespace().next().unwrap_or_default();
                let name = name.trim_end_matches(')');
                if name.starts_with(char::is_uppercase) {
                    elements.add(index, element, name);
                }
            }
        }
        elements
    }

    fn add(&mut self, index: &str, parent: &str, element: &str) {
        let inside = self.0.entry((index.to_owned(), parent.to_owned())).or_default();
        if !inside.iter().any(|known| known == element) {
            inside.push(element.to_owned());
        }
    }

    /// Whether an object's registrations hold only what the list has, in its order.
    pub(super) fn check(&self, object: &Node) -> Result<(), Refused> {
        let index = &object.name;
        if !self.0.keys().any(|(known, _)| known == index) {
            return Err(Refused(format!("'{index}' is no index")));
        }
        let registration = object.child("Registrering")?;
        let lists: Vec<&Node> = registration
            .children
            .iter()
            .filter(|child| LISTS.contains(&child.name.as_str()))
            .collect();
        in_order(registration.name.as_str(), lists.iter().copied(), &LISTS.map(str::to_owned))?;
        for list in lists.into_iter().filter(|list| list.name != "TilstandListe") {
            self.check_inside(index, list)?;
        }
        Ok(())
    }

    fn check_inside(&self, index: &str, node: &Node) -> Result<(), Refused> {
        if node.children.is_empty() {
            return Ok(());
        }
        let key = (index.to_owned(), node.name.clone());
        // A party is a reference to somebody the index knows by an id.
        let party = ["UUIDIdentifikator".to_owned()];
        let allowed = self.0.get(&key).map_or(&party[..], Vec::as_slice);
        let is_party = node.children.iter().all(|child| child.name == party[0]);
        if !is_party {
            in_order(&node.name, node.children.iter(), allowed)?;
        }
        node.children.iter().try_for_each(|child| self.check_inside(index, child))
    }
}

/// Whether elements are among those allowed, none before its turn.
fn in_order<'a>(
    parent: &str,
    children: impl Iterator<Item = &'a Node>,
    allowed: &[String],
) -> Result<(), Refused> {
    let mut reached = 0;
    for child in children {
        let place = allowed.iter().position(|name| *name == child.name);
        match place {
            Some(place) if place >= reached => reached = place,
            Some(_) => return Err(Refused(format!("{} is out of order in {parent}", child.name))),
            None => return Err(Refused(format!("{parent} has no element {}", child.name))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simindeks::tree;

    const LIST: &str = "index,element,cardinality,parent,note\n\
        B,Egenskaber,0..n,AttributListe,Virkning 0..1; Start 0..1; Slut 0..1\n\
        B,Aktoer,0..n,RelationListe,CVR-nr of the authority\n";

    fn check(inside: &str) -> Result<(), Refused> {
        let file = format!("<E><B><Registrering>{inside}</Registrering></B></E>");
        Elements::read(LIST).check(&tree::read(&file)?.children[0])
    }

    #[test]
    fn only_what_the_list_has_stands_there_in_its_order() {
        let right = "<AttributListe><Egenskaber><Start/><Slut/></Egenskaber></AttributListe>\
                     <RelationListe><Aktoer><CVR-nr>1</CVR-nr></Aktoer></RelationListe>";
        assert_eq!(check(right), Ok(()));
        for (from, to) in [
            ("<Start/><Slut/>", "<Slut/><Start/>"),
            ("<Start/>", "<Begin/>"),
            ("<CVR-nr>1</CVR-nr>", "<Cvr>1</Cvr>"),
            ("Aktoer", "Borger"),
        ] {
            assert!(check(&right.replace(from, to)).is_err(), "{to}");
        }
        let turned = "<RelationListe/><AttributListe/>";
        assert!(check(turned).is_err());
    }
}
