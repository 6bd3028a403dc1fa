//! The way to being allowed to pay: every step, and what a report says.

use serde_json::{Value, json};
use ydun_runtime::{Code, FloatPolicy, Manifest, Signing, Terms, Verification, verify};

use crate::fixture;
use crate::guest::Guest;

const FREE: Terms<'_> =
    Terms { floats: FloatPolicy::Allow, signing: Signing::NotAsked, previous: None };

fn verified(guest: &Guest, terms: Terms<'_>) -> Verification {
    verify(&fixture::sandbox(), &guest.component(), terms)
}

#[track_caller]
fn refused(guest: &Guest, terms: Terms<'_>, code: Code, detail: &str) {
    let Verification { report, module } = verified(guest, terms);
    let failed = report.failed().expect("a step fails");
    assert_eq!((failed.code, failed.detail.as_str()), (code, detail));
    assert!(module.is_none() && !report.passed());
}

fn with_cases(change: impl FnOnce(&mut Value)) -> Guest {
    let mut guest = Guest::default();
    change(guest.cases.as_mut().unwrap());
    guest
}

#[test]
fn a_good_module_passes_every_step() {
    let terms = Terms { floats: FloatPolicy::Forbid, ..FREE };
    let Verification { report, module } = verified(&Guest::for_the_span(), terms);
    assert!(report.passed(), "{:?}", report.failed());
    assert!(report.float_free);
    let steps: Vec<String> =
        report.steps.iter().map(|step| format!("{} {}", step.number, step.sentence)).collect();
    insta::assert_snapshot!(steps.join("\n"), @r#"
    1 Filens størrelse er i orden.
    2 Reglen om underskrift er overholdt.
    3 Filen er et gyldigt modul og bruger kun tilladte dele af WebAssembly.
    3 Reglen om unøjagtige kommatal er overholdt.
    4 Modulets beskrivelse af sig selv hænger sammen.
    1 Filen er ikke større, end modulets klasse må være.
    4 Det underskrevne er det, modulet siger, at det er.
    4 Modulet har de indgange, som dets beskrivelse lover.
    5 Modulet kræver ikke adgang til noget.
    10 Modulet passer til den forrige version.
    6 Modulet er oversat til maskinkode.
    7 Modulet kan startes.
    8 Modulet giver det rigtige svar på sine egne prøvesager, hver gang og i enhver rækkefølge.
    9 Modulet svarer ordentligt på opdigtede sager.
    "#);
    let module = module.unwrap();
    assert_eq!(module.digest(), report.digest);
    assert_eq!(module.manifest(), report.manifest.as_ref().unwrap());
    assert_eq!(report.cases[0].fuel, module.calculate(&fixture::dossier()).fuel);
}

#[test]
fn a_report_stops_at_the_step_that_fails() {
    let report = verified(&Guest { manifest: vec![], ..Guest::default() }, FREE).report;
    let shown = serde_json::to_value(&report).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown["steps"]).unwrap(), @r#"
    [
      {
        "code": "YDV-SIZE",
        "detail": "",
        "number": 1,
        "passed": true,
        "sentence": "Filens størrelse er i orden."
      },
      {
        "code": "YDV-SIGNATURE-MISSING",
        "detail": "",
        "number": 2,
        "passed": true,
        "sentence": "Reglen om underskrift er overholdt."
      },
      {
        "code": "YDV-FORMAT",
        "detail": "",
        "number": 3,
        "passed": true,
        "sentence": "Filen er et gyldigt modul og bruger kun tilladte dele af WebAssembly."
      },
      {
        "code": "YDV-FLOATS",
        "detail": "",
        "number": 3,
        "passed": true,
        "sentence": "Reglen om unøjagtige kommatal er overholdt."
      },
      {
        "code": "YDV-MANIFEST-MISSING",
        "detail": "there is no section 'ydun:manifest'",
        "number": 4,
        "passed": false,
        "sentence": "Modulet har ingen beskrivelse af sig selv (manifest). Modulet er ikke taget i brug."
      }
    ]
    "#);
}

#[test]
fn floats_are_found_and_refused_where_they_are_forbidden() {
    let items = "(func (result f64) (f64.const 0.1))".into();
    let guest = Guest { items, ..Guest::for_the_span() };
    let report = verified(&guest, FREE).report;
    assert!(report.passed() && !report.float_free);
    let terms = Terms { floats: FloatPolicy::Forbid, ..FREE };
    let failed = verified(&guest, terms).report;
    assert_eq!(failed.failed().unwrap().code, Code::Floats);
}

