//! What a payment is for, as the system of whoever gets the money reads it: JSON beside the letter.

use std::collections::BTreeMap;

use serde::Serialize;
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::PartyId;
use ydun_domain::{AccountNumber, Cpr, Day, Dkk, Period};
use ydun_typeset::Sender;

use super::Nameless;
use crate::notices::{Deduction, Line, Notice, ToOther, is_nothing};
use crate::parties::{Identity, Party};

/// A notice with the names it needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Specification<'a> {
    pub(super) notice: &'a Notice,
    pub(super) sender: &'a Sender,
    pub(super) parties: &'a BTreeMap<PartyId, Party>,
}

impl Specification<'_> {
    fn party(&self, id: PartyId) -> Result<&Party, Nameless> {
        self.parties.get(&id).ok_or(Nameless(id))
    }

    pub(super) fn json(&self) -> Result<String, Nameless> {
        let Self { notice, sender, .. } = self;
        let content = &notice.content;
        let person = |id: PartyId| {
            let party = self.party(id)?;
            Ok(JsonPerson { navn: party.name.clone(), foedt: birthday(party) })
        };
        let line = |line: &Line| {
            Ok(JsonLine {
                titel: line.title.clone(),
                vedroerer: line.about.map(person).transpose()?,
                periode: line.period,
                jeres_reference: line.reference.clone(),
                grundlag: line
                    .details
                    .iter()
                    .map(|detail| (detail.label.clone(), plain(&detail.value)))
                    .collect(),
                bevilget: line.decided,
                udbetales: line.paid,
                til_andre: line.to_others,
            })
        };
        let json = Json {
            meddelelse: notice.id.to_string(),
            afsender: JsonSender { kommune: &sender.municipality, kontakt: &sender.contact },
            modtager: self.party(notice.recipient)?.name.clone(),
            sag: content.case_number.clone(),
            ydelse: content.on_behalf_of.is_none().then(|| content.benefit.clone()),
            betalt_for: content.on_behalf_of.map(person).transpose()?,
            beloeb: content.amount,
            til_raadighed: notice.disposal,
            konto: notice.account.as_ref().map(AccountNumber::hidden),
            afgjort: content.decided_on,
            linjer: content.lines.iter().map(line).collect::<Result<_, Nameless>>()?,
            fradrag: content.deductions.iter().map(JsonDeduction::from).collect(),
            til_andre: self.json_to_others()?,
        };
        Ok(serde_json::to_string_pretty(&json).expect("texts, days and amounts are always JSON"))
    }
}

impl Specification<'_> {
    fn json_to_others(&self) -> Result<Vec<JsonToOther<'_>>, Nameless> {
        let mut json = Vec::new();
        for ToOther { receiver, reference, amount } in &self.notice.content.to_others {
            let modtager = self.party(*receiver)?.name.clone();
            json.push(JsonToOther { modtager, reference, beloeb: *amount });
        }
        Ok(json)
    }
}

fn birthday(party: &Party) -> Option<Day> {
    match &party.identity {
        Identity::Citizen(cpr) => Some(Cpr::birthday(cpr)),
        _ => None,
    }
}

/// As computers write it.
fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Amount(amount) => amount.plain(),
        Scalar::Number(number) => number.to_string(),
        other => other.to_string(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Json<'a> {
    meddelelse: String,
    afsender: JsonSender<'a>,
    modtager: String,
    sag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ydelse: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    betalt_for: Option<JsonPerson>,
    beloeb: Dkk,
    til_raadighed: Day,
    /// The end of the account, where it is not the NemKonto.
    #[serde(skip_serializing_if = "Option::is_none")]
    konto: Option<String>,
    afgjort: Day,
    linjer: Vec<JsonLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fradrag: Vec<JsonDeduction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    til_andre: Vec<JsonToOther<'a>>,
}

#[derive(Serialize)]
struct JsonToOther<'a> {
    modtager: String,
    reference: &'a str,
    beloeb: Dkk,
}

#[derive(Serialize)]
struct JsonSender<'a> {
    kommune: &'a str,
    /// Where to ask, one line each.
    kontakt: &'a [String],
}

#[derive(Serialize)]
struct JsonDeduction<'a> {
    titel: &'a str,
    beloeb: Dkk,
}

impl<'a> From<&'a Deduction> for JsonDeduction<'a> {
    fn from(Deduction { title, amount }: &'a Deduction) -> Self {
        Self { titel: title, beloeb: *amount }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonLine {
    titel: String,
    vedroerer: Option<JsonPerson>,
    periode: Period,
    jeres_reference: Option<String>,
    grundlag: BTreeMap<String, String>,
    bevilget: Dkk,
    udbetales: Dkk,
    #[serde(skip_serializing_if = "is_nothing")]
    til_andre: Dkk,
}

#[derive(Serialize)]
struct JsonPerson {
    navn: String,
    foedt: Option<Day>,
}
