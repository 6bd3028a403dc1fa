//! Whether a manifest hangs together.

use std::collections::HashSet;
use std::fmt;

use ydun_domain::Timeline;
use ydun_domain::benefit::Scalar;
use ydun_domain::rate::{NoTimeline, Rate};

use super::{
    AttributeKind, Class, Code, EventEffect, EventFact, EventRule, FactKind, FiledIn, Filer, Form,
    IncomeReport, LetterTemplate, Manifest, Page, Posting, RateKind, RefundAccount, ScalarKind,
    Setting, TaxTreatment,
};

/// What is wrong in a manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Inconsistent {
    at: String,
    why: String,
}

type Checked = Result<(), Inconsistent>;

impl Manifest {
    /// Checks what the shape of the JSON cannot say.
    pub fn check(&self) -> Checked {
        ensure(
            is_id(&self.id),
            "id",
            format_args!("'{}' is no id such as 'julehjaelp' or 'k0561:julehjaelp'", self.id),
        )?;
        ensure(
            self.class == Class::Compiled || self.is_municipal(),
            "class",
            "is interpreted, which only a municipality's own benefit may be, such as 'k0561:julehjaelp'",
        )?;
        ensure(!self.title.trim().is_empty(), "title", "is empty")?;
        ensure(!self.legal_basis.is_empty(), "legal-basis", "names no act")?;
        ensure(!self.owner.trim().is_empty(), "owner", "is empty")?;
        ensure(
            self.postings.is_empty() || !self.payees.is_empty(),
            "payees",
            "is empty, but there are postings",
        )?;
        unique("facts", self.facts.iter().map(|fact| fact.kind.as_str()))?;
        unique("rates", self.rates.iter().map(|rate| rate.key.as_str()))?;
        unique("postings", self.postings.iter().map(|posting| posting.code.as_str()))?;
        unique("settings", self.settings.iter().map(|setting| setting.key.as_str()))?;
        unique("letters", self.letters.iter().map(|letter| letter.key.as_str()))?;
        unique("queues", self.queues.iter().map(|queue| queue.key.as_str()))?;
        unique("claim-grounds", self.claim_grounds.iter().map(|ground| ground.key.as_str()))?;
        self.facts.iter().try_for_each(FactKind::check)?;
        self.rates.iter().try_for_each(RateKind::check)?;
        self.settings.iter().try_for_each(Setting::check)?;
        unique("forms", self.forms.iter().map(|form| form.key.as_str()))?;
        self.forms.iter().try_for_each(|form| self.check_form(form))?;
        self.events.iter().try_for_each(|rule| self.check_event(rule))?;
        self.letters.iter().try_for_each(LetterTemplate::check)?;
        self.postings.iter().try_for_each(Posting::check)
    }

    fn check_form(&self, form: &Form) -> Checked {
        let at = format!("form '{}'", form.key);
        ensure(!form.pages.is_empty(), &at, "has no page")?;
        ensure(!form.filed_by.is_empty(), &at, "may be filed by nobody")?;
        self.check_filed_as(form, &at)?;
        form.pages.iter().try_for_each(|page| self.check_page(page, &at))
    }

    /// Who files it has a part that the facts know, and is no caseworker.
    fn check_filed_as(&self, form: &Form, at: &str) -> Checked {
        let Some(role) = &form.filed_as else {
            return ensure(
                form.filed_in == FiledIn::KnownCase,
                at,
                "says which case it is filed in, but not as whom",
            );
        };
        let is_role = self.facts.iter().any(|fact| fact.about == *role);
        ensure(is_role, at, format_args!("is filed as '{role}', whom no fact is about"))?;
        let by_oneself = form.filed_by.iter().any(|filer| *filer != Filer::Caseworker);
        ensure(by_oneself, at, "is filed by caseworkers only, and so as nobody")
    }

