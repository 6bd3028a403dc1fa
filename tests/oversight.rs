//! Ledelsestilsyn: a third person over the limit, what is sent back and where it goes, and the sample.

use axum::http::StatusCode;
use ydun::access::{Act, Administer, Approve, Propose};
use ydun::db::{Db, sql};
use ydun::decisions::oversight::service::{OversightError, review, sample_of, set_limits};
use ydun::decisions::oversight::{Because, Finding, Limits};
use ydun::decisions::service::{Listed, Seen, sign_list};
use ydun::operations::service::{Approval, Request, Terms, approve_month, run_month};
use ydun::payments::{BankProfile, Lane};
use ydun_domain::Dkk;
use ydun_domain::ids::MonthRunId;
use ydun_runtime::Digest;

use crate::support::{act_as, change, each_engine, tenant};
use crate::voksenlaerling::{BENEFIT, OCTOBER, in_november, open_case, registry, set_up_module};
use crate::web::{Answer, get, send_as};

const ADDRESS: &str = "/godkendelser/voksenlaerling/2020-10";

/// October is proposed by a third worker: one case is paid 7.326 kr., the other is refused.
async fn proposed(db: &Db) -> MonthRunId {
    const PROPOSER: &str = "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'pro', 'Pia', 'look propose approve')";
    set_up_module(db).await;
    open_case(db, "ordinary-month", 1).await;
    open_case(db, "aged-24-years-and-364-days", 2).await;
    change(db, async |tx| tx.execute(sql(PROPOSER).bind(tenant())).await.unwrap()).await;
    let act: Act<Propose> = act_as(db, "pro", in_november()).await;
    let request = Request::new(BENEFIT, OCTOBER.parse().unwrap());
    run_month(db, registry(), &act, &request, |_| ()).await.unwrap().run.unwrap().id
}

async fn limit(db: &Db, limits: Limits) {
    let act: Act<Administer> = act_as(db, "abc", in_november()).await;
    let today = ydun::clock::danish(in_november());
    change(db, async |tx| set_limits(tx, &act, today, limits).await.unwrap()).await;
}

fn over(kroner: i64) -> Limits {
    Limits { amount: Some(Dkk::from_kroner(kroner)), ..Limits::default() }
}

async fn list(db: &Db, run: MonthRunId) -> (Digest, Vec<Seen>) {
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run).await.unwrap();
    (list.digest, list.proposals.iter().map(Listed::seen).collect())
}

async fn approve_as(db: &Db, worker: &str, run: MonthRunId) -> Approval {
    let act: Act<Approve> = act_as(db, worker, in_november()).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    let signed = list(db, run).await.0;
    approve_month(db, &act, run, signed, &terms, |_| ()).await.unwrap()
}

