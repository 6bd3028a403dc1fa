//! A case put right: what a preview says, what a correction does, and what it leaves alone.

use chrono::{DateTime, Utc};
use ydun::access::{Act, Approve, Look, Propose};
use ydun::cases::Case;
use ydun::db::Db;
use ydun::decisions::service::{in_force, sign_list};
use ydun::operations::correction::{
    CorrectError, Correction, LegKind, LegState, Preview, Status, legs_of, of_case,
};
use ydun::operations::service::{Approval, Request, Terms, approve_month, run_month};
use ydun::operations::{correction, service as operations};
use ydun::payments::{BankProfile, Lane, State};
use ydun::{ledger, payments};
use ydun_domain::{Dkk, Month};
use ydun_runtime::Digest;

use crate::support::{
    act_as, at, change, day, decisions_arrive, each_engine, parties_know, tenant,
};
use crate::voksenlaerling::{BENEFIT, correct_hours, open_case, registry, set_up_module};

/// The day the months are decided, and four days after: the letter's window before the money is there.
const DECIDED: &str = "2021-01-28T09:00:00Z";
const FOUR_DAYS_AFTER: &str = "2021-02-01T09:00:00Z";

fn decided() -> DateTime<Utc> {
    at(DECIDED)
}

fn after() -> DateTime<Utc> {
    at(FOUR_DAYS_AFTER)
}

fn bank() -> BankProfile {
    BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap())
}

async fn decide(db: &Db, month: &str) {
    let month: Month = month.parse().unwrap();
    let propose: Act<Propose> = act_as(db, "abc", decided()).await;
    let request = Request::new(BENEFIT, month);
    let run = run_month(db, registry(), &propose, &request, |_| ()).await.unwrap().run.unwrap();
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let approve: Act<Approve> = act_as(db, "def", decided()).await;
    let bank = bank();
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    approve_month(db, &approve, run.id, list.digest, &terms, |_| ()).await.unwrap();
}

/// The back payment of October to December 2020, decided.
async fn three_months(db: &Db) -> Case {
    set_up_module(db).await;
    let case = open_case(db, "back-payment-of-three-months", 1).await;
    for month in ["2020-10", "2020-11", "2020-12"] {
        decide(db, month).await;
    }
    case
}

async fn preview(db: &Db, case: &Case) -> Preview {
    let act: Act<Look> = act_as(db, "abc", after()).await;
    correction::preview(db, registry(), &act, case.id, day("2021-02-01")).await.unwrap()
}

async fn try_propose(db: &Db, case: &Case) -> Result<Correction, CorrectError> {
    let act: Act<Propose> = act_as(db, "abc", after()).await;
    correction::propose(db, registry(), &act, case.id, "arbejdsgiveren har rettet timerne").await
}

async fn try_approve(
    db: &Db,
    worker: &str,
    correction: &Correction,
    seen: Digest,
) -> Result<Approval, CorrectError> {
    let act: Act<Approve> = act_as(db, worker, after()).await;
    let bank = bank();
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    let mut tx = db.begin().await.unwrap();
    let of = (correction.case, correction.id);
    let approval = correction::approve(&mut tx, &act, of, seen, &terms).await?;
    tx.commit().await.unwrap();
    Ok(approval)
}

pub(crate) async fn corrected(db: &Db, case: &Case) -> (Correction, Approval) {
    let correction = try_propose(db, case).await.unwrap();
    parties_know(db, after()).await;
    let approved = try_approve(db, "def", &correction, correction.digest).await.unwrap();
    assert_eq!((approved.paid, approved.withdrawn), (Dkk::ZERO, 0), "nothing has arrived yet");
    let arrived = decisions_arrive(db, after()).await;
    (correction, Approval { decisions: approved.decisions, ..arrived })
}

async fn decided_total(db: &Db, case: &Case) -> Dkk {
    let decided = in_force(&mut db.read().await.unwrap(), tenant(), case.id).await.unwrap();
    decided.iter().map(|decision| decision.total).sum()
}

/// What the payees will have got when all that is planned has gone.
async fn to_be_paid(db: &Db, case: &Case) -> Dkk {
    let mut read = db.read().await.unwrap();
    let payments = payments::service::of_case(&mut read, tenant(), case.id).await.unwrap();
    payments
        .iter()
        .filter(|payment| payment.state != State::Stopped)
        .map(|payment| payment.amount)
        .sum()
}

