//! Finding cases: by number, and by what a month's run gave in them.

use std::str::FromStr;

use serde::Deserialize;
use utoipa::IntoParams;
use ydun_domain::ids::CaseId;
use ydun_domain::{Day, Dkk, Month};

use super::failure::Failure;
use super::{App, store};
use crate::cases::CaseNumber;
use crate::db::{Read, Result};
use crate::operations::CaseResult;

/// What the address asks for; everything is optional.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseQuery {
    /// The beginning of the case number.
    #[serde(alias = "nummer")]
    #[param(example = "2020-0001")]
    number: String,
    /// The month whose result is shown; else the month that was run last.
    #[serde(alias = "maaned")]
    #[param(example = "2020-10")]
    month: String,
    /// Only cases where the month's run gave this.
    #[serde(alias = "resultat")]
    #[param(example = "proposed")]
    result: String,
    /// Only cases with a number after this one: the last of the page before.
    #[serde(alias = "efter")]
    #[param(example = "2020-00017")]
    after: String,
}

/// What is asked for, understood.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) beginning: Beginning,
    pub(super) month: Option<Month>,
    pub(super) result: Option<CaseResult>,
    pub(super) after: Option<CaseNumber>,
}

/// The beginning of a case number, such as `2020-0001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beginning(String);

impl Beginning {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<CaseQuery> for Asked {
    type Error = Failure;
    fn try_from(query: CaseQuery) -> std::result::Result<Self, Failure> {
        Ok(Self {
            beginning: query.number.trim().parse()?,
            month: optional(&query.month)?,
            result: optional(&query.result)?,
            after: optional(&query.after)?,
        })
    }
}

impl FromStr for Beginning {
    type Err = Failure;

    /// The text is not repeated when it is refused: somebody may have typed a personal number.
    fn from_str(text: &str) -> std::result::Result<Self, Failure> {
        let (year, rest) =
            text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let digits =
            |part: &str, max| part.len() <= max && part.bytes().all(|sign| sign.is_ascii_digit());
        let is_beginning =
            digits(year, 4) && rest.is_none_or(|rest| year.len() == 4 && digits(rest, 8));
        if is_beginning {
            Ok(Self(text.to_owned()))
        } else {
            Err(Failure::Misunderstood(
                "the number is not the beginning of a case number such as 2020-00017".into(),
            ))
        }
    }
}

/// An empty choice in a form is no choice.
fn optional<T: FromStr<Err: std::fmt::Display>>(
    text: &str,
) -> std::result::Result<Option<T>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(Failure::misunderstood)
}

/// A case on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) id: CaseId,
    pub(super) number: CaseNumber,
    pub(super) benefit: String,
    pub(super) opened: Day,
    pub(super) closed: Option<Day>,
    /// What the month's run gave; none when the case was not in it.
    pub(super) result: Option<CaseResult>,
    pub(super) amount: Option<Dkk>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub(super) struct CasePage {
    /// The month whose results are shown: the one asked for, the one run last, or this month.
    pub(super) month: Month,
    pub(super) months: Vec<Month>,
    pub(super) cases: Vec<Listed>,
    /// Where the next page begins, when there is one.
    pub(super) next: Option<CaseNumber>,
}

impl CasePage {
    pub(super) async fn find(db: &mut Read, app: &App, asked: &Asked, size: u32) -> Result<Self> {
        let months = store::months(db, app.tenant).await?;
        let month = asked.month.or(months.first().copied()).unwrap_or(app.clock.today().month());
        let mut cases = store::cases(db, app.tenant, asked, month, size + 1).await?;
        let has_more = cases.len() > size as usize;
        cases.truncate(size as usize);
        let next = cases.last().filter(|_| has_more).map(|case| case.number);
        Ok(Self { month, months, cases, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_case_number_is_never_a_personal_number() {
        for text in ["", "2", "2020", "2020-", "2020-0001", "2020-100000"] {
            assert_eq!(text.parse::<Beginning>().unwrap().as_str(), text);
        }
        for text in ["0101901234", "010190-1234", "19-00017", "2020-0001%", "2020_", "Åse"] {
            let refused = text.parse::<Beginning>().unwrap_err().to_string();
            assert!(!refused.contains(text), "{refused}");
        }
    }
}
