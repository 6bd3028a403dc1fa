//! Any benefit in a municipality: its own cases, calculated from facts by the host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ydun::access::{Act, Administer, Propose, Register};
use ydun::cases::Case;
use ydun::cases::service::{NewCase, open};
use ydun::db::Db;
use ydun::facts::Content;
use ydun::facts::service::record;
use ydun::modules::Mode;
use ydun::modules::service::{Activate, Choose, activate, all_days, choose};
use ydun::operations::service::{Request, run_month};
use ydun::parties::service::register;
use ydun_domain::benefit::{Attribute, Dossier, Fact, Outcome, Party, Scalar, Verdict};
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Month};
use ydun_manifest::case::Expected;
use ydun_runtime::Manifest;

use crate::support::{act_as, at, change, citizen, day, each_engine, tenant};
use crate::voksenlaerling::{keep_module, registry, trust_publisher};

/// Every benefit that is built.
const BENEFITS: [&str; 4] =
    ["voksenlaerling", "tabt-arbejdsfortjeneste", "enkeltydelser", "jobafklaring-refusion"];

const LONG_AGO: &str = "2010-01-04T09:00:00Z";

/// A benefit that counts for all days.
pub(crate) struct Benefit {
    pub(crate) id: String,
    manifest: Manifest,
    cases: Vec<ydun_manifest::Case>,
}

/// One of a benefit's own cases, opened in a municipality.
pub(crate) struct Opened {
    pub(crate) case: Case,
    /// By the names the module's case gives them.
    pub(crate) parties: BTreeMap<String, PartyId>,
    pub(crate) dossier: Dossier,
}

impl Benefit {
    /// As `cargo xtask modules` built it.
    pub(crate) async fn set_up(db: &Db, id: &str) -> Self {
        Self::of_component(db, component(id)).await
    }

