use std::collections::BTreeMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object};
use typst::layout::{Abs, Frame, FrameItem, Point};

use super::*;
use crate::{Block, Column, Entry, Logo, Sender, Signature, Step, Table};

fn letter() -> Letter {
    let text = |text: &str| Block::Paragraph(text.to_owned());
    Letter {
        id: "01930000-0000-7000-8000-000000000001".to_owned(),
        sender: Sender {
            municipality: "Prøvekøbing Kommune".to_owned(),
            contact: vec!["Ydelsescentret".to_owned(), "Torvet 1, 9999 Prøvekøbing".to_owned()],
            colour: "#0b5563".parse().unwrap(),
            logo: None,
        },
        date: "2020-11-16".parse().unwrap(),
        case_number: "2020-00017".to_owned(),
        title: "I får tilskud til jeres voksenlærling".to_owned(),
        blocks: vec![
            text("Vi har besluttet, at I får tilskud for oktober 2020."),
            Block::Summary(vec![
                Entry::new("I får", "7.215,00 kr."),
                Entry::new("For", "oktober 2020"),
            ]),
            Block::Heading("Derfor får I tilskuddet".to_owned()),
            Block::List(vec![
                "Aftalen er godkendt.".to_owned(),
                "Lærlingen er fyldt 25 år.".to_owned(),
            ]),
            Block::Steps(vec![Step {
                label: "Tilskud for timerne".to_owned(),
                law: "LAB § 159".to_owned(),
                given: vec![Entry::new("Timer", "160,33"), Entry::new("Sats", "45,00 kr.")],
                value: "7.215,00 kr.".to_owned(),
            }]),
            Block::Table(Table::new(
                [Column::words("Måned"), Column::figures("Beløb")],
                vec![["oktober 2020".to_owned(), "7.215,00 kr.".to_owned()]],
                Some(["I alt".to_owned(), "7.215,00 kr.".to_owned()]),
            )),
        ],
        signature: Signature { lines: vec!["Bo Dam".to_owned(), "Ydelsescentret".to_owned()] },
    }
}

fn print(letter: &Letter, print: Print) -> Vec<u8> {
    Press::new().unwrap().pdf(letter, print).unwrap()
}

#[test]
fn the_same_letter_gives_the_same_bytes_and_another_gives_others() {
    let first = print(&letter(), Print::Normal);
    assert_eq!(print(&letter(), Print::Normal), first);
    let mut other = letter();
    other.blocks.push(Block::Paragraph("Tak.".to_owned()));
    assert_ne!(print(&other, Print::Normal), first);
}

#[test]
fn it_says_it_is_for_the_archive_and_for_screen_readers() {
    let pdf = print(&letter(), Print::Normal);
    let text = String::from_utf8_lossy(&pdf);
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(text.contains(claim), "{claim} is missing");
    }
}

/// The roles of the structure tree, below each other and in the order they are read.
fn roles(pdf: &Pdf) -> Vec<(usize, String)> {
    let root: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
    assert_eq!(root.get::<hayro_syntax::object::String<'_>>("Lang").unwrap().as_bytes(), b"da-DK");
    let tree: Dict<'_> = root.get("StructTreeRoot").unwrap();
    let mut roles = Vec::new();
    walk(&tree, 0, &mut roles);
    roles
}

fn walk(element: &Dict<'_>, depth: usize, roles: &mut Vec<(usize, String)>) {
    if let Some(role) = element.get::<Name<'_>>("S") {
        roles.push((depth, role.as_str().to_owned()));
    }
    match element.get::<Object<'_>>("K") {
        Some(Object::Dict(child)) => walk(&child, depth + 1, roles),
        Some(Object::Array(children)) => walk_all(&children, depth + 1, roles),
        _ => {}
    }
}

fn walk_all(children: &Array<'_>, depth: usize, roles: &mut Vec<(usize, String)>) {
    for child in children.iter::<Object<'_>>() {
        if let Object::Dict(child) = child {
            walk(&child, depth, roles);
        }
    }
}

