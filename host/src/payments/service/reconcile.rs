//! The day's reconciliation: what does not agree is named, and what agrees again is closed.

use std::collections::{BTreeMap, HashMap};

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Dkk, Period, Tenant};

use super::due::open_amounts;
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::cases::ALL_CASES;
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::ledger::difference::Line;
use crate::ledger::{self, Account};
use crate::payments::State;
use crate::payments::reconcile::{Break, Kind};
use crate::payments::store::{self, Compared};

/// Compares everything as of a day, and returns what does not agree, oldest first.
///
/// A break that is found again keeps the day it was first found. Doing it twice changes nothing.
#[tracing::instrument(skip_all, fields(%day, by = act.by()))]
pub async fn reconcile(tx: &mut Tx, act: &Act<Pay>, day: Day) -> Result<Vec<Break>> {
    let tenant = act.tenant();
    let mut found = Found { day, runner: act.by().to_owned(), breaks: BTreeMap::new() };
    found.sent_and_acknowledged(tx, tenant).await?;
    found.acknowledged_and_stated(tx, tenant).await?;
    found.statements_in_a_row(tx, tenant).await?;
    found.booked_and_entitled(tx, tenant).await?;
    found.booked_and_paid(tx, tenant).await?;
    keep(tx, tenant, found.breaks, day).await?;
    let open = store::open_breaks(tx, tenant).await?;
    let detail = format!("{} breaks as of {day}", open.len());
    audit::record(tx, act, Action::PaymentsReconciled, Subject::Municipality, detail).await?;
    Ok(open)
}

/// The breaks that are open, oldest first.
pub async fn open_breaks(db: &mut Read, tenant: Tenant) -> Result<Vec<Break>> {
    store::open_breaks(db, tenant).await
}

async fn keep(
    tx: &mut Tx,
    tenant: Tenant,
    mut found: BTreeMap<String, Break>,
    day: Day,
) -> Result<()> {
    let mut changed = Vec::new();
    for open in store::open_breaks(tx, tenant).await? {
        match found.remove(&open.key) {
            None => store::close_break(tx, tenant, &open.key, day).await?,
            Some(now) if (now.amount, &now.title) != (open.amount, &open.title) => {
                changed.push(Break { amount: now.amount, title: now.title, ..open });
            }
            Some(_) => {}
        }
    }
    changed.extend(found.into_values());
    store::insert_breaks(tx, tenant, &changed).await
}

/// What was found, by key.
struct Found {
    day: Day,
    /// Who owns what is nobody else's.
    runner: String,
    breaks: BTreeMap<String, Break>,
}

impl Found {
    fn add(
        &mut self,
        kind: Kind,
        what: &str,
        (case_id, owner): (Option<CaseId>, Option<&str>),
        amount: Dkk,
        title: String,
    ) {
        let key = format!("{kind}:{what}");
        let owner = owner.unwrap_or(&self.runner).to_owned();
        let found = Break { key, kind, case_id, amount, title, owner, found_on: self.day };
        self.breaks.insert(found.key.clone(), found);
    }

    fn add_payment(&mut self, kind: Kind, payment: &Compared, amount: Dkk, what: &str) {
        let title = format!("{what}: {}", payment.message);
        let whose = (Some(payment.case_id), Some(payment.sent_by.as_str()));
        self.add(kind, &payment.id.to_string(), whose, amount, title);
    }

    async fn sent_and_acknowledged(&mut self, db: &mut Read, tenant: Tenant) -> Result<()> {
        for payment in store::at_bank(db, tenant).await? {
            let waits = matches!(payment.state, State::Sent | State::Unknown);
            if waits && danish(payment.sent_at) < self.day {
                let what = "Banken har ikke svaret på en sendt betaling";
                self.add_payment(Kind::Unanswered, &payment, payment.amount, what);
            } else if !waits && payment.disposal < self.day {
                let what = "Banken har ikke meldt en betaling udført";
                self.add_payment(Kind::Unsettled, &payment, payment.amount, what);
            }
        }
        Ok(())
    }

