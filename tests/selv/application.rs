//! A citizen applies: step by step, left and come back to, checked, sent, and found on the bench.

use axum::http::StatusCode;

use super::{Visitor, bo, count, ida};
use crate::benefits::Benefit;
use crate::support::each_engine;
use crate::web::{Answer, get_at};

const FACTS: &str = "SELECT COUNT(*) FROM fact";
const DOCUMENTS: &str = "SELECT COUNT(*) FROM document";
const CONTENTS: &str = "SELECT COUNT(*) FROM document_content";
const CASES: &str = "SELECT COUNT(*) FROM benefit_case";

const SITUATION: &str = "r1-reason=Min kontrakt blev opsagt&r1-event=none&r1-student-loan=not-student&\
    r1-cash-benefit-level=nej&r1-sanctioned=nej";
const HOUSEHOLD: &str = "r1-family=single&r1-children=0&\
    r1-lives-with-parents=nej";
const EXPENSE: &str = "r1-number=1&r1-purpose=PURPOSE&r1-amount=1.200,50&r1-other-law=OTHER&\
    r1-nature=NATURE&r1-documents=1";
const BUDGET: &str = "r1-dage-maaned=3.2026&r1-net-income=9.000&r1-assets=0";

/// The first code that a question of the manifest offers.
fn code(benefit: &Benefit, fact: &str, attribute: &str) -> String {
    let fact = benefit.manifest().fact(fact).unwrap();
    fact.attribute(attribute).unwrap().codes[0].code.clone()
}

fn encoded(fields: &str) -> String {
    fields.replace(' ', "+").replace(',', "%2C").replace('æ', "%C3%A6")
}

/// A hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let found = page.split_once(&format!("name=\"{name}\" value=\""));
    found.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()).unwrap_or_default()
}

/// What was typed, with what the page sends along for as many rows.
fn with_hidden(page: &str, fields: &str) -> String {
    let asked = hidden(page, "r1-vist");
    let rows = if fields.contains("r2-") { 2 } else { 1 };
    let seen: Vec<String> = (1..=rows).map(|row| format!("&r{row}-vist={asked}")).collect();
    let seen = seen.concat();
    encoded(&format!("version={}{seen}&{fields}", hidden(page, "version")))
}

async fn fill_in(visitor: &Visitor<'_>, form: &str, step: &str, fields: &str) -> Answer {
    let address = format!("{form}/{step}");
    let page = visitor.get(&address).await.body;
    visitor.send(&address, &with_hidden(&page, fields)).await
}

fn pages(benefit: &Benefit) -> [(String, String); 4] {
    let situation = SITUATION
        .replace("r1-event=none", &format!("r1-event={}", code(benefit, "application", "event")))
        .replace("not-student", &code(benefit, "application", "student-loan"));
    let expense = EXPENSE
        .replace("PURPOSE", &code(benefit, "expense", "purpose"))
        .replace("OTHER", &code(benefit, "expense", "other-law"))
        .replace("NATURE", &code(benefit, "expense", "nature"));
    let household = HOUSEHOLD.replace("single", &code(benefit, "household", "family"));
    [
        ("1".to_owned(), situation),
        ("2".to_owned(), expense),
        ("3".to_owned(), household),
        ("4".to_owned(), BUDGET.to_owned()),
    ]
}

async fn answer_all(visitor: &Visitor<'_>, benefit: &Benefit, form: &str) {
    for (step, fields) in pages(benefit) {
        let saved = fill_in(visitor, form, &step, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "step {step}: {}", saved.body);
    }
}

