//! From a case to its table.

use crate::{Case, Expected, FactKind, Manifest, ScalarKind, announce};
use ydun_domain::Day;
use ydun_domain::benefit::{
    Attribute, Claim, Condition, Dossier, Effect, Fact, Failure, Finding, Letter, Line, Need,
    Outcome, Question, RateRow, Scalar, Step, Task,
};

use super::cell;
use super::rows::{Column, Row};
use super::words::{FailureKind, Given, Part, Word};

/// The rows that tell a case, without what the manifest fills in.
pub(super) fn rows(case: &Case, manifest: &Manifest) -> Vec<Row> {
    let mut rows = vec![
        part(Part::Title).text(Column::Text, &case.title),
        part(Part::Reason).text(Column::Text, &case.reason),
    ];
    dossier(&mut rows, &case.dossier, manifest);
    match &case.expected {
        Expected::Outcome(outcome) => self::outcome(&mut rows, outcome),
        Expected::Failure(failure) => rows.push(self::failure(failure)),
    }
    rows
}

fn dossier(rows: &mut Vec<Row>, dossier: &Dossier, manifest: &Manifest) {
    rows.push(part(Part::Span).with(Column::Days, dossier.span.to_string()));
    rows.push(day(Part::AsOf, dossier.as_of));
    if dossier.known_at != dossier.as_of {
        rows.push(day(Part::KnownAt, dossier.known_at));
    }
    for fact in &dossier.facts {
        self::fact(rows, fact, manifest.fact(&fact.kind));
    }
    for line in &dossier.prior {
        self::line(rows, Part::Prior, line);
    }
    settings(rows, dossier, manifest);
    self::rates(rows, dossier, manifest);
}

/// With the manifest's titles beside, for those who do not know the keys.
fn fact(rows: &mut Vec<Row>, fact: &Fact, declared: Option<&FactKind>) {
    let title = declared.map_or("", |kind| &kind.title);
    rows.push(
        part(Part::Fact)
            .text(Column::Name, &fact.id)
            .text(Column::Kind, &fact.kind)
            .text(Column::About, &fact.about.0)
            .with(Column::Days, fact.valid.to_string())
            .text(Column::Text, title),
    );
    for attribute in &fact.attributes {
        let kind = declared.and_then(|kind| kind.attribute(&attribute.name));
        let typed = kind.map(|kind| kind.kind);
        let title = kind.map_or(String::new(), |kind| match &attribute.value {
            Scalar::Code(word) => match kind.codes.iter().find(|code| code.code == *word) {
                Some(code) => format!("{}: {}", kind.title, code.title),
                None => kind.title.clone(),
            },
            _ => kind.title.clone(),
        });
        rows.push(field(Row::default(), attribute, typed).text(Column::Text, &title));
    }
}

/// The settings that differ from their defaults; all of them where one is missing.
fn settings(rows: &mut Vec<Row>, dossier: &Dossier, manifest: &Manifest) {
    let default = |setting: &Attribute| {
        manifest.settings.iter().find(|declared| declared.key == setting.name)
    };
    let differs = |setting: &&Attribute| {
        default(setting).is_none_or(|declared| !same(&declared.default, &setting.value))
    };
    let mut told: Vec<&Attribute> = dossier.settings.iter().filter(differs).collect();
    let filled = manifest.with_defaults(told.iter().copied().cloned().collect());
    if filled.len() != dossier.settings.len() {
        rows.push(part(Part::Only).with(Column::Kind, Given::Settings.word()));
        told = dossier.settings.iter().collect();
    }
    for setting in told {
        let declared = default(setting);
        let typed = declared.map(|declared| ScalarKind::of(&declared.default));
        let title = declared.map_or("", |declared| &declared.title);
        rows.push(field(part(Part::Setting), setting, typed).text(Column::Text, title));
    }
}