#[test]
fn a_screen_reader_finds_headings_lists_and_tables_with_heads() {
    let pdf = Pdf::new(print(&letter(), Print::Normal)).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let roles = roles(&pdf);
    for (_, role) in &roles {
        *counts.entry(role.clone()).or_default() += 1;
    }
    let count = |role: &str| counts.get(role).copied().unwrap_or_default();
    assert_eq!((count("H1"), count("H2"), count("Table"), count("TH")), (1, 1, 2, 5), "{counts:?}");
    assert_eq!(count("LI"), 4, "two points and two entries of the summary: {counts:?}");
    let place = |role: &str| roles.iter().position(|(_, found)| found == role).unwrap();
    assert!(place("H1") < place("H2") && place("H2") < place("Table"));
}

/// Where the window of an envelope is, in mm from the top and the left of the page.
const WINDOW: [(f64, f64); 2] = [(35.0, 90.0), (20.0, 115.0)];

/// The boxes of everything that is seen, in mm: top, left.
fn seen(frame: &Frame, at: Point, boxes: &mut Vec<(f64, f64)>) {
    for (place, item) in frame.items() {
        let place = at + *place;
        match item {
            FrameItem::Group(group) => seen(&group.frame, place, boxes),
            FrameItem::Text(_) | FrameItem::Shape(..) | FrameItem::Image(..) => {
                boxes.push((place.y.to_mm(), place.x.to_mm()));
            }
            FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

#[test]
fn nothing_stands_behind_the_window_of_the_envelope() {
    let mut long = letter();
    long.sender.contact = vec!["Ydelsescentret for borgere og virksomheder".to_owned(); 6];
    for size in [Print::Normal, Print::Large] {
        let document = Press::new().unwrap().set(&long, size).unwrap();
        let mut boxes = Vec::new();
        seen(&document.pages()[0].frame, Point::new(Abs::zero(), Abs::zero()), &mut boxes);
        assert!(boxes.len() > 10);
        let [(top, bottom), (left, right)] = WINDOW;
        let covers = |(y, x): &&(f64, f64)| (top..bottom).contains(y) && (left..right).contains(x);
        assert_eq!(boxes.iter().find(covers), None, "{size:?}");
    }
}

#[test]
fn large_print_takes_more_room() {
    let press = Press::new().unwrap();
    let mut long = letter();
    long.blocks = vec![Block::Paragraph("Vi har set på jeres sag igen. ".repeat(60)); 2];
    let pages = |print| press.set(&long, print).unwrap().pages().len();
    assert!(pages(Print::Large) > pages(Print::Normal));
}

#[test]
fn what_stands_in_a_letter_is_never_run() {
    let mut sly = letter();
    sly.title = "#read(\"/etc/passwd\") *fed* $x$".to_owned();
    sly.blocks = vec![Block::Paragraph("#panic() // ikke en kommentar".to_owned())];
    let pdf = print(&sly, Print::Normal);
    assert!(Pdf::new(pdf).is_ok());
}

#[test]
fn a_logo_is_shown_and_one_that_is_no_picture_is_refused() {
    let with = |svg: &str| {
        let mut letter = letter();
        letter.sender.logo =
            Some(Logo { svg: svg.to_owned(), alt: "Prøvekøbings byvåben".to_owned() });
        Press::new().unwrap().pdf(&letter, Print::Normal)
    };
    let circle = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#0b5563"/></svg>"##;
    assert!(with(circle).is_ok());
    assert!(with("ingen tegning").unwrap_err().to_string().contains("could not be set"));
}

#[test]
fn the_text_says_the_same() {
    insta::assert_snapshot!(letter(), @r"
    Prøvekøbing Kommune
    Dato: 16. november 2020
    Sagsnummer: 2020-00017

    I får tilskud til jeres voksenlærling
    ========================================================================

    Vi har besluttet, at I får tilskud for oktober 2020.

    * I får: 7.215,00 kr.
    * For: oktober 2020

    Derfor får I tilskuddet
    ------------------------------------------------------------------------

    - Aftalen er godkendt.
    - Lærlingen er fyldt 25 år.

    Tilskud for timerne                                         7.215,00 kr.
        LAB § 159
        Timer: 160,33; Sats: 45,00 kr.

    Måned                Beløb
    oktober 2020  7.215,00 kr.
    I alt         7.215,00 kr.

    Venlig hilsen

    Bo Dam
    Ydelsescentret

    Ydelsescentret
    Torvet 1, 9999 Prøvekøbing
    ");
}
