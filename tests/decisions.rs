//! Decisions: four eyes on the same numbers, which stay what they were.

use std::collections::BTreeSet;

use ydun::access::{Act, Approve, Look, Propose};
use ydun::cases::{ALL_CASES, Case};
use ydun::db::{Arg, Bind as _, Db, sql};
use ydun::decisions::explain::{Answer, ExplainError, explain};
use ydun::decisions::service::{self, ApproveError, Seen, Unready, of_case};
use ydun::decisions::verify::{Verified, What, verify};
use ydun::decisions::{Decision, Objection, Status};
use ydun::operations::service::{Request, run_month};
use ydun_domain::Dkk;
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::CaseId;
use ydun_runtime::Digest;

use crate::support::{act_as, change, day, each_engine};
use crate::voksenlaerling::{BENEFIT, OCTOBER, in_november, open_case, registry, set_up_module};

const PAST_THE_SERVICE: &str = "
    UPDATE decision SET state = 'approved', closed_at = proposed_at, closed_by = proposed_by WHERE id = $1";
const RAISE: &str =
    "UPDATE decision_line SET amount = amount + 1 WHERE decision_id = $1 AND place = 0";
const LOOKS: &str =
    "SELECT COUNT(*) FROM audit WHERE action = 'looked' AND detail LIKE 'explanation%'";

/// A case with an open proposal for October by `abc`.
async fn proposal(db: &Db) -> (Case, Decision) {
    set_up_module(db).await;
    let case = open_case(db, "ordinary-month", 1).await;
    run_october(db).await;
    let decision = decisions(db, case.id).await.remove(0);
    (case, decision)
}

async fn run_october(db: &Db) {
    let act: Act<Propose> = act_as(db, "abc", in_november()).await;
    run_month(db, registry(), &act, &Request::new(BENEFIT, OCTOBER.parse().unwrap()), |_| ())
        .await
        .unwrap();
}

async fn decisions(db: &Db, case: CaseId) -> Vec<Decision> {
    let act: Act<Look> = act_as(db, "def", in_november()).await;
    change(db, async |tx| of_case(tx, &act, case).await.unwrap()).await
}

fn seen(decision: &Decision) -> Seen {
    Seen { case: decision.basis.case, id: decision.id, digest: decision.digest }
}

async fn approve(db: &Db, worker: &str, seen: Seen) -> Result<Vec<Decision>, ApproveError> {
    let act: Act<Approve> = act_as(db, worker, in_november()).await;
    let mut tx = db.begin().await.unwrap();
    let approved = service::approve(&mut tx, &act, &[seen], Unready::Refuse).await?.decisions;
    tx.commit().await.unwrap();
    Ok(approved)
}

async fn execute(
    db: &Db,
    statement: &'static str,
    arguments: Vec<Arg>,
) -> Result<u64, sqlx::Error> {
    struct Argument(Arg);
    impl ydun::db::Bind for Argument {
        const NULL: Arg = Arg::Text(None);
        fn bind(self) -> Arg {
            self.0
        }
    }
    let mut tx = db.begin().await.unwrap();
    let statement =
        arguments.into_iter().fold(sql(statement), |sql, argument| sql.bind(Argument(argument)));
    let touched = tx.execute(statement).await?;
    tx.commit().await.unwrap();
    Ok(touched)
}

