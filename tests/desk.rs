//! The caseworker's pages: what the bench shows, what a form takes, and what is kept when it takes nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use ydun::access::{Act, Look};
use ydun::db::{Db, sql};
use ydun::tasks::Task;
use ydun::tasks::service as tasks;

use crate::support::{act_as, change, each_engine, tenant};
use crate::voksenlaerling::in_november;
use crate::web::{Answer, ask_at, get, get_as, october, send_as};

/// The task about a person's judgement, and its address.
async fn judgement(db: &Db) -> (Task, String) {
    let look: Act<Look> = act_as(db, "def", in_november()).await;
    let open = tasks::open(&mut db.read().await.unwrap(), &look).await.unwrap();
    let task = open.into_iter().find(|task| !task.questions.is_empty()).unwrap();
    let address = format!("/opgaver/{}", task.id);
    (task, address)
}

/// What a form of the page sends along.
fn version(page: &Answer) -> String {
    let (_, rest) = page.body.split_once(r#"name="version" value=""#).unwrap();
    format!("version={}", rest.split('"').next().unwrap())
}

async fn count(db: &Db, question: &'static str) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(question)).await.unwrap().0
}

const JUDGED: &str = "SELECT COUNT(*) FROM fact WHERE kind = 'assessment'";
const RECORDED: &str = "SELECT COUNT(*) FROM audit";

#[tokio::test]
async fn a_row_of_the_bench_tells_what_the_task_is_about() {
    each_engine(|db| async move {
        let doubtful = october(&db).await.doubtful;
        let (task, address) = judgement(&db).await;
        let bench = get(&db, "/opgaver").await;
        for text in
            [&*task.title, &address, &doubtful.to_string(), "Tilskud til voksenlærlinge", "Ingen"]
        {
            bench.says(text);
        }
        get(&db, "/opgaver?hos=mig").await.says("Ingen opgaver passer");
        get(&db, "/opgaver?koe=vurdering&hos=ingen").await.says(&address);
        assert_eq!(get(&db, "/opgaver?tempo=hurtigt").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(get(&db, "/opgaver?efter=her").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_taken_and_the_next_task_opens() {
    each_engine(|db| async move {
        october(&db).await;
        let (task, address) = judgement(&db).await;
        let next = send_as(&db, "def", "/opgaver/naeste", "koe=vurdering").await;
        assert_eq!(next.header("location"), address);
        let page = get(&db, &address).await;
        page.says("Hos Dorte E. Friis");
        page.says("Betingelser"); // the calculation stands beside the question
        let yes = format!("{}&svar-1-met=ja&svar-1-reason=Efter+kontrakten.", version(&page));
        let done = send_as(&db, "def", &address, &yes).await;
        let expected = format!("/opgaver?besvaret={}", task.id);
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, &*expected));
        get(&db, &expected).await.says(&format!(r#"data-draft-done="{}""#, task.id));
        assert_eq!(count(&db, JUDGED).await, 1);
        assert_eq!(get(&db, &address).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_refused_comes_back_with_what_was_typed_and_what_is_wrong() {
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        let half =
            format!("{}&svar-1-reason=Efter+kontrakten.", version(&get(&db, &address).await));
        let refused = send_as(&db, "def", &address, &half).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("Efter kontrakten.</textarea>");
        refused.says(r##"<a href="#svar-1-met">"##);
        refused.says("Vælg ja eller nej.");

        let nothing = send_as(&db, "def", &address, &version(&refused)).await;
        nothing.says("Svar på mindst ét af spørgsmålene.");
        assert_eq!(count(&db, JUDGED).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_another_has_changed_meanwhile_is_not_written_over_and_nothing_typed_is_lost() {
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        let seen = version(&get(&db, &address).await);
        let take = send_as(&db, "abc", &format!("{address}/tag"), &seen).await;
        assert_eq!(take.header("location"), address);
        let mine = format!("{seen}&svar-1-met=nej&svar-1-reason=L%C3%B8nnen+er+lavere.");
        let late = send_as(&db, "def", &address, &mine).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.says("Opgaven er ændret, siden du åbnede den.");
        late.says("Lønnen er lavere.</textarea>");
        late.says("Anna B. Carlsen tog opgaven");
        assert_eq!(count(&db, JUDGED).await, 0);
        let again = send_as(&db, "def", &address, &mine.replace(&seen, &version(&late))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&db, JUDGED).await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_comes_too_late_is_told_who_was_first_and_keeps_what_was_typed() {
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        let seen = version(&get(&db, &address).await);
        let answer = format!("{seen}&svar-1-met=ja&svar-1-reason=L%C3%B8nnen+er+h%C3%B8j+nok.");
        assert_eq!(send_as(&db, "abc", &address, &answer).await.status, StatusCode::SEE_OTHER);
        for to in [address.clone(), format!("{address}/vent")] {
            let late =
                send_as(&db, "def", &to, &format!("{answer}&dag=011220&grund=ring+igen")).await;
            assert_eq!(late.status, StatusCode::CONFLICT);
            late.says("Anna B. Carlsen løste opgaven");
            late.says("Lønnen er høj nok.");
            late.says("ring igen");
        }
        assert_eq!(count(&db, JUDGED).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_task_is_moved_by_its_page_and_tells_its_story() {
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        let press = async |what: &str, fields: &str| {
            let seen = version(&get(&db, &address).await);
            send_as(&db, "def", &format!("{address}/{what}"), &format!("{seen}&{fields}")).await
        };
        for (what, fields, told) in [
            ("tag", "", "Dorte E. Friis tog opgaven"),
            ("giv-tilbage", "", "gav opgaven fri"),
            (
                "overdrag",
                "til=abc&besked=ring+f%C3%B8rst",
                "gav opgaven til Anna B. Carlsen: ring først",
            ),
            (
                "vent",
                "dag=011220&grund=svar+fra+l%C3%A6gen",
                "lod den vente til 1. december 2020: svar fra lægen",
            ),
            ("genoptag", "", "tog den frem igen"),
            ("navn", "navn=Ring+til+Bo", "<h1>Ring til Bo</h1>"),
            ("maerk", "maerke=haster", "satte mærket haster"),
            ("fjern-maerke", "maerke=haster", "fjernede mærket haster"),
        ] {
            let before = count(&db, RECORDED).await;
            assert_eq!(press(what, fields).await.status, StatusCode::SEE_OTHER, "{what}");
            assert!(count(&db, RECORDED).await > before + 1, "{what}");
            get(&db, &address).await.says(told);
        }
        let yesterday = press("vent", "dag=011120&grund=x").await;
        assert_eq!(yesterday.status, StatusCode::CONFLICT);
        yesterday.says("Vælg en dag efter i dag.");
        yesterday.says(r#"value="011120""#);
        press("flyv", "").await.says("Vælg, hvad der skal ske.");
    })
    .await;
}

#[tokio::test]
async fn whose_session_has_ended_comes_back_to_the_task_that_was_answered() {
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        for (sent, page) in [
            (address.clone(), &*address),
            (format!("{address}/vent"), &address),
            ("/opgaver/flere".into(), "/opgaver"),
        ] {
            let request = Request::post(&sent).header("sec-fetch-site", "same-origin");
            let form = request.body(Body::from("version=0&svar-1-reason=x")).unwrap();
            let login = ask_at(&db, in_november(), form).await;
            assert_eq!(login.header("location"), format!("/log-ind?til={sent}"));
            let back = get(&db, &sent).await;
            assert!(back.status == StatusCode::OK || back.header("location") == page, "{sent}");
        }
        assert_eq!(count(&db, JUDGED).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_ticked_tasks_are_moved_together_and_a_choice_is_kept_under_a_name() {
    each_engine(|db| async move {
        october(&db).await;
        let (task, _) = judgement(&db).await;
        let many = async |fields: &str| send_as(&db, "def", "/opgaver/flere", fields).await;
        many("hvad=overdrag&til=abc").await.says("Sæt kryds ved de opgaver, det gælder.");
        let moved =
            many(&format!("opgave={}&hvad=overdrag&til=abc&valgt=hos%3Dabc", task.id)).await;
        assert_eq!(moved.header("location"), "/opgaver?hos=abc");
        get(&db, "/opgaver?hos=abc").await.says(&task.title);

        let keep = async |fields: &str| send_as(&db, "def", "/opgaver/visninger", fields).await;
        let kept = keep("valgt=hos%3Dabc&navn=Annas&deles=ja").await;
        assert_eq!(kept.header("location"), "/opgaver?hos=abc");
        get_as(&db, "abc", "/opgaver").await.says(r#"<a href="/opgaver?hos=abc">Annas</a>"#);
        keep("valgt=&navn=").await.says("Giv visningen et navn");
        keep("valgt=&fjern=Annas").await;
        assert!(!get(&db, "/opgaver").await.body.contains("Annas"));
    })
    .await;
}

#[tokio::test]
async fn who_may_only_look_is_offered_nothing_and_can_send_nothing() {
    const ONLOOKER: &str =
        "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'see', 'Siv', 'look')";
    each_engine(|db| async move {
        october(&db).await;
        let (_, address) = judgement(&db).await;
        change(&db, async |tx| tx.execute(sql(ONLOOKER).bind(tenant())).await.unwrap()).await;
        for page in ["/opgaver", &address] {
            let page = get_as(&db, "see", page).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("Giv mig den næste") && !page.body.contains("Gem svaret"));
        }
        for (to, fields) in [
            ("/opgaver/naeste".to_owned(), ""),
            ("/opgaver/flere".to_owned(), "opgave=00000000-0000-0000-0000-000000000000&hvad=tag"),
            (address.clone(), "version=0"),
            (format!("{address}/tag"), "version=0"),
        ] {
            assert_eq!(
                send_as(&db, "see", &to, fields).await.status,
                StatusCode::FORBIDDEN,
                "{to}"
            );
        }
    })
    .await;
}
