//! Four years of one parent, worked out by hand from the law: cap, regulation, pension, supplements.
//!
//! She earned 40,000 kr. a month for 32 hours, and 16 are granted from 1 January 2021, so everything is
//! a half. The employer paid 3,400 kr. to the pension, of which a half is 1,700. The benefit ends on 31
//! August 2024.
//!
//! | Year | Full month, regulated          | Cap    | Gross, a half | 10 %      |
//! |------|--------------------------------|--------|---------------|-----------|
//! | 2021 | 40,000                         | 32,671 | 16,335.50     | 1,633.55  |
//! | 2022 | 32,671 x 1.012 = 33,063.05     | 33,063 | 16,531.50     | 1,653.15  |
//! | 2023 | 33,063 x 1.030 = 34,054.89     | 34,055 | 17,027.445    | 1,702.74  |
//! | 2024 | 34,054.89 x 1.035 = 35,246.81  | 35,247 | 17,623.405    | 1,762.34  |

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{code, full_time, kroner, number, on, who};

/// The case on some days of it.
pub(crate) fn four_years(span: &str) -> Scene {
    full_time("40000.00", "2021-01-01", span)
        .set("income-basis", "weekly-hours", number("32"))
        .set("hours-granted", "weekly-hours", number("16"))
        .set("application", "weekly-hours", number("16"))
        .set("employer-statement", "weekly-hours-now", number("16"))
        .set("pension-scheme", "kind", code("employer"))
        .set("pension-scheme", "employer-contribution", kroner("3400.00"))
        .set("pension-scheme", "firm", who("pensionsselskab"))
        .setting("holiday-supplement-month", Scalar::Integer(5))
        .fact(
            "ended",
            "2024-08-01..",
            &[("last-day", on("2024-08-31")), ("reason", code("need-ceased"))],
        )
}

#[test]
fn each_year_has_its_benefit_and_its_pension() {
    let february = |year: u32, benefit, pension| {
        let scene = four_years(&format!("{year}-02-01..{year}-02-28"));
        let posting = if year < 2024 { "ydelse-serviceloven" } else { "ydelse" };
        scene.pays(posting, benefit);
        scene.pays("pension", pension);
    };
    february(2021, "16335.50", "1633.55"); // a tenth of the capped benefit is the lesser
    february(2022, "16531.50", "1653.15");
    february(2023, "17027.45", "1700.00"); // half of the former contribution is the lesser
    four_years("2024-02-01..2024-02-29").pays("ydelse", "17623.41");
    four_years("2024-02-01..2024-02-29").pays("pension", "1700.00");
}

#[test]
fn the_supplement_for_holiday_is_one_percent_of_the_year_before() {
    let may = |year: u32| four_years(&format!("{year}-05-01..{year}-05-31"));
    may(2021).pays("ferietillaeg", "0.00");
    may(2022).pays("ferietillaeg", "1960.26"); // 12 x 16,335.50 = 196,026.00
    may(2023).pays("ferietillaeg", "1983.78"); // 12 x 16,531.50 = 198,378.00
    may(2024).pays("ferietillaeg", "2043.29"); // 12 x 17,027.45 = 204,329.40
}

#[test]
fn the_supplements_at_the_end_are_an_eighth_of_two_years() {
    // 204,329.40 / 8 = 25,541.175 with the last month.
    four_years("2024-08-01..2024-08-31").pays("ophoerstillaeg", "25541.18");
    // 8 x 17,623.41 = 140,987.28, and an eighth of it on 1 September.
    four_years("2024-09-01..2024-09-30").gives(Verdict::Granted, "17623.41");
}
