//! What waits for a person, and the answer: facts for the days the task is about, and for no others.

use ydun::access::{Act, Look, Propose, Register};
use ydun::db::Db;
use ydun::operations::CaseResult::{NeedsHuman, Proposed};
use ydun::operations::Tally;
use ydun::operations::reply::{Replied, Reply, ReplyError, reply};
use ydun::operations::service::{Request, run_month};
use ydun::tasks::service as tasks;
use ydun::tasks::{About, Task};
use ydun_domain::benefit::{Attribute, Fact, Party, Scalar};

use crate::benefits::{Benefit, Opened};
use crate::support::{act_as, at, change, each_engine};
use crate::voksenlaerling::registry;

const REFUND: &str = "jobafklaring-refusion";
const HELP: &str = "enkeltydelser";

/// Noon of the day the case is looked at.
fn noon(of: &Opened) -> String {
    format!("{}T12:00:00Z", of.dossier.known_at)
}

async fn run(db: &Db, benefit: &str, of: &Opened) -> Tally {
    let act: Act<Propose> = act_as(db, "abc", at(&noon(of))).await;
    let month = of.dossier.span.first().month();
    let (as_of, known_at) = (Some(of.dossier.as_of), Some(of.dossier.known_at));
    let request = Request { as_of, known_at, ..Request::new(benefit, month) };
    run_month(db, registry(), &act, &request, |_| ()).await.unwrap().tally
}

async fn open(db: &Db, of: &Opened) -> Vec<Task> {
    let look: Act<Look> = act_as(db, "def", at(&noon(of))).await;
    tasks::open(&mut db.read().await.unwrap(), &look).await.unwrap()
}

async fn answer(
    db: &Db,
    of: &Opened,
    (task, question): (&Task, Option<usize>),
    given: &[(&str, &str)],
) -> Result<Replied, ReplyError> {
    let act: Act<Register> = act_as(db, "abc", at(&noon(of))).await;
    let given = given.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    let said = Reply { task: task.id, question, given };
    let mut tx = db.begin().await.unwrap();
    let replied = reply(&mut tx, &act, &said).await?;
    tx.commit().await.unwrap();
    Ok(replied)
}

const YES: [(&str, &str); 2] = [("met", "ja"), ("reason", "Efter kommunens brev af 5. oktober.")];

/// That the deadline was kept, judged about September.
fn about_september() -> Fact {
    Fact {
        id: "september".into(),
        kind: "assessment".into(),
        about: Party::new("employee"),
        valid: "2020-09-01..2020-09-30".parse().unwrap(),
        attributes: vec![
            Attribute::new("condition", Scalar::Code("deadline".into())),
            Attribute::new("met", Scalar::Flag(true)),
            Attribute::new("reason", Scalar::Text("Efter vejledningen.".into())),
        ],
    }
}

#[tokio::test]
async fn an_answer_holds_for_the_days_of_the_task_and_for_no_others() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, REFUND).await;
        let of = benefit.open(&db, "late-with-a-ground").await;
        assert_eq!(run(&db, REFUND, &of).await.of(NeedsHuman).cases, 1);
        let asked = open(&db, &of).await;
        let [task] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!(task.about, About::Case(of.case.id));
        assert_eq!(task.questions[0].valid.to_string(), "2020-10-01..2020-10-14");

        benefit.learn(&db, &of, &about_september(), &noon(&of)).await;
        assert_eq!(run(&db, REFUND, &of).await.of(NeedsHuman).cases, 1);

        let replied = answer(&db, &of, (task, None), &YES).await.unwrap();
        assert_eq!((replied.facts.len(), replied.open), (1, 0));
        assert_eq!(open(&db, &of).await, []);
        assert_eq!(run(&db, REFUND, &of).await.of(Proposed).cases, 1);
        assert_eq!(open(&db, &of).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_answer_says_what_is_asked_and_in_its_own_type() {
    each_engine(|db| async move {
        let of = Benefit::set_up(&db, REFUND).await.open(&db, "late-with-a-ground").await;
        run(&db, REFUND, &of).await;
        let asked = open(&db, &of).await;
        let refused = async |question, given: &[(&str, &str)], expected: &str| {
            let refused = answer(&db, &of, (&asked[0], question), given).await.unwrap_err();
            assert!(refused.to_string().starts_with(expected), "{refused}");
        };
        refused(None, &[("met", "måske")], "met: 'måske' is neither ja nor nej").await;
        refused(
            None,
            &[("condition", "days")],
            "'condition' is not asked for; assessment has met, reason",
        )
        .await;
        refused(Some(2), &YES, "the task has 1 questions; number 2 is none of them").await;
        let half = answer(&db, &of, (&asked[0], None), &[("met", "ja")]).await;
        assert!(matches!(half, Err(ReplyError::Fact(_))), "{half:?}");
        assert_eq!(open(&db, &of).await, asked);

        let act: Act<Register> = act_as(&db, "abc", at(&noon(&of))).await;
        change(&db, async |tx| tasks::done(tx, &act, asked[0].id, "").await.unwrap()).await;
        refused(None, &YES, "there is no open task").await;
    })
    .await;
}

#[tokio::test]
async fn a_task_stays_open_until_each_of_its_questions_is_answered() {
    each_engine(|db| async move {
        let of = Benefit::set_up(&db, HELP).await.open(&db, "dentist-waits-for-a-person").await;
        assert_eq!(run(&db, HELP, &of).await.of(NeedsHuman).cases, 1);
        let asked = open(&db, &of).await;
        let [task] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!(task.questions.len(), 2);
        let first = answer(&db, &of, (task, Some(2)), &YES).await.unwrap();
        assert_eq!((first.facts.len(), first.open), (1, 1));
        let left = open(&db, &of).await;
        assert_eq!(left[0].questions, task.questions[..1]);
        let last = answer(&db, &of, (task, None), &YES).await.unwrap();
        assert_eq!((last.facts.len(), last.open), (1, 0));
        assert_eq!(run(&db, HELP, &of).await.of(Proposed).cases, 1);
    })
    .await;
}
