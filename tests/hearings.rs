//! The legal gate: nothing is taken away before the party is heard and the decision has arrived.

use ydun::access::{Act, Approve, Look, Pay, Propose, Register, Right, StopPayments};
use ydun::cases::Case;
use ydun::db::Db;
use ydun::decisions::gate::{Loss, losses};
use ydun::decisions::service::{self as decisions, sign_list};
use ydun::hearings::service::{self as hearings, HearingError};
use ydun::hearings::{Answer, Channel, Ground, Hearing, Standing};
use ydun::operations::close::service::check;
use ydun::operations::close::{Kind, Match};
use ydun::operations::delivery::{DeliverError, Held, deliver, held};
use ydun::operations::service::{
    Approval, ApproveMonthError, Request, Terms, approve, approve_month, run_month,
};
use ydun::payments::service::{of_case, pay_again, reconcile, stop};
use ydun::payments::{BankProfile, Lane, State};
use ydun_domain::Dkk;

use crate::support::{act_as, at, change, day, each_engine, parties_know, tenant};
use crate::voksenlaerling::{BENEFIT, correct_hours, open_case, registry, set_up_module};

const DECIDED: &str = "2020-11-05T09:00:00Z";
const CHANGED: &str = "2020-11-09T12:00:00Z";

async fn on<R: Right>(db: &Db, worker: &str, moment: &str) -> Act<R> {
    act_as(db, worker, at(moment)).await
}

fn bank() -> BankProfile {
    BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap())
}

/// Runs October, and approves what may be approved.
pub(crate) async fn decide(db: &Db, moment: &str) -> Approval {
    let propose: Act<Propose> = on(db, "abc", moment).await;
    let request = Request::new(BENEFIT, "2020-10".parse().unwrap());
    let run = run_month(db, registry(), &propose, &request, |_| ()).await.unwrap().run.unwrap();
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let act: Act<Approve> = on(db, "def", moment).await;
    let bank = bank();
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    approve_month(db, &act, run.id, list.digest, &terms, |_| ()).await.unwrap()
}

/// A case of October that is decided, and of which 333 kr. are no longer due.
pub(crate) async fn case_that_gets_less(db: &Db) -> Case {
    set_up_module(db).await;
    let case = open_case(db, "ordinary-month", 1).await;
    decide(db, DECIDED).await;
    correct_hours(db, &case, "2020-10-12", "29.6").await;
    case
}

async fn loss(db: &Db, today: &str) -> Loss {
    let look: Act<Look> = on(db, "abc", CHANGED).await;
    let open = change(db, async |tx| decisions::open(tx, &look).await.unwrap()).await;
    let mut read = db.read().await.unwrap();
    let losses = losses(&mut read, tenant(), &open, day(today)).await.unwrap();
    let [loss] = &losses[..] else { panic!("{losses:?}") };
    loss.clone()
}

pub(crate) async fn hear(db: &Db) -> Hearing {
    let intention = loss(db, "2020-11-09").await.intention;
    let act: Act<Propose> = on(db, "abc", CHANGED).await;
    let text = "Vi påtænker at nedsætte tilskuddet for oktober.";
    change(db, async |tx| hearings::open(tx, &act, intention, text, 14).await.unwrap()).await
}

async fn arrived(db: &Db, hearing: &Hearing, moment: &str) {
    let act: Act<Register> = on(db, "abc", moment).await;
    let of = (hearing.intention.case, hearing.id);
    let today = ydun::clock::danish(at(moment));
    change(db, async |tx| {
        hearings::deliver(tx, &act, of, today, Channel::DigitalPost).await.unwrap()
    })
    .await;
}

/// What is on its way to the payees.
async fn planned(db: &Db, case: &Case) -> Dkk {
    let payments = of_case(&mut db.read().await.unwrap(), tenant(), case.id).await.unwrap();
    let planned = payments.iter().filter(|payment| payment.state == State::Planned);
    planned.map(|payment| payment.amount).sum()
}

/// How October agrees.
async fn october(db: &Db) -> Match {
    let month = "2020-10".parse().unwrap();
    let mut read = db.read().await.unwrap();
    check(&mut read, tenant(), month, day("2020-11-26")).await.unwrap().remove(0)
}

const WHOLE: Dkk = Dkk::from_kroner(7326);
const LESS: Dkk = Dkk::from_kroner(6993);

