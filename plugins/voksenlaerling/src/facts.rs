//! The case as the module reads it: a typed view of the dossier.

mod background;
mod hours;

use ydun_benefit::prelude::*;

pub(crate) use background::{Background, TargetGroup};
pub(crate) use hours::{MonthlyRequest, WeekHours};

use crate::settings::Settings;

/// Everything the rules look at.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) dossier: &'a Dossier,
    pub(crate) facts: Facts<'a>,
    pub(crate) rates: Rates<'a>,
    pub(crate) settings: Settings,
    pub(crate) agreement: Agreement<'a>,
}

/// The training agreement (uddannelsesaftale).
#[derive(Clone, Debug)]
pub(crate) struct Agreement<'a> {
    pub(crate) fact: FactRef<'a>,
    /// The unit that made the agreement, and is paid.
    pub(crate) employer: &'a Party,
    pub(crate) act: Act,
    pub(crate) education: &'a str,
    /// A social-and-health or pedagogical-assistant education with a right to adult-apprentice pay.
    pub(crate) has_collective_adult_pay: bool,
    /// Normal working time by the collective agreement.
    pub(crate) weekly_hours: Decimal,
    pub(crate) made: Day,
    pub(crate) is_school_approved: bool,
    /// Whether the education was on the positive list when the agreement was made.
    pub(crate) on_positive_list: Option<bool>,
    /// First day of the current course of education, which may lie before the agreement.
    pub(crate) education_start: Day,
}

/// The act an agreement is made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Vocational,
    Maritime,
    Other,
}

/// The employer's application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Application<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) received: Day,
    /// The employer has said that the apprentice worked there in the last six months.
    pub(crate) declares_earlier_employment: bool,
    /// The employer has said that there is other public support.
    pub(crate) declares_other_support: bool,
}

impl<'a> Case<'a> {
    /// The case, or none when there is no agreement to begin with.
    pub(crate) fn read(dossier: &'a Dossier) -> Result<Option<Self>, Failure> {
        let facts = Facts::of(dossier);
        let Some(agreement) = facts.kind("training-agreement").only()? else { return Ok(None) };
        Ok(Some(Self {
            dossier,
            rates: Rates::of(dossier),
            settings: Settings::of(dossier)?,
            agreement: Agreement::read(agreement)?,
            facts,
        }))
    }

    pub(crate) fn apprentice(&self) -> &'a Party {
        self.agreement.fact.about()
    }

    /// Facts of a kind about the apprentice.
    pub(crate) fn about_apprentice(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.apprentice())
    }

    /// Facts of a kind about the employer.
    pub(crate) fn about_employer(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.agreement.employer)
    }

    pub(crate) fn application(&self) -> Result<Option<Application<'a>>, Failure> {
        self.about_employer("application").only()?.map(Application::read).transpose()
    }

    /// The last day the agreement runs: as approved, or earlier when it was annulled or ended.
    pub(crate) fn last_day(&self) -> Result<Option<Day>, Failure> {
        let ended = self.about_apprentice("agreement-ended").only()?;
        let ended = ended.map(|fact| fact.day("last-day")).transpose()?;
        Ok([ended, self.agreement.fact.valid().last()].into_iter().flatten().min())
    }
}

impl<'a> Agreement<'a> {
    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let weekly_hours = fact.number("weekly-hours")?;
        if weekly_hours <= Decimal::ZERO || weekly_hours > Decimal::from(168) {
            return Err(fact.wrong("weekly-hours", "a week has more than 0 and at most 168 hours"));
        }
        Ok(Self {
            fact,
            employer: fact.who("employer")?,
            act: fact.one_of(
                "act",
                &[
                    ("vocational", Act::Vocational),
                    ("maritime", Act::Maritime),
                    ("other", Act::Other),
                ],
            )?,
            education: fact.text("education")?,
            has_collective_adult_pay: fact.flag("collective-adult-pay")?,
            weekly_hours,
            made: fact.day("made")?,
            is_school_approved: fact.flag("school-approved")?,
            on_positive_list: fact.maybe_flag("on-positive-list")?,
            education_start: fact.day("education-start")?,
        })
    }

    pub(crate) fn start(&self) -> Day {
        self.fact.valid().first()
    }
}

impl<'a> Application<'a> {
    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            received: fact.day("received")?,
            declares_earlier_employment: fact.flag("earlier-employment")?,
            declares_other_support: fact.flag("other-support")?,
        })
    }

    /// The last timely day: a month after the start of the agreement.
    pub(crate) fn deadline(agreement: &Agreement<'_>) -> Day {
        agreement.start().plus_months(1)
    }

    pub(crate) fn is_late(&self, agreement: &Agreement<'_>) -> bool {
        self.received > Self::deadline(agreement)
    }

    /// The day conditions are tested as of: when it was filed, or should have been.
    pub(crate) fn tested_on(&self, agreement: &Agreement<'_>) -> Day {
        self.received.min(Self::deadline(agreement))
    }
}