    pub(crate) async fn of_component(db: &Db, component: Vec<u8>) -> Self {
        trust_publisher(db).await;
        keep_module(db, component.clone()).await;
        let manifest = ydun_runtime::verify::manifest_of(&component).unwrap();
        let act = act_as::<Administer>(db, "abc", at(LONG_AGO)).await;
        let (id, version) = (manifest.id.clone(), manifest.version.to_string());
        let new = Activate {
            benefit: &id,
            version: &version,
            days: all_days(),
            known_from: day("2010-01-04"),
            mode: Mode::Active,
        };
        change(db, async |tx| activate(tx, &act, new).await.unwrap()).await;
        Self { id, manifest, cases: ydun_runtime::case::read(&component).unwrap() }
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Opens one of the module's own cases; what it chose for the municipality is chosen.
    pub(crate) async fn open(&self, db: &Db, name: &str) -> Opened {
        self.open_for(db, name, 0).await
    }

    /// As [`Self::open`], for one of up to a hundred families with persons of their own.
    pub(crate) async fn open_for(&self, db: &Db, name: &str, family: usize) -> Opened {
        let shown = self.cases.iter().find(|case| case.name == name);
        let dossier = shown.unwrap_or_else(|| panic!("no case {name}")).dossier.clone();
        self.choose(db, &dossier).await;
        let moment = format!("{}T09:00:00Z", dossier.known_at);
        let act: Act<Register> = act_as(db, "abc", at(&moment)).await;
        change(db, async |tx| {
            let mut parties = BTreeMap::new();
            for (number, name) in names(&dossier).into_iter().enumerate() {
                let number = 10 * family + number;
                let party = citizen(&format!("070761-4{number:03}"), &name);
                parties.insert(name, register(tx, &act, party).await.unwrap().id);
            }
            let roles = parties.iter().map(|(name, party)| (name.clone(), *party)).collect();
            let opened = Day::new(2010, 1, 4);
            let new = NewCase { benefit: self.id.clone(), external_key: None, opened, roles };
            let case = open(tx, &act, new).await.unwrap();
            for fact in &dossier.facts {
                let content = content(fact, &parties);
                record(tx, &act, &self.manifest, case.id, content, "prøve").await.unwrap();
            }
            Opened { case, parties, dossier }
        })
        .await
    }

    async fn choose(&self, db: &Db, dossier: &Dossier) {
        let act = act_as::<Administer>(db, "abc", at(LONG_AGO)).await;
        change(db, async |tx| {
            for Attribute { name, value } in &dossier.settings {
                let own = name == "municipality";
                let value = if own { Scalar::Text(tenant().to_string()) } else { value.clone() };
                let (days, known_from) = (all_days(), day("2010-01-04"));
                let choice = Choose { benefit: &self.id, key: name, days, known_from, value };
                choose(tx, &act, choice).await.unwrap();
            }
        })
        .await;
    }

    /// Adds a fact to an opened case.
    pub(crate) async fn learn(&self, db: &Db, of: &Opened, fact: &Fact, moment: &str) {
        let act: Act<Register> = act_as(db, "abc", at(moment)).await;
        let content = content(fact, &of.parties);
        change(db, async |tx| {
            record(tx, &act, &self.manifest, of.case.id, content, "nyt").await.unwrap();
        })
        .await;
    }
}

fn component(id: &str) -> Vec<u8> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/modules");
    let folder =
        std::env::var_os("YDUN_MODULES").map_or_else(|| PathBuf::from(built), PathBuf::from);
    let file = folder.join(format!("{id}-1.0.0.wasm"));
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask modules`", file.display()))
}

/// The parties of a case, as it names them.
fn names(dossier: &Dossier) -> BTreeSet<String> {
    let who = |attribute: &Attribute| match &attribute.value {
        Scalar::Who(party) => Some(party.0.clone()),
        _ => None,
    };
    let about = dossier.facts.iter().map(|fact| fact.about.0.clone());
    let named = dossier.facts.iter().flat_map(|fact| fact.attributes.iter().filter_map(who));
    about.chain(named).collect()
}

fn content(fact: &Fact, parties: &BTreeMap<String, PartyId>) -> Content {
    let ours = |party: &Party| parties[&party.0];
    let value = |value: &Scalar| match value {
        Scalar::Who(who) => Scalar::Who(ours(who).into()),
        value => value.clone(),
    };
    let told = |told: &Attribute| Attribute::new(&told.name, value(&told.value));
    Content {
        kind: fact.kind.clone(),
        about: ours(&fact.about),
        valid: fact.valid,
        attributes: fact.attributes.iter().map(told).collect(),
    }
}

/// The verdict and the sum a module's own case expects, when it is about one whole month.
pub(crate) fn of_one_month(case: &ydun_manifest::Case) -> Option<(Month, Dkk)> {
    let Expected::Outcome(Outcome { verdict, lines, .. }) = &case.expected else { return None };
    let month = case.dossier.span.first().month();
    let granted = matches!(verdict, Verdict::Granted | Verdict::PartlyGranted);
    let whole = case.dossier.span == month.period() && case.dossier.prior.is_empty();
    (granted && whole).then(|| (month, lines.iter().map(|line| line.amount).sum()))
}

#[tokio::test]
async fn what_a_modules_own_cases_give_the_host_proposes() {
    each_engine(|db| async move {
        for id in BENEFITS {
            let benefit = Benefit::set_up(&db, id).await;
            let months = benefit.cases.iter().filter_map(|case| Some((case, of_one_month(case)?)));
            // Each case brings choices of its own, so it is run alone: one of each benefit will do.
            let Some((case, (month, expected))) = months.max_by_key(|(case, _)| case.name.len())
            else {
                panic!("{id} has no case of one month");
            };
            let opened = benefit.open(&db, &case.name).await;
            let Dossier { as_of, known_at, .. } = opened.dossier;
            let moment = format!("{known_at}T12:00:00Z");
            let act: Act<Propose> = act_as(&db, "abc", at(&moment)).await;
            let request =
                Request { as_of: Some(as_of), known_at: Some(known_at), ..Request::new(id, month) };
            let summary = run_month(&db, registry(), &act, &request, |_| ()).await.unwrap();
            assert_eq!(summary.tally.difference(), expected, "{id}, {}", case.name);
            assert!(expected > Dkk::ZERO, "{id}, {}", case.name);
        }
    })
    .await;
}