async fn legs(db: &Db, correction: &Correction) -> Vec<(LegKind, LegState)> {
    let legs = legs_of(&mut db.read().await.unwrap(), tenant(), correction, day("2021-02-01"))
        .await
        .unwrap();
    legs.into_iter().map(|leg| (leg.kind, leg.state)).collect()
}

/// Marks every payment of the case as paid, as if the bank had said so.
async fn all_is_paid(db: &Db) {
    const PAID: &str = "UPDATE payment SET state = 'settled' WHERE state = 'planned'";
    const FILE: &str = "
        INSERT INTO payment_file
            (tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, made_by)
        VALUES ($1, $2, 'M', 'almindelig', '2021-02-03', 1, 1, 'M', $3, $4, 'def')";
    const FILED: &str =
        "UPDATE payment SET file_id = $1 WHERE file_id IS NULL AND state = 'planned'";
    let file = ydun_domain::ids::PaymentFileId::generate();
    change(db, async |tx| {
        let insert = ydun::db::sql(FILE).bind(tenant()).bind(file).bind(&b"d"[..]).bind(decided());
        tx.execute(insert).await.unwrap();
        tx.execute(ydun::db::sql(FILED).bind(file)).await.unwrap();
        tx.execute(ydun::db::sql(PAID)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_case_that_gives_the_same_has_nothing_to_correct() {
    each_engine(|db| async move {
        let case = three_months(&db).await;
        let preview = preview(&db, &case).await;
        assert!(preview.months.is_empty() && preview.open.is_empty(), "{preview:?}");
        let nothing = try_propose(&db, &case).await.unwrap_err();
        assert!(matches!(nothing, CorrectError::NothingToCorrect(_)), "{nothing}");
    })
    .await;
}

#[tokio::test]
async fn four_days_after_the_approval_a_correction_is_one_piece_with_all_its_consequences() {
    each_engine(|db| async move {
        let case = three_months(&db).await;
        // 37 hours were 29.6 in one week of October, and 30 in one of November: 7.4 and 7 hours at 45 kr.
        correct_hours(&db, &case, "2020-10-12", "29.6").await;
        correct_hours(&db, &case, "2020-11-09", "30").await;
        let before = (decided_total(&db, &case).await, to_be_paid(&db, &case).await);
        assert_eq!(before.0, before.1);

        let preview = preview(&db, &case).await;
        let months: Vec<(String, Dkk)> = preview
            .months
            .iter()
            .map(|month| (month.period.to_string(), month.after - month.before))
            .collect();
        assert_eq!(
            months,
            [
                ("2020-10-01..2020-10-31".to_owned(), Dkk::from_kroner(-333)),
                ("2020-11-01..2020-11-30".to_owned(), Dkk::from_kroner(-315)),
            ]
        );
        assert_eq!(preview.difference(), Dkk::from_kroner(-648));
        let because: Vec<String> =
            preview.months[0].because.iter().map(ToString::to_string).collect();
        let [gone, new] = &because[..] else { panic!("{because:?}") };
        assert!(gone.starts_with("gælder ikke længere:") && gone.contains("37"), "{gone}");
        assert!(new.starts_with("nyt:") && new.contains("29,6"), "{new}");
        // Nothing has left: the payments are taken back and the right amounts paid instead.
        assert!(preview.months.iter().all(|month| month.payments.withdraw.len() == 1));
        assert!(preview.months.iter().all(|month| month.payments.overpaid.is_empty()));

        let (correction, approval) = corrected(&db, &case).await;
        assert_eq!((approval.decisions, approval.withdrawn, approval.overpayments), (2, 2, 0));
        let foreseen: Dkk =
            preview.months.iter().flat_map(|month| month.payments.pay.values()).copied().sum();
        assert_eq!(approval.paid, foreseen);
        let after = (decided_total(&db, &case).await, to_be_paid(&db, &case).await);
        assert_eq!(after, (before.0 - Dkk::from_kroner(648), before.1 - Dkk::from_kroner(648)));
        assert_eq!(
            legs(&db, &correction).await,
            [
                (LegKind::Payment, LegState::UnderWay),
                (LegKind::Tax, LegState::NotNeeded),
                (LegKind::Refund, LegState::NotNeeded),
                (LegKind::Index, LegState::NotNeeded),
                (LegKind::Claim, LegState::NotNeeded),
                (LegKind::Notice, LegState::Done),
            ]
        );
        let balances =
            ledger::service::balances(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(balances.values().copied().sum::<Dkk>(), Dkk::ZERO);
        assert!(try_propose(&db, &case).await.is_err(), "doing it again changes nothing");
    })
    .await;
}

#[tokio::test]
async fn what_is_paid_stays_paid_and_becomes_an_open_item() {
    each_engine(|db| async move {
        let case = three_months(&db).await;
        all_is_paid(&db).await;
        correct_hours(&db, &case, "2020-10-12", "29.6").await;
        let preview = preview(&db, &case).await;
        let [october] = &preview.months[..] else { panic!("{preview:?}") };
        assert!(october.payments.withdraw.is_empty() && october.payments.pay.is_empty());
        let overpaid: Vec<Dkk> = october.payments.overpaid.values().copied().collect();
        assert_eq!(overpaid, [Dkk::from_kroner(333)]);

        let before = to_be_paid(&db, &case).await;
        let (correction, approval) = corrected(&db, &case).await;
        assert_eq!((approval.paid, approval.overpayments), (Dkk::ZERO, 1));
        assert_eq!(to_be_paid(&db, &case).await, before);
        assert_eq!(
            legs(&db, &correction).await,
            [
                (LegKind::Payment, LegState::NotNeeded),
                (LegKind::Tax, LegState::NotNeeded),
                (LegKind::Refund, LegState::NotNeeded),
                (LegKind::Index, LegState::NotNeeded),
                (LegKind::Claim, LegState::Stuck),
                (LegKind::Notice, LegState::NotNeeded),
            ]
        );

        // The correction was wrong: put right again, the payee keeps what was paid, and no item is left.
        correct_hours(&db, &case, "2020-10-12", "37").await;
        let (_, approval) = corrected(&db, &case).await;
        assert_eq!((approval.paid, approval.overpayments), (Dkk::ZERO, 0));
        let mut read = db.read().await.unwrap();
        let this = case.id..=case.id;
        let open = payments::service::overpayments(&mut read, tenant(), &this).await.unwrap();
        assert_eq!(open, []);
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_signed_by_another_person_over_what_was_seen_or_not_at_all() {
    each_engine(|db| async move {
        let case = three_months(&db).await;
        correct_hours(&db, &case, "2020-10-12", "29.6").await;
        let first = try_propose(&db, &case).await.unwrap();
        let same_person = try_approve(&db, "abc", &first, first.digest).await.unwrap_err();
        assert!(same_person.to_string().contains("another person"), "{same_person}");
        let unseen = try_approve(&db, "def", &first, Digest::of(b"else")).await.unwrap_err();
        assert!(matches!(unseen, CorrectError::Changed), "{unseen}");

        // Facts change again before it is signed: the newer correction takes its place.
        correct_hours(&db, &case, "2020-11-09", "30").await;
        let second = try_propose(&db, &case).await.unwrap();
        parties_know(&db, after()).await;
        let overtaken = try_approve(&db, "def", &first, first.digest).await.unwrap_err();
        assert!(matches!(overtaken, CorrectError::NotOpen { .. }), "{overtaken}");
        try_approve(&db, "def", &second, second.digest).await.unwrap();
        let corrections = of_case(&mut db.read().await.unwrap(), tenant(), case.id).await.unwrap();
        let statuses: Vec<Status> =
            corrections.iter().map(|correction| correction.status).collect();
        assert_eq!(statuses, [Status::Dropped, Status::Approved]);
    })
    .await;
}

#[tokio::test]
async fn a_run_of_a_month_and_a_correction_come_to_the_same() {
    each_engine(|db| async move {
        let case = three_months(&db).await;
        correct_hours(&db, &case, "2020-10-12", "29.6").await;
        let preview = preview(&db, &case).await;
        let propose: Act<Propose> = act_as(&db, "abc", after()).await;
        let request = Request::new(BENEFIT, "2020-10".parse().unwrap());
        let summary =
            operations::run_month(&db, registry(), &propose, &request, |_| ()).await.unwrap();
        assert_eq!(summary.tally.difference(), preview.difference());
    })
    .await;
}