    fn check_page(&self, page: &Page, form: &str) -> Checked {
        let at = format!("{form}, page '{}'", page.title);
        let Some(fact) = self.fact(&page.fact) else {
            return Err(inconsistent(
                &at,
                format_args!("gathers '{}', which is not among the facts", page.fact),
            ));
        };
        unique(&at, page.questions.iter().map(|question| question.attribute.as_str()))?;
        let asked = |name: &str| page.questions.iter().position(|asked| asked.attribute == name);
        for (place, question) in page.questions.iter().enumerate() {
            let name = &question.attribute;
            let attribute = fact.attribute(name);
            ensure(
                attribute.is_some(),
                &at,
                format_args!("asks for '{name}', which '{}' does not have", fact.kind),
            )?;
            let Some(when) = &question.show_when else { continue };
            let earlier = asked(&when.attribute).is_some_and(|earlier| earlier < place);
            ensure(
                earlier,
                &at,
                format_args!(
                    "shows '{name}' by the answer to '{}', which is not asked before it",
                    when.attribute
                ),
            )?;
            let optional = attribute.is_some_and(|attribute| attribute.optional);
            ensure(
                optional,
                &at,
                format_args!("does not always ask for '{name}', which is not optional"),
            )?;
        }
        page.check_received(fact, &at)?;
        let told = |name: &str| asked(name).is_some() || page.received.as_deref() == Some(name);
        let unasked = |attribute: &&AttributeKind| !attribute.optional && !told(&attribute.name);
        match fact.attributes.iter().find(unasked) {
            Some(missing) => Err(inconsistent(
                &at,
                format_args!(
                    "does not ask for '{}', which every '{}' must have",
                    missing.name, fact.kind
                ),
            )),
            None => Ok(()),
        }
    }

    fn check_event(&self, rule: &EventRule) -> Checked {
        let at = format!("event {:?} about '{}'", rule.event, rule.about);
        let same = |other: &&EventRule| (other.event, &other.about) == (rule.event, &rule.about);
        ensure(self.events.iter().filter(same).count() == 1, &at, "is there twice")?;
        ensure(
            self.facts.iter().any(|fact| fact.about == rule.about),
            &at,
            "is about a role that no fact has",
        )?;
        ensure(!rule.why.trim().is_empty(), &at, "does not say why")?;
        let asks = rule.effect == EventEffect::AskPerson;
        ensure(asks == rule.title.is_some(), &at, "needs a title exactly when a person is asked")?;
        rule.fact.as_ref().map_or(Ok(()), |fact| self.check_event_fact(rule, fact, &at))
    }

    fn check_event_fact(&self, rule: &EventRule, told: &EventFact, at: &str) -> Checked {
        let Some(kind) = self.fact(&told.kind).filter(|kind| kind.about == rule.about) else {
            let why = format_args!("tells '{}', which is no fact about that role", told.kind);
            return Err(inconsistent(at, why));
        };
        let untold = |attribute: &&AttributeKind| {
            !attribute.optional && !told.tells.contains_key(&attribute.name)
        };
        if let Some(untold) = kind.attributes.iter().find(untold) {
            let why = format_args!("does not tell '{}', which a fact must have", untold.name);
            return Err(inconsistent(at, why));
        }
        for (name, value) in &told.tells {
            let fits = kind.attribute(name).is_some_and(|attribute| attribute.kind == value.kind());
            let why = format_args!("tells in '{name}' what that attribute does not hold");
            ensure(fits, at, why)?;
        }
        Ok(())
    }
}

impl Page {
    /// The host tells the day of receipt in an attribute that is a day, and that nobody is asked for.
    fn check_received(&self, fact: &FactKind, at: &str) -> Checked {
        let Some(name) = &self.received else { return Ok(()) };
        let is_day = fact.attribute(name).is_some_and(|told| told.kind == ScalarKind::Day);
        ensure(is_day, at, format_args!("has '{name}' tell the day of receipt, but it is no day"))?;
        let is_asked = self.questions.iter().any(|question| question.attribute == *name);
        ensure(!is_asked, at, format_args!("asks for '{name}', which the host tells"))
    }
}

