//! A form as plain, accessible HTML: labels, groups with headings, help that screen readers find.

use std::fmt::Write as _;

use ydun_domain::benefit::Scalar;
use ydun_manifest::{
    AttributeKind, Code, Days, Filer, Form, Manifest, Page, Question, ScalarKind, ShowWhen,
};

/// Every form, with who may file it.
pub(super) fn list(manifest: &Manifest) -> String {
    let item = |form: &Form| {
        format!(
            "<li><a href=\"/{}\">{}</a>, udfyldes af {}</li>\n",
            escaped(&form.key),
            escaped(&form.title),
            filers(form)
        )
    };
    let items: String = manifest.forms.iter().map(item).collect();
    page(&manifest.title, &format!("<ul>\n{items}</ul>\n"))
}

/// One form with all its pages below each other.
pub(super) fn form(form: &Form, manifest: &Manifest) -> String {
    let mut body = format!(
        "<p>{}</p>\n<p>Udfyldes af {}. Felter med * skal udfyldes.</p>\n<form>\n",
        escaped(&form.intro),
        filers(form)
    );
    for (number, page) in form.pages.iter().enumerate() {
        body.push_str(&group(page, number + 1, manifest));
    }
    body.push_str("<button type=\"button\" disabled>Send (virker ikke her)</button>\n</form>\n");
    page(&form.title, &body)
}

fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"da\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>body{{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}}\
         fieldset{{margin:1.5rem 0}}label,legend{{font-weight:bold}}label{{display:block;margin-top:1rem}}\
         .valg label{{display:inline;font-weight:normal;margin-right:1rem}}small{{display:block}}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn group(page: &Page, number: usize, manifest: &Manifest) -> String {
    let mut text = format!("<fieldset>\n<legend>{}</legend>\n", escaped(&page.title));
    if let Some(intro) = &page.intro {
        let _ = writeln!(text, "<p>{}</p>", escaped(intro));
    }
    if page.repeated {
        text.push_str("<p>Kan udfyldes flere gange, en gang for hver.</p>\n");
    }
    text.push_str(&days(page.days, number));
    let fact = manifest.fact(&page.fact);
    for question in &page.questions {
        if let Some(attribute) = fact.and_then(|fact| fact.attribute(&question.attribute)) {
            text.push_str(&asked(question, attribute, number));
        }
    }
    text + "</fieldset>\n"
}

fn days(days: Days, number: usize) -> String {
    let day = |name: &str, label: &str, kind: &str| {
        let id = format!("{number}-{name}");
        format!(
            "<label for=\"{id}\">{label} *</label>\n<input id=\"{id}\" type=\"{kind}\" required>\n"
        )
    };
    match days {
        Days::FromReceived => String::new(),
        Days::Asked => day("first", "Første dag", "date") + &day("last", "Sidste dag", "date"),
        Days::AskedFirst => day("first", "Fra og med", "date"),
        Days::Month => day("month", "Måned", "month"),
    }
}

fn asked(question: &Question, attribute: &AttributeKind, number: usize) -> String {
    let id = escaped(&format!("{number}-{}", attribute.name));
    let (star, required) = if attribute.optional { ("", "") } else { (" *", " required") };
    let label = escaped(question.ask.as_ref().unwrap_or(&attribute.title)) + star;
    let help = help(question);
    let described =
        if help.is_empty() { String::new() } else { format!(" aria-describedby=\"{id}-hjaelp\"") };
    let mut text = match attribute.kind {
        ScalarKind::Flag => choices(&id, &label, &described, &[("ja", "Ja"), ("nej", "Nej")]),
        ScalarKind::Code => {
            let options: Vec<(&str, &str)> =
                attribute.codes.iter().map(|Code { code, title }| (&**code, &**title)).collect();
            choices(&id, &label, &described, &options)
        }
        kind => format!(
            "<label for=\"{id}\">{label}</label>\n<input id=\"{id}\" {}{}{required}{described}>{}\n",
            input(kind),
            bounds(attribute),
            unit(kind)
        ),
    };
    if !help.is_empty() {
        let _ = writeln!(text, "<small id=\"{id}-hjaelp\">{}</small>", escaped(&help));
    }
    text
}

/// What stands below the question; empty where there is nothing to add.
fn help(question: &Question) -> String {
    let when = question.show_when.as_ref().map(only_when);
    question.help.iter().cloned().chain(when).collect::<Vec<_>>().join(" ")
}

fn choices(id: &str, label: &str, described: &str, options: &[(&str, &str)]) -> String {
    let mut text = format!("<fieldset class=\"valg\"{described}>\n<legend>{label}</legend>\n");
    for (value, title) in options {
        let (value, title) = (escaped(value), escaped(title));
        let _ = writeln!(
            text,
            "<input type=\"radio\" id=\"{id}-{value}\" name=\"{id}\" value=\"{value}\"> <label for=\"{id}-{value}\">{title}</label>"
        );
    }
    text + "</fieldset>\n"
}

fn input(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Day => "type=\"date\"",
        ScalarKind::Integer => "type=\"text\" inputmode=\"numeric\"",
        ScalarKind::Amount | ScalarKind::Number => "type=\"text\" inputmode=\"decimal\"",
        ScalarKind::Flag
        | ScalarKind::Code
        | ScalarKind::Span
        | ScalarKind::Text
        | ScalarKind::Who => "type=\"text\"",
    }
}

/// A calendar can keep to its bounds itself.
fn bounds(attribute: &AttributeKind) -> String {
    let bound = |name: &str, value: &Option<Scalar>| match value {
        Some(Scalar::Day(day)) => format!(" {name}=\"{day}\""),
        _ => String::new(),
    };
    bound("min", &attribute.min) + &bound("max", &attribute.max)
}

fn unit(kind: ScalarKind) -> &'static str {
    if kind == ScalarKind::Amount { " kr." } else { "" }
}

fn only_when(when: &ShowWhen) -> String {
    format!("(Vises kun, når svaret på '{}' er {}.)", when.attribute, when.is)
}

fn filers(form: &Form) -> String {
    let name = |filer: &Filer| match filer {
        Filer::Citizen => "borgeren",
        Filer::Company => "virksomheden",
        Filer::Caseworker => "sagsbehandleren",
    };
    form.filed_by.iter().map(name).collect::<Vec<_>>().join(" eller ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_manifest_is_never_markup() {
        assert_eq!(escaped("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
