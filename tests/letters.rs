//! Letters: what they say is what is decided and paid, and each reaches its reader once, by one way or another.

use std::collections::BTreeSet;
use std::fs;

use axum::http::StatusCode;
use tempfile::TempDir;
use ydun::access::{Approve, Look, Register};
use ydun::adapters::post::CommonPost;
use ydun::cases::Case;
use ydun::db::Db;
use ydun::decisions::explain::explain;
use ydun::hearings::{Channel, Standing, service as hearings};
use ydun::letters::post::service::{self as post, PostError, Sent};
use ydun::letters::post::{Address, Dispatch, Fate, Instead, Reach, Said, State};
use ydun::letters::service as letters;
use ydun::letters::{About, Draft, Kind};
use ydun::operations::delivery::held;
use ydun::operations::post::{Clerk, Consequence, hear, touched, write};
use ydun::payments::BankProfile;
use ydun::payments::outbox::Outbox;
use ydun_domain::Period;
use ydun_domain::ids::{MessageId, PartyId};
use ydun_typeset::{Block, Letter, Signature};

use crate::hearings as heard;
use crate::support::{
    act, act_as, at, change, day, each_engine, open_case, parties_know, stationery, tenant,
};
use crate::web::{get, october};

const CHANGED: &str = "2020-11-09T12:00:00Z";

/// A letter that tells something and decides nothing.
fn told(recipient: PartyId, key: &str) -> Draft {
    let letter = Letter {
        id: key.to_owned(),
        sender: stationery().sender,
        date: day("2020-11-02"),
        case_number: "2020-00001".to_owned(),
        title: "Din arbejdsgiver har søgt".to_owned(),
        blocks: vec![Block::Paragraph("Vi har fået en ansøgning.".to_owned())],
        signature: Signature { lines: vec!["Prøve Kommune".to_owned()] },
    };
    Draft { kind: Kind::Information, about: About::Nothing, recipient, letter }
}

/// The post room of the municipality: a folder the postal service fetches from.
struct PostRoom<'a> {
    db: &'a Db,
    folder: TempDir,
}

impl<'a> PostRoom<'a> {
    fn of(db: &'a Db) -> Self {
        Self { db, folder: tempfile::tempdir().unwrap() }
    }

    async fn write(&self, case: &Case, drafts: Vec<Draft>) -> usize {
        let act = act::<Register>(self.db).await;
        change(self.db, async |tx| post::write(tx, &act, case.id, drafts).await.unwrap()).await
    }

    async fn send(&self) -> Vec<MessageId> {
        let outbox = Outbox::open(self.folder.path()).unwrap();
        let moment = at("2020-12-31T09:00:00Z");
        let stationery = stationery();
        let sent = post::send(self.db, tenant(), &stationery, &CommonPost, &outbox, moment);
        let Sent { messages, failed } = sent.await.unwrap();
        assert!(failed.is_empty(), "{failed:?}");
        messages
    }

    fn file(&self, message: MessageId) -> String {
        fs::read_to_string(self.folder.path().join(format!("{}-{message}.xml", tenant()))).unwrap()
    }

    async fn ways(&self, case: &Case) -> Vec<Dispatch> {
        post::ways(&mut self.db.read().await.unwrap(), tenant(), case.id).await.unwrap()
    }

    /// What the postal service says on 12 November.
    async fn hear(&self, message: MessageId, fate: Fate) -> Consequence {
        let moment = at("2020-11-12T09:00:00Z");
        let register = act_as::<Register>(self.db, "def", moment).await;
        let approve = act_as::<Approve>(self.db, "def", moment).await;
        let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
        let clerk = Clerk { register: &register, approve: &approve, bank: &bank };
        let said = Said { message, on: day("2020-11-12"), fate };
        change(self.db, async |tx| hear(tx, &clerk, &said).await.unwrap()).await
    }

    /// Writes what there is to write about 9 November.
    async fn write_due(&self) -> usize {
        let moment = at(CHANGED);
        let look = act_as::<Look>(self.db, "abc", moment).await;
        let register = act_as::<Register>(self.db, "abc", moment).await;
        let days = Period::of_day(day("2020-11-09"));
        let cases = change(self.db, async |tx| touched(tx, &look, days).await.unwrap()).await;
        let sender = stationery().sender;
        let mut written = 0;
        for case in cases {
            written += change(self.db, async |tx| {
                write(tx, &look, &register, &sender, case).await.unwrap()
            })
            .await;
        }
        written
    }

    async fn tell_reach(&self, party: PartyId, reach: Reach) {
        let act = act::<Register>(self.db).await;
        change(self.db, async |tx| post::tell_reach(tx, &act, party, &reach).await.unwrap()).await;
    }

    async fn open_tasks(&self) -> Vec<String> {
        let act = act::<Look>(self.db).await;
        let mut read = self.db.read().await.unwrap();
        let tasks = ydun::tasks::service::open(&mut read, &act).await.unwrap();
        tasks.into_iter().map(|task| task.title).collect()
    }
}

