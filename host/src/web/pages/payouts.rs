//! `/udbetalinger`: when money can be where, what was sent, where payments stand, and what does not agree.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Html;
use ydun_domain::ids::{CaseId, PaymentFileId};
use ydun_domain::{Day, Dkk, Month, bank_days};

use super::html;
use super::payout_list::address as list_address;
use crate::access::{Act, Look};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::cases::service as cases;
use crate::clock::danish as danish_day;
use crate::db::Read;
use crate::freezes::{Freeze, service as freezes};
use crate::payments::calendar::{CalendarDay, PayDay, chance, pay_days};
use crate::payments::reconcile::Break;
use crate::payments::service as payments;
use crate::payments::standing::{FileSum, Standing, Sum};
use crate::payments::{BankProfile, Lane, PaymentFile};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::month_query::MonthQuery;

#[derive(Template)]
#[template(path = "payouts.html")]
struct PayoutsPage {
    frame: Frame,
    month: Month,
    chances: Vec<ChanceCard>,
    lanes: Vec<&'static str>,
    days: Vec<DayRow>,
    sums: Vec<SumRow>,
    files: Vec<FileRow>,
    breaks: Vec<BreakRow>,
    freezes: Vec<String>,
}

/// What an approval now leads to in a lane.
struct ChanceCard {
    lane: &'static str,
    approve_by: String,
    disposal: String,
    bank_stops_until: String,
}

/// A day of the month, and until when one approves to have money there on it.
struct DayRow {
    day: u32,
    weekday: &'static str,
    is_today: bool,
    /// Why banks are closed.
    closed: Option<&'static str>,
    /// In the order of the lanes; empty where nothing leads there.
    approve_by: Vec<String>,
    /// What is not done that day.
    frozen: Vec<&'static str>,
}

/// How many payments stand somewhere: those of the month, and those of all months that are on their way.
struct SumRow {
    standing: Mark,
    payments: i64,
    amount: Dkk,
    address: String,
    open: Option<(i64, String)>,
}

struct FileRow {
    name: String,
    lane: &'static str,
    disposal: String,
    payments: i64,
    total: Dkk,
    made: String,
    handed_over: Option<String>,
    /// What the bank has said of them.
    states: Vec<(Mark, i64)>,
}

struct BreakRow {
    title: String,
    case: Option<String>,
    amount: Dkk,
    owner: String,
    found: String,
    days: i64,
}

pub(super) async fn show(
    desk: Desk,
    query: Result<Query<MonthQuery>, QueryRejection>,
) -> Result<Html<String>, PageError> {
    let (today, bank) = (desk.app.clock.today(), &desk.app.bank);
    let month = query?.0.month(today)?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let mut frozen = freezes::of_days(&mut tx, act.tenant(), month.period()).await?;
    frozen.retain(|freeze| freeze.lifted.is_none());
    let page = PayoutsPage {
        frame,
        month,
        chances: chances(bank, &act)?,
        lanes: Lane::ALL.iter().map(|lane| danish::lane(*lane)).collect(),
        days: pay_days(bank, month).iter().map(|day| DayRow::of(day, &frozen, today)).collect(),
        freezes: frozen.iter().map(told).collect(),
        sums: sums(&mut tx, &act, month).await?,
        files: files(&mut tx, &act, month).await?,
        breaks: breaks(&mut tx, &act, today).await?,
    };
    let looked = format!("payments of {month}, {} breaks", page.breaks.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    html(&page)
}

fn chances(bank: &BankProfile, act: &Act<Look>) -> Result<Vec<ChanceCard>, Failure> {
    let card = |lane: &Lane| chance(bank, *lane, act.at()).map(|found| ChanceCard::of(&found));
    Lane::ALL.iter().map(card).collect::<Result<_, _>>().map_err(Failure::broken)
}

impl ChanceCard {
    fn of(found: &CalendarDay) -> Self {
        let bank = found.bank_stops_until.map_or_else(
            || "banken har ikke oplyst en frist".to_owned(),
            |(day, time)| format!("{} kl. {}", day.in_words(), time.format("%H.%M")),
        );
        Self {
            lane: danish::lane(found.lane),
            approve_by: until(found),
            disposal: found.disposal.in_words(),
            bank_stops_until: bank,
        }
    }
}

/// `26. oktober kl. 15.00`
fn until(found: &CalendarDay) -> String {
    let day = danish::day_and_month(found.approved);
    format!("{day} kl. {}", found.cut_off.format("%H.%M"))
}

impl DayRow {
    fn of(PayDay { day, last_chances }: &PayDay, frozen: &[Freeze], today: Day) -> Self {
        let of_lane = |lane: &Lane| last_chances.iter().find(|found| found.lane == *lane);
        Self {
            day: day.number(),
            weekday: danish::weekday(*day),
            is_today: *day == today,
            closed: closed(*day),
            approve_by: Lane::ALL
                .iter()
                .map(|lane| of_lane(lane).map(until).unwrap_or_default())
                .collect(),
            frozen: frozen
                .iter()
                .filter(|freeze| freeze.holds_on(*day))
                .map(|freeze| freeze.kind.in_words())
                .collect(),
        }
    }
}

/// `Godkendelse 21.–31. december 2026: årsafslutning`
fn told(freeze: &Freeze) -> String {
    let (kind, days) = (danish::capital(freeze.kind.in_words()), danish::days(freeze.days));
    format!("{kind} {days}: {}", hide_personal_numbers(&freeze.reason))
}

fn closed(day: Day) -> Option<&'static str> {
    if bank_days::is_bank_day(day) {
        return None;
    }
    bank_days::closing_day(day).or(Some("Weekend"))
}

