//! The one page: whom one wants to be.

use super::{Asked, Person};

pub(super) fn choose(people: &[Person], asked: &Asked) -> String {
    let link = |(number, person): (usize, &Person)| {
        format!(
            "<li><a href=\"/choose?{}&amp;person={number}\">{}</a></li>\n",
            escaped(&query(asked)),
            escaped(&person.called())
        )
    };
    let links: String = people.iter().enumerate().map(link).collect();
    format!(
        "<!doctype html>\n<html lang=\"da\">\n<head><meta charset=\"utf-8\"><title>simid</title></head>\n\
         <body>\n<main>\n<h1>Hvem er du?</h1>\n<ul>\n{links}</ul>\n</main>\n</body>\n</html>\n"
    )
}

fn query(asked: &Asked) -> String {
    let pairs = [
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("response_type", &asked.response_type),
        ("scope", &asked.scope),
        ("state", &asked.state),
        ("nonce", &asked.nonce),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
    ];
    let pair = |(name, value): (&str, &String)| format!("{name}={}", percent(value));
    pairs.map(pair).join("&")
}

/// Every sign that means something in an address, written by its number.
fn percent(text: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(sign).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
