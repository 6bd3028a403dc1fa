//! Events through a real broker, which is restarted in the middle, to a listener that is killed.
//!
//! `YDUN_TEST_RABBITMQ` names the program that starts `RabbitMQ`; without it this is left out. The broker
//! is private: its own folder, ports and name, as a user without rights, and gone afterwards.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use ydun::access::{Act, Administer};
use ydun::db::{Db, Url, sql};
use ydun::events::service::set_window;
use ydun_peers::simcpr::{Books, Disorder, Population, by_amqp, delivery, live};

use super::town::Town;
use crate::crash::{fresh_schema, program};
use crate::support::{act_as, at, change, day, set_up, tenant};

const EVENTS: usize = 200;
const QUEUE: &str = "ydun-events";
const PATIENCE: Duration = Duration::from_mins(4);

/// A running broker, which is stopped and removed when dropped.
struct Broker {
    server: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    names: u16,
    distribution: u16,
    running: Option<Child>,
}

impl Broker {
    fn start(server: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [port, names, distribution] = [free_port(), free_port(), free_port()];
        let mut broker = Self { server, folder, port, names, distribution, running: None };
        broker.set_up();
        broker.run();
        broker
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn set_up(&self) {
        let settings = format!(
            "loopback_users = none\ndisk_free_limit.absolute = 10MB\nlisteners.tcp.1 = 127.0.0.1:{}\n",
            self.port
        );
        std::fs::write(self.path("rabbitmq.conf"), settings).unwrap();
        std::fs::write(self.path("plugins"), "[].\n").unwrap();
        if let Some((user, group)) = unprivileged() {
            chown(self.folder.path(), Some(user), Some(group)).unwrap();
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command.env("ERL_EPMD_PORT", self.names.to_string()).env("ERL_EPMD_ADDRESS", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = unprivileged() {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&mut self) {
        let mut command = self.command(&self.server);
        command.env("RABBITMQ_NODENAME", format!("ydun{}@localhost", self.port));
        command.env("RABBITMQ_CONFIG_FILE", self.path("rabbitmq"));
        command.env("RABBITMQ_CONF_ENV_FILE", self.path("none"));
        command.env("RABBITMQ_ENABLED_PLUGINS_FILE", self.path("plugins"));
        command.env("RABBITMQ_GENERATED_CONFIG_DIR", self.path("generated"));
        command.env("RABBITMQ_MNESIA_BASE", self.path("data"));
        command.env("RABBITMQ_LOG_BASE", self.path("log"));
        command.env("RABBITMQ_DIST_PORT", self.distribution.to_string());
        self.running = Some(command.process_group(0).spawn().unwrap());
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "RabbitMQ does not start");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Asks it to stop, as an operator would, and waits for it.
    fn stop(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        let group = format!("-{}", running.id());
        Command::new("kill").args(["-TERM", "--", &group]).status().unwrap();
        running.wait().unwrap();
    }

    fn address(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/%2f", self.port)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop();
        let _ = self.command(Path::new("epmd")).arg("-kill").status();
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Who the broker runs as where we are root.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let said = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    };
    (id(&["-u"])? == 0).then(|| Some((id(&["-u", "nobody"])?, id(&["-g", "nobody"])?)))?
}

/// The program that listens, as an operator starts it.
struct Listener(Child);

impl Listener {
    fn start(data: &Path, database: &str, broker: &str) -> Self {
        let mut command = Command::new(program("ydun"));
        command.args(["--data", &data.display().to_string(), "--database", database]);
        command.args(["--tenant", "0561", "--as", "abc", "--now", "2024-04-14T09:00:00Z"]);
        command.args(["event", "listen", "--address", broker, "--queue", QUEUE]);
        command.args(["--prefetch", "20", "--judge-every", "1"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

/// As `kill -9`.
impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn count(db: &Db, text: &'static str) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(text).bind(tenant())).await.unwrap().0
}

const RECEIVED: &str = "SELECT COUNT(*) FROM register_event WHERE tenant = $1";
const WAITING: &str = "SELECT COUNT(*) FROM register_event WHERE tenant = $1 AND judged_at IS NULL";
const JUDGED: &str = "SELECT COUNT(*) FROM audit WHERE tenant = $1 AND action = 'event-judged'";
const UNREAD: &str = "SELECT COUNT(*) FROM event_unread WHERE tenant = $1";

/// Waits until so many events have been taken in.
async fn received(db: &Db, wanted: i64) {
    let begun = Instant::now();
    while count(db, RECEIVED).await < wanted {
        assert!(begun.elapsed() < PATIENCE, "{} of {wanted} came", count(db, RECEIVED).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn all_is_judged(db: &Db) {
    let begun = Instant::now();
    while count(db, WAITING).await > 0 {
        assert!(begun.elapsed() < PATIENCE, "{} wait", count(db, WAITING).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn through_a_broker(server: PathBuf, database: &str) {
    let data = tempfile::tempdir().unwrap();
    let database = database.replace("FOLDER", &data.path().display().to_string());
    let db = Db::open(&database.parse::<Url>().unwrap()).await.unwrap();
    db.migrate().await.unwrap();
    set_up(&db, tenant()).await;
    let town = Town::new(&db).await;
    let act: Act<Administer> = act_as(&db, "abc", at("2024-04-01T09:00:00Z")).await;
    change(&db, async |tx| set_window(tx, &act, day("2024-04-01"), 0, "prøve").await.unwrap())
        .await;

    let households = vec![town.numbers.values().cloned().collect()];
    let population = Population { source: "cpr".into(), municipality: "0561".into(), households };
    let mut books = Books::default();
    live(&mut books, &population, EVENTS, 11, NaiveDate::from_ymd_opt(2024, 3, 1).unwrap());
    let disorder = Disorder { twice: 20, lost: 0, swapped: 20, seed: 5 };
    let told = delivery(&books.happened, disorder);
    let bodies: Vec<Vec<u8>> =
        told.iter().map(|event| serde_json::to_vec(event).unwrap()).collect();
    let (first, second) = bodies.split_at(bodies.len() / 2);

    let mut broker = Broker::start(server);
    let listen = |broker: &Broker| Listener::start(data.path(), &database, &broker.address());
    let listener = listen(&broker);
    by_amqp(&broker.address(), QUEUE, first).await.unwrap();
    by_amqp(&broker.address(), QUEUE, &[b"not a message".to_vec()]).await.unwrap();
    received(&db, 10).await;
    drop(listener); // killed while there are more
    by_amqp(&broker.address(), QUEUE, second).await.unwrap();
    broker.stop();
    broker.run();
    for _ in 0..3 {
        let listener = listen(&broker);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        drop(listener);
    }
    let listener = listen(&broker);
    received(&db, i64::try_from(EVENTS).unwrap()).await;
    all_is_judged(&db).await;
    drop(listener);

    let events = i64::try_from(EVENTS).unwrap();
    assert_eq!((count(&db, RECEIVED).await, count(&db, JUDGED).await), (events, events));
    assert_eq!(count(&db, UNREAD).await, 1, "what cannot be read is kept");
    ydun::audit::verify_chain(&mut db.read().await.unwrap(), tenant()).await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn nothing_is_lost_or_done_twice_when_broker_and_listener_are_killed_on_sqlite() {
    let Some(server) = std::env::var_os("YDUN_TEST_RABBITMQ") else { return };
    through_a_broker(server.into(), "sqlite:FOLDER/ydun.db").await;
}

#[tokio::test]
async fn nothing_is_lost_or_done_twice_when_broker_and_listener_are_killed_on_postgres() {
    let Some(server) = std::env::var_os("YDUN_TEST_RABBITMQ") else { return };
    let Ok(address) = std::env::var("YDUN_TEST_POSTGRES") else { return };
    let database = tokio::task::spawn_blocking(move || fresh_schema(&address)).await.unwrap();
    through_a_broker(server.into(), &database).await;
}
