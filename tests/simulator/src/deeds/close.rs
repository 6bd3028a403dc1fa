//! Months are held against the town's books, and closed.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use ydun::access::{Approve, Pay};
use ydun::cases::service::by_ids;
use ydun::operations::close::service::{self, CloseError, check};
use ydun::operations::close::{Kind, Match};
use ydun_domain::Month;
use ydun_domain::ids::PartyId;

use crate::books::{Lines, Owed};
use crate::killed::Errand;
use crate::town::WORKERS;
use crate::world::World;

/// A line as the close names it: the case's number, the line and the payee.
type Named = (String, String, PartyId);

impl World<'_> {
    /// Whether the months agree, for all that is over.
    async fn months(&self) -> Result<Vec<Match>> {
        let mut read = self.town.db.read().await?;
        let mut months = Vec::new();
        for month in self.months_so_far() {
            months.extend(check(&mut read, self.town.tenant, month, self.today()).await?);
        }
        Ok(months)
    }

    /// The lines that differ and those that wait are the ones in the town's own books, to the øre.
    pub(crate) async fn check_close(&mut self) -> Result<()> {
        let months = self.months().await?;
        let differ = months.iter().flat_map(|month| &month.differences);
        let differ = differ.filter(|one| matches!(one.kind, Kind::NotBooked | Kind::Overpaid));
        let differ: BTreeMap<Named, i64> = differ
            .map(|one| {
                let case = one.case.clone().unwrap_or_default();
                ((case, one.of.clone(), one.payee), one.amount.oere())
            })
            .collect();
        let less = |one: &Lines, other: &Lines| {
            let mut rest = one.clone();
            for (owed, oere) in other {
                *rest.entry(owed.clone()).or_default() -= oere;
            }
            rest
        };
        let due = self.books.due();
        let expected = self.named(&less(&due, &self.ledger.costs)).await?;
        ensure!(differ == expected, "the close names {differ:?}, and there is {expected:?}");
        let waiting = months.iter().flat_map(|month| &month.waiting);
        let waiting: BTreeMap<Named, i64> = waiting
            .map(|one| ((one.case.clone(), one.line_key.clone(), one.payee), one.amount.oere()))
            .collect();
        let expected = self.named(&less(&due, &self.books.decided())).await?;
        ensure!(waiting == expected, "the close says {waiting:?} waits, and {expected:?} does");
        Ok(())
    }

    /// What is not zero, by the cases' numbers.
    async fn named(&self, lines: &Lines) -> Result<BTreeMap<Named, i64>> {
        let ids: Vec<_> = lines.keys().map(|owed| owed.case).collect();
        let cases = by_ids(&mut self.town.db.read().await?, self.town.tenant, &ids).await?;
        let numbers: BTreeMap<_, _> =
            cases.iter().map(|case| (case.id, case.to_string())).collect();
        let named = |(Owed { case, line, payee }, oere): (&Owed, &i64)| {
            ((numbers[case].clone(), line.clone(), *payee), *oere)
        };
        Ok(lines.iter().filter(|(_, oere)| **oere != 0).map(named).collect())
    }

    /// Closes the months that are over: one worker explains what differs, the other agrees.
    pub(crate) async fn close_months(&mut self) -> Result<()> {
        self.check_close().await?;
        for Match { benefit, month, differences, closed, .. } in self.months().await? {
            if closed.is_some() {
                continue;
            }
            for difference in differences {
                ensure!(
                    matches!(difference.kind, Kind::NotBooked | Kind::Overpaid),
                    "at rest nothing else differs: {difference:?}"
                );
                self.explain(month, &difference.key).await?;
            }
            self.close_month(&benefit, month).await?;
        }
        Ok(())
    }

    async fn explain(&mut self, month: Month, key: &str) -> Result<()> {
        let errand = Errand::Explain { month, key: key.to_owned() };
        self.dies_first(WORKERS[0], &errand)?;
        let act = self.town.act::<Pay>(WORKERS[0]).await?;
        self.change(async |tx| service::explain(tx, &act, month, key, "prøve").await).await??;
        self.dies_first(WORKERS[1], &Errand::Accept { month, key: key.to_owned() })?;
        let act = self.town.act::<Approve>(WORKERS[1]).await?;
        self.change(async |tx| service::accept(tx, &act, month, key).await).await??;
        Ok(())
    }

    async fn close_month(&mut self, benefit: &str, month: Month) -> Result<()> {
        let errand = Errand::Close { benefit: benefit.to_owned(), month };
        let may_be_done = self.dies_first(WORKERS[0], &errand)?;
        let act = self.town.act::<Pay>(WORKERS[0]).await?;
        match self.change(async |tx| service::close(tx, &act, benefit, month).await).await? {
            Ok(_) => {}
            Err(CloseError::ClosedBefore { .. }) if may_be_done => {}
            Err(error) => bail!("{error:#}"),
        }
        self.note("month closed");
        Ok(())
    }
}
