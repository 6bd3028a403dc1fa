//! A visitor of self-service without a browser: follows where it is sent, keeps cookies, and fills in forms.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, ensure};

/// Somebody at the pages of a server on this machine.
pub(super) struct Visitor {
    /// `127.0.0.1:8080`
    site: String,
    cookies: BTreeMap<String, String>,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl Visitor {
    pub(super) fn new(site: &str) -> Self {
        Self { site: site.to_owned(), cookies: BTreeMap::new() }
    }

    /// Logs in as one of the persons the broker offers, counted from 0.
    pub(super) fn log_in(&mut self, person: usize) -> Result<()> {
        let sent_to = self.get("/selv/log-ind")?.location()?;
        let (broker, query) = sent_to.split_once("/authorize?").context("nobody asks who it is")?;
        let broker = broker.trim_start_matches("http://").to_owned();
        let chosen =
            Self::new(&broker).get(&format!("/choose?{query}&person={person}"))?.location()?;
        let (_, back) = chosen.split_once("/selv/svar").context("the way back is another")?;
        let arrived = self.get(&format!("/selv/svar{back}"))?;
        ensure!(arrived.status == 303, "nobody was let in: {}", arrived.body);
        Ok(())
    }

    pub(super) fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, "")
    }

    /// Sends the form of a page, with what the page has in hidden fields and what is filled in.
    pub(super) fn send(
        &mut self,
        page: &Answer,
        path: &str,
        given: &[(&str, &str)],
    ) -> Result<Answer> {
        let mut fields: Vec<(String, String)> = ["form-key", "version", "r1-vist"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), page.hidden(name)?)))
            .collect();
        fields.extend(given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        let pairs = fields.iter().map(|(name, text)| format!("{name}={}", percent(text)));
        self.ask("POST", path, &pairs.collect::<Vec<_>>().join("&"))
    }

    /// Fills in a step; once more where an answer led to further questions.
    pub(super) fn fill_in(&mut self, path: &str, given: &[(&str, &str)]) -> Result<()> {
        let mut page = self.get(path)?;
        for _ in 0..2 {
            page = self.send(&page, path, given)?;
            if page.status == 303 {
                return Ok(());
            }
        }
        anyhow::bail!("{path} was not taken: {}", page.body)
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.site,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(&self.site)
            .with_context(|| format!("{} does not answer", self.site))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = Answer::read(&String::from_utf8_lossy(&answer))?;
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

impl Answer {
    fn read(text: &str) -> Result<Self> {
        let (head, body) =
            text.split_once("\r\n\r\n").context("the answer has no end of its head")?;
        let status = head.split(' ').nth(1).context("the answer has no status")?.parse()?;
        Ok(Self { status, head: head.to_owned(), body: body.to_owned() })
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(move |(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Where one is sent on to.
    pub(super) fn location(&self) -> Result<String> {
        let to = self.headers("location").next();
        Ok(to.with_context(|| format!("one is not sent on: {}", self.body))?.to_owned())
    }

    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split('"').next()?.to_owned())
    }
}

/// Every sign that means something in a form, written by its number.
fn percent(text: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(sign).collect()
}
