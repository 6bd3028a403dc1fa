//! Killing the program at random moments: nothing is lost, and nothing is paid twice.
//!
//! The same month is run twice on each engine, with the program itself as an operator would use it:
//! once undisturbed, once with every command killed again and again before it is let through. The
//! books, the decisions and the bank must agree to the øre. `YDUN_KILLS` sets how often it is killed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use demo_municipality::people::Dice;
use serde_json::Value;
use sqlx::postgres::PgPool;
use ydun::modules::package::Package;
use ydun_domain::Month;
use ydun_runtime::signature::{Publisher, Reach};

use crate::voksenlaerling::{component, new_key, signed_by};

const KILLS: usize = 24;
const CASES: usize = 120;
const MONTH: &str = "2020-10";
const TODAY: &str = "2021-01-28T08:00:00Z";
/// Exit code of a command another process is in the way of.
const BUSY: i32 = 5;

#[test]
fn a_month_killed_at_random_on_sqlite_is_the_month_undisturbed() {
    let databases = [None, None];
    killed_is_undisturbed(databases);
}

#[test]
fn a_month_killed_at_random_on_postgres_is_the_month_undisturbed() {
    let Ok(server) = std::env::var("YDUN_TEST_POSTGRES") else { return };
    killed_is_undisturbed([Some(fresh_schema(&server)), Some(fresh_schema(&server))]);
}

/// The address of an empty schema on a server.
pub(crate) fn fresh_schema(server: &str) -> String {
    let schema = format!("crash_{}", uuid::Uuid::now_v7().simple());
    let create = format!("CREATE SCHEMA {schema}");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let pool = PgPool::connect(server).await.unwrap();
        #[expect(clippy::disallowed_methods, reason = "the schema's name is our own")]
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&pool).await.unwrap();
        pool.close().await;
    });
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options[search_path]={schema}")
}

fn killed_is_undisturbed([undisturbed, killed]: [Option<String>; 2]) {
    let undisturbed = Place::new(undisturbed).run_month(0);
    let kills = std::env::var("YDUN_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let killed = Place::new(killed).run_month(kills);
    assert_eq!(killed, undisturbed);
    let settled = oere(&killed.figures[0]["paid"]["amount_settled"]);
    assert!(settled > 0);
    assert_eq!(killed.at_the_bank["settled_oere"], settled);
}

/// What a month came to, as far as it can be the same in two databases.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    figures: Value,
    /// Amounts approved, by case number.
    approved: Vec<(String, String)>,
    /// The bank's own books, with every payee's balance.
    at_the_bank: Value,
}

