//! Whether the next payment would be wrong: then it is held and explained, and else it goes.

use ydun::access::{Act, Approve, Propose, Register};
use ydun::events::Verdict;
use ydun::events::service::{end_ignore, ignore, tried};
use ydun::events::tried::Total;
use ydun::events::{Kind, service as events};
use ydun::facts::service::known;
use ydun::operations::correction::{approve, propose};
use ydun::operations::service::Terms;
use ydun::payments::Lane;
use ydun::payments::service::{ReleaseError, holds_of_case, release};
use ydun_domain::Dkk;
use ydun_domain::benefit::Scalar;

use super::town::{News, Town, bank, news};
use crate::support::{
    act_as, at, change, day, decisions_arrive, each_engine, parties_know, tenant,
};
use crate::voksenlaerling::registry;

/// A Monday; the payments of March leave two days later.
const TODAY: &str = "2024-04-09T09:00:00Z";

#[tokio::test]
async fn a_recipient_who_died_before_the_payout_is_held_explained_and_put_right() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let (parent, planned) = (town.opened.parties["parent"], town.planned_for_parent().await);
        let died = town.hear(&news("parent", "died", "2024-03-15"), TODAY).await;
        let tally = town.judge(TODAY).await;
        assert_eq!((tally.judged, tally.closed), (1, 0));

        let outcome = town.outcome(died).await;
        assert_eq!((outcome.verdict, outcome.held), (Verdict::Asked, true));
        assert!(outcome.after < outcome.before && outcome.after > Dkk::ZERO, "{outcome:?}");
        let tasks = town.tasks().await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        assert!(tasks[0].title.contains("modtageren er død"), "{}", tasks[0].title);
        assert!(tasks[0].title.contains(&outcome.before.to_string()), "{}", tasks[0].title);
        assert!(tasks[0].detail.contains("Pengene holdes tilbage"), "{}", tasks[0].detail);
        assert!(tasks[0].due.is_some());
        let holds = town.holds().await;
        assert!(holds.iter().any(|hold| hold.payee == parent && hold.since == day("2024-03-01")));

        town.send().await;
        assert_eq!(town.planned_for_parent().await, planned, "the parent's money has not left");

        correct(&town).await;
        assert!(!town.parent_is_held().await, "the correction is decided");
        assert!(town.planned_for_parent().await < planned);
        let holds =
            holds_of_case(&mut db.read().await.unwrap(), tenant(), town.case()).await.unwrap();
        let of_parent = holds.into_iter().find(|hold| hold.payee == parent).unwrap();
        let because = of_parent.released_because.unwrap();
        assert!(because.contains("afgjort på ny"), "{because}");
    })
    .await;
}

/// Proposes, approves and delivers a correction of the case.
async fn correct(town: &Town) {
    let moment = at("2024-04-22T10:00:00Z");
    let act: Act<Propose> = act_as(&town.db, "abc", moment).await;
    let correction =
        propose(&town.db, registry(), &act, town.case(), "modtageren er død").await.unwrap();
    parties_know(&town.db, moment).await;
    let act: Act<Approve> = act_as(&town.db, "def", moment).await;
    let bank = bank();
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    let of = (correction.case, correction.id);
    change(&town.db, async |tx| {
        approve(tx, &act, of, correction.digest, &terms).await.unwrap();
    })
    .await;
    decisions_arrive(&town.db, moment).await;
}

#[tokio::test]
async fn a_person_lets_the_money_go_and_says_why() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        town.hear(&news("parent", "died", "2024-03-15"), TODAY).await;
        town.judge(TODAY).await;
        let act: Act<Register> = act_as(&db, "def", at(TODAY)).await;
        for hold in town.holds().await {
            change(&db, async |tx| {
                let refused = release(tx, &act, hold.id, " ").await.unwrap_err();
                assert!(matches!(refused, ReleaseError::NoReason), "{refused}");
                release(tx, &act, hold.id, "dødsfaldet er en fejl i registret").await.unwrap();
                let again = release(tx, &act, hold.id, "igen").await.unwrap_err();
                assert!(matches!(again, ReleaseError::NotHeld(_)), "{again}");
            })
            .await;
        }
        town.send().await;
        assert_eq!(town.planned_for_parent().await, Dkk::ZERO, "the money has left");
    })
    .await;
}

