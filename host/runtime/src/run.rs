//! What came of one call.

use serde::Serialize;
use ydun_domain::benefit::{Failure, Finding, Outcome};

use crate::fault::Fault;
use crate::guest::TraceLine;

/// One call of a module, with what it cost.
#[derive(Debug, Serialize)]
pub struct Run<T> {
    /// A fault when the module did not answer as a module must.
    pub answer: Result<T, Fault>,
    /// The same for the same dossier on every machine.
    pub fuel: u64,
    /// The most linear memory in use at once, in bytes.
    pub memory_peak: usize,
    /// Wall time, starting and stopping the instance included.
    pub micros: u64,
    pub trace: Vec<TraceLine>,
}

/// An answer to `calculate`: an outcome, or the module's orderly "I cannot".
pub type Calculation = Run<Result<Outcome, Failure>>;

/// An answer to `check`.
pub type Check = Run<Vec<Finding>>;

impl<T> Run<T> {
    /// A call that did not take place.
    pub(crate) fn not_begun(fault: Fault) -> Self {
        Self { answer: Err(fault), fuel: 0, memory_peak: 0, micros: 0, trace: Vec::new() }
    }

    pub(crate) fn and_then<U>(self, check: impl FnOnce(T) -> Result<U, Fault>) -> Run<U> {
        let Self { answer, fuel, memory_peak, micros, trace } = self;
        Run { answer: answer.and_then(check), fuel, memory_peak, micros, trace }
    }
}

/// Calls once more where only the wall clock ran out: the machine may have been busy.
pub fn retry_once<T>(call: impl Fn() -> Run<T>) -> Run<T> {
    let run = call();
    match &run.answer {
        Err(fault) if fault.is_worth_a_retry() => call(),
        _ => run,
    }
}
