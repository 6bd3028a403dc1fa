//! Files that are refused as a whole, blocks that are, and payments.

use crate::support::{Transfer, gist, new_bank, order, texts, transfer};

/// A new bank's answer on 28 January 2021, a Thursday.
#[track_caller]
fn check(xml: &str, expected: &str) {
    let answers = new_bank().process(xml, "2021-01-28");
    assert_eq!(answers.len(), 1);
    assert_eq!(gist(&answers[0]), expected, "{}", answers[0]);
}

fn right() -> String {
    order("M1", "2021-01-29", &[transfer("E1", "100.00"), transfer("E2", "50.25")])
}

#[test]
fn a_right_file_is_accepted() {
    check(&right(), "ACCP | E1 ACSP | E2 ACSP");
    check(&right().replace("2021-01-29", "2021-01-28"), "ACCP | E1 ACSC | E2 ACSC"); // the same day
    check(&format!("\u{feff}{}", right()), "ACCP | E1 ACSP | E2 ACSP");
    let prefixed = right().replace("</", "</p:").replace('<', "<p:").replace("<p:/p:", "</p:");
    check(
        &prefixed.replace("<p:?", "<?").replace("xmlns=", "xmlns:p="),
        "ACCP | E1 ACSP | E2 ACSP",
    );
}

