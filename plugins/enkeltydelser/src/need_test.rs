//! What a household can pay itself: convention E1, as steps a caseworker can follow and depart from.
//!
//! Disposable is what is left of a month's income after the accepted fixed expenses. What is above
//! the guiding amount, and savings above the accepted, go to the expenses before any help does. Each
//! krone is counted once, however many expenses there are in the month.

use ydun_benefit::prelude::*;

use crate::facts::{Budget, Case, Family, Household, Item, SpouseMeans};
use crate::guide::{Guide, NoGuide};
use crate::rules::CHAPTER;

/// What the household can pay in a month, and how much of it no expense has taken yet.
#[derive(Clone, Debug)]
pub(crate) struct OwnShare {
    pub(crate) total: Explained<Dkk>,
    pub(crate) disposable: Dkk,
    pub(crate) guide: Dkk,
    left: Dkk,
}

impl OwnShare {
    /// What an expense of this size would take.
    pub(crate) fn of(&self, expense: Dkk) -> Dkk {
        self.left.min(expense)
    }

    pub(crate) fn used(&self) -> Dkk {
        self.total.value - self.left
    }

    /// The household pays this much of an expense; less than nothing takes nothing.
    pub(crate) fn take(&mut self, amount: Dkk) {
        self.left = (self.left - amount.max(Dkk::ZERO)).max(Dkk::ZERO);
    }
}

/// What the test looks at.
struct Economy<'a> {
    month: Month,
    household: Household<'a>,
    budget: Budget<'a>,
    spouse: Option<SpouseMeans<'a>>,
    guide: Guide<'a>,
}

/// Tests the household of a day on the money of its month; none when something is lacking.
pub(crate) fn own_share(
    case: &Case<'_>,
    day: Day,
    file: &mut CaseFile,
) -> Result<Option<OwnShare>, Failure> {
    let Some(economy) = Economy::gather(case, day, file)? else { return Ok(None) };
    let disposable = economy.disposable(case, file);
    let guide = economy.guide(file);
    let assets = economy.assets_above_accepted(case, day, file)?;
    let above_guide = (disposable.value - guide.value).max(Dkk::ZERO);
    let total = file
        .step(&economy.id("kan-betale"), "Hvad husstanden selv kan betale", CHAPTER)
        .from("rådighedsbeløb", &disposable)
        .from("vejledende rådighedsbeløb", &guide)
        .input("over det vejledende", above_guide)
        .from("formue over det accepterede", &assets)
        .gives(above_guide + assets.value);
    let left = total.value;
    Ok(Some(OwnShare { total, disposable: disposable.value, guide: guide.value, left }))
}

impl<'a> Economy<'a> {
    /// Everything the test rests on; all that is lacking is asked for together.
    fn gather(case: &Case<'a>, day: Day, file: &mut CaseFile) -> Result<Option<Self>, Failure> {
        let month = day.month();
        let household = household(case, day, file)?;
        let budget = budget(case, month, file)?;
        let Some(household) = household else { return Ok(None) };
        let spouse = match household.family {
            Family::Married => spouse_means(case, &household, month, file)?.map(Some),
            Family::Single | Family::Cohabiting => Some(None),
        };
        let guide = guide(case, &household, day, file)?;
        let (Some(budget), Some(spouse), Some(guide)) = (budget, spouse, guide) else {
            return Ok(None);
        };
        Ok(Some(Self { month, household, budget, spouse, guide }))
    }

    fn id(&self, step: &str) -> String {
        format!("{step}:{}", self.month)
    }

    fn disposable(&self, case: &Case<'_>, file: &mut CaseFile) -> Explained<Dkk> {
        let in_month = self.month.in_words();
        let spouse =
            self.spouse.map(|spouse| ("ægtefællens indtægt efter skat", spouse.net_income));
        let incomes = self.budget.incomes.iter().copied().chain(spouse);
        let label = format!("Husstandens indtægter i {in_month}");
        let incomes = sum(file, &self.id("indtaegter"), &label, incomes);
        let instalments = &self.budget.instalments[..];
        let accepted = if case.settings.accepts_instalments { instalments } else { &[] };
        let expenses = self.budget.expenses.iter().chain(accepted).copied();
        let label = format!("Godkendte faste udgifter i {in_month}");
        let expenses = sum(file, &self.id("udgifter"), &label, expenses);
        file.step(&self.id("raadighed"), format!("Rådighedsbeløb i {in_month}"), CHAPTER)
            .from("indtægter", &incomes)
            .from("faste udgifter", &expenses)
            .gives(incomes.value - expenses.value)
    }

    fn guide(&self, file: &mut CaseFile) -> Explained<Dkk> {
        let step = file.step(&self.id("vejledende"), "Vejledende rådighedsbeløb", CHAPTER);
        let parts = self.guide.parts.iter();
        parts
            .fold(step, |step, part| step.input(&part.name, part.value.clone()))
            .gives(self.guide.amount)
    }

