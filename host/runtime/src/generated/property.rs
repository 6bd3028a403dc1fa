//! What holds of every answer, whatever was asked.

use ydun_domain::benefit::{Dossier, Outcome, Scalar};

use crate::fault::{Code, Fault};
use crate::input::Input;
use crate::module::Module;
use crate::run::{agreed, retry_once};
use crate::verify::reversed;

/// Where an answer breaks a rule that holds of all answers; none where it breaks no rule.
///
/// That lines lie within the span, that nobody is paid twice for a day and that every line rests on
/// steps is what the host checks of every answer. Here it is also asked twice, asked with the rows
/// turned around, and held against its own steps. As for a case, an answer that came too late is asked
/// for once more: the machine may have been busy, and that is no fault of the module.
pub fn broken(module: &Module, dossier: &Dossier) -> Option<Fault> {
    let ask = |input: &Input| retry_once(|| module.answer(input));
    let input = Input::from(dossier.clone());
    let run = agreed(ask(&input), &module.answer(&input));
    let answer = match run.answer {
        Ok(answer) => answer,
        Err(fault) => return Some(fault),
    };
    let turned = ask(&Input::as_given(reversed(dossier.clone())));
    match turned.answer {
        Ok(other) if other == answer => {}
        Ok(_) => return Some(Fault::new(Code::CaseOrder, "the rows turned around change it")),
        Err(fault) => return Some(fault),
    }
    answer.ok().and_then(|outcome| unexplained(&outcome))
}

/// The first line whose amount none of its steps arrives at.
fn unexplained(outcome: &Outcome) -> Option<Fault> {
    let arrives = |line: &ydun_domain::benefit::Line| {
        outcome
            .steps
            .iter()
            .filter(|step| line.steps.contains(&step.id))
            .any(|step| matches!(step.value, Scalar::Amount(amount) if amount.abs() == line.amount.abs()))
    };
    let line = outcome.lines.iter().find(|line| !arrives(line))?;
    let why = format!("line '{}' pays {}, which none of its steps gives", line.key, line.amount);
    Some(Fault::new(Code::Invalid, why))
}
