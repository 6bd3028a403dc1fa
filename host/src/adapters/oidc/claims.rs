//! Who somebody is, as a Danish broker says it in an ID token.

use serde::Deserialize;

use super::OidcError;
use crate::visits::{Employee, Shown, Unit};

/// The levels of assurance that are enough (NSIS).
const LEVELS: [&str; 2] = [
    "https://data.gov.dk/concept/core/nsis/Substantial",
    "https://data.gov.dk/concept/core/nsis/High",
];

#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) exp: i64,
    pub(super) nonce: Option<String>,
    /// Whether it is somebody for themselves, or for a company.
    identity_type: Option<String>,
    /// How sure the login is.
    loa: Option<String>,
    #[serde(rename = "dk.cpr")]
    cpr: Option<String>,
    #[serde(rename = "mitid.identity_name")]
    name: Option<String>,
    #[serde(rename = "nemlogin.cvr")]
    cvr: Option<String>,
    #[serde(rename = "nemlogin.org_name")]
    company: Option<String>,
    #[serde(rename = "nemlogin.se_number")]
    se: Option<String>,
    #[serde(rename = "nemlogin.p_number")]
    p: Option<String>,
    #[serde(rename = "nemlogin.name")]
    employee: Option<String>,
    #[serde(rename = "nemlogin.nemid.rid")]
    rid: Option<String>,
}

impl Claims {
    /// Who it is. What is missing is no reason to take somebody for less or more than they are.
    pub(super) fn shown(self) -> Result<Shown, OidcError> {
        let level = self.loa.as_deref().unwrap_or("no level of assurance");
        if !LEVELS.contains(&level) {
            return Err(OidcError::TooWeak(level.to_owned()));
        }
        match self.identity_type.as_deref() {
            Some("private") => self.citizen(),
            Some("professional") => self.company(),
            _ => Err(OidcError::Nobody("'identity_type' is neither 'private' nor 'professional'")),
        }
    }

    fn citizen(self) -> Result<Shown, OidcError> {
        let cpr = self.cpr.ok_or(OidcError::Nobody("'dk.cpr' is missing"))?;
        let cpr = cpr.parse().map_err(|_| OidcError::Nobody("'dk.cpr' is no personal number"))?;
        let name = given(self.name).ok_or(OidcError::Nobody("'mitid.identity_name' is missing"))?;
        Ok(Shown::Citizen { cpr, name })
    }

    fn company(self) -> Result<Shown, OidcError> {
        let cvr = self.cvr.ok_or(OidcError::Nobody("'nemlogin.cvr' is missing"))?;
        let cvr = cvr.parse().map_err(|_| OidcError::Nobody("'nemlogin.cvr' is no CVR number"))?;
        let name =
            given(self.company).ok_or(OidcError::Nobody("'nemlogin.org_name' is missing"))?;
        let unit = match (given(self.se), given(self.p)) {
            (Some(se), _) => Some(Unit::Se(
                se.parse()
                    .map_err(|_| OidcError::Nobody("'nemlogin.se_number' is no SE number"))?,
            )),
            (None, Some(p)) => Some(Unit::P(
                p.parse().map_err(|_| OidcError::Nobody("'nemlogin.p_number' is no P number"))?,
            )),
            (None, None) => None,
        };
        let person = given(self.employee).ok_or(OidcError::Nobody("'nemlogin.name' is missing"))?;
        let employee = Employee { name: person, number: given(self.rid) };
        Ok(Shown::Company { cvr, name, unit, employee })
    }
}

/// A text that says something.
fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shown(more: &Value) -> Result<Shown, String> {
        let mut claims =
            json!({ "exp": 0, "loa": "https://data.gov.dk/concept/core/nsis/Substantial" });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let claims: Claims = serde_json::from_value(claims).unwrap();
        claims.shown().map_err(|error| error.to_string())
    }

    #[test]
    fn a_citizen_is_told_by_the_personal_number() {
        let citizen = json!({ "identity_type": "private", "dk.cpr": "0707614285",
                              "mitid.identity_name": "Bo Dam" });
        let expected = Shown::Citizen { cpr: "0707614285".parse().unwrap(), name: "Bo Dam".into() };
        assert_eq!(shown(&citizen), Ok(expected));
        for missing in ["identity_type", "dk.cpr", "mitid.identity_name"] {
            let mut less = citizen.clone();
            less.as_object_mut().unwrap().remove(missing);
            assert!(shown(&less).unwrap_err().contains(missing));
        }
    }

    #[test]
    fn somebody_for_a_company_is_never_taken_for_a_citizen() {
        let both = json!({ "identity_type": "professional", "dk.cpr": "0707614285",
                           "mitid.identity_name": "Bo Dam", "nemlogin.cvr": "29189803",
                           "nemlogin.org_name": "Tømrer Dam ApS", "nemlogin.name": "Bo Dam",
                           "nemlogin.se_number": "29189803", "nemlogin.nemid.rid": "17" });
        let Ok(Shown::Company { unit, employee, .. }) = shown(&both) else { panic!() };
        assert_eq!(unit, Some(Unit::Se("29189803".parse().unwrap())));
        assert_eq!(employee.number.as_deref(), Some("17"));
        let mut wrong = both;
        wrong["nemlogin.se_number"] = "12".into(); // never the whole company instead
        assert!(shown(&wrong).unwrap_err().contains("no SE number"));
    }

    #[test]
    fn a_weak_login_is_not_enough() {
        let citizen = |loa: &str| {
            shown(&json!({ "identity_type": "private", "dk.cpr": "0707614285",
                           "mitid.identity_name": "Bo Dam", "loa": loa }))
        };
        assert!(citizen("https://data.gov.dk/concept/core/nsis/High").is_ok());
        let refused = citizen("https://data.gov.dk/concept/core/nsis/Low").unwrap_err();
        assert!(refused.contains("not secure enough"), "{refused}");
    }
}