fn address() -> Address {
    let lines = vec!["Skovvej 1".to_owned()];
    Address::new(lines, Some("6700".to_owned()), "DK".to_owned()).unwrap()
}

#[tokio::test]
async fn a_letter_is_written_once_and_sent_once() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        assert_eq!(room.write(&case, vec![told(roles.employer, "a")]).await, 1);
        assert_eq!(room.write(&case, vec![told(roles.employer, "a")]).await, 0);
        let sent = room.send().await;
        let [message] = sent[..] else { panic!("{sent:?}") };
        let file = room.file(message);
        assert!(file.contains("<memo:recipientID>29189803</memo:recipientID>"));
        assert!(room.send().await.is_empty());
        assert_eq!(room.file(message), file);
        assert_eq!(room.ways(&case).await[0].state, State::Sent);
    })
    .await;
}

#[tokio::test]
async fn a_process_killed_after_the_file_is_there_leaves_one_file() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        room.write(&case, vec![told(roles.employer, "a")]).await;
        let message = room.send().await[0];
        // as if the transaction that says so had never committed
        change(&db, async |tx| {
            const AGAIN: &str =
                "UPDATE job SET done_at = NULL, lease_until = NULL WHERE tenant = $1";
            const PLANNED: &str = "UPDATE dispatch SET state = 'planned' WHERE tenant = $1";
            tx.execute(ydun::db::sql(AGAIN).bind(tenant())).await.unwrap();
            tx.execute(ydun::db::sql(PLANNED).bind(tenant())).await.unwrap();
        })
        .await;
        assert_eq!(room.send().await, [message]);
        let files = fs::read_dir(room.folder.path()).unwrap().count();
        assert_eq!(files, 2, "the letter and .pending");
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_comes_back_goes_another_way_and_at_last_to_the_desk() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        let reach = Reach { digital: true, address: Some(address()), ..Reach::untold(false) };
        room.tell_reach(roles.apprentice, reach).await;
        room.write(&case, vec![told(roles.apprentice, "a")]).await;

        let digital = room.send().await[0];
        let closed = Fate::Failed("postkassen er lukket".to_owned());
        assert_eq!(room.hear(digital, closed).await, Consequence::TriedAgain);
        let printed = room.send().await[0];
        assert!(room.file(printed).contains("Skovvej 1"));
        let moved = Fate::Failed("flyttet".to_owned());
        assert_eq!(room.hear(printed, moved).await, Consequence::TriedAgain);

        let ways = room.ways(&case).await;
        let channels: Vec<Channel> = ways.iter().map(|way| way.channel).collect();
        assert_eq!(channels, [Channel::DigitalPost, Channel::Letter, Channel::Desk]);
        assert_eq!(room.open_tasks().await, ["Udlevér brevet »Din arbejdsgiver har søgt«"]);
        assert_eq!(room.hear(ways[2].message, Fate::Arrived).await, Consequence::Arrived);
        assert!(room.open_tasks().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_has_no_address_finds_the_letter_at_the_desk_at_once() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        room.write(&case, vec![told(roles.apprentice, "a")]).await;
        assert!(room.send().await.is_empty());
        let ways = room.ways(&case).await;
        assert_eq!((ways[0].channel, ways[0].state), (Channel::Desk, State::Sent));
        assert_eq!(room.open_tasks().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_guardian_gets_the_letters_at_the_guardian_s_own_address() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        let instead = Some((Instead::Guardian, roles.employer));
        let hidden = Reach { protected: true, address: Some(address()), instead, digital: false };
        room.tell_reach(roles.apprentice, hidden).await;
        room.write(&case, vec![told(roles.apprentice, "a")]).await;
        let file = room.file(room.send().await[0]);
        assert!(file.contains("29189803") && !file.contains("Skovvej"), "{file}");
        assert_eq!(room.ways(&case).await[0].to, roles.employer);
        let act = act::<Register>(&db).await;
        let itself =
            Reach { instead: Some((Instead::Contact, roles.employer)), ..Reach::untold(true) };
        let refused = change(&db, async |tx| {
            post::tell_reach(tx, &act, roles.employer, &itself).await.unwrap_err()
        })
        .await;
        assert!(matches!(refused, PostError::Itself), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_heard_of_a_letter_twice_or_before_it_is_sent() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let room = PostRoom::of(&db);
        room.write(&case, vec![told(roles.employer, "a")]).await;
        let message = room.ways(&case).await[0].message;
        let act = act_as::<Register>(&db, "abc", at("2020-11-12T09:00:00Z")).await;
        let said = Said { message, on: day("2020-11-12"), fate: Fate::Arrived };
        let early = change(&db, async |tx| post::hear(tx, &act, &said).await.unwrap_err()).await;
        assert!(matches!(early, PostError::NotOnItsWay(_)), "{early}");
        room.send().await;
        room.hear(message, Fate::Arrived).await;
        let again = change(&db, async |tx| post::hear(tx, &act, &said).await.unwrap_err()).await;
        assert!(matches!(again, PostError::NotOnItsWay(_)), "{again}");
    })
    .await;
}

