//! Where the apprentice comes from.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::rules::Schooling;
use crate::settings::Answer;

/// The apprentice's situation at the start of the current course of education.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Background<'a> {
    pub(crate) fact: FactRef<'a>,
    /// The group she was unemployed in; none when she comes from employment.
    pub(crate) unemployed_as: Option<TargetGroup>,
    pub(crate) is_skilled: bool,
    education_last_used: Option<Day>,
    unemployed_since: Option<Day>,
    unemployed_months: Option<Decimal>,
}

/// Groups of LAB § 6, as far as § 155 tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetGroup {
    /// Nos. 1-8.
    UpToEight,
    /// No. 9 with ledighedsydelse.
    NineWithBenefit,
    NineWithoutBenefit,
    TenOrEleven,
    /// Self-support or introduction programme with benefit.
    Introduction,
    /// Unemployed and self-supporting.
    SelfSupporting,
    None,
}

impl TargetGroup {
    const CODES: &[(&str, Self)] = &[
        ("section-6-1-to-8", Self::UpToEight),
        ("section-6-9-with-benefit", Self::NineWithBenefit),
        ("section-6-9-without-benefit", Self::NineWithoutBenefit),
        ("section-6-10-or-11", Self::TenOrEleven),
        ("introduction", Self::Introduction),
        ("self-supporting", Self::SelfSupporting),
        ("none", Self::None),
    ];

    /// Whether § 155, stk. 1, names the group.
    pub(crate) fn is_named(self) -> bool {
        !matches!(self, Self::NineWithoutBenefit | Self::None)
    }
}

impl<'a> Background<'a> {
    pub(crate) fn of(case: &Case<'a>) -> Result<Option<Self>, Failure> {
        case.about_apprentice("background").only()?.map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let from_unemployment =
            fact.one_of("comes-from", &[("unemployment", true), ("employment", false)])?;
        let group = || fact.one_of("target-group", TargetGroup::CODES);
        Ok(Self {
            fact,
            unemployed_as: from_unemployment.then(group).transpose()?,
            is_skilled: fact.one_of("schooling", &[("skilled", true), ("unskilled", false)])?,
            education_last_used: fact.maybe_day("education-last-used")?,
            unemployed_since: fact.maybe_day("unemployed-since")?,
            unemployed_months: fact.maybe_number("unemployed-months")?,
        })
    }

    /// Whether the education lay unused for the five years before the course; none when the fact
    /// does not say.
    pub(crate) fn is_outdated(&self, case: &Case<'_>) -> Option<Answer> {
        const MONTHS: u32 = 5 * 12;
        let last_used = self.education_last_used?;
        Some(
            case.settings
                .beyond(case.agreement.education_start.cmp(&last_used.plus_months(MONTHS))),
        )
    }

    /// Whether she was unemployed for more than so many months before the course; none when the
    /// fact does not say.
    ///
    /// An unemployment fund tells the months in total; others are counted from a day, unbroken.
    pub(crate) fn unemployed_longer_than(&self, months: u32, case: &Case<'_>) -> Option<Answer> {
        let in_total = self.unemployed_months.map(|total| total.cmp(&Decimal::from(months)));
        let unbroken = self
            .unemployed_since
            .map(|since| case.agreement.education_start.cmp(&since.plus_months(months)));
        in_total.or(unbroken).map(|compared| case.settings.beyond(compared))
    }

    /// Her schooling when it is clear, and with an unclear five-year limit resolved.
    pub(crate) fn schooling(&self, is_outdated: bool) -> Schooling {
        match (self.is_skilled, is_outdated) {
            (false, _) => Schooling::Unskilled,
            (true, true) => Schooling::Outdated,
            (true, false) => Schooling::Skilled,
        }
    }
}