#[tokio::test]
async fn whoever_proposed_can_not_approve() {
    each_engine(|db| async move {
        let (_, decision) = proposal(&db).await;
        let refused = approve(&db, "abc", seen(&decision)).await;
        assert!(matches!(refused, Err(ApproveError::SamePerson { .. })), "{refused:?}");

        assert!(execute(&db, PAST_THE_SERVICE, vec![decision.id.bind()]).await.is_err());

        let approved = approve(&db, "def", seen(&decision)).await.unwrap();
        assert_eq!(approved[0].digest, decision.digest);
        let Status::Approved(by) = &decisions(&db, decision.basis.case).await[0].status else {
            panic!()
        };
        assert_eq!((by.by.as_str(), by.at), ("def", in_november()));
        let again = approve(&db, "def", seen(&decision)).await;
        assert!(matches!(again, Err(ApproveError::NotOpen(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn numbers_that_changed_since_they_were_seen_are_not_approved() {
    each_engine(|db| async move {
        let (_, decision) = proposal(&db).await;
        let other = Seen { digest: Digest::of(b"other numbers"), ..seen(&decision) };
        assert!(matches!(approve(&db, "def", other).await, Err(ApproveError::Changed(_))));

        assert_eq!(execute(&db, RAISE, vec![decision.id.bind()]).await.unwrap(), 1);
        let refused = approve(&db, "def", seen(&decision)).await.unwrap_err();
        assert!(refused.to_string().contains("changed since you looked"), "{refused}");
        assert_eq!(decisions(&db, decision.basis.case).await[0].status, Status::Proposed);
    })
    .await;
}

#[tokio::test]
async fn a_rejected_proposal_keeps_its_reason_and_is_calculated_again() {
    each_engine(|db| async move {
        let (case, decision) = proposal(&db).await;
        let act: Act<Approve> = act_as(&db, "def", in_november()).await;
        let (one, reason) = ((case.id, decision.id), "timerne for uge 42 mangler");
        change(&db, async |tx| {
            service::reject(tx, &act, one, Objection::Facts, reason).await.unwrap();
        })
        .await;
        let Status::Rejected { mark, code, text } = &decisions(&db, case.id).await[0].status else {
            panic!()
        };
        assert_eq!((mark.by.as_str(), code.as_str(), text.as_str()), ("def", "facts", reason));
        assert!(matches!(
            approve(&db, "def", seen(&decision)).await,
            Err(ApproveError::NotOpen(_))
        ));

        run_october(&db).await;
        let all = decisions(&db, case.id).await;
        let open: Vec<_> =
            all.iter().filter(|decision| decision.status == Status::Proposed).collect();
        assert_eq!((all.len(), open.len()), (2, 1));
    })
    .await;
}

async fn verify_all(db: &Db) -> Verified {
    let act: Act<Look> = act_as(db, "def", in_november()).await;
    verify(db, registry(), &act, &ALL_CASES, 2, |_| ()).await.unwrap()
}

#[tokio::test]
async fn what_was_calculated_comes_out_the_same_again() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        for (number, name) in (0..).zip([
            "ordinary-month",
            "aged-24-years-and-364-days",
            "wage-unknown",
            "late-application",
        ]) {
            open_case(&db, name, number).await;
        }
        run_october(&db).await;
        run_october(&db).await;
        let verified = verify_all(&db).await;
        assert_eq!((verified.runs, verified.decisions, verified.broken.len()), (8, 6, 0));
    })
    .await;
}

/// Tampers with the stored calculation of a case, which must be found.
async fn tampered(db: &Db, statement: &'static str, arguments: Vec<Arg>, expected: What) {
    assert_eq!(execute(db, statement, arguments).await.unwrap(), 1);
    let verified = verify_all(db).await;
    let found: Vec<What> = verified.broken.iter().map(|broken| broken.what).collect();
    assert_eq!((found, verified.runs), (vec![expected], 0));
}

#[tokio::test]
async fn one_changed_byte_of_a_dossier_is_found() {
    each_engine(|db| async move {
        proposal(&db).await;
        let (mut bytes,): (Vec<u8>,) =
            db.read().await.unwrap().one(sql("SELECT dossier FROM run")).await.unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        tampered(&db, "UPDATE run SET dossier = $1", vec![bytes.bind()], What::Dossier).await;
    })
    .await;
}

#[tokio::test]
async fn one_changed_byte_of_an_outcome_is_found() {
    each_engine(|db| async move {
        proposal(&db).await;
        let (mut bytes,): (Vec<u8>,) =
            db.read().await.unwrap().one(sql("SELECT outcome FROM run")).await.unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        tampered(&db, "UPDATE run SET outcome = $1", vec![bytes.bind()], What::Outcome).await;
    })
    .await;
}

#[tokio::test]
async fn an_outcome_that_was_exchanged_with_its_digest_is_found() {
    each_engine(|db| async move {
        proposal(&db).await;
        let other = Digest::of(b"another outcome");
        let arguments = vec![b"another outcome".as_slice().bind(), other.bind()];
        tampered(
            &db,
            "UPDATE run SET outcome = $1, outcome_digest = $2",
            arguments,
            What::Recalculation,
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_line_or_a_total_that_was_raised_is_found() {
    each_engine(|db| async move {
        proposal(&db).await;
        let raise = "UPDATE decision_line SET amount = amount + 1 WHERE place = 0";
        tampered(&db, raise, vec![], What::Lines).await;
        let lower = "UPDATE decision_line SET amount = amount - 1 WHERE place = 0";
        assert_eq!(execute(&db, lower, vec![]).await.unwrap(), 1);
        assert!(verify_all(&db).await.broken.is_empty());
        tampered(&db, "UPDATE decision SET total = total + 1", vec![], What::Lines).await;
    })
    .await;
}

#[tokio::test]
async fn a_digest_that_was_exchanged_is_found() {
    each_engine(|db| async move {
        proposal(&db).await;
        let other = vec![Digest::of(b"other").bind()];
        tampered(&db, "UPDATE decision SET digest = $1", other, What::Digest).await;
    })
    .await;
}

#[tokio::test]
async fn an_explanation_walks_from_the_amount_back_to_the_facts() {
    each_engine(|db| async move {
        let (case, decision) = proposal(&db).await;
        let act: Act<Look> = act_as(&db, "def", in_november()).await;
        let october = "2020-10-01..2020-10-31".parse().unwrap();
        let explained =
            change(&db, async |tx| explain(tx, &act, case.id, october).await.unwrap()).await;
        assert_eq!(
            explained.decision.as_ref().map(|decision| decision.total),
            Some(decision.total)
        );
        assert!(decision.total > Dkk::ZERO);
        let text = explained.to_string();
        let standing =
            format!("Forslag: bevilling af {}\nForeslået af abc 5. november 2020", decision.total);
        assert!(text.contains(&standing), "{text}");
        let Answer::Outcome { conditions, lines, .. } = &explained.answer else {
            panic!("{explained:?}")
        };
        assert_eq!(lines.iter().map(|line| line.amount).sum::<Dkk>(), decision.total);
        for condition in conditions {
            assert!(
                text.contains(&condition.label) && text.contains(&condition.law),
                "{condition:?}"
            );
        }
        for step in lines.iter().flat_map(|line| &line.steps) {
            assert!(
                text.contains(&step.label) && text.contains(&step.value.to_string()),
                "{step:?}"
            );
        }
        let last = lines[0].steps.last().unwrap();
        assert_eq!(last.value, Scalar::Amount(lines[0].amount)); // the last step gives the amount
        let used: BTreeSet<usize> =
            conditions.iter().flat_map(|condition| condition.facts.clone()).collect();
        assert!(used.iter().all(|number| (1..=explained.facts.len()).contains(number)), "{used:?}");
        assert!(
            explained
                .facts
                .iter()
                .all(|fact| fact.source == "prøve" && fact.known_from == day("2020-11-05"))
        );
        assert!(!text.contains("070761"), "no personal number");

        let september = "2020-09-01..2020-09-30".parse().unwrap();
        let nothing = change(&db, async |tx| explain(tx, &act, case.id, september).await).await;
        assert!(matches!(nothing, Err(ExplainError::NoRun(_))), "{nothing:?}");

        let (looks,): (i64,) = db.read().await.unwrap().one(sql(LOOKS)).await.unwrap();
        assert_eq!(looks, 1);
    })
    .await;
}
