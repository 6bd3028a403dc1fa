//! A page of a form: its questions as fields, row by row, and what the answers tell.

use ydun_domain::benefit::{Attribute, Party, Scalar};
use ydun_domain::{Day, Validity};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::{AttributeKind, Days, FactKind, Page, Question, ScalarKind, table};

use super::answers::{FIRST, LAST, MONTH, SOURCE, is_asked, is_blank, shown};
use super::draft::{Cast, Draft};
use crate::facts::Refused;
use crate::filings::{Answers, Row, Told, service as filings};
use crate::web::danish::Pair;
use crate::web::entry;
use crate::web::field::Field;
use crate::web::form::Fields;
use crate::web::task_words;

/// How many rows a page may have; a month has six weeks at most.
const ROWS_MAX: usize = 60;

#[derive(Debug)]
pub(super) struct QuestionPage {
    pub(super) title: String,
    pub(super) intro: Option<String>,
    pub(super) is_repeated: bool,
    pub(super) rows: Vec<RowForm>,
}

#[derive(Debug)]
pub(super) struct RowForm {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) fields: Vec<Field>,
    /// The attributes that are asked here, so that it is known which were seen.
    pub(super) asked: String,
    /// Where what stands here is from, when the filer has not typed it.
    pub(super) source: Option<String>,
    /// What is wrong with the row as a whole.
    pub(super) problem: Option<String>,
    is_blank: bool,
}

/// What a page is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker<'a> {
    manifest: &'a Manifest,
    pub(super) page: &'a Page,
    pub(super) fact: &'a FactKind,
    cast: &'a Cast,
    /// What the names of its fields begin with, where several such pages stand together.
    prefix: &'a str,
}

impl<'a> Maker<'a> {
    /// A page of a draft, counted from 0.
    pub(super) fn of(draft: &'a Draft, place: usize) -> Option<Self> {
        let page = draft.form().pages.get(place)?;
        Self::new(&draft.manifest, page, &draft.cast, "")
    }

    pub(super) fn new(
        manifest: &'a Manifest,
        page: &'a Page,
        cast: &'a Cast,
        prefix: &'a str,
    ) -> Option<Self> {
        let fact = manifest.fact(&page.fact)?;
        Some(Self { manifest, page, fact, cast, prefix })
    }

    /// The page of a draft with what was typed; one more row than that, where one is wanted.
    pub(super) fn page(self, answers: &Answers, place: usize, one_more: bool) -> QuestionPage {
        let mut rows = answers.rows(&key(place)).to_vec();
        if rows.is_empty() || (one_more && rows.len() < ROWS_MAX) {
            rows.push(Row::new());
        }
        self.of_rows(&rows)
    }

    pub(super) fn of_rows(self, rows: &[Row]) -> QuestionPage {
        QuestionPage {
            title: self.page.title.clone(),
            intro: self.page.intro.clone(),
            is_repeated: self.page.repeated,
            rows: (1..).zip(rows).map(|(number, row)| self.row(number, row)).collect(),
        }
    }

    fn row(self, number: usize, row: &Row) -> RowForm {
        let name = |attribute: &str| format!("{}r{number}-{attribute}", self.prefix);
        let mut fields = self.day_fields(number);
        let mut asked = Vec::new();
        for question in self.page.questions.iter().filter(|asked| is_asked(asked, self.fact, row)) {
            let Some(rule) = self.fact.attribute(&question.attribute) else { continue };
            if self.given(rule).is_some() {
                continue;
            }
            asked.push(question.attribute.as_str());
            fields.push(worded(Field::new(name(&rule.name), rule, &self.cast.choices()), question));
        }
        for field in &mut fields {
            field.value = row.get(&field.attribute).cloned().unwrap_or_default();
        }
        RowForm {
            number,
            fields,
            asked: asked.join(" "),
            source: row.get(SOURCE).cloned(),
            problem: None,
            is_blank: is_blank(row),
        }
    }

    fn day_fields(self, number: usize) -> Vec<Field> {
        let line = |attribute: &str, title: &str, hint: &str| {
            Field::line(format!("{}r{number}-{attribute}", self.prefix), attribute, title, hint)
        };
        let first = || line(FIRST, "Første dag", entry::expected(ScalarKind::Day));
        match self.page.days {
            Days::FromReceived => vec![],
            Days::Month => vec![line(MONTH, "Måned", "For eksempel 10.2026.")],
            Days::AskedFirst => vec![first()],
            Days::Asked => {
                let is_optional = !self.fact.bounded;
                let last = line(LAST, "Sidste dag", entry::expected(ScalarKind::Day));
                vec![first(), Field { is_optional, ..last }]
            }
        }
    }

