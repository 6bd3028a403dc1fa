//! `/selv/udbetalinger`: what one was paid, for whom, on what it rests, and what corrections changed. Also as a
//! file of rows and as JSON, for one's own bookkeeping.

use askama::Template;
use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use ydun_domain::Dkk;
use ydun_domain::benefit::Attribute;

use super::frame::Frame;
use super::visitor::Visitor;
use crate::cases::{Case, service as cases};
use crate::db::Result;
use crate::operations::remittance::{Decided, Remittance, Sent, remittances};
use crate::web::danish::{self, Mark, Pair};
use crate::web::failure::PageError;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "selv/payments.html")]
struct PaymentsPage {
    frame: Frame,
    rows: Vec<PaidRow>,
}

struct PaidRow {
    who: String,
    benefit: String,
    case: String,
    days: String,
    reference: Option<String>,
    amount: Dkk,
    details: Vec<Pair>,
    correction: Option<Correction>,
    payments: Vec<(String, Dkk, Mark)>,
}

/// What a correction changed.
struct Correction {
    on: String,
    before: Dkk,
    /// How much more or less it is.
    difference: Dkk,
    /// Each figure that changed, before and now.
    changes: Vec<(String, String, String)>,
}

pub(super) async fn show(visitor: Visitor) -> std::result::Result<Html<String>, PageError> {
    let all = look(&visitor).await?;
    let mut read = visitor.app.db.read().await?;
    let titles = Titles::read(&mut read).await?;
    let page = PaymentsPage {
        frame: Frame::of(&mut read, &visitor).await?,
        rows: all.into_iter().map(|row| PaidRow::of(row, &titles)).collect(),
    };
    Ok(Html(page.render()?))
}

async fn look(visitor: &Visitor) -> Result<Vec<Remittance>> {
    let (mut tx, act) = visitor.act().await?;
    let own = visitor.own_ids(&mut tx).await?;
    let mut of_own = Vec::new();
    for party in &own {
        of_own.extend(cases::of_party(&mut tx, act.tenant(), *party).await?);
    }
    of_own.sort_unstable_by_key(|case: &Case| case.id);
    of_own.dedup_by_key(|case| case.id);
    let all = remittances(&mut tx, &act, &own, &of_own).await?;
    tx.commit().await?;
    Ok(all)
}

/// As JSON: amounts as texts in kroner, days as in ISO 8601.
pub(super) async fn json(
    visitor: Visitor,
) -> std::result::Result<Json<Vec<Remittance>>, PageError> {
    Ok(Json(look(&visitor).await?))
}

/// As a file of rows: one for each line that counts, with the figures before where it was corrected.
pub(super) async fn csv(visitor: Visitor) -> std::result::Result<Response, PageError> {
    let mut file = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    file.write_record(HEAD).expect("a row is written to memory");
    for row in look(&visitor).await? {
        file.write_record(record(&row)).expect("a row is written to memory");
    }
    let bytes = file.into_inner().expect("rows are written to memory");
    let text = format!("\u{feff}{}", String::from_utf8_lossy(&bytes));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"udbetalinger.csv\""),
    ];
    Ok((headers, text).into_response())
}

const HEAD: [&str; 10] = [
    "Sag",
    "Ydelse",
    "Navn",
    "Første dag",
    "Sidste dag",
    "Jeres reference",
    "Beløb",
    "Grundlag",
    "Beløb før rettelse",
    "Grundlag før rettelse",
];

fn record(row: &Remittance) -> [String; 10] {
    let before = row.before.as_ref();
    [
        row.case.clone(),
        row.benefit.clone(),
        row.about.clone().unwrap_or_default(),
        row.period.first().to_string(),
        row.period.last().to_string(),
        row.reference.clone().unwrap_or_default(),
        plain(row.now.amount),
        told(&row.now.details),
        before.map(|before| plain(before.amount)).unwrap_or_default(),
        before.map(|before| told(&before.details)).unwrap_or_default(),
    ]
    .map(harmless)
}

/// `1234,50`, as a spreadsheet reads it.
fn plain(amount: Dkk) -> String {
    amount.decimal().to_string().replace('.', ",")
}

/// `timer 148,5, sats 45,00 kr.`
fn told(details: &[Attribute]) -> String {
    let told = details.iter().map(|told| format!("{} {}", told.name, danish::value(&told.value)));
    told.collect::<Vec<_>>().join(", ")
}

/// A text that a spreadsheet would take for a formula is told to be a text.
fn harmless(text: String) -> String {
    let is_number = text.parse::<i64>().is_ok()
        || text.replace(',', ".").parse::<rust_decimal::Decimal>().is_ok();
    if !is_number && text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

impl PaidRow {
    fn of(row: Remittance, titles: &Titles) -> Self {
        Self {
            who: row.about.unwrap_or_else(|| "Dig selv".to_owned()),
            benefit: titles.of(&row.benefit).to_owned(),
            case: row.case,
            days: danish::capital(&danish::days(row.period)),
            reference: row.reference,
            amount: row.now.amount,
            details: danish::pairs(&row.now.details),
            correction: row.before.map(|before| Correction::of(&before, &row.now)),
            payments: row.payments.iter().map(payment).collect(),
        }
    }
}

fn payment(sent: &Sent) -> (String, Dkk, Mark) {
    (sent.disposal.in_words(), sent.amount, danish::payment(sent.state))
}

impl Correction {
    fn of(before: &Decided, now: &Decided) -> Self {
        let value = |details: &[Attribute], name: &str| {
            let found = details.iter().find(|told| told.name == name);
            found.map_or_else(|| "ikke oplyst".to_owned(), |told| danish::value(&told.value))
        };
        let mut names: Vec<&str> =
            before.details.iter().chain(&now.details).map(|told| told.name.as_str()).collect();
        let mut seen = Vec::new();
        names.retain(|name| {
            let is_new = !seen.contains(name);
            seen.push(*name);
            is_new
        });
        let change = |name: &str| {
            let (before, now) = (value(&before.details, name), value(&now.details, name));
            (before != now).then(|| (danish::capital(name), before, now))
        };
        Self {
            on: now.on.in_words(),
            before: before.amount,
            difference: now.amount - before.amount,
            changes: names.into_iter().filter_map(change).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_a_number_stays_one() {
        assert_eq!(harmless("=1+1".into()), "'=1+1");
        assert_eq!(harmless("@sum".into()), "'@sum");
        assert_eq!(harmless("-12,50".into()), "-12,50");
        assert_eq!(harmless("Bo Dam".into()), "Bo Dam");
    }
}
