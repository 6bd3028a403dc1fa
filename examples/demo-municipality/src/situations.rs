//! The situations the law tells apart, each in a case of its own with a title.

use rust_decimal::Decimal;
use ydun_domain::{Day, Dkk, Month, Period};

use crate::apprenticeship::{Apprenticeship, Background, HERE, Schooling};

/// A case that shows something, and what a reader should look for.
#[derive(Clone, Debug)]
pub struct Situation {
    pub title: &'static str,
    pub case: Apprenticeship,
}

/// The ordinary case: unskilled, from unemployment, 45 kr. an hour for the whole course.
pub fn ordinary(months: &[Month]) -> Apprenticeship {
    Apprenticeship {
        born: Day::new(1990, 5, 17),
        start: Day::new(2020, 8, 10),
        end: Day::new(2023, 8, 9),
        ended_early: None,
        education: "tømrer".into(),
        adult_pay_by_agreement: false,
        on_positive_list: None,
        weekly_hours: Decimal::from(37),
        received: Day::new(2020, 8, 17),
        decided: Day::new(2020, 8, 31),
        background: Background::Unemployed {
            since: Day::new(2020, 1, 6),
            schooling: Schooling::Unskilled,
        },
        lives_in: HERE,
        hourly_wage: Dkk::from_kroner(135),
        wage_falls: None,
        aid_received_eur: 0,
        earlier_employment: None,
        other_support: None,
        school: vec![],
        overtime_a_week: Decimal::ZERO,
        sick_a_week: Decimal::ZERO,
        reference: String::new(),
        months: months.to_vec(),
    }
}

/// Every situation, in the order of the cases.
pub fn all(months: &[Month]) -> Vec<Situation> {
    let base = ordinary(months);
    [background(&base), time(&base), hours(&base), employer(&base)].concat()
}

fn show(title: &'static str, case: Apprenticeship) -> Situation {
    Situation { title, case }
}

/// Where the apprentice comes from, and when the grant was decided.
fn background(base: &Apprenticeship) -> Vec<Situation> {
    let base = || base.clone();
    let from_work = |schooling| Background::Employed { schooling };
    let long_ago = Schooling::Skilled(Day::new(2012, 6, 30));
    let recently = Schooling::Skilled(Day::new(2019, 11, 30));
    vec![
        show("Almindelig sag: ufaglært fra ledighed, 45 kr.", base()),
        show(
            "Faglært med forældet uddannelse, 45 kr.",
            Apprenticeship {
                background: Background::Unemployed {
                    since: Day::new(2020, 6, 1),
                    schooling: long_ago,
                },
                ..base()
            },
        ),
        show(
            "Faglært, ledig i mere end seks måneder, 45 kr.",
            Apprenticeship {
                start: Day::new(2020, 6, 15),
                received: Day::new(2020, 6, 22),
                decided: Day::new(2020, 7, 1),
                background: Background::Unemployed {
                    since: Day::new(2019, 12, 1),
                    schooling: recently,
                },
                ..base()
            },
        ),
        show(
            "Faglært, ledig i fire måneder: forsøget med tre måneder",
            Apprenticeship {
                start: Day::new(2020, 9, 1),
                received: Day::new(2020, 9, 7),
                decided: Day::new(2020, 9, 21),
                background: Background::Unemployed {
                    since: Day::new(2020, 4, 27),
                    schooling: recently,
                },
                ..base()
            },
        ),
        show(
            "Ufaglært fra beskæftigelse, uddannelsen på positivlisten, 30 kr.",
            Apprenticeship {
                start: Day::new(2020, 2, 3),
                received: Day::new(2020, 2, 10),
                decided: Day::new(2020, 2, 24),
                background: from_work(Schooling::Unskilled),
                on_positive_list: Some(true),
                ..base()
            },
        ),
        show(
            "Fra beskæftigelse, men uddannelsen er ikke på positivlisten",
            Apprenticeship {
                start: Day::new(2020, 2, 3),
                received: Day::new(2020, 2, 10),
                decided: Day::new(2020, 2, 24),
                background: from_work(Schooling::Unskilled),
                on_positive_list: Some(false),
                ..base()
            },
        ),
        show(
            "Forældet uddannelse fra beskæftigelse: forsøget fra august 2020",
            Apprenticeship { background: from_work(long_ago), ..base() },
        ),
        show(
            "Faglært fra beskæftigelse: ingen ret",
            Apprenticeship { background: from_work(recently), ..base() },
        ),
        show(
            "Faglært, ledig i nøjagtig seks måneder: et menneske vurderer",
            Apprenticeship {
                start: Day::new(2020, 6, 15),
                received: Day::new(2020, 6, 22),
                decided: Day::new(2020, 7, 1),
                background: Background::Unemployed {
                    since: Day::new(2019, 12, 15),
                    schooling: recently,
                },
                ..base()
            },
        ),
    ]
}

