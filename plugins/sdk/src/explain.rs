//! Building an outcome in which everything is explained.

mod case_file;
mod condition;
mod conditions;
mod refusal;
mod step;
mod task;

pub use case_file::{CaseFile, PaymentLine};
pub use condition::{Assessments, Judgement, Test, Tested, need};
pub use refusal::why_refused;
pub use step::{Explained, NewStep};
pub use task::Asking;
