//! The rules the host's source keeps, read from the source itself.

use std::fs;
use std::path::{Path, PathBuf};

/// What every component may use, and what uses no component.
const GROUND: [&str; 11] = [
    "access",
    "audit",
    "clock",
    "db",
    "jobs",
    "lib",
    "logins",
    "municipalities",
    "parallel",
    "words",
    "workers",
];

/// The components from the bottom up: each uses those before it, never those after it.
const COMPONENTS: [&str; 22] = [
    "parties",
    "visits",
    "documents",
    "cases",
    "tasks",
    "facts",
    "intake",
    "freezes",
    "modules",
    "filings",
    "hearings",
    "decisions",
    "tax",
    "ledger",
    "notices",
    "payments",
    "letters",
    "debtors",
    "invoices",
    "reports",
    "events",
    "operations",
];

/// What uses the components, and is used by none.
const TOP: [&str; 4] = ["adapters", "web", "cli", "main"];

struct Source {
    path: PathBuf,
    /// The folder or file of `host/src` it belongs to.
    module: String,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let module = Path::new(inside.iter().next().unwrap()).file_stem().unwrap();
                let module = module.to_str().unwrap().to_owned();
                let text = without_comments(&fs::read_to_string(&path).unwrap());
                sources.push(Source { path: inside.to_owned(), module, text });
            }
        }
    }
    assert!(!sources.is_empty());
    sources
}

fn without_comments(text: &str) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

/// The paths that follow `crate::` (or the crate's name, in the program) in a text, with groups
/// in braces unfolded one level.
fn paths(text: &str) -> Vec<String> {
    let starts = text.match_indices("crate::").map(|(at, found)| &text[at + found.len()..]);
    let of_program = text.match_indices("ydun::").map(|(at, found)| &text[at + found.len()..]);
    starts.chain(of_program).flat_map(unfold).collect()
}

fn unfold(rest: &str) -> Vec<String> {
    match rest.strip_prefix('{') {
        Some(group) => {
            let group = &group[..group.find(';').unwrap_or(group.len())];
            group.split(',').map(|path| first_path(path.trim())).collect()
        }
        None => vec![first_path(rest)],
    }
}

/// `cases::service::lock` out of `cases::service::lock(tx)`
fn first_path(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':'))
        .collect()
}

fn height(module: &str) -> Option<usize> {
    COMPONENTS.iter().position(|component| *component == module)
}

#[test]
fn every_module_has_its_place() {
    for Source { path, module, .. } in sources("host/src") {
        let placed =
            GROUND.contains(&&*module) || TOP.contains(&&*module) || height(&module).is_some();
        assert!(placed, "{}: say in tests/architecture.rs where '{module}' stands", path.display());
    }
}

#[test]
fn a_component_uses_only_those_below_it() {
    for Source { path, module, text } in sources("host/src") {
        if TOP.contains(&&*module) || module == "lib" {
            continue;
        }
        for used in paths(&text) {
            let used = used.split(':').next().unwrap();
            assert!(!TOP.contains(&used), "{}: '{module}' uses '{used}'", path.display());
            if let Some(used_height) = height(used) {
                let allowed = height(&module).is_some_and(|own| used_height <= own);
                assert!(
                    allowed,
                    "{}: '{module}' uses '{used}', which stands above it",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn only_the_door_says_who_a_visitor_is_and_only_filings_register_for_one() {
    for Source { path, module, text } in sources("host/src") {
        let may = |modules: &[&str]| modules.contains(&&*module);
        let is_door = may(&["access", "visits"]);
        assert!(is_door || !text.contains("of_visitor("), "{}", path.display());
        let registers = may(&["access", "visits", "filings"]);
        assert!(registers || !text.contains("registering("), "{}", path.display());
    }
}

#[test]
fn nobody_uses_the_store_of_another() {
    for Source { path, module, text } in sources("host/src") {
        for used in paths(&text) {
            let mut parts = used.split("::");
            let other = parts.next().is_some_and(|component| component != module);
            let is_store = parts.next() == Some("store");
            assert!(!(other && is_store), "{}: '{module}' uses '{used}'", path.display());
        }
    }
}

#[test]
fn no_personal_number_is_written_to_a_log_or_an_error() {
    const SPOKEN: [&str; 14] = [
        "trace!(",
        "debug!(",
        "info!(",
        "warn!(",
        "error!(",
        "span!(",
        "event!(",
        "println!(",
        "print!(",
        "panic!(",
        "bail!(",
        "anyhow!(",
        "expect(&format!(",
        "#[error(",
    ];
    for Source { path, text, .. } in sources("host/src") {
        for spoken in SPOKEN {
            for (at, _) in text.match_indices(spoken) {
                let statement =
                    text[at..].split(";\n").next().unwrap().split("\n    #[error(").next().unwrap();
                assert!(!statement.contains(".digits()"), "{}: {statement}", path.display());
            }
        }
    }
}

#[test]
fn paths_are_read_out_of_use_lines_and_code() {
    let text =
        "use crate::cases::{self, Case};\nuse crate::{db::Tx, facts};\ncrate::audit::record(tx);\n";
    assert_eq!(paths(text), ["cases::", "db::Tx", "facts", "audit::record"]);
}