/// A hidden field of the page, the first of its name.
fn field(page: &Answer, name: &str) -> String {
    let (_, rest) = page.body.split_once(&format!(r#"name="{name}" value=""#)).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_over_the_limit_waits_for_a_third_person() {
    each_engine(|db| async move {
        let run = proposed(&db).await;
        limit(&db, over(7_325)).await;
        let page = get(&db, ADDRESS).await;
        page.says("Beløbet er over grænsen");
        page.says("1 er over grænsen og bliver liggende");
        let left = approve_as(&db, "def", run).await;
        assert_eq!((left.decisions, left.over_limit), (1, 1), "the refusal is under the limit");

        let page = get(&db, ADDRESS).await;
        let (_, form) = page.body.split_once("/medunderskriv").unwrap();
        let value = |name: &str| {
            let (_, rest) = form.split_once(&format!(r#"name="{name}" value=""#)).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let third = format!("decision={}&set={}", value("decision"), value("set"));
        let address = format!("{ADDRESS}/medunderskriv");
        let own = send_as(&db, "pro", &address, &third).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        own.says("Du har selv indstillet afgørelsen.");
        send_as(&db, "def", &address, &third).await;
        get(&db, ADDRESS).await.says("underskrevet af def");
        let own = approve_as(&db, "def", run).await;
        assert_eq!((own.decisions, own.over_limit), (0, 1), "who countersigns does not approve");
        let done = approve_as(&db, "abc", run).await;
        assert_eq!((done.decisions, done.over_limit), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_decision_of_the_limit_itself_takes_two_persons() {
    each_engine(|db| async move {
        let run = proposed(&db).await;
        limit(&db, over(7_326)).await;
        assert_eq!(approve_as(&db, "def", run).await.over_limit, 0);
    })
    .await;
}

#[tokio::test]
async fn limits_are_set_on_their_page_and_a_wrong_amount_comes_back() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let wrong = "beloeb=tusind&aendring=&lod=2&usaedvanlige=1";
        let refused = send_as(&db, "abc", "/godkendelser", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says(r#"value="tusind""#);
        let right = "beloeb=25.000,00&aendring=&lod=2&usaedvanlige=1";
        send_as(&db, "abc", "/godkendelser", right).await;
        let page = get(&db, "/godkendelser").await;
        page.says("Over 25.000,00 kr. skal en tredje person underskrive.");
        page.says("udtages 1 af de mest usædvanlige og 2 ved lod");
    })
    .await;
}

#[tokio::test]
async fn a_proposal_is_sent_back_to_the_very_fact_as_a_task_on_the_case() {
    each_engine(|db| async move {
        let run = proposed(&db).await;
        let (_, seen) = list(&db, run).await;
        let address = format!("{ADDRESS}/tilbage/{}", seen[0].id);
        let page = get(&db, &address).await;
        page.says("Oplysninger mangler eller er forkerte");
        page.says(r#"<optgroup label="Betingelser">"#);
        let silent = send_as(&db, "def", &address, "fejl=facts&sted=L%C3%B8n&tekst=").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        silent.says("Skriv, hvad der er galt");
        let text = "fejl=facts&sted=Arbejdstimer&tekst=Timesedlen+siger+150.";
        let sent = send_as(&db, "def", &address, text).await;
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, ADDRESS));
        let bench = get(&db, "/opgaver?koe=returned").await;
        bench.says("sendt tilbage, Arbejdstimer i oktober 2020");
        assert_eq!(list(&db, run).await.1.len(), 1, "it is not on the list any more");
        let gone = get(&db, &address).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_sample_is_the_same_for_all_and_is_looked_at_by_another_than_the_approver() {
    each_engine(|db| async move {
        let run = proposed(&db).await;
        limit(&db, Limits { drawn: 1, odd: 1, ..Limits::default() }).await;
        approve_as(&db, "def", run).await;
        let today = ydun::clock::danish(in_november());
        let sample =
            async || sample_of(&mut db.read().await.unwrap(), tenant(), run, today).await.unwrap();
        let drawn = sample().await;
        assert_eq!(drawn, sample().await);
        let because: Vec<Because> = drawn.iter().map(|one| one.because).collect();
        assert_eq!(because, [Because::Odd, Because::Drawn]);
        let id = drawn[0].candidate.id;
        let own: Act<Approve> = act_as(&db, "def", in_november()).await;
        let mut tx = db.begin().await.unwrap();
        let refused = review(&mut tx, &own, run, id, (Finding::Right, "")).await;
        assert!(matches!(refused, Err(OversightError::Approver { .. })));
        drop(tx);

        let address = format!("{ADDRESS}/tilsyn");
        let page = get(&db, &address).await;
        page.says("Blandt de mest usædvanlige");
        page.says("Ikke set");
        let wrong = format!("decision={}&fund=wrong&note=", field(&page, "decision"));
        send_as(&db, "abc", &address, &wrong).await.says("Skriv, hvad der er galt");
        let wrong = format!("{wrong}Timerne+er+forkerte");
        send_as(&db, "abc", &address, &wrong).await;
        get(&db, &address).await.says("af abc: Timerne er forkerte");
    })
    .await;
}
