//! Who writes, who is written to and what is decided, for the tests of letters.

use ydun_domain::benefit::{Attribute, Scalar, State, Step, Verdict};
use ydun_domain::ids::{CaseId, DecisionId, PartyId, RunId};
use ydun_domain::{Dkk, Period};
use ydun_runtime::Digest;
use ydun_typeset::{Colour, Sender};

use crate::decisions::explain::{
    Answer, BenefitWords, ExplainedCondition, ExplainedLine, Explanation, RunHead,
};
use crate::decisions::{Basis, Decision, Mark, Ruling, Status};
use crate::parties::{Identity, Party};

pub(super) fn sender() -> Sender {
    Sender {
        municipality: "Prøvekøbing Kommune".to_owned(),
        contact: vec![
            "Ydelsescentret, Torvet 1, 9999 Prøvekøbing".to_owned(),
            "Telefon 99 99 99 99".to_owned(),
        ],
        colour: Colour::default(),
        logo: None,
    }
}

pub(super) fn employer() -> Party {
    Party {
        id: PartyId::generate(),
        name: "Tømrermester Hansen ApS, afdeling Nord".to_owned(),
        identity: Identity::SeUnit {
            se: "29189803".parse().unwrap(),
            company: PartyId::generate(),
        },
    }
}

pub(super) fn citizen(name: &str) -> Party {
    let identity = Identity::Citizen("0101901234".parse().unwrap());
    Party { id: PartyId::generate(), name: name.to_owned(), identity }
}

/// A decision about October 2020: one condition, one line of two steps, the employer's.
pub(super) fn explanation(payee: &Party, ruling: Ruling, kroner: i64) -> Explanation {
    let at = "2020-11-16T09:00:00Z".parse().unwrap();
    let [artifact, dossier, outcome, digest] = [Digest::of(b""); 4];
    let period: Period = "2020-10-01..2020-10-31".parse().unwrap();
    let run = RunId::generate();
    let decision = Decision {
        id: DecisionId("01930000-0000-7000-8000-00000000000d".parse().unwrap()),
        run,
        month_run: None,
        basis: Basis {
            tenant: 999.try_into().unwrap(),
            case: CaseId::generate(),
            period,
            ruling,
            artifact,
            dossier,
            outcome,
        },
        lines: vec![],
        total: Dkk::from_kroner(kroner),
        digest,
        proposed: Mark { at, by: "abc".to_owned() },
        status: Status::Approved(Mark { at, by: "def".to_owned() }),
    };
    Explanation {
        case: "2020-00017".to_owned(),
        benefit: "Tilskud til voksenlærlinge".to_owned(),
        period,
        run: RunHead {
            id: run,
            artifact,
            version: "1.0.0".to_owned(),
            as_of: period.last(),
            known_at: period.last(),
        },
        decision: Some(decision),
        answer: answer(payee, period, ruling, kroner),
        facts: vec![],
        words: BenefitWords {
            legal_basis: vec!["Lov om en aktiv beskæftigelsesindsats (LAB), §§ 154-160".to_owned()],
            letters: vec![],
        },
    }
}

fn answer(payee: &Party, period: Period, ruling: Ruling, kroner: i64) -> Answer {
    let (verdict, state) = match ruling {
        Ruling::Granted => (Verdict::Granted, State::Met),
        Ruling::PartlyGranted => (Verdict::PartlyGranted, State::Met),
        Ruling::Refused => (Verdict::Refused, State::NotMet),
    };
    let condition = ExplainedCondition {
        label: "Lærlingen er fyldt 25 år".to_owned(),
        law: "LAB § 154, stk. 1".to_owned(),
        state,
        note: vec![Attribute::new("født", Scalar::Day("1990-01-01".parse().unwrap()))],
        facts: vec![],
        missing: vec![],
    };
    let given = |kroner: i64| ExplainedLine {
        title: "Tilskud pr. time".to_owned(),
        payee: payee.name.clone(),
        payee_id: Some(payee.id),
        about: Some("Anders Andersen".to_owned()),
        period,
        amount: Dkk::from_kroner(kroner),
        reference: None,
        steps: steps(kroner),
    };
    let lines = if ruling == Ruling::Refused { vec![] } else { vec![given(kroner)] };
    Answer::Outcome { verdict, conditions: vec![condition], lines }
}

fn steps(kroner: i64) -> Vec<Step> {
    let step = |id: &str, label: &str, law: &str, inputs, value| Step {
        id: id.to_owned(),
        label: label.to_owned(),
        law: law.to_owned(),
        inputs,
        value,
    };
    let hours = Scalar::Number("160.33".parse().unwrap());
    let inputs = vec![
        Attribute::new("timer", hours.clone()),
        Attribute::new("sats", Scalar::Amount(Dkk::from_kroner(45))),
    ];
    vec![
        step("timer", "Timer, der giver tilskud", "LAB § 159", vec![], hours),
        step(
            "beloeb",
            "Timer gange sats",
            "LAB § 159, stk. 1",
            inputs,
            Scalar::Amount(Dkk::from_kroner(kroner)),
        ),
    ]
}
