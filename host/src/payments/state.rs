//! Where a payment is, and how it gets on.

use super::answer::Word;
use crate::words::words;

words! {
    /// Where a payment is.
    State("state of a payment") {
        /// Decided, and still with us.
        Planned = "planned",
        Sent = "sent",
        /// The bank has it and can read it.
        Received = "received",
        /// The bank will carry it out.
        Accepted = "accepted",
        /// The money has left the municipality's account.
        Settled = "settled",
        /// Nothing is paid, and nothing is owed by this payment any more.
        Stopped = "stopped",
        /// The bank refuses it; the money is parked and somebody has a task.
        Rejected = "rejected",
        /// It came back after it was paid; the money is parked and somebody has a task.
        Returned = "returned",
        /// It was sent, and we do not know whether the bank will pay. It is asked about, never sent again.
        Unknown = "unknown",
    }
}

/// Why a payment cannot move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    #[error("the payment is {0} and can no longer be stopped here; ask the bank to stop it")]
    TooLateToStop(State),
    #[error("the payment is {0}; only a payment that was rejected or came back can be paid again")]
    NotParked(State),
    #[error("the payment is {0}, and only planned payments are sent")]
    NotPlanned(State),
    #[error("the bank says '{word}' of a payment that is {state}")]
    Contradiction { state: State, word: Word },
}

impl State {
    /// Leaves for the bank.
    pub fn send(self) -> Result<Self, Stuck> {
        match self {
            Self::Planned => Ok(Self::Sent),
            _ => Err(Stuck::NotPlanned(self)),
        }
    }

    /// Is stopped before it has left.
    pub fn stop(self) -> Result<Self, Stuck> {
        match self {
            Self::Planned => Ok(Self::Stopped),
            _ => Err(Stuck::TooLateToStop(self)),
        }
    }

    /// Its parked money is taken off it, to be paid in another way or not at all.
    pub fn unpark(self) -> Result<Self, Stuck> {
        if self.is_parked() { Ok(Self::Stopped) } else { Err(Stuck::NotParked(self)) }
    }

    /// Whether its money is on the clearing account.
    pub fn is_parked(self) -> bool {
        matches!(self, Self::Rejected | Self::Returned)
    }

    /// Hears what the bank says.
    ///
    /// Answers may overtake each other, so a word that tells less than is known changes nothing. The
    /// first final word wins: one that contradicts it is an alarm, never a change.
    pub fn hear(self, word: Word) -> Result<Self, Stuck> {
        use State::{
            Accepted, Planned, Received, Rejected, Returned, Sent, Settled, Stopped, Unknown,
        };
        match (self, word) {
            (Planned, _)
            | (Rejected | Stopped, Word::Accepted | Word::Settled)
            | (Settled | Returned, Word::Rejected) => {
                Err(Stuck::Contradiction { state: self, word })
            }
            (Sent, Word::Duplicate) => Ok(Unknown),
            (Sent | Unknown, Word::Received) => Ok(Received),
            (Sent | Received | Unknown | Accepted, Word::Accepted) => Ok(Accepted),
            (Sent | Received | Unknown | Accepted, Word::Settled) => Ok(Settled),
            (Sent | Received | Unknown | Accepted, Word::Rejected) => Ok(Rejected),
            (_, Word::Pending | Word::Duplicate | Word::Received)
            | (Settled | Returned, Word::Accepted | Word::Settled)
            | (Rejected | Stopped, Word::Rejected) => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payment that has left, and the words it hears one after the other.
    #[track_caller]
    fn check(words: &[Word], expected: State) {
        let end = words.iter().try_fold(State::Sent, |state, word| state.hear(*word));
        assert_eq!(end, Ok(expected));
    }

    #[test]
    fn the_bank_moves_a_payment_forward_only() {
        check(&[Word::Received, Word::Accepted, Word::Settled], State::Settled);
        check(&[Word::Settled, Word::Accepted, Word::Received, Word::Pending], State::Settled);
        check(&[Word::Accepted, Word::Received], State::Accepted);
        check(&[Word::Received, Word::Rejected, Word::Rejected], State::Rejected);
    }

    #[test]
    fn a_duplicate_says_nothing_about_whether_it_is_paid() {
        check(&[Word::Duplicate], State::Unknown);
        check(&[Word::Duplicate, Word::Settled], State::Settled);
        check(&[Word::Settled, Word::Duplicate], State::Settled);
    }

    #[test]
    fn paid_and_refused_can_never_both_hold() {
        for (state, word) in [
            (State::Settled, Word::Rejected),
            (State::Rejected, Word::Settled),
            (State::Stopped, Word::Accepted),
            (State::Planned, Word::Settled),
        ] {
            assert_eq!(state.hear(word), Err(Stuck::Contradiction { state, word }));
        }
    }

    #[test]
    fn only_what_has_not_left_can_be_stopped_here() {
        for state in State::ALL {
            assert_eq!(state.stop().is_ok(), *state == State::Planned, "{state}");
            assert_eq!(state.send().is_ok(), *state == State::Planned, "{state}");
            assert_eq!(
                state.unpark().is_ok(),
                matches!(state, State::Rejected | State::Returned),
                "{state}"
            );
        }
    }
}
