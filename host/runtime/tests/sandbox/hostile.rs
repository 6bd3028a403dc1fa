//! Modules that break a rule. Each must end in its own code, and leave the sandbox as good as before.

mod answers;
mod files;
mod usage;

use ydun_runtime::{Allocation, ClassLimits, Code, Module, Sandbox};

use crate::fixture;
use crate::guest::Guest;

/// Loads and calculates; the code of the fault that must come of it.
fn code(sandbox: &Sandbox, component: &[u8]) -> Code {
    let fault = match Module::load(sandbox, component) {
        Err(fault) => fault,
        Ok(module) => {
            module.calculate(&fixture::dossier()).answer.expect_err("the module is hostile")
        }
    };
    fault.code
}

#[track_caller]
fn check(rows: &[(&str, Vec<u8>, Code)]) {
    let good = Guest::default().component();
    for allocation in [Allocation::Pooled, Allocation::OnDemand] {
        let sandbox = Sandbox::with(ClassLimits::default(), allocation).unwrap();
        let good = Module::load(&sandbox, &good).unwrap();
        let cost = good.calculate(&fixture::dossier()).fuel;
        for (name, component, expected) in rows {
            assert_eq!(code(&sandbox, component), *expected, "{name}, {allocation:?}");
            let run = good.calculate(&fixture::dossier());
            assert_eq!(run.answer.unwrap().unwrap(), fixture::outcome(), "after: {name}");
            assert_eq!(run.fuel, cost, "after: {name}");
        }
    }
}
