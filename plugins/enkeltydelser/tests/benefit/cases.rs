//! The cases the module carries along: `cases/*.csv`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount here, worked out by hand; the table says in Danish what it shows
//! and why, and keeps the rest of the answer as it was last read and approved. After a wanted
//! change, write them anew with `UPDATE_CASES=1 cargo test -p enkeltydelser cases` and read the
//! difference.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kept_as_tables, kroner, number, on, text, total, who};

use crate::scene::{
    MARCH, approved, arrears, dentist, expense, flag, integer, judged, judged_dentist,
    judged_of_all, payee, person, repayable, with,
};

pub(crate) struct Case {
    name: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// Plain kroner.
    amount: &'static str,
}

fn case(name: &'static str, scene: Scene, verdict: Verdict, amount: &'static str) -> Case {
    Case { name, scene, verdict, amount }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), partly_granted(), by_household(), by_choice(), open(), refused(), incomplete()]
        .into_iter()
        .flatten()
        .collect()
}

/// One expense of 1,000 kr. under each section.
fn one_of_each() -> Scene {
    let purposes = ["furniture", "rent", "treatment", "dental", "contact", "moving"];
    let scene = (1..)
        .zip(purposes)
        .fold(person(), |scene, (number, purpose)| expense(scene, number, purpose, "1000.00"));
    let scene = with(with(scene, 1, "foreseeable", flag(true)), 4, "section", code("82a"));
    arrears(scene, 2, "reminder", "administration", Some(false)).set(
        "application",
        "cash-benefit-level",
        flag(true),
    )
}

/// The same, with everything open that a person can be asked.
fn all_open() -> Scene {
    let scene = with(one_of_each(), 3, "other-law", code("unclear"));
    let scene = with(scene, 3, "committed", on("2026-03-09"));
    let scene = repayable(scene, 5, "2026-03-15");
    scene
        .set("application", "student-loan", code("not-taken"))
        .set("application", "sanctioned", flag(true))
        .set("birth", "day", on("2008-03-11")) // 17 years old
        .set("stay", "basis", code("eu"))
        .set("residence", "municipality", text("0101"))
        .fact("death", "2026-03-20..2026-03-20", &[("day", on("2026-03-20"))])
}

/// What a person can be asked about an expense, and what has a yes that ends the matter.
const QUESTIONS: [&str; 16] = [
    "subsidiarity",
    "before-commitment",
    "student-loan",
    "sanction",
    "event",
    "unforeseen",
    "necessary",
    "contact",
    "improves",
    "eviction",
    "temporary",
    "tie",
    "dental-age",
    "dental-terms",
    "means",
    "repayment",
];

fn settled(scene: Scene) -> Scene {
    QUESTIONS
        .iter()
        .chain(&["alive", "lawful-stay", "municipality"])
        .fold(scene, |scene, condition| judged_of_all(scene, condition, true))
}

fn couple() -> Scene {
    dentist().set("household", "family", code("married")).set("household", "spouse", who("spouse"))
}

/// Rent arrears of 8,600 kr., with an administration agreement.
fn rent() -> Scene {
    let rent = expense(person(), 1, "rent", "8600.00");
    settled(arrears(rent, 1, "bailiffs-court", "administration", Some(true)))
}

/// A dentist's bill of one on the level of cash benefit, where the municipality has terms.
fn dental_grant(amount: &str) -> Scene {
    expense(person(), 1, "dental", amount)
        .set("application", "cash-benefit-level", flag(true))
        .setting("dental-own-payment", kroner("800.00"))
        .setting("dental-share", number("65"))
}

/// The dentist and medicine for 700 kr., both judged.
fn two() -> Scene {
    settled(expense(dentist(), 2, "medicine", "700.00"))
}

