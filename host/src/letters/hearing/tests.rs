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
    insta::assert_snapshot!(letter(&citizen("Anders Andersen"), Ruling::Granted, [7_215, 5_000]), @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    Vi vil høre dig, før vi afgør din sag
    ========================================================================

    Vi overvejer, at du skal have mindre i tilskud til voksenlærlinge for
    oktober 2020. Vi har ikke besluttet noget endnu. Først vil vi høre, hvad
    du siger til det.

    * Det får du nu: 7.215,00 kr.
    * Det overvejer vi: 5.000,00 kr.
    * Forskel: -2.215,00 kr.
    * Frist for at svare: 14 dage efter, at du har fået brevet

    Derfor overvejer vi det
    ------------------------------------------------------------------------

    Lønregistret viser færre timer, end vi har regnet med.

    Vi har set på de betingelser, som loven stiller.

    Betingelse                                       Regel              Svar
    Lærlingen er fyldt 25 år (født: 1. januar 1990)  LAB § 154, stk. 1  opfyldt

    Tilskud pr. time for Anders Andersen, oktober 2020
    ------------------------------------------------------------------------

    Timer, der giver tilskud                                          160,33
        LAB § 159
    Timer gange sats                                            5.000,00 kr.
        LAB § 159, stk. 1
        timer: 160,33; sats: 45,00 kr.

    Det kan du gøre
    ------------------------------------------------------------------------

    - Er noget forkert, så fortæl os det. Send gerne papirer, der viser det.
    - Er der mere, vi bør vide, så fortæl os også det.
    - Er du enig, behøver du ikke at gøre noget.

    Svar os senest 14 dage efter, at du har fået brevet. Vi afgør ikke
    sagen, før fristen er gået, eller vi har dit svar. Hører vi ikke fra
    dig, afgør vi sagen ud fra det, vi ved nu.

    Vi hører dig efter reglerne om partshøring i forvaltningsloven § 19.

    Har du spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler abc
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
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
