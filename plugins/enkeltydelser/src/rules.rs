//! Every condition an expense is tested by: its id, its words and its section.

use ydun_benefit::prelude::*;

use crate::facts::Expense;

/// The chapter as a whole, where no section says it alone; see guidance 10309 of 20 December 2016.
pub(crate) const CHAPTER: &str = "LAS kap. 10";

/// A condition of one expense.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The number of the expense follows it: `means:2`.
    pub(crate) id: &'static str,
    /// As letters and tasks about the expense say it.
    pub(crate) label: &'static str,
    /// What a person is asked to judge, as a task's title ends: `vurder betalingsevne`.
    pub(crate) subject: &'static str,
    /// None where it is the section the expense is tried under.
    law: Option<&'static str>,
}

impl Rule {
    const fn of_chapter(id: &'static str, subject: &'static str, label: &'static str) -> Self {
        Self { id, label, subject, law: Some(CHAPTER) }
    }

    const fn of_section(id: &'static str, subject: &'static str, label: &'static str) -> Self {
        Self { id, label, subject, law: None }
    }

    /// The rule of an act's section of its own.
    const fn written(mut self, law: &'static str) -> Self {
        self.law = Some(law);
        self
    }

    /// The condition of an expense, to be given its state.
    pub(crate) fn of(&self, expense: &Expense<'_>) -> Test {
        let label = expense.titled(self.label);
        Test::new(self.id, &label, self.law.unwrap_or(expense.section.law()))
            .of_part(expense.number)
            .rests_on(expense.fact)
    }

    /// The rule a condition's id names.
    pub(crate) fn named(condition: &str) -> Option<&'static Self> {
        let (id, _) = condition.split_once(':')?;
        ALL.iter().copied().find(|rule| rule.id == id)
    }
}

pub(crate) const NATURE: Rule = Rule::of_chapter(
    "nature",
    "udgiftens art",
    "Udgiften er en enkeltudgift og hverken løbende eller gæld til det offentlige",
);
pub(crate) const SUBSIDIARITY: Rule = Rule::of_chapter(
    "subsidiarity",
    "om anden lov dækker",
    "Udgiften dækkes ikke efter anden lov, af forsikring eller af andre",
);
pub(crate) const BEFORE_COMMITMENT: Rule = Rule::of_chapter(
    "before-commitment",
    "undtagelse fra kravet om at søge først",
    "Der er søgt, før udgiften blev afholdt eller aftalt",
)
.written("LAS § 88");
pub(crate) const DOCUMENTED: Rule = Rule::of_chapter(
    "documented",
    "dokumentation",
    "Udgiften er dokumenteret med regning, tilbud eller overslag",
);
pub(crate) const STUDENT_LOAN: Rule =
    Rule::of_chapter("student-loan", "SU-lån", "Muligheden for SU-lån er brugt først");
pub(crate) const SANCTION: Rule =
    Rule::of_chapter("sanction", "sanktion", "Hjælpen udligner ikke en sanktion");
pub(crate) const EVENT: Rule = Rule::of_section(
    "event",
    "ændring i forholdene",
    "Der er sket ændringer i ansøgerens forhold (social begivenhed)",
);
pub(crate) const UNFORESEEN: Rule = Rule::of_section(
    "unforeseen",
    "om udgiften kunne forudses",
    "Udgiften kunne ikke forudses, eller den er af helt afgørende betydning for familiens livsførelse",
);
pub(crate) const NECESSARY: Rule = Rule::of_section(
    "necessary",
    "nødvendighed",
    "Behandlingen er nødvendig og helbredsmæssigt velbegrundet",
);
pub(crate) const CONTACT: Rule =
    Rule::of_section("contact", "samvær", "Udgiften er til samvær med ansøgerens egne børn");
pub(crate) const IMPROVES: Rule = Rule::of_section(
    "improves",
    "om flytningen forbedrer forholdene",
    "Flytningen forbedrer ansøgerens eller familiens bolig- eller erhvervsforhold",
);
pub(crate) const EVICTION: Rule =
    Rule::of_section("eviction", "udsættelsestrussel", "Huslejerestancen truer med udsættelse");
pub(crate) const TEMPORARY: Rule = Rule::of_section(
    "temporary",
    "om hjælpen er midlertidig",
    "Hjælpen er midlertidig, og boligen kan betales bagefter eller fraflyttes efter en plan",
);
pub(crate) const TIE: Rule =
    Rule::of_section("tie", "vilkår for huslejehjælp", "Vilkåret for hjælpen er aftalt");
pub(crate) const DENTAL_CARE: Rule =
    Rule::of_section("dental-care", "om det er tandpleje", "Udgiften er til tandpleje");
pub(crate) const CASH_LEVEL: Rule = Rule::of_section(
    "cash-level",
    "ydelsesniveau",
    "Ansøgeren får hjælp eller løn på niveau med kontanthjælp",
);
pub(crate) const DENTAL_AGE: Rule =
    Rule::of_section("dental-age", "alder", "Ansøgeren er fyldt 18 år");
pub(crate) const DENTAL_TERMS: Rule = Rule::of_section(
    "dental-terms",
    "tandtilskuddets egenbetaling",
    "Egenbetaling og tilskudsandel er fastsat",
);
pub(crate) const MEANS: Rule = Rule::of_section(
    "means",
    "betalingsevne",
    "Ansøgeren og ægtefællen kan ikke selv betale, heller ikke ved opsparing, lån eller afdrag",
);
pub(crate) const AMOUNT: Rule = Rule::of_section("amount", "beløb", "Der er et beløb at bevilge");
pub(crate) const REPAYMENT: Rule = Rule::of_chapter(
    "repayment",
    "tilbagebetaling",
    "Det er afgjort sammen med bevillingen, om hjælpen skal betales tilbage",
)
.written("LAS § 93");

const ALL: &[&Rule] = &[
    &NATURE,
    &SUBSIDIARITY,
    &BEFORE_COMMITMENT,
    &DOCUMENTED,
    &STUDENT_LOAN,
    &SANCTION,
    &EVENT,
    &UNFORESEEN,
    &NECESSARY,
    &CONTACT,
    &IMPROVES,
    &EVICTION,
    &TEMPORARY,
    &TIE,
    &DENTAL_CARE,
    &CASH_LEVEL,
    &DENTAL_AGE,
    &DENTAL_TERMS,
    &MEANS,
    &AMOUNT,
    &REPAYMENT,
];
