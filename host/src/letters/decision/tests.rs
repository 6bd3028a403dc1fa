use ydun_domain::ids::PartyId;

use super::*;
use crate::letters::samples::{citizen, employer, explanation, sender};

/// The letters of a decision, in their order.
fn letters(
    explanation: &Explanation,
    party: &Party,
    change: Option<(i64, i64)>,
) -> Vec<ydun_typeset::Letter> {
    let change = change.map(|(before, after)| Change {
        before: Dkk::from_kroner(before),
        after: Dkk::from_kroner(after),
    });
    let changes: BTreeMap<PartyId, Change> =
        change.into_iter().map(|change| (party.id, change)).collect();
    let parties = BTreeMap::from([(party.id, party.clone())]);
    let sender = sender();
    let frame = Frame {
        sender: &sender,
        date: "2020-11-16".parse().unwrap(),
        case_number: "2020-00017",
        by: "def",
    };
    let matter = Matter { explanation, changes: &changes, parties: &parties };
    let drafts = matter.letters(&frame);
    assert!(drafts.iter().all(|draft| draft.recipient == party.id));
    drafts.into_iter().map(|draft| draft.letter).collect()
}

fn words(party: &Party, kind: LetterKind, title: &str, appeal: Option<&str>) -> BenefitLetter {
    BenefitLetter {
        key: "svar:2020-09-01".to_owned(),
        kind,
        recipient: party.id,
        title: title.to_owned(),
        paragraphs: vec![
            "Vi har afgjort jeres ansøgning om tilskud til Anders Andersen.".to_owned(),
        ],
        appeal: appeal.map(str::to_owned),
    }
}