fn granted() -> Vec<Case> {
    use Verdict::Granted;
    let all_repayable = (1..=6)
        .fold(settled(one_of_each()), |scene, number| repayable(scene, number, "2026-03-15"));
    vec![
        case(
            "dentist-is-paid-directly",
            payee(judged_dentist(), 1, 1, "dentist", None),
            Granted,
            "4200.00",
        ),
        // Six of 1,000 kr.; so the two below.
        case(
            "everything-judged-as-met",
            approved(settled(all_open()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            "everything-to-be-paid-back",
            approved(all_repayable, 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            "one-of-each-section",
            approved(settled(one_of_each()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        // 8,000 to the landlord, 500 to the court, 100 to the applicant.
        case(
            "arrears-paid-to-the-landlord",
            payee(payee(rent(), 1, 2, "court", Some("500.00")), 1, 1, "landlord", Some("8000.00")),
            Granted,
            "8600.00",
        ),
        // 8,000 + 7,000 - 8,000 = 7,000, the couple's amount; 5,000 + 26,000 is 31,000 of savings.
        case(
            "couple-with-a-spouse-of-means",
            settled(couple().set("budget", "net-income", kroner("8000.00")).fact(
                "spouse-means",
                MARCH,
                &[("net-income", kroner("7000.00")), ("assets", kroner("26000.00"))],
            )),
            Granted,
            "4200.00",
        ),
        case(
            "approved-although-nothing-is-proposed",
            approved(
                judged_dentist().set("budget", "net-income", kroner("30000.00")),
                1,
                "4200.00",
            ),
            Granted,
            "4200.00",
        ),
        case(
            "terms-after-the-grant-do-not-count",
            settled(repayable(dentist(), 1, "2026-03-15")).fact(
                "grant",
                "2026-03-14..",
                &[("expense", integer(1)), ("decided", on("2026-03-14"))],
            ),
            Granted,
            "4200.00",
        ),
        case(
            "cheaper-than-granted",
            judged_dentist().fact(
                "receipt",
                "2026-03-25..",
                &[("expense", integer(1)), ("amount", kroner("3400.00"))],
            ),
            Granted,
            "4200.00",
        ),
        // 3,000 to the dentist, 700 to the pharmacy and 500 to her; 1,500 for a bed, to be paid back.
        case("several-payees-and-a-part-to-be-paid-back", several_payees(), Granted, "5700.00"),
        case(
            "month-without-an-application",
            judged_dentist().span("2026-04-01..2026-04-30"),
            Granted,
            "0.00",
        ),
    ]
}

fn partly_granted() -> Vec<Case> {
    use Verdict::PartlyGranted;
    let offer = with(dentist(), 1, "cheapest-offer", kroner("4000.00"));
    vec![
        // 13,000 - 8,000 = 5,000, 1,000 above the guiding amount: 3,200 + 700.
        case(
            "own-share-of-two-expenses",
            two().set("budget", "net-income", kroner("13000.00")),
            PartlyGranted,
            "3900.00",
        ),
        // 4,000 - 600.
        case(
            "cheapest-offer-and-insurance",
            settled(with(offer, 1, "covered", kroner("600.00"))),
            PartlyGranted,
            "3400.00",
        ),
        case(
            "one-of-two-refused",
            with(two(), 2, "nature", code("public-debt")),
            PartlyGranted,
            "4200.00",
        ),
        // (3,000 - 800) x 65 %.
        case("dental-grant", dental_grant("3000.00"), PartlyGranted, "1430.00"),
    ]
}

/// The dentist's bill is shared by two firms and the applicant, and a bed is help on terms.
fn several_payees() -> Scene {
    let bills = payee(dentist(), 1, 1, "dentist", Some("3000.00"));
    let bills = payee(bills, 1, 2, "pharmacy", Some("700.00"));
    settled(repayable(expense(bills, 2, "furniture", "1500.00"), 2, "2026-03-15"))
}

/// One who applies for the dentist's 4,200 kr., and is 24 years old on the day.
fn young() -> Scene {
    judged_dentist()
        .set("birth", "day", on("2001-03-11"))
        .setting("guide-young-alone", kroner("3000.00"))
        .setting("guide-young-with-parents", kroner("1500.00"))
}

/// The ordinary application, as it would have been in June 2025.
fn in_june_2025() -> Scene {
    judged_dentist()
        .span("2025-06-01..2025-06-30")
        .seen_on("2025-07-05")
        .valid("application", "2025-06-10..")
        .set("application", "event-day", on("2025-06-01"))
        .valid("expense", "2025-06-10..")
        .valid("budget", "2025-06-01..2025-06-30")
        .valid("assessment", "2025-06-15..")
}

/// What is left for help to 4,200 kr. when the household has 12,000 - 8,000 = 4,000 kr. after its fixed
/// expenses, and another guiding amount or other savings than the ordinary case.
fn by_household() -> Vec<Case> {
    let partly = |name, scene, amount| case(name, scene, Verdict::PartlyGranted, amount);
    let own_amount = [("amount", kroner("2800.00")), ("source", text("Lavere sats, byrådet 2026"))];
    vec![
        // 4,000 - 2,800 = 1,200 of her own.
        partly(
            "guiding-amount-of-the-case",
            judged_dentist().fact("guide-amount", "2026-03-01..", &own_amount),
            "3000.00",
        ),
        // 4,000 - 3,500 = 500 of her own.
        partly(
            "who-cohabits-is-tested-alone",
            judged_dentist()
                .set("household", "family", code("cohabiting"))
                .setting("guide-cohabiting", kroner("3500.00")),
            "3700.00",
        ),
        // 14,000 - 8,000 = 6,000; 4,000 + 1,100 = 5,100; 900 of her own.
        partly(
            "a-child-at-home",
            judged_dentist().set("household", "children", integer(1)).set(
                "budget",
                "net-income",
                kroner("14000.00"),
            ),
            "3300.00",
        ),
        // 4,000 - 3,000 = 1,000 of her own.
        partly("young-and-lives-alone", young(), "3200.00"),
        // 4,000 - 1,500 = 2,500 of her own.
        partly(
            "young-and-lives-with-parents",
            young().set("household", "lives-with-parents", flag(true)),
            "1700.00",
        ),
        // Until 30 June 2025 the limit is 10,000: 12,000 - 10,000 = 2,000 of her savings.
        partly(
            "savings-above-the-limit-until-june-2025",
            in_june_2025().set("budget", "assets", kroner("12000.00")),
            "2200.00",
        ),
        // Under 25: (3,000 - 600) x 100 %.
        partly(
            "dental-grant-of-the-young",
            dental_grant("3000.00")
                .set("birth", "day", on("2001-03-11"))
                .setting("dental-own-payment-young", kroner("600.00"))
                .setting("dental-share-young", number("100")),
            "2400.00",
        ),
    ]
}

/// The same, where a municipality has other amounts or has chosen otherwise.
fn by_choice() -> Vec<Case> {
    let partly = |name, scene, amount| case(name, scene, Verdict::PartlyGranted, amount);
    let own_assets = |scene: Scene| {
        scene
            .setting("accepted-assets", code("own"))
            .setting("accepted-assets-single", kroner("10000.00"))
            .setting("accepted-assets-couple", kroner("20000.00"))
    };
    vec![
        // Turned 25 the day before, and young until 30 where she lives.
        partly(
            "young-until-thirty-by-choice",
            young().set("birth", "day", on("2001-03-09")).setting("young-until-age", integer(30)),
            "3200.00",
        ),
        // 13,500 - 8,000 - 1,500 = 4,000, the guiding amount.
        case(
            "instalments-are-accepted-by-choice",
            judged_dentist()
                .set("budget", "net-income", kroner("13500.00"))
                .set("budget", "debt-instalments", kroner("1500.00"))
                .setting("accept-debt-instalments", flag(true)),
            Verdict::Granted,
            "4200.00",
        ),
        // 12,000 - 10,000 = 2,000 of her savings.
        partly(
            "savings-above-the-municipalitys-own-limit",
            own_assets(judged_dentist().set("budget", "assets", kroner("12000.00"))),
            "2200.00",
        ),
        // 12,000 + 9,000 - 20,000 = 1,000 of their savings; 8,000 + 7,000 - 8,000 is their amount.
        partly(
            "savings-of-a-couple-above-the-municipalitys-own-limit",
            own_assets(settled(couple()))
                .set("budget", "net-income", kroner("8000.00"))
                .set("budget", "assets", kroner("12000.00"))
                .fact(
                    "spouse-means",
                    MARCH,
                    &[("net-income", kroner("7000.00")), ("assets", kroner("9000.00"))],
                ),
            "3200.00",
        ),
        // 16,000 + 2,000 - 8,000 = 10,000; 7,150 + 2 x 1,100 = 9,350; 650 of their own.
        partly(
            "amounts-of-another-municipality-for-a-couple",
            settled(couple())
                .set("household", "children", integer(2))
                .set("budget", "net-income", kroner("16000.00"))
                .setting("guide-couple", kroner("7150.00"))
                .setting("guide-child-couple", kroner("1100.00"))
                .fact(
                    "spouse-means",
                    MARCH,
                    &[("net-income", kroner("2000.00")), ("assets", kroner("0.00"))],
                ),
            "3550.00",
        ),
        // 14,000 - 8,000 = 6,000; 3,600 + 1,300 = 4,900; 1,100 of her own.
        partly(
            "amounts-of-another-municipality-for-a-single-parent",
            judged_dentist()
                .set("household", "children", integer(1))
                .set("budget", "net-income", kroner("14000.00"))
                .setting("guide-single", kroner("3600.00"))
                .setting("guide-child-single", kroner("1300.00")),
            "3100.00",
        ),
    ]
}

fn open() -> Vec<Case> {
    use Verdict::NeedsHuman;
    vec![
        case("dentist-waits-for-a-person", dentist(), NeedsHuman, "0.00"),
        case("everything-waits-for-a-person", all_open(), NeedsHuman, "0.00"),
        case(
            "the-municipality-has-no-code",
            judged_dentist().setting("municipality", text("")),
            NeedsHuman,
            "0.00",
        ),
    ]
}

fn refused() -> Vec<Case> {
    use Verdict::Refused;
    let no = |scene: Scene, condition: &&str| judged_of_all(scene, condition, false);
    let of_applicant = ["alive", "lawful-stay", "municipality"];
    vec![
        case(
            "everything-judged-as-not-met",
            QUESTIONS.iter().fold(all_open(), no),
            Refused,
            "0.00",
        ),
        case(
            "the-applicant-judged-as-not-met",
            of_applicant.iter().fold(all_open(), no),
            Refused,
            "0.00",
        ),
        case("refused-by-rule", refused_by_rule(), Refused, "0.00"),
        // 30,000 - 8,000 is far above 4,000, and a person has said so.
        case(
            "able-to-pay",
            judged(dentist(), 1, "means", false).set("budget", "net-income", kroner("30000.00")),
            Refused,
            "0.00",
        ),
        case("unlawful-stay", judged_dentist().set("stay", "basis", code("none")), Refused, "0.00"),
        // 800 - 800.
        case("dental-bill-within-the-own-payment", dental_grant("800.00"), Refused, "0.00"),
    ]
}

/// Seven expenses, each refused by another rule.
fn refused_by_rule() -> Scene {
    let words = [
        ("furniture", "nature", "running"),
        ("clothing", "nature", "public-debt"),
        ("medicine", "other-law", "yes"),
        ("glasses", "section", "82a"),
    ];
    let scene = (1..).zip(words).fold(person(), |scene, (number, (purpose, name, word))| {
        with(expense(scene, number, purpose, "500.00"), number, name, code(word))
    });
    let scene = expense(scene, 5, "other", "500.00").set("application", "event", code("none"));
    let scene = arrears(expense(scene, 6, "rent", "500.00"), 6, "none", "none", None);
    with(expense(scene, 7, "treatment", "500.00"), 7, "covered", kroner("500.00"))
}

fn incomplete() -> Vec<Case> {
    use Verdict::Incomplete;
    let rich = judged_dentist().set("budget", "net-income", kroner("30000.00"));
    vec![
        case("nothing-applied-for", person(), Incomplete, "0.00"),
        case("nothing-known-of-the-applicant", unknown_applicant(), Incomplete, "0.00"),
        case("spouse-unknown", couple(), Incomplete, "0.00"),
        case(
            "no-guiding-amount",
            dentist().setting("guide-single", kroner("0.00")),
            Incomplete,
            "0.00",
        ),
        case("judged-as-met-without-an-amount", rich, Incomplete, "0.00"),
    ]
}

/// A dental grant and rent arrears of somebody of whom nothing is known.
fn unknown_applicant() -> Scene {
    let scene = expense(with(dentist(), 1, "section", code("82a")), 2, "rent", "500.00");
    let kinds = ["application", "stay", "residence", "birth", "household", "budget"];
    kinds.iter().fold(with(scene, 2, "documents", integer(0)), |scene, kind| scene.without(kind))
}

#[test]
fn every_case_has_the_answer_worked_out_by_hand() {
    for case in all() {
        let outcome = case.scene.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (case.verdict, case.amount),
            "{}",
            case.name
        );
    }
}

#[test]
fn every_case_is_kept_with_its_whole_answer() {
    let cases = all().into_iter().map(|case| (case.name, case.scene));
    kept_as_tables(env!("CARGO_MANIFEST_DIR"), cases);
}
