//! Transactions that nobody waits for any more.

use std::time::Duration;

use ydun::db::sql;

use crate::support::{change, each_engine, tenant};

/// More than there are connections.
const GIVEN_UP: usize = 40;

#[tokio::test]
async fn one_that_is_given_up_while_it_begins_leaves_its_connection_to_others() {
    const RENAME: &str = "UPDATE municipality SET name = $2 WHERE tenant = $1";
    each_engine(|db| async move {
        for number in 0..GIVEN_UP {
            let moment = Duration::from_micros(20 * u64::try_from(number).unwrap());
            drop(tokio::time::timeout(moment, db.read()).await);
            drop(tokio::time::timeout(moment, db.begin()).await);
        }
        for _ in 0..GIVEN_UP {
            let rename = sql(RENAME).bind(tenant()).bind("Anden Kommune");
            change(&db, async |tx| assert_eq!(tx.execute(rename).await.unwrap(), 1)).await;
        }
    })
    .await;
}