#[test]
fn a_module_must_keep_the_promises_of_its_own_cases() {
    let no_cases = Guest { cases: None, ..Guest::default() };
    refused(&no_cases, FREE, Code::CasesFormat, "0 sections 'ydun:cases', one is wanted");
    refused(&with_cases(|cases| *cases = json!([])), FREE, Code::CasesFormat, "there is no case");
    let other_amount = with_cases(|cases| {
        cases[0]["expected"]["outcome"]["lines"][0]["amount"] = "1664.00".into();
    });
    let detail =
        r#"case 'en måned': outcome.lines['ydelse:2020-10'].amount: "1665.00", not "1664.00""#;
    refused(&other_amount, FREE, Code::CaseAnswer, detail);
    let promised_failure =
        with_cases(|cases| cases[0]["expected"] = json!({ "failure": { "missing-rate": "sats" } }));
    assert_eq!(verified(&promised_failure, FREE).report.failed().unwrap().code, Code::CaseAnswer);
    let detail = "case 'en måned': YDP-PANIC: wasm trap: wasm `unreachable` instruction executed";
    refused(&Guest::calculating("unreachable"), FREE, Code::CaseFault, detail);
}

/// Pays as many øre as the first fact's id says, so the row that comes first decides.
#[test]
fn an_answer_must_not_depend_on_the_order_of_rows() {
    let guest = Guest::calculating(
        "(i64.store (i32.add (i32.load (i32.const 1040)) (i32.const 40))
            (i64.load8_u (i32.load (local.get $facts))))
        (i32.const 1024)",
    );
    let sorted =
        with_cases(|cases| cases[0]["expected"]["outcome"]["lines"][0]["amount"] = "0.97".into());
    let guest = Guest { cases: sorted.cases, ..guest };
    let detail = r#"case 'en måned': outcome.lines['ydelse:2020-10'].amount: "0.98", not "0.97""#;
    refused(&guest, FREE, Code::CaseOrder, detail);
}

#[test]
fn a_case_may_use_half_the_fuel_at_most() {
    let busy = "(local $i i32)
        (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2000000))))
        (i32.const 1024)";
    let report = verified(&Guest::calculating(busy), FREE).report;
    assert_eq!(report.failed().unwrap().code, Code::CaseBudget);
}

#[test]
fn a_module_must_answer_in_good_order_what_nobody_has_lived() {
    let failed = verified(&Guest::default(), FREE).report;
    let failed = failed.failed().expect("its answer is about October 2020 alone");
    assert_eq!((failed.number, failed.code), (9, Code::Generated));
    let detail = "dossier 0 of seed 1: YDP-INVALID: line 'ydelse:2020-10': pays for 2020-10-01..2020-10-31, outside";
    assert!(failed.detail.starts_with(detail), "{}", failed.detail);
}

#[test]
fn a_new_version_keeps_what_the_previous_one_promised() {
    let previous = |change: fn(&mut Value)| -> Manifest {
        let mut manifest = fixture::manifest();
        manifest["version"] = "1.1.0".into();
        change(&mut manifest);
        serde_json::from_value(manifest).unwrap()
    };
    let against = |change, detail| {
        let previous = previous(change);
        let terms = Terms { previous: Some(&previous), ..FREE };
        refused(&Guest::default(), terms, Code::Incompatible, detail);
    };
    let same = previous(|_| {});
    let terms = Terms { previous: Some(&same), ..FREE };
    assert!(verified(&Guest::for_the_span(), terms).report.passed());
    against(
        |m| m["id"] = "andenydelse".into(),
        "this is 'proeveydelse', the previous version is 'andenydelse'",
    );
    against(|m| m["version"] = "1.2.0".into(), "version 1.2.0 does not come after 1.2.0");
    against(|m| m["settings"][0]["key"] = "maaned".into(), "the setting 'maaned' is gone");
    against(
        |m| m["settings"][0]["default"] = json!({ "flag": true }),
        "the setting 'interval' was Flag and is now Integer",
    );
    against(|m| m["facts"][0]["kind"] = "absence".into(), "the fact 'absence' is gone");
    against(
        |m| m["facts"][0]["attributes"][0]["name"] = "wage".into(),
        "the attribute 'wage' of the fact 'employment' is gone",
    );
    against(
        |m| m["facts"][0]["attributes"][0]["type"] = "number".into(),
        "the attribute 'hours' of the fact 'employment' was Number and is now Integer",
    );
    against(
        |m| m["facts"][0]["attributes"][1]["codes"][0]["code"] = "loes".into(),
        "the attribute 'form' of the fact 'employment' no longer knows the code 'loes'",
    );
}
