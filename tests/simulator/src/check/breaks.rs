//! The day's reconciliation finds what does not agree, and nothing else.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use ydun::payments::reconcile::{Break, Kind};

use super::{everything, of, overpaid};
use crate::world::World;

impl World<'_> {
    /// What is decided and not paid is named to the øre; what the books say of themselves agrees.
    pub(crate) async fn check_breaks(&mut self, breaks: &[Break]) -> Result<()> {
        let mut read = self.town.db.read().await?;
        self.ledger.read_on(&mut read, self.town.tenant).await?;
        let named = overpaid(&mut read, self.town.tenant).await?;
        let (due, costs) = (self.books.due(), &self.ledger.costs);
        let mut expected = BTreeMap::new();
        for owed in everything(&[&due, costs, &named]) {
            let differs = of(&due, owed) - of(costs, owed) + of(&named, owed);
            if differs != 0 {
                let key = format!("unpaid:{}:{}:{}", owed.case, owed.line, owed.payee);
                expected.insert(key, differs);
            }
        }
        let of_books =
            |one: &&Break| matches!(one.kind, Kind::Unpaid | Kind::Overpaid | Kind::Books);
        let found = breaks.iter().filter(of_books);
        let found: BTreeMap<String, i64> =
            found.map(|one| (one.key.clone(), one.amount.oere())).collect();
        ensure!(found == expected, "reconciliation found {found:?}, and there is {expected:?}");
        let strange = breaks.iter().find(|one| one.kind == Kind::Stranger);
        ensure!(strange.is_none(), "a movement of ours is unknown: {strange:?}");
        Ok(())
    }
}
