//! Days on which nothing is approved, activated or sent: kept by the services, whoever asks.

use axum::http::StatusCode;
use ydun::access::{Act, Administer, Approve, Pay, Propose};
use ydun::audit::verify_chain;
use ydun::db::{Db, sql};
use ydun::decisions::service::{Seen, sign_list};
use ydun::freezes::Kind;
use ydun::freezes::service::{FreezeError, allow, in_force, lift, set};
use ydun::modules::Mode;
use ydun::modules::service::{Activate, ActivateError, activate};
use ydun::operations::approval::{ApproveMonthError, Terms, approve};
use ydun::operations::service::{Request, run_month};
use ydun::payments::service::{self as payments, SendError};
use ydun::payments::{BankProfile, Lane};
use ydun_domain::ids::FreezeId;
use ydun_domain::{Day, Period, Validity};

use crate::money::Office;
use crate::support::{act_as, at, change, day, each_engine, tenant};
use crate::voksenlaerling::{BENEFIT, OCTOBER, in_november, open_case, registry, set_up_module};
use crate::web::{get, send_as};

async fn freeze(db: &Db, kind: Kind, days: &str) -> FreezeId {
    let act: Act<Administer> = act_as(db, "abc", in_november()).await;
    let days: Period = days.parse().unwrap();
    change(db, async |tx| set(tx, &act, kind, days, "månedsskifte").await.unwrap()).await.id
}

async fn holds(db: &Db, kind: Kind, on: &str) -> bool {
    let mut read = db.read().await.unwrap();
    in_force(&mut read, tenant(), kind, day(on)).await.unwrap().is_some()
}

#[tokio::test]
async fn a_freeze_holds_from_its_first_day_to_its_last_and_until_it_is_lifted() {
    each_engine(|db| async move {
        let id = freeze(&db, Kind::Approval, "2020-11-05..2020-11-08").await;
        freeze(&db, Kind::Sending, "2020-11-07..2020-11-07").await;
        for (on, expected) in [
            ("2020-11-04", false),
            ("2020-11-05", true),
            ("2020-11-08", true),
            ("2020-11-09", false),
        ] {
            assert_eq!(holds(&db, Kind::Approval, on).await, expected, "{on}");
        }
        assert!(!holds(&db, Kind::Activation, "2020-11-05").await);
        let act: Act<Administer> = act_as(&db, "abc", in_november()).await;
        let mut tx = db.begin().await.unwrap();
        let past = "2020-11-01..2020-11-04".parse().unwrap();
        let over = set(&mut tx, &act, Kind::Approval, past, "for sent").await;
        assert!(matches!(over, Err(FreezeError::Over(last)) if last == day("2020-11-04")));
        let silent = lift(&mut tx, &act, id, " ").await;
        assert!(matches!(silent, Err(FreezeError::NoReason)));
        lift(&mut tx, &act, id, "blev færdig").await.unwrap();
        assert!(matches!(
            lift(&mut tx, &act, id, "igen").await,
            Err(FreezeError::NotFound(of)) if of == id
        ));
        tx.commit().await.unwrap();
        assert!(!holds(&db, Kind::Approval, "2020-11-05").await);
        verify_chain(&mut db.read().await.unwrap(), tenant()).await.unwrap();
    })
    .await;
}

