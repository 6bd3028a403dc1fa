//! The steps of filling in a form, in their order.

use std::fmt;
use std::str::FromStr;

/// Where one is on the way from the first question to the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Whom it is about, beside the filer.
    Persons,
    /// A page of the form, counted from 0.
    Page(usize),
    /// What we know already and do not ask about.
    Known,
    Documents,
    /// All that was answered, before it is sent.
    Check,
}

/// The text names no step.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAStep;

/// As it stands in addresses. A page is counted from 1.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Persons => f.write_str("personer"),
            Self::Page(place) => write!(f, "{}", place + 1),
            Self::Known => f.write_str("kendt"),
            Self::Documents => f.write_str("bilag"),
            Self::Check => f.write_str("kontrol"),
        }
    }
}

impl FromStr for Step {
    type Err = NotAStep;
    fn from_str(text: &str) -> Result<Self, NotAStep> {
        match text {
            "personer" => Ok(Self::Persons),
            "kendt" => Ok(Self::Known),
            "bilag" => Ok(Self::Documents),
            "kontrol" => Ok(Self::Check),
            number => {
                let number: usize = number.parse().map_err(|_| NotAStep)?;
                number.checked_sub(1).map(Self::Page).ok_or(NotAStep)
            }
        }
    }
}

/// The step after one; none after the last.
pub(super) fn after(steps: &[Step], step: Step) -> Option<Step> {
    neighbour(steps, step, |place| place.checked_add(1))
}

/// The step before one; none before the first.
pub(super) fn before(steps: &[Step], step: Step) -> Option<Step> {
    neighbour(steps, step, |place| place.checked_sub(1))
}

fn neighbour(steps: &[Step], step: Step, to: fn(usize) -> Option<usize>) -> Option<Step> {
    let place = steps.iter().position(|there| *there == step)?;
    to(place).and_then(|place| steps.get(place)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_as_it_is_written() {
        for step in [Step::Persons, Step::Page(0), Step::Page(11), Step::Known, Step::Check] {
            assert_eq!(step.to_string().parse(), Ok(step));
        }
        for wrong in ["0", "-1", "", "slet"] {
            assert_eq!(wrong.parse::<Step>(), Err(NotAStep), "{wrong}");
        }
    }

    #[test]
    fn the_steps_lead_forth_and_back() {
        let steps = [Step::Page(0), Step::Documents, Step::Check];
        assert_eq!(after(&steps, Step::Page(0)), Some(Step::Documents));
        assert_eq!(after(&steps, Step::Check), None);
        assert_eq!(before(&steps, Step::Documents), Some(Step::Page(0)));
        assert_eq!(before(&steps, Step::Page(0)), None);
    }
}
