//! Formats of the outside world. Each implements the small trait of the component that needs it.

pub mod eindkomst;
pub mod iso20022;
