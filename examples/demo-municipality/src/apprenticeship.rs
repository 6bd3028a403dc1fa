//! One apprentice at one employer, told as the facts an application and the monthly requests give.

use rust_decimal::Decimal;
use ydun_domain::{Day, Dkk, Month, Period, Validity};

use crate::file::Fact;

/// Our own municipality's code.
pub const HERE: &str = "0999";

/// An ordinary case, from unemployment and unskilled; situations change what they are about.
#[derive(Clone, Debug)]
pub struct Apprenticeship {
    pub born: Day,
    pub start: Day,
    pub end: Day,
    pub ended_early: Option<Day>,
    pub education: String,
    pub adult_pay_by_agreement: bool,
    pub on_positive_list: Option<bool>,
    pub weekly_hours: Decimal,
    pub received: Day,
    pub decided: Day,
    pub background: Background,
    pub lives_in: &'static str,
    pub hourly_wage: Dkk,
    /// The wage falls below the lowest from this day.
    pub wage_falls: Option<Day>,
    pub aid_received_eur: i64,
    pub earlier_employment: Option<Period>,
    pub other_support: Option<Period>,
    pub school: Vec<Period>,
    pub overtime_a_week: Decimal,
    pub sick_a_week: Decimal,
    pub reference: String,
    pub months: Vec<Month>,
}

/// Where the apprentice comes from.
#[derive(Clone, Copy, Debug)]
pub enum Background {
    Unemployed { since: Day, schooling: Schooling },
    Employed { schooling: Schooling },
}

#[derive(Clone, Copy, Debug)]
pub enum Schooling {
    Unskilled,
    /// With the last day the education was used.
    Skilled(Day),
}

const LOWEST_WAGE: Dkk = Dkk::from_kroner(122);

