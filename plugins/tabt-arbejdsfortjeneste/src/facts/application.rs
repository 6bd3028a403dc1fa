//! Who applies, and for which child.

use ydun_benefit::prelude::*;

use super::Case;

/// A parent's application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Application<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) child: &'a Party,
    pub(crate) received: Day,
    /// Hours a week that are applied for; none when only single hours are.
    pub(crate) weekly_hours: Option<Decimal>,
}

/// What the applicant is to the child.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relation<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) kind: RelationKind,
    pub(crate) maintains_in_home: bool,
}

impl<'a> Application<'a> {
    pub(super) fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            child: fact.who("child")?,
            received: fact.day("received")?,
            weekly_hours: fact.maybe_number("weekly-hours")?,
        })
    }
}

/// Whom the law lets take the child's care upon themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelationKind {
    /// Mother or father, also one who lives apart or has no custody.
    Parent,
    /// A step-parent or another relative.
    Relative,
    Other,
}

impl RelationKind {
    const CODES: &[(&str, Self)] = &[
        ("mother", Self::Parent),
        ("father", Self::Parent),
        ("step-parent", Self::Relative),
        ("relative", Self::Relative),
        ("other", Self::Other),
    ];
}

impl<'a> Relation<'a> {
    pub(crate) fn of(case: &Case<'a>) -> Result<Option<Self>, Failure> {
        case.about_parent("relation").last().map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            kind: fact.one_of("kind", RelationKind::CODES)?,
            maintains_in_home: fact.flag("maintains-in-home")?,
        })
    }

    /// A parent; a relative who maintains the child in the home; nobody else.
    pub(crate) fn entitles(&self) -> bool {
        match self.kind {
            RelationKind::Parent => true,
            RelationKind::Relative => self.maintains_in_home,
            RelationKind::Other => false,
        }
    }
}
