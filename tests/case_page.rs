//! The page of a case: a payment is stopped there, and the case is put right by two persons.

use axum::http::StatusCode;
use ydun::access::{Look, Propose, Right as _};
use ydun::db::{Db, sql};
use ydun::payments::service::of_case;
use ydun::payments::{Payment, State};
use ydun_domain::ids::CaseId;

use crate::support::{at, each_engine, parties_know, tenant};
use crate::voksenlaerling::correct_hours;
use crate::web::{Answer, get, get_at, october, send_as, send_at};

async fn payment(db: &Db, case: CaseId) -> Payment {
    of_case(&mut db.read().await.unwrap(), tenant(), case).await.unwrap().remove(0)
}

/// What a form of the page asks one to sign.
fn set(page: &Answer) -> String {
    let (_, rest) = page.body.split_once(r#"name="set" value=""#).unwrap();
    format!("set={}", rest.split('"').next().unwrap())
}

/// Where the form with something to sign is sent.
fn correction(page: &Answer, case: &str) -> String {
    let start = format!("action=\"/sager/{case}/rettelse/");
    let (_, rest) = page.body.split_once(&start).unwrap();
    format!("/sager/{case}/rettelse/{}", rest.split('"').next().unwrap())
}

/// From now on a worker has only some rights.
async fn may_only(db: &Db, worker: &str, rights: &[&str]) {
    const ONLY: &str = "UPDATE worker SET rights = $2 WHERE id = $1";
    let rights = rights.join(" ");
    crate::support::change(db, async |tx| {
        tx.execute(sql(ONLY).bind(worker).bind(rights.as_str())).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_stopped_from_its_case_with_a_reason() {
    each_engine(|db| async move {
        let case = october(&db).await.paid;
        let planned = payment(&db, case.id).await;
        let page = format!("/sager/{case}");
        let address = format!("{page}/betalinger/{}", planned.id);
        get(&db, &page).await.says(&format!(r#"action="{address}""#));

        let silent = send_as(&db, "def", &address, "reason=++").await;
        assert_eq!(silent.status, StatusCode::CONFLICT);
        silent.says("Skriv, hvorfor betalingen skal standses.");
        assert_eq!(payment(&db, case.id).await.state, State::Planned);

        let done = send_as(&db, "def", &address, "reason=flyttet+til+en+anden+kommune").await;
        assert_eq!(done.header("location"), format!("{page}#udbetalinger"));
        assert_eq!(payment(&db, case.id).await.state, State::Stopped);
        let after = get(&db, &page).await;
        after.says("standset: flyttet til en anden kommune");
        assert!(!after.body.contains(&address), "there is nothing to stop any more");

        let late = send_as(&db, "def", &address, "reason=igen").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("Betalingen er nået frem eller standset i mellemtiden.");
        let elsewhere = format!("/sager/2020-99999/betalinger/{}", planned.id);
        assert_eq!(send_as(&db, "def", &elsewhere, "reason=x").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_may_only_look_is_not_shown_the_way_to_stop_and_cannot_go_it() {
    each_engine(|db| async move {
        let case = october(&db).await.paid;
        let planned = payment(&db, case.id).await;
        may_only(&db, "def", &[Look::WORD]).await;
        let page = get(&db, &format!("/sager/{case}")).await;
        assert!(!page.body.contains("Stands betalingen"));
        let address = format!("/sager/{case}/betalinger/{}", planned.id);
        let denied = send_as(&db, "def", &address, "reason=x").await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
        assert_eq!(payment(&db, case.id).await.state, State::Planned);
    })
    .await;
}

#[tokio::test]
async fn who_works_on_cases_and_does_not_pay_can_stop_what_is_wrong() {
    each_engine(|db| async move {
        let case = october(&db).await.paid;
        let planned = payment(&db, case.id).await;
        may_only(&db, "def", &[Look::WORD, Propose::WORD]).await;
        get(&db, &format!("/sager/{case}")).await.says("Stands betalingen");
        let address = format!("/sager/{case}/betalinger/{}", planned.id);
        let sent = send_as(&db, "def", &address, "reason=forkerte+timer").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(payment(&db, case.id).await.state, State::Stopped);
    })
    .await;
}

#[tokio::test]
async fn a_case_is_put_right_on_its_page_by_two_persons() {
    each_engine(|db| async move {
        let case = october(&db).await.paid;
        let address = format!("/sager/{case}/rettelse");
        let moment = at("2020-11-10T09:00:00Z"); // the hours are corrected on the 9th
        let look = async |address: &str| get_at(&db, moment, "def", address).await;
        let send = async |worker: &str, address: &str, form: &str| {
            send_at(&db, moment, worker, address, form).await
        };
        look(&address).await.says("Der er intet at rette.");
        let nothing = send("abc", &address, "reason=timer").await;
        assert_eq!(nothing.status, StatusCode::CONFLICT);
        nothing.says("Sagen giver det, der er afgjort.");

        // 37 hours in a week become 29.6: 7.4 hours at 45 kr. less.
        correct_hours(&db, &case, "2020-10-12", "29.6").await;
        let page = look(&address).await;
        page.says("-333,00 kr.");
        page.says("Nyt, 12.–18. oktober 2020: ");
        page.says("1 udbetaling, som ingen har fået endnu, trækkes tilbage");
        let silent = send("abc", &address, "reason=").await;
        silent.says("Skriv, hvorfor sagen rettes.");

        let proposed = send("abc", &address, "reason=Timerne+er+rettet").await;
        assert_eq!(
            (proposed.status, proposed.header("location")),
            (StatusCode::SEE_OTHER, &*address)
        );
        let page = look(&address).await;
        page.says("Timerne er rettet");
        page.says("Afventer godkendelse");
        let (sign, signed) = (correction(&page, &case.to_string()), set(&page));
        let alone = send("abc", &sign, &signed).await;
        alone.says("Du har selv foreslået rettelsen. En anden skal godkende den.");
        let other = send("def", &sign, &format!("set={}", "0".repeat(64))).await;
        other.says("Sagen er ændret, siden du så den. Se den igennem igen.");

        parties_know(&db, moment).await;
        let approved = send("def", &sign, &signed).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
        let page = look(&address).await;
        for text in ["Godkendt", "Refusion fra staten", "Ydelsesindekset", "Besked til modtageren"]
        {
            page.says(text);
        }
        let late = send("def", &sign, &signed).await;
        late.says("Rettelsen venter ikke længere på godkendelse.");
        assert!(!page.body.contains("070761"), "no personal number");
    })
    .await;
}
