//! Our rule for bank days against the days the central bank has published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ydun_domain::bank_days::is_bank_day;
use ydun_domain::{Day, Period};

/// Needs the folder of schemas, which is not part of the repository: `YDUN_SCHEMAS` names it.
#[test]
fn banks_close_on_the_published_days() {
    let Some(folder) = std::env::var_os("YDUN_SCHEMAS") else {
        eprintln!("YDUN_SCHEMAS is not set: not compared");
        return;
    };
    let file = PathBuf::from(folder).join("bankdays/banklukkedage.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut published: BTreeMap<i32, BTreeSet<Day>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let day: Day = line.split(',').next().unwrap().parse().unwrap();
        published.entry(day.year()).or_default().insert(day);
    }
    assert!(!published.is_empty(), "{} lists no days", file.display());
    for (year, published) in published {
        let weekdays: BTreeSet<Day> =
            published.into_iter().filter(|day| day.is_weekday()).collect();
        let all = Period::new(Day::new(year, 1, 1), Day::new(year, 12, 31)).unwrap();
        let closed = all
            .days()
            .filter(|day| day.is_weekday() && !is_bank_day(*day))
            .collect::<BTreeSet<_>>();
        assert_eq!(closed, weekdays, "{year}");
    }
}
