//! `form preview`: the forms as those who fill them in will meet them.

mod html;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use ydun_manifest::{Form, Manifest};

use crate::subject::Named;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the forms on this machine until Ctrl-C.
    Preview(PreviewArguments),
    /// Print a form's page.
    Print(PrintArguments),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PreviewArguments {
    #[command(flatten)]
    module: Named,
    /// A loopback address; nobody else can see the pages.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PrintArguments {
    #[command(flatten)]
    module: Named,
    /// The form's key.
    #[arg(long)]
    form: String,
}

pub(crate) fn command(command: &Command) -> Result<bool> {
    match command {
        Command::Preview(arguments) => preview(arguments)?,
        Command::Print(arguments) => {
            let manifest = arguments.module.open()?.manifest()?;
            print!("{}", html::form(form(&manifest, &arguments.form)?, &manifest));
        }
    }
    Ok(true)
}

fn form<'a>(manifest: &'a Manifest, key: &str) -> Result<&'a Form> {
    let keys: Vec<&str> = manifest.forms.iter().map(|form| form.key.as_str()).collect();
    match manifest.form(key) {
        Some(form) => Ok(form),
        None => bail!("there is no form '{key}'; there are {}", keys.join(", ")),
    }
}

fn preview(arguments: &PreviewArguments) -> Result<()> {
    let manifest = arguments.module.open()?.manifest()?;
    if manifest.forms.is_empty() {
        bail!("the manifest has no forms");
    }
    if !arguments.listen.ip().is_loopback() {
        bail!("{} can be reached from other machines; use 127.0.0.1", arguments.listen);
    }
    let listener = TcpListener::bind(arguments.listen)
        .with_context(|| format!("{} cannot be listened on", arguments.listen))?;
    println!("Open http://{} in a browser; Ctrl-C ends it.", listener.local_addr()?);
    for stream in listener.incoming() {
        // A reader who went away is no reason to stop.
        if let Err(error) = stream.and_then(|stream| answer(stream, &manifest)) {
            eprintln!("{error}");
        }
    }
    Ok(())
}

/// Answers one request: `/` lists the forms, `/key` is one.
fn answer(mut stream: TcpStream, manifest: &Manifest) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let (status, page) = match manifest.form(path) {
        Some(form) => ("200 OK", html::form(form, manifest)),
        None if path.is_empty() => ("200 OK", html::list(manifest)),
        None => ("404 Not Found", html::list(manifest)),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}
