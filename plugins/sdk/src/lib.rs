//! What a benefit module is written with.
//!
//! A module implements [`Benefit`] and names itself once:
//!
//! ```
//! use ydun_benefit::prelude::*;
//!
//! pub struct Julehjaelp;
//!
//! impl Benefit for Julehjaelp {
//!     fn check(_form: &Dossier) -> Vec<Finding> {
//!         vec![]
//!     }
//!
//!     fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
//!         let facts = Facts::of(dossier);
//!         let mut file = CaseFile::new(Assessments::of(&facts)?);
//!         let child = facts.kind("child").only()?.ok_or_else(|| Failure::Unsupported("no child".into()))?;
//!
//!         let age = child.day("born")?.years_until(dossier.span.first());
//!         file.condition(Test::new("age", "Barnet er under 18 år", "§ 2").rests_on(child).note("alder", age).is(age < 18));
//!
//!         let rate = Rates::of(dossier).amount("rate", dossier.span.first())?;
//!         let amount = file.step("beloeb", "Julehjælp til et barn", rate.source).gives(rate.value);
//!         file.pay(PaymentLine {
//!             key: format!("hjaelp:{}", dossier.span.first().year()),
//!             payee: child.who("parent")?,
//!             about: Some(child.about()),
//!             period: dossier.span,
//!             amount: &amount,
//!             posting: "hjaelp",
//!             reference: None,
//!             details: vec![],
//!         });
//!         Ok(file.close())
//!     }
//! }
//!
//! ydun_benefit::export!(Julehjaelp);
//! ```
//!
//! The same code compiles natively, so a module is tested with ordinary unit tests. What only a
//! WebAssembly module has — the exported functions, the [arena], the panic message in the trace —
//! comes with [`export!`]. Link modules with a stack of 64 KiB (`-zstack-size=65536`, which the
//! build gives): with the pages in use kept together, a fresh instance for each call is cheap.

pub mod arena;
pub mod attributes;
pub mod explain;
pub mod facts;
pub mod rates;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub mod guest;

#[doc(hidden)]
#[expect(
    clippy::same_length_and_capacity,
    reason = "generated: the component model's calling convention"
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/ydun-benefit/1.0",
        world: "benefit",
        pub_export_macro: true,
        default_bindings_module: "ydun_benefit::bindings",
    });
}

use ydun_domain::benefit::{Dossier, Failure, Finding, Outcome};

/// All a module usually needs.
pub mod prelude {
    pub use rust_decimal::Decimal;
    pub use ydun_domain::benefit::{
        Attribute, Claim, Condition, Dossier, Effect, Fact, Failure, Finding, Letter, Line, Need,
        Outcome, Party, Question, Scalar, Severity, State, Step, Task, Verdict,
    };
    pub use ydun_domain::{Day, Dkk, Month, Period, Rounding, Validity};

    pub use crate::Benefit;
    pub use crate::attributes::{Attributes, Code, Settings, Told, told};
    pub use crate::explain::{
        Asking, Assessments, CaseFile, Explained, PaymentLine, Test, Tested, need,
    };
    pub use crate::facts::{FactRef, Facts, Found};
    pub use crate::rates::{Cited, Rates};
}

/// A benefit: two pure functions of a dossier.
pub trait Benefit {
    /// Rules across the fields of a form, before anything is decided.
    fn check(form: &Dossier) -> Vec<Finding>;

    /// What the law gives, and why.
    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure>;
}

/// Makes a type that implements [`Benefit`] the module's answer to the host.
#[macro_export]
macro_rules! export {
    ($benefit:ty) => {
        const _: $crate::guest::Calculate = <$benefit as $crate::Benefit>::calculate;

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::guest::Module<$benefit>;
    $crate::bindings::export!(Exported with_types_in $crate::bindings);
        };
    };
}