impl Posting {
    fn check(&self) -> Checked {
        let at = format!("posting '{}'", self.code);
        ensure(!self.account.is_empty(), &at, "has no account")?;
        ensure(
            self.refund_percent.is_none_or(|percent| percent <= 100),
            &at,
            "refunds more than everything",
        )?;
        let Some(income) = &self.income else { return Ok(()) };
        let is_income = matches!(self.tax, TaxTreatment::Income | TaxTreatment::IncomeWithAmBidrag);
        ensure(is_income, &at, "says how income is reported, but is not its payee's income")?;
        income.check(&at)
    }
}

impl IncomeReport {
    fn check(&self, at: &str) -> Checked {
        let type_ok = is_digits(&self.income_type, 2);
        ensure(type_ok, at, "has an income type that is not two digits")?;
        let kind_ok = self.income_kind.as_ref().is_none_or(|kind| is_digits(kind, 4));
        ensure(kind_ok, at, "has an income kind that is not four digits")?;
        let Some(RefundAccount { text, .. }) = &self.refund else { return Ok(()) };
        let fits = (1..=RefundAccount::TEXT_MAX).contains(&text.len());
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        ensure(fits && is_plain, at, "has a refund account that is not 1 to 58 plain signs")
    }
}

impl LetterTemplate {
    fn check(&self) -> Checked {
        let at = format!("letter '{}'", self.key);
        ensure(!self.title.trim().is_empty(), &at, "has no title")?;
        unique(&at, self.fields.iter().map(|field| field.name.as_str()))?;
        let known = |slot: &str| self.fields.iter().any(|field| field.name == slot);
        match self.slots().find(|slot| !known(slot)) {
            Some(slot) => {
                Err(inconsistent(&at, format_args!("tells '{{{slot}}}', which is no field of it")))
            }
            None => Ok(()),
        }
    }
}

impl FactKind {
    fn check(&self) -> Checked {
        let at = format!("fact '{}'", self.kind);
        ensure(!self.about.is_empty(), &at, "does not say whom it is about")?;
        unique(&at, self.attributes.iter().map(|attribute| attribute.name.as_str()))?;
        self.attributes.iter().try_for_each(|attribute| attribute.check(&at))
    }
}

impl AttributeKind {
    fn check(&self, fact: &str) -> Checked {
        let at = format!("{fact}, attribute '{}'", self.name);
        codes(&at, &self.codes)?;
        let is_code = self.kind == ScalarKind::Code;
        ensure(is_code || self.codes.is_empty(), &at, "has codes, but is no code")?;
        for bound in self.min.iter().chain(&self.max) {
            ensure(ScalarKind::of(bound) == self.kind, &at, "has a bound of another type")?;
        }
        let backwards = matches!((&self.min, &self.max), (Some(min), Some(max)) if min > max);
        ensure(!backwards, &at, "has a minimum above its maximum")
    }
}

impl RateKind {
    /// The values as a timeline, which is never in doubt about the value of a day.
    pub fn timeline(&self) -> Result<Timeline<Scalar>, NoTimeline> {
        let rate = |value: &super::RateValue| Rate {
            valid: value.valid,
            announced: value.announced,
            value: value.value.clone(),
            source: value.source.clone(),
        };
        Timeline::new(self.values.iter().map(rate).collect())
    }

    fn check(&self) -> Checked {
        let at = format!("rate '{}'", self.key);
        self.timeline().map_err(|error| inconsistent(&at, error))?;
        for value in &self.values {
            ensure(!value.source.trim().is_empty(), &at, "has a value without a source")?;
            ensure(
                value.value.kind() == self.values[0].value.kind(),
                &at,
                "has values of different types",
            )?;
        }
        Ok(())
    }
}

impl Setting {
    fn check(&self) -> Checked {
        let at = format!("setting '{}'", self.key);
        codes(&at, &self.codes)?;
        match &self.default {
            Scalar::Code(word) => {
                let listed = self.codes.iter().any(|code| code.code == *word);
                ensure(
                    listed,
                    &at,
                    format_args!("has the default '{word}', which is not among its codes"),
                )
            }
            _ => ensure(self.codes.is_empty(), &at, "has codes, but its default is no code"),
        }
    }
}

