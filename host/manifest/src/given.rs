//! What a dossier holds without anybody having said it: the rates in force, and the defaults.

use ydun_domain::Day;
use ydun_domain::benefit::{Attribute, RateRow};

use super::Manifest;

impl Manifest {
    /// The rates as known on a day, one value for each day.
    pub fn rates_known(&self, day: Day) -> Vec<RateRow> {
        let mut announced: Vec<_> = self
            .rates
            .iter()
            .flat_map(|rate| rate.values.iter().map(move |value| (&rate.key, value)))
            .filter(|(_, value)| value.announced <= day)
            .collect();
        announced.sort_by_key(|(_, value)| value.announced);
        let row = |(key, value): (&String, &super::RateValue)| RateRow {
            key: key.clone(),
            valid: value.valid,
            value: value.value.clone(),
            source: value.source.clone(),
        };
        announce(Vec::new(), announced.into_iter().map(row))
    }

    /// The choices made, and the default of every setting where none was.
    pub fn with_defaults(&self, mut chosen: Vec<Attribute>) -> Vec<Attribute> {
        for setting in &self.settings {
            if chosen.iter().all(|choice| choice.name != setting.key) {
                chosen.push(Attribute::new(&setting.key, setting.default.clone()));
            }
        }
        chosen
    }
}

/// Adds later values one by one: each takes the days it is about from those before it.
pub fn announce(known: Vec<RateRow>, later: impl IntoIterator<Item = RateRow>) -> Vec<RateRow> {
    later.into_iter().fold(known, |known, new| {
        let rest = known.into_iter().flat_map(|old| {
            let days =
                if old.key == new.key { old.valid.without(new.valid) } else { vec![old.valid] };
            days.into_iter().map(move |valid| RateRow { valid, ..old.clone() })
        });
        let mut known: Vec<RateRow> = rest.collect();
        known.push(new);
        known
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn manifest() -> Manifest {
        serde_json::from_value(json!({
            "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0", "facts": [],
            "rates": [{ "key": "sats", "title": "Sats", "values": [
                { "valid": "2020-03-01..2020-03-31", "announced": "2021-01-01", "value": { "integer": 50 }, "source": "c" },
                { "valid": "2020-01-01..", "announced": "2020-04-27", "value": { "integer": 45 }, "source": "b" },
                { "valid": "2015-01-01..", "announced": "2014-12-01", "value": { "integer": 40 }, "source": "a" },
            ]}],
            "settings": [{ "key": "grænse", "title": "Grænse", "default": { "integer": 3 }, "note": "-" }],
            "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(known_on: &str, expected: &[&str]) {
        let mut rates = manifest().rates_known(known_on.parse().unwrap());
        rates.sort_by_key(|rate| rate.valid);
        let told: Vec<String> =
            rates.iter().map(|rate| format!("{} {}", rate.valid, rate.value)).collect();
        assert_eq!(told, expected, "known on {known_on}");
    }

    #[test]
    fn a_later_announcement_takes_its_days_from_an_earlier_one() {
        check("2014-11-30", &[]);
        check("2020-04-26", &["2015-01-01.. 40"]);
        check("2020-04-27", &["2015-01-01..2019-12-31 40", "2020-01-01.. 45"]);
        check(
            "2021-01-01",
            &[
                "2015-01-01..2019-12-31 40",
                "2020-01-01..2020-02-29 45",
                "2020-03-01..2020-03-31 50",
                "2020-04-01.. 45",
            ],
        );
    }

    #[test]
    fn a_choice_stands_where_one_was_made() {
        use ydun_domain::benefit::Scalar;
        let chosen = vec![Attribute::new("grænse", Scalar::Integer(5))];
        assert_eq!(manifest().with_defaults(chosen.clone()), chosen);
        let default = vec![Attribute::new("grænse", Scalar::Integer(3))];
        assert_eq!(manifest().with_defaults(vec![]), default);
    }
}