async fn sums(db: &mut Read, act: &Act<Look>, month: Month) -> crate::db::Result<Vec<SumRow>> {
    let of_month = payments::sums(db, act.tenant(), month.period()).await?;
    let open = payments::open_sums(db, act.tenant()).await?;
    let rows = Standing::all().filter_map(|standing| {
        let find = |sums: &[Sum]| sums.iter().find(|sum| sum.standing == standing).cloned();
        SumRow::of(standing, month, find(&of_month), find(&open))
    });
    Ok(rows.collect())
}

impl SumRow {
    fn of(standing: Standing, month: Month, here: Option<Sum>, open: Option<Sum>) -> Option<Self> {
        if here.is_none() && open.is_none() {
            return None;
        }
        Some(Self {
            standing: danish::standing(standing),
            payments: here.as_ref().map_or(0, |sum| sum.payments),
            amount: here.map_or(Dkk::ZERO, |sum| sum.amount),
            address: list_address(standing, Some(month), None),
            open: open.map(|sum| (sum.payments, list_address(standing, None, None))),
        })
    }
}

async fn files(db: &mut Read, act: &Act<Look>, month: Month) -> crate::db::Result<Vec<FileRow>> {
    let days = month.period();
    let mut states: HashMap<PaymentFileId, Vec<FileSum>> = HashMap::new();
    for sum in payments::file_sums(db, act.tenant(), days).await? {
        states.entry(sum.file).or_default().push(sum);
    }
    let files = payments::files(db, act.tenant(), days.first()..=days.last()).await?;
    let row = |file: &PaymentFile| FileRow::of(file, states.get(&file.id));
    Ok(files.iter().rev().map(row).collect())
}

impl FileRow {
    fn of(file: &PaymentFile, states: Option<&Vec<FileSum>>) -> Self {
        let at = |at| format!("{} kl. {}", danish::day_and_month(danish_day(at)), danish::time(at));
        let state = |sum: &FileSum| (danish::payment(sum.state), sum.payments);
        Self {
            name: file.name.clone(),
            lane: danish::lane(file.lane),
            disposal: file.disposal.in_words(),
            payments: file.payments,
            total: file.total,
            made: at(file.made_at),
            handed_over: file.published_at.map(at),
            states: states.into_iter().flatten().map(state).collect(),
        }
    }
}

async fn breaks(db: &mut Read, act: &Act<Look>, today: Day) -> crate::db::Result<Vec<BreakRow>> {
    let breaks = payments::open_breaks(db, act.tenant()).await?;
    let ids: Vec<CaseId> = breaks.iter().filter_map(|found| found.case_id).collect();
    let numbers: HashMap<CaseId, String> = cases::by_ids(db, act.tenant(), &ids)
        .await?
        .into_iter()
        .map(|case| (case.id, case.to_string()))
        .collect();
    let row = |found: Break| BreakRow {
        case: found.case_id.and_then(|case| numbers.get(&case).cloned()),
        amount: found.amount,
        found: found.found_on.in_words(),
        days: found.age(today),
        title: hide_personal_numbers(&found.title),
        owner: found.owner,
    };
    Ok(breaks.into_iter().map(row).collect())
}