/// A database, its data folder and its bank.
struct Place {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl Place {
    fn new(database: Option<String>) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), database };
        place.set_up();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn set_up(&self) {
        let months: Vec<Month> = vec![MONTH.parse().unwrap()];
        let write = |name: &str, file: &demo_municipality::file::File| {
            std::fs::write(self.path(name), serde_json::to_vec(file).unwrap()).unwrap();
            self.path(name).display().to_string()
        };
        let municipality = write("municipality.json", &demo_municipality::empty_municipality());
        let cases = write("cases.json", &demo_municipality::municipality(CASES, &months));
        self.finish("drift", &["migrate"]);
        self.finish("anna", &["import", &municipality]);
        let key = new_key();
        let package = signed_by(&[&key], component());
        let publisher = Publisher {
            name: "Ydun".into(),
            key: key.public(),
            may_sign: Reach::National,
            revoked: None,
        };
        std::fs::write(self.path("publisher.json"), serde_json::to_vec(&publisher).unwrap())
            .unwrap();
        let publisher = self.path("publisher.json").display().to_string();
        self.finish("drift", &["publisher", "add", &publisher]);
        self.finish("drift", &["module", "install", &self.deliver(&package)]);
        self.finish(
            "drift",
            &["module", "activate", "voksenlaerling", "1.0.0", "--from", "2015-01-01"],
        );
        self.finish(
            "drift",
            &["module", "set", "voksenlaerling", "municipality", r#"{"text":"0999"}"#],
        );
        self.finish("anna", &["import", &cases]);
    }

    /// Writes a module and its signatures where a publisher would put them.
    fn deliver(&self, package: &Package) -> String {
        let file = self.path("voksenlaerling-1.0.0.wasm");
        std::fs::write(&file, &package.component).unwrap();
        let signatures = serde_json::to_vec(&package.signatures).unwrap();
        std::fs::write(file.with_extension("sig.json"), signatures).unwrap();
        file.display().to_string()
    }

    /// Runs the month, each command killed its share of times first.
    fn run_month(&self, kills: usize) -> Came {
        let mut dice = Dice::new(kills as u64);
        let run = ["run", "month", MONTH, "--batch", "5", "--lease", "0.2"];
        self.survive("anna", &run, kills / 2, &mut dice);
        let list: Value = self.ask("bo", &["decision", "list", MONTH]);
        let digest = list["digest"].as_str().unwrap();
        self.survive("bo", &["decision", "approve", MONTH, "--seen", digest], kills / 4, &mut dice);
        let sent = ["payment", "send", "--lease", "0.2"];
        self.survive("ida", &sent, kills - kills / 2 - kills / 4, &mut dice);
        self.bank("2021-01-28", kills / 8, &mut dice);
        self.bank("2021-02-05", kills / 8, &mut dice);
        self.finish("drift", &["verify", "--all"]);
        self.finish("drift", &["doctor"]);
        self.outcome()
    }

    /// The bank takes what is in the outbox and answers; the answers are read, killed now and then.
    fn bank(&self, day: &str, kills: usize, dice: &mut Dice) {
        let path = |name: &str| self.path(name).display().to_string();
        std::fs::create_dir_all(path("bank/in")).unwrap();
        let mut bank = Command::new(program("simbank"));
        bank.args(["process", "--inbox", &path("bank/out"), "--outbox", &path("bank/in")]);
        bank.args(["--books", &path("books.json"), "--day", day]);
        assert!(bank.output().unwrap().status.success());
        self.survive("ida", &["payment", "receive", &path("bank/in")], kills, dice);
    }

    /// What the bank itself says it has drawn from the municipality's account.
    fn at_the_bank(&self) -> Value {
        let mut books = Command::new(program("simbank"));
        books.args(["books", "--json", "--books", &self.path("books.json").display().to_string()]);
        serde_json::from_slice(&books.output().unwrap().stdout).unwrap()
    }

    fn outcome(&self) -> Came {
        let figures = self.ask("bo", &["figures", MONTH]);
        let list = self.ask("bo", &["decision", "list", MONTH]);
        let listed = |proposal: &Value| {
            assert_eq!(proposal["is_open"], Value::Bool(false), "{proposal}");
            (proposal["number"].to_string(), proposal["total"].to_string())
        };
        let mut approved: Vec<(String, String)> =
            list["proposals"].as_array().unwrap().iter().map(listed).collect();
        approved.sort();
        Came { figures, approved, at_the_bank: self.at_the_bank() }
    }

    /// Starts a command and kills it, so many times, each at another moment; then lets it finish.
    fn survive(&self, worker: &str, arguments: &[&str], kills: usize, dice: &mut Dice) {
        for _ in 0..kills {
            let mut child = self.start(worker, arguments);
            std::thread::sleep(Duration::from_millis(dice.roll(400)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        self.finish(worker, arguments);
    }

    fn start(&self, worker: &str, arguments: &[&str]) -> Child {
        let mut command = self.command(worker, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs a command to its end, waiting out the lease of one that was killed.
    fn finish(&self, worker: &str, arguments: &[&str]) -> Output {
        for _ in 0..50 {
            let output = self.command(worker, arguments).output().unwrap();
            match output.status.code() {
                Some(BUSY) => std::thread::sleep(Duration::from_millis(100)),
                Some(0 | 1) => return output,
                _ => panic!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)),
            }
        }
        panic!("{arguments:?} was busy for too long")
    }

    fn ask(&self, worker: &str, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = ["--json"].iter().chain(arguments).copied().collect();
        serde_json::from_slice(&self.finish(worker, &arguments).stdout).unwrap()
    }

    fn command(&self, worker: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("ydun"));
        command
            .args(arguments)
            .env("YDUN_DATA", self.folder.path())
            .env("YDUN_TENANT", "0999")
            .env("YDUN_WORKER", worker)
            .env("YDUN_NOW", TODAY);
        match &self.database {
            Some(url) => command.env("YDUN_DATABASE", url),
            None => command.env_remove("YDUN_DATABASE"),
        };
        command
    }
}

fn oere(amount: &Value) -> i64 {
    ydun_domain::Dkk::parse_plain(amount.as_str().unwrap()).unwrap().oere()
}

/// A program, built beside the tests.
pub(crate) fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join(name);
    assert!(program.exists(), "{} is missing; `cargo xtask test` builds it", program.display());
    program
}
