//! A case survives its table, whatever is in it.

use crate::{Case, Expected, Manifest};
use proptest::prelude::*;
use rust_decimal::Decimal;
use ydun_domain::benefit::{
    Attribute, Claim, Condition, Dossier, Effect, Fact, Failure, Finding, Letter, Line, Need,
    Outcome, Party, Question, RateRow, Scalar, Severity, State, Step, Task, Verdict,
};
use ydun_domain::{Day, Dkk, Period, Validity};

use super::{read, write};

fn manifest() -> Manifest {
    serde_json::from_value(serde_json::json!({
        "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp",
        "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0",
        "facts": [{ "kind": "child", "title": "Barn", "about": "parent", "attributes": [
            { "name": "born", "title": "Født", "type": "day" },
            { "name": "place", "title": "Bor", "type": "code", "codes": [{ "code": "home", "title": "Hjemme" }] },
        ]}],
        "rates": [{ "key": "rate", "title": "Hjælp", "values": [
            { "valid": "2020-01-01..", "announced": "2019-12-01", "value": { "amount": "500.00" }, "source": "§ 3" },
        ]}],
        "settings": [{ "key": "limit", "title": "Grænse", "default": { "integer": 3 }, "note": "-" }],
        "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
    }))
    .unwrap()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zæøå0-9 ;\"'=§,.\n-]{0,8}", Just("0561".into()), Just("maj 2020".into())]
}

/// An id, a key or a word: never empty.
fn word() -> impl Strategy<Value = String> {
    "[a-zæø0-9:, \\\\'-]{1,6}"
}

fn day() -> impl Strategy<Value = Day> {
    (15_000_i32..22_000).prop_map(|days| Day::from_epoch_days(days).unwrap())
}

fn period() -> impl Strategy<Value = Period> {
    (day(), 0_u32..400).prop_map(|(first, more)| Period::new(first, first.plus_days(more)).unwrap())
}

fn validity() -> impl Strategy<Value = Validity> {
    prop_oneof![period().prop_map(Validity::from), day().prop_map(Validity::from_day)]
}

fn amount() -> impl Strategy<Value = Dkk> {
    (-10_000_000_i64..10_000_000).prop_map(Dkk::from_oere)
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<bool>().prop_map(Scalar::Flag),
        any::<i64>().prop_map(Scalar::Integer),
        amount().prop_map(Scalar::Amount),
        (any::<i32>(), 0_u32..6)
            .prop_map(|(digits, scale)| Scalar::Number(Decimal::new(digits.into(), scale))),
        day().prop_map(Scalar::Day),
        validity().prop_map(Scalar::Span),
        text().prop_map(Scalar::Text),
        text().prop_map(Scalar::Code),
        word().prop_map(|key| Scalar::Who(Party(key))),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let name = prop_oneof![word(), Just("born".into()), Just("place".into()), Just("limit".into())];
    let attribute = (name, scalar()).prop_map(|(name, value)| Attribute { name, value });
    prop::collection::vec(attribute, 0..4)
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(word(), 0..3)
}

prop_compose! {
    fn fact()(id in word(), kind in prop_oneof![word(), Just("child".into())], about in word(), valid in validity(), attributes in attributes()) -> Fact {
        Fact { id, kind, about: Party(about), valid, attributes }
    }
}

prop_compose! {
    fn line()(key in word(), payee in word(), about in prop::option::of(word()), period in period(), amount in amount(),
        posting in word(), reference in prop::option::of(text()), details in attributes(), steps in words()) -> Line {
        Line { key, payee: Party(payee), about: about.map(Party), period, amount, posting, reference, details, steps }
    }
}

prop_compose! {
    fn rate()(key in prop_oneof![word(), Just("rate".into())], valid in validity(), value in scalar(), source in text()) -> RateRow {
        RateRow { key, valid, value, source }
    }
}

