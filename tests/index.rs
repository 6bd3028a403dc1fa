//! The common benefit index: told what is new, changed or gone, and what it holds is what we hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use ydun::access::{Pay, StopPayments};
use ydun::adapters::ydelsesindeks::Ydelsesindeks;
use ydun::cases::ALL_CASES;
use ydun::operations::index::service::{due, publish, tell, untold};
use ydun::operations::index::{IndexFile, Object};
use ydun::payments::service::stop;
use ydun_peers::simindeks::{Elements, Held, Simindeks};

use crate::money::Office;
use crate::support::{at, change, each_engine, tenant};

/// The index's list of elements, where the official schemas are at hand; else nothing to tell.
fn index() -> Option<Simindeks> {
    let schemas = PathBuf::from(std::env::var_os("YDUN_SCHEMAS")?);
    let list = fs::read_to_string(schemas.join("ydelsesindeks/elements.csv")).unwrap();
    Some(Simindeks::new(Elements::read(&list)))
}

/// The office's way to the index.
impl Office {
    async fn tell_index(&self) -> Vec<IndexFile> {
        let act = self.act::<Pay>("abc").await;
        let outbox = ydun::payments::outbox::Outbox::open(self.folder("indeks")).unwrap();
        tell(&self.db, &act, &Ydelsesindeks, &outbox).await.unwrap();
        let lease = ydun::payments::service::LEASE;
        publish(&self.db, self.tenant, &Ydelsesindeks, &outbox, lease, self.now).await.unwrap()
    }

    /// Tells the index, and has it take in what it was told.
    async fn tell_and_receive(&self, index: &mut Simindeks) -> i64 {
        let mut told = 0;
        for file in self.tell_index().await {
            let path = self.folder("indeks").join(&file.name);
            let received = index.receive(&fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(i64::try_from(received).unwrap(), file.registrations);
            told += file.registrations;
        }
        told
    }

    /// What the index should hold, as it would say it.
    async fn ours(&self) -> BTreeMap<String, Held> {
        let due = due(&mut self.db.read().await.unwrap(), self.tenant, &ALL_CASES).await.unwrap();
        due.into_iter().map(|object| (object.id().to_string(), held(object))).collect()
    }
}

fn held(object: Object) -> Held {
    match object {
        Object::Grant(grant) => Held::Grant {
            first: grant.first.to_string(),
            last: grant.last.to_string(),
            parties: grant.payees.len(),
            status: "Aktiv".to_owned(),
        },
        Object::Effectuation(payout) => Held::Payout {
            gross: payout.gross.plain(),
            net: payout.net.plain(),
            paid: payout.paid.plain(),
            disposal: payout.disposal.to_string(),
            periods: payout.parts.len(),
        },
    }
}

#[tokio::test]
async fn the_index_holds_what_we_hold_whatever_happens() {
    each_engine(|db| async move {
        let Some(mut index) = index() else { return };
        let mut office = Office::in_municipality(&db, tenant()).await;
        let (case, citizen) = (office.case().await, office.citizen("Anders Ågård").await);
        let firm = office.company(1).await;
        let lines = [("x", firm, "a", 500), ("y", citizen, "skattefri", 700)];
        office.decide(case, "2020-10", &lines).await;
        assert_eq!(office.tell_and_receive(&mut index).await, 3, "a grant and two payouts");
        assert_eq!(*index.held(), office.ours().await);
        assert_eq!(office.tell_and_receive(&mut index).await, 0, "nothing is new");

        // A month more, one payment stopped, the other paid.
        office.decide(case, "2020-11", &[("x", firm, "a", 500)]).await;
        let stopped = office.payments(case).await[0].id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, stopped, "prøve").await.unwrap()).await;
        office.now = at("2020-11-24T09:00:00Z");
        office.pay_out().await;
        assert_eq!(office.tell_and_receive(&mut index).await, 4);
        assert_eq!(*index.held(), office.ours().await);

        // Another case, and the first lowered before anything of the new month was paid.
        office.decide(office.case().await, "2020-11", &[("x", firm, "a", 50)]).await;
        office.decide(case, "2020-12", &[("x", firm, "a", 900)]).await;
        office.decide(case, "2020-12", &[("x", firm, "a", 100)]).await;
        office.tell_and_receive(&mut index).await;
        assert_eq!(*index.held(), office.ours().await);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_lost_before_it_is_shown_is_made_again() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, firm) = (office.case().await, office.company(1).await);
        office.decide(case, "2020-10", &[("x", firm, "a", 500)]).await;
        let act = office.act::<Pay>("abc").await;
        let outbox = ydun::payments::outbox::Outbox::open(office.folder("indeks")).unwrap();
        let file = tell(&db, &act, &Ydelsesindeks, &outbox).await.unwrap().remove(0);
        let pending = office.folder("indeks").join(".pending").join(&file.name);
        let written = fs::read(&pending).unwrap();
        fs::remove_file(&pending).unwrap();
        let lease = ydun::payments::service::LEASE;
        let published = publish(&db, tenant(), &Ydelsesindeks, &outbox, lease, office.now).await;
        assert_eq!(published.unwrap().len(), 1);
        assert_eq!(fs::read(office.folder("indeks").join(&file.name)).unwrap(), written);
    })
    .await;
}

#[tokio::test]
async fn a_case_knows_what_the_index_is_still_to_be_told_of_it() {
    each_engine(|db| async move {
        let office = Office::in_municipality(&db, tenant()).await;
        let (case, other) = (office.case().await, office.case().await);
        let payee = office.company(1).await;
        let left =
            async |case| untold(&mut db.read().await.unwrap(), tenant(), case).await.unwrap();
        office.decide(case, "2020-10", &[("x", payee, "a", 100)]).await;
        assert_eq!(left(case).await, None, "the municipality has never told the index anything");

        office.tell_index().await;
        assert_eq!((left(case).await, left(other).await), (Some(0), Some(0)));
        office.decide(case, "2020-11", &[("x", payee, "a", 50)]).await;
        assert_eq!(left(case).await, Some(2), "the grant is longer, and there is another payout");
        assert_eq!(left(other).await, Some(0));
        office.tell_index().await;

        let planned = office.payments(case).await.remove(0).id;
        let act = office.act::<StopPayments>("abc").await;
        change(&db, async |tx| stop(tx, &act, planned, "flyttet").await.unwrap()).await;
        assert_eq!(left(case).await, Some(1), "a payout that was stopped is no more");
    })
    .await;
}
