//! Whether a fact is one the benefit reads, with values that can be true.

use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::ids::PartyId;
use ydun_runtime::manifest::{AttributeKind, FactKind, Manifest, ScalarKind};

use super::{Content, Refused, Why};
use crate::cases::CaseNumber;

/// A fact that was checked. Only such are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked(Content);

impl Checked {
    pub fn content(&self) -> &Content {
        &self.0
    }

    pub(super) fn into_content(self) -> Content {
        self.0
    }
}

/// What a fact is checked against.
#[derive(Clone, Debug)]
pub struct CaseView<'a> {
    pub number: Option<CaseNumber>,
    pub manifest: &'a Manifest,
    /// Who has which part in the case.
    pub roles: Vec<(String, PartyId)>,
    /// What is known in the case now.
    pub known: Vec<Content>,
    /// Parties that a value may name, beside those with a part in the case.
    pub registered: Vec<PartyId>,
}

/// Checks a fact against the manifest of its benefit and the rest of its case.
pub fn check(case: &CaseView<'_>, mut content: Content) -> Result<Checked, Refused> {
    content.attributes.sort_by(|a, b| a.name.cmp(&b.name));
    match find_fault(case, &content) {
        Ok(()) => Ok(Checked(content)),
        Err(Fault { field, why }) => {
            Err(Refused { case: case.number, kind: content.kind, field, why: Box::new(why) })
        }
    }
}

/// The reason, and the field it is about.
struct Fault {
    field: Option<String>,
    why: Why,
}

/// Of the fact as a whole.
impl From<Why> for Fault {
    fn from(why: Why) -> Self {
        Self { field: None, why }
    }
}

fn find_fault(case: &CaseView<'_>, content: &Content) -> Result<(), Fault> {
    let known = || case.manifest.facts.iter().map(|fact| fact.kind.clone()).collect();
    let kind =
        case.manifest.fact(&content.kind).ok_or_else(|| Why::UnknownKind { known: known() })?;
    check_party(case, kind, content)?;
    check_days(case, kind, content)?;
    check_names(kind, &content.attributes)?;
    for rule in &kind.attributes {
        let given = content.attributes.iter().find(|attribute| attribute.name == rule.name);
        check_field(case, rule, given)
            .map_err(|why| Fault { field: Some(rule.name.clone()), why })?;
    }
    Ok(())
}

fn check_party(case: &CaseView<'_>, kind: &FactKind, content: &Content) -> Result<(), Why> {
    let has_part =
        case.roles.iter().any(|(role, party)| *role == kind.about && *party == content.about);
    if has_part { Ok(()) } else { Err(Why::WrongParty { role: kind.about.clone() }) }
}

fn check_days(case: &CaseView<'_>, kind: &FactKind, content: &Content) -> Result<(), Why> {
    let given = content.valid;
    if kind.bounded && given.last().is_none() {
        return Err(Why::NoEnd { given });
    }
    let shares_days = |other: &&Content| {
        other.kind == content.kind && other.about == content.about && other.valid.meets(given)
    };
    match case.known.iter().find(shares_days) {
        Some(other) if kind.exclusive => Err(Why::Overlap { given, other: other.valid }),
        _ => Ok(()),
    }
}

/// Every name is one of the kind's and given once. The attributes are in the order of their names.
fn check_names(kind: &FactKind, attributes: &[Attribute]) -> Result<(), Fault> {
    let known = || kind.attributes.iter().map(|rule| rule.name.clone()).collect();
    let fault = |attribute: &Attribute, why| Fault { field: Some(attribute.name.clone()), why };
    if let Some([twice, _]) = attributes.array_windows().find(|[a, b]| a.name == b.name) {
        return Err(fault(twice, Why::Twice));
    }
    match attributes.iter().find(|given| kind.attributes.iter().all(|rule| rule.name != given.name))
    {
        Some(unknown) => Err(fault(unknown, Why::UnknownField { known: known() })),
        None => Ok(()),
    }
}

