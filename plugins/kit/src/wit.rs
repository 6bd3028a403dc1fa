//! `wit`: the interface itself.

/// Part of the program, so that a module in another language can be written with nothing else.
const WIT: &str = include_str!("../../../wit/ydun-benefit/1.0/benefit.wit");

pub(crate) fn command() -> bool {
    print!("{WIT}");
    true
}
