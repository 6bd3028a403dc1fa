//! Version 1 of the benefit interface, as generated, and its conversion to our own types.

wasmtime::component::bindgen!({
    path: "../../wit/ydun-benefit/1.0",
    world: "benefit",
    imports: { default: trappable },
});

pub(crate) use exports::ydun::benefit::{application, calculation};
pub(crate) use ydun::benefit::{trace, types};

ydun_domain::bindings!(self::ydun::benefit::types);

#[cfg(test)]
mod tests {
    use ydun_domain::benefit::{Attribute, Dossier, Malformed, Outcome, Scalar, Wire};

    use super::types;

    fn received(value: types::Scalar) -> Result<Scalar, Malformed> {
        Scalar::receive(value)
    }

    #[test]
    fn a_dossier_with_every_kind_of_value_comes_back_as_it_was() {
        let values = [
            r#"{"flag": true}"#,
            r#"{"integer": -7}"#,
            r#"{"amount": "-45.50"}"#,
            r#"{"number": "37.50"}"#,
            r#"{"day": "2020-02-29"}"#,
            r#"{"span": "2020-01-01.."}"#,
            r#"{"text": "æøå"}"#,
            r#"{"code": "fast"}"#,
            r#"{"who": "p1"}"#,
        ];
        let settings: Vec<Attribute> = values
            .iter()
            .map(|json| Attribute::new("s", serde_json::from_str(json).unwrap()))
            .collect();
        let dossier: Dossier = serde_json::from_value(serde_json::json!({
            "as-of": "2020-11-01", "known-at": "2020-11-02", "span": "2020-10-01..2020-10-31",
            "facts": [{ "id": "a", "kind": "k", "about": "p", "valid": "2020-10-01..2020-10-02", "attributes": settings }],
            "rates": [{ "key": "r", "valid": "2020-01-01..", "value": { "integer": 1 }, "source": "s" }],
            "prior": [{ "key": "l", "payee": "p", "period": "2020-09-01..2020-09-30", "amount": "1.00", "posting": "y" }]
        }))
        .unwrap();
        let there = types::Dossier::from(dossier.clone());
        assert_eq!(Dossier::try_from(there).unwrap(), dossier);
    }

    #[test]
    fn what_is_malformed_is_named() {
        let line = types::Line {
            key: "tilskud:2020-10".into(),
            payee: "p".into(),
            about: None,
            period: types::Period { first: types::Date { days: 2 }, last: types::Date { days: 1 } },
            amount: types::Money { oere: 1 },
            posting: "y".into(),
            reference: None,
            details: Vec::new(),
            steps: Vec::new(),
        };
        let outcome = types::Outcome {
            verdict: types::Verdict::Granted,
            conditions: Vec::new(),
            lines: vec![line],
            steps: Vec::new(),
            needs: Vec::new(),
            effects: Vec::new(),
            findings: Vec::new(),
        };
        let malformed = Outcome::try_from(outcome).unwrap_err();
        assert_eq!(malformed.at, "line 'tilskud:2020-10', period");
    }

    #[test]
    fn a_number_keeps_its_scale_while_it_fits_and_is_rounded_when_it_does_not() {
        for (number, digits, scale) in [
            ("37.50", 3_750, 2),
            ("0.1234567890123456789012345678", 1_234_567_890_123_456_789, 19),
            ("-1.9999999999999999999999999999", -2_000_000_000_000_000_000, 18),
        ] {
            let types::Scalar::Number(sent) = Scalar::Number(number.parse().unwrap()).send() else {
                panic!("a number is sent as a number");
            };
            assert_eq!((sent.digits, sent.scale), (digits, scale), "{number}");
        }
        assert!(received(types::Scalar::Number(types::Decimal { digits: 1, scale: 29 })).is_err());
        assert!(received(types::Scalar::Day(types::Date { days: i32::MIN })).is_err());
        assert!(received(types::Scalar::Amount(types::Money { oere: i64::MIN })).is_err());
    }
}
