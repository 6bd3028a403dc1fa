//! `coverage`: what no case has tried.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Result;
use ydun_domain::benefit::{Effect, Outcome, State};
use ydun_manifest::{Case, Manifest};
use ydun_runtime::{Module, generated};

use crate::subject::Named;

/// What a module can say is found out by asking it: with its cases, and with invented dossiers. What the
/// invented ones reach and no case does is named; a section that neither reaches is not known of.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// How many invented dossiers look for what the cases leave out.
    #[arg(long, default_value_t = 500)]
    invented: u64,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let module = subject.load()?;
    let cases = subject.cases()?;
    let mut tried = Seen::default();
    for case in &cases {
        tried.ask(&module, &case.dossier);
    }
    let mut reachable = Seen::default();
    for number in 0..arguments.invented {
        reachable.ask(&module, &generated::dossier(module.manifest(), 1, number));
    }
    print!("{}", conditions(&tried, &reachable));
    let missing = missing(&tried, &reachable, module.manifest(), &cases);
    for (what, names) in &missing {
        println!("\n{what} that no case has tried");
        println!("  {}", names.join("\n  "));
    }
    let total = tried.laws.union(&reachable.laws).count();
    println!("\n{} cases, {} of {total} known sections of law", cases.len(), tried.laws.len());
    Ok(true)
}

/// How often each condition was met, not met, for a person, and lacked something.
fn conditions(tried: &Seen, reachable: &Seen) -> String {
    let mut text =
        format!("{:>6} {:>6} {:>6} {:>6}  condition\n", "met", "unmet", "person", "lacks");
    let ids: BTreeSet<&String> =
        tried.conditions.keys().chain(reachable.conditions.keys()).collect();
    for id in ids {
        let counts = tried.conditions.get(id).copied().unwrap_or_default();
        let [met, unmet, person, lacks] = counts.map(|count| match count {
            0 => "-".to_owned(),
            count => count.to_string(),
        });
        let _ = writeln!(text, "{met:>6} {unmet:>6} {person:>6} {lacks:>6}  {id}");
    }
    text
}

/// What outcomes have said.
#[derive(Debug, Default)]
struct Seen {
    /// Met, not met, for a person, and lacking something; without the part, month or party it is about.
    conditions: BTreeMap<String, [u32; 4]>,
    laws: BTreeSet<String>,
    postings: BTreeSet<String>,
    letters: BTreeSet<String>,
    queues: BTreeSet<String>,
    grounds: BTreeSet<String>,
}

impl Seen {
    fn ask(&mut self, module: &Module, dossier: &ydun_domain::benefit::Dossier) {
        if let Ok(Ok(outcome)) = module.calculate(dossier).answer {
            self.note(outcome);
        }
    }

    fn note(&mut self, outcome: Outcome) {
        for condition in outcome.conditions {
            self.laws.insert(condition.law);
            let place = match condition.state {
                State::Met => 0,
                State::NotMet => 1,
                State::NeedsHuman => 2,
                State::NotAssessed if !condition.missing.is_empty() => 3,
                State::NotAssessed => continue,
            };
            let id = condition.id.split([':', '@']).next().unwrap_or_default();
            self.conditions.entry(id.to_owned()).or_default()[place] += 1;
        }
        self.laws.extend(outcome.steps.into_iter().map(|step| step.law));
        self.postings.extend(outcome.lines.into_iter().map(|line| line.posting));
        for effect in outcome.effects {
            match effect {
                Effect::Letter(letter) => self.letters.insert(letter.template),
                Effect::Task(task) => self.queues.insert(task.queue),
                Effect::Claim(claim) => self.grounds.insert(claim.ground),
            };
        }
    }
}

type Missing = Vec<(&'static str, Vec<String>)>;

fn missing(tried: &Seen, reachable: &Seen, manifest: &Manifest, cases: &[Case]) -> Missing {
    let laws = reachable.laws.difference(&tried.laws).cloned().collect();
    let unused = |declared: Vec<&String>, used: &BTreeSet<String>| {
        declared.into_iter().filter(|name| !used.contains(*name)).cloned().collect()
    };
    let kinds = cases.iter().flat_map(|case| &case.dossier.facts).map(|fact| fact.kind.clone());
    let mut missing: Missing = vec![
        ("Sections of law", laws),
        ("Facts", unused(manifest.facts.iter().map(|it| &it.kind).collect(), &kinds.collect())),
        ("Other choices of settings", same_everywhere(manifest, cases)),
        (
            "Postings",
            unused(manifest.postings.iter().map(|it| &it.code).collect(), &tried.postings),
        ),
        ("Letters", unused(manifest.letters.iter().map(|it| &it.key).collect(), &tried.letters)),
        ("Queues", unused(manifest.queues.iter().map(|it| &it.key).collect(), &tried.queues)),
        (
            "Grounds of claims",
            unused(manifest.claim_grounds.iter().map(|it| &it.key).collect(), &tried.grounds),
        ),
    ];
    missing.retain(|(_, names)| !names.is_empty());
    missing
}

/// Settings that have one value in all cases.
fn same_everywhere(manifest: &Manifest, cases: &[Case]) -> Vec<String> {
    let values = |key: &str| {
        let settings = cases.iter().flat_map(|case| &case.dossier.settings);
        settings.filter(|it| it.name == key).map(|it| &it.value).collect::<BTreeSet<_>>().len()
    };
    let keys = manifest.settings.iter().map(|setting| &setting.key);
    keys.filter(|key| values(key) < 2).cloned().collect()
}
