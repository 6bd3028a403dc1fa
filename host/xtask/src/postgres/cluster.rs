//! One running server over its own temporary folder.
//!
//! The server is let go of by a *keeper*: a small shell that waits for the end of a pipe from us,
//! then stops the server and removes the folder. The pipe ends however we end, so a Ctrl-C or a
//! kill leaves nothing behind either.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::Binaries;
use crate::run;

const KEEPER: &str = r#"cat; "$1" stop --silent --mode=immediate --pgdata="$2/data"; rm -rf "$2""#;

/// The database superuser; also the database that is there from the start.
const SUPERUSER: &str = "postgres";

/// Whether a crash of the machine may cost data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    Safe,
    Fast,
}

/// A running server, stopped and removed when dropped.
pub(crate) struct Cluster {
    port: u16,
    keeper: Child,
}

impl Cluster {
    /// Creates an empty cluster on a free port and waits until it takes connections.
    pub(crate) fn start(binaries: &Binaries, durability: Durability) -> Result<Self> {
        let user = User::for_the_server()?;
        let port = free_port()?;
        let folder = new_folder(user)?;
        let cluster = Self { port, keeper: keeper(binaries, &folder, user)? };
        initialise(binaries, &folder, user)?;
        cluster.configure(&folder, durability)?;
        launch(binaries, &folder, user)?;
        Ok(cluster)
    }

    /// The address as a URL. There is no password: it listens on this machine only.
    pub(crate) fn address(&self) -> String {
        format!("postgres://{SUPERUSER}@{}:{}/{SUPERUSER}", Ipv4Addr::LOCALHOST, self.port)
    }

    fn configure(&self, folder: &Path, durability: Durability) -> Result<()> {
        let file = folder.join("data/postgresql.conf");
        let mut text = fs::read_to_string(&file).context("the new cluster has no settings")?;
        write!(
            text,
            "\nlisten_addresses = '{}'\nport = {}\nunix_socket_directories = '{}'\nmax_connections = 200\n",
            Ipv4Addr::LOCALHOST,
            self.port,
            folder.display(),
        )?;
        if durability == Durability::Fast {
            text += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
        }
        fs::write(&file, text).context("the settings of the new cluster cannot be written")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("warning: PostgreSQL on port {} may still be running: {error}", self.port);
        }
    }
}

/// Who the server runs as: it refuses to run as root.
#[derive(Clone, Copy)]
enum User {
    Ourselves,
    Other { uid: u32, gid: u32 },
}

impl User {
    fn for_the_server() -> Result<Self> {
        if id("-u", None)? != 0 {
            return Ok(Self::Ourselves);
        }
        for name in ["postgres", "nobody"] {
            if let (Ok(uid), Ok(gid)) = (id("-u", Some(name)), id("-g", Some(name))) {
                return Ok(Self::Other { uid, gid });
            }
        }
        bail!(
            "PostgreSQL does not run as root; create a user `postgres` or run this as another user"
        )
    }

    fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }
}

fn id(what: &str, name: Option<&str>) -> Result<u32> {
    let answer = run::read(Command::new("id").arg(what).args(name))?;
    answer.parse().with_context(|| format!("`id` answered `{answer}`"))
}

/// A folder of the user's own that no other run has taken.
fn new_folder(user: User) -> Result<PathBuf> {
    for attempt in 0_u32.. {
        let name = format!("ydun-postgres-{}-{attempt}", process::id());
        let folder = env::temp_dir().join(name);
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                let place = folder.display();
                return Err(error).with_context(|| format!("the folder {place} cannot be created"));
            }
            Ok(()) => {
                if let User::Other { uid, gid } = user {
                    chown(&folder, Some(uid), Some(gid))
                        .context("the folder cannot be given away")?;
                }
                return Ok(folder);
            }
        }
    }
    bail!("every name for a temporary folder is taken; empty {}", env::temp_dir().display())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr().context("no free port")?.port())
}

/// Starts the keeper, in a process group of its own so that a Ctrl-C does not reach it.
fn keeper(binaries: &Binaries, folder: &Path, user: User) -> Result<Child> {
    let mut command = user.command("sh");
    command.args(["-c", KEEPER, "keeper"]).arg(binaries.program("pg_ctl")).arg(folder);
    command.stdin(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    command.spawn().context("the shell that looks after PostgreSQL could not be started")
}

fn initialise(binaries: &Binaries, folder: &Path, user: User) -> Result<()> {
    let mut command = user.command(binaries.program("initdb"));
    command.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    command.arg("--username").arg(SUPERUSER).arg("--pgdata").arg(folder.join("data"));
    run::read(command.stdout(Stdio::piped())).map(drop)
}

fn launch(binaries: &Binaries, folder: &Path, user: User) -> Result<()> {
    let log = folder.join("log");
    let mut command = user.command(binaries.program("pg_ctl"));
    command.args(["start", "--wait", "--silent", "--timeout=60"]);
    command.arg("--pgdata").arg(folder.join("data")).arg("--log").arg(&log);
    // The server keeps what it inherits, so it is given nothing that a reader would wait for.
    if command.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let said = fs::read_to_string(&log).unwrap_or_default();
    bail!("PostgreSQL did not start; its log says:\n{}", said.trim())
}