/// Versions of the law, deadlines and limits of time.
fn time(base: &Apprenticeship) -> Vec<Situation> {
    let base = || base.clone();
    let from_work = |schooling| Background::Employed { schooling };
    vec![
        show(
            "30 kr. i to år: grænsen nås midt i november 2020",
            Apprenticeship {
                start: Day::new(2018, 11, 16),
                received: Day::new(2018, 11, 19),
                decided: Day::new(2018, 11, 30),
                background: from_work(Schooling::Unskilled),
                on_positive_list: Some(true),
                ..base()
            },
        ),
        show(
            "Bevilget i 2018 til 40 kr., løftet til 45 kr. fra 1. januar 2020",
            Apprenticeship {
                start: Day::new(2018, 8, 13),
                end: Day::new(2022, 8, 12),
                received: Day::new(2018, 8, 20),
                decided: Day::new(2018, 9, 3),
                background: Background::Unemployed {
                    since: Day::new(2018, 1, 8),
                    schooling: Schooling::Unskilled,
                },
                ..base()
            },
        ),
        show(
            "Bevilget i 2017, hvor reglernes indhold ikke er fundet: et menneske vurderer",
            Apprenticeship {
                start: Day::new(2017, 8, 14),
                end: Day::new(2021, 8, 13),
                received: Day::new(2017, 8, 21),
                decided: Day::new(2017, 9, 4),
                background: Background::Unemployed {
                    since: Day::new(2017, 1, 9),
                    schooling: Schooling::Unskilled,
                },
                ..base()
            },
        ),
        show(
            "For sen ansøgning: penge fra ansøgningsdagen, midt i oktober",
            Apprenticeship {
                received: Day::new(2020, 10, 20),
                decided: Day::new(2020, 10, 27),
                ..base()
            },
        ),
        show(
            "24 år og 364 dage ved aftalens begyndelse: ingen ret",
            Apprenticeship { born: Day::new(1995, 8, 11), ..base() },
        ),
        show(
            "25 år på dagen for aftalens begyndelse",
            Apprenticeship { born: Day::new(1995, 8, 10), ..base() },
        ),
        show(
            "Aftalen ophævet 10. december 2020: tilskud til og med dagen",
            Apprenticeship { ended_early: Some(Day::new(2020, 12, 10)), ..base() },
        ),
        show(
            "Decembers anmodning mangler",
            Apprenticeship {
                months: base().months.into_iter().filter(|month| month.number() != 12).collect(),
                ..base()
            },
        ),
    ]
}

/// What the hours are made of.
fn hours(base: &Apprenticeship) -> Vec<Situation> {
    let base = || base.clone();
    vec![
        show(
            "Skoleophold i november: ingen timer på skole",
            Apprenticeship { school: vec![days(2020, 11, 9, 2020, 11, 27)], ..base() },
        ),
        show(
            "Overarbejde tæller ikke med",
            Apprenticeship { overtime_a_week: Decimal::from(6), ..base() },
        ),
        show(
            "Sygdom: timer uden arbejde",
            Apprenticeship { sick_a_week: Decimal::new(74, 1), ..base() },
        ),
        show(
            "Deltid: 30 timer om ugen efter overenskomsten",
            Apprenticeship { weekly_hours: Decimal::from(30), ..base() },
        ),
    ]
}

/// Wage, other support, and who decides.
fn employer(base: &Apprenticeship) -> Vec<Situation> {
    let base = || base.clone();
    vec![
        show(
            "Anden offentlig støtte i en del af november",
            Apprenticeship { other_support: Some(days(2020, 11, 16, 2020, 11, 30)), ..base() },
        ),
        show(
            "Ingen plads under grænsen for de minimis-støtte",
            Apprenticeship { aid_received_eur: 195_000, ..base() },
        ),
        show(
            "Ansat i virksomheden inden for seks måneder før: ingen ret",
            Apprenticeship { earlier_employment: Some(days(2020, 3, 1, 2020, 5, 31)), ..base() },
        ),
        show(
            "Lønnen under den laveste fra begyndelsen: ingen ret",
            Apprenticeship { hourly_wage: Dkk::from_kroner(110), ..base() },
        ),
        show(
            "Lønnen falder under den laveste i november: arbejdsgiveren høres først",
            Apprenticeship { wage_falls: Some(Day::new(2020, 11, 1)), ..base() },
        ),
        show("Lærlingen bor i en anden kommune", Apprenticeship { lives_in: "0998", ..base() }),
        show(
            "Social- og sundhedsuddannelse med ret til voksenelevløn: ingen ret",
            Apprenticeship {
                education: "social- og sundhedsassistent".into(),
                adult_pay_by_agreement: true,
                ..base()
            },
        ),
    ]
}

fn days(y1: i32, m1: u32, d1: u32, y2: i32, m2: u32, d2: u32) -> Period {
    Period::new(Day::new(y1, m1, d1), Day::new(y2, m2, d2)).expect("written in order")
}
