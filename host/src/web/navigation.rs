//! The ways to the parts of the house, for whoever may go there.

use crate::access::{Approve, Look, Right};

/// Where it leads, what it is called, and the right one needs. A new part is a line here.
const PARTS: [(&str, &str, &str); 7] = [
    ("/opgaver", "Opgaver", Look::WORD),
    ("/sager", "Sager", Look::WORD),
    ("/haendelser", "Hændelser", Look::WORD),
    ("/godkendelser", "Godkendelser", Approve::WORD),
    ("/udbetalinger", "Udbetalinger", Look::WORD),
    ("/moduler", "Moduler", Look::WORD),
    ("/drift", "Drift", Look::WORD),
];

/// A way to a part of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) address: &'static str,
    pub(super) word: &'static str,
    /// Whether the page is in that part.
    pub(super) is_here: bool,
}

/// The ways for a worker with these rights, seen from a page.
pub(super) fn links(rights: &str, place: &str) -> Vec<Link> {
    let may = |right: &str| rights.split(' ').any(|word| word == right);
    let open = PARTS.iter().filter(|(_, _, right)| may(right));
    open.map(|&(address, word, _)| Link { address, word, is_here: is_inside(place, address) })
        .collect()
}

fn is_inside(place: &str, part: &str) -> bool {
    place.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_shown_the_ways_one_may_go_and_where_one_is() {
        let words = |rights, place| {
            links(rights, place)
                .into_iter()
                .map(|link| (link.word, link.is_here))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words("look", "/sager/2020-00001"),
            [
                ("Opgaver", false),
                ("Sager", true),
                ("Hændelser", false),
                ("Udbetalinger", false),
                ("Moduler", false),
                ("Drift", false)
            ]
        );
        assert_eq!(words("look approve", "/opgaveratbi").len(), 7);
        assert!(words("look approve", "/opgaveratbi").iter().all(|(_, is_here)| !is_here));
        assert_eq!(words("pay", "/"), []);
    }
}
