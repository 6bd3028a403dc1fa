//! A notice as its reader sees it: plain Danish text, or JSON for the reader's own system.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::Weekday;
use serde::Serialize;
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::PartyId;
use ydun_domain::{AccountNumber, Cpr, Day, Dkk, Period};

use super::{Content, Deduction, Line, Notice, ToOther, is_nothing};
use crate::parties::{Identity, Party};

/// Who the notice is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sender {
    #[serde(rename = "kommune")]
    pub municipality: String,
    /// Where to ask, one line each.
    #[serde(rename = "kontakt")]
    pub contact: Vec<String>,
}

/// A notice with the names it needs.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    pub notice: &'a Notice,
    pub sender: &'a Sender,
    pub parties: &'a BTreeMap<PartyId, Party>,
}

/// A notice names a party that is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notice names the party {0}, which is not registered")]
pub struct Nameless(pub PartyId);

/// How wide the text is, in characters.
const WIDTH: usize = 72;

impl Letter<'_> {
    /// Plain text, to be read in letters of one width.
    pub fn text(&self) -> Result<String, Nameless> {
        let Self { notice, sender, .. } = self;
        let content = &notice.content;
        let recipient = self.party(notice.recipient)?;
        let address = Address::to(recipient);
        let mut text = Text::default();
        text.line(&sender.municipality);
        text.line("");
        text.line("UDBETALINGSMEDDELELSE");
        text.line(&"=".repeat(WIDTH));
        text.entry("Til", &recipient.name);
        text.entry("Beløb", &content.amount.to_string());
        let day = format!("{} den {}", weekday(notice.disposal), notice.disposal.in_words());
        let account = notice.account.as_ref();
        let account = account.map_or_else(
            || format!("{} NemKonto", address.your),
            |own| format!("konto {}", own.hidden()),
        );
        text.entry("Til rådighed", &format!("{day} på {account}"));
        match content.on_behalf_of {
            Some(citizen) => text.entry("For", &self.about(citizen)?),
            None => text.entry("Ydelse", &content.benefit),
        }
        text.entry("Sag", &content.case_number);
        for line in &content.lines {
            self.write_line(&mut text, line, address)?;
        }
        text.line("-".repeat(WIDTH).as_str());
        write_total(&mut text, content);
        self.write_to_others(&mut text, address)?;
        text.line("");
        let decided = format!(
            "Afgørelsen er truffet den {} af {} ({}).",
            content.decided_on.in_words(),
            sender.municipality,
            content.decided_by
        );
        text.paragraph(&decided);
        text.paragraph(&format!(
            "Har {} spørgsmål, så kontakt os og oplys sagsnummer {}:",
            address.you, content.case_number
        ));
        for line in &sender.contact {
            text.line(&format!("  {line}"));
        }
        Ok(text.0)
    }

    fn write_line(&self, text: &mut Text, line: &Line, address: Address) -> Result<(), Nameless> {
        text.line("");
        text.line(&line.title);
        if let Some(about) = line.about {
            text.entry("  Vedrører", &self.about(about)?);
        }
        text.entry("  Periode", &days(line.period));
        if let Some(reference) = &line.reference {
            text.entry(&format!("  {} ref.", address.your_at_start), reference);
        }
        for detail in &line.details {
            text.amount(&format!("  {}", detail.label), &value(&detail.value));
        }
        let paid_before = line.decided - line.paid - line.to_others;
        if line.decided != line.paid {
            text.amount("  Bevilget for perioden", &line.decided.to_string());
        }
        if !paid_before.is_zero() {
            text.amount("  Heraf udbetalt før", &(-paid_before).to_string());
        }
        if !line.to_others.is_zero() {
            let label = format!("  Heraf betalt til andre for {}", address.object);
            text.amount(&label, &(-line.to_others).to_string());
        }
        let paid = if self.notice.content.deductions.is_empty() {
            "  Udbetales nu"
        } else {
            "  Beløb før fradrag"
        };
        text.amount(paid, &line.paid.to_string());
        Ok(())
    }

    /// Who else got money for the recipient.
    fn write_to_others(&self, text: &mut Text, address: Address) -> Result<(), Nameless> {
        for (number, other) in self.notice.content.to_others.iter().enumerate() {
            if number == 0 {
                text.line("");
                text.line(&format!("Samtidig er der betalt for {}:", address.object));
            }
            let receiver = &self.party(other.receiver)?.name;
            text.amount(&format!("  {receiver}"), &other.amount.to_string());
            text.entry("  Reference", &other.reference);
        }
        Ok(())
    }

    fn party(&self, id: PartyId) -> Result<&Party, Nameless> {
        self.parties.get(&id).ok_or(Nameless(id))
    }

    /// Name and birthday: enough for an employer to know whom, and not the personal number.
    fn about(&self, id: PartyId) -> Result<String, Nameless> {
        let party = self.party(id)?;
        Ok(match &party.identity {
            Identity::Citizen(cpr) => format!("{}, født {}", party.name, cpr.birthday().in_words()),
            _ => party.name.clone(),
        })
    }

    /// For the reader's own system.
    pub fn json(&self) -> Result<String, Nameless> {
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
            afsender: sender,
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

    fn json_to_others(&self) -> Result<Vec<JsonToOther<'_>>, Nameless> {
        let mut json = Vec::new();
        for ToOther { receiver, reference, amount } in &self.notice.content.to_others {
            let modtager = self.party(*receiver)?.name.clone();
            json.push(JsonToOther { modtager, reference, beloeb: *amount });
        }
        Ok(json)
    }
}