    /// The one who is meant, where an attribute is called as a part in the case that somebody has: nobody is
    /// asked what we know.
    pub(super) fn given(self, rule: &AttributeKind) -> Option<Scalar> {
        let is_part = rule.kind == ScalarKind::Who && self.cast.name_of(&rule.name).is_some();
        is_part.then(|| Scalar::Who(Party(rule.name.clone())))
    }

    /// What the page tells, when it was received on a day. What is wrong is said at the fields.
    pub(super) fn read(self, page: &mut QuestionPage, received: Day) -> Vec<Told> {
        let is_repeated = self.page.repeated;
        let rows = page.rows.iter_mut().filter(|row| !(is_repeated && row.is_blank));
        rows.filter_map(|row| self.read_row(row, received)).collect()
    }

    /// What the rows tell in which something was filled in.
    pub(super) fn read_filled_in(self, page: &mut QuestionPage, received: Day) -> Vec<Told> {
        let rows = page.rows.iter_mut().filter(|row| !row.has_no_answer());
        rows.filter_map(|row| self.read_row(row, received)).collect()
    }

    fn read_row(self, row: &mut RowForm, received: Day) -> Option<Told> {
        let days = self.read_days(row, received);
        let attributes = self.read_attributes(row, received);
        let has_problem = row.fields.iter().any(|field| field.problem.is_some());
        if has_problem {
            return None;
        }
        let received = self.page.received.clone();
        let told = Told { kind: self.fact.kind.clone(), valid: days?, attributes, received };
        match filings::check(self.manifest, None, &self.cast.parts(), &told) {
            Ok(_) => Some(told),
            Err(refused) => {
                row.refuse(&refused);
                None
            }
        }
    }

    fn read_days(self, row: &mut RowForm, received: Day) -> Option<Validity> {
        match self.page.days {
            Days::FromReceived => Some(Validity::from_day(received)),
            Days::Month => {
                let field = row.field(MONTH)?;
                let month = entry::month(&field.value);
                if month.is_none() {
                    field.problem = Some("Skriv måned og år, for eksempel 10.2026.".to_owned());
                }
                month.map(|month| month.period().into())
            }
            Days::AskedFirst => row.day(FIRST).ok()?.map(Validity::from_day),
            Days::Asked => {
                let (first, last) = (row.day(FIRST), row.day(LAST));
                let valid = Validity::new(first.ok()??, last.ok()?).ok();
                if valid.is_none()
                    && let Some(field) = row.field(LAST)
                {
                    field.problem = Some("Sidste dag ligger før første dag.".to_owned());
                }
                valid
            }
        }
    }

    fn read_attributes(self, row: &mut RowForm, received: Day) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        if let Some(name) = &self.page.received {
            attributes.push(Attribute::new(name, Scalar::Day(received)));
        }
        for question in &self.page.questions {
            let rule = self.fact.attribute(&question.attribute);
            if let Some((rule, party)) = rule.and_then(|rule| Some((rule, self.given(rule)?))) {
                attributes.push(Attribute::new(&rule.name, party));
            }
        }
        let is_attribute = |field: &&mut Field| self.fact.attribute(&field.attribute).is_some();
        for field in row.fields.iter_mut().filter(is_attribute) {
            match field.read().and_then(|written| value(written, field.kind)) {
                Ok(value) => {
                    attributes.extend(value.map(|value| Attribute::new(&field.attribute, value)));
                }
                Err(problem) => field.problem = Some(problem),
            }
        }
        attributes
    }

    /// What was answered, to be looked over. A row for each fact.
    pub(super) fn summary(self, page: &QuestionPage) -> Vec<Vec<Pair>> {
        let rows = page.rows.iter().filter(|row| !(self.page.repeated && row.is_blank));
        rows.map(|row| row.fields.iter().map(|field| self.pair(field)).collect()).collect()
    }

    fn pair(self, field: &Field) -> Pair {
        let rule = self.fact.attribute(&field.attribute);
        let value = match rule {
            Some(rule) if rule.kind == ScalarKind::Who => {
                self.cast.name_of(&field.value).unwrap_or_default().to_owned()
            }
            Some(rule) => shown(&field.value, rule),
            None => field.value.clone(),
        };
        let value = if value.is_empty() { "Ikke udfyldt".to_owned() } else { value };
        Pair { name: field.title.clone(), value }
    }
}