impl Apprenticeship {
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![
            self.agreement(),
            Fact::new("birth", "apprentice", Validity::from_day(self.born), self.received)
                .from("CPR-registret")
                .day("day", self.born),
            self.application(),
            Fact::new("grant", "apprentice", Period::of_day(self.decided), self.decided)
                .from("Kommunens bevilling")
                .day("decided", self.decided),
            Fact::new("residence", "apprentice", Validity::from_day(self.born), self.received)
                .from("CPR-registret")
                .text("municipality", self.lives_in),
            Fact::new(
                "training-place",
                "apprentice",
                Validity::from_day(self.start),
                self.received,
            )
            .text("municipality", HERE),
            self.background(),
            self.de_minimis(),
        ];
        facts.extend(self.wages());
        facts.extend(self.events());
        facts.extend(self.months.iter().flat_map(|month| self.request(*month)));
        facts
    }

    fn agreement(&self) -> Fact {
        let runs = Period::new(self.start, self.end).expect("an agreement ends after it starts");
        let agreement = Fact::new("training-agreement", "apprentice", runs, self.received)
            .who("employer", "employer")
            .code("act", "vocational")
            .text("education", &self.education)
            .flag("collective-adult-pay", self.adult_pay_by_agreement)
            .number("weekly-hours", self.weekly_hours)
            .day("made", self.start.minus_days(14))
            .flag("school-approved", true)
            .day("education-start", self.start);
        match self.on_positive_list {
            Some(listed) => agreement.flag("on-positive-list", listed),
            None => agreement,
        }
    }

    fn application(&self) -> Fact {
        Fact::new("application", "employer", Period::of_day(self.received), self.received)
            .day("received", self.received)
            .flag("earlier-employment", self.earlier_employment.is_some())
            .flag("other-support", self.other_support.is_some())
    }

    fn background(&self) -> Fact {
        let fact = Fact::new("background", "apprentice", Period::of_day(self.start), self.received);
        let (fact, schooling) = match self.background {
            Background::Unemployed { since, schooling } => {
                let fact = fact
                    .from("Jobcentret")
                    .code("comes-from", "unemployment")
                    .code("target-group", "section-6-1-to-8")
                    .day("unemployed-since", since);
                (fact, schooling)
            }
            Background::Employed { schooling } => {
                (fact.code("comes-from", "employment"), schooling)
            }
        };
        match schooling {
            Schooling::Unskilled => fact.code("schooling", "unskilled"),
            Schooling::Skilled(last_used) => {
                fact.code("schooling", "skilled").day("education-last-used", last_used)
            }
        }
    }

    fn de_minimis(&self) -> Fact {
        Fact::new("de-minimis", "employer", Period::of_day(self.received), self.received)
            .number("received-eur", self.aid_received_eur)
            .amount("this-aid", Dkk::from_kroner(150_000))
            .number("euro-rate", Decimal::new(744, 2))
            .day("rate-date", self.received)
            .day("declared", self.received)
            .code("sector", "general")
            .integer("years", 3)
    }

    fn wages(&self) -> Vec<Fact> {
        let wage = |first: Day, last: Day, hourly: Dkk| {
            let days = Period::new(first, last).expect("wages follow each other");
            Fact::new("wage", "apprentice", days, self.received)
                .amount("hourly-paid", hourly)
                .amount("lowest-unskilled", LOWEST_WAGE)
        };
        match self.wage_falls {
            None => vec![wage(self.start, self.end, self.hourly_wage)],
            Some(day) => vec![
                wage(self.start, day.previous(), self.hourly_wage),
                wage(day, self.end, LOWEST_WAGE - Dkk::from_kroner(5)),
            ],
        }
    }

    fn events(&self) -> Vec<Fact> {
        let about = |kind, days: Period| {
            Fact::new(kind, "apprentice", days, days.first().max(self.received))
        };
        let earlier = self.earlier_employment.map(|days| {
            about("earlier-employment", days).who("employer", "employer").flag("on-support", false)
        });
        let support = self
            .other_support
            .map(|days| about("other-support", days).code("kind", "wage-subsidy"));
        let ended = self.ended_early.map(|day| {
            about("agreement-ended", Period::of_day(day))
                .from("Erhvervsskolen")
                .day("last-day", day)
                .code("reason", "annulled")
        });
        let school = self.school.iter().map(|stay| about("school-stay", *stay));
        school.chain(earlier).chain(support).chain(ended).collect()
    }

    /// The employer's request for a month (form AB 505): a total, and the hours week by week.
    fn request(&self, month: Month) -> Vec<Fact> {
        let last = self.ended_early.unwrap_or(self.end);
        let Ok(agreement) = Period::new(self.start, last) else { return vec![] };
        let Some(days) = agreement.overlap(month.period()) else { return vec![] };
        let received = month.last().plus_days(8);
        let weeks: Vec<Fact> =
            days.by_week().filter_map(|week| self.week(week, received)).collect();
        let total: Decimal = days.by_week().map(|week| self.worked(week)).sum();
        let request = Fact::new("monthly-request", "apprentice", days, received)
            .from("Anmodning AB 505")
            .number("total-hours", total)
            .text("reference", &self.reference)
            .day("received", received);
        [vec![request], weeks].concat()
    }

    fn week(&self, week: Period, received: Day) -> Option<Fact> {
        let weekdays = self.days_at_work(week);
        let school = self.school_days(week);
        if weekdays + school == 0 {
            return None;
        }
        let fact = Fact::new("weekly-hours", "apprentice", week, received)
            .from("Anmodning AB 505")
            .number("worked", self.worked(week));
        let fact = if school > 0 {
            fact.number("school", self.a_day() * Decimal::from(school))
        } else {
            fact
        };
        let (overtime, sick) = (self.overtime(week), self.sick(week));
        let fact = if overtime.is_zero() { fact } else { fact.number("overtime", overtime) };
        Some(if sick.is_zero() { fact } else { fact.number("sick", sick) })
    }

    fn worked(&self, week: Period) -> Decimal {
        self.a_day() * Decimal::from(self.days_at_work(week)) + self.overtime(week)
            - self.sick(week)
    }

    fn overtime(&self, week: Period) -> Decimal {
        if self.days_at_work(week) == 5 { self.overtime_a_week } else { Decimal::ZERO }
    }

    fn sick(&self, week: Period) -> Decimal {
        if self.days_at_work(week) == 5 { self.sick_a_week } else { Decimal::ZERO }
    }

    fn a_day(&self) -> Decimal {
        (self.weekly_hours / Decimal::from(5)).normalize()
    }

    fn days_at_work(&self, week: Period) -> u32 {
        week.weekdays() - self.school_days(week)
    }

    fn school_days(&self, week: Period) -> u32 {
        self.school.iter().filter_map(|stay| stay.overlap(week)).map(Period::weekdays).sum()
    }
}
