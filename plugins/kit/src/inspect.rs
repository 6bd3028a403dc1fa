//! `inspect`: what is in a module.

use anyhow::Result;
use ydun_manifest::Manifest;
use ydun_runtime::{Digest, verify};

use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// The manifest, as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let manifest = subject.manifest()?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&manifest)?);
        return Ok(true);
    }
    println!("{}", told(&manifest));
    let floats = match verify::floats(&subject.bytes) {
        None => "none".to_owned(),
        Some(why) => why,
    };
    println!("cases       {}", subject.cases()?.len());
    println!("floats      {floats}");
    println!("size        {} bytes", subject.bytes.len());
    println!("sha256      {}", Digest::of(&subject.bytes));
    Ok(true)
}

fn told(manifest: &Manifest) -> String {
    let list = |names: Vec<&str>| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    let rows = [
        ("benefit", format!("{} {} ({})", manifest.id, manifest.version, manifest.title)),
        ("interface", manifest.interface.to_string()),
        ("owner", format!("{}, {}", manifest.owner, manifest.licence)),
        ("law", manifest.legal_basis.join("; ")),
        ("facts", list(manifest.facts.iter().map(|fact| fact.kind.as_str()).collect())),
        ("rates", list(manifest.rates.iter().map(|rate| rate.key.as_str()).collect())),
        ("settings", list(manifest.settings.iter().map(|setting| setting.key.as_str()).collect())),
        ("postings", list(manifest.postings.iter().map(|it| it.code.as_str()).collect())),
        ("forms", list(manifest.forms.iter().map(|form| form.key.as_str()).collect())),
        ("letters", list(manifest.letters.iter().map(|letter| letter.key.as_str()).collect())),
        ("queues", list(manifest.queues.iter().map(|queue| queue.key.as_str()).collect())),
    ];
    let row = |(name, value): &(&str, String)| format!("{name:<11} {value}");
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
