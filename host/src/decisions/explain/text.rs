//! An explanation as a person reads it, in plain Danish and columns.

use std::fmt::{self, Display, Formatter};

use ydun_domain::benefit::{Attribute, Scalar, State, Step, Verdict};
use ydun_domain::{Period, Validity};

use super::{Answer, ExplainedCondition, ExplainedFact, ExplainedLine, Explanation};
use crate::clock::danish;
use crate::decisions::{Decision, Mark, Status};

/// As wide as a letter and a terminal.
const WIDTH: usize = 92;
const LABEL: usize = 46;
const LAW: usize = 26;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}, {}", self.benefit, self.case, period(self.period))?;
        writeln!(f, "{}", "═".repeat(WIDTH))?;
        match &self.decision {
            Some(decision) => writeln!(f, "{}", standing(decision))?,
            None => writeln!(f, "Der er ikke truffet eller foreslået en afgørelse.")?,
        }
        writeln!(
            f,
            "Beregnet med version {} pr. {} ud fra det, der var kendt {}.",
            self.run.version,
            self.run.as_of.in_words(),
            self.run.known_at.in_words()
        )?;
        write!(f, "{}", self.answer)?;
        if !self.facts.is_empty() {
            heading(f, "Oplysninger")?;
        }
        for (place, fact) in self.facts.iter().enumerate() {
            write!(f, "{:>3}. {fact}", place + 1)?;
        }
        Ok(())
    }
}

/// `Bevilget 990,00 kr. Foreslået af abc 2. november 2020, godkendt af def 3. november 2020.`
fn standing(decision: &Decision) -> String {
    use crate::decisions::Ruling;
    let mark = |mark: &Mark| format!("af {} {}", mark.by, danish(mark.at).in_words());
    let ruling = match decision.basis.ruling {
        Ruling::Granted => format!("Bevilget: {}", decision.total),
        Ruling::PartlyGranted => format!("Delvist bevilget: {}", decision.total),
        Ruling::Refused => "Afslag".to_owned(),
    };
    let closed = match &decision.status {
        Status::Proposed => "venter på godkendelse".to_owned(),
        Status::Approved(by) => format!("godkendt {}", mark(by)),
        Status::Rejected { mark: by, .. } => format!("afvist {}", mark(by)),
        Status::Superseded(by) => format!("godkendt {} og siden afløst", mark(by)),
    };
    format!("{ruling}. Foreslået {}, {closed}.", mark(&decision.proposed))
}

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome { verdict, conditions, lines } => {
                writeln!(f, "Reglernes svar: {}.", verdict_in_words(*verdict))?;
                if !conditions.is_empty() {
                    heading(f, "Betingelser")?;
                }
                conditions.iter().try_for_each(|condition| write!(f, "{condition}"))?;
                lines.iter().try_for_each(|line| write!(f, "{line}"))
            }
            Self::Failure(failure) => writeln!(f, "Reglerne kunne ikke give et svar: {failure}."),
            Self::Fault { code, detail } => writeln!(f, "Beregningen fejlede ({code}): {detail}"),
        }
    }
}

fn verdict_in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Granted => "bevilges",
        Verdict::PartlyGranted => "bevilges delvist",
        Verdict::Refused => "afslag",
        Verdict::Incomplete => "der mangler oplysninger",
        Verdict::NeedsHuman => "et menneske skal vurdere",
    }
}

impl Display for ExplainedCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Met => "✓",
            State::NotMet => "✗",
            State::NeedsHuman => "?",
            State::NotAssessed => "–",
        };
        let facts: Vec<String> = self.facts.iter().map(ToString::to_string).collect();
        let facts = if facts.is_empty() {
            String::new()
        } else {
            format!("oplysning {}", facts.join(", "))
        };
        row(f, &format!("{state} {}", self.label), &self.law, &facts)?;
        for note in &self.note {
            writeln!(f, "      {}", told(note))?;
        }
        if !self.missing.is_empty() {
            writeln!(f, "      mangler: {}", self.missing.join(", "))?;
        }
        Ok(())
    }
}

impl Display for ExplainedLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let about = self.about.as_ref().map(|about| format!(" for {about}")).unwrap_or_default();
        heading(f, &format!("{}{about}, {}", self.title, period(self.period)))?;
        writeln!(
            f,
            "  til {}{}",
            self.payee,
            self.reference.as_ref().map(|own| format!(", {own}")).unwrap_or_default()
        )?;
        self.steps.iter().try_for_each(|taken| step(f, taken))?;
        writeln!(f, "  {}", "─".repeat(WIDTH - 2))?;
        row(f, "Til udbetaling", "", &self.amount.to_string())
    }
}

fn step(f: &mut Formatter<'_>, step: &Step) -> fmt::Result {
    row(f, &step.label, &step.law, &step.value.to_string())?;
    if !step.inputs.is_empty() {
        let inputs: Vec<String> = step.inputs.iter().map(told).collect();
        writeln!(f, "      af {}", inputs.join(", "))?;
    }
    Ok(())
}

impl Display for ExplainedFact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {}, {}", self.title, self.about, validity(self.valid))?;
        if !self.attributes.is_empty() {
            let attributes: Vec<String> = self.attributes.iter().map(told).collect();
            writeln!(f, "      {}", attributes.join(", "))?;
        }
        write!(f, "      fra {}, kendt fra {}", self.source, self.known_from.in_words())?;
        match self.known_until {
            Some(until) => writeln!(f, ", rettet {}", until.in_words()),
            None => writeln!(f),
        }
    }
}

fn told(told: &Attribute) -> String {
    let value = match &told.value {
        Scalar::Day(day) => day.in_words(),
        Scalar::Span(span) => validity(*span),
        value => value.to_string(),
    };
    format!("{} {value}", told.name)
}

fn heading(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    writeln!(f, "\n{text}\n{}", "─".repeat(WIDTH))
}

/// Label and law from the left, the figure to the right; what is too long takes a line of its own.
fn row(f: &mut Formatter<'_>, label: &str, law: &str, figure: &str) -> fmt::Result {
    let label = if label.chars().count() > LABEL {
        format!("{label}\n  {:LABEL$}", "")
    } else {
        format!("{label:LABEL$}")
    };
    let rest = WIDTH - LABEL - LAW - 3;
    let law = format!("{law:LAW$}");
    let room = rest.saturating_sub(law.chars().count().saturating_sub(LAW));
    let line = format!("  {label} {law}{figure:>room$}");
    writeln!(f, "{}", line.trim_end())
}

/// `oktober 2020`, or the days when they are no whole month.
fn period(period: Period) -> String {
    if period == period.first().month().period() {
        return period.first().month().in_words();
    }
    format!("{} til {}", period.first().in_words(), period.last().in_words())
}

fn validity(valid: Validity) -> String {
    match valid.last() {
        Some(last) if last == valid.first() => last.in_words(),
        Some(last) => Period::new(valid.first(), last).map_or_else(|_| valid.to_string(), period),
        None => format!("fra {}", valid.first().in_words()),
    }
}
