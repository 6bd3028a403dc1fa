//! Statements and their arguments.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgArguments;
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr, Sqlite};
use uuid::Uuid;
use ydun_domain::{AccountNumber, Cpr, Cvr, Day, Dkk, PNumber, SeNumber, ids};
use ydun_runtime::Digest;

use super::Row;

/// A statement and its arguments.
#[derive(Clone, Debug)]
pub struct Sql {
    sqlite: Cow<'static, str>,
    postgres: Cow<'static, str>,
    locking: bool,
    args: Vec<Arg>,
}

/// A statement that reads the same to both engines, which nearly all do.
pub fn sql(text: &'static str) -> Sql {
    sql_each(text, text)
}

/// A statement that must differ, which few do.
pub fn sql_each(sqlite: &'static str, postgres: &'static str) -> Sql {
    Sql { sqlite: sqlite.into(), postgres: postgres.into(), locking: false, args: Vec::new() }
}

/// Rows to insert with one literal text: `INSERT INTO t (a, b) VALUES` and what may follow the rows.
///
/// A statement for each row would cost SQLite most of its time; so rows go in hundreds.
#[derive(Clone, Debug)]
pub struct Bulk {
    head: &'static str,
    tail: &'static str,
    rows: Vec<Vec<Arg>>,
}

/// Starts a bulk insert. `head` ends with `VALUES`; `tail` is empty or `ON CONFLICT DO NOTHING`.
pub fn bulk(head: &'static str, tail: &'static str) -> Bulk {
    Bulk { head, tail, rows: Vec::new() }
}

impl Bulk {
    const ROWS_MAX: usize = 250;
    /// What SQLite allows; PostgreSQL allows more.
    const ARGS_MAX: usize = 32_000;

    pub fn row(&mut self, args: Vec<Arg>) {
        self.rows.push(args);
    }

    pub(super) fn statements(self) -> impl Iterator<Item = Sql> {
        let columns = self.rows.first().map_or(1, Vec::len);
        let rows_max = Self::ROWS_MAX.min(Self::ARGS_MAX / columns);
        let mut rows = self.rows.into_iter().peekable();
        std::iter::from_fn(move || {
            rows.peek()?;
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take(rows_max).collect();
            let text =
                format!("{} {} {}", self.head, placeholders(chunk.len(), columns), self.tail);
            let args = chunk.into_iter().flatten().collect();
            Some(Sql { sqlite: text.clone().into(), postgres: text.into(), locking: false, args })
        })
    }
}

/// `($1,$2),($3,$4)`
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let numbers: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", numbers.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

/// Many values in one argument, as a JSON list; `host/README.md` says how a statement unfolds it.
pub fn list<T: serde::Serialize>(values: &[T]) -> String {
    serde_json::to_string(values).expect("numbers, ids and texts are always JSON")
}

/// Every type a column can have.
#[derive(Clone, Debug)]
pub enum Arg {
    Bool(Option<bool>),
    Int(Option<i64>),
    Text(Option<String>),
    Day(Option<NaiveDate>),
    Moment(Option<DateTime<Utc>>),
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
}

/// A value that can be an argument. Domain types implement it in one line.
pub trait Bind {
    const NULL: Arg;
    fn bind(self) -> Arg;
}

impl<T: Bind> Bind for Option<T> {
    const NULL: Arg = T::NULL;
    fn bind(self) -> Arg {
        self.map_or(T::NULL, T::bind)
    }
}

macro_rules! bind {
    ($($type:ty => $arg:ident, $to:expr;)*) => {$(
        impl Bind for $type {
            const NULL: Arg = Arg::$arg(None);
            fn bind(self) -> Arg {
                let to: fn($type) -> _ = $to;
                Arg::$arg(Some(to(self)))
            }
        }
    )*};
}

