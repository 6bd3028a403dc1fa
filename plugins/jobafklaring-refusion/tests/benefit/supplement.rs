//! The employer supplement: a percentage of its own for each year, on a line of its own.

use ydun_benefit::testing::{code, kroner};

use crate::scene::{Refund, asked, ordinary, since};

#[test]
fn each_year_has_the_percentage_of_the_law() {
    let check = |year: u32, amount| {
        let month = format!("{year}-01-01..{year}-01-31");
        let scene = asked(since("2014-06-01", &month));
        let known = [2015, 2016, 2017, 2020, 2021, 2022, 2023, 2024].contains(&year);
        let scene = if known {
            scene
        } else {
            scene.rate("provider", &format!("{year}-01-01..{year}-12-31"), kroner("10000.00"))
        };
        scene.pays("tillaeg", amount);
    };
    check(2017, "0.00"); // the obligatory pension began in 2020
    check(2019, "0.00");
    check(2020, "46.07"); // 0.3 % of 15,355: 46.065
    check(2021, "93.28"); // 0.6 % of 15,547: 93.282
    check(2022, "140.13"); // 0.9 % of 15,570
    check(2023, "190.49"); // 1.2 % of 15,874: 190.488
    check(2024, "245.73"); // 1.5 % of 16,382
    check(2025, "180.00"); // from here of 10,000 kr., because the rates are not known
    check(2026, "210.00");
    check(2027, "240.00");
    check(2028, "270.00");
    check(2029, "300.00");
    check(2030, "330.00");
    check(2035, "330.00");
}

#[test]
fn it_is_a_percentage_of_what_is_paid_unless_the_municipality_says_otherwise() {
    let less = ordinary().sickness_refund("section-55", "2020-10-01..2020-10-09", "1000.00");
    // 7 of 22 days are gone: 10,469.32 are left, and 0.3 % of them are 31.40796.
    less.pays("tillaeg", "31.41");
    less.clone().setting("supplement-base", code("before-deduction")).pays("tillaeg", "46.07");
    less.setting("supplement-base", code("before-deduction")).pays("refusion", "10469.32");
}

#[test]
fn a_refund_that_is_deducted_away_may_leave_its_supplement() {
    let gone = ordinary().sickness_refund("section-55", "2020-10-01..2020-10-31", "1000.00");
    gone.pays("tillaeg", "0.00");
    gone.setting("supplement-base", code("before-deduction")).pays("tillaeg", "46.07");
}
