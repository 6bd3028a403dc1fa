//! `diff`: what another version would change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ydun_domain::Dkk;
use ydun_domain::benefit::Dossier;
use ydun_runtime::Module;
use ydun_runtime::replay::{Answered, Class, Difference, compare};

use crate::subject::Subject;

/// The same comparison a municipality's stored dossiers are put through before an upgrade.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The version in use: a .wasm file or the folder of a package.
    old: PathBuf,
    /// The version that is to follow.
    new: PathBuf,
    /// A folder of case tables or dossiers as JSON [default: the cases of both].
    #[arg(long)]
    corpus: Option<PathBuf>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let (old, new) = (Subject::open(&arguments.old)?, Subject::open(&arguments.new)?);
    let dossiers = match &arguments.corpus {
        Some(folder) => corpus(&old, folder)?,
        None => own(&old, &new)?,
    };
    ensure!(!dossiers.is_empty(), "there is no dossier to compare with");
    let (old, new) = (old.load()?, new.load()?);
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (name, dossier) in &dossiers {
        let difference = answers(&old, &new, dossier);
        let group = difference.group().unwrap_or_else(|| Class::Identical.to_string());
        groups.entry(group).or_default().add(name, &difference);
    }
    for (name, group) in &groups {
        println!("{:>5}  {:>16}  {name}", group.cases.len(), group.change.to_string());
        if name != &Class::Identical.to_string() {
            println!("       {}\n       {}", group.parting, group.cases.join(", "));
        }
    }
    println!("{} dossiers, old against new; the amount is what new pays more", dossiers.len());
    Ok(groups.keys().all(|name| *name == Class::Identical.to_string()))
}

/// Cases that part at the same place.
#[derive(Debug, Default)]
struct Group {
    cases: Vec<String>,
    change: Dkk,
    parting: String,
}

impl Group {
    fn add(&mut self, name: &str, difference: &Difference) {
        self.cases.push(name.to_owned());
        self.change += difference.amount();
        if let Some(parting) = difference.parting.as_ref().filter(|_| self.parting.is_empty()) {
            let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
            let (before, after) = (side(&parting.before), side(&parting.after));
            self.parting = format!("{} ({}): {before} -> {after}", parting.label, parting.law);
        }
    }
}

fn answers(old: &Module, new: &Module, dossier: &Dossier) -> Difference {
    let (old, new) = (old.calculate(dossier).answer, new.calculate(dossier).answer);
    compare(Answered::of(&old), Answered::of(&new))
}

fn own(old: &Subject, new: &Subject) -> Result<Vec<(String, Dossier)>> {
    let mut named: BTreeMap<String, Dossier> = BTreeMap::new();
    for case in old.cases()?.into_iter().chain(new.cases()?) {
        named.entry(case.name).or_insert(case.dossier);
    }
    Ok(named.into_iter().collect())
}

fn corpus(old: &Subject, folder: &Path) -> Result<Vec<(String, Dossier)>> {
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    let read = |file: PathBuf| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, old.dossier(&file.to_string_lossy())?))
    };
    files.into_iter().map(read).collect()
}
