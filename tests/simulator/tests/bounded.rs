//! Towns play for a bounded time on each engine. `YDUN_SIMULATE_SECONDS` sets how long.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ydun_simulator::{Deaths, Modules, Place, Plan, Played, play};

/// For each engine; the town that is begun is played to its end.
const SECONDS: u64 = 15;

fn plan(seed: u64) -> Plan {
    let without = BTreeSet::new();
    Plan { seed, years: 1, cases: 8, until: None, without, aloud: false, deaths: None }
}

fn modules() -> Modules {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/modules");
    let folder =
        std::env::var_os("YDUN_MODULES").map_or_else(|| PathBuf::from(built), PathBuf::from);
    Modules::read(&folder).unwrap()
}

/// SQLite, and PostgreSQL where `YDUN_TEST_POSTGRES` names a server.
fn engines() -> Vec<Place> {
    let server = std::env::var("YDUN_TEST_POSTGRES").ok();
    let postgres = server.map(|server| Place::Postgres(Box::new(server.parse().unwrap())));
    [Place::Sqlite].into_iter().chain(postgres).collect()
}

async fn played(plan: Plan, place: &Place, modules: &Modules) -> Played {
    play(&plan, place, modules).await.unwrap_or_else(|broken| panic!("on {place:?}:\n{broken}"))
}

#[tokio::test]
async fn whatever_people_and_peers_do_all_books_agree() {
    let modules = modules();
    let seconds =
        std::env::var("YDUN_SIMULATE_SECONDS").map_or(SECONDS, |text| text.parse().unwrap());
    for place in engines() {
        let begun = Instant::now();
        for seed in 1.. {
            let town = played(plan(seed), &place, &modules).await;
            for wanted in ["settled", "stop", "paid again", "correction signed", "decision arrived"]
            {
                assert!(town.seen.contains_key(wanted), "seed {seed} proves little: {town:?}");
            }
            if begun.elapsed() > Duration::from_secs(seconds) {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_seed_plays_the_same_game_on_each_engine_and_again() {
    let modules = modules();
    let short = || Plan { until: Some(600), ..plan(7) };
    let first = played(short(), &Place::Sqlite, &modules).await;
    for place in engines() {
        assert_eq!(played(short(), &place, &modules).await, first, "{place:?}");
    }
}

/// All points take minutes: `cargo xtask simulate --kill`.
#[tokio::test]
async fn a_process_that_is_killed_loses_nothing_and_does_nothing_twice() {
    let modules = modules();
    for place in engines() {
        let deaths = Arc::new(Deaths::new(env!("CARGO_BIN_EXE_ydun-simulator")).at_most(4));
        let killed = Some(deaths.clone());
        played(Plan { until: Some(600), deaths: killed, ..plan(3) }, &place, &modules).await;
        let points = deaths.points();
        assert!(points.len() >= 30, "on {place:?} only at {points:#?}");
    }
}
