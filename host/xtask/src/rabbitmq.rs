//! Finding `RabbitMQ`, the broker that events come through. The tests start and stop brokers of their own.

use std::path::{Path, PathBuf};

use crate::apt;

/// Where the tests look for the program that starts a broker; without it they leave the broker out.
pub(crate) const SERVER_VARIABLE: &str = "YDUN_TEST_RABBITMQ";

/// Where systems keep the server itself, beside the wrapper in PATH that changes the user.
const USUAL_PLACES: [&str; 3] = [
    "/usr/lib/rabbitmq/bin/rabbitmq-server", // Debian, Ubuntu, Red Hat
    "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
    "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
];

/// Installs the server where we may; else says how, and what is left out.
pub(crate) fn ready() {
    if find().is_none() && apt::usable() && apt::install(&["rabbitmq-server"]).is_err() {
        eprintln!("RabbitMQ could not be installed; see above.");
    }
    match find() {
        Some(server) => eprintln!("RabbitMQ: {}", server.display()),
        None => eprintln!(
            "RabbitMQ: not here; tests of events through a broker are skipped. \
             Install it, for example with `sudo apt-get install rabbitmq-server`; it need not be started."
        ),
    }
}

/// The program that starts a broker, where there is one.
pub(crate) fn find() -> Option<PathBuf> {
    USUAL_PLACES.iter().map(Path::new).find(|place| place.is_file()).map(Path::to_owned)
}
