//! Between the exported functions and a [`Benefit`].

use std::marker::PhantomData;

use ydun_domain::Dkk;
use ydun_domain::benefit::{Dossier, Failure, Outcome};

use crate::Benefit;
use crate::bindings::exports::ydun::benefit::{application, calculation};
use crate::bindings::ydun::benefit::{trace, types};

ydun_domain::bindings!(crate::bindings::ydun::benefit::types);

/// The signature of [`Benefit::calculate`].
pub type Calculate = fn(&Dossier) -> Result<Outcome, Failure>;

/// A benefit in the component's clothes.
#[derive(Debug)]
pub struct Module<B>(PhantomData<B>);

impl<B: Benefit> application::Guest for Module<B> {
    fn check(input: types::Dossier) -> Vec<types::Finding> {
        report_panics();
        B::check(&read(input)).into_iter().map(Into::into).collect()
    }
}

impl<B: Benefit> calculation::Guest for Module<B> {
    fn calculate(input: types::Dossier) -> Result<types::Outcome, types::Failure> {
        report_panics();
        let outcome = B::calculate(&read(input)).and_then(payable);
        outcome.map(Into::into).map_err(Into::into)
    }
}

/// Facts may say sums that no public payment reaches, each small enough to be read and together too
/// large to be told.
fn payable(outcome: Outcome) -> Result<Outcome, Failure> {
    let absurd = outcome.amounts().find(|amount| amount.abs() > Dkk::MAX);
    match absurd {
        None => Ok(outcome),
        Some(amount) => Err(Failure::Contradiction(format!(
            "they lead to {amount}, which is more than any public payment"
        ))),
    }
}

/// The host checks every dossier it sends, so one that cannot be read is a fault of the host.
fn read(input: types::Dossier) -> Dossier {
    Dossier::try_from(input)
        .unwrap_or_else(|malformed| panic!("the host sent a malformed dossier: {malformed}"))
}

/// A panic ends as a bare `unreachable`; its message reaches a person through the trace.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a panic without a message");
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" @ {}:{}", at.file(), at.line()));
        trace::emit(trace::Level::Error, &format!("{message}{place}"));
    }));
}