prop_compose! {
    fn dossier()(as_of in day(), known_at in day(), span in period(), facts in prop::collection::vec(fact(), 0..3),
        rates in prop::collection::vec(rate(), 0..3), as_host in any::<bool>(), settings in attributes(),
        prior in prop::collection::vec(line(), 0..2)) -> Dossier {
        let manifest = manifest();
        let (rates, settings) = if as_host {
            (manifest.rates_known(known_at), manifest.with_defaults(settings))
        } else {
            (rates, settings)
        };
        let mut dossier = Dossier { as_of, known_at, span, facts, rates, settings, prior };
        dossier.sort();
        dossier
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let state = prop::sample::select(vec![
        State::Met,
        State::NotMet,
        State::NeedsHuman,
        State::NotAssessed,
    ]);
    (word(), text(), text(), state, words(), words(), attributes()).prop_map(
        |(id, label, law, state, facts, missing, note)| Condition {
            id,
            label,
            law,
            state,
            facts,
            missing,
            note,
        },
    )
}

prop_compose! {
    fn step()(id in word(), label in text(), law in text(), inputs in attributes(), value in scalar()) -> Step {
        Step { id, label, law, inputs, value }
    }
}

prop_compose! {
    fn question()(kind in word(), about in word(), valid in validity(), given in attributes()) -> Question {
        Question { kind, about: Party(about), valid, given }
    }
}

fn effect() -> impl Strategy<Value = Effect> {
    let questions = prop::collection::vec(question(), 0..3);
    let letter = (word(), word(), word(), attributes(), words()).prop_map(
        |(key, template, recipient, fields, steps)| {
            Effect::Letter(Letter { key, template, recipient: Party(recipient), fields, steps })
        },
    );
    let task = (word(), word(), text(), prop::option::of(day()), attributes(), questions).prop_map(
        |(key, queue, title, due, attributes, questions)| {
            Effect::Task(Task { key, queue, title, due, attributes, questions })
        },
    );
    let claim = (word(), word(), period(), amount(), word(), attributes(), words()).prop_map(
        |(key, debtor, period, amount, ground, details, steps)| {
            let debtor = Party(debtor);
            Effect::Claim(Claim { key, debtor, period, amount, ground, details, steps })
        },
    );
    prop_oneof![letter, task, claim]
}

prop_compose! {
    fn need()(kind in word(), about in word(), valid in validity(), reason in text()) -> Need {
        Need { kind, about: Party(about), valid, reason }
    }
}

fn finding() -> impl Strategy<Value = Finding> {
    let severity = prop::sample::select(vec![Severity::Info, Severity::Warning, Severity::Error]);
    (prop::option::of(word()), word(), severity, attributes())
        .prop_map(|(path, code, severity, attributes)| Finding { path, code, severity, attributes })
}

prop_compose! {
    fn outcome()(verdict in prop::sample::select(vec![
            Verdict::Granted, Verdict::PartlyGranted, Verdict::Refused, Verdict::Incomplete, Verdict::NeedsHuman,
        ]),
        conditions in prop::collection::vec(condition(), 0..3), lines in prop::collection::vec(line(), 0..3),
        steps in prop::collection::vec(step(), 0..3), needs in prop::collection::vec(need(), 0..2),
        effects in prop::collection::vec(effect(), 0..3), findings in prop::collection::vec(finding(), 0..2)) -> Outcome {
        Outcome { verdict, conditions, lines, steps, needs, effects, findings }
    }
}

fn expected() -> impl Strategy<Value = Expected> {
    let failure = prop_oneof![
        text().prop_map(Failure::MissingRate),
        text().prop_map(Failure::Unsupported),
        text().prop_map(Failure::Contradiction),
    ];
    prop_oneof![
        4 => outcome().prop_map(Expected::Outcome),
        1 => failure.prop_map(Expected::Failure),
    ]
}

prop_compose! {
    fn case()(title in text(), reason in text(), dossier in dossier(), expected in expected()) -> Case {
        Case { name: "sag".into(), title, reason, dossier, expected }
    }
}

proptest! {
    #[test]
    fn a_case_survives_its_table(case in case()) {
        let manifest = manifest();
        let table = write(&case, &manifest);
        let back = read("sag", table.as_bytes(), &manifest).unwrap();
        // As JSON, because there numbers show how many decimals they have.
        let shown = |case: &Case| serde_json::to_string_pretty(case).unwrap();
        prop_assert_eq!(shown(&back), shown(&case));
    }
}

/// The smallest case of all, as a person would write it.
const SMALL: &str = "del;navn;slags;om;modtager;dage;felt;værdi;type;lov;bygger på;tekst
titel;;;;;;;;;;;Et barn
periode;;;;;2020-12-01..2020-12-31
Vurderet;;;;;24-12-2020;;;;;;;;;
oplysning;barn;child;mor;;2015-05-01..

;;;;;;born;01-05-2015
;;;;;;place;home;;;;ses ikke
valg;;;;;;limit;5
afgørelse;;;;;;;afslag
betingelse;alder;;;;;;ikke opfyldt;;§ 2;barn;Barnet er under 4 år
";

fn small(change: (&str, &str)) -> Result<Case, String> {
    assert!(SMALL.contains(change.0), "{}", change.0);
    let table = SMALL.replacen(change.0, change.1, 1);
    read("lille", table.as_bytes(), &manifest()).map_err(|error| error.to_string())
}

#[test]
fn a_table_is_read_as_a_person_writes_it_and_completed_as_the_host_completes_a_dossier() {
    let case = small(("", "")).unwrap();
    let day = Day::new(2020, 12, 24);
    assert_eq!((case.dossier.as_of, case.dossier.known_at), (day, day));
    assert_eq!(case.dossier.facts[0].attributes.len(), 2);
    assert_eq!(case.dossier.rates, manifest().rates_known(day));
    assert_eq!(case.dossier.settings, [Attribute::new("limit", Scalar::Integer(5))]);
    let Expected::Outcome(outcome) = &case.expected else { panic!("there is an outcome") };
    assert_eq!(outcome.conditions[0].facts, ["barn"]);
}

#[test]
fn the_table_of_a_case_can_be_read_by_a_person() {
    let table = write(&small(("", "")).unwrap(), &manifest());
    insta::assert_snapshot!(table.trim_start_matches('\u{feff}'), @"
    del;navn;slags;om;modtager;dage;felt;værdi;type;lov;bygger på;tekst
    titel;;;;;;;;;;;Et barn
    begrundelse;;;;;;;;;;;
    periode;;;;;2020-12-01..2020-12-31;;;;;;
    vurderet;;;;;2020-12-24;;;;;;
    oplysning;barn;child;mor;;2015-05-01..;;;;;;Barn
    ;;;;;;born;2015-05-01;;;;Født
    ;;;;;;place;home;;;;Bor: Hjemme
    valg;;;;;;limit;5;;;;Grænse
    afgørelse;;;;;;;afslag;;;;
    betingelse;alder;;;;;;ikke opfyldt;;§ 2;barn;Barnet er under 4 år
    ");
}

#[test]
fn a_slip_is_named_with_its_row_and_column() {
    let check = |from: &str, to: &str, expected: &str| {
        assert_eq!(small((from, to)).unwrap_err(), expected);
    };
    check(
        "afgørelse;",
        "afgoerelse;",
        "row 10, column 'del': 'afgoerelse' is no part of a case; write one of titel, begrundelse, periode, vurderet, kendt, oplysning, tidligere linje, valg, sats, kun, afgørelse, afbrudt, betingelse, mangler, linje, reference, trin, behov, brev, opgave, spørgsmål, krav, bemærkning",
    );
    check(
        "01-05-2015",
        "maj 2015",
        "row 7, column 'værdi': 'maj 2015' is not a day such as 2020-10-31",
    );
    check(";born;", ";age;", "row 7: the manifest has no type for 'age'; write one in 'type'");
    check(
        "afslag",
        "nej",
        "row 10, column 'værdi': 'nej' is no decision; write one of bevilges, bevilges delvist, afslag, mangler oplysninger, skal vurderes",
    );
    check("Vurderet;;;;;24-12-2020", "titel", "there is no row 'vurderet'");
    check("titel;", ";", "row 2: belongs to nothing above it");
    check(
        "del;navn",
        "navn;del",
        "the first row must be del;navn;slags;om;modtager;dage;felt;værdi;type;lov;bygger på;tekst",
    );
    let latin = read("lille", b"del;navn;v\xe6rdi", &manifest()).unwrap_err().to_string();
    assert_eq!(latin, "the file is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet");
}
