//! From a case table to the case.

use crate::{Case, Expected, Manifest, ScalarKind, announce};
use ydun_domain::benefit::{
    Attribute, Claim, Condition, Dossier, Effect, Fact, Failure, Finding, Letter, Line, Need,
    Outcome, Party, Question, RateRow, Severity, State, Step, Task, Verdict,
};

use super::cell;
use super::rows::{Column, NotACase, Row};
use super::words::{FailureKind, Given, Part, Word};

/// A row that begins something, and the rows below it that belong to it.
struct Block<'a> {
    part: Part,
    head: &'a Row,
    /// Rows without a part: the fields.
    fields: Vec<&'a Row>,
    /// Rows such as `mangler` that say something more of what stands above.
    more: Vec<(Part, &'a Row)>,
}

/// The case that a table's rows tell, completed as the host completes a dossier.
pub(super) fn case(name: &str, rows: &[Row], manifest: &Manifest) -> Result<Case, NotACase> {
    let blocks = blocks(rows)?;
    let table = Table { blocks: &blocks, manifest };
    let dossier = table.dossier()?;
    Ok(Case {
        name: name.to_owned(),
        title: table.text(Part::Title),
        reason: table.text(Part::Reason),
        dossier,
        expected: table.expected()?,
    })
}

fn blocks(rows: &[Row]) -> Result<Vec<Block<'_>>, NotACase> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for row in rows {
        let is_field = row.get(Column::Part).is_empty();
        let part = if is_field { None } else { Some(row.read(Column::Part, Part::read)?) };
        let begins = part.filter(|part| !matches!(part, Part::Missing | Part::Reference));
        match (begins, blocks.last_mut()) {
            (Some(part), _) => {
                blocks.push(Block { part, head: row, fields: Vec::new(), more: Vec::new() });
            }
            (None, None) => return Err(row.wrong("belongs to nothing above it")),
            (None, Some(block)) => match part {
                None => block.fields.push(row),
                Some(part) => block.more.push((part, row)),
            },
        }
    }
    Ok(blocks)
}

struct Table<'a> {
    blocks: &'a [Block<'a>],
    manifest: &'a Manifest,
}

