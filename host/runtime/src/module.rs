//! A benefit module, ready to be called.

use std::fmt;
use std::time::Instant;

use wasmtime::Store;
use wasmtime::component::{Component, Instance, InstancePre};
use ydun_domain::benefit::{Dossier, Failure, Finding, Malformed, Outcome};

use crate::canonical::Digest;
use crate::engine::{Sandbox, ticks};
use crate::fault::{Code, Fault};
use crate::guest::Guest;
use crate::image::ImageStore;
use crate::input::Input;
use crate::limits::{FuelBudget, Limits};
use crate::manifest::Manifest;
use crate::run::{Calculation, Check, Run};
use crate::v1::{application, calculation};
use crate::{validate, verify};

/// A module that was checked, compiled and linked once. Each call gets an instance of its own.
///
/// Keep it in an `Arc`: replacing a version is replacing the `Arc`, and calls under way finish on
/// the old one.
pub struct Module {
    sandbox: Sandbox,
    digest: Digest,
    manifest: Manifest,
    ready: InstancePre<Guest>,
    check: application::GuestIndices,
    calculate: calculation::GuestIndices,
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({} {}, {})", self.manifest.id, self.manifest.version, self.digest)
    }
}

impl Module {
    /// Checks and compiles a component. It may still fail its own cases: see [`verify`](crate::verify()).
    pub fn load(sandbox: &Sandbox, component: &[u8]) -> Result<Self, Fault> {
        Self::inspect(sandbox, component, || compile(sandbox, component))
    }

    /// As [`Module::load`], but compiles only what has not been compiled by this engine before.
    pub fn load_stored(
        sandbox: &Sandbox,
        component: &[u8],
        images: &ImageStore,
    ) -> Result<Self, Fault> {
        Self::inspect(sandbox, component, || images.compiled(sandbox, component))
    }

    fn inspect(
        sandbox: &Sandbox,
        component: &[u8],
        compiled: impl FnOnce() -> Result<Component, Fault>,
    ) -> Result<Self, Fault> {
        verify::size::check(component, sandbox)?;
        let types = verify::format::check(component)?;
        let manifest = verify::manifest::read(component)?;
        verify::size::of_class(component, sandbox.limits(manifest.class))?;
        verify::interface::check(types.as_ref(), &manifest)?;
        verify::imports::check(component, types.as_ref())?;
        Self::link(sandbox, Digest::of(component), manifest, &compiled()?)
    }

    /// Starts the module once, because only then its types are compared with ours.
    pub(crate) fn link(
        sandbox: &Sandbox,
        digest: Digest,
        manifest: Manifest,
        component: &Component,
    ) -> Result<Self, Fault> {
        let refuse =
            |error: wasmtime::Error| Fault::new(Code::Interface, format_args!("{error:#}"));
        let ready = sandbox.linker().instantiate_pre(component).map_err(refuse)?;
        let check = application::GuestIndices::new(&ready).map_err(refuse)?;
        let calculate = calculation::GuestIndices::new(&ready).map_err(refuse)?;
        let module = Self { sandbox: sandbox.clone(), digest, manifest, ready, check, calculate };

        let mut store = module.store(module.limits().check.base);
        let instance = module.ready.instantiate(&mut store).map_err(|error| {
            let fault = Fault::of_call(&error, store.data());
            Fault { detail: format!("{fault}"), code: Code::Instantiate, ..fault }
        })?;
        module.check.load(&mut store, &instance).map_err(refuse)?;
        module.calculate.load(&mut store, &instance).map_err(refuse)?;
        Ok(module)
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// What it may use in one call, by its class.
    pub fn limits(&self) -> &Limits {
        self.sandbox.limits(self.manifest.class)
    }

    /// Calculates a dossier, which is copied for it; see [`Module::answer`] where speed matters.
    pub fn calculate(&self, dossier: &Dossier) -> Calculation {
        self.answer(&Input::from(dossier.clone()))
    }

    /// Checks a form's answers, given as a dossier, across its fields.
    pub fn check(&self, dossier: &Dossier) -> Check {
        let input = Input::from(dossier.clone());
        let run = self.call(&input, self.limits().check, |store, instance| {
            self.check.load(&mut *store, instance)?.call_check(store, &input.wire)
        });
        run.and_then(|findings| {
            findings.into_iter().map(Finding::try_from).collect::<Result<_, _>>().map_err(invalid)
        })
    }

    /// Calculates an input. What comes back has passed the host's own checks.
    pub fn answer(&self, input: &Input) -> Calculation {
        let run = self.call(input, self.limits().calculate, |store, instance| {
            self.calculate.load(&mut *store, instance)?.call_calculate(store, &input.wire)
        });
        run.and_then(|answer| match answer {
            Err(failure) => Ok(Err(Failure::try_from(failure).map_err(invalid)?)),
            Ok(outcome) => {
                let outcome = Outcome::try_from(outcome).map_err(invalid)?;
                validate::outcome(&outcome, &self.manifest, input.span)
                    .map_err(|violation| Fault::new(Code::Invalid, violation))?;
                Ok(Ok(outcome))
            }
        })
    }

    /// One call in an instance of its own, measured. Only the entry called is bound, as comparing
    /// the types of both would take longer than starting the instance.
    fn call<T>(
        &self,
        input: &Input,
        budget: FuelBudget,
        entry: impl FnOnce(&mut Store<Guest>, &Instance) -> wasmtime::Result<T>,
    ) -> Run<T> {
        if let Err(fault) = input.admit(self.limits()) {
            return Run::not_begun(fault);
        }
        let fuel = budget.for_rows(input.rows);
        let begun = Instant::now();
        let mut store = self.store(fuel);
        let instance = self.ready.instantiate(&mut store);
        let answer = instance.and_then(|instance| entry(&mut store, &instance));
        let answer = answer.map_err(|error| Fault::of_call(&error, store.data()));
        let fuel = fuel - store.get_fuel().expect("the engine counts fuel");
        let guest = store.into_data();
        Run {
            answer,
            fuel,
            memory_peak: guest.memory.peak,
            micros: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            trace: guest.trace.lines,
        }
    }

    fn store(&self, fuel: u64) -> Store<Guest> {
        let limits = self.limits();
        let mut store = Store::new(self.sandbox.engine(), Guest::new(limits));
        store.limiter(|guest| &mut guest.memory);
        store.set_fuel(fuel).expect("the engine counts fuel");
        store.set_epoch_deadline(ticks(limits.wall));
        store.set_hostcall_fuel(limits.output_bytes);
        store
    }
}

pub(crate) fn compile(sandbox: &Sandbox, component: &[u8]) -> Result<Component, Fault> {
    Component::from_binary(sandbox.engine(), component)
        .map_err(|error| Fault::new(Code::Compile, format_args!("{error:#}")))
}

fn invalid(malformed: Malformed) -> Fault {
    Fault::new(Code::Invalid, malformed)
}
