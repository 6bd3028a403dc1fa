//! Formats of the outside world. Each implements the small trait of the component that needs it.

pub mod eindkomst;
pub mod erp;
pub mod iso20022;
pub mod ydelsesindeks;