#[tokio::test]
async fn a_benefit_is_not_lowered_before_the_party_is_heard_and_the_decision_has_arrived() {
    each_engine(|db| async move {
        let case = case_that_gets_less(&db).await;
        let approval = decide(&db, CHANGED).await;
        assert_eq!((approval.decisions, approval.waiting), (0, 1));
        assert_eq!(
            (loss(&db, "2020-11-09").await.before, planned(&db, &case).await),
            (WHOLE, WHOLE)
        );

        let hearing = hear(&db).await;
        assert_eq!(loss(&db, "2020-12-31").await.standing, Standing::Undelivered);
        arrived(&db, &hearing, "2020-11-10T09:00:00Z").await;
        assert_eq!(loss(&db, "2020-11-24").await.standing, Standing::Until(day("2020-11-24")));
        // On the last day nothing can be approved; the run of the month does not change that.
        assert_eq!(decide(&db, "2020-11-24T20:00:00Z").await.waiting, 1);

        let approval = decide(&db, "2020-11-25T08:00:00Z").await;
        assert_eq!((approval.decisions, approval.held, approval.withdrawn), (1, 1, 0));
        assert_eq!(planned(&db, &case).await, WHOLE, "the decision has not arrived");
        let waits = october(&db).await;
        assert!(waits.differences.iter().all(|one| one.kind == Kind::NotPaid), "{waits:?}");
        assert_eq!(waits.waiting[0].amount, WHOLE - LESS);

        let [waits] = held(&mut db.read().await.unwrap(), tenant()).await.unwrap()[..] else {
            panic!("one decision waits")
        };
        let act: Act<Approve> = on(&db, "def", "2020-11-26T09:00:00Z").await;
        let of = (case.id, waits.decision_id);
        let delivered = change(&db, async |tx| {
            deliver(tx, &act, &bank(), of, day("2020-11-26"), Channel::Letter).await.unwrap()
        })
        .await;
        assert_eq!((delivered.withdrawn, delivered.paid), (1, LESS));
        assert_eq!(planned(&db, &case).await, LESS);
        assert_eq!(october(&db).await.waiting, []);
        let mut tx = db.begin().await.unwrap();
        let again = deliver(&mut tx, &act, &bank(), of, day("2020-11-26"), Channel::Letter).await;
        assert!(matches!(again, Err(DeliverError::NotHeld(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_ends_the_hearing_and_another_intention_needs_another() {
    each_engine(|db| async move {
        let case = case_that_gets_less(&db).await;
        decide(&db, CHANGED).await;
        let hearing = hear(&db).await;
        arrived(&db, &hearing, "2020-11-10T09:00:00Z").await;
        let act: Act<Register> = on(&db, "abc", "2020-11-11T09:00:00Z").await;
        let of = (case.id, hearing.id);
        let answer = Answer { on: day("2020-11-11"), text: "Det er rigtigt.".into() };
        let given = answer.clone();
        change(&db, async |tx| hearings::answer(tx, &act, of, given).await.unwrap()).await;
        assert_eq!(loss(&db, "2020-11-11").await.standing, Standing::Over);
        let mut tx = db.begin().await.unwrap();
        let twice = hearings::answer(&mut tx, &act, of, answer).await;
        assert!(matches!(twice, Err(HearingError::NotWaiting)), "{twice:?}");
        drop(tx);

        // Another week falls away as well: about that the party has not been heard.
        correct_hours(&db, &case, "2020-10-19", "30").await;
        assert_eq!(decide(&db, "2020-11-12T09:00:00Z").await.waiting, 1);
        assert_eq!(loss(&db, "2020-11-12").await.standing, Standing::Missing);
    })
    .await;
}

#[tokio::test]
async fn a_hearing_is_left_out_on_a_ground_in_law_and_one_proposal_alone_is_refused_without() {
    each_engine(|db| async move {
        case_that_gets_less(&db).await;
        decide(&db, CHANGED).await;
        let loss_found = loss(&db, "2020-11-09").await;
        let act: Act<Approve> = on(&db, "def", CHANGED).await;
        let case = loss_found.intention.case;
        let open = decisions::open_of_case(&mut db.read().await.unwrap(), tenant(), case).await;
        let seen = [open.unwrap()[0].seen()];
        let bank = bank();
        let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
        let mut tx = db.begin().await.unwrap();
        let refused = approve(&mut tx, &act, &seen, &terms).await;
        let Err(ApproveMonthError::Decision(refused)) = refused else { panic!("{refused:?}") };
        assert!(refused.to_string().contains("parten er ikke hørt"), "{refused}");
        drop(tx);

        let reason = "Arbejdsgiveren har selv rettet timerne.";
        let ground = Ground::PartyKnows;
        change(&db, async |tx| {
            hearings::waive(tx, &act, loss_found.intention, ground, reason).await.unwrap();
        })
        .await;
        assert_eq!(loss(&db, "2020-11-09").await.standing, Standing::Waived(ground));
        let approval =
            change(&db, async |tx| approve(tx, &act, &seen, &terms).await.unwrap()).await;
        assert_eq!((approval.decisions, approval.held), (1, 1));
    })
    .await;
}

/// The lower decision is approved and waits to arrive; the parties need not be heard.
async fn held_decision(db: &Db) -> (Case, Held) {
    let case = case_that_gets_less(db).await;
    decide(db, CHANGED).await;
    parties_know(db, at(CHANGED)).await;
    decide(db, CHANGED).await;
    let waits = held(&mut db.read().await.unwrap(), tenant()).await.unwrap();
    let [waits] = waits[..] else { panic!("{waits:?}") };
    (case, waits)
}

#[tokio::test]
async fn until_a_lower_decision_arrives_what_was_stopped_is_paid_again_as_before() {
    each_engine(|db| async move {
        let (case, waits) = held_decision(&db).await;
        let payment =
            of_case(&mut db.read().await.unwrap(), tenant(), case.id).await.unwrap()[0].id;
        let halt: Act<StopPayments> = on(&db, "abc", CHANGED).await;
        change(&db, async |tx| stop(tx, &halt, payment, "fejl").await.unwrap()).await;
        let act: Act<Approve> = on(&db, "def", CHANGED).await;
        let lane = Lane::DagTilDag;
        change(&db, async |tx| pay_again(tx, &act, &bank(), payment, lane).await.unwrap()).await;
        assert_eq!(planned(&db, &case).await, WHOLE);
        let pay: Act<Pay> = on(&db, "abc", CHANGED).await;
        let breaks = change(&db, async |tx| reconcile(tx, &pay, day("2020-11-09")).await.unwrap());
        assert!(breaks.await.is_empty(), "what has not arrived is no break");

        let of = (case.id, waits.decision_id);
        let arrived = day("2020-11-09");
        change(&db, async |tx| {
            deliver(tx, &act, &bank(), of, arrived, Channel::Letter).await.unwrap()
        })
        .await;
        assert_eq!(planned(&db, &case).await, LESS);
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_was_overtaken_never_takes_effect() {
    each_engine(|db| async move {
        let (case, overtaken) = held_decision(&db).await;
        correct_hours(&db, &case, "2020-10-12", "36").await;
        decide(&db, CHANGED).await;
        parties_know(&db, at(CHANGED)).await;
        assert_eq!(decide(&db, CHANGED).await.held, 1);

        let act: Act<Approve> = on(&db, "def", CHANGED).await;
        let of = (case.id, overtaken.decision_id);
        let mut tx = db.begin().await.unwrap();
        let late = deliver(&mut tx, &act, &bank(), of, day("2020-11-09"), Channel::Letter).await;
        assert!(matches!(late, Err(DeliverError::NotHeld(_))), "{late:?}");
        drop(tx);
        assert_eq!(planned(&db, &case).await, WHOLE);
        // Beside what is in effect, a third still takes away: it is not measured by what never was.
        correct_hours(&db, &case, "2020-10-12", "35").await;
        assert_eq!(decide(&db, CHANGED).await.waiting, 1);
        assert_eq!(loss(&db, "2020-11-09").await.before, WHOLE);
    })
    .await;
}

#[tokio::test]
async fn what_gives_more_or_goes_back_needs_no_hearing() {
    each_engine(|db| async move {
        let case = case_that_gets_less(&db).await;
        decide(&db, CHANGED).await;
        // The week was right after all: nothing is left to decide, and nobody is heard.
        correct_hours(&db, &case, "2020-10-12", "37").await;
        let approval = decide(&db, "2020-11-09T13:00:00Z").await;
        assert_eq!((approval.decisions, approval.waiting), (0, 0));
        assert_eq!(planned(&db, &case).await, WHOLE);
    })
    .await;
}