async fn approve_as(
    db: &Db,
    worker: &str,
    seen: Seen,
    lane: Lane,
) -> Result<(), ApproveMonthError> {
    let act: Act<Approve> = act_as(db, worker, in_november()).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let mut tx = db.begin().await.unwrap();
    approve(&mut tx, &act, &[seen], &Terms { bank: &bank, lane, due: None }).await?;
    tx.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn nothing_is_approved_in_a_freeze_but_at_once_and_by_two_persons() {
    const PROPOSER: &str =
        "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, 'pro', 'Pia', 'propose')";
    each_engine(|db| async move {
        set_up_module(&db).await;
        let case = open_case(&db, "ordinary-month", 1).await;
        change(&db, async |tx| tx.execute(sql(PROPOSER).bind(tenant())).await.unwrap()).await;
        let proposer: Act<Propose> = act_as(&db, "pro", in_november()).await;
        let request = Request::new(BENEFIT, OCTOBER.parse().unwrap());
        let run = run_month(&db, registry(), &proposer, &request, |_| ()).await.unwrap().run;
        let mut read = db.read().await.unwrap();
        let list = sign_list(&mut read, tenant(), run.unwrap().id).await.unwrap();
        drop(read);
        let seen = list.proposals[0].seen();
        let id = freeze(&db, Kind::Approval, "2020-11-05..2020-11-08").await;
        for lane in [Lane::Almindelig, Lane::Straks] {
            let refused = approve_as(&db, "def", seen, lane).await;
            assert!(matches!(refused, Err(ApproveMonthError::Frozen(_))), "{lane}: {refused:?}");
        }
        let page = get(&db, &format!("/godkendelser/{BENEFIT}/{OCTOBER}")).await;
        let (_, rest) = page.body.split_once(r#"name="set" value=""#).unwrap();
        let set = format!("set={}", rest.split('"').next().unwrap());
        let signed = send_as(&db, "def", &format!("/godkendelser/{BENEFIT}/{OCTOBER}"), &set).await;
        assert_eq!(signed.status, StatusCode::CONFLICT);
        signed.says("Kommunen har spærret for godkendelse 5.–8. november 2020: månedsskifte.");

        let act: Act<Approve> = act_as(&db, "def", in_november()).await;
        change(&db, async |tx| allow(tx, &act, id, case.id, "sultekur").await.unwrap()).await;
        let own = approve_as(&db, "def", seen, Lane::Straks).await;
        assert!(matches!(own, Err(ApproveMonthError::Frozen(_))), "who allows does not approve");
        let slow = approve_as(&db, "abc", seen, Lane::Almindelig).await;
        assert!(matches!(slow, Err(ApproveMonthError::Frozen(_))), "only what is paid at once");
        approve_as(&db, "abc", seen, Lane::Straks).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn no_version_begins_to_count_in_a_freeze() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        freeze(&db, Kind::Activation, "2020-11-05..2020-11-05").await;
        let try_on = async |moment: &str, mode| {
            let act: Act<Administer> = act_as(&db, "abc", at(moment)).await;
            let days = Validity::from_day(Day::new(2021, 1, 1));
            let known_from = Day::new(2020, 11, 6);
            let new = Activate { benefit: BENEFIT, version: "1.0.0", days, known_from, mode };
            let mut tx = db.begin().await.unwrap();
            activate(&mut tx, &act, new).await.map(drop)
        };
        let refused = try_on("2020-11-05T09:00:00Z", Mode::Active).await;
        assert!(matches!(refused, Err(ActivateError::Frozen(_))), "{refused:?}");
        try_on("2020-11-05T09:00:00Z", Mode::Shadow).await.unwrap();
        try_on("2020-11-06T09:00:00Z", Mode::Active).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn only_payments_at_once_leave_in_a_freeze() {
    each_engine(|db| async move {
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.now = at("2020-11-24T09:00:00Z");
        office.decide(case, "2020-10", &[("x", firm, "a", 500)]).await;
        let at_once = office.case().await;
        let mut urgent = office.approved(at_once, "2020-10", &[("x", firm, "a", 900)]).await;
        (urgent.lane, urgent.due) = (Lane::Straks, office.today());
        office.settle(&[&urgent]).await.unwrap();
        freeze(&db, Kind::Sending, "2020-11-24..2020-11-30").await;

        let act = office.act::<Pay>("abc").await;
        let (format, outbox) = (office.format(), office.outbox());
        let today = office.today();
        let sent = payments::send(&db, &act, &office.bank, &format, &outbox, today).await;
        assert!(matches!(sent, Err(SendError::Frozen(_))), "{sent:?}");
        assert_eq!(office.states(case).await, ["planned 500"]);
        assert_eq!(office.states(at_once).await, ["sent 900"]);
        let again = payments::send(&db, &act, &office.bank, &format, &outbox, today).await;
        assert!(matches!(again, Err(SendError::Frozen(_))), "the others wait still");

        office.now = at("2020-12-01T09:00:00Z");
        assert_eq!(office.send("2020-12-01").await.len(), 1);
        assert_eq!(office.states(case).await, ["sent 500"]);
    })
    .await;
}

#[tokio::test]
async fn freezes_are_set_allowed_around_and_lifted_on_their_page() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let case = open_case(&db, "ordinary-month", 1).await;
        let address = "/udbetalinger/spaerringer";
        let backwards = "hvad=approval&fra=311220&til=211220&grund=%C3%A5rsskifte";
        let refused = send_as(&db, "abc", address, backwards).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused.says("Den sidste dag ligger før den første.");
        refused.says(r#"value="311220""#);
        let set = "hvad=approval&fra=211220&til=31.12.2020&grund=%C3%A5rsskifte";
        assert_eq!(send_as(&db, "abc", address, set).await.status, StatusCode::SEE_OTHER);
        let page = get(&db, address).await;
        page.says("21.–31. december 2020");
        get(&db, "/udbetalinger?maaned=2020-12").await.says("Spærret for godkendelse");

        let (_, rest) = page.body.split_once("/udbetalinger/spaerringer/").unwrap();
        let id = rest.split('/').next().unwrap();
        let allow = format!("sag={case}&grund=ingen+penge");
        send_as(&db, "def", &format!("{address}/{id}/tillad"), &allow).await;
        get(&db, address).await.says("tilladt af def: ingen penge");
        let lift = format!("{address}/{id}/ophaev");
        send_as(&db, "abc", &lift, "grund=f%C3%A6rdige").await;
        get(&db, address).await.says("af abc: færdige");
        let gone = send_as(&db, "abc", &lift, "grund=igen").await;
        gone.says("Spærringen er ophævet i mellemtiden.");
    })
    .await;
}
