//! The page where a second person signs a month's list.

use axum::http::StatusCode;
use ydun::access::{Act, Propose};
use ydun::operations::service::{Request as MonthRequest, run_month};

use crate::support::{act_as, each_engine};
use crate::voksenlaerling::{BENEFIT, OCTOBER, in_november, open_case, registry, set_up_module};
use crate::web::{Answer, get, send_as};

/// What the page asks one to sign.
fn digest(page: &Answer) -> String {
    let (_, rest) = page.body.split_once(r#"name="set" value=""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_second_person_signs_a_months_list_on_its_page() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        open_case(&db, "ordinary-month", 1).await;
        open_case(&db, "aged-24-years-and-364-days", 2).await;
        let run = async || {
            let proposer: Act<Propose> = act_as(&db, "abc", in_november()).await;
            let request = MonthRequest::new(BENEFIT, OCTOBER.parse().unwrap());
            run_month(&db, registry(), &proposer, &request, |_| ()).await.unwrap();
        };
        run().await;
        let lists = get(&db, "/godkendelser").await;
        lists.says("Tilskud til voksenlærlinge, oktober 2020");
        let address = format!("/godkendelser/{BENEFIT}/{OCTOBER}");
        lists.says(&address);
        let page = get(&db, &address).await;
        page.says("2 afgørelser venter på godkendelse, i alt 7.326,00 kr.");
        page.says("Afslag");
        let set = format!("set={}", digest(&page));

        let own = send_as(&db, "abc", &address, &set).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        own.says("Du har selv indstillet en af afgørelserne.");

        open_case(&db, "ordinary-month", 3).await;
        run().await; // the list is another one now
        let old = send_as(&db, "def", &address, &set).await;
        assert_eq!(old.status, StatusCode::CONFLICT);
        old.says("Listen er ændret, siden du åbnede den.");
        let set = format!("set={}", digest(&old));
        let signed = send_as(&db, "def", &address, &set).await;
        assert_eq!((signed.status, signed.header("location")), (StatusCode::SEE_OTHER, &*address));
        let page = get(&db, &address).await;
        page.says("Intet venter på godkendelse. 3 er godkendt.");
        assert!(!page.body.contains(r#"name="set""#));
        get(&db, "/godkendelser").await.says("Ingen afgørelser venter på godkendelse.");
    })
    .await;
}
