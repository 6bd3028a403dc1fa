use ydun_domain::benefit::Scalar;
use ydun_domain::ids::{CaseId, DecisionId, NoticeId, PaymentId};

use super::*;
use crate::letters::samples::{citizen, employer, sender};
use crate::letters::specification::Specification;
use crate::notices::Deduction;

fn notice(recipient: &Party, about: Option<PartyId>, paid: i64) -> Notice {
    let detail = |label: &str, value| Detail { label: label.to_owned(), value };
    Notice {
        id: NoticeId("01930000-0000-7000-8000-000000000001".parse().unwrap()),
        recipient: recipient.id,
        case_id: CaseId::generate(),
        payment_id: PaymentId::generate(),
        disposal: "2020-11-30".parse().unwrap(),
        account: None,
        withdrawn_at: None,
        content: Content {
            benefit: "Tilskud til voksenlærlinge".to_owned(),
            case_number: "2020-00017".to_owned(),
            amount: Dkk::from_kroner(paid),
            decision: DecisionId::generate(),
            decided_on: "2020-11-16".parse().unwrap(),
            decided_by: "def".to_owned(),
            lines: vec![Line {
                title: "Tilskud pr. time".to_owned(),
                about,
                period: "2020-10-01..2020-10-31".parse().unwrap(),
                reference: Some("4711-NORD".to_owned()),
                details: vec![
                    detail("Timer", Scalar::Number("160.33".parse().unwrap())),
                    detail("Sats pr. time", Scalar::Amount(Dkk::from_kroner(45))),
                ],
                decided: Dkk::from_kroner(7_215),
                paid: Dkk::from_kroner(paid),
                to_others: Dkk::ZERO,
            }],
            deductions: vec![],
            to_others: vec![],
            on_behalf_of: None,
        },
    }
}

/// Text and JSON.
fn written(notice: &Notice, parties: Vec<Party>) -> Result<[String; 2], Nameless> {
    let parties = parties.into_iter().map(|party| (party.id, party)).collect();
    let sender = sender();
    let frame = Frame {
        sender: &sender,
        date: notice.content.decided_on,
        case_number: &notice.content.case_number,
        by: &notice.content.decided_by,
    };
    let draft = letter(&frame, notice, &parties)?;
    let specification = Specification { notice, sender: &sender, parties: &parties };
    Ok([draft.letter.to_string(), specification.json()?])
}