/// The rates that differ from the manifest's; all of them where it has others.
fn rates(rows: &mut Vec<Row>, dossier: &Dossier, manifest: &Manifest) {
    let known = manifest.rates_known(dossier.known_at);
    let differs = |rate: &&RateRow| !known.contains(rate);
    let mut told: Vec<RateRow> = dossier.rates.iter().filter(differs).cloned().collect();
    let mut filled = Dossier { rates: announce(known.clone(), told.clone()), ..dossier.clone() };
    filled.sort();
    if filled.rates != dossier.rates {
        rows.push(part(Part::Only).with(Column::Kind, Given::Rates.word()));
        told.clone_from(&dossier.rates);
    }
    for rate in told {
        let declared = manifest.rates.iter().find(|kind| kind.key == rate.key);
        let typed = declared.and_then(|kind| kind.values.first());
        let typed = typed.map(|value| ScalarKind::of(&value.value));
        let title = declared.map_or("", |kind| &kind.title);
        let value = Attribute::new(rate.key, rate.value);
        rows.push(
            field(part(Part::Rate), &value, typed)
                .with(Column::Days, rate.valid.to_string())
                .text(Column::Law, &rate.source)
                .text(Column::Text, title),
        );
    }
}

/// Equal to the last written digit, as a table must bring it back.
fn same(one: &Scalar, other: &Scalar) -> bool {
    one.kind() == other.kind() && one.to_string() == other.to_string()
}

fn failure(failure: &Failure) -> Row {
    let (kind, why) = match failure {
        Failure::MissingRate(key) => (FailureKind::MissingRate, key),
        Failure::Unsupported(what) => (FailureKind::Unsupported, what),
        Failure::Contradiction(what) => (FailureKind::Contradiction, what),
    };
    part(Part::Failure).with(Column::Kind, kind.word()).text(Column::Text, why)
}

fn outcome(rows: &mut Vec<Row>, outcome: &Outcome) {
    let Outcome { verdict, conditions, lines, steps, needs, effects, findings } = outcome;
    rows.push(part(Part::Verdict).with(Column::Value, verdict.word()));
    for condition in conditions {
        self::condition(rows, condition);
    }
    for line in lines {
        self::line(rows, Part::Line, line);
    }
    for step in steps {
        self::step(rows, step);
    }
    rows.extend(needs.iter().map(need));
    for effect in effects {
        self::effect(rows, effect);
    }
    for finding in findings {
        self::finding(rows, finding);
    }
}

fn condition(rows: &mut Vec<Row>, condition: &Condition) {
    let Condition { id, label, law, state, facts, missing, note } = condition;
    rows.push(
        part(Part::Condition)
            .text(Column::Name, id)
            .with(Column::Value, state.word())
            .text(Column::Law, law)
            .with(Column::RestsOn, cell::write_list(facts))
            .text(Column::Text, label),
    );
    rows.extend(missing.iter().map(|kind| part(Part::Missing).text(Column::Kind, kind)));
    rows.extend(note.iter().map(typed_field));
}

fn line(rows: &mut Vec<Row>, part: Part, line: &Line) {
    let Line { key, payee, about, period, amount, posting, reference, details, steps } = line;
    rows.push(
        self::part(part)
            .text(Column::Name, key)
            .text(Column::Kind, posting)
            .text(Column::About, about.as_ref().map_or("", |party| &party.0))
            .text(Column::Recipient, &payee.0)
            .with(Column::Days, period.to_string())
            .with(Column::Value, amount.to_string())
            .with(Column::RestsOn, cell::write_list(steps)),
    );
    rows.extend(reference.iter().map(|text| self::part(Part::Reference).text(Column::Value, text)));
    rows.extend(details.iter().map(typed_field));
}

