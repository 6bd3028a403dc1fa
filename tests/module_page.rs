//! A benefit's page: its versions through their lives, and what the municipality chooses.

use axum::http::StatusCode;

use crate::replay::wrong_rate;
use crate::support::each_engine;
use crate::voksenlaerling::{BENEFIT, keep_module, set_up_module};
use crate::web::{get, get_as, october, send_as};

const ADDRESS: &str = "/moduler/voksenlaerling";

#[tokio::test]
async fn a_version_is_put_to_rest_and_let_go_with_a_reason() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        get(&db, "/moduler").await.says(&format!(r#"<a href="/moduler/{BENEFIT}">"#));
        let rest = format!("{ADDRESS}/saet-i-bero");
        let silent = send_as(&db, "abc", &rest, "version=1.0.0&grund=").await;
        assert_eq!(silent.status, StatusCode::CONFLICT);
        silent.says("Skriv hvorfor");
        send_as(&db, "abc", &rest, "version=1.0.0&grund=regner+forkert").await;
        let page = get(&db, ADDRESS).await;
        page.says("I bero</span><span class=\"small\">regner forkert</span>");
        let go_on = format!("{ADDRESS}/genoptag");
        send_as(&db, "abc", &go_on, "version=1.0.0&grund=rettet").await;
        assert!(!get(&db, ADDRESS).await.body.contains("I bero"));
        assert_eq!(get(&db, "/moduler/findesikke").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_version_counts_from_its_page_unless_it_changes_what_nobody_signed() {
    each_engine(|db| async move {
        october(&db).await;
        keep_module(&db, wrong_rate()).await;
        let start = format!("{ADDRESS}/tag-i-brug");
        let wrong = send_as(&db, "abc", &start, "version=1.1.0&fra=i+morgen").await;
        wrong.says("Skriv den første dag");
        let closed = send_as(&db, "abc", &start, "version=1.1.0&fra=011020").await;
        assert_eq!(closed.status, StatusCode::CONFLICT);
        closed.says("ingen har skrevet under på forskellene");
        send_as(&db, "abc", &start, "version=1.1.0&fra=011020&skygge=ja").await;
        get(&db, ADDRESS).await.says("i skyggen fra 1. oktober 2020");
        send_as(&db, "abc", &start, "version=1.1.0&fra=010121").await;
        get(&db, ADDRESS).await.says("fra 1. januar 2021, kendt fra 5. november 2020");
        let back = format!("{ADDRESS}/rul-tilbage");
        send_as(&db, "abc", &back, "version=1.1.0&grund=forkert+sats").await;
        get(&db, ADDRESS).await.says("forkert sats");
    })
    .await;
}

#[tokio::test]
async fn who_may_only_look_changes_no_module() {
    each_engine(|db| async move {
        const LOOKER: &str =
            "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'kig', 'Kig', 'look')";
        set_up_module(&db).await;
        let add = ydun::db::sql(LOOKER).bind(crate::support::tenant());
        crate::support::change(&db, async |tx| tx.execute(add.clone()).await.unwrap()).await;
        let page = get_as(&db, "kig", ADDRESS).await;
        assert!(!page.body.contains("<form class=\"fields\""), "{}", page.body);
        let rest = format!("{ADDRESS}/saet-i-bero");
        let refused = send_as(&db, "kig", &rest, "version=1.0.0&grund=x").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}
