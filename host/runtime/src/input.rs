//! A dossier on its way into a module.

use ydun_domain::Period;
use ydun_domain::benefit::{Attribute, Dossier, Scalar};

use crate::fault::{Code, Fault};
use crate::limits::Limits;
use crate::v1::types;

/// A dossier in canonical order and in the shape that modules read.
///
/// It can be asked about any number of times, by different modules, without being copied again.
#[derive(Debug)]
pub struct Input {
    pub(crate) wire: types::Dossier,
    pub(crate) span: Period,
    pub(crate) rows: usize,
    bytes: usize,
    numbers_fit: bool,
}

impl From<Dossier> for Input {
    fn from(mut dossier: Dossier) -> Self {
        dossier.sort();
        Self::as_given(dossier)
    }
}

impl Input {
    /// Keeps the order of the rows. Only verification does, to see that the order does not matter.
    pub(crate) fn as_given(mut dossier: Dossier) -> Self {
        let size = Size::of(&dossier);
        if !size.numbers_fit {
            // The wall cannot carry them; `admit` refuses the whole.
            dossier = Dossier {
                facts: vec![],
                rates: vec![],
                settings: vec![],
                prior: vec![],
                ..dossier
            };
        }
        Self {
            span: dossier.span,
            rows: size.rows,
            bytes: size.bytes,
            numbers_fit: size.numbers_fit,
            wire: dossier.into(),
        }
    }

    /// Facts, rates, settings and earlier lines together.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Refuses what is too large before the module sees it.
    pub(crate) fn admit(&self, limits: &Limits) -> Result<(), Fault> {
        let refuse = |why: String| Err(Fault::new(Code::Input, why));
        if self.rows > limits.input_rows {
            return refuse(format!("{} rows, {} are allowed", self.rows, limits.input_rows));
        }
        if self.bytes > limits.input_bytes {
            return refuse(format!("{} bytes, {} are allowed", self.bytes, limits.input_bytes));
        }
        if !self.numbers_fit {
            return refuse("a number has more than 18 digits before the decimal point".into());
        }
        Ok(())
    }
}

/// What a dossier weighs in a module's memory.
struct Size {
    rows: usize,
    bytes: usize,
    numbers_fit: bool,
}

impl Size {
    fn of(dossier: &Dossier) -> Self {
        let Dossier { as_of: _, known_at: _, span: _, facts, rates, settings, prior } = dossier;
        let rows = facts.len() + rates.len() + settings.len() + prior.len();
        let mut size = Self { rows, bytes: rows * 64, numbers_fit: true };
        for fact in facts {
            size.texts(&[&fact.id, &fact.kind, &fact.about.0]);
            size.attributes(&fact.attributes);
        }
        for rate in rates {
            size.texts(&[&rate.key, &rate.source]);
            size.scalar(&rate.value);
        }
        size.attributes(settings);
        for line in prior {
            size.texts(&[&line.key, &line.payee.0, &line.posting]);
            size.attributes(&line.details);
            size.bytes += line.about.as_ref().map_or(0, |party| party.0.len());
            size.bytes += line.reference.as_ref().map_or(0, String::len);
            size.bytes += line.steps.iter().map(|step| 8 + step.len()).sum::<usize>();
        }
        size
    }

    fn texts(&mut self, texts: &[&String]) {
        self.bytes += texts.iter().map(|text| text.len()).sum::<usize>();
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.bytes += attribute.name.len();
            self.scalar(&attribute.value);
        }
    }

    fn scalar(&mut self, value: &Scalar) {
        self.bytes += 32;
        match value {
            Scalar::Text(text) | Scalar::Code(text) => self.bytes += text.len(),
            Scalar::Who(party) => self.bytes += party.0.len(),
            Scalar::Number(number) => {
                self.numbers_fit &= number.trunc().mantissa().unsigned_abs() < 10_u128.pow(18);
            }
            Scalar::Flag(_)
            | Scalar::Integer(_)
            | Scalar::Amount(_)
            | Scalar::Day(_)
            | Scalar::Span(_) => {}
        }
    }
}
