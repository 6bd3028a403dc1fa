//! A small invented benefit: what its module is asked and what it answers.

use serde_json::{Value, json};
use ydun_domain::benefit::{Dossier, Outcome};
use ydun_runtime::{ClassLimits, Sandbox};

pub(crate) fn sandbox() -> Sandbox {
    Sandbox::new(ClassLimits::default()).unwrap()
}

pub(crate) fn manifest() -> Value {
    json!({
        "id": "proeveydelse",
        "version": "1.2.0",
        "interface": "1.0.0",
        "title": "Prøveydelse",
        "legal-basis": ["opdigtet"],
        "owner": "test",
        "licence": "MPL-2.0",
        "facts": [{
            "kind": "employment", "title": "Ansættelse", "about": "citizen",
            "attributes": [
                { "name": "hours", "title": "Timer", "type": "integer" },
                { "name": "form", "title": "Form", "type": "code", "codes": [{ "code": "fast", "title": "Fast" }] }
            ]
        }],
        "rates": [{
            "key": "sats", "title": "Sats",
            "values": [{ "valid": "2020-01-01..", "announced": "2019-12-01", "value": { "amount": "45.00" }, "source": "opdigtet" }]
        }],
        "postings": [{ "code": "ydelse", "title": "Ydelse", "account": "ydelse", "tax": "income" }],
        "settings": [{ "key": "interval", "title": "Interval", "default": { "integer": 1 }, "note": "frit" }],
        "letters": [{
            "key": "afgoerelse", "kind": "decision-granted", "title": "Afgørelse",
            "fields": [{ "name": "beloeb", "type": "amount" }]
        }],
        "queues": [{ "key": "laege", "title": "Lægekonsulent" }],
        "payees": ["citizen"],
        "four-eyes-above": "10000.00",
        "retention-years": 5
    })
}

pub(crate) fn dossier() -> Dossier {
    let fact = |id: &str, first: &str, hours: i64| {
        json!({
            "id": id, "kind": "employment", "about": "p1", "valid": format!("{first}.."),
            "attributes": [
                { "name": "hours", "value": { "integer": hours } },
                { "name": "form", "value": { "code": "fast" } }
            ]
        })
    };
    serde_json::from_value(json!({
        "as-of": "2020-11-01",
        "known-at": "2020-11-01",
        "span": "2020-10-01..2020-10-31",
        "facts": [fact("b", "2020-10-05", 30), fact("a", "2020-10-01", 37)],
        "rates": [{ "key": "sats", "valid": "2020-01-01..", "value": { "amount": "45.00" }, "source": "opdigtet" }],
        "settings": [{ "name": "interval", "value": { "integer": 1 } }]
    }))
    .unwrap()
}

pub(crate) fn outcome() -> Outcome {
    serde_json::from_value(json!({
        "verdict": "granted",
        "conditions": [{
            "id": "ansat", "label": "Er ansat", "law": "§ 1", "state": "met",
            "facts": ["a"], "note": [{ "name": "dage", "value": { "integer": 31 } }]
        }],
        "lines": [{
            "key": "ydelse:2020-10", "payee": "p1", "about": "p2", "period": "2020-10-01..2020-10-31",
            "amount": "1665.00", "posting": "ydelse", "reference": "ref",
            "details": [{ "name": "timer", "value": { "integer": 37 } }], "steps": ["sum", "sats"]
        }],
        "steps": [
            { "id": "sats", "label": "Sats", "law": "§ 2", "value": { "amount": "45.00" } },
            {
                "id": "sum", "label": "Ydelse", "law": "§ 3", "value": { "amount": "1665.00" },
                "inputs": [{ "name": "første dag", "value": { "day": "2020-10-01" } }]
            }
        ],
        "effects": [
            {
                "letter": {
                    "key": "brev", "template": "afgoerelse", "recipient": "p1", "steps": ["sum"],
                    "fields": [{ "name": "beloeb", "value": { "amount": "1665.00" } }]
                }
            },
            {
                "task": {
                    "key": "opgave", "queue": "laege", "title": "Se på erklæringen", "due": "2020-11-15",
                    "questions": [{
                        "kind": "employment", "about": "p2", "valid": "2020-10-01..2020-10-31",
                        "given": [{ "name": "hours", "value": { "integer": 37 } }]
                    }]
                }
            }
        ]
    }))
    .unwrap()
}
