//! The systems at the other end of the host's adapters, for trying Ydun on one machine.
//!
//! A peer reads the public format with its own code and keeps its own books. Nothing here comes from
//! the host, not even the check digits: a mistake that both ends shared would never show.

pub mod simbank;
pub mod simcpr;
pub mod simerp;
pub mod simid;
pub mod simindeks;
pub mod simpost;
pub mod simskat;
