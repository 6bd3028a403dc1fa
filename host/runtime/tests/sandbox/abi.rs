//! Writes an outcome the way a module's memory holds it (the canonical ABI).

use ydun_domain::benefit::{
    Attribute, Condition, Effect, Failure, Letter, Line, Need, Outcome, Question, Scalar, Step,
    Task,
};
use ydun_domain::{Day, Period, Validity};

/// Where the answer lies in the module's memory.
pub(crate) const BASE: u32 = 1024;

/// Where things are in an answer that is an outcome.
pub(crate) const VERDICT: usize = 4;
pub(crate) const LINES: usize = 16;
pub(crate) const STEPS: usize = 24;
/// Within a line: the byte that says whether `about` is there.
pub(crate) const LINE_ABOUT: usize = 16;
pub(crate) const LINE_PERIOD: usize = 28;
pub(crate) const LINE_AMOUNT: usize = 40;
/// Within a step: the value's kind, and the value.
pub(crate) const STEP_KIND: usize = 32;
pub(crate) const STEP_VALUE: usize = 40;

/// The bytes from [`BASE`] on; the answer itself comes first.
pub(crate) fn answer(answer: &Result<Outcome, Failure>) -> Vec<u8> {
    let mut memory = Memory::default();
    let at = memory.reserve(56, 8);
    match answer {
        Ok(outcome) => memory.outcome(at + 4, outcome),
        Err(failure) => {
            memory.byte(at, 1);
            let (case, text) = match failure {
                Failure::MissingRate(text) => (0, text),
                Failure::Unsupported(text) => (1, text),
                Failure::Contradiction(text) => (2, text),
            };
            memory.byte(at + 4, case);
            memory.text(at + 8, text);
        }
    }
    memory.0
}

/// Where in the bytes the rows of a list, or the letters of a text, begin.
pub(crate) fn pointer(answer: &[u8], at: usize) -> usize {
    let address = u32::from_le_bytes(answer[at..at + 4].try_into().unwrap());
    usize::try_from(address - BASE).unwrap()
}

/// Addresses are those in the module; the first byte here is at [`BASE`].
#[derive(Default)]
struct Memory(Vec<u8>);