impl ScalarKind {
    pub fn of(value: &Scalar) -> Self {
        match value {
            Scalar::Flag(_) => Self::Flag,
            Scalar::Integer(_) => Self::Integer,
            Scalar::Amount(_) => Self::Amount,
            Scalar::Number(_) => Self::Number,
            Scalar::Day(_) => Self::Day,
            Scalar::Span(_) => Self::Span,
            Scalar::Text(_) => Self::Text,
            Scalar::Code(_) => Self::Code,
            Scalar::Who(_) => Self::Who,
        }
    }
}

/// `julehjaelp`, or with the municipality in front: `k0561:julehjaelp`.
fn is_id(id: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let is_municipality = |space: &str| {
        space
            .strip_prefix('k')
            .is_some_and(|code| code.len() == 4 && code.chars().all(|c| c.is_ascii_digit()))
    };
    match id.split_once(':') {
        Some((space, name)) => is_municipality(space) && is_word(name),
        None => is_word(id),
    }
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn codes(at: &str, codes: &[Code]) -> Checked {
    unique(at, codes.iter().map(|code| code.code.as_str()))
}

fn unique<'a>(at: &str, names: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = HashSet::new();
    for name in names {
        ensure(!name.is_empty(), at, "has an entry without a name")?;
        ensure(seen.insert(name), at, format_args!("has '{name}' twice"))?;
    }
    Ok(())
}

fn ensure(holds: bool, at: &str, why: impl fmt::Display) -> Checked {
    if holds { Ok(()) } else { Err(inconsistent(at, why)) }
}

