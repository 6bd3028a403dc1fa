//! Components built against released interfaces, which must run unchanged for ever.
//!
//! `tests/museum/README.md` says what an exhibit is and how one is added.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ydun::access::{Act, Look, Propose};
use ydun::cases::ALL_CASES;
use ydun::decisions::verify::verify as verify_decisions;
use ydun::operations::service::{Request, run_month};
use ydun_domain::benefit::{Dossier, Failure, Outcome};
use ydun_runtime::verify::{FloatPolicy, Signing, Terms, verify};
use ydun_runtime::{Case, Digest, Module, Sandbox, canonical, case};

use crate::benefits::{Benefit, of_one_month};
use crate::support::{act_as, at, each_engine};
use crate::voksenlaerling::registry;

/// The labels of new exhibits are written, and no others.
const WRITE: &str = "YDUN_MUSEUM_WRITE";

/// What was built when 1.0.0 was frozen, as its files begin.
const FIRST: [&str; 5] = [
    "enkeltydelser-1.0.0",
    "jobafklaring-refusion-1.0.0",
    "k0561-julehjaelp-1.0.0",
    "tabt-arbejdsfortjeneste-1.0.0",
    "voksenlaerling-1.0.0",
];

/// What a component must answer, now and in ten years.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Label {
    component: Digest,
    cases: Vec<Answered>,
    /// One calculation as a database keeps it, to the byte.
    kept: Kept,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    name: String,
    /// Of the answer's canonical bytes.
    answer: Digest,
    fuel: u64,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    case: String,
    dossier: String,
    answer: String,
}

type Said = Result<Outcome, Failure>;

/// A component on show.
struct Exhibit {
    file: PathBuf,
    component: Vec<u8>,
}

impl Exhibit {
    /// All there are, in order of name.
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("museum/1.0.0");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_component = |file: &PathBuf| file.extension().is_some_and(|it| it == "wasm");
        let mut files: Vec<PathBuf> = files.filter(is_component).collect();
        files.sort();
        let read = |file: PathBuf| Self { component: fs::read(&file).unwrap(), file };
        files.into_iter().map(read).collect()
    }

    fn name(&self) -> &str {
        self.file.file_stem().unwrap().to_str().unwrap()
    }

    fn cases(&self) -> Vec<Case> {
        case::read(&self.component).unwrap()
    }

    /// The label it was given; a new exhibit gets one where that is asked for.
    fn label(&self) -> Label {
        let path = self.file.with_extension("json");
        if !path.exists() && std::env::var_os(WRITE).is_some() {
            let label = serde_json::to_string_pretty(&self.found()).unwrap();
            fs::write(&path, label + "\n").unwrap();
        }
        let label = fs::read(&path).unwrap_or_else(|error| {
            panic!("{}: {error}; `cargo xtask museum` labels a new exhibit", path.display())
        });
        serde_json::from_slice(&label).unwrap()
    }

    /// What it answers today.
    fn found(&self) -> Label {
        let module = Module::load(sandbox(), &self.component).unwrap();
        let cases = self.cases();
        let kept = &cases[0];
        let answer = |case: &Case| {
            let run = module.calculate(&case.dossier);
            (canonical::encode(&run.answer.unwrap()), run.fuel)
        };
        let answered = |case: &Case| {
            let (bytes, fuel) = answer(case);
            Answered { name: case.name.clone(), answer: Digest::of(&bytes), fuel }
        };
        Label {
            component: Digest::of(&self.component),
            cases: cases.iter().map(answered).collect(),
            kept: Kept {
                case: kept.name.clone(),
                dossier: hex::encode(canonical::encode(&kept.dossier)),
                answer: hex::encode(answer(kept).0),
            },
        }
    }
}

/// The component of a benefit, as it was built first.
pub(crate) fn component(benefit: &str) -> Vec<u8> {
    let is_of = |exhibit: &Exhibit| {
        ydun_runtime::verify::manifest_of(&exhibit.component).is_ok_and(|it| it.id == benefit)
    };
    let found = Exhibit::all().into_iter().find(is_of);
    found.unwrap_or_else(|| panic!("the museum shows no {benefit}")).component
}

fn sandbox() -> &'static Sandbox {
    registry().sandbox()
}

#[test]
fn what_was_built_when_the_interface_was_frozen_is_still_there() {
    let there = Exhibit::all();
    for first in FIRST {
        let found = there.iter().any(|exhibit| exhibit.name().starts_with(first));
        assert!(found, "{first} is gone from the museum; bring it back from the history");
    }
}

#[test]
fn every_exhibit_answers_as_on_the_day_it_was_built() {
    for exhibit in Exhibit::all() {
        let (label, found) = (exhibit.label(), exhibit.found());
        assert_eq!(found, label, "{}: an old decision would come out differently", exhibit.name());
    }
}

#[test]
fn every_exhibit_could_still_be_installed() {
    for exhibit in Exhibit::all() {
        let manifest = ydun_runtime::verify::manifest_of(&exhibit.component).unwrap();
        let floats = FloatPolicy::of(&manifest);
        let terms = Terms { floats, signing: Signing::NotAsked, previous: None };
        let report = verify(sandbox(), &exhibit.component, terms).report;
        assert!(report.passed(), "{}: {:?}", exhibit.name(), report.failed());
    }
}

/// As `ydun verify` does: from the bytes of a database to the bytes of a database.
#[test]
fn what_a_database_kept_is_read_and_calculated_to_the_same_bytes() {
    for exhibit in Exhibit::all() {
        let Kept { case, dossier, answer } = exhibit.label().kept;
        let dossier: Dossier = canonical::decode(&hex::decode(dossier).unwrap()).unwrap();
        let kept: Said = canonical::decode(&hex::decode(&answer).unwrap()).unwrap();
        let module = Module::load(sandbox(), &exhibit.component).unwrap();
        let again = module.calculate(&dossier).answer.unwrap();
        assert_eq!(again, kept, "{}, {case}", exhibit.name());
        assert_eq!(hex::encode(canonical::encode(&again)), answer, "{}, {case}", exhibit.name());
    }
}

#[tokio::test]
async fn decisions_made_with_an_exhibit_are_verified() {
    each_engine(|db| async move {
        let mut runs = 0;
        for exhibit in Exhibit::all() {
            let benefit = Benefit::of_component(&db, exhibit.component.clone()).await;
            let months = exhibit
                .cases()
                .into_iter()
                .filter_map(|case| of_one_month(&case).map(|of| (case, of)));
            let (case, (month, expected)) = months.max_by_key(|(_, (_, sum))| *sum).unwrap();
            benefit.open(&db, &case.name).await;
            let act: Act<Propose> =
                act_as(&db, "abc", at(&format!("{}T12:00:00Z", case.dossier.known_at))).await;
            let request = Request {
                as_of: Some(case.dossier.as_of),
                known_at: Some(case.dossier.known_at),
                ..Request::new(&benefit.id, month)
            };
            let tally = run_month(&db, registry(), &act, &request, |_| ()).await.unwrap().tally;
            assert_eq!(tally.difference(), expected, "{}, {}", exhibit.name(), case.name);
            runs += 1;
        }
        let look: Act<Look> = act_as(&db, "def", at("2026-12-24T09:00:00Z")).await;
        let verified =
            verify_decisions(&db, registry(), &look, &ALL_CASES, 1, |_| ()).await.unwrap();
        assert_eq!((verified.runs, verified.broken), (runs, vec![]));
    })
    .await;
}