fn step(rows: &mut Vec<Row>, step: &Step) {
    let Step { id, label, law, inputs, value } = step;
    rows.push(
        part(Part::Step)
            .text(Column::Name, id)
            .with(Column::Value, cell::write(value))
            .with(Column::Type, ScalarKind::of(value).word())
            .text(Column::Law, law)
            .text(Column::Text, label),
    );
    rows.extend(inputs.iter().map(typed_field));
}

fn need(need: &Need) -> Row {
    part(Part::Need)
        .text(Column::Kind, &need.kind)
        .text(Column::About, &need.about.0)
        .with(Column::Days, need.valid.to_string())
        .text(Column::Text, &need.reason)
}

fn effect(rows: &mut Vec<Row>, effect: &Effect) {
    match effect {
        Effect::Letter(letter) => self::letter(rows, letter),
        Effect::Task(task) => self::task(rows, task),
        Effect::Claim(claim) => self::claim(rows, claim),
    }
}

fn letter(rows: &mut Vec<Row>, letter: &Letter) {
    let Letter { key, template, recipient, fields, steps } = letter;
    rows.push(
        part(Part::Letter)
            .text(Column::Name, key)
            .text(Column::Kind, template)
            .text(Column::Recipient, &recipient.0)
            .with(Column::RestsOn, cell::write_list(steps)),
    );
    rows.extend(fields.iter().map(typed_field));
}

fn task(rows: &mut Vec<Row>, task: &Task) {
    let Task { key, queue, title, due, attributes, questions } = task;
    rows.push(
        part(Part::Task)
            .text(Column::Name, key)
            .text(Column::Kind, queue)
            .with(Column::Days, due.map_or_else(String::new, |due| due.to_string()))
            .text(Column::Text, title),
    );
    rows.extend(attributes.iter().map(typed_field));
    for question in questions {
        self::question(rows, question);
    }
}

fn question(rows: &mut Vec<Row>, question: &Question) {
    let Question { kind, about, valid, given } = question;
    rows.push(
        part(Part::Question)
            .text(Column::Kind, kind)
            .text(Column::About, &about.0)
            .with(Column::Days, valid.to_string()),
    );
    rows.extend(given.iter().map(typed_field));
}

fn claim(rows: &mut Vec<Row>, claim: &Claim) {
    let Claim { key, debtor, period, amount, ground, details, steps } = claim;
    rows.push(
        part(Part::Claim)
            .text(Column::Name, key)
            .text(Column::Kind, ground)
            .text(Column::Recipient, &debtor.0)
            .with(Column::Days, period.to_string())
            .with(Column::Value, amount.to_string())
            .with(Column::RestsOn, cell::write_list(steps)),
    );
    rows.extend(details.iter().map(typed_field));
}

fn finding(rows: &mut Vec<Row>, finding: &Finding) {
    let Finding { path, code, severity, attributes } = finding;
    rows.push(
        part(Part::Finding)
            .text(Column::Name, code)
            .with(Column::Kind, severity.word())
            .text(Column::Field, path.as_deref().unwrap_or_default()),
    );
    rows.extend(attributes.iter().map(typed_field));
}

fn part(part: Part) -> Row {
    Row::default().with(Column::Part, part.word())
}

fn day(part: Part, day: Day) -> Row {
    self::part(part).with(Column::Days, day.to_string())
}

/// A field of its own row, whose type nothing else tells.
fn typed_field(attribute: &Attribute) -> Row {
    field(Row::default(), attribute, None)
}

/// Name and value; the type where it is not the one the manifest gives.
fn field(row: Row, attribute: &Attribute, typed: Option<ScalarKind>) -> Row {
    let kind = ScalarKind::of(&attribute.value);
    let row = row.text(Column::Field, &attribute.name);
    let row = row.with(Column::Value, cell::write(&attribute.value));
    if typed == Some(kind) { row } else { row.with(Column::Type, kind.word()) }
}

impl Row {
    /// Free text, safe from the spreadsheet.
    fn text(self, column: Column, text: &str) -> Self {
        self.with(column, cell::write_text(text))
    }
}