fn inconsistent(at: &str, why: impl fmt::Display) -> Inconsistent {
    Inconsistent { at: at.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What is wrong with a form of one page, which gathers an application.
    fn form(received: Option<&str>, asked: &[&str]) -> Option<String> {
        let questions: Vec<Value> =
            asked.iter().map(|attribute| json!({ "attribute": attribute })).collect();
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0", "postings": [], "payees": [],
            "four-eyes-above": "0.00", "retention-years": 5,
            "facts": [{ "kind": "application", "title": "Ansøgning", "about": "citizen", "attributes": [
                { "name": "received", "title": "Modtaget", "type": "day" },
                { "name": "children", "title": "Børn", "type": "integer" },
            ] }],
            "forms": [{ "key": "ansoegning", "title": "Ansøgning", "intro": "", "filed-by": ["citizen"], "pages": [{
                "title": "Børn", "fact": "application", "days": "from-received", "received": received, "questions": questions,
            }] }],
        }))
        .unwrap();
        manifest.check().err().map(|error| error.why)
    }

    #[test]
    fn a_form_is_filed_in_self_service_by_one_who_has_a_part_in_the_case() {
        let filed = |more: &str| {
            let page = r#"{ "title": "t", "fact": "application", "days": "from-received", "questions": [] }"#;
            let form = format!(
                r#"{{ "key": "k", "title": "t", "intro": "", "pages": [{page}], {more} }}"#
            );
            let manifest = serde_json::json!({
                "id": "a", "version": "1.0.0", "interface": "1.0.0", "title": "A", "legal-basis": ["L"],
                "owner": "o", "licence": "l", "postings": [], "payees": [], "four-eyes-above": "0.00",
                "retention-years": 5,
                "facts": [{ "kind": "application", "title": "A", "about": "applicant" }],
                "forms": [serde_json::from_str::<serde_json::Value>(&form).unwrap()],
            });
            let manifest: Manifest = serde_json::from_value(manifest).unwrap();
            manifest.check().err().map(|error| error.to_string())
        };
        let citizen = r#""filed-by": ["citizen"]"#;
        assert_eq!(filed(citizen), None);
        assert_eq!(
            filed(&format!(r#"{citizen}, "filed-as": "applicant", "filed-in": "new-case""#)),
            None
        );
        assert_eq!(
            filed(&format!(r#"{citizen}, "filed-as": "child""#)).unwrap(),
            "form 'k': is filed as 'child', whom no fact is about"
        );
        assert_eq!(
            filed(r#""filed-by": ["caseworker"], "filed-as": "applicant""#).unwrap(),
            "form 'k': is filed by caseworkers only, and so as nobody"
        );
        assert_eq!(
            filed(&format!(r#"{citizen}, "filed-in": "either-case""#)).unwrap(),
            "form 'k': says which case it is filed in, but not as whom"
        );
    }

    #[test]
    fn nobody_is_asked_when_the_form_was_received() {
        let check = |received, asked: &[&str], expected: Option<&str>| {
            assert_eq!(form(received, asked).as_deref(), expected);
        };
        check(Some("received"), &["children"], None);
        let must_have = "does not ask for 'received', which every 'application' must have";
        check(None, &["children"], Some(must_have));
        check(None, &["received", "children"], None); // a caseworker's form
        let twice = "asks for 'received', which the host tells";
        check(Some("received"), &["received", "children"], Some(twice));
        let no_day = "has 'children' tell the day of receipt, but it is no day";
        check(Some("children"), &["received"], Some(no_day));
    }

    /// What is wrong with a fact that a death tells so.
    fn event_fact(fact: &Value) -> Option<String> {
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "julehjaelp", "version": "1.0.0", "interface": "1.0.0", "title": "Julehjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0", "postings": [], "payees": [],
            "four-eyes-above": "0.00", "retention-years": 5,
            "facts": [
                { "kind": "death", "title": "Død", "about": "citizen", "attributes": [
                    { "name": "day", "title": "Dødsdag", "type": "day" },
                ] },
                { "kind": "birth", "title": "Fødsel", "about": "child" },
            ],
            "events": [{ "event": "died", "about": "citizen", "effect": "recalculate", "why": "§ 1", "fact": fact }],
        }))
        .unwrap();
        manifest.check().err().map(|error| error.why)
    }

    #[test]
    fn an_event_tells_a_whole_fact_about_its_own_role() {
        let check = |fact: &Value, expected: Option<&str>| {
            assert_eq!(event_fact(fact).as_deref(), expected);
        };
        check(&Value::Null, None);
        check(&json!({ "kind": "death", "tells": { "day": "day" } }), None);
        let another_role = "tells 'birth', which is no fact about that role";
        check(&json!({ "kind": "birth" }), Some(another_role));
        let untold = "does not tell 'day', which a fact must have";
        check(&json!({ "kind": "death" }), Some(untold));
        let not_held = "tells in 'day' what that attribute does not hold";
        check(&json!({ "kind": "death", "tells": { "day": "municipality" } }), Some(not_held));
    }

    /// What is wrong with a posting that is taxed and reported so.
    fn posting(tax: &str, income: &Value) -> Option<String> {
        let posting: Posting = serde_json::from_value(json!({
            "code": "ydelse", "title": "Ydelse", "account": "ydelse", "tax": tax, "income": income,
        }))
        .unwrap();
        posting.check().err().map(|error| error.why)
    }

    #[test]
    fn only_income_is_reported_and_by_the_registers_own_numbers() {
        let refund = |text: &str| {
            let refund = json!({ "text": text, "kind": "benefit" });
            json!({ "income-type": "06", "income-kind": "0041", "refund": refund })
        };
        let plain = json!({ "income-type": "04" });
        assert_eq!(posting("income", &Value::Null), None);
        assert_eq!(posting("income", &plain), None);
        assert_eq!(posting("income-with-am-bidrag", &refund("urn:oio:kommune:konto:1")), None);
        for (tax, income, why) in [
            ("tax-free", &plain, "not its payee's income"),
            ("business-receipt", &plain, "not its payee's income"),
            ("income", &json!({ "income-type": "4" }), "two digits"),
            ("income", &json!({ "income-type": "04", "income-kind": "41" }), "four digits"),
            ("income", &refund(""), "1 to 58"),
            ("income", &refund("konto 1"), "1 to 58"),
            ("income", &refund(&"x".repeat(59)), "1 to 58"),
        ] {
            let found = posting(tax, income).unwrap_or_default();
            assert!(found.contains(why), "{tax} {income}: {found}");
        }
    }
}
