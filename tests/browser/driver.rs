//! A browser that a test drives: Chromium, by the protocol of `WebDriver`.
//!
//! `YDUN_CHROMEDRIVER` names the program and `YDUN_AXE` the checker of accessibility; `cargo xtask test` sets
//! both. Without them nothing is driven, and the test says so.

use std::env;
use std::io;
use std::io::BufRead as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// How the browser is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) width: u32,
    pub(crate) runs_scripts: bool,
}

pub(crate) const WIDE: Setup = Setup { width: 1440, runs_scripts: true };
pub(crate) const NARROW: Setup = Setup { width: 320, runs_scripts: true };
pub(crate) const WITHOUT_SCRIPT: Setup = Setup { width: 1440, runs_scripts: false };

/// An open browser.
pub(crate) struct Browser {
    port: u16,
    session: String,
    /// Where the pages are.
    site: String,
}

/// Opens a browser, does something with it, and closes it whatever came of it.
pub(crate) async fn drive<F: Future<Output = ()> + Send + 'static>(
    setup: Setup,
    site: String,
    work: impl FnOnce(Browser) -> F,
) {
    let Ok(program) = env::var("YDUN_CHROMEDRIVER") else {
        eprintln!("skipped: YDUN_CHROMEDRIVER names no driver; see `cargo xtask test`");
        return;
    };
    let (mut driver, port) = start(&program);
    let session = begin(port, setup).await;
    let browser = Browser { port, session: session.clone(), site };
    let done = tokio::spawn(work(browser)).await;
    request(port, "DELETE", &format!("/session/{session}"), None).await;
    driver.kill().and_then(|()| driver.wait()).expect("the driver can be stopped");
    if let Err(failed) = done {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// Starts the driver on a port of its own choice, which it tells.
fn start(program: &str) -> (Child, u16) {
    let mut driver = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} could not be started: {error}"));
    let said = io::BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let port = said.filter_map(|line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    let port = port.into_iter().next().expect("the driver says which port it listens to");
    (driver, port)
}

async fn begin(port: u16, setup: Setup) -> String {
    let scripts = if setup.runs_scripts { 1 } else { 2 };
    let arguments =
        ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1440,1000"];
    let capabilities = json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": { "profile.managed_default_content_settings.javascript": scripts },
        },
        "goog:loggingPrefs": { "browser": "ALL" },
    } } });
    let session = request(port, "POST", "/session", Some(capabilities)).await;
    let session = session["sessionId"].as_str().expect("a session has an id").to_owned();
    let size =
        json!({ "width": setup.width, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
    let narrow = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
    request(port, "POST", &format!("/session/{session}/goog/cdp/execute"), Some(narrow)).await;
    session
}

/// One request to the driver, and the value it answers.
async fn request(port: u16, method: &str, path: &str, body: Option<Value>) -> Value {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer: Value = serde_json::from_slice(&read_body(stream).await).unwrap();
    let value = answer["value"].take();
    assert!(value.get("error").is_none(), "{method} {path}: {}", value["message"]);
    value
}

/// The body of an answer. The driver leaves the connection open, and says how long the body is.
async fn read_body(stream: TcpStream) -> Vec<u8> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(told) = line.strip_prefix("content-length:") {
            length = told.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    body
}

impl Browser {
    async fn command(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        request(self.port, method, &format!("/session/{}{path}", self.session), body).await
    }

    pub(crate) async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.command("POST", "/url", Some(json!({ "url": url }))).await;
    }

    /// The path and query of the page one is on.
    pub(crate) async fn place(&self) -> String {
        let url = self.command("GET", "/url", None).await;
        url.as_str().unwrap().strip_prefix(&self.site).unwrap().to_owned()
    }

    /// Waits until one is on a page; a key that leads to one does not wait for it.
    pub(crate) async fn arrives(&self, is_there: impl Fn(&str) -> bool) {
        const PATIENCE: Duration = Duration::from_secs(20);
        let begun = Instant::now();
        loop {
            let place = self.place().await;
            if is_there(&place) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "one is still on {place}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn element(&self, selector: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.command("POST", "/element", Some(wanted)).await;
        let (_, id) = found.as_object().unwrap().iter().next().unwrap();
        id.as_str().unwrap().to_owned()
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.command("POST", &format!("/element/{element}/click"), Some(json!({}))).await;
    }

    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        self.command("POST", &format!("/element/{element}/value"), Some(json!({ "text": text })))
            .await;
    }

    /// What stands in the first element so named.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let element = self.element(selector).await;
        let text = self.command("GET", &format!("/element/{element}/text"), None).await;
        text.as_str().unwrap().to_owned()
    }

    /// What is typed in a field.
    pub(crate) async fn typed(&self, selector: &str) -> String {
        let element = self.element(selector).await;
        let typed = self.command("GET", &format!("/element/{element}/property/value"), None).await;
        typed.as_str().unwrap().to_owned()
    }

    /// Presses keys one after another, wherever the focus is. `WebDriver` has a sign for each special key.
    pub(crate) async fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        self.act(strokes.collect()).await;
    }

    /// Presses a key while Alt is held down.
    pub(crate) async fn press_with_alt(&self, key: char) {
        let alt = '\u{E00A}';
        self.act(vec![
            json!({ "type": "keyDown", "value": alt }),
            json!({ "type": "keyDown", "value": key }),
            json!({ "type": "keyUp", "value": key }),
            json!({ "type": "keyUp", "value": alt }),
        ])
        .await;
    }

    async fn act(&self, strokes: Vec<Value>) {
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.command("POST", "/actions", Some(actions)).await;
    }

    /// The id of what has the focus.
    pub(crate) async fn focus(&self) -> String {
        let id = self.run("return document.activeElement.id").await;
        id.as_str().unwrap().to_owned()
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", Some(json!({ "script": script, "args": [] }))).await
    }

    /// What the checker of accessibility finds wrong with the page.
    pub(crate) async fn barriers(&self, axe: &str) -> Vec<String> {
        const RUN: &str = "
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then((found) =>
                done(found.violations.flatMap((kind) => kind.nodes.map((node) => kind.id + ': ' + node.html))));";
        let script = json!({ "script": format!("{axe}\n{RUN}"), "args": [] });
        let found = self.command("POST", "/execute/async", Some(script)).await;
        found.as_array().unwrap().iter().map(|found| found.as_str().unwrap().to_owned()).collect()
    }

    /// What the browser complains of, such as something the page's own policy forbids.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", Some(json!({ "type": "browser" }))).await;
        let message = |entry: &Value| entry["message"].as_str().unwrap().to_owned();
        log.as_array().unwrap().iter().map(message).collect()
    }
}