fn check_field(
    case: &CaseView<'_>,
    rule: &AttributeKind,
    given: Option<&Attribute>,
) -> Result<(), Why> {
    match given {
        Some(attribute) => check_value(case, rule, &attribute.value),
        None if rule.optional => Ok(()),
        None => Err(Why::Missing { title: rule.title.clone(), expected: rule.kind }),
    }
}

fn check_value(case: &CaseView<'_>, rule: &AttributeKind, value: &Scalar) -> Result<(), Why> {
    let given = || value.clone();
    if ScalarKind::of(value) != rule.kind {
        return Err(Why::WrongType { given: given(), expected: rule.kind });
    }
    if let Some(min) = rule.min.as_ref().filter(|min| value < *min) {
        return Err(Why::TooSmall { given: given(), min: min.clone() });
    }
    if let Some(max) = rule.max.as_ref().filter(|max| value > *max) {
        return Err(Why::TooLarge { given: given(), max: max.clone() });
    }
    match value {
        Scalar::Number(number) if i64::try_from(number.trunc()).is_err() => {
            Err(Why::TooManyDigits { given: given() })
        }
        Scalar::Code(code) if rule.codes.iter().all(|known| known.code != *code) => {
            let known = rule.codes.iter().map(|known| known.code.clone()).collect();
            Err(Why::UnknownCode { given: code.clone(), known })
        }
        Scalar::Who(party) if !PartyId::try_from(party).is_ok_and(|id| is_there(case, id)) => {
            Err(Why::UnknownParty { given: party.to_string() })
        }
        _ => Ok(()),
    }
}

