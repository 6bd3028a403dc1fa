//! Invented people and firms. No number here belongs to anybody.

use ydun_domain::Day;

/// A small generator of numbers, the same on every machine and in every version.
///
/// It is `SplitMix64`: a counter, scrambled.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to `below` - 1.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        let index = usize::try_from(self.roll(among.len() as u64)).expect("an index of a list");
        &among[index]
    }
}

const FIRST_NAMES: [&str; 40] = [
    "Aksel", "Alma", "Anton", "Asta", "Birk", "Carla", "Dagny", "Ebbe", "Ellen", "Elmer", "Erna",
    "Esther", "Frode", "Gerda", "Gudrun", "Halfdan", "Hedvig", "Holger", "Inga", "Ivar", "Jens",
    "Karla", "Knud", "Laust", "Lilly", "Magda", "Malthe", "Nanna", "Oda", "Otto", "Petra", "Ragna",
    "Rosa", "Sofus", "Svend", "Tage", "Thyra", "Ulla", "Vagn", "Viggo",
];

const LAST_NAMES: [&str; 30] = [
    "Aagaard",
    "Bjerre",
    "Brandt",
    "Bruun",
    "Dahl",
    "Degn",
    "Elkjær",
    "Enevold",
    "Fisker",
    "Gormsen",
    "Grønbæk",
    "Hedegaard",
    "Holm",
    "Hvid",
    "Iversmark",
    "Juelsgaard",
    "Kjærholt",
    "Krog",
    "Lundemand",
    "Mosegaard",
    "Nørby",
    "Odderskær",
    "Præstholm",
    "Ravn",
    "Skovgaard",
    "Smedemark",
    "Toftegaard",
    "Uldall",
    "Vestermark",
    "Østerby",
];

const TRADES: [(&str, &str); 12] = [
    ("Tømrerne", "træfagenes byggeuddannelse"),
    ("Murersvendene", "murer"),
    ("Elkompagniet", "elektriker"),
    ("VVS-Huset", "vvs-energiuddannelsen"),
    ("Maskinværkstedet", "industritekniker"),
    ("Auto & Hjul", "personvognsmekaniker"),
    ("Køkkenet", "ernæringsassistent"),
    ("Slagteren", "gourmetslagter"),
    ("Bageriet", "bager"),
    ("Havneværftet", "skibsmontør"),
    ("Gartneriet", "gartner"),
    ("Transporthallen", "lager- og terminaluddannelsen"),
];

const PLACES: [&str; 10] = [
    "Vesterhavn",
    "Gammelby",
    "Sønderskov",
    "Klitten",
    "Åparken",
    "Torvet",
    "Engdraget",
    "Nordhavn",
    "Møllehøj",
    "Strandvejen",
];

pub fn name(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES))
}

/// A firm's name and the education it trains for.
pub fn firm(dice: &mut Dice, number: usize) -> (String, &'static str) {
    let (trade, education) = TRADES[number % TRADES.len()];
    let form = *dice.pick(&["ApS", "A/S", "I/S"]);
    (format!("{trade} {} {form}", dice.pick(&PLACES)), education)
}

pub fn unit_name(firm: &str, number: usize) -> String {
    format!("{firm}, afd. {}", PLACES[number % PLACES.len()])
}

/// A personal number that fails the check digit, which nobody born in these years was given.
pub fn cpr(birthday: Day, serial: usize) -> String {
    let hundred = serial / 100;
    let century_digit = if birthday.year() < 2000 { hundred % 4 } else { 4 + hundred % 6 };
    let start = format!(
        "{:02}{:02}{:02}",
        birthday.number(),
        birthday.month().number(),
        birthday.year() % 100
    );
    let number = |tail: usize| format!("{start}{century_digit}{tail:03}");
    let fails = |text: &String| !passes(text, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    (0..10)
        .map(|step| number((serial * 10 + step) % 1000))
        .find(fails)
        .expect("ten in a row cannot all pass")
}

/// An eight-digit number with a right check digit, far above those in use; for serials below
/// [`COMPANIES_MAX`].
pub fn company_number(serial: usize) -> String {
    let passes = |text: &String| passes(text, &[2, 7, 6, 5, 4, 3, 2, 1]);
    let start = 9_000_000 + serial;
    // One start in eleven has no check digit at all.
    (0..10)
        .map(|check| format!("{start}{check}"))
        .find(passes)
        .unwrap_or_else(|| company_number(serial + COMPANIES_MAX))
}

/// How many different company numbers there are.
pub const COMPANIES_MAX: usize = 150_000;

/// A ten-digit number of a place of production, far above those in use.
pub fn place_number(serial: usize) -> String {
    format!("99{serial:08}")
}

fn passes(digits: &str, weights: &[u32]) -> bool {
    digits
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum::<u32>()
        .is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use ydun_domain::{Cpr, Cvr};

    use super::*;

    #[test]
    fn every_person_has_a_number_that_nobody_has() {
        let birthday = Day::new(1991, 5, 17);
        for serial in 0..400 {
            let number: Cpr = cpr(birthday, serial).parse().unwrap();
            assert!(!number.passes_mod_11());
            assert_eq!(number.birthday(), birthday);
        }
        assert_eq!(
            cpr(Day::new(2001, 2, 3), 7).parse::<Cpr>().unwrap().birthday(),
            Day::new(2001, 2, 3)
        );
    }

    #[test]
    fn company_numbers_are_valid_and_different() {
        let numbers: Vec<String> = (0..2_000).map(company_number).collect();
        assert!(numbers.iter().all(|number| number.parse::<Cvr>().is_ok()));
        let different: std::collections::BTreeSet<&String> = numbers.iter().collect();
        assert_eq!(different.len(), numbers.len());
    }
}
