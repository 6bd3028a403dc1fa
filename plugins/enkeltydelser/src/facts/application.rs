//! The application as a whole.

use ydun_benefit::prelude::*;

/// What the applicant tells once, whatever the number of expenses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Application<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) event: Event,
    pub(crate) student_loan: StudentLoan,
    /// Help or wage on the level of cash benefit, which § 82 a asks for.
    pub(crate) on_cash_benefit_level: bool,
    /// The applicant's benefit is lowered by a sanction.
    pub(crate) is_sanctioned: bool,
}

/// Whether something has changed the applicant's circumstances (a social event).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    None,
    Happened,
}

/// Whether a student has used the loan she could get first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StudentLoan {
    NotStudying,
    Taken,
    NotEntitled,
    NotTaken,
}

impl<'a> Application<'a> {
    /// The application of a day: it and its expenses are received together.
    pub(crate) fn received_on(facts: &Facts<'a>, day: Day) -> Result<Option<Self>, Failure> {
        let received = facts.kind("application").keep(|fact| fact.valid().first() == day);
        received.only()?.map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            event: fact.one_of(
                "event",
                &[
                    ("none", Event::None),
                    ("illness", Event::Happened),
                    ("job-loss", Event::Happened),
                    ("separation", Event::Happened),
                    ("birth", Event::Happened),
                    ("death", Event::Happened),
                    ("other", Event::Happened),
                ],
            )?,
            student_loan: fact.one_of(
                "student-loan",
                &[
                    ("not-studying", StudentLoan::NotStudying),
                    ("taken", StudentLoan::Taken),
                    ("not-entitled", StudentLoan::NotEntitled),
                    ("not-taken", StudentLoan::NotTaken),
                ],
            )?,
            on_cash_benefit_level: fact.flag("cash-benefit-level")?,
            is_sanctioned: fact.flag("sanctioned")?,
        })
    }
}