    /// Only for the days the bank has sent statements of.
    async fn acknowledged_and_stated(&mut self, db: &mut Read, tenant: Tenant) -> Result<()> {
        let days: Vec<Day> =
            store::statements(db, tenant).await?.iter().map(|statement| statement.day).collect();
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
            return Ok(());
        };
        for payment in store::on_statements(db, tenant, *first, *last).await? {
            let told = if payment.state == State::Settled { payment.amount } else { Dkk::ZERO };
            let differs = told + payment.moved;
            if !differs.is_zero() {
                let what = "Kontoudtoget viser noget andet, end banken har meldt";
                self.add_payment(Kind::OffStatement, &payment, differs, what);
            }
        }
        for whole in store::wholes(db, tenant).await? {
            let differs = whole.told + whole.moved;
            if !differs.is_zero() {
                let title = format!("Kontoudtoget viser et andet beløb for filen {}", whole.name);
                let whose = (None, Some(whole.made_by.as_str()));
                self.add(Kind::OffStatement, &whole.name, whose, differs, title);
            }
        }
        for stranger in store::strangers(db, tenant).await? {
            let what =
                format!("{}:{}:{}", stranger.account, stranger.statement_id, stranger.number);
            let title = format!("Ukendt bevægelse på kontoen {}", stranger.day.in_words());
            self.add(Kind::Stranger, &what, (None, None), stranger.amount, title);
        }
        Ok(())
    }

    async fn statements_in_a_row(&mut self, db: &mut Read, tenant: Tenant) -> Result<()> {
        let statements = store::statements(db, tenant).await?;
        for statement in &statements {
            let differs = statement.closing - statement.opening - statement.entries;
            if !differs.is_zero() {
                let title = format!(
                    "Kontoudtogets posteringer giver ikke forskellen på saldiene {}",
                    statement.day.in_words()
                );
                let what = format!("sum:{}:{}", statement.account, statement.id);
                self.add(Kind::Gap, &what, (None, None), differs, title);
            }
        }
        for pair in statements.windows(2).filter(|pair| pair[0].account == pair[1].account) {
            let differs = pair[1].opening - pair[0].closing;
            if !differs.is_zero() {
                let title = format!(
                    "Der mangler et kontoudtog mellem {} og {}",
                    pair[0].day.in_words(),
                    pair[1].day.in_words()
                );
                let what = format!("row:{}:{}", pair[1].account, pair[1].id);
                self.add(Kind::Gap, &what, (None, None), differs, title);
            }
        }
        Ok(())
    }

    /// What is due and not settled is named here; what is settled and not due mostly is already.
    async fn booked_and_entitled(&mut self, db: &mut Read, tenant: Tenant) -> Result<()> {
        let named: HashMap<Line, Dkk> = store::open_overpayments(db, tenant, &ALL_CASES)
            .await?
            .into_iter()
            .map(|named| (named.line(), named.amount))
            .collect();
        let stoppers: HashMap<(CaseId, PartyId), String> = store::stoppers(db, tenant)
            .await?
            .into_iter()
            .map(|(case, payee, by)| ((case, payee), by))
            .collect();
        for (line, open) in open_amounts(db, tenant, &ALL_CASES, ever()).await? {
            let differs = open + named.get(&line).copied().unwrap_or_default();
            let (kind, title) = if differs > Dkk::ZERO {
                (Kind::Unpaid, "Der er besluttet mere, end der er betalt")
            } else {
                (Kind::Overpaid, "Der er betalt mere, end der er besluttet")
            };
            if !differs.is_zero() {
                let owner = stoppers.get(&(line.case_id, line.payee)).map(String::as_str);
                let what = format!("{}:{}:{}", line.case_id, line.line_key, line.payee);
                self.add(kind, &what, (Some(line.case_id), owner), differs, title.to_owned());
            }
        }
        Ok(())
    }

    async fn booked_and_paid(&mut self, db: &mut Read, tenant: Tenant) -> Result<()> {
        let mut expected: BTreeMap<Account, Dkk> = BTreeMap::new();
        for (state, amount) in store::totals(db, tenant).await? {
            let account = match state {
                State::Planned => Account::Payable,
                State::Sent | State::Received | State::Accepted | State::Unknown => {
                    Account::BankInTransit
                }
                State::Settled => Account::Bank,
                State::Rejected | State::Returned => Account::Clearing,
                State::Stopped => continue,
            };
            *expected.entry(account).or_default() -= amount;
        }
        *expected.entry(Account::Bank).or_default() +=
            ledger::service::paid_back(db, tenant).await?;
        let booked = ledger::service::balances(db, tenant).await?;
        let accounts = [Account::Payable, Account::BankInTransit, Account::Bank, Account::Clearing];
        for account in accounts {
            let of = |balances: &BTreeMap<Account, Dkk>| {
                balances.get(&account).copied().unwrap_or_default()
            };
            let differs = of(&booked) - of(&expected);
            if !differs.is_zero() {
                let title = format!("Kontoen {account} i bogføringen passer ikke med betalingerne");
                self.add(Kind::Books, &account.to_string(), (None, None), differs, title);
            }
        }
        Ok(())
    }
}

/// Every day a decision can be about.
fn ever() -> Period {
    Period::new(Day::new(1850, 1, 1), Day::new(2199, 12, 31)).expect("1850 is before 2199")
}
