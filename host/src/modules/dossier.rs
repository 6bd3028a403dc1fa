//! What a module is told about a case: what its manifest asks for, and nothing else.

use ydun_domain::benefit::{Attribute, Dossier, Fact, Line, RateRow, Scalar};
use ydun_domain::{Day, Period, Validity};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{RateKind, RateValue};

use super::campaigns::rates::AddedRate;
use super::intervals::without;

/// What is the same for every case that is calculated together.
#[derive(Clone, Debug)]
pub struct Frame {
    span: Period,
    as_of: Day,
    known_at: Day,
    kinds: Vec<String>,
    rates: Vec<RateRow>,
    settings: Vec<Attribute>,
    remembers: Option<Period>,
}

impl Frame {
    /// `settings` are the municipality's choices, already completed with the manifest's defaults;
    /// `added` are values of rates beside those in the manifest.
    pub fn new(
        manifest: &Manifest,
        settings: Vec<Attribute>,
        added: &[AddedRate],
        span: Period,
        as_of: Day,
        known_at: Day,
    ) -> Self {
        Self {
            span,
            as_of,
            known_at,
            kinds: manifest.facts.iter().map(|fact| fact.kind.clone()).collect(),
            rates: manifest.rates.iter().flat_map(|rate| rows(rate, added, known_at)).collect(),
            settings,
            remembers: history(manifest, span),
        }
    }

    /// The days to calculate.
    pub fn span(&self) -> Period {
        self.span
    }

    pub fn known_at(&self) -> Day {
        self.known_at
    }

    /// The days whose earlier lines the module is told, if any.
    pub fn remembers(&self) -> Option<Period> {
        self.remembers
    }

    /// The dossier of one case.
    ///
    /// `facts` are all the case's facts as known on [`Frame::known_at`]. Those of a declared kind are
    /// given whatever their days, because conditions look back: an education of ten years ago can
    /// decide. `prior` are the lines of earlier decisions, oldest first.
    pub fn dossier(&self, facts: Vec<Fact>, prior: Vec<Line>) -> Dossier {
        let facts = facts.into_iter().filter(|fact| self.kinds.contains(&fact.kind)).collect();
        let remembered =
            |line: &Line| self.remembers.is_some_and(|days| days.overlap(line.period).is_some());
        let mut dossier = Dossier {
            as_of: self.as_of,
            known_at: self.known_at,
            span: self.span,
            facts,
            rates: self.rates.clone(),
            settings: self.settings.clone(),
            prior: prior.into_iter().filter(remembered).collect(),
        };
        dossier.sort();
        dossier
    }
}

/// The months before the span that the manifest asks to be told about.
pub(super) fn history(manifest: &Manifest, span: Period) -> Option<Period> {
    let first = span.first().month().first().minus_months(manifest.history_months);
    Period::new(first, span.first().previous()).ok().filter(|_| manifest.history_months > 0)
}

/// The rate's values as known on a day, one for each day: where two were announced for the same
/// days, the later announcement counts; of two announced on one day, the one that was added.
fn rows(rate: &RateKind, added: &[AddedRate], known_at: Day) -> Vec<RateRow> {
    let added = added.iter().filter(|added| added.key == rate.key).map(|added| &added.value);
    let mut announced: Vec<&RateValue> =
        rate.values.iter().chain(added).filter(|value| value.announced <= known_at).collect();
    announced.sort_by_key(|value| value.announced);
    let mut rows: Vec<RateRow> = Vec::new();
    for value in announced {
        rows = rows.into_iter().flat_map(|row| cut(&row, value.valid)).collect();
        rows.push(row(&rate.key, value.valid, value.value.clone(), value.source.clone()));
    }
    rows.sort_by_key(|row| row.valid);
    rows
}

fn cut(old: &RateRow, taken: Validity) -> Vec<RateRow> {
    let keep = |valid| row(&old.key, valid, old.value.clone(), old.source.clone());
    without(old.valid, taken).into_iter().map(keep).collect()
}

fn row(key: &str, valid: Validity, value: Scalar, source: String) -> RateRow {
    RateRow { key: key.to_owned(), valid, value, source }
}

#[cfg(test)]
mod tests {
    use ydun_domain::Dkk;
    use ydun_domain::benefit::Party;

    use super::*;

    fn manifest(history_months: u32) -> Manifest {
        serde_json::from_value(serde_json::json!({
            "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0",
            "history-months": history_months,
            "facts": [{ "kind": "child", "title": "Barn", "about": "parent" }],
            "rates": [{ "key": "sats", "title": "Sats", "values": [
                { "valid": "2020-01-01..", "announced": "2020-04-27", "value": { "amount": "45.00" }, "source": "b" },
                { "valid": "2015-01-01..", "announced": "2014-12-01", "value": { "amount": "40.00" }, "source": "a" },
                { "valid": "2020-03-01..2020-03-31", "announced": "2021-01-01", "value": { "amount": "50.00" }, "source": "c" },
            ]}],
            "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
        }))
        .unwrap()
    }

    fn frame(manifest: &Manifest, known_at: &str) -> Frame {
        let span = "2020-03-01..2020-03-31".parse().unwrap();
        Frame::new(manifest, vec![], &[], span, span.last(), known_at.parse().unwrap())
    }