#[tokio::test]
async fn an_application_is_filled_in_sent_and_found_on_the_bench() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        answer_all(&bo, &benefit, &form).await;
        let attached =
            bo.upload(&format!("{form}/bilag"), "regning.pdf", b"%PDF-1.7 regning").await;
        assert_eq!(attached.status, StatusCode::SEE_OTHER, "{}", attached.body);

        let check = bo.get(&format!("{form}/kontrol")).await;
        for text in ["Min kontrakt blev opsagt", "1.200,50 kr.", "regning.pdf", "Ret"] {
            check.says(text);
        }
        assert!(!check.body.contains("Mangler eller skal rettes"), "{}", check.body);
        assert_eq!((count(&db, CASES).await, count(&db, FACTS).await), (0, 0));

        let sent = bo.send(&format!("{form}/kontrol"), "").await;
        assert_eq!(sent.header("location"), format!("{form}/kvittering"), "{}", sent.body);
        let receipt = bo.get(&format!("{form}/kvittering")).await;
        for text in
            ["Sag 2026-00001", "2. marts 2026 kl. 09.00", "senest 30. marts 2026", "regning.pdf"]
        {
            receipt.says(text);
        }
        assert_eq!((count(&db, CASES).await, count(&db, FACTS).await), (1, 4));

        let bench = get_at(&db, super::morning(), "def", "/opgaver").await;
        bench.says("ny ansøgning i selvbetjeningen");
        let case = get_at(&db, super::morning(), "def", "/sager/2026-00001").await;
        case.says("Bo Dam");
        case.says("regning.pdf");
        let (_, rest) = case.body.split_once("/sager/2026-00001/dokumenter/").unwrap();
        let document = format!("/sager/2026-00001/dokumenter/{}", rest.split('"').next().unwrap());
        let file = get_at(&db, super::morning(), "def", &document).await;
        assert_eq!(file.body, "%PDF-1.7 regning");
        assert!(file.header("content-disposition").starts_with("attachment"));

        let again = bo.send(&format!("{form}/kontrol"), "").await;
        assert_eq!(again.status, StatusCode::NOT_FOUND); // sent once, and once only
        assert_eq!(count(&db, CASES).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_is_kept_when_it_is_wrong_and_when_one_leaves() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo_here = Visitor::new(&db, bo()).await;
        let form = bo_here.begin("enkeltydelser", "ansoegning").await;
        let wrong = BUDGET.replace("9.000", "ni tusind");
        let refused = fill_in(&bo_here, &form, "4", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says(r##"<a href="#r1-net-income">"##);
        refused.says("ni tusind");
        refused.says("Skriv et beløb i kroner");

        let left = fill_in(&bo_here, &form, "4", &format!("{wrong}&handling=gem")).await;
        assert_eq!(left.header("location"), "/selv?gemt");
        let bo_again = Visitor::new(&db, bo()).await; // another day, another browser
        bo_again.get("/selv").await.says("Ansøgning om hjælp til en enkelt udgift");
        let on = bo_again.get(&form).await;
        assert_eq!(on.header("location"), format!("{form}/4"));
        bo_again.get(&format!("{form}/4")).await.says("ni tusind");

        let check = bo_again.get(&format!("{form}/kontrol")).await;
        check.says("Mangler eller skal rettes");
        let unsent = bo_again.send(&format!("{form}/kontrol"), "").await;
        assert_eq!(unsent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(count(&db, CASES).await, 0);
    })
    .await;
}

#[tokio::test]
async fn two_windows_on_one_form_never_overwrite_each_other_in_silence() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        let address = format!("{form}/4");
        let first = bo.get(&address).await.body;
        let fields = |income: &str| with_hidden(&first, &BUDGET.replace("9.000", income));
        assert_eq!(bo.send(&address, &fields("8.000")).await.status, StatusCode::SEE_OTHER);
        let second = bo.send(&address, &fields("7.000")).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        second.says("gemt i et andet vindue");
        second.says("7.000");
        bo.get(&address).await.says("8.000");
    })
    .await;
}

#[tokio::test]
async fn the_next_application_knows_what_the_last_one_told_and_where_it_is_from() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let first = bo.begin("enkeltydelser", "ansoegning").await;
        answer_all(&bo, &benefit, &first).await;
        bo.send(&format!("{first}/kontrol"), "").await;

        let second = bo.begin("enkeltydelser", "ansoegning").await;
        let household = bo.get(&format!("{second}/3")).await;
        household.says("Vi har udfyldt det, vi ved i forvejen");
        household.says("selvbetjening: Ansøgning om hjælp til en enkelt udgift, 2. marts 2026");
        let ida = Visitor::new(&db, ida()).await;
        let hers = ida.begin("enkeltydelser", "ansoegning").await;
        let fresh = ida.get(&format!("{hers}/3")).await;
        assert!(!fresh.body.contains("Vi har udfyldt"), "{}", fresh.body);
    })
    .await;
}