#[tokio::test]
async fn a_death_after_the_last_day_that_is_paid_for_holds_nothing() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let died = town.hear(&news("partner", "died", "2024-04-02"), TODAY).await;
        town.judge(TODAY).await;
        assert_eq!(town.outcome(died).await.verdict, Verdict::Noted);
        assert!(town.holds().await.is_empty() && town.tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_older_move_that_comes_late_never_takes_the_place_of_a_newer_one() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        // The child moved away in January and back in February; the register tells the last move first.
        town.hear(&news("child", "moved", "2024-02-10"), "2024-04-09T08:00:00Z").await;
        town.judge("2024-04-11T09:00:00Z").await;
        let away = News { municipality: Some("0563"), ..news("child", "moved", "2024-01-20") };
        town.hear(&away, "2024-04-11T10:00:00Z").await;
        town.judge("2024-04-14T09:00:00Z").await;

        let range = ydun::cases::CaseRange::of_one(town.case());
        let mut read = db.read().await.unwrap();
        let facts = known(&mut read, tenant(), range, day("2024-04-14")).await.unwrap();
        let mut homes: Vec<(String, String)> = facts
            .iter()
            .filter(|fact| fact.content.kind == "residence")
            .map(|fact| {
                let Scalar::Text(code) = &fact.content.attributes[0].value else { panic!() };
                (fact.content.valid.to_string(), code.clone())
            })
            .collect();
        homes.sort();
        let home = |days: &str, code: &str| (days.to_owned(), code.to_owned());
        assert_eq!(
            homes,
            [
                home("2015-06-10..2024-01-19", "0561"),
                home("2024-01-20..2024-02-09", "0563"),
                home("2024-02-10..", "0561"),
            ]
        );
        drop(read);
        assert!(town.holds().await.is_empty(), "March is as it was");
    })
    .await;
}

#[tokio::test]
async fn what_is_told_twice_under_two_numbers_is_asked_once() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        town.hear(&news("child", "died", "2024-03-15"), TODAY).await;
        let again = town.hear(&news("child", "died", "2024-03-15"), TODAY).await;
        town.judge(TODAY).await;
        assert_eq!(town.outcome(again).await.verdict, Verdict::Overtaken);
        assert_eq!(town.tasks().await.len(), 1);
        // The register changes the day: the newer word counts.
        let other = town.hear(&news("child", "died", "2024-03-20"), TODAY).await;
        town.judge(TODAY).await;
        assert_eq!(town.outcome(other).await.verdict, Verdict::Asked);
        assert_eq!(town.tasks().await.len(), 1, "the question is the same, with other amounts");
    })
    .await;
}

#[tokio::test]
async fn a_caseworker_says_what_means_nothing_and_takes_it_back() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let act: Act<Register> = act_as(&db, "abc", at(TODAY)).await;
        let until = day("2024-05-01");
        let said = change(&db, async |tx| {
            let never = ignore(tx, &act, town.case(), Kind::Died, until, "nej").await;
            assert!(never.unwrap_err().to_string().contains("always matters"));
            let kind = Kind::EmploymentEnded;
            ignore(tx, &act, town.case(), kind, until, "fratrådt efter aftale").await.unwrap()
        })
        .await;
        let left = town.hear(&news("parent", "employment-ended", "2024-04-01"), TODAY).await;
        town.judge(TODAY).await;
        let outcome = town.outcome(left).await;
        assert_eq!(outcome.verdict, Verdict::Ignored);
        assert!(outcome.reason.contains("fratrådt efter aftale"), "{}", outcome.reason);

        change(&db, async |tx| end_ignore(tx, &act, said.id).await.unwrap()).await;
        let left = town.hear(&news("parent", "employment-ended", "2024-04-05"), TODAY).await;
        town.judge(TODAY).await;
        assert_eq!(town.outcome(left).await.verdict, Verdict::Asked);
        assert!(
            town.holds().await.is_empty(),
            "a question that the benefit wants asked stops nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn a_month_of_events_is_counted_and_so_are_the_tasks_that_led_to_nothing() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        town.hear(&news("parent", "income-changed", "2024-04-01"), TODAY).await;
        town.hear(&news("parent", "employment-ended", "2024-04-01"), TODAY).await;
        town.hear(&news("parent", "died", "2024-03-15"), TODAY).await;
        town.judge(TODAY).await;
        let later = at("2024-04-09T15:00:00Z");
        let act: Act<Register> = act_as(&db, "def", later).await;
        let tasks = town.tasks().await;
        let left = tasks.iter().find(|task| task.topic == "event/employment-ended").unwrap();
        change(&db, async |tx| ydun::tasks::service::done(tx, &act, left.id, "").await.unwrap())
            .await;

        let look = act_as(&db, "abc", later).await;
        let mut read = db.read().await.unwrap();
        let kinds = tried(&mut read, &look, "2024-04".parse().unwrap()).await.unwrap();
        let total = Total::of(&kinds);
        assert_eq!((total.received, total.waiting, total.closed), (3, 0, 1));
        assert_eq!((total.tasks, total.holds, total.done, total.for_nothing), (2, 1, 1, 1));
        assert!(tried(&mut read, &look, "2024-05".parse().unwrap()).await.unwrap().is_empty());
        assert!(events::waiting(&mut read, tenant(), 10).await.unwrap().is_empty());
    })
    .await;
}