/// The question's own words, and its help before the hint of how to write.
fn worded(field: Field, question: &Question) -> Field {
    let title = question.ask.clone().unwrap_or_else(|| field.title.clone());
    let hint = match &question.help {
        Some(help) => format!("{help} {}", field.hint).trim().to_owned(),
        None => field.hint.clone(),
    };
    Field { title, hint, ..field }
}

fn value(written: Option<String>, kind: ScalarKind) -> Result<Option<Scalar>, String> {
    written.map(|text| table::read_value(&text, kind)).transpose()
}

/// The field says what to write instead.
struct NotADay;

impl QuestionPage {
    /// What is wrong, with the field it is about.
    pub(super) fn problems(&self) -> Vec<(String, String, String)> {
        let mut problems = Vec::new();
        for row in &self.rows {
            let whole = row.problem.iter();
            problems
                .extend(whole.map(|why| {
                    (format!("raekke-{}", row.number), self.title.clone(), why.clone())
                }));
            let at_fields = row.fields.iter().filter_map(|field| {
                Some((field.name.clone(), field.title.clone(), field.problem.clone()?))
            });
            problems.extend(at_fields);
        }
        problems
    }

    /// Whether it asks something that was not asked when it was sent.
    pub(super) fn asks_more_than(&self, typed: &Fields) -> bool {
        self.rows.iter().any(|row| {
            let seen = typed.get(&format!("r{}-vist", row.number));
            row.asked.split(' ').any(|asked| !seen.split(' ').any(|word| word == asked))
        })
    }
}

impl RowForm {
    /// Whether nothing was filled in beside the days, which may be given; or nothing at all, where only days
    /// are asked for.
    fn has_no_answer(&self) -> bool {
        let is_day = |field: &&Field| [MONTH, FIRST, LAST].contains(&field.attribute.as_str());
        let asks_more = !self.asked.is_empty();
        let mut counted = self.fields.iter().filter(|field| !(asks_more && is_day(field)));
        counted.all(|field| field.value.is_empty())
    }

    fn field(&mut self, attribute: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.attribute == attribute)
    }

    /// The day of a field; none where it may be left out and is.
    fn day(&mut self, attribute: &str) -> Result<Option<Day>, NotADay> {
        let Some(field) = self.field(attribute) else { return Ok(None) };
        if field.value.is_empty() && field.is_optional {
            return Ok(None);
        }
        let day = entry::day(&field.value);
        if day.is_none() {
            field.problem = Some(entry::expected(ScalarKind::Day).to_owned());
        }
        day.map(Some).ok_or(NotADay)
    }

    fn refuse(&mut self, refused: &Refused) {
        let problem = task_words::not_a_fact(refused);
        let field = refused.field.as_deref().and_then(|attribute| self.field(attribute));
        match field {
            Some(field) => field.problem = Some(problem),
            None => self.problem = Some(problem),
        }
    }
}

/// Where a page's answers are kept.
pub(super) fn key(place: usize) -> String {
    (place + 1).to_string()
}

/// What was typed on a page, row by row. A field that was not asked keeps what it had. The names of the fields
/// begin with a prefix, where several pages stand together.
pub(super) fn rows(typed: &Fields, prefix: &str, before: &[Row]) -> Vec<Row> {
    let mut rows = Vec::new();
    for number in 1..=ROWS_MAX {
        let prefix = format!("{prefix}r{number}-");
        let Some(seen) = typed.all(&format!("{prefix}vist")).next() else { break };
        let mut row = before.get(number - 1).cloned().unwrap_or_default();
        row.remove(SOURCE);
        for field in seen.split(' ').chain([MONTH, FIRST, LAST]).filter(|field| !field.is_empty()) {
            let text = typed.get(&format!("{prefix}{field}"));
            if text.is_empty() {
                row.remove(field);
            } else {
                row.insert(field.to_owned(), text.to_owned());
            }
        }
        rows.push(row);
    }
    rows
}