bind! {
    bool => Bool, |value| value;
    i64 => Int, |value| value;
    &str => Text, str::to_owned;
    String => Text, |value| value;
    NaiveDate => Day, |value| value;
    DateTime<Utc> => Moment, |value| value;
    Uuid => Id, |value| value;
    Vec<u8> => Bytes, |value| value;
    &[u8] => Bytes, <[u8]>::to_vec;
    Day => Day, Day::date;
    Dkk => Int, Dkk::oere;
    Cpr => Text, |number| number.digits().to_owned();
    Cvr => Text, |number| number.digits().to_owned();
    SeNumber => Text, |number| number.digits().to_owned();
    PNumber => Text, |number| number.digits().to_owned();
    &AccountNumber => Text, |number| number.digits().to_owned();
    Digest => Bytes, |digest| digest.0.to_vec();
    ids::Tenant => Int, |tenant| tenant.code().into();
    ids::PartyId => Id, |id| id.0;
    ids::CaseId => Id, |id| id.0;
    ids::FactId => Id, |id| id.0;
    ids::RunId => Id, |id| id.0;
    ids::MonthRunId => Id, |id| id.0;
    ids::ActivationId => Id, |id| id.0;
    ids::DecisionId => Id, |id| id.0;
    ids::EntryId => Id, |id| id.0;
    ids::PaymentId => Id, |id| id.0;
    ids::ElsewhereId => Id, |id| id.0;
    ids::PayeeAccountId => Id, |id| id.0;
    ids::RedirectionId => Id, |id| id.0;
    ids::DocumentId => Id, |id| id.0;
    ids::FilingId => Id, |id| id.0;
    ids::PaymentFileId => Id, |id| id.0;
    ids::ReportFileId => Id, |id| id.0;
    ids::PostingExportId => Id, |id| id.0;
    ids::NoticeId => Id, |id| id.0;
    ids::IndexFileId => Id, |id| id.0;
    ids::JobId => Id, |id| id.0;
    ids::TaskId => Id, |id| id.0;
    ids::ReplayId => Id, |id| id.0;
    ids::CampaignId => Id, |id| id.0;
    ids::PublicationId => Id, |id| id.0;
    ids::CorrectionId => Id, |id| id.0;
    ids::HearingId => Id, |id| id.0;
    ids::EventId => Id, |id| id.0;
    ids::IgnoreId => Id, |id| id.0;
    ids::UnreadId => Id, |id| id.0;
    ids::HoldId => Id, |id| id.0;
    ids::LetterId => Id, |id| id.0;
    ids::MessageId => Id, |id| id.0;
    ids::FreezeId => Id, |id| id.0;
    ids::LeaseToken => Id, |id| id.0;
}

macro_rules! with_args {
    ($query:expr, $args:expr) => {{
        let query = $query;
        $args.into_iter().fold(query, |query, arg| match arg {
            Arg::Bool(value) => query.bind(value),
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value),
            Arg::Day(value) => query.bind(value),
            Arg::Moment(value) => query.bind(value),
            Arg::Id(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        })
    }};
}

impl Sql {
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.args.push(value.bind());
        self
    }

    /// Keeps others from changing the rows found until the transaction ends.
    ///
    /// On SQLite the transaction holds the only write lock already.
    pub fn locking(mut self) -> Self {
        self.locking = true;
        self
    }

    pub(super) fn sqlite(self) -> Query<'static, Sqlite, SqliteArguments> {
        with_args!(sqlx::query(safe(self.sqlite)), self.args)
    }

    pub(super) fn postgres(self) -> Query<'static, Postgres, PgArguments> {
        with_args!(sqlx::query(safe(locked(self.postgres, self.locking))), self.args)
    }

    pub(super) fn sqlite_as<T: Row>(self) -> QueryAs<'static, Sqlite, T, SqliteArguments> {
        with_args!(sqlx::query_as(safe(self.sqlite)), self.args)
    }

    pub(super) fn postgres_as<T: Row>(self) -> QueryAs<'static, Postgres, T, PgArguments> {
        with_args!(sqlx::query_as(safe(locked(self.postgres, self.locking))), self.args)
    }
}

fn locked(text: Cow<'static, str>, locking: bool) -> Cow<'static, str> {
    if locking { format!("{text} FOR UPDATE").into() } else { text }
}

/// Texts reach this only as literals, joined with placeholders by [`Bulk`] or a lock by [`locked`].
fn safe(text: Cow<'static, str>) -> SqlStr {
    match text {
        Cow::Borrowed(literal) => literal.into_sql_str(),
        #[expect(clippy::disallowed_methods, reason = "literals joined in this file")]
        Cow::Owned(joined) => AssertSqlSafe(joined).into_sql_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_through() {
        assert_eq!(placeholders(2, 3), "($1,$2,$3),($4,$5,$6)");
    }

    #[test]
    fn many_rows_become_few_statements() {
        let mut rows = bulk("INSERT INTO t (a, b) VALUES", "");
        for number in 0..501i64 {
            rows.row(vec![number.bind(), "x".bind()]);
        }
        let statements: Vec<Sql> = rows.statements().collect();
        assert_eq!(statements.iter().map(|sql| sql.args.len()).collect::<Vec<_>>(), [500, 500, 2]);
        assert_eq!(statements[2].sqlite, "INSERT INTO t (a, b) VALUES ($1,$2) ");
    }
}
