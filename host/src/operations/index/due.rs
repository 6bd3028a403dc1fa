//! What to tell the index next: what it should hold less what it holds.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{LifeCycle, Object, Registration};

/// The registrations that bring the index from what it holds to what it should hold, in order of id.
///
/// `held` are the newest registrations; an object that is gone comes back as a new one.
pub(super) fn difference(
    due: Vec<Object>,
    mut held: BTreeMap<Uuid, Registration>,
) -> Vec<Registration> {
    let mut tell: BTreeMap<Uuid, Registration> = BTreeMap::new();
    for object in due {
        let id = object.id();
        let (number, life_cycle) = match held.remove(&id) {
            None => (1, LifeCycle::New),
            Some(before) if before.life_cycle == LifeCycle::Gone => {
                (before.number + 1, LifeCycle::New)
            }
            Some(before) if before.object == object => continue,
            Some(before) => (before.number + 1, LifeCycle::Changed),
        };
        tell.insert(id, Registration { number, life_cycle, object });
    }
    held.retain(|_, left| left.life_cycle != LifeCycle::Gone);
    tell.extend(held.into_iter().map(|(id, left)| {
        let (number, life_cycle) = (left.number + 1, LifeCycle::Gone);
        (id, Registration { number, life_cycle, ..left })
    }));
    tell.into_values().collect()
}

#[cfg(test)]
mod tests {
    use ydun_domain::ids::CaseId;

    use super::*;
    use crate::operations::index::Grant;

    fn grant(case: u128, last: &str) -> Object {
        Object::Grant(Grant {
            case: CaseId(Uuid::from_u128(case)),
            number: "2020-00001".to_owned(),
            benefit: "b".to_owned(),
            first: "2020-10-01".parse().unwrap(),
            last: last.parse().unwrap(),
            payees: Vec::new(),
        })
    }

    #[test]
    fn what_is_new_changed_gone_or_back_is_told_once() {
        let mut held: BTreeMap<Uuid, Registration> = BTreeMap::new();
        let mut tell = |due: Vec<Object>| {
            let told = difference(due, held.clone());
            held.extend(told.iter().map(|one| (one.object.id(), one.clone())));
            told.iter().map(|one| format!("{} {}", one.number, one.life_cycle)).collect::<Vec<_>>()
        };
        let (october, november) = ("2020-10-31", "2020-11-30");
        assert_eq!(tell(vec![grant(1, october), grant(2, october)]), ["1 opstaaet", "1 opstaaet"]);
        assert!(tell(vec![grant(1, october), grant(2, october)]).is_empty());
        assert_eq!(tell(vec![grant(1, november)]), ["2 rettet", "2 slettet"]);
        assert!(tell(vec![grant(1, november)]).is_empty());
        assert_eq!(tell(vec![grant(1, november), grant(2, october)]), ["3 opstaaet"]);
    }
}
