//! `ydun publisher`: whom the municipality trusts to deliver modules.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ydun::access::{Administer, Look};
use ydun::modules::Activation;
use ydun::modules::publisher::{Key, Publisher};
use ydun::modules::service::{self, PublisherError};
use ydun_runtime::signature::{self, KeyId, PublicKey, Reach};

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Trust a publisher, by a first key.
    Add(AddArguments),
    /// A publisher's keys, or give it one more.
    Keys(KeysArguments),
    /// Trust a key no longer. Nothing it has signed counts for a new activation.
    Revoke(RevokeArguments),
    /// Who is trusted, and for what.
    List,
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// What the publisher hands over: name, public key, and what it may sign, as
    /// `ydun-plugin keygen` prints them.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct KeysArguments {
    name: String,

    /// One more public key: ed25519: and 64 hexadecimal digits.
    #[arg(long)]
    add: Option<PublicKey>,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArguments {
    /// As `ydun publisher list` shows it.
    #[arg(value_parser = read_id)]
    key: KeyId,

    /// Why, for whoever comes after you.
    #[arg(long)]
    because: String,
}

fn read_id(text: &str) -> Result<KeyId, String> {
    KeyId::try_from(text.to_owned()).map_err(|error| error.to_string())
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Add(arguments) => add(session, output, arguments).await,
        Command::Keys(arguments) => keys(session, output, arguments).await,
        Command::Revoke(arguments) => revoke(session, output, arguments).await,
        Command::List => list(session, output).await,
    }
}

async fn add(session: &Session, output: Output, arguments: AddArguments) -> Result<Ended> {
    let signature::Publisher { name, key, may_sign, .. } = read(&arguments.file)?;
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    service::add_publisher(&mut tx, &act, &name, &may_sign, key).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&key.id(), |id| {
        format!("{name} må nu underskrive {} med nøglen {id}", reach_text(&may_sign))
    })?;
    Ok(Ended::Done)
}

fn read(file: &Path) -> Result<signature::Publisher> {
    let json = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let publisher = serde_json::from_slice(&json);
    Ok(publisher.map_err(|error| {
        let file = file.display();
        Refused(format!("{file} is no publisher as `ydun-plugin keygen` prints one: {error}"))
    })?)
}

async fn keys(session: &Session, output: Output, arguments: KeysArguments) -> Result<Ended> {
    let KeysArguments { name, add } = arguments;
    if let Some(key) = add {
        let act = session.act::<Administer>().await?;
        let mut tx = session.db.begin().await?;
        service::add_key(&mut tx, &act, &name, key).await.map_err(told)?;
        tx.commit().await?;
    }
    let look = session.act::<Look>().await?;
    let publishers = service::publishers(&mut session.db.read().await?, look.tenant()).await?;
    let publisher = publishers.into_iter().find(|publisher| publisher.name == name);
    let publisher = publisher.ok_or_else(|| told(PublisherError::Unknown(name)))?;
    output.answer(&publisher.keys, |keys| {
        let rows: Vec<Vec<String>> = keys.iter().map(key_row).collect();
        table(&["Nøgle", "Offentlig del", "Tilføjet af", "Spærret, fordi"], &rows)
    })?;
    Ok(Ended::Done)
}

fn key_row(key: &Key) -> Vec<String> {
    let revoked = key.revoked.as_ref().map(|revoked| revoked.because.clone());
    vec![
        key.id.to_string(),
        key.public.to_string(),
        key.added_by.clone(),
        revoked.unwrap_or_default(),
    ]
}

async fn revoke(session: &Session, output: Output, arguments: RevokeArguments) -> Result<Ended> {
    let RevokeArguments { key, because } = arguments;
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    let untrusted = service::revoke_key(&mut tx, &act, key, &because).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&untrusted, |untrusted| revoked_text(key, untrusted))?;
    Ok(if untrusted.is_empty() { Ended::Done } else { Ended::Found })
}

fn revoked_text(key: KeyId, untrusted: &[Activation]) -> String {
    let line = |activation: &Activation| {
        format!(
            "  {} {} for {}",
            activation.benefit,
            &activation.digest.to_string()[..16],
            activation.days
        )
    };
    let lines: Vec<String> = untrusted.iter().map(line).collect();
    if lines.is_empty() {
        return format!("Nøglen {key} er spærret. Alt, der gælder, er underskrevet af andre.");
    }
    format!(
        "Nøglen {key} er spærret. Ingen godkendt udgiver står længere bag det, der gælder her:\n{}\nDet gælder \
         fortsat, så ingen betaling standser. Sæt det i bero med `ydun module suspend`, eller installer det med en \
         ny underskrift.",
        lines.join("\n")
    )
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let look = session.act::<Look>().await?;
    let publishers = service::publishers(&mut session.db.read().await?, look.tenant()).await?;
    output.answer(&publishers, |publishers| {
        let row = |publisher: &Publisher, key: &Key| {
            let [id, _, by, revoked] = key_row(key).try_into().expect("a key has four columns");
            vec![publisher.name.clone(), reach_text(&publisher.may_sign), id, by, revoked]
        };
        let rows: Vec<Vec<String>> = publishers
            .iter()
            .flat_map(|publisher| publisher.keys.iter().map(move |key| row(publisher, key)))
            .collect();
        table(&["Udgiver", "Må underskrive", "Nøgle", "Tilføjet af", "Spærret, fordi"], &rows)
    })?;
    Ok(Ended::Done)
}

fn reach_text(reach: &Reach) -> String {
    match reach {
        Reach::National => "alle ydelser".to_owned(),
        Reach::Municipality(code) => format!("ydelser, der begynder med {code}:"),
    }
}

fn told(error: PublisherError) -> anyhow::Error {
    match error {
        PublisherError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}
