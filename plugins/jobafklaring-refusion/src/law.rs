//! Where it is written: the act, and the executive order of the time.

use ydun_benefit::prelude::*;

/// The order of 16 December 2019 is in force.
const ORDER_OF_2019: Day = Day::new(2020, 1, 1);

/// The employer's right: LAS § 69 t, and the order's § 1.
pub(crate) fn right(day: Day) -> &'static str {
    if day < ORDER_OF_2019 { BEFORE } else { "LAS §§ 69 t-69 u og BEK 1486/2019 § 1" }
}

/// The request, its deadline and the deductions: the order's § 2.
pub(crate) fn request(day: Day) -> &'static str {
    if day < ORDER_OF_2019 { BEFORE } else { "LAS §§ 69 t-69 u og BEK 1486/2019 § 2" }
}

/// The rates of the benefit, which are the employer's as well.
pub(crate) const RATES: &str = "LAS §§ 69 t-69 u";

/// The supplement that replaces the obligatory pension.
pub(crate) const SUPPLEMENT: &str = "LAS § 80 c";

/// The sections of the order of 2014 have not been read.
const BEFORE: &str = "LAS §§ 69 t-69 u og BEK 1552/2014";