impl Memory {
    fn reserve(&mut self, size: usize, align: usize) -> usize {
        let at = self.0.len().next_multiple_of(align);
        self.0.resize(at + size, 0);
        at
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn byte(&mut self, at: usize, value: u8) {
        self.write(at, &[value]);
    }

    /// A pointer and a length, in bytes or in rows.
    fn span(&mut self, at: usize, start: usize, length: usize) {
        self.write(at, &(BASE + u32::try_from(start).unwrap()).to_le_bytes());
        self.write(at + 4, &u32::try_from(length).unwrap().to_le_bytes());
    }

    fn text(&mut self, at: usize, text: &str) {
        let start = self.reserve(text.len(), 1);
        self.write(start, text.as_bytes());
        self.span(at, start, text.len());
    }

    fn optional_text(&mut self, at: usize, text: Option<&str>) {
        if let Some(text) = text {
            self.byte(at, 1);
            self.text(at + 4, text);
        }
    }

    fn list<T>(&mut self, at: usize, rows: &[T], size: usize, write: fn(&mut Self, usize, &T)) {
        let start = self.reserve(rows.len() * size, 8);
        for (index, row) in rows.iter().enumerate() {
            write(self, start + index * size, row);
        }
        self.span(at, start, rows.len());
    }

    fn texts(&mut self, at: usize, texts: &[String]) {
        self.list(at, texts, 8, |memory, at, text| memory.text(at, text));
    }

    fn day(&mut self, at: usize, day: Day) {
        self.write(at, &day.epoch_days().to_le_bytes());
    }

    fn period(&mut self, at: usize, period: Period) {
        self.day(at, period.first());
        self.day(at + 4, period.last());
    }

    fn validity(&mut self, at: usize, valid: Validity) {
        self.day(at, valid.first());
        if let Some(last) = valid.last() {
            self.byte(at + 4, 1);
            self.day(at + 8, last);
        }
    }

    fn scalar(&mut self, at: usize, value: &Scalar) {
        match value {
            Scalar::Flag(flag) => self.byte(at + 8, u8::from(*flag)),
            Scalar::Integer(integer) => {
                self.byte(at, 1);
                self.write(at + 8, &integer.to_le_bytes());
            }
            Scalar::Amount(amount) => {
                self.byte(at, 2);
                self.write(at + 8, &amount.oere().to_le_bytes());
            }
            Scalar::Day(day) => {
                self.byte(at, 4);
                self.day(at + 8, *day);
            }
            Scalar::Text(text) => {
                self.byte(at, 6);
                self.text(at + 8, text);
            }
            other => panic!("no module of these tests answers with a {}", other.kind()),
        }
    }

    fn attributes(&mut self, at: usize, attributes: &[Attribute]) {
        self.list(at, attributes, 32, |memory, at, attribute| {
            memory.text(at, &attribute.name);
            memory.scalar(at + 8, &attribute.value);
        });
    }

    fn outcome(&mut self, at: usize, outcome: &Outcome) {
        assert!(outcome.findings.is_empty(), "no module of these tests finds anything");
        self.byte(at, outcome.verdict as u8);
        self.list(at + 4, &outcome.conditions, 52, Self::condition);
        self.list(at + 12, &outcome.lines, 88, Self::line);
        self.list(at + 20, &outcome.steps, 56, Self::step);
        self.list(at + 28, &outcome.needs, 36, Self::need);
        self.list(at + 36, &outcome.effects, 64, Self::effect);
    }

    fn condition(&mut self, at: usize, condition: &Condition) {
        self.text(at, &condition.id);
        self.text(at + 8, &condition.label);
        self.text(at + 16, &condition.law);
        self.byte(at + 24, condition.state as u8);
        self.texts(at + 28, &condition.facts);
        self.texts(at + 36, &condition.missing);
        self.attributes(at + 44, &condition.note);
    }

    fn line(&mut self, at: usize, line: &Line) {
        self.text(at, &line.key);
        self.text(at + 8, &line.payee.0);
        self.optional_text(at + 16, line.about.as_ref().map(|party| party.0.as_str()));
        self.period(at + 28, line.period);
        self.write(at + 40, &line.amount.oere().to_le_bytes());
        self.text(at + 48, &line.posting);
        self.optional_text(at + 56, line.reference.as_deref());
        self.attributes(at + 68, &line.details);
        self.texts(at + 76, &line.steps);
    }

    fn step(&mut self, at: usize, step: &Step) {
        self.text(at, &step.id);
        self.text(at + 8, &step.label);
        self.text(at + 16, &step.law);
        self.attributes(at + 24, &step.inputs);
        self.scalar(at + 32, &step.value);
    }

    fn need(&mut self, at: usize, need: &Need) {
        self.text(at, &need.kind);
        self.text(at + 8, &need.about.0);
        self.validity(at + 16, need.valid);
        self.text(at + 28, &need.reason);
    }

    fn effect(&mut self, at: usize, effect: &Effect) {
        match effect {
            Effect::Letter(letter) => self.letter(at + 8, letter),
            Effect::Task(task) => {
                self.byte(at, 1);
                self.task(at + 8, task);
            }
            Effect::Claim(_) => panic!("no module of these tests claims anything"),
        }
    }

    fn letter(&mut self, at: usize, letter: &Letter) {
        self.text(at, &letter.key);
        self.text(at + 8, &letter.template);
        self.text(at + 16, &letter.recipient.0);
        self.attributes(at + 24, &letter.fields);
        self.texts(at + 32, &letter.steps);
    }

    fn task(&mut self, at: usize, task: &Task) {
        self.text(at, &task.key);
        self.text(at + 8, &task.queue);
        self.text(at + 16, &task.title);
        if let Some(due) = task.due {
            self.byte(at + 24, 1);
            self.day(at + 28, due);
        }
        self.attributes(at + 32, &task.attributes);
        self.list(at + 40, &task.questions, 36, Self::question);
    }

    fn question(&mut self, at: usize, question: &Question) {
        self.text(at, &question.kind);
        self.text(at + 8, &question.about.0);
        self.validity(at + 16, question.valid);
        self.attributes(at + 28, &question.given);
    }
}
