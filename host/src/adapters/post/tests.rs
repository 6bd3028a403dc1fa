use ydun_domain::ids::{MessageId, PartyId};

use super::*;
use crate::letters::post::Address;
use crate::parties::Party;

fn citizen() -> Party {
    let identity = Identity::Citizen("0101901234".parse().unwrap());
    Party { id: PartyId::generate(), name: "Eva & Bo Dam".to_owned(), identity }
}

fn unit() -> (Party, Party) {
    let company = Party {
        id: PartyId::generate(),
        name: "Tømrerne A/S".to_owned(),
        identity: Identity::Company("29189803".parse().unwrap()),
    };
    let identity = Identity::SeUnit { se: "91000008".parse().unwrap(), company: company.id };
    let unit =
        Party { id: PartyId::generate(), name: "Tømrerne A/S, afd. Nord".to_owned(), identity };
    (unit, company)
}

fn written(to: &Party, company: Option<&Party>, address: Option<&Address>) -> String {
    let item = Item {
        message: MessageId("01930000-0000-7000-8000-000000000001".parse().unwrap()),
        sender: "Prøvekøbing Kommune",
        sender_cvr: &"29189803".parse().unwrap(),
        to,
        company,
        title: "Vi vil høre dig, før vi afgør din sag",
        case_number: "2020-00017",
        date: "2020-11-16".parse().unwrap(),
        planned_at: "2020-11-16T09:00:00Z".parse().unwrap(),
        pdf: b"%PDF-1.7",
    };
    let mut file = Vec::new();
    match address {
        Some(address) => CommonPost.printed(&item, address, &mut file).unwrap(),
        None => CommonPost.digital(&item, &mut file).unwrap(),
    }
    String::from_utf8(file).unwrap()
}

fn address() -> Address {
    let lines = vec!["c/o Borgerservice Prøvekøbing".to_owned(), "Rådhustorvet 1".to_owned()];
    Address::new(lines, Some("9999".to_owned()), "DK".to_owned()).unwrap()
}

/// Holds a file against its schema, where the schemas are.
fn check(file: &str, schema: &str) {
    let Some(folder) = std::env::var_os("YDUN_SCHEMAS") else {
        eprintln!("YDUN_SCHEMAS is not set: not held against {schema}");
        return;
    };
    let path = std::path::Path::new(&folder).join(schema);
    let text = std::fs::read_to_string(&path).unwrap();
    let document = uppsala::parse(&text).unwrap();
    let validator =
        uppsala::XsdValidator::from_schema_with_base_path(&document, path.parent()).unwrap();
    let errors = validator.validate(&uppsala::parse(file).unwrap());
    assert!(errors.is_empty(), "{errors:?} in\n{file}");
}

#[test]
fn a_letter_to_a_mailbox_is_what_the_schema_says() {
    let file = written(&citizen(), None, None);
    check(&file, "memo/memo-reconstructed.xsd");
    assert!(file.contains("<memo:recipientID>0101901234</memo:recipientID>"));
    assert!(file.contains("<memo:content>JVBERi0xLjc=</memo:content>"));
}

#[test]
fn a_unit_gets_its_letter_in_the_company_s_mailbox_with_its_own_number() {
    let (unit, company) = unit();
    let file = written(&unit, Some(&company), None);
    check(&file, "memo/memo-reconstructed.xsd");
    for told in [
        "<memo:recipientID>29189803</memo:recipientID><memo:idType>CVR</memo:idType>",
        "<grd:seNumber>91000008</grd:seNumber>",
    ] {
        assert!(file.contains(told), "{told} is missing in\n{file}");
    }
}

#[test]
fn a_letter_to_be_printed_is_what_the_schema_says() {
    let file = written(&citizen(), None, Some(&address()));
    check(&file, "fjernprint/consolidated/all.xsd");
    assert!(file.contains("Eva &amp; Bo Dam") && file.contains("c/o Borgerservice"));
}