#[test]
fn the_answer_names_what_it_answers() {
    let answer = new_bank().process(&right(), "2021-01-28").remove(0);
    assert_eq!(texts(&answer, "OrgnlMsgId"), ["M1"]);
    assert_eq!(texts(&answer, "OrgnlMsgNmId"), ["pain.001.001.03"]);
    assert_eq!(texts(&answer, "OrgnlPmtInfId"), ["B-M1"]);
    assert_eq!(texts(&answer, "PmtInfSts"), ["ACCP"]);
    assert_eq!(texts(&answer, "OrgnlInstrId"), ["I-E1", "I-E2"]);
    assert!(answer.contains(r#"<InstdAmt Ccy="DKK">50.25</InstdAmt>"#), "{answer}");
}

#[test]
fn a_file_that_is_no_order_is_refused() {
    check("", "RJCT FF01");
    check("payments", "RJCT FF01");
    check("<a/>", "RJCT FF01");
    check(&right().replace("pain.001.001.03", "pain.001.001.09"), "RJCT FF01");
    check(&right()[..600], "RJCT FF01"); // cut off
    check(&format!("{}<Document/>", right()), "RJCT FF01");
    check(&right().replace("</GrpHdr>", "</GrpHd>"), "RJCT FF01");
    check(&right().replace("<GrpHdr>", "x<GrpHdr>"), "RJCT FF01");
    check(&right().replace("UTF-8", "ISO-8859-1"), "RJCT FF01");
}

#[test]
fn nothing_is_expanded_and_nothing_is_deep() {
    let bomb = r#"<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]>"#;
    check(&right().replace("<Document", &format!("{bomb}<Document")), "RJCT FF01");
    check(&right().replace("Tilskud", "&a;"), "RJCT FF01");
    check(
        &right().replace("Tilskud", "&lt;Tilskud &#38; &quot;l&#xf8;n&quot;"),
        "ACCP | E1 ACSP | E2 ACSP",
    );
    let nested = |depth: usize| {
        let (open, close) = ("<X>".repeat(depth), "</X>".repeat(depth));
        right().replace("</InitgPty>", &format!("{open}{close}</InitgPty>"))
    };
    check(&nested(28), "ACCP | E1 ACSP | E2 ACSP"); // four above it
    check(&nested(29), "RJCT FF01");
}

#[test]
fn a_missing_repeated_or_overlong_element_refuses_the_file() {
    let without = |element: &str| right().replace(element, "");
    check(&without("<MsgId>M1</MsgId>"), "RJCT FF01");
    check(&right().replacen("<NbOfTxs>2</NbOfTxs>", "", 1), "RJCT FF01"); // the header's
    check(&without("<PmtInfId>B-M1</PmtInfId>"), "RJCT FF01");
    check(&without("<EndToEndId>E1</EndToEndId>"), "RJCT FF01");
    check(&without(r#" Ccy="DKK""#), "RJCT FF01");
    check(&right().replace("<MsgId>M1</MsgId>", "<MsgId>M1</MsgId><MsgId>M2</MsgId>"), "RJCT FF01");
    check(&right().replace(">M1<", &format!(">{}<", "M".repeat(36))), "RJCT FF01");
    check(&right().replace(">E1<", &format!(">{}<", "E".repeat(36))), "RJCT FF01");
    check(&right().replace("100.00", "hundrede"), "RJCT FF01");
    check(&right().replace("2021-01-29", "2021-02-30"), "RJCT FF01");
    let longest = "E".repeat(35);
    check(
        &right().replace(">E1<", &format!(">{longest}<")),
        &format!("ACCP | {longest} ACSP | E2 ACSP"),
    );
}

#[test]
fn totals_have_to_be_the_sums() {
    let header = |from: &str, to: &str| right().replacen(from, to, 1);
    check(&header("<NbOfTxs>2", "<NbOfTxs>3"), "RJCT AM18");
    check(&header("<CtrlSum>150.25", "<CtrlSum>150.26"), "RJCT AM10");
    check(&header("<CtrlSum>150.25", "<CtrlSum>150.250"), "ACCP | E1 ACSP | E2 ACSP");
    let block = |from: &str, to: &str| {
        let (head, rest) =
            right().split_once("<PmtInf>").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        format!("{head}<PmtInf>{}", rest.replacen(from, to, 1))
    };
    check(&block("<NbOfTxs>2", "<NbOfTxs>1"), "RJCT AM18");
    check(&block("<CtrlSum>150.25", "<CtrlSum>100.00"), "RJCT AM10");
    check(&block("<CtrlSum>150.25</CtrlSum>", ""), "ACCP | E1 ACSP | E2 ACSP"); // may be left out
}

#[test]
fn the_execution_day_is_a_bank_day_to_come() {
    let on = |day: &str| right().replace("2021-01-29", day);
    check(&on("2021-01-27"), "RJCT | E1 RJCT DT01 | E2 RJCT DT01"); // yesterday
    check(&on("2021-01-30"), "RJCT | E1 RJCT DT01 | E2 RJCT DT01"); // Saturday
    check(&on("2021-04-05"), "RJCT | E1 RJCT DT01 | E2 RJCT DT01"); // 2. påskedag
    check(&on("2021-02-01"), "ACCP | E1 ACSP | E2 ACSP");
}

#[test]
fn a_block_is_transfers_from_an_account_in_kroner() {
    check(&right().replace(">TRF<", ">CHK<"), "RJCT | E1 RJCT NARR | E2 RJCT NARR");
    check(&right().replace("<Ccy>DKK", "<Ccy>EUR"), "RJCT | E1 RJCT AM03 | E2 RJCT AM03");
}

#[test]
fn an_amount_is_whole_oere_above_nothing_in_kroner() {
    let pay =
        |amount: &str| order("M1", "2021-01-29", &[transfer("E1", amount), transfer("E2", "1.00")]);
    check(&pay("0.01"), "ACCP | E1 ACSP | E2 ACSP");
    check(&pay("0.00"), "PART | E1 RJCT AM01 | E2 ACSP");
    check(&pay("1.005").replace(">2.00<", ">2.005<"), "PART | E1 RJCT AM12 | E2 ACSP");
    check(&pay("-0.50"), "PART | E1 RJCT AM12 | E2 ACSP");
    let euro = right().replacen(r#"Ccy="DKK""#, r#"Ccy="EUR""#, 1);
    check(&euro, "PART | E1 RJCT AM03 | E2 ACSP");
}

#[test]
fn texts_are_latin() {
    let named = |name: &str| right().replacen("Prøvefirma", name, 1);
    check(
        &named("Łukasz Şahin-Ólafsdóttir & søn".replace('&', "&amp;").as_str()),
        "ACCP | E1 ACSP | E2 ACSP",
    );
    check(&named("Фирма"), "PART | E1 RJCT CH16 | E2 ACSP");
    check(&named("Firma &#x1F600;"), "PART | E1 RJCT CH16 | E2 ACSP");
    check(&right().replacen("Prøvekøbing", "Կոմունա", 1), "RJCT CH16"); // in the header: the whole file
}

#[test]
fn the_same_content_is_answered_the_same_and_paid_once() {
    let mut bank = new_bank();
    let first = bank.process(&right(), "2021-01-28");
    let mut bank = bank.reopened();
    assert_eq!(bank.process(&right(), "2021-01-28"), first);
    assert_eq!(bank.bank.total_debited().0, 15_025);
    let settled = bank.bank.advance("2021-01-29".parse().unwrap());
    let again = bank.process(&right(), "2021-01-29");
    assert_eq!(again[0], first[0]);
    assert_eq!(again[1].as_bytes(), settled[0].xml());
    assert_eq!(again.len(), 2);
    assert_eq!(bank.balance("SE:97000018"), 15_025);
}

#[test]
fn a_used_message_id_with_other_content_is_refused() {
    let mut bank = new_bank();
    bank.process(&right(), "2021-01-28");
    let other = order("M1", "2021-01-29", &[transfer("E3", "7.00")]);
    let answer = bank.process(&other, "2021-01-28");
    assert_eq!(gist(&answer[0]), "RJCT AM05");
    assert_eq!(bank.process(&other, "2021-01-28"), answer);
    assert_eq!(bank.bank.total_debited().0, 15_025);
    // The refused file has used no end-to-end id: under a new message id it is paid.
    let renamed = bank.process(&other.replace("M1", "M2"), "2021-01-28");
    assert_eq!(gist(&renamed[0]), "ACCP | E3 ACSP");
}

#[test]
fn an_end_to_end_id_is_paid_once() {
    let mut bank = new_bank();
    bank.process(&right(), "2021-01-28");
    let again = order("M2", "2021-01-29", &[transfer("E1", "100.00"), transfer("E3", "1.00")]);
    assert_eq!(gist(&bank.process(&again, "2021-01-28")[0]), "PART | E1 RJCT AM05 | E3 ACSP");
    assert_eq!(bank.bank.total_debited().0, 15_125);
    let twice = [transfer("E4", "1.00"), transfer("E4", "1.00")];
    let twice = bank.process(&order("M3", "2021-02-01", &twice), "2021-01-28");
    assert_eq!(gist(&twice[0]), "PART | E4 ACSP | E4 RJCT AM05");
    // Its settlement is told for the line that was accepted, not for its double.
    let later = bank.bank.advance("2021-02-01".parse().unwrap());
    let gists: Vec<String> =
        later.iter().map(|answer| gist(&String::from_utf8(answer.xml()).unwrap())).collect();
    assert_eq!(gists, ["ACCP | E1 ACSC | E2 ACSC", "PART | E3 ACSC", "PART | E4 ACSC"]);
}

#[test]
fn no_answer_shows_a_personal_number() {
    let secret = "3201010000"; // no such day
    let payee = crate::support::account("CPR", secret);
    let wrong = Transfer { payee, ..transfer("E1", "1.00") };
    let answer = new_bank().process(&order("M1", "2021-01-29", &[wrong]), "2021-01-28").remove(0);
    assert_eq!(gist(&answer), "RJCT | E1 RJCT AC01");
    assert!(!answer.contains(secret), "{answer}");
}