fn is_there(case: &CaseView<'_>, party: PartyId) -> bool {
    case.roles.iter().any(|(_, holder)| *holder == party) || case.registered.contains(&party)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use ydun_domain::ids::PartyId;

    use super::*;

    fn manifest() -> Manifest {
        serde_json::from_value(json!({
            "id": "prøve", "version": "1.0.0", "interface": "1.0.0", "title": "Prøve", "legal-basis": [], "owner": "os",
            "licence": "MPL-2.0", "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
            "facts": [
                { "kind": "hours", "title": "Timer", "about": "apprentice", "exclusive": true, "bounded": true,
                  "attributes": [
                    { "name": "worked", "title": "Arbejdstimer", "type": "number",
                      "min": { "number": "0" }, "max": { "number": "168" } },
                    { "name": "place", "title": "Sted", "type": "code", "optional": true,
                      "codes": [{ "code": "school", "title": "Skole" }, { "code": "work", "title": "Virksomhed" }] },
                    { "name": "employer", "title": "Arbejdsgiver", "type": "who", "optional": true },
                    { "name": "wage", "title": "Løn", "type": "number", "optional": true }
                  ] },
                { "kind": "note", "title": "Bemærkning", "about": "apprentice" }
            ]
        }))
        .unwrap()
    }

    const WEEK: &str = "2020-10-05..2020-10-11";

    struct Case {
        manifest: Manifest,
        apprentice: PartyId,
        employer: PartyId,
    }

    impl Case {
        fn new() -> Self {
            Self {
                manifest: manifest(),
                apprentice: PartyId::generate(),
                employer: PartyId::generate(),
            }
        }

        fn view(&self) -> CaseView<'_> {
            CaseView {
                number: Some("2020-00017".parse().unwrap()),
                manifest: &self.manifest,
                roles: vec![
                    ("apprentice".into(), self.apprentice),
                    ("employer".into(), self.employer),
                ],
                known: vec![],
                registered: vec![],
            }
        }

        fn fact(&self, kind: &str, days: &str, attributes: &Value) -> Content {
            let attributes = attributes.as_object().unwrap().iter().map(|(name, value)| {
                Attribute::new(name, serde_json::from_value(value.clone()).unwrap())
            });
            Content {
                kind: kind.into(),
                about: self.apprentice,
                valid: days.parse().unwrap(),
                attributes: attributes.collect(),
            }
        }
    }

    #[track_caller]
    fn refused(kind: &str, days: &str, attributes: &Value, expected: &str) {
        let case = Case::new();
        let error = check(&case.view(), case.fact(kind, days, attributes)).unwrap_err();
        assert_eq!(error.to_string(), format!("case 2020-00017, fact '{kind}'{expected}"));
    }

    #[test]
    fn a_fact_the_benefit_reads_is_taken_in() {
        let case = Case::new();
        for attributes in [
            json!({ "worked": { "number": "37" } }),
            json!({ "worked": { "number": "0" }, "place": { "code": "school" } }),
            json!({ "worked": { "number": "168.00" }, "employer": { "who": case.employer.0.simple().to_string() } }),
        ] {
            check(&case.view(), case.fact("hours", WEEK, &attributes)).unwrap();
        }
    }

    #[test]
    fn a_fact_that_cannot_be_true_is_refused_with_the_reason() {
        let hours = |value: Value| json!({ "worked": value });
        let good = hours(json!({ "number": "37" }));
        refused("wage", WEEK, &good, ": the benefit reads no such fact; it reads hours, note");
        refused(
            "hours",
            "2020-10-05..",
            &good,
            ": the days 2020-10-05.. have no end, but this fact is about a limited time; give the days as first..last",
        );
        refused(
            "hours",
            WEEK,
            &json!({}),
            r#", field 'worked': it is not given; give 'Arbejdstimer' as {"number": "37.5"}"#,
        );
        refused(
            "hours",
            WEEK,
            &hours(json!({ "number": "-0.5" })),
            ", field 'worked': -0,5 is too small; the smallest allowed is 0",
        );
        refused(
            "hours",
            WEEK,
            &hours(json!({ "number": "168.01" })),
            ", field 'worked': 168,01 is too large; the largest allowed is 168",
        );
        refused(
            "hours",
            WEEK,
            &hours(json!({ "integer": 37 })),
            r#", field 'worked': '37' is of the type integer; give it as {"number": "37.5"}"#,
        );
        refused(
            "hours",
            WEEK,
            &json!({ "worked": { "number": "37" }, "place": { "code": "home" } }),
            ", field 'place': 'home' is not one of the words it may be: school, work",
        );
        refused(
            "hours",
            WEEK,
            &json!({ "worked": { "number": "37" }, "employer": { "who": "mester" } }),
            ", field 'employer': 'mester' is no registered party; register the party first",
        );
        refused(
            "hours",
            WEEK,
            &json!({ "worked": { "number": "37" }, "wage": { "number": "10000000000000000000" } }),
            ", field 'wage': 10000000000000000000 has more than 18 digits before the decimal point; give a smaller number",
        );
        refused(
            "note",
            WEEK,
            &good,
            ", field 'worked': the fact has no such field; its fields are ",
        );
    }

    #[test]
    fn a_fact_is_about_whoever_has_the_part() {
        let case = Case::new();
        let mut content = case.fact("note", WEEK, &json!({}));
        content.about = case.employer;
        let error = check(&case.view(), content).unwrap_err();
        assert_eq!(*error.why, Why::WrongParty { role: "apprentice".into() });
    }

    #[test]
    fn a_field_is_given_once() {
        let case = Case::new();
        let mut content = case.fact("hours", WEEK, &json!({ "worked": { "number": "37" } }));
        content.attributes.push(content.attributes[0].clone());
        assert_eq!(check(&case.view(), content).unwrap_err().why.as_ref(), &Why::Twice);
    }

    #[test]
    fn exclusive_facts_never_share_a_day() {
        let case = Case::new();
        let hours = |days| case.fact("hours", days, &json!({ "worked": { "number": "37" } }));
        let view = CaseView { known: vec![hours(WEEK)], ..case.view() };
        for days in [
            WEEK,
            "2020-10-11..2020-10-17",
            "2020-09-28..2020-10-05",
            "2020-10-07..2020-10-07",
            "2020-10-01..2020-10-31",
        ] {
            assert!(
                matches!(check(&view, hours(days)).unwrap_err().why.as_ref(), Why::Overlap { .. }),
                "{days}"
            );
        }
        check(&view, hours("2020-10-12..2020-10-18")).unwrap();
        check(&view, hours("2020-09-28..2020-10-04")).unwrap();
        check(&view, case.fact("note", WEEK, &json!({}))).unwrap();
    }
}
