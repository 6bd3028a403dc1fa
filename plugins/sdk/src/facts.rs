//! Finding facts in a dossier.

use ydun_domain::benefit::{Dossier, Fact, Failure, Party, Scalar};
use ydun_domain::{Day, Period, Validity};

use crate::attributes::Attributes;

/// Every fact of the dossier, in an order that does not depend on how the host sent them.
#[derive(Clone, Debug)]
pub struct Facts<'a>(Vec<FactRef<'a>>);

impl<'a> Facts<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        let mut rows: Vec<FactRef<'a>> = dossier.facts.iter().map(FactRef).collect();
        rows.sort_by(|a, b| (a.valid().first(), a.id()).cmp(&(b.valid().first(), b.id())));
        Self(rows)
    }

    /// The facts of one kind, oldest first.
    pub fn kind(&self, kind: &'static str) -> Found<'a> {
        Found { kind, rows: self.0.iter().copied().filter(|fact| fact.0.kind == kind).collect() }
    }

    /// Only those wanted, such as the facts about one of several applicants.
    pub fn keep(mut self, wanted: impl Fn(&FactRef<'a>) -> bool) -> Self {
        self.0.retain(wanted);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = FactRef<'a>> {
        self.0.iter().copied()
    }
}

/// Facts of one kind, oldest first.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    kind: &'static str,
    rows: Vec<FactRef<'a>>,
}

impl<'a> Found<'a> {
    pub fn about(self, party: &Party) -> Self {
        self.keep(|fact| fact.about() == party)
    }

    /// Those whose days include this one.
    pub fn on(self, day: Day) -> Self {
        self.keep(|fact| fact.valid().contains(day))
    }

    /// Those that share a day with the period.
    pub fn meeting(self, period: Period) -> Self {
        self.keep(|fact| fact.valid().within(period).is_some())
    }

    pub fn keep(mut self, wanted: impl Fn(&FactRef<'a>) -> bool) -> Self {
        self.rows.retain(wanted);
        self
    }

    /// The one fact there should be; two would be a contradiction.
    pub fn only(&self) -> Result<Option<FactRef<'a>>, Failure> {
        match self.rows[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            [one, other, ..] => Err(self.both(one, other, "there should be one")),
        }
    }

    /// The same facts, when no two of them share a day.
    pub fn disjoint(self) -> Result<Self, Failure> {
        let clash = self.rows.windows(2).find(|pair| pair[0].valid().meets(pair[1].valid()));
        match clash {
            Some(pair) => Err(self.both(pair[0], pair[1], "they share a day")),
            None => Ok(self),
        }
    }

    fn both(&self, one: FactRef<'_>, other: FactRef<'_>, why: &str) -> Failure {
        Failure::Contradiction(format!("{} '{}' and '{}': {why}", self.kind, one.id(), other.id()))
    }

    pub fn first(&self) -> Option<FactRef<'a>> {
        self.rows.first().copied()
    }

    pub fn last(&self) -> Option<FactRef<'a>> {
        self.rows.last().copied()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = FactRef<'a>> {
        self.rows.iter().copied()
    }
}

/// One fact, read by the names and kinds of its attributes (see [`Attributes`]).
#[derive(Clone, Copy, Debug)]
pub struct FactRef<'a>(&'a Fact);

impl<'a> FactRef<'a> {
    pub fn id(&self) -> &'a str {
        &self.0.id
    }

    pub fn kind(&self) -> &'a str {
        &self.0.kind
    }

    pub fn about(&self) -> &'a Party {
        &self.0.about
    }

    pub fn valid(&self) -> Validity {
        self.0.valid
    }

    /// Its days, when it must have a last one.
    pub fn period(&self) -> Result<Period, Failure> {
        let last = self.valid().last().ok_or_else(|| self.contradicts("it has no last day"))?;
        Ok(Period::new(self.valid().first(), last).expect("a validity never runs backwards"))
    }

    /// The fact cannot be true as it stands.
    pub fn contradicts(&self, why: &str) -> Failure {
        Failure::Contradiction(format!("{}: {why}", self.owner()))
    }
}

impl<'a> Attributes<'a> for FactRef<'a> {
    fn value(&self, name: &str) -> Option<&'a Scalar> {
        self.0.attribute(name)
    }

    fn owner(&self) -> String {
        format!("{} '{}'", self.0.kind, self.0.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossier(facts: &[(&str, &str)]) -> Dossier {
        let fact = |(id, valid): &(&str, &str)| Fact {
            id: (*id).into(),
            kind: "wage".into(),
            about: Party::new("p"),
            valid: valid.parse().unwrap(),
            attributes: vec![],
        };
        let day = Day::new(2020, 10, 1);
        Dossier {
            as_of: day,
            known_at: day,
            span: Period::of_day(day),
            facts: facts.iter().map(fact).collect(),
            rates: vec![],
            settings: vec![],
            prior: vec![],
        }
    }

    #[test]
    fn facts_come_oldest_first_however_they_were_sent() {
        let dossier =
            dossier(&[("b", "2020-02-01.."), ("c", "2020-01-01.."), ("a", "2020-01-01..")]);
        let found = Facts::of(&dossier).kind("wage");
        assert_eq!(found.iter().map(|fact| fact.id()).collect::<Vec<_>>(), ["a", "c", "b"]);
        assert!(Facts::of(&dossier).kind("birth").is_empty());
    }

    #[test]
    fn two_facts_where_one_should_be_are_named() {
        let dossier = dossier(&[("a", "2020-01-01..2020-01-31"), ("b", "2020-01-31..")]);
        let found = Facts::of(&dossier).kind("wage");
        assert_eq!(
            found.only().unwrap_err().to_string(),
            "facts contradict each other: wage 'a' and 'b': there should be one"
        );
        assert!(found.clone().disjoint().is_err());
        assert_eq!(found.clone().on(Day::new(2020, 1, 30)).only().unwrap().unwrap().id(), "a");
        assert_eq!(found.keep(|fact| fact.id() == "b").disjoint().unwrap().iter().count(), 1);
    }
}
