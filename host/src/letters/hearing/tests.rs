use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, HearingId};
use ydun_runtime::Digest;

use super::*;
use crate::decisions::Ruling;
use crate::hearings::Intention;
use crate::letters::samples::{citizen, employer, explanation, sender};

fn letter(party: &Party, ruling: Ruling, [before, after]: [i64; 2]) -> String {
    let explanation = explanation(party, ruling, after);
    let hearing = Hearing {
        id: HearingId::generate(),
        intention: Intention {
            case: CaseId::generate(),
            party: party.id,
            first_day: "2020-10-01".parse().unwrap(),
            digest: Digest::of(b"lines"),
        },
        text: "Lønregistret viser færre timer, end vi har regnet med.".to_owned(),
        answer_days: 14,
        opened_at: "2020-11-16T09:00:00Z".parse().unwrap(),
        opened_by: "abc".to_owned(),
        delivery: None,
        answer: None,
    };
    let change = Change { before: Dkk::from_kroner(before), after: Dkk::from_kroner(after) };
    let intended = Intended { hearing: &hearing, party, change, explanation: &explanation };
    let sender = sender();
    let frame = Frame {
        sender: &sender,
        date: "2020-11-16".parse().unwrap(),
        case_number: "2020-00017",
        by: "abc",
    };
    intended.letter(&frame).letter.to_string()
}

#[test]
fn it_says_first_what_we_think_of_doing_then_why_and_what_one_can_do() {
    insta::assert_snapshot!(letter(&citizen("Anders Andersen"), Ruling::Granted, [7_215, 5_000]), @"");
}

#[test]
fn a_firm_is_told_when_all_of_it_stops() {
    let text = letter(&employer(), Ruling::Refused, [7_215, 0]);
    assert!(
        text.contains("Vi overvejer, at I ikke længere skal have tilskud til voksenlærlinge"),
        "{text}"
    );
    assert!(text.contains("Vi hører jer efter reglerne"), "{text}");
    assert!(!text.contains(" du ") && !text.contains(" dig "), "{text}");
}
