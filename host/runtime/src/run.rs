//! What came of one call.

use serde::Serialize;
use ydun_domain::benefit::{Failure, Finding, Outcome};

use crate::fault::{Code, Fault};
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

/// The self-check that a share of all calls is put through: the same call again must give the same.
///
/// A call that ran out of wall-clock time says nothing about the module and is left as it is.
pub fn agreed<T: PartialEq>(first: Run<T>, again: &Run<T>) -> Run<T> {
    let ran_out = |run: &Run<T>| matches!(&run.answer, Err(fault) if fault.is_worth_a_retry());
    if ran_out(&first) || ran_out(again) {
        return first;
    }
    let same_answer = match (&first.answer, &again.answer) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => one.code == other.code,
        _ => false,
    };
    if same_answer && first.fuel == again.fuel {
        return first;
    }
    let why = format!("{} fuel, then {}; answers equal: {same_answer}", first.fuel, again.fuel);
    Run { answer: Err(Fault::new(Code::Nondeterministic, why)), ..first }
}

/// Calls once more where only the wall clock ran out: the machine may have been busy.
pub fn retry_once<T>(call: impl Fn() -> Run<T>) -> Run<T> {
    let run = call();
    match &run.answer {
        Err(fault) if fault.is_worth_a_retry() => call(),
        _ => run,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn run(answer: Result<u8, Code>, fuel: u64) -> Run<u8> {
        let answer = answer.map_err(|code| Fault::new(code, "as the test says"));
        Run { answer, fuel, memory_peak: 0, micros: 0, trace: Vec::new() }
    }

    #[track_caller]
    fn check(first: Run<u8>, again: &Run<u8>, expected: Result<u8, Code>) {
        assert_eq!(agreed(first, again).answer.map_err(|fault| fault.code), expected);
    }

    #[test]
    fn two_calls_must_agree_on_answer_and_fuel() {
        check(run(Ok(1), 10), &run(Ok(1), 10), Ok(1));
        check(run(Ok(1), 10), &run(Ok(2), 10), Err(Code::Nondeterministic));
        check(run(Ok(1), 10), &run(Ok(1), 11), Err(Code::Nondeterministic));
        check(run(Ok(1), 10), &run(Err(Code::Panic), 10), Err(Code::Nondeterministic));
        check(run(Err(Code::Panic), 10), &run(Err(Code::Panic), 10), Err(Code::Panic));
        check(run(Ok(1), 10), &run(Err(Code::Time), 7), Ok(1));
    }

    #[test]
    fn only_a_call_that_ran_out_of_time_is_tried_again() {
        for (first, calls_wanted) in [(Ok(1), 1), (Err(Code::Budget), 1), (Err(Code::Time), 2)] {
            let calls = Cell::new(0);
            let result = retry_once(|| {
                calls.set(calls.get() + 1);
                run(if calls.get() == 1 { first } else { Ok(2) }, 0)
            });
            assert_eq!(calls.get(), calls_wanted);
            assert_eq!(result.answer.is_ok(), first != Err(Code::Budget));
        }
    }
}
