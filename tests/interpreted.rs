//! A municipality's benefit in Python and in JavaScript, beside the same one in Rust.
//!
//! The components bring their interpreters along and are not part of the repository. `YDUN_INTERPRETED`
//! names the folder they lie in, once they are built as the READMEs of the examples say.

use std::path::PathBuf;

use ydun::access::{Act, Look, Propose};
use ydun::cases::ALL_CASES;
use ydun::db::Db;
use ydun::decisions::verify::verify;
use ydun::operations::service::{Request, run_month};
use ydun_domain::Dkk;
use ydun_runtime::manifest::Class;
use ydun_runtime::{Digest, canonical, case};

use crate::benefits::Benefit;
use crate::museum;
use crate::support::{act_as, at, each_engine};
use crate::voksenlaerling::registry;

const FILES: [&str; 2] =
    ["k0561-julehjaelp-javascript-1.0.0.wasm", "k0561-julehjaelp-python-1.0.0.wasm"];

/// Two children at 500 kr. each.
const CASE: &str = "two-children";
const AMOUNT: Dkk = Dkk::from_kroner(1000);

/// The components, where somebody has built them.
fn components() -> Vec<Vec<u8>> {
    let Some(folder) = std::env::var_os("YDUN_INTERPRETED").map(PathBuf::from) else {
        println!(
            "SKIPPED-INTERPRETED: set YDUN_INTERPRETED to a folder with {}",
            FILES.join(" and ")
        );
        return Vec::new();
    };
    let read = |file| {
        let path = folder.join(file);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    FILES.map(read).into()
}

/// The digest of every answer to the component's own cases.
async fn answers(db: &Db, component: &[u8]) -> Vec<(String, Digest)> {
    let mut read = db.read().await.unwrap();
    let module = registry().module(&mut read, Digest::of(component)).await.unwrap();
    let answer = |case: ydun_manifest::Case| {
        let said = module.calculate(&case.dossier).answer.unwrap();
        (case.name, Digest::of(&canonical::encode(&said)))
    };
    case::read(component).unwrap().into_iter().map(answer).collect()
}

async fn pays(db: &Db, benefit: &Benefit) -> Dkk {
    let opened = benefit.open(db, CASE).await;
    let known_at = opened.dossier.known_at;
    let act: Act<Propose> = act_as(db, "abc", at(&format!("{known_at}T12:00:00Z"))).await;
    let month = opened.dossier.span.first().month();
    let request = Request {
        as_of: Some(opened.dossier.as_of),
        known_at: Some(known_at),
        ..Request::new(&benefit.id, month)
    };
    run_month(db, registry(), &act, &request, |_| ()).await.unwrap().tally.difference()
}

#[tokio::test]
async fn three_languages_give_the_same_in_one_municipality() {
    let components = components();
    if components.is_empty() {
        return;
    }
    each_engine(|db| {
        let components = components.clone();
        async move {
            let in_rust = museum::component("k0561:julehjaelp");
            assert_eq!(pays(&db, &Benefit::of_component(&db, in_rust.clone()).await).await, AMOUNT);
            let expected = answers(&db, &in_rust).await;
            assert_eq!(expected.len(), 9);
            for component in components {
                let benefit = Benefit::of_component(&db, component.clone()).await;
                assert_eq!(benefit.manifest().class, Class::Interpreted);
                assert_eq!(answers(&db, &component).await, expected, "{}", benefit.id);
                assert_eq!(pays(&db, &benefit).await, AMOUNT, "{}", benefit.id);
            }
            let look: Act<Look> = act_as(&db, "def", at("2027-06-01T09:00:00Z")).await;
            let verified = verify(&db, registry(), &look, &ALL_CASES, 1, |_| ()).await.unwrap();
            assert_eq!((verified.runs, verified.broken), (3, vec![]));
        }
    })
    .await;
}