impl Table<'_> {
    fn of(&self, part: Part) -> impl Iterator<Item = &Block<'_>> {
        self.blocks.iter().filter(move |block| block.part == part)
    }

    fn all<T>(
        &self,
        part: Part,
        read: impl Fn(&Block<'_>) -> Result<T, NotACase>,
    ) -> Result<Vec<T>, NotACase> {
        self.of(part).map(read).collect()
    }

    /// The row there must be one of.
    fn only(&self, part: Part) -> Result<&Row, NotACase> {
        let mut found = self.of(part);
        match (found.next(), found.next()) {
            (Some(block), None) => Ok(block.head),
            (None, _) => Err(NotACase::whole(format!("there is no row '{}'", part.word()))),
            (_, Some(second)) => Err(second.head.wrong(format!("a second '{}'", part.word()))),
        }
    }

    fn text(&self, part: Part) -> String {
        self.of(part).next().map(|block| text(block.head, Column::Text)).unwrap_or_default()
    }

    fn dossier(&self) -> Result<Dossier, NotACase> {
        let as_of = self.only(Part::AsOf)?.read(Column::Days, cell::day)?;
        let known_at = match self.of(Part::KnownAt).next() {
            Some(block) => block.head.read(Column::Days, cell::day)?,
            None => as_of,
        };
        let mut dossier = Dossier {
            as_of,
            known_at,
            span: self.only(Part::Span)?.read(Column::Days, cell::period)?,
            facts: self.all(Part::Fact, |block| self.fact(block))?,
            rates: self.all(Part::Rate, |block| self.rate(block))?,
            settings: self.all(Part::Setting, |block| self.setting(block))?,
            prior: self.all(Part::Prior, line)?,
        };
        let only = self.all(Part::Only, |block| block.head.read(Column::Kind, Given::read))?;
        if !only.contains(&Given::Rates) {
            let known = self.manifest.rates_known(known_at);
            dossier.rates = announce(known, dossier.rates);
        }
        if !only.contains(&Given::Settings) {
            dossier.settings = self.manifest.with_defaults(dossier.settings);
        }
        dossier.sort();
        Ok(dossier)
    }

    fn fact(&self, block: &Block<'_>) -> Result<Fact, NotACase> {
        let row = block.head;
        let kind = text(row, Column::Kind);
        let declared = self.manifest.fact(&kind);
        let typed = |name: &str| declared?.attribute(name).map(|attribute| attribute.kind);
        Ok(Fact {
            id: text(row, Column::Name),
            about: party(row, Column::About),
            valid: row.read(Column::Days, cell::validity)?,
            attributes: attributes(&block.fields, typed)?,
            kind,
        })
    }

    fn setting(&self, block: &Block<'_>) -> Result<Attribute, NotACase> {
        let settings = &self.manifest.settings;
        let typed = |key: &str| {
            let setting = settings.iter().find(|setting| setting.key == key)?;
            Some(ScalarKind::of(&setting.default))
        };
        attribute(block.head, typed)
    }

    fn rate(&self, block: &Block<'_>) -> Result<RateRow, NotACase> {
        let rates = &self.manifest.rates;
        let typed = |key: &str| {
            let rate = rates.iter().find(|rate| rate.key == key)?;
            rate.values.first().map(|value| ScalarKind::of(&value.value))
        };
        let Attribute { name, value } = attribute(block.head, typed)?;
        let valid = block.head.read(Column::Days, cell::validity)?;
        Ok(RateRow { key: name, valid, value, source: text(block.head, Column::Law) })
    }

    fn expected(&self) -> Result<Expected, NotACase> {
        match self.of(Part::Failure).next() {
            Some(block) => failure(block.head).map(Expected::Failure),
            None => self.outcome().map(Expected::Outcome),
        }
    }

    fn outcome(&self) -> Result<Outcome, NotACase> {
        Ok(Outcome {
            verdict: self.only(Part::Verdict)?.read(Column::Value, Verdict::read)?,
            conditions: self.all(Part::Condition, condition)?,
            lines: self.all(Part::Line, line)?,
            steps: self.all(Part::Step, step)?,
            needs: self.all(Part::Need, need)?,
            effects: self.effects()?,
            findings: self.all(Part::Finding, finding)?,
        })
    }

    /// A question belongs to the task above it.
    fn effects(&self) -> Result<Vec<Effect>, NotACase> {
        let mut effects: Vec<Effect> = Vec::new();
        for block in self.blocks {
            match (block.part, effects.last_mut()) {
                (Part::Question, Some(Effect::Task(task))) => task.questions.push(question(block)?),
                (Part::Question, _) => return Err(block.head.wrong("stands below no task")),
                _ => effects.extend(effect(block).transpose()?),
            }
        }
        Ok(effects)
    }
}

fn failure(row: &Row) -> Result<Failure, NotACase> {
    let why = text(row, Column::Text);
    Ok(match row.read(Column::Kind, FailureKind::read)? {
        FailureKind::MissingRate => Failure::MissingRate(why),
        FailureKind::Unsupported => Failure::Unsupported(why),
        FailureKind::Contradiction => Failure::Contradiction(why),
    })
}

fn condition(block: &Block<'_>) -> Result<Condition, NotACase> {
    let row = block.head;
    let missing = block.more.iter().filter(|(part, _)| *part == Part::Missing);
    Ok(Condition {
        id: text(row, Column::Name),
        label: text(row, Column::Text),
        law: text(row, Column::Law),
        state: row.read(Column::Value, State::read)?,
        facts: cell::read_list(row.get(Column::RestsOn)),
        missing: missing.map(|(_, row)| text(row, Column::Kind)).collect(),
        note: fields(block)?,
    })
}

fn line(block: &Block<'_>) -> Result<Line, NotACase> {
    let row = block.head;
    let reference = block.more.iter().find(|(part, _)| *part == Part::Reference);
    let about = row.get(Column::About);
    Ok(Line {
        key: text(row, Column::Name),
        payee: party(row, Column::Recipient),
        about: (!about.is_empty()).then(|| party(row, Column::About)),
        period: row.read(Column::Days, cell::period)?,
        amount: row.read(Column::Value, cell::amount)?,
        posting: text(row, Column::Kind),
        reference: reference.map(|(_, row)| text(row, Column::Value)),
        details: fields(block)?,
        steps: cell::read_list(row.get(Column::RestsOn)),
    })
}

