//! The cases the module carries along: `cases/*.csv`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount beside it here, worked out by hand, and why in Danish; the rest
//! of the answer is kept as it was last read and approved. After a wanted change, write them anew
//! with `UPDATE_CASES=1 cargo test -p enkeltydelser cases` and read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, number, on, text, total, who};
use ydun_manifest::{Case as Kept, Manifest, table};

use crate::scene::{
    MARCH, approved, arrears, dentist, expense, flag, integer, judged, judged_dentist,
    judged_of_all, payee, person, repayable, with,
};

pub(crate) struct Case {
    name: &'static str,
    title: &'static str,
    /// The law and the sum.
    reason: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// Plain kroner.
    amount: &'static str,
}

fn case(
    (name, title, reason): (&'static str, &'static str, &'static str),
    scene: Scene,
    verdict: Verdict,
    amount: &'static str,
) -> Case {
    Case { name, title, reason, scene, verdict, amount }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), partly_granted(), open(), refused(), incomplete()].into_iter().flatten().collect()
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
            (
                "dentist-is-paid-directly",
                "Tandlægen får regningen betalt",
                "LAS § 82: nødvendig behandling, og rådighedsbeløbet 12.000 - 8.000 = 4.000 kr. er ikke over det vejledende.",
            ),
            payee(judged_dentist(), 1, 1, "dentist", None),
            Granted,
            "4200.00",
        ),
        case(
            (
                "everything-judged-as-met",
                "Alt, der skal vurderes, er vurderet som opfyldt",
                "LAS kap. 10: seks udgifter på hver 1.000 kr.",
            ),
            approved(settled(all_open()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            (
                "everything-to-be-paid-back",
                "Seks udgifter, der alle skal betales tilbage",
                "LAS § 93: seks krav på hver 1.000 kr.",
            ),
            approved(all_repayable, 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            (
                "one-of-each-section",
                "En udgift efter hver bestemmelse",
                "LAS §§ 81, 81 a, 82, 82 a, 83 og 85: seks udgifter på hver 1.000 kr.",
            ),
            approved(settled(one_of_each()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            (
                "arrears-paid-to-the-landlord",
                "Huslejerestancen betales til udlejer, derefter fogedret, og resten til ansøgeren",
                "LAS § 81 a: 8.000 + 500 + 100 = 8.600 kr.",
            ),
            payee(payee(rent(), 1, 2, "court", Some("500.00")), 1, 1, "landlord", Some("8000.00")),
            Granted,
            "8600.00",
        ),
        case(
            (
                "couple-with-a-spouse-of-means",
                "Ægtefællens indtægt og opsparing tæller med",
                "LAS § 82: 8.000 + 7.000 - 8.000 = 7.000 kr., som er parrets vejledende beløb; 31.000 kr. i opsparing er accepteret.",
            ),
            settled(couple().set("budget", "net-income", kroner("8000.00")).fact(
                "spouse-means",
                MARCH,
                &[("net-income", kroner("7000.00")), ("assets", kroner("26000.00"))],
            )),
            Granted,
            "4200.00",
        ),
        case(
            (
                "approved-although-nothing-is-proposed",
                "Forslaget er nul, men en sagsbehandler bevilger det hele",
                "LAS § 82: det vejledende rådighedsbeløb kan fraviges.",
            ),
            approved(
                judged_dentist().set("budget", "net-income", kroner("30000.00")),
                1,
                "4200.00",
            ),
            Granted,
            "4200.00",
        ),
        case(
            (
                "terms-after-the-grant-do-not-count",
                "Vilkåret om tilbagebetaling kom dagen efter bevillingen",
                "LAS § 93: det skal afgøres sammen med bevillingen, så hjælpen er almindelig.",
            ),
            settled(repayable(dentist(), 1, "2026-03-15")).fact(
                "grant",
                "2026-03-14..",
                &[("expense", integer(1)), ("decided", on("2026-03-14"))],
            ),
            Granted,
            "4200.00",
        ),
        case(
            (
                "cheaper-than-granted",
                "Udgiften blev 800 kr. lavere end bevilget",
                "Hjælpen står ved magt; en sagsbehandler får en opgave.",
            ),
            judged_dentist().fact(
                "receipt",
                "2026-03-25..",
                &[("expense", integer(1)), ("amount", kroner("3400.00"))],
            ),
            Granted,
            "4200.00",
        ),
        case(
            (
                "month-without-an-application",
                "Der er ikke søgt i den måned, der beregnes",
                "En engangsydelse løber ikke videre.",
            ),
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
        case(
            (
                "own-share-of-two-expenses",
                "Husstanden betaler selv 1.000 kr. af to udgifter",
                "LAS § 82: 13.000 - 8.000 = 5.000 kr. er 1.000 kr. over det vejledende: 3.200 + 700 kr.",
            ),
            two().set("budget", "net-income", kroner("13000.00")),
            PartlyGranted,
            "3900.00",
        ),
        case(
            (
                "cheapest-offer-and-insurance",
                "Det billigste tilbud og forsikringen sætter prisen",
                "LAS § 82: 4.000 - 600 = 3.400 kr.",
            ),
            settled(with(offer, 1, "covered", kroner("600.00"))),
            PartlyGranted,
            "3400.00",
        ),
        case(
            (
                "one-of-two-refused",
                "Den ene af to udgifter er gæld til det offentlige",
                "LAS kap. 10: hver udgift afgøres for sig.",
            ),
            with(two(), 2, "nature", code("public-debt")),
            PartlyGranted,
            "4200.00",
        ),
        case(
            (
                "dental-grant",
                "Tilskud til tandpleje efter kommunens indstilling",
                "LAS § 82 a: (3.000 - 800) x 65 % = 1.430 kr.",
            ),
            dental_grant("3000.00"),
            PartlyGranted,
            "1430.00",
        ),
    ]
}

fn open() -> Vec<Case> {
    use Verdict::NeedsHuman;
    vec![
        case(
            (
                "dentist-waits-for-a-person",
                "Nødvendighed og betalingsevne skal vurderes",
                "LAS § 82: begge dele er et skøn; forslaget er 4.200 kr.",
            ),
            dentist(),
            NeedsHuman,
            "0.00",
        ),
        case(
            (
                "everything-waits-for-a-person",
                "Alt, der kan skulle vurderes, er åbent",
                "LAS kap. 10: en opgave for hver udgift og for hvert spørgsmål om ansøgeren.",
            ),
            all_open(),
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
            (
                "everything-judged-as-not-met",
                "Alt, der skal vurderes ved udgifterne, er vurderet som ikke opfyldt",
                "LAS kap. 10: alle seks udgifter får afslag.",
            ),
            QUESTIONS.iter().fold(all_open(), no),
            Refused,
            "0.00",
        ),
        case(
            (
                "the-applicant-judged-as-not-met",
                "Ansøgeren er vurderet som uden ret til hjælp",
                "LAS kap. 10: dødsfald, ophold og bopæl gælder alle udgifter.",
            ),
            of_applicant.iter().fold(all_open(), no),
            Refused,
            "0.00",
        ),
        case(
            (
                "refused-by-rule",
                "Syv udgifter med hver sin grund til afslag",
                "LAS kap. 10: løbende udgift, offentlig gæld, anden lov, ikke tandpleje, ingen ændring, ingen trussel, dækket af andre.",
            ),
            refused_by_rule(),
            Refused,
            "0.00",
        ),
        case(
            (
                "able-to-pay",
                "Husstanden kan selv betale tandlægen",
                "LAS § 82: sagsbehandleren har vurderet 30.000 - 8.000 = 22.000 kr. mod de vejledende 4.000 kr.",
            ),
            judged(dentist(), 1, "means", false).set("budget", "net-income", kroner("30000.00")),
            Refused,
            "0.00",
        ),
        case(
            (
                "unlawful-stay",
                "Ansøgeren har ikke lovligt ophold",
                "LAS kap. 10: hjælp kræver lovligt ophold.",
            ),
            judged_dentist().set("stay", "basis", code("none")),
            Refused,
            "0.00",
        ),
        case(
            (
                "dental-bill-within-the-own-payment",
                "Regningen er ikke større end egenbetalingen",
                "LAS § 82 a: 800 - 800 = 0 kr.",
            ),
            dental_grant("800.00"),
            Refused,
            "0.00",
        ),
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
        case(
            (
                "nothing-applied-for",
                "Der er en ansøgning, men ingen udgift",
                "Det mangler, hvad der søges om.",
            ),
            person(),
            Incomplete,
            "0.00",
        ),
        case(
            (
                "nothing-known-of-the-applicant",
                "Alt om ansøgeren mangler",
                "LAS kap. 10: alt, der mangler, bliver der bedt om på en gang.",
            ),
            unknown_applicant(),
            Incomplete,
            "0.00",
        ),
        case(
            (
                "spouse-unknown",
                "Ægtefællens økonomi mangler",
                "LAS kap. 10: ægtefællens midler tæller med.",
            ),
            couple(),
            Incomplete,
            "0.00",
        ),
        case(
            (
                "no-guiding-amount",
                "Kommunen har ikke indstillet et vejledende beløb",
                "Loven har intet beløb, så modulet beder om sagens eget.",
            ),
            dentist().setting("guide-single", kroner("0.00")),
            Incomplete,
            "0.00",
        ),
        case(
            (
                "judged-as-met-without-an-amount",
                "Sagsbehandleren vil hjælpe, men forslaget er nul",
                "Det vejledende beløb afslår ikke; beløbet, der bevilges, mangler.",
            ),
            rich,
            Incomplete,
            "0.00",
        ),
    ]
}

/// A dental grant and rent arrears of somebody of whom nothing is known.
fn unknown_applicant() -> Scene {
    let scene = expense(with(dentist(), 1, "section", code("82a")), 2, "rent", "500.00");
    let kinds = ["application", "stay", "residence", "birth", "household", "budget"];
    kinds.iter().fold(with(scene, 2, "documents", integer(0)), |scene, kind| scene.without(kind))
}

fn manifest() -> Manifest {
    serde_json::from_str(include_str!("../../manifest.json")).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.{}", table::EXTENSION))
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
    let manifest = manifest();
    for Case { name, title, reason, scene, .. } in all() {
        let kept = Kept {
            name: name.into(),
            title: title.into(),
            reason: reason.into(),
            dossier: scene.dossier(),
            expected: scene.calculate().into(),
        };
        let text = table::write(&kept, &manifest);
        if std::env::var_os("UPDATE_CASES").is_some() {
            std::fs::write(file(name), &text).unwrap();
        }
        let found = std::fs::read_to_string(file(name)).unwrap_or_default();
        assert!(
            found == text,
            "the table of {name} is not what the module answers: UPDATE_CASES=1 writes it anew"
        );
        assert_eq!(table::read(name, text.as_bytes(), &manifest).unwrap(), kept);
    }
}

#[test]
fn no_file_is_left_from_a_case_that_is_gone() {
    let known: BTreeSet<PathBuf> = all().iter().map(|case| file(case.name)).collect();
    let files: BTreeSet<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, known);
}
