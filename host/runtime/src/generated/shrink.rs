//! The smallest dossier that still shows a fault.

use ydun_domain::benefit::Dossier;

/// Leaves out rows and attributes one by one, as long as the fault stays.
pub fn shrunk(dossier: &Dossier, still_broken: impl Fn(&Dossier) -> bool) -> Dossier {
    let mut smallest = dossier.clone();
    loop {
        let found = smaller(&smallest).find(|smaller| still_broken(smaller));
        match found {
            Some(smaller) => smallest = smaller,
            None => return smallest,
        }
    }
}

/// The dossier with one thing less, in every way.
fn smaller(dossier: &Dossier) -> impl Iterator<Item = Dossier> {
    let facts = (0..dossier.facts.len()).map(|fact| {
        let mut smaller = dossier.clone();
        smaller.facts.remove(fact);
        smaller
    });
    let prior = (0..dossier.prior.len()).map(|line| {
        let mut smaller = dossier.clone();
        smaller.prior.remove(line);
        smaller
    });
    let attributes = dossier.facts.iter().enumerate().flat_map(move |(fact, row)| {
        (0..row.attributes.len()).map(move |attribute| {
            let mut smaller = dossier.clone();
            smaller.facts[fact].attributes.remove(attribute);
            smaller
        })
    });
    facts.chain(prior).chain(attributes)
}