    fn fact(id: &str, kind: &str, valid: &str) -> Fact {
        let about = Party::new("p");
        Fact {
            id: id.into(),
            kind: kind.into(),
            about,
            valid: valid.parse().unwrap(),
            attributes: vec![],
        }
    }

    fn line(key: &str, period: &str) -> Line {
        Line {
            key: key.into(),
            payee: Party::new("p"),
            about: None,
            period: period.parse().unwrap(),
            amount: Dkk::from_kroner(1),
            posting: "a".into(),
            reference: None,
            details: vec![],
            steps: vec![],
        }
    }

    #[track_caller]
    fn rates(known_at: &str, expected: &[(&str, i64)]) {
        let dossier = frame(&manifest(0), known_at).dossier(vec![], vec![]);
        let kroner = |value: &Scalar| match value {
            Scalar::Amount(amount) => amount.oere() / 100,
            other => panic!("{other:?} is no amount"),
        };
        let found: Vec<_> =
            dossier.rates.iter().map(|row| (row.valid.to_string(), kroner(&row.value))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(days, value)| ((*days).to_owned(), *value)).collect();
        assert_eq!(found, expected, "known at {known_at}");
    }

    #[test]
    fn a_module_sees_one_value_of_a_rate_for_each_day() {
        rates("2014-11-30", &[]);
        rates("2014-12-01", &[("2015-01-01..", 40)]);
        rates("2020-04-26", &[("2015-01-01..", 40)]);
        rates("2020-04-27", &[("2015-01-01..2019-12-31", 40), ("2020-01-01..", 45)]); // with back effect
        rates(
            "2021-01-01",
            &[
                ("2015-01-01..2019-12-31", 40),
                ("2020-01-01..2020-02-29", 45),
                ("2020-03-01..2020-03-31", 50), // one month corrected, the days after keep theirs
                ("2020-04-01..", 45),
            ],
        );
    }

    #[test]
    fn a_value_that_was_added_joins_those_of_the_manifest() {
        let added = |days: &str, announced: &str, value: &str| {
            let value = serde_json::json!({
                "key": "sats", "valid": days, "announced": announced, "value": { "amount": value }, "source": "d",
            });
            serde_json::from_value(value).unwrap()
        };
        let other =
            AddedRate { key: "anden".into(), ..added("2000-01-01..", "2000-01-01", "1.00") };
        let added = [added("2020-07-01..", "2020-04-27", "46.00"), other];
        let check = |known_at: &str, expected: &[&str]| {
            let span: Period = "2020-03-01..2020-03-31".parse().unwrap();
            let day = known_at.parse().unwrap();
            let frame = Frame::new(&manifest(0), vec![], &added, span, span.last(), day);
            let rates = frame.dossier(vec![], vec![]).rates;
            let told: Vec<String> =
                rates.iter().map(|row| format!("{} {}", row.valid, row.value)).collect();
            assert_eq!(told, expected, "known at {known_at}");
        };
        check("2020-04-26", &["2015-01-01.. 40,00 kr."]);
        // Announced on the same day as the manifest's: the added one counts for its days.
        let both = [
            "2015-01-01..2019-12-31 40,00 kr.",
            "2020-01-01..2020-06-30 45,00 kr.",
            "2020-07-01.. 46,00 kr.",
        ];
        check("2020-04-27", &both);
    }

    #[test]
    fn a_module_sees_the_kinds_it_declared_whatever_their_days() {
        let facts = vec![
            fact("later", "child", "2021-01-01.."),
            fact("undeclared", "income", "2020-03-01.."),
            fact("long-ago", "child", "2001-01-01..2001-12-31"),
        ];
        let dossier = frame(&manifest(0), "2020-04-01").dossier(facts, vec![]);
        assert_eq!(
            dossier.facts.iter().map(|fact| fact.id.as_str()).collect::<Vec<_>>(),
            ["long-ago", "later"]
        );
    }

    #[track_caller]
    fn remembers(months: u32, expected: &[&str]) {
        let prior = vec![
            line("a", "2019-12-01..2019-12-31"),
            line("b", "2020-01-31..2020-01-31"),
            line("c", "2020-02-01..2020-02-29"),
            line("d", "2020-03-01..2020-03-31"), // the days asked about are not prior
        ];
        let dossier = frame(&manifest(months), "2020-04-01").dossier(vec![], prior);
        assert_eq!(
            dossier.prior.iter().map(|line| line.key.as_str()).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_module_remembers_as_many_months_as_it_asked_for() {
        remembers(0, &[]);
        remembers(1, &["c"]);
        remembers(2, &["b", "c"]);
        remembers(120, &["a", "b", "c"]);
    }

    #[test]
    fn equal_content_has_equal_bytes_whatever_order_it_was_read_in() {
        let one = fact("1", "child", "2020-01-01..");
        let other = fact("2", "child", "2020-01-01..");
        let frame = frame(&manifest(0), "2020-04-01");
        assert_eq!(
            ydun_runtime::canonical::digest(
                &frame.dossier(vec![one.clone(), other.clone()], vec![])
            ),
            ydun_runtime::canonical::digest(&frame.dossier(vec![other, one], vec![])),
        );
    }
}