#[tokio::test]
async fn a_hearing_s_clock_runs_from_the_day_its_letter_arrived() {
    each_engine(|db| async move {
        let case = heard::case_that_gets_less(&db).await;
        heard::decide(&db, CHANGED).await;
        let hearing = heard::hear(&db).await;
        let room = PostRoom::of(&db);
        assert_eq!(room.write_due().await, 1, "what is only proposed is not written about");
        let message = room.send().await[0];
        let runs = Consequence::HearingRuns(day("2020-11-26"));
        assert_eq!(room.hear(message, Fate::Arrived).await, runs);
        let mut read = db.read().await.unwrap();
        let today = day("2020-11-26");
        let standings =
            hearings::standings(&mut read, tenant(), &[hearing.intention], today).await.unwrap();
        assert_eq!(standings, [Standing::Until(today)]);
        assert_eq!(post::letters(&mut read, tenant(), case.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_gives_less_counts_when_its_letter_has_arrived() {
    each_engine(|db| async move {
        let case = heard::case_that_gets_less(&db).await;
        heard::decide(&db, CHANGED).await;
        parties_know(&db, at(CHANGED)).await;
        heard::decide(&db, CHANGED).await;
        let waiting = held(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(waiting.len(), 1);
        let room = PostRoom::of(&db);
        assert_eq!(room.write_due().await, 1);
        assert_eq!(room.write_due().await, 0);
        let letter =
            &post::letters(&mut db.read().await.unwrap(), tenant(), case.id).await.unwrap()[0];
        let text = letter.letter.to_string();
        for told in
            ["Før: 7.326,00 kr.", "Nu: 6.993,00 kr.", "Forskel: -333,00 kr.", "Sådan klager I"]
        {
            assert!(text.contains(told), "{told} is missing in\n{text}");
        }
        let message = room.send().await[0];
        assert_eq!(room.hear(message, Fate::Arrived).await, Consequence::DecisionCounts);
        assert!(held(&mut db.read().await.unwrap(), tenant()).await.unwrap().is_empty());
    })
    .await;
}

/// The amounts a text names.
fn amounts(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split([' ', '\u{a0}', '\n', '(', ')']).collect();
    let named = words.windows(2).filter(|pair| pair[1].starts_with("kr."));
    named.map(|pair| pair[0].to_owned()).collect()
}

#[tokio::test]
async fn a_letter_names_no_figure_that_is_not_in_the_steps_or_the_books() {
    each_engine(|db| async move {
        let case = heard::case_that_gets_less(&db).await;
        heard::decide(&db, CHANGED).await;
        heard::hear(&db).await;
        let look = act_as::<Look>(&db, "abc", at(CHANGED)).await;
        let (drafts, explained) = change(&db, async |tx| {
            let sender = stationery().sender;
            let drafts = letters::of_case(tx, &look, &sender, &case).await.unwrap();
            let days = Period::new(day("2020-10-01"), day("2020-10-31")).unwrap();
            (drafts, explain(tx, &look, case.id, days).await.unwrap())
        })
        .await;
        let kinds: BTreeSet<Kind> = drafts.iter().map(|draft| draft.kind).collect();
        assert!(kinds.is_superset(&[Kind::Hearing, Kind::Payment].into()), "{kinds:?}");
        let mut known = amounts(&explained.to_string());
        // what is paid, what is proposed instead, and what lies between
        known.extend(["7.326,00", "6.993,00", "-333,00"].map(str::to_owned));
        for draft in drafts {
            let named = amounts(&draft.letter.to_string());
            assert!(!named.is_empty());
            let strange: Vec<&String> = named.difference(&known).collect();
            assert!(strange.is_empty(), "{strange:?} in\n{}", draft.letter);
        }
    })
    .await;
}

#[tokio::test]
async fn the_case_has_a_page_with_its_letters_and_each_as_pdf() {
    each_engine(|db| async move {
        let case = october(&db).await.paid;
        let address = format!("/sager/{case}/breve");
        get(&db, &format!("/sager/{case}")).await.says(&format!(r#"href="{address}""#));
        let page = get(&db, &address).await;
        for told in ["Besked om udbetaling", "7.326,00 kr.", "Brevet er ikke skrevet og sendt."] {
            page.says(told);
        }
        let count = page.body.matches("Se som PDF med stor skrift").count();
        for (place, status) in
            [(1, StatusCode::OK), (count, StatusCode::OK), (count + 1, StatusCode::NOT_FOUND)]
        {
            let pdf = get(&db, &format!("{address}/{place}?stor=true")).await;
            assert_eq!(pdf.status, status, "letter {place}");
            assert_eq!(pdf.body.starts_with("%PDF-"), status == StatusCode::OK);
        }
    })
    .await;
}
