//! The figures of the law, and the settings that stand in where no figure is verified.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::law::Act;

/// A figure and where it comes from, for the step that uses it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure<'a, T> {
    pub(crate) value: T,
    pub(crate) source: &'a str,
}

impl<'a, T> From<Cited<'a, T>> for Figure<'a, T> {
    fn from(cited: Cited<'a, T>) -> Self {
        Self { value: cited.value, source: cited.source }
    }
}

/// The cap (ydelsesloft) of a year, in kroner a month.
pub(crate) fn cap<'a>(case: &Case<'a>, year: i32) -> Result<Figure<'a, Dkk>, Failure> {
    const DISPUTED: i32 = 2020;
    let rate = case.rates.amount("cap", Day::new(year, 1, 1)).map(Figure::from);
    or_setting(rate, (year == DISPUTED).then_some(case.settings.cap_2020), "indstillingen cap-2020")
}

/// How much running benefits rise on 1 January of a year, in percent.
pub(crate) fn regulation<'a>(case: &Case<'a>, year: i32) -> Result<Figure<'a, Decimal>, Failure> {
    let settings = &case.settings;
    if case.is_from_before_2011() {
        let key = format!("regulation-before-2011 on {year}-01-01");
        let none = Err(Failure::MissingRate(key));
        let percent = settings.regulation_before_2011.percent(year);
        return or_setting(none, percent, "indstillingen regulation-before-2011");
    }
    let rate = case.rates.number("regulation-percent", Day::new(year, 1, 1)).map(Figure::from);
    let percent = settings.regulation_2019_2021.percent(year);
    or_setting(rate, percent, "indstillingen regulation-2019-2021")
}

/// Percent of the gross benefit that goes to the pension.
pub(crate) fn pension<'a>(case: &Case<'a>, day: Day) -> Result<Figure<'a, Decimal>, Failure> {
    case.rates.number("pension-percent", day).map(Figure::from)
}

/// Percent of last year's gross benefit given as a supplement for holiday.
pub(crate) fn holiday_supplement<'a>(
    case: &Case<'a>,
    day: Day,
) -> Result<Figure<'a, Decimal>, Failure> {
    case.rates.number("holiday-supplement-percent", day).map(Figure::from)
}

/// Percent of a year's gross benefit given when the benefit has ended on a day.
pub(crate) fn end_supplement<'a>(
    case: &Case<'a>,
    ended: Day,
) -> Result<Figure<'a, Decimal>, Failure> {
    let rate = case.rates.number("end-supplement-percent", ended).map(Figure::from);
    let older =
        (Act::on(ended) == Act::Services).then_some(case.settings.end_supplement_before_2024);
    or_setting(rate, older, "indstillingen end-supplement-before-2024")
}

/// A verified rate comes first; a setting only where there is none.
fn or_setting<'a, T>(
    rate: Result<Figure<'a, T>, Failure>,
    setting: Option<T>,
    source: &'a str,
) -> Result<Figure<'a, T>, Failure> {
    match (rate, setting) {
        (Err(Failure::MissingRate(_)), Some(value)) => Ok(Figure { value, source }),
        (rate, _) => rate,
    }
}
