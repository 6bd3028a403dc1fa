//! Partshøring: a party is heard before something is taken away.
//!
//! A hearing is about one intention: these lines for these days, named by a digest. When the
//! intention changes, the party must be heard anew; when it is calculated again and stays the same,
//! the hearing still holds. What the law asks is in forvaltningsloven § 19.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, HearingId, PartyId};
use ydun_runtime::Digest;

use crate::words::words;

words! {
    /// How something reached a party.
    Channel("channel") {
        DigitalPost = "digital-post",
        Letter = "letter",
        /// Handed over at the desk, with a receipt: for whoever has no address.
        Desk = "desk",
    }

    /// Why the law lets a hearing be left out (forvaltningsloven § 19, stk. 2).
    Ground("ground") {
        /// The party gave the information, or knows that we have it.
        PartyKnows = "party-knows",
        /// The party's interest must give way, or the matter cannot wait for an answer.
        CannotWait = "cannot-wait",
        /// The information decides nothing.
        NotEssential = "not-essential",
        /// Another act has rules of its own.
        OtherAct = "other-act",
    }
}

/// What a party is heard about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Intention {
    pub case: CaseId,
    pub party: PartyId,
    /// The first of the days it is about.
    pub first_day: Day,
    /// Of the lines that are intended.
    pub digest: Digest,
}

/// A hearing as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hearing {
    pub id: HearingId,
    pub intention: Intention,
    /// What is put before the party, in Danish.
    pub text: String,
    /// How many days the party has to answer, from the day after it arrived.
    pub answer_days: u32,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    pub delivery: Option<Delivery>,
    pub answer: Option<Answer>,
}

/// That a hearing reached the party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    pub on: Day,
    pub channel: Channel,
    /// The last day to answer.
    pub deadline: Day,
}

/// What the party said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub on: Day,
    pub text: String,
}

/// How far the hearing of a party has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody has begun it.
    Missing,
    /// It has not reached the party.
    Undelivered,
    /// The party has time to answer, this day included.
    Until(Day),
    /// The party has answered, or has let the deadline pass.
    Over,
    /// The law lets it be left out.
    Waived(Ground),
}

impl Standing {
    /// Whether something may be taken away.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Over | Self::Waived(_))
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("parten er ikke hørt"),
            Self::Undelivered => f.write_str("høringen er ikke nået frem"),
            Self::Until(day) => write!(f, "parten kan svare til og med {day}"),
            Self::Over => f.write_str("parten er hørt"),
            Self::Waived(ground) => write!(f, "høring undladt ({ground})"),
        }
    }
}

impl Hearing {
    fn standing(&self, today: Day) -> Standing {
        match (&self.answer, &self.delivery) {
            (Some(_), _) => Standing::Over,
            (None, None) => Standing::Undelivered,
            (None, Some(delivery)) if today > delivery.deadline => Standing::Over,
            (None, Some(delivery)) => Standing::Until(delivery.deadline),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hearing(delivery: Option<(&str, &str)>, answered: Option<&str>) -> Hearing {
        let day = |text: &str| text.parse().unwrap();
        Hearing {
            id: HearingId::generate(),
            intention: Intention {
                case: CaseId::generate(),
                party: PartyId::generate(),
                first_day: day("2020-10-01"),
                digest: Digest::of(b"lines"),
            },
            text: "Vi påtænker …".into(),
            answer_days: 14,
            opened_at: DateTime::UNIX_EPOCH,
            opened_by: "abc".into(),
            delivery: delivery.map(|(on, deadline)| Delivery {
                on: day(on),
                channel: Channel::Desk,
                deadline: day(deadline),
            }),
            answer: answered.map(|on| Answer { on: day(on), text: "Det passer ikke.".into() }),
        }
    }

    #[track_caller]
    fn check(hearing: &Hearing, today: &str, expected: Standing) {
        assert_eq!(hearing.standing(today.parse().unwrap()), expected, "on {today}");
    }

    #[test]
    fn the_clock_runs_from_delivery_and_the_last_day_belongs_to_the_party() {
        let deadline = "2021-02-15".parse().unwrap();
        check(&hearing(None, None), "2021-12-31", Standing::Undelivered);
        let delivered = hearing(Some(("2021-02-01", "2021-02-15")), None);
        check(&delivered, "2021-02-15", Standing::Until(deadline));
        check(&delivered, "2021-02-16", Standing::Over);
        let answered = hearing(Some(("2021-02-01", "2021-02-15")), Some("2021-02-03"));
        check(&answered, "2021-02-03", Standing::Over);
    }
}
