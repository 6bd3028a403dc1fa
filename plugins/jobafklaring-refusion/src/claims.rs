//! The months asked for, and the days of each that there is refund for.

use ydun_benefit::prelude::*;

use crate::conditions::Entitlement;
use crate::days::Days;
use crate::facts::{Case, MonthHours, Request};

/// A calendar month that is asked for, with its hours.
#[derive(Clone, Debug)]
pub(crate) struct Claim<'a> {
    pub(crate) month: Month,
    pub(crate) request: Request<'a>,
    pub(crate) hours: MonthHours<'a>,
    /// The days of the month in course and employment, which the hours are told for.
    pub(crate) course: Days,
    /// Those of them that are refunded.
    pub(crate) days: Days,
    /// Why other days that were asked for are not, as sentences.
    pub(crate) left_out: Vec<String>,
}

impl Claim<'_> {
    /// Only these days are left, and a sentence says why.
    pub(crate) fn leave_out(&mut self, left: Days, why: String) {
        self.days = left;
        self.left_out.push(why);
    }
}

/// The months of the span that somebody has asked for.
#[derive(Debug, Default)]
pub(crate) struct Claims<'a> {
    /// Those that can be tested and refunded.
    pub(crate) ready: Vec<Claim<'a>>,
    /// What the employer has begun to ask for and not finished, as sentences.
    pub(crate) unfinished: Vec<String>,
    /// Why months that were asked for are not refunded at all, as sentences.
    pub(crate) left_out: Vec<String>,
}

impl Claims<'_> {
    /// A month without a day of the course, when it was asked for.
    fn leave_out(
        &mut self,
        case: &Case<'_>,
        employer: &Party,
        month: Month,
        file: &mut CaseFile,
    ) -> Result<(), Failure> {
        if !Request::all(case, employer, month.period())?.is_empty() {
            self.left_out.push(format!(
                "I {} er der ingen dage, hvor medarbejderen er i jobafklaringsforløb og ansat.",
                month.in_words()
            ));
            file.partly();
        }
        Ok(())
    }
}

/// What has been said about a month.
enum Asked<'a> {
    Ready(Claim<'a>),
    Unfinished(Need),
    Awaited(Need),
}

/// Reads the months that are asked for. A month that is not, or not wholly, holds up itself only.
pub(crate) fn read<'a>(
    case: &Case<'a>,
    entitlement: &Entitlement<'a>,
    file: &mut CaseFile,
) -> Result<Claims<'a>, Failure> {
    let mut claims = Claims::default();
    for month in case.span.months() {
        let days = entitlement.days.within(month.period());
        let Some(whole) = days.whole() else {
            claims.leave_out(case, entitlement.employer, month, file)?;
            continue;
        };
        match asked(case, entitlement.employer, month, days, whole)? {
            Asked::Ready(claim) => {
                if !claim.left_out.is_empty() {
                    file.partly();
                }
                claims.ready.push(claim);
            }
            Asked::Unfinished(need) => {
                claims.unfinished.push(need.reason.clone());
                file.need(need);
            }
            Asked::Awaited(need) => file.need(need),
        }
    }
    Ok(claims)
}

/// What has been said about a month; `whole` are its days from the first to the last.
fn asked<'a>(
    case: &Case<'a>,
    employer: &Party,
    month: Month,
    days: Days,
    whole: Period,
) -> Result<Asked<'a>, Failure> {
    let name = month.in_words();
    let lacks = |kind, about, reason: String| need(kind, about, whole, &reason);
    let requests = Request::all(case, employer, whole)?;
    let Some(request) = requests.iter().find(|request| request.period.covers(whole)) else {
        let lacks = |reason| lacks("refund-request", employer, reason);
        return Ok(if requests.is_empty() {
            Asked::Awaited(lacks(format!(
                "Arbejdsgiverens anmodning (DP 202H) for {name} mangler."
            )))
        } else {
            Asked::Unfinished(lacks(format!(
                "Anmodningen dækker kun en del af {name}. Der skal anmodes om hele måneden med de timer, der er betalt løn for."
            )))
        });
    };
    let lacks = |kind, reason| Ok(Asked::Unfinished(lacks(kind, case.employee, reason)));
    let Some(hours) = MonthHours::of(case, month)? else {
        return lacks("month-hours", format!("Timer og løn for {name} mangler."));
    };
    let amounts = case.about_employee("sickness-refund").meeting(whole);
    if request.declares_sickness_refund && amounts.is_empty() {
        let reason = format!("Beløbene efter sygedagpengelovens §§ 55 og 56 for {name} mangler.");
        return lacks("sickness-refund", reason);
    }
    let left_out = outside_course(*request, month, &days).into_iter().collect();
    let request = *request;
    Ok(Asked::Ready(Claim { month, request, hours, course: days.clone(), days, left_out }))
}

/// Why days of the request are not in the course, when some are not.
fn outside_course(request: Request<'_>, month: Month, days: &Days) -> Option<String> {
    let asked = request.period.overlap(month.period())?;
    (asked.len() > days.count()).then(|| {
        format!(
            "I {} er der kun refusion for de dage, hvor medarbejderen er i jobafklaringsforløb og ansat.",
            month.in_words()
        )
    })
}