/// The total; where something is taken from it, the gross, each deduction and what is left.
fn write_total(text: &mut Text, content: &Content) {
    if content.deductions.is_empty() {
        text.amount("I alt", &content.amount.to_string());
        return;
    }
    let gross: Dkk = content.lines.iter().map(|line| line.paid).sum();
    text.amount("I alt før fradrag", &gross.to_string());
    for deduction in &content.deductions {
        text.amount(&format!("  {}", deduction.title), &(-deduction.amount).to_string());
    }
    text.amount("Til udbetaling", &content.amount.to_string());
}

fn birthday(party: &Party) -> Option<Day> {
    match &party.identity {
        Identity::Citizen(cpr) => Some(Cpr::birthday(cpr)),
        _ => None,
    }
}

/// How Danish speaks to one person, and to a firm.
#[derive(Clone, Copy)]
struct Address {
    you: &'static str,
    /// As in "betalt for dig".
    object: &'static str,
    your: &'static str,
    your_at_start: &'static str,
}

impl Address {
    fn to(party: &Party) -> Self {
        match party.identity {
            Identity::Citizen(_) => {
                Self { you: "du", object: "dig", your: "din", your_at_start: "Din" }
            }
            _ => Self { you: "I", object: "jer", your: "jeres", your_at_start: "Jeres" },
        }
    }
}

/// The text so far.
#[derive(Default)]
struct Text(String);

impl Text {
    const LABEL_WIDTH: usize = 15;

    fn line(&mut self, line: &str) {
        writeln!(self.0, "{line}").expect("a String takes any text");
    }

    /// A label, and beside it a text in as many lines as it needs.
    fn entry(&mut self, label: &str, value: &str) {
        let mut label = label;
        for part in wrap(value, WIDTH - Self::LABEL_WIDTH) {
            self.line(format!("{label:<width$}{part}", width = Self::LABEL_WIDTH).as_str());
            label = "";
        }
    }

    /// A label, and a figure at the right edge.
    fn amount(&mut self, label: &str, value: &str) {
        let room = WIDTH.saturating_sub(label.chars().count());
        self.line(&format!("{label}{value:>room$}"));
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, WIDTH) {
            self.line(&line);
        }
    }
}

/// The text in lines no wider than `width`, broken at blanks.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is a first line");
        let joined = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
        if joined.chars().count() <= width || last.is_empty() {
            *last = joined;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn weekday(day: Day) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "mandag",
        Weekday::Tue => "tirsdag",
        Weekday::Wed => "onsdag",
        Weekday::Thu => "torsdag",
        Weekday::Fri => "fredag",
        Weekday::Sat => "lørdag",
        Weekday::Sun => "søndag",
    }
}

fn days(period: Period) -> String {
    format!("{} - {}", period.first().in_words(), period.last().in_words())
}

fn value(value: &Scalar) -> String {
    match value {
        Scalar::Day(day) => day.in_words(),
        other => other.to_string(),
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
    afsender: &'a Sender,
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

#[cfg(test)]
mod tests;