fn step(block: &Block<'_>) -> Result<Step, NotACase> {
    let row = block.head;
    let kind = row.read(Column::Type, ScalarKind::read)?;
    Ok(Step {
        id: text(row, Column::Name),
        label: text(row, Column::Text),
        law: text(row, Column::Law),
        inputs: fields(block)?,
        value: row.read(Column::Value, |value| cell::read(value, kind))?,
    })
}

fn need(block: &Block<'_>) -> Result<Need, NotACase> {
    let row = block.head;
    Ok(Need {
        kind: text(row, Column::Kind),
        about: party(row, Column::About),
        valid: row.read(Column::Days, cell::validity)?,
        reason: text(row, Column::Text),
    })
}

fn effect(block: &Block<'_>) -> Option<Result<Effect, NotACase>> {
    match block.part {
        Part::Letter => Some(letter(block).map(Effect::Letter)),
        Part::Task => Some(task(block).map(Effect::Task)),
        Part::Claim => Some(claim(block).map(Effect::Claim)),
        _ => None,
    }
}

fn letter(block: &Block<'_>) -> Result<Letter, NotACase> {
    let row = block.head;
    Ok(Letter {
        key: text(row, Column::Name),
        template: text(row, Column::Kind),
        recipient: party(row, Column::Recipient),
        fields: fields(block)?,
        steps: cell::read_list(row.get(Column::RestsOn)),
    })
}

fn task(block: &Block<'_>) -> Result<Task, NotACase> {
    let row = block.head;
    let has_due = !row.get(Column::Days).is_empty();
    Ok(Task {
        key: text(row, Column::Name),
        queue: text(row, Column::Kind),
        title: text(row, Column::Text),
        due: has_due.then(|| row.read(Column::Days, cell::day)).transpose()?,
        attributes: fields(block)?,
        questions: Vec::new(),
    })
}

fn question(block: &Block<'_>) -> Result<Question, NotACase> {
    let row = block.head;
    Ok(Question {
        kind: text(row, Column::Kind),
        about: party(row, Column::About),
        valid: row.read(Column::Days, cell::validity)?,
        given: fields(block)?,
    })
}

fn claim(block: &Block<'_>) -> Result<Claim, NotACase> {
    let row = block.head;
    Ok(Claim {
        key: text(row, Column::Name),
        debtor: party(row, Column::Recipient),
        period: row.read(Column::Days, cell::period)?,
        amount: row.read(Column::Value, cell::amount)?,
        ground: text(row, Column::Kind),
        details: fields(block)?,
        steps: cell::read_list(row.get(Column::RestsOn)),
    })
}

fn finding(block: &Block<'_>) -> Result<Finding, NotACase> {
    let row = block.head;
    let path = row.get(Column::Field);
    Ok(Finding {
        path: (!path.is_empty()).then(|| text(row, Column::Field)),
        code: text(row, Column::Name),
        severity: row.read(Column::Kind, Severity::read)?,
        attributes: fields(block)?,
    })
}

/// Fields whose types stand beside them.
fn fields(block: &Block<'_>) -> Result<Vec<Attribute>, NotACase> {
    attributes(&block.fields, |_| None)
}

fn attributes(
    rows: &[&Row],
    typed: impl Fn(&str) -> Option<ScalarKind>,
) -> Result<Vec<Attribute>, NotACase> {
    rows.iter().map(|row| attribute(row, &typed)).collect()
}

/// A field of the type that stands beside it, or else the one the manifest gives it.
fn attribute(row: &Row, typed: impl Fn(&str) -> Option<ScalarKind>) -> Result<Attribute, NotACase> {
    let name = text(row, Column::Field);
    let kind = match (row.get(Column::Type), typed(&name)) {
        ("", Some(kind)) => kind,
        ("", None) => {
            let why = format!("the manifest has no type for '{name}'; write one in 'type'");
            return Err(row.wrong(why));
        }
        _ => row.read(Column::Type, ScalarKind::read)?,
    };
    let value = row.read(Column::Value, |value| cell::read(value, kind))?;
    Ok(Attribute { name, value })
}

fn text(row: &Row, column: Column) -> String {
    cell::read_text(row.get(column))
}

fn party(row: &Row, column: Column) -> Party {
    Party(text(row, column))
}