#[test]
fn an_employer_can_see_whom_which_days_and_how_much() {
    let (employer, apprentice) = (employer(), citizen("Anders Andersen"));
    let notice = notice(&employer, Some(apprentice.id), 7_215);
    let [text, _] = written(&notice, vec![employer, apprentice]).unwrap();
    insta::assert_snapshot!(text, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    I får tilskud til voksenlærlinge
    ========================================================================

    Vi udbetaler 7.215,00 kr. til jeres NemKonto. Pengene er der mandag den
    30. november 2020.

    * Beløb: 7.215,00 kr.
    * Til rådighed: mandag den 30. november 2020
    * Konto: Jeres NemKonto

    Tilskud pr. time                             Oplysning
    Vedrører          Anders Andersen, født 1. januar 1990
    Periode                                   oktober 2020
    Jeres reference                              4711-NORD
    Timer                                           160,33
    Sats pr. time                                45,00 kr.
    Udbetales nu                              7.215,00 kr.

    Afgørelsen er truffet den 16. november 2020 af Prøvekøbing Kommune
    (def).

    Har I spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn a_citizen_is_addressed_as_one_person_and_told_what_was_paid_before() {
    let citizen = citizen("Anders Andersen");
    let notice = notice(&citizen, None, 1_215);
    let [text, _] = written(&notice, vec![citizen]).unwrap();
    insta::assert_snapshot!(text, @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    Du får tilskud til voksenlærlinge
    ========================================================================

    Vi udbetaler 1.215,00 kr. til din NemKonto. Pengene er der mandag den
    30. november 2020.

    * Beløb: 1.215,00 kr.
    * Til rådighed: mandag den 30. november 2020
    * Konto: Din NemKonto

    Tilskud pr. time           Oplysning
    Periode                 oktober 2020
    Din reference              4711-NORD
    Timer                         160,33
    Sats pr. time              45,00 kr.
    Bevilget for perioden   7.215,00 kr.
    Heraf udbetalt før     -6.000,00 kr.
    Udbetales nu            1.215,00 kr.

    Afgørelsen er truffet den 16. november 2020 af Prøvekøbing Kommune
    (def).

    Har du spørgsmål, så kontakt os og oplys sagsnummer 2020-00017.

    Venlig hilsen

    Sagsbehandler def
    Prøvekøbing Kommune

    Ydelsescentret, Torvet 1, 9999 Prøvekøbing
    Telefon 99 99 99 99
    ");
}

#[test]
fn a_letter_names_neither_its_reader_nor_an_address_of_his() {
    let (employer, apprentice) = (employer(), citizen("Anders Andersen"));
    let name = employer.name.clone();
    let notice = notice(&employer, Some(apprentice.id), 7_215);
    let [text, _] = written(&notice, vec![employer, apprentice]).unwrap();
    assert!(!text.contains(&name), "{text}");
}

#[test]
fn a_citizen_can_see_the_gross_each_deduction_and_what_is_left() {
    let citizen = citizen("Anders Andersen");
    let mut notice = notice(&citizen, None, 5_224);
    notice.content.lines[0].paid = Dkk::from_kroner(7_215);
    let deduction = |title: &str, kroner| Deduction {
        title: title.to_owned(),
        amount: Dkk::from_kroner(kroner),
    };
    notice.content.deductions = vec![deduction("AM-bidrag", 577), deduction("A-skat", 1_414)];
    let [text, json] = written(&notice, vec![citizen]).unwrap();
    let lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.split_whitespace().collect()).collect();
    for told in [
        &["Beløb", "før", "fradrag", "7.215,00", "kr."][..],
        &["Før", "fradrag", "7.215,00", "kr."],
        &["AM-bidrag", "-577,00", "kr."],
        &["A-skat", "-1.414,00", "kr."],
        &["Til", "udbetaling", "5.224,00", "kr."],
    ] {
        assert!(lines.iter().any(|line| line == told), "{told:?} is missing in\n{text}");
    }
    assert!(json.contains(r#""titel": "A-skat""#) && json.contains(r#""beloeb": "1414.00""#));
}

#[test]
fn a_payee_is_told_of_the_account_it_has_named_by_its_end() {
    let employer = employer();
    let mut notice = notice(&employer, None, 7_215);
    notice.account = Some("9999 12345678".parse().unwrap());
    let [text, json] = written(&notice, vec![employer]).unwrap();
    assert!(text.contains("til konto •••• ••••••5678"), "{text}");
    assert!(text.contains("mandag den 30. november 2020"), "{text}");
    assert!(json.contains(r#""konto": "•••• ••••••5678""#), "{json}");
    assert!(!text.contains("NemKonto") && !format!("{text}{json}").contains("1234"));
}

#[test]
fn a_system_can_read_the_same() {
    let (employer, apprentice) = (employer(), citizen("Anders Andersen"));
    let notice = notice(&employer, Some(apprentice.id), 7_215);
    let [_, json] = written(&notice, vec![employer, apprentice]).unwrap();
    insta::assert_snapshot!(json, @r#"
    {
      "meddelelse": "01930000-0000-7000-8000-000000000001",
      "afsender": {
        "kommune": "Prøvekøbing Kommune",
        "kontakt": [
          "Ydelsescentret, Torvet 1, 9999 Prøvekøbing",
          "Telefon 99 99 99 99"
        ]
      },
      "modtager": "Tømrermester Hansen ApS, afdeling Nord",
      "sag": "2020-00017",
      "ydelse": "Tilskud til voksenlærlinge",
      "beloeb": "7215.00",
      "til-raadighed": "2020-11-30",
      "afgjort": "2020-11-16",
      "linjer": [
        {
          "titel": "Tilskud pr. time",
          "vedroerer": {
            "navn": "Anders Andersen",
            "foedt": "1990-01-01"
          },
          "periode": "2020-10-01..2020-10-31",
          "jeres-reference": "4711-NORD",
          "grundlag": {
            "Sats pr. time": "45.00",
            "Timer": "160.33"
          },
          "bevilget": "7215.00",
          "udbetales": "7215.00"
        }
      ]
    }
    "#);
}

#[test]
fn no_notice_shows_a_personal_number() {
    let (employer, apprentice) = (employer(), citizen("Anders Andersen"));
    let notice = notice(&employer, Some(apprentice.id), 7_215);
    for shown in written(&notice, vec![employer, apprentice]).unwrap() {
        assert!(shown.contains("1990") && !shown.contains("1234"), "{shown}");
    }
}

#[test]
fn a_party_that_is_not_registered_is_an_error() {
    let employer = employer();
    let notice = notice(&employer, None, 7_215);
    assert_eq!(written(&notice, vec![]), Err(Nameless(employer.id)));
}
