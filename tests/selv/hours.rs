//! An employer tells a month's hours of all its apprentices, in the table or by a file, and sees what it got.

use axum::http::StatusCode;
use ydun::cases::Case;
use ydun::db::Db;
use ydun::visits::Unit;

use super::{Visitor, bo, count, firm};
use crate::support::each_engine;
use crate::voksenlaerling::{correct_hours, open_case, set_up_module};
use crate::web::{Answer, Cases, get_at, october};

const OCTOBER: &str = "/selv/timer/voksenlaerling/maanedsanmodning/2020-10";
const NOVEMBER: &str = "/selv/timer/voksenlaerling/maanedsanmodning/2020-11";
const WORKED: &str = "Timer i virksomheden, overarbejde medregnet";
const TOLD: &str = "SELECT COUNT(*) FROM fact WHERE source LIKE 'selvbetjening%'";
const TASKS: &str = "SELECT COUNT(*) FROM task WHERE topic LIKE 'filing/%'";

async fn apprentices(db: &Db) -> (Case, Case) {
    set_up_module(db).await;
    (open_case(db, "ordinary-month", 1).await, open_case(db, "ordinary-month", 2).await)
}

/// The fields of the table as a browser would send them.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let (_, form) = page.body.rsplit_once("<form method=\"post\"").unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next().unwrap().to_owned())
    };
    let tags = form.split("<input").skip(1).map(|tag| tag.split('>').next().unwrap());
    tags.filter(|tag| !tag.contains("form-key"))
        .map(|tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap_or_default()))
        .collect()
}

fn encoded(fields: &[(String, String)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace(',', "%2C")));
    pairs.collect::<Vec<_>>().join("&")
}

fn set(fields: &mut [(String, String)], name: &str, text: &str) {
    let field = fields.iter_mut().find(|(field, _)| field == name);
    text.clone_into(&mut field.unwrap_or_else(|| panic!("no field {name}")).1);
}