#[test]
fn a_grant_tells_in_the_benefits_words_and_shows_how_it_is_calculated() {
    let employer = employer();
    let mut explanation = explanation(&employer, Ruling::Granted, 7_215);
    let title = "I får tilskud til jeres voksenlærling";
    explanation.words.letters = vec![words(&employer, LetterKind::DecisionGranted, title, None)];
    let [letter] = &letters(&explanation, &employer, None)[..] else { panic!("one letter") };
    insta::assert_snapshot!(letter, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    I får tilskud til jeres voksenlærling
    ========================================================================

    Vi har afgjort jeres ansøgning om tilskud til Anders Andersen.

    * Tilskud pr. time: 7.215,00 kr.

    Derfor har vi afgjort sagen sådan
    ------------------------------------------------------------------------

    Vi har set på de betingelser, som loven stiller.

    Betingelse                                       Regel              Svar
    Lærlingen er fyldt 25 år (født: 1. januar 1990)  LAB § 154, stk. 1  opfyldt

    Tilskud pr. time for Anders Andersen, oktober 2020
    ------------------------------------------------------------------------

    Timer, der giver tilskud                                          160,33
        LAB § 159
    Timer gange sats                                            7.215,00 kr.
        LAB § 159, stk. 1
        timer: 160,33; sats: 45,00 kr.

    Reglerne står her
    ------------------------------------------------------------------------

    - Lov om en aktiv beskæftigelsesindsats (LAB), §§ 154-160

    Har I spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn a_refusal_gives_reasons_and_says_how_to_appeal() {
    let citizen = citizen("Anders Andersen");
    let mut explanation = explanation(&citizen, Ruling::Refused, 0);
    let refusal = words(&citizen, LetterKind::DecisionRefused, "Du får ikke tilskud", None);
    let paragraphs = vec!["Vi har afgjort din ansøgning. Du får ikke tilskud.".to_owned()];
    explanation.words.letters = vec![BenefitLetter { paragraphs, ..refusal }];
    let [letter] = &letters(&explanation, &citizen, None)[..] else { panic!("one letter") };
    insta::assert_snapshot!(letter, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    Du får ikke tilskud
    ========================================================================

    Vi har afgjort din ansøgning. Du får ikke tilskud.

    Derfor har vi afgjort sagen sådan
    ------------------------------------------------------------------------

    Loven stiller betingelser, og de er ikke alle opfyldt.

    Betingelse                                       Regel              Svar
    Lærlingen er fyldt 25 år (født: 1. januar 1990)  LAB § 154, stk. 1  ikke opfyldt

    Reglerne står her
    ------------------------------------------------------------------------

    - Lov om en aktiv beskæftigelsesindsats (LAB), §§ 154-160

    Sådan klager du
    ------------------------------------------------------------------------

    Du kan klage, hvis du er uenig. Klagen skal være hos os senest fire uger
    efter, at du har fået afgørelsen. Så vurderer vi sagen igen. Ændrer vi
    ikke afgørelsen, sender vi klagen og sagens papirer videre til
    Ankestyrelsen, senest fire uger efter at vi har fået klagen.

    Har du spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn who_gets_less_is_told_in_national_words_where_the_benefit_has_none() {
    let employer = employer();
    let explanation = explanation(&employer, Ruling::Granted, 5_000);
    let [letter] = &letters(&explanation, &employer, Some((7_215, 5_000)))[..] else {
        panic!("one letter")
    };
    insta::assert_snapshot!(letter, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    Vi har ændret afgørelsen om tilskud til voksenlærlinge
    ========================================================================

    Vi har regnet tilskud til voksenlærlinge for oktober 2020 igen. Beløbet
    er nu 5.000,00 kr. Før var det 7.215,00 kr.

    * Før: 7.215,00 kr.
    * Nu: 5.000,00 kr.
    * Forskel: -2.215,00 kr.

    Derfor har vi afgjort sagen sådan
    ------------------------------------------------------------------------

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

    Reglerne står her
    ------------------------------------------------------------------------

    - Lov om en aktiv beskæftigelsesindsats (LAB), §§ 154-160

    Sådan klager I
    ------------------------------------------------------------------------

    I kan klage, hvis I er uenige. Klagen skal være hos os senest fire uger
    efter, at I har fået afgørelsen. Så vurderer vi sagen igen. Ændrer vi
    ikke afgørelsen, sender vi klagen og sagens papirer videre til
    Ankestyrelsen, senest fire uger efter at vi har fået klagen.

    Har I spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn who_gets_nothing_more_is_told_that_it_stops() {
    let citizen = citizen("Anders Andersen");
    let explanation = explanation(&citizen, Ruling::Refused, 0);
    let [letter] = &letters(&explanation, &citizen, Some((7_215, 0)))[..] else {
        panic!("one letter")
    };
    assert_eq!(letter.title, "Du får ikke længere tilskud til voksenlærlinge");
    assert!(letter.to_string().contains("Før var beløbet 7.215,00 kr."));
}

#[test]
fn a_month_of_a_running_grant_gets_no_letter_beside_its_payment() {
    let employer = employer();
    let explanation = explanation(&employer, Ruling::Granted, 7_215);
    assert!(letters(&explanation, &employer, None).is_empty());
    assert!(
        letters(&explanation, &employer, Some((7_000, 7_215))).is_empty(),
        "more is paid, and told so"
    );
}

#[test]
fn the_benefits_own_guidance_goes_before_the_national_one() {
    let employer = employer();
    let mut explanation = explanation(&employer, Ruling::PartlyGranted, 7_215);
    let own = words(&employer, LetterKind::DecisionPartlyGranted, "En del", Some("Klag til os."));
    explanation.words.letters = vec![own];
    let [letter] = &letters(&explanation, &employer, None)[..] else { panic!("one letter") };
    let text = letter.to_string();
    assert!(text.contains("Klag til os.") && !text.contains("fire uger"), "{text}");
}

#[test]
fn a_request_for_information_decides_nothing_and_gives_no_reasons() {
    let employer = employer();
    let mut explanation = explanation(&employer, Ruling::Granted, 7_215);
    let asked = words(&employer, LetterKind::RequestForInformation, "Vi mangler oplysninger", None);
    let paragraphs = vec!["Vi mangler at vide, hvad lærlingen får i løn.".to_owned()];
    explanation.words.letters = vec![BenefitLetter { paragraphs, ..asked }];
    explanation.decision = None;
    let [letter] = &letters(&explanation, &employer, None)[..] else { panic!("one letter") };
    insta::assert_snapshot!(letter, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    Vi mangler oplysninger
    ========================================================================

    Vi mangler at vide, hvad lærlingen får i løn.

    Vi vil gerne have jeres svar senest 14 dage efter, at I har fået brevet.

    Har I spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn a_firm_does_not_see_what_others_are_paid() {
    let (firm, other) = (employer(), employer());
    let mut explanation = explanation(&other, Ruling::PartlyGranted, 7_215);
    let own = words(&firm, LetterKind::DecisionPartlyGranted, "En del", None);
    explanation.words.letters = vec![own];
    let text = letters(&explanation, &firm, None)[0].to_string();
    assert!(!text.contains("7.215,00"), "{text}");
}
