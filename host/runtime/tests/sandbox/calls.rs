//! What a well-behaved module gets and gives.

use ydun_domain::benefit::{Attribute, Failure, Scalar};
use ydun_runtime::{Allocation, ClassLimits, Code, Limits, Module, Sandbox, canonical};

use crate::guest::{EMIT, Guest, WIT};
use crate::{abi, fixture};

#[test]
fn a_good_module_gives_its_answer() {
    let module = Module::load(&fixture::sandbox(), &Guest::default().component()).unwrap();
    let run = module.calculate(&fixture::dossier());
    assert_eq!(run.answer.unwrap().unwrap(), fixture::outcome());
    assert!(run.fuel > 0);
    assert_eq!(run.memory_peak, 65_536);
    assert!(module.check(&fixture::dossier()).answer.unwrap().is_empty());
}

#[test]
fn a_failure_is_an_answer_and_no_fault() {
    let failure = Failure::MissingRate("sats".into());
    let module =
        Module::load(&fixture::sandbox(), &Guest::answering(&Err(failure.clone())).component())
            .unwrap();
    assert_eq!(module.calculate(&fixture::dossier()).answer.unwrap(), Err(failure));
}

#[test]
fn the_allocator_of_instances_changes_neither_answer_nor_fuel() {
    let component = Guest::default().component();
    let runs = [Allocation::Pooled, Allocation::OnDemand].map(|allocation| {
        let sandbox = Sandbox::with(ClassLimits::default(), allocation).unwrap();
        let run = Module::load(&sandbox, &component).unwrap().calculate(&fixture::dossier());
        (run.answer.unwrap(), run.fuel)
    });
    assert_eq!(runs[0], runs[1]);
}

/// The module counts its calls and pays as many øre: with an instance per call it never gets past one.
#[test]
fn what_a_module_remembers_is_gone_in_the_next_call() {
    let guest = Guest {
        items: "(global $calls (mut i64) (i64.const 0))".into(),
        calculate: "
            (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
            (i64.store (i32.add (i32.load (i32.const 1040)) (i32.const 40)) (global.get $calls))
            (i32.const 1024)"
            .into(),
        ..Guest::default()
    };
    let module = Module::load(&fixture::sandbox(), &guest.component()).unwrap();
    for _ in 0..3 {
        let outcome = module.calculate(&fixture::dossier()).answer.unwrap().unwrap();
        assert_eq!(outcome.lines[0].amount.oere(), 1);
    }
}

/// The component model reads any byte but nought as true, so this is no way to smuggle anything in.
#[test]
fn an_odd_truth_value_is_true() {
    let mut guest = Guest::with_outcome(|outcome| outcome.steps[0].value = Scalar::Flag(true));
    let first_step = abi::pointer(&guest.answer, abi::STEPS);
    guest.answer[first_step + abi::STEP_VALUE] = 7;
    let module = Module::load(&fixture::sandbox(), &guest.component()).unwrap();
    let outcome = module.calculate(&fixture::dossier()).answer.unwrap().unwrap();
    assert_eq!(outcome.steps[0].value, Scalar::Flag(true));
}

#[test]
fn what_is_too_large_is_refused_before_the_module_sees_it() {
    let module = Module::load(&fixture::sandbox(), &Guest::default().component()).unwrap();
    let limits = Limits::compiled();
    let mut many = fixture::dossier();
    many.settings = vec![Attribute::new("s", Scalar::Flag(true)); limits.input_rows];
    let mut long = fixture::dossier();
    long.settings.push(Attribute::new("s", Scalar::Text("x".repeat(limits.input_bytes))));
    let mut absurd = fixture::dossier();
    absurd
        .settings
        .push(Attribute::new("s", Scalar::Number("9223372036854775807.5".parse().unwrap())));
    for dossier in [many, long, absurd] {
        let run = module.calculate(&dossier);
        assert_eq!(run.answer.unwrap_err().code, Code::Input);
        assert_eq!(run.fuel, 0);
    }
}

#[test]
fn a_run_can_be_shown_as_json() {
    let guest = Guest {
        imports: EMIT.into(),
        items: "(data (i32.const 600) \"there is no rate\")".into(),
        ..Guest::calculating(
            "(call $emit (i32.const 3) (i32.const 600) (i32.const 16)) unreachable",
        )
    };
    let module = Module::load(&fixture::sandbox(), &guest.component()).unwrap();
    let mut shown = serde_json::to_value(module.calculate(&fixture::dossier())).unwrap();
    assert_eq!(shown["answer"]["Err"]["backtrace"].as_array().unwrap().len(), 1);
    shown["answer"]["Err"]["backtrace"] = "where it was".into();
    shown["micros"] = 0.into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap(), @r#"
    {
      "answer": {
        "Err": {
          "backtrace": "where it was",
          "code": "YDP-PANIC",
          "detail": "there is no rate",
          "sentence": "Beregningen gik i stå på grund af en fejl i modulet. Kørslen er ugyldig, og der udbetales intet ud fra den. Løbende udbetalinger fortsætter, og sagen ligger i køen til manuel behandling.",
          "trace": [
            {
              "level": "error",
              "message": "there is no rate"
            }
          ]
        }
      },
      "fuel": 390,
      "memory_peak": 65536,
      "micros": 0,
      "trace": [
        {
          "level": "error",
          "message": "there is no rate"
        }
      ]
    }
    "#);
}

/// The tools leave such imports in, and they give a module nothing.
#[test]
fn an_import_of_nothing_but_types_is_harmless() {
    let wit = WIT.replace("import trace;", "import trace; import shapes;");
    let wit = wit.replace(
        "interface trace {",
        "interface shapes { record point { x: u8 } }\ninterface trace {",
    );
    let guest = Guest { wit, ..Guest::default() };
    let module = Module::load(&fixture::sandbox(), &guest.component()).unwrap();
    assert_eq!(module.calculate(&fixture::dossier()).answer.unwrap().unwrap(), fixture::outcome());
}

/// A stored digest is compared for years. When this fails, the format of what is stored has changed.
#[test]
fn the_digest_of_a_dossier_never_changes() {
    let mut dossier = fixture::dossier();
    dossier.sort();
    insta::assert_snapshot!(canonical::digest(&dossier), @"578225f4573ad054605d09ca5539a462c3baabd3723195d5bcd9f2c16d32d99d");
    insta::assert_snapshot!(canonical::digest(&fixture::outcome()), @"fd03b0a2e642de18e23615edc582eb77f03d9e261258e37b60d527f001c1d869");
    assert_eq!(canonical::encode(&dossier), canonical::encode(&dossier.clone()));
}