#[tokio::test]
async fn a_months_hours_of_all_are_told_in_one_table() {
    each_engine(|db| async move {
        let (one, other) = apprentices(&db).await;
        let employer = Visitor::new(&db, firm("29189803", None)).await;
        employer.get("/selv").await.says("Måneder for alle på én gang");
        let page = employer.get(NOVEMBER).await;
        for text in ["Lærling 1", "Lærling 2", r#"value="2.11.2020""#, r#"value="30.11.2020""#] {
            page.says(text);
        }
        let mut typed = fields(&page);
        for case in [&one, &other] {
            set(&mut typed, &format!("s{case}-p1-r1-total-hours"), "100,5");
            set(&mut typed, &format!("s{case}-p2-r2-worked"), "37");
        }
        set(&mut typed, &format!("s{other}-p2-r3-worked"), "mange");
        let refused = employer.send(NOVEMBER, &encoded(&typed)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        refused.says("Intet er registreret");
        refused
            .says(&format!("Sag {other}, Lærling 2, {WORKED}: Skriv et tal, for eksempel 12,5."));
        refused.says("mange");
        assert_eq!(count(&db, TOLD).await, 0);

        set(&mut typed, &format!("s{other}-p2-r3-worked"), "29,6");
        let told = employer.send(NOVEMBER, &encoded(&typed)).await;
        assert_eq!(told.header("location"), format!("{NOVEMBER}?gemt"), "{}", told.body);
        assert_eq!(count(&db, TOLD).await, 5);
        assert_eq!(count(&db, TASKS).await, 0); // the month's run reads it; nobody is disturbed
        let shown = employer.get(NOVEMBER).await;
        shown.says(r#"value="29,6""#);

        // Sent again unchanged, nothing is registered; what is another is a correction, and a person is asked.
        let mut again = fields(&shown);
        employer.send(NOVEMBER, &encoded(&again)).await;
        assert_eq!(count(&db, TOLD).await, 5);
        let corrected = again.iter().position(|(_, value)| value == "29,6").unwrap();
        again[corrected].1 = "22,2".to_owned();
        employer.send(NOVEMBER, &encoded(&again)).await;
        assert_eq!(count(&db, TOLD).await, 6);
        assert_eq!(count(&db, TASKS).await, 1);
        get_at(&db, super::morning(), "def", "/opgaver")
            .await
            .says("nye oplysninger i selvbetjeningen");
    })
    .await;
}

#[tokio::test]
async fn a_file_is_read_into_the_table_and_its_mistakes_are_named_at_the_cell() {
    each_engine(|db| async move {
        let (one, other) = apprentices(&db).await;
        let employer = Visitor::new(&db, firm("29189803", None)).await;
        let template = employer.get(&format!("{NOVEMBER}/skabelon.csv")).await.body;
        let lines: Vec<&str> = template.trim_start_matches('\u{feff}').lines().collect();
        assert!(lines[0].starts_with("Sag;Navn;Afsnit;Fra;Til;"), "{}", lines[0]);
        assert_eq!(lines.iter().filter(|line| line.contains("Lærling 2")).count(), 8);

        let head = format!("Sag;Navn;Afsnit;Fra;Til;{WORKED}");
        let week = "Timer uge for uge;2.11.2020;8.11.2020";
        let upload = async |rows: &str| {
            let file = format!("{head}\r\n{rows}\r\n");
            employer.upload(&format!("{NOVEMBER}/fil"), "timer.csv", file.as_bytes()).await
        };
        let mistaken = upload(&format!("{one};L1;{week};37\r\n{other};L2;{week};37.5.1")).await;
        assert_eq!(mistaken.status, StatusCode::UNPROCESSABLE_ENTITY);
        mistaken.says(&format!("Linje 3, sag {other}, Lærling 2, {WORKED}: Skriv et tal"));
        for (rows, why) in [
            (
                format!("2020-99999;L1;{week};37"),
                "Linje 2: I har ingen åben sag med nummeret 2020-99999.",
            ),
            (format!("{one};L1;Løn;2.11.2020;8.11.2020;37"), "Linje 2: Afsnittet Løn kendes ikke."),
            (format!("{one};L1;{week}1;37"), "Skriv en dato"),
        ] {
            upload(&rows).await.says(why);
        }
        let unknown = employer
            .upload(&format!("{NOVEMBER}/fil"), "t.csv", "Sag;Navn;Hours\r\n".as_bytes())
            .await;
        unknown.says("Kolonnen Afsnit mangler");
        unknown.says("Kolonnen Hours kendes ikke");

        // Written by an older spreadsheet, in Latin-1.
        let old = format!("{head}\r\n{one};L\u{e6};{week};37,5\r\n");
        let old: Vec<u8> = old.chars().map(|sign| u8::try_from(sign).unwrap()).collect();
        let read = employer.upload(&format!("{NOVEMBER}/fil"), "timer.csv", &old).await;
        assert_eq!(read.status, StatusCode::OK, "{}", read.body);
        read.says("Filen er læst");
        assert_eq!(count(&db, TOLD).await, 0);
        let told = employer.send(NOVEMBER, &encoded(&fields(&read))).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
        assert_eq!(count(&db, TOLD).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_employer_sees_and_tells_nothing_of_another_units_apprentices() {
    each_engine(|db| async move {
        let (one, _) = apprentices(&db).await;
        let unit = Some(Unit::Se("29189803".parse().unwrap()));
        for stranger in [firm("10150817", None), firm("29189803", unit)] {
            let stranger = Visitor::new(&db, stranger).await;
            let page = stranger.get(NOVEMBER).await;
            assert!(!page.body.contains("Lærling 1"), "{}", page.body);
            assert!(!stranger.get("/selv").await.body.contains(&one.to_string()));
            let typed = format!("s{one}-p2-r1-vist=worked&s{one}-p2-r1-worked=37");
            stranger.send(NOVEMBER, &typed).await;
            let file = format!(
                "Sag;Afsnit;Fra;Til;{WORKED}\r\n{one};Timer uge for uge;2.11.2020;8.11.2020;37\r\n"
            );
            let read = stranger.upload(&format!("{NOVEMBER}/fil"), "t.csv", file.as_bytes()).await;
            read.says("I har ingen åben sag med nummeret");
            let fields = format!(
                "benefit=voksenlaerling&form=maanedsanmodning&owner={}&case={}",
                stranger.owner().await,
                one.id
            );
            let begun = stranger.send("/selv/formularer", &fields).await;
            assert_eq!(begun.status, StatusCode::NOT_FOUND);
            assert_eq!(stranger.get("/selv/udbetalinger.json").await.body, "[]");
        }
        assert_eq!(count(&db, TOLD).await, 0);
        let citizen = Visitor::new(&db, bo()).await;
        assert_eq!(citizen.get(NOVEMBER).await.status, StatusCode::NOT_FOUND);
        // The apprentice is no party of the employer's case.
        let apprentice = ydun::visits::Shown::Citizen {
            cpr: "0707614001".parse().unwrap(),
            name: "Lærling 1".into(),
        };
        let apprentice = Visitor::new(&db, apprentice).await;
        assert!(!apprentice.get("/selv").await.body.contains(&one.to_string()));
        assert_eq!(apprentice.get("/selv/udbetalinger.json").await.body, "[]");
    })
    .await;
}

#[tokio::test]
async fn an_employer_is_told_what_was_paid_and_what_a_correction_changed() {
    each_engine(|db| async move {
        let Cases { paid, .. } = october(&db).await;
        let employer = Visitor::new(&db, firm("29189803", None)).await;
        let first = employer.get("/selv/udbetalinger").await;
        for text in ["Lærling 1, Oktober 2020", "7.326,00 kr.", "Projekt 4711", "Planlagt"] {
            first.says(text);
        }
        assert!(!first.body.contains("Rettet"), "{}", first.body);

        correct_hours(&db, &paid, "2020-10-26", "29.6").await;
        crate::corrections::corrected(&db, &paid).await;
        let corrected = employer.get("/selv/udbetalinger").await;
        for text in ["Rettet", "Før var beløbet 7.326,00 kr.", "før 162,8, nu 155,4"] {
            corrected.says(text);
        }
        let json: serde_json::Value =
            serde_json::from_str(&employer.get("/selv/udbetalinger.json").await.body).unwrap();
        assert_eq!(json[0]["now"]["amount"], "6993.00");
        assert_eq!(json[0]["before"]["amount"], "7326.00");
        let csv = employer.get("/selv/udbetalinger.csv").await.body;
        assert!(csv.contains(";6993,00;") && csv.contains(";7326,00;"), "{csv}");
        assert!(!csv.contains("070761"), "{csv}");
    })
    .await;
}

#[tokio::test]
async fn october_is_shown_as_it_is_known() {
    each_engine(|db| async move {
        apprentices(&db).await;
        let employer = Visitor::new(&db, firm("29189803", None)).await;
        let page = employer.get(OCTOBER).await;
        for text in [r#"value="14,8""#, r#"value="162,8""#, r#"value="Projekt 4711""#] {
            page.says(text);
        }
        employer.send(OCTOBER, &encoded(&fields(&page))).await;
        assert_eq!(count(&db, TOLD).await, 0); // all of it was known, also the day it was received
    })
    .await;
}
