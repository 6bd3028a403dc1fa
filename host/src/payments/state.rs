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
    #[error("the payment is {0} and cannot be stopped; correct the decision it rests on")]
    TooLateToStop(State),
    #[error(
        "the payment is {0}; only one that was stopped, was rejected or came back is paid again"
    )]
    NotUndone(State),
    #[error("the payment is {0}, and only planned payments are sent")]
    NotPlanned(State),
    #[error("the bank says '{word}' of a payment that is {state}")]
    Contradiction { state: State, word: Word },
}

/// Who can stop a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopper {
    We,
    Bank {
        /// Or else it cannot find it yet.
        knows_it: bool,
    },
}

impl State {
    /// Leaves for the bank.
    pub fn send(self) -> Result<Self, Stuck> {
        match self {
            Self::Planned => Ok(Self::Sent),
            _ => Err(Stuck::NotPlanned(self)),
        }
    }

    /// Who can stop it: we can as long as nobody else has it, and the bank until it is paid.
    pub fn stop(self) -> Result<Stopper, Stuck> {
        match self {
            Self::Planned | Self::Rejected | Self::Returned => Ok(Stopper::We),
            Self::Sent => Ok(Stopper::Bank { knows_it: false }),
            Self::Received | Self::Accepted | Self::Unknown => Ok(Stopper::Bank { knows_it: true }),
            Self::Settled | Self::Stopped => Err(Stuck::TooLateToStop(self)),
        }
    }

    /// Whether what it was to pay can be paid by another payment.
    pub fn pay_again(self) -> Result<(), Stuck> {
        if self.is_parked() || self == Self::Stopped { Ok(()) } else { Err(Stuck::NotUndone(self)) }
    }

    /// Whether its money is on the clearing account.
    pub fn is_parked(self) -> bool {
        matches!(self, Self::Rejected | Self::Returned)
    }

    /// Whether the bank has it and may still pay it.
    pub fn is_at_bank(self) -> bool {
        matches!(self, Self::Sent | Self::Received | Self::Accepted | Self::Unknown)
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
            | (Rejected, Word::Accepted)
            | (Rejected | Stopped, Word::Settled)
            | (Settled, Word::Stopped)
            | (Stopped, Word::Returned)
            | (Settled | Returned, Word::Rejected) => {
                Err(Stuck::Contradiction { state: self, word })
            }
            (Sent, Word::Duplicate) => Ok(Unknown),
            (Sent | Unknown, Word::Received) => Ok(Received),
            (Sent | Received | Unknown | Accepted, Word::Accepted) => Ok(Accepted),
            (Sent | Received | Unknown | Accepted, Word::Settled) => Ok(Settled),
            (Sent | Received | Unknown | Accepted, Word::Rejected) => Ok(Rejected),
            (Sent | Received | Unknown | Accepted | Settled, Word::Returned) => Ok(Returned),
            (Sent | Received | Unknown | Accepted, Word::Stopped) => Ok(Stopped),
            (
                _,
                Word::Pending
                | Word::Duplicate
                | Word::Received
                | Word::StopRefused
                | Word::StopPending,
            )
            | (Settled | Returned | Stopped, Word::Accepted)
            | (Settled | Returned, Word::Settled)
            | (Rejected | Returned, Word::Returned)
            | (Rejected | Returned | Stopped, Word::Stopped)
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
            (State::Settled, Word::Stopped),
            (State::Returned, Word::Rejected),
            (State::Rejected, Word::Settled),
            (State::Rejected, Word::Accepted),
            (State::Stopped, Word::Settled),
            (State::Stopped, Word::Returned),
            (State::Planned, Word::Settled),
        ] {
            assert_eq!(state.hear(word), Err(Stuck::Contradiction { state, word }));
        }
    }

    #[test]
    fn what_came_back_was_paid_whichever_is_told_first() {
        check(&[Word::Accepted, Word::Settled, Word::Returned], State::Returned);
        check(&[Word::Accepted, Word::Returned, Word::Settled, Word::Returned], State::Returned);
        check(&[Word::Rejected, Word::Returned], State::Rejected);
    }

    #[test]
    fn a_stop_holds_from_the_banks_word_on() {
        check(&[Word::Received, Word::Stopped, Word::Accepted, Word::Rejected], State::Stopped);
        check(&[Word::Accepted, Word::StopPending, Word::StopRefused], State::Accepted);
        check(&[Word::StopRefused, Word::Stopped, Word::Stopped], State::Stopped);
    }

    #[test]
    fn a_payment_can_be_stopped_until_it_is_paid_and_paid_again_when_it_is_not() {
        let stopper = |state: State| match state.stop() {
            Ok(Stopper::We) => "we",
            Ok(Stopper::Bank { knows_it: true }) => "the bank",
            Ok(Stopper::Bank { knows_it: false }) => "the bank, later",
            Err(_) => "nobody",
        };
        for (state, who) in [
            (State::Planned, "we"),
            (State::Sent, "the bank, later"),
            (State::Received, "the bank"),
            (State::Accepted, "the bank"),
            (State::Unknown, "the bank"),
            (State::Settled, "nobody"),
            (State::Stopped, "nobody"),
            (State::Rejected, "we"),
            (State::Returned, "we"),
        ] {
            assert_eq!(stopper(state), who, "{state}");
            assert_eq!(state.send().is_ok(), state == State::Planned, "{state}");
            let undone = matches!(state, State::Rejected | State::Returned | State::Stopped);
            assert_eq!(state.pay_again().is_ok(), undone, "{state}");
        }
    }
}