    fn assets_above_accepted(
        &self,
        case: &Case<'_>,
        day: Day,
        file: &mut CaseFile,
    ) -> Result<Explained<Dkk>, Failure> {
        let is_couple = self.household.family == Family::Married;
        let (accepted, source) = accepted_assets(case, is_couple, day)?;
        let own = self.budget.assets;
        let spouse = self.spouse.map_or(Dkk::ZERO, |spouse| spouse.assets);
        let mut step = file
            .step(&self.id("formue"), "Likvid formue over det accepterede", CHAPTER)
            .input("ansøgerens", own);
        if is_couple {
            step = step.input("ægtefællens", spouse);
        }
        Ok(step
            .input("accepteret", accepted)
            .input("kilde", source)
            .gives((own + spouse - accepted).max(Dkk::ZERO)))
    }
}

fn sum(
    file: &mut CaseFile,
    id: &str,
    label: &str,
    amounts: impl IntoIterator<Item = Item>,
) -> Explained<Dkk> {
    let mut total = Dkk::ZERO;
    let mut step = file.step(id, label, CHAPTER);
    for (name, amount) in amounts {
        total += amount;
        step = step.input(name, amount);
    }
    step.gives(total)
}

/// The savings a household may keep: the municipality's own, or those of cash benefit.
fn accepted_assets<'a>(
    case: &Case<'a>,
    is_couple: bool,
    day: Day,
) -> Result<(Dkk, &'a str), Failure> {
    if let Some(own) = case.settings.accepted_assets {
        let accepted = if is_couple { own.couple } else { own.single };
        return Ok((accepted, "kommunens indstilling"));
    }
    let key = if is_couple { "asset-limit-couple" } else { "asset-limit-single" };
    let limit = case.rates.amount(key, day)?;
    Ok((limit.value, limit.source))
}

fn household<'a>(
    case: &Case<'a>,
    day: Day,
    file: &mut CaseFile,
) -> Result<Option<Household<'a>>, Failure> {
    let found = Household::on(case, day)?;
    let reason = "Det mangler, hvem ansøgeren bor sammen med.";
    let lacking = need("household", case.applicant, Period::of_day(day), reason);
    let fact = found.map(|household| household.fact);
    known(file, "household", "Husstanden er oplyst", day.month(), fact.ok_or(lacking));
    Ok(found)
}

fn budget<'a>(
    case: &Case<'a>,
    month: Month,
    file: &mut CaseFile,
) -> Result<Option<Budget<'a>>, Failure> {
    let found = Budget::of(case, month)?;
    let reason = format!("Indtægter, faste udgifter og opsparing i {} mangler.", month.in_words());
    let lacking = need("budget", case.applicant, month.period(), &reason);
    let fact = found.as_ref().map(|budget| budget.fact);
    known(file, "budget", "Ansøgerens økonomi er oplyst", month, fact.ok_or(lacking));
    Ok(found)
}

/// The spouse's means count as the applicant's own.
fn spouse_means<'a>(
    case: &Case<'a>,
    household: &Household<'a>,
    month: Month,
    file: &mut CaseFile,
) -> Result<Option<SpouseMeans<'a>>, Failure> {
    let found = SpouseMeans::of(case, month)?;
    let reason = format!("Ægtefællens indtægt og opsparing i {} mangler.", month.in_words());
    let about = household.spouse_or(case.applicant);
    let lacking = need("spouse-means", about, month.period(), &reason);
    let fact = found.map(|means| means.fact);
    known(file, "spouse-means", "Ægtefællens økonomi er oplyst", month, fact.ok_or(lacking));
    Ok(found)
}

fn guide<'a>(
    case: &Case<'a>,
    household: &Household<'a>,
    day: Day,
    file: &mut CaseFile,
) -> Result<Option<Guide<'a>>, Failure> {
    let test = Test::new(
        &format!("guide:{}", day.month()),
        "Der er et vejledende rådighedsbeløb for husstanden",
        CHAPTER,
    );
    match Guide::on(case, household, day) {
        Ok(guide) => {
            file.condition(test.rests_on(household.fact).rests_on_all(guide.fact).is(true));
            Ok(Some(guide))
        }
        Err(NoGuide::Lacks(lacking)) => {
            file.condition(test.lacks(lacking));
            Ok(None)
        }
        Err(NoGuide::Fails(failure)) => Err(failure),
    }
}

/// Takes down that something is known about a month, or asks for it.
fn known(
    file: &mut CaseFile,
    id: &str,
    label: &str,
    month: Month,
    fact: Result<FactRef<'_>, Need>,
) {
    let test = Test::new(&format!("{id}:{month}"), label, CHAPTER);
    file.condition(match fact {
        Ok(fact) => test.rests_on(fact).is(true),
        Err(lacking) => test.lacks(lacking),
    });
}
