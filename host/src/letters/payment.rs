//! Letters about a payment, to whoever gets the money: whom and what it is for, and how the amount comes about.
//!
//! Made of the notice, which is kept with the payment it tells about.

use std::collections::BTreeMap;

use ydun_domain::ids::PartyId;
use ydun_domain::{AccountNumber, Dkk};
use ydun_typeset::{Block, Column, Entry, Table, tied};

use super::reader::Reader;
use super::value::{at_start, in_words, weekday_in_words, within_sentence};
use super::{About, Draft, Frame, Kind, Nameless};
use crate::notices::{Content, Detail, Line, Notice, ToOther};
use crate::parties::{Identity, Party};

/// The letter of a notice, with the names it needs.
pub fn letter(
    frame: &Frame<'_>,
    notice: &Notice,
    parties: &BTreeMap<PartyId, Party>,
) -> Result<Draft, Nameless> {
    let recipient = parties.get(&notice.recipient).ok_or(Nameless(notice.recipient))?;
    let reader = Reader::of(recipient);
    let content = &notice.content;
    let mut blocks = vec![Block::Paragraph(opening(notice, reader))];
    blocks.push(summary(notice, reader, parties)?);
    for line in &content.lines {
        blocks.push(line_table(line, content, reader, parties)?);
    }
    blocks.extend(total(content));
    blocks.extend(to_others(content, reader, parties)?);
    blocks.push(Block::Paragraph(tied(&format!(
        "Afgørelsen er truffet den {} af {} ({}).",
        content.decided_on.in_words(),
        frame.sender.municipality,
        content.decided_by
    ))));
    let title = title(content, reader);
    Ok(Draft {
        kind: Kind::Payment,
        about: About::Payment(notice.payment_id),
        recipient: notice.recipient,
        letter: frame.letter(notice.id.to_string(), title, reader, blocks),
    })
}

/// Everybody a notice names.
pub(super) fn named(notice: &Notice) -> impl Iterator<Item = PartyId> + '_ {
    let content = &notice.content;
    let about = content.lines.iter().filter_map(|line| line.about).chain(content.on_behalf_of);
    about.chain(content.to_others.iter().map(|other| other.receiver)).chain([notice.recipient])
}

/// Who gets money for somebody else is not told of which benefit.
fn title(content: &Content, reader: Reader) -> String {
    let you = reader.you_at_start();
    match content.on_behalf_of {
        Some(_) => format!("{you} får penge for en anden"),
        None => format!("{you} får {}", within_sentence(&content.benefit)),
    }
}

fn opening(notice: &Notice, reader: Reader) -> String {
    let to = notice.account.as_ref().map_or_else(
        || format!("{} NemKonto", reader.your()),
        |own: &AccountNumber| format!("konto {}", own.hidden()),
    );
    tied(&format!(
        "Vi udbetaler {} til {to}. Pengene er der {}.",
        notice.content.amount,
        weekday_in_words(notice.disposal)
    ))
}

fn summary(
    notice: &Notice,
    reader: Reader,
    parties: &BTreeMap<PartyId, Party>,
) -> Result<Block, Nameless> {
    let account = notice.account.as_ref();
    let account = account
        .map_or_else(|| format!("{} NemKonto", reader.your_at_start()), AccountNumber::hidden);
    let mut entries = vec![
        Entry::new("Beløb", tied(&notice.content.amount.to_string())),
        Entry::new("Til rådighed", tied(&weekday_in_words(notice.disposal))),
        Entry::new("Konto", account),
    ];
    if let Some(citizen) = notice.content.on_behalf_of {
        entries.push(Entry::new("For", about(parties.get(&citizen).ok_or(Nameless(citizen))?)));
    }
    Ok(Block::Summary(entries))
}

fn line_table(
    line: &Line,
    content: &Content,
    reader: Reader,
    parties: &BTreeMap<PartyId, Party>,
) -> Result<Block, Nameless> {
    let row = |label: &str, value: String| [label.to_owned(), tied(&value)];
    let mut rows = Vec::new();
    if let Some(person) = line.about {
        rows.push(row("Vedrører", about(parties.get(&person).ok_or(Nameless(person))?)));
    }
    rows.push(row("Periode", line.period.in_words()));
    if let Some(reference) = &line.reference {
        rows.push(row(reader.told("Din reference", "Jeres reference"), reference.clone()));
    }
    let detail = |detail: &Detail| row(&at_start(&detail.label), in_words(&detail.value));
    rows.extend(line.details.iter().map(detail));
    let paid_before = line.decided - line.paid - line.to_others;
    if line.decided != line.paid {
        rows.push(row("Bevilget for perioden", line.decided.to_string()));
    }
    if !paid_before.is_zero() {
        rows.push(row("Heraf udbetalt før", (-paid_before).to_string()));
    }
    if !line.to_others.is_zero() {
        let label = reader.told("Heraf betalt til andre for dig", "Heraf betalt til andre for jer");
        rows.push(row(label, (-line.to_others).to_string()));
    }
    let paid = if content.deductions.is_empty() { "Udbetales nu" } else { "Beløb før fradrag" };
    let columns = [Column::words(&line.title), Column::figures("Oplysning")];
    Ok(Block::Table(Table::new(columns, rows, Some(row(paid, line.paid.to_string())))))
}

/// Name and birthday: enough for an employer to know whom, and not the personal number.
fn about(party: &Party) -> String {
    match &party.identity {
        Identity::Citizen(cpr) => format!("{}, født {}", party.name, cpr.birthday().in_words()),
        _ => party.name.clone(),
    }
}

/// Who else got money for the reader, if anybody.
fn to_others(
    content: &Content,
    reader: Reader,
    parties: &BTreeMap<PartyId, Party>,
) -> Result<Option<Block>, Nameless> {
    let row = |other: &ToOther| {
        let receiver = parties.get(&other.receiver).ok_or(Nameless(other.receiver))?;
        Ok([receiver.name.clone(), other.reference.clone(), tied(&other.amount.to_string())])
    };
    let rows = content.to_others.iter().map(row).collect::<Result<Vec<_>, Nameless>>()?;
    let title = reader.told("Samtidig betalt for dig til", "Samtidig betalt for jer til");
    let columns = [Column::words(title), Column::words("Reference"), Column::figures("Beløb")];
    Ok((!rows.is_empty()).then(|| Block::Table(Table::new(columns, rows, None))))
}

/// What is taken from the gross and what is left; or the sum, where there are several lines.
fn total(content: &Content) -> Option<Block> {
    let row = |label: &str, amount: Dkk| [label.to_owned(), tied(&amount.to_string())];
    let gross: Dkk = content.lines.iter().map(|line| line.paid).sum();
    if content.deductions.is_empty() && content.lines.len() < 2 {
        return None;
    }
    let mut rows: Vec<[String; 2]> = Vec::new();
    if content.deductions.is_empty() {
        rows.extend(content.lines.iter().map(|line| row(&line.title, line.paid)));
    } else {
        rows.push(row("Før fradrag", gross));
        let deductions = content.deductions.iter();
        rows.extend(deductions.map(|deduction| row(&deduction.title, -deduction.amount)));
    }
    let columns = [Column::words("I alt"), Column::figures("Beløb")];
    Some(Block::Table(Table::new(columns, rows, Some(row("Til udbetaling", content.amount)))))
}

#[cfg(test)]
mod tests;
