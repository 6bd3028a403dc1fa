//! The pages of those who watch over payments: when money is where, where payments stand, and a month's end.

use axum::http::StatusCode;
use ydun::access::Pay;
use ydun::db::sql;
use ydun::payments::service::hold;
use ydun_domain::ids::CaseId;

use crate::money::{BOUNCES, Office, at_bank};
use crate::support::{at, change, each_engine, tenant};
use crate::voksenlaerling::in_november;
use crate::web::{Answer, get, get_as, get_at, october, send_at};

impl Office {
    async fn page(&self, address: &str) -> Answer {
        get_at(&self.db, self.now, "def", address).await
    }

    async fn sends(&self, worker: &str, address: &str, fields: &str) -> Answer {
        send_at(&self.db, self.now, worker, address, fields).await
    }

    async fn case_number(&self, case: CaseId) -> String {
        let mut read = self.db.read().await.unwrap();
        let found = ydun::cases::service::by_ids(&mut read, self.tenant, &[case]).await.unwrap();
        found[0].to_string()
    }
}

#[tokio::test]
async fn the_calendar_says_until_when_one_approves_for_each_day() {
    each_engine(|db| async move {
        october(&db).await;
        let page = get(&db, "/udbetalinger?maaned=2020-12").await;
        page.says("Udbetalinger, december 2020");
        page.says("Juleaftensdag, bankerne holder lukket");
        page.says("Weekend, bankerne holder lukket");
        // Monday 28 December is the first bank day after Christmas: 23, 22, 21 and 18 lie before it.
        let row = page.body.split("mandag den 28.").nth(1).unwrap().split("</tr>").next().unwrap();
        for until in ["18. december kl. 15.00", "23. december kl. 15.00", "28. december kl. 12.00"]
        {
            assert!(row.contains(until), "{until}: {row}");
        }
        let now = get(&db, "/udbetalinger").await;
        now.says("Godkendes det nu");
        now.says("På kontoen 11. november 2020");
        now.says(r#"<span class="mark plain">I dag</span>"#);
        assert_eq!(get(&db, "/udbetalinger?maaned=jul").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn payments_are_listed_by_where_they_stand_and_lead_to_their_cases() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (planned, held) = (office.case().await, office.case().await);
        let (first, second) = (office.company(1).await, office.company(2).await);
        office.decide(planned, "2020-10", &[("x", first, "a", 50_000)]).await;
        office.decide(held, "2020-10", &[("x", second, "a", 70_000)]).await;
        let act = office.act::<Pay>("abc").await;
        let of = (held, second, "2020-10-01".parse().unwrap());
        change(&db, async |tx| hold(tx, &act, of, "dødsfald").await.unwrap()).await;
        let (planned, held) = (office.case_number(planned).await, office.case_number(held).await);

        let page = office.page("/udbetalinger?maaned=2020-11").await;
        page.says("Holdt tilbage");
        let list = office.page("/udbetalinger/liste?tilstand=planned&maaned=2020-11").await;
        list.says(&format!("/sager/{planned}#udbetalinger"));
        assert!(!list.body.contains(&held), "what is held is not planned to leave");
        let list = office.page("/udbetalinger/liste?tilstand=held").await;
        list.says(&format!("/sager/{held}#udbetalinger"));
        assert!(!list.body.contains(&planned));
        let elsewhere = office.page("/udbetalinger/liste?tilstand=planned&maaned=2020-10").await;
        elsewhere.says("Her er ingen betalinger.");
        let wrong = office.page("/udbetalinger/liste?tilstand=tabt").await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);

        office.now = at("2020-11-24T09:00:00Z");
        office.send("2020-11-24").await;
        let page = office.page("/udbetalinger?maaned=2020-11").await;
        page.says("Sendt til banken");
        page.says("Ikke endnu"); // nobody has shown the file to the bank
        office.publish().await;
        office.bank_answers("2020-11-24").await;
        let page = office.page("/udbetalinger?maaned=2020-11").await;
        assert!(!page.body.contains("Ikke endnu"));
        page.says("Godkendt af banken");
    })
    .await;
}

#[tokio::test]
async fn a_month_is_explained_agreed_and_closed_on_its_page() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.script.insert(at_bank(1), BOUNCES);
        office.decide(case, "2020-10", &[("x", firm, "a", 500)]).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        office.bank_answers("2020-12-07").await;
        let address = "/udbetalinger/maaned/2020-10";
        let page = office.page(address).await;
        for text in
            ["1 afvigelse er ikke forklaret", "bogført, ikke udbetalt", "Firma 1", "x:2020-10"]
        {
            page.says(text);
        }
        page.says(&format!("/sager/{}", office.case_number(case).await));
        assert!(!page.body.contains("Luk oktober 2020"));
        let early = office.sends("abc", &format!("{address}/luk"), "benefit=pr%C3%B8ve").await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        early.says("1 afvigelse er ikke forklaret, i alt 5,00 kr.");

        let (_, rest) = page.body.split_once(r#"name="key" value=""#).unwrap();
        let key = format!("key={}", rest.split('"').next().unwrap());
        let silent = office.sends("abc", &format!("{address}/forklar"), &key).await;
        silent.says("Skriv, hvorfor afvigelsen må blive stående.");
        let explained = format!("{key}&reason=kontoen+er+lukket");
        let done = office.sends("abc", &format!("{address}/forklar"), &explained).await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, address));
        let own = office.sends("abc", &format!("{address}/godkend"), &key).await;
        own.says("Du har selv forklaret afvigelsen.");
        office.sends("def", &format!("{address}/godkend"), &key).await;
        office.page(address).await.says("Måneden kan lukkes.");
        office.sends("abc", &format!("{address}/luk"), "benefit=pr%C3%B8ve").await;
        let closed = office.page(address).await;
        closed.says("Lukket</span> 3. december 2020 af abc");
        closed.says("Intet er bogført siden på måneden.");
        assert_eq!(office.page("/udbetalinger/maaned/okt").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_may_only_look_is_offered_no_close_and_gets_none() {
    each_engine(|db| async move {
        const LOOKER: &str =
            "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'kig', 'Kig', 'look')";
        october(&db).await;
        change(&db, async |tx| tx.execute(sql(LOOKER).bind(tenant())).await.unwrap()).await;
        let page = get_as(&db, "kig", "/udbetalinger/maaned/2020-10").await;
        page.says("bogført, ikke udbetalt");
        assert!(!page.body.contains("<summary>Forklar"));
        let address = "/udbetalinger/maaned/2020-10/luk";
        let refused = send_at(&db, in_november(), "kig", address, "benefit=x").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}
