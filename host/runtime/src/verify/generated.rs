//! Step 9: the module answers in good order whatever it is told.

use crate::fault::{Code, Fault};
use crate::generated::{broken, dossier};
use crate::module::Module;

/// The same dossiers for every module, and few: an administrator waits. `ydun-plugin fuzz` asks more.
const SEED: u64 = 1;
const COUNT: u64 = 60;

pub(super) fn check(module: &Module) -> Result<(), Fault> {
    (0..COUNT).try_for_each(|number| {
        let fault = broken(module, &dossier(module.manifest(), SEED, number));
        fault.map_or(Ok(()), |fault| {
            let detail = format!("dossier {number} of seed {SEED}: {fault}");
            Err(Fault { code: Code::Generated, detail, ..fault })
        })
    })
}