#[tokio::test]
async fn rows_are_added_and_removed_without_script() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        let (_, expense) = &pages(&benefit)[1];
        let more = fill_in(&bo, &form, "2", &format!("{expense}&handling=tilfoej")).await;
        assert_eq!(more.status, StatusCode::OK);
        more.says(r#"name="r2-amount""#);
        let two =
            format!("{expense}&{}", expense.replace("r1-", "r2-").replace("number=1", "number=2"));
        let without = fill_in(&bo, &form, "2", &format!("{two}&handling=fjern-1")).await;
        assert!(!without.body.contains(r#"name="r2-amount""#), "{}", without.body);
        without.says(r#"name="r1-number" value="2""#);
    })
    .await;
}

#[tokio::test]
async fn only_documents_that_are_what_they_say_are_taken() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        let address = format!("{form}/bilag");
        for (name, content, why) in [
            ("regning.pdf", b"MZ\x90 et program".as_slice(), "hverken PDF, JPEG eller PNG"),
            ("tom.pdf", b"".as_slice(), "Vælg en fil med indhold"),
        ] {
            let refused = bo.upload(&address, name, content).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            refused.says(why);
        }
        let mut long = b"%PDF-".to_vec();
        long.resize((10 << 20) + 1, b' ');
        bo.upload(&address, "lang.pdf", &long).await.says("Filen er for stor");
        assert_eq!(count(&db, DOCUMENTS).await, 0);

        bo.upload(&address, "breve/010190-1234.png", b"\x89PNG\r\n\x1a\n").await;
        bo.upload(&address, "igen.png", b"\x89PNG\r\n\x1a\n").await;
        assert_eq!((count(&db, DOCUMENTS).await, count(&db, CONTENTS).await), (2, 1));
        let page = bo.get(&address).await;
        page.says("010190-••••.png");
        for _ in 0..2 {
            let page = bo.get(&address).await.body;
            let (_, rest) = page.split_once(&format!("{address}/")).unwrap();
            let document = rest.split('"').next().unwrap();
            bo.send(&format!("{address}/{document}"), "").await;
        }
        assert_eq!((count(&db, DOCUMENTS).await, count(&db, CONTENTS).await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_dropped_is_gone_with_all_that_was_attached() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "enkeltydelser").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("enkeltydelser", "ansoegning").await;
        bo.upload(&format!("{form}/bilag"), "a.pdf", b"%PDF-1").await;
        assert_eq!(bo.send(&form, "").await.header("location"), "/selv");
        assert_eq!(bo.get(&form).await.status, StatusCode::NOT_FOUND);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM filing").await, 0);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM document_content").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_parent_tells_of_the_child_and_is_asked_only_what_follows() {
    each_engine(|db| async move {
        Benefit::set_up(&db, "tabt-arbejdsfortjeneste").await;
        let bo = Visitor::new(&db, bo()).await;
        let form = bo.begin("tabt-arbejdsfortjeneste", "ansoegning").await;
        let refused = fill_in(&bo, &form, "personer", "p1-navn=Liv Dam&p1-cpr=12").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("Skriv CPR-nummeret med ti cifre");
        let told = fill_in(&bo, &form, "personer", "p1-navn=Liv Dam&p1-cpr=010218-1111").await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM party").await, 1); // Liv is known when it is sent

        // The child is the child: nobody is asked which.
        let page = bo.get(&format!("{form}/1")).await;
        assert!(!page.body.contains("r1-child"), "{}", page.body);
        // A kind of illness that lasts asks for how long; the page comes again with that question.
        let illness = bo.get(&format!("{form}/3")).await;
        assert!(!illness.body.contains("r1-expected-months"));
        let longer = fill_in(&bo, &form, "3", "r1-kind=long-term").await;
        assert_eq!(longer.status, StatusCode::OK);
        longer.says("r1-expected-months");
    })
    .await;
}
