//! An explanation as a person reads it, in plain Danish and columns.

use std::fmt::{self, Display, Formatter, Write as _};

use ydun_domain::benefit::{Attribute, Scalar, State, Step, Verdict};
use ydun_domain::{Period, Validity};

use super::{Answer, ExplainedCondition, ExplainedFact, ExplainedLine, Explanation};
use crate::clock::danish;
use crate::decisions::{Decision, Mark, Ruling, Status};

/// As wide as a letter and a terminal.
const WIDTH: usize = 92;
const LABEL: usize = 46;
const LAW: usize = 26;
const NO_BREAK: &str = "\u{a0}";

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

/// What is decided, and on a line of its own who put their names to it.
fn standing(decision: &Decision) -> String {
    let mark = |mark: &Mark| format!("af {} {}", mark.by, danish(mark.at).in_words());
    let ruling = match decision.basis.ruling {
        Ruling::Granted => format!("bevilling af {}", decision.total),
        Ruling::PartlyGranted => format!("delvis bevilling af {}", decision.total),
        Ruling::Refused => "afslag.".to_owned(),
    };
    let (what, then) = match &decision.status {
        Status::Proposed => ("Forslag", "venter på godkendelse".to_owned()),
        Status::Approved(by) => ("Afgørelse", format!("godkendt {}", mark(by))),
        Status::Rejected { mark: by, .. } => ("Afvist forslag", format!("afvist {}", mark(by))),
        Status::Superseded(by) => ("Tidligere afgørelse", format!("godkendt {}", mark(by))),
    };
    format!("{what}: {ruling}\nForeslået {}, {then}.", mark(&decision.proposed))
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
        if !self.note.is_empty() {
            paragraph(f, &list(&self.note))?;
        }
        if !self.missing.is_empty() {
            paragraph(f, &format!("mangler: {}", self.missing.join("; ")))?;
        }
        Ok(())
    }
}

impl Display for ExplainedLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let about = self.about.as_ref().map(|about| format!(" for {about}")).unwrap_or_default();
        heading(f, &format!("{}{about}, {}", self.title, period(self.period)))?;
        let own =
            self.reference.as_ref().map(|own| format!(", reference: {own}")).unwrap_or_default();
        writeln!(f, "  Til {}{own}", self.payee)?;
        self.steps.iter().try_for_each(|taken| step(f, taken))?;
        writeln!(f, "  {}", "─".repeat(WIDTH - 2))?;
        row(f, "Til udbetaling", "", &self.amount.to_string())
    }
}

fn step(f: &mut Formatter<'_>, step: &Step) -> fmt::Result {
    row(f, &step.label, &step.law, &step.value.to_string())?;
    if step.inputs.is_empty() {
        return Ok(());
    }
    paragraph(f, &format!("ud fra {}", list(&step.inputs)))
}

impl Display for ExplainedFact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {}, {}", self.title, self.about, validity(self.valid))?;
        if !self.attributes.is_empty() {
            paragraph(f, &list(&self.attributes))?;
        }
        write!(f, "      fra {}, kendt fra {}", self.source, self.known_from.in_words())?;
        match self.known_until {
            Some(until) => writeln!(f, ", rettet {}", until.in_words()),
            None => writeln!(f),
        }
    }
}

fn list(told: &[Attribute]) -> String {
    let one = |told: &Attribute| match &told.value {
        Scalar::Day(day) => format!("{}: {}", told.name, in_one(&day.in_words())),
        Scalar::Span(span) => format!("{}: {}", told.name, in_one(&validity(*span))),
        Scalar::Amount(amount) => format!("{}: {}", told.name, in_one(&amount.to_string())),
        value => format!("{}: {value}", told.name),
    };
    told.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Words that stay on one line.
fn in_one(words: &str) -> String {
    words.replace(' ', NO_BREAK)
}

fn heading(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    writeln!(f, "\n{text}\n{}", "─".repeat(WIDTH))
}

/// Label and law from the left, the figure to the right; what is too long takes lines of its own.
fn row(f: &mut Formatter<'_>, label: &str, law: &str, figure: &str) -> fmt::Result {
    let figure_room = WIDTH - LABEL - LAW - 4;
    let mut line = format!("  {label:LABEL$}");
    if label.chars().count() > LABEL {
        writeln!(f, "{line}")?;
        line = format!("  {:LABEL$}", "");
    }
    write!(line, " {law:LAW$}")?;
    if law.chars().count() > LAW && !figure.is_empty() {
        writeln!(f, "{line}")?;
        line = format!("  {:LABEL$} {:LAW$}", "", "");
    }
    write!(line, " {figure:>figure_room$}")?;
    writeln!(f, "{}", line.trim_end())
}

/// An indented paragraph, broken between words.
fn paragraph(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    const INDENT: &str = "      ";
    let mut lines = vec![INDENT.to_owned()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is a line from the start");
        if last == INDENT {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(format!("{INDENT}{word}"));
        }
    }
    writeln!(f, "{}", lines.join("\n").replace(NO_BREAK, " "))
}

/// `oktober 2020`, `5. oktober 2020`, `5.-11. oktober 2020`, or both days in full.
fn period(period: Period) -> String {
    let (first, last) = (period.first(), period.last());
    if first == last {
        first.in_words()
    } else if period == first.month().period() {
        first.month().in_words()
    } else if first.month() == last.month() {
        format!("{}.-{}", first.number(), last.in_words())
    } else {
        format!("{} til {}", first.in_words(), last.in_words())
    }
}

fn validity(valid: Validity) -> String {
    match valid.last() {
        Some(last) => Period::new(valid.first(), last).map_or_else(|_| valid.to_string(), period),
        None => format!("fra {}", valid.first().in_words()),
    }
}

#[cfg(test)]
mod tests {
    use ydun_domain::Dkk;
    use ydun_domain::ids::{CaseId, DecisionId, FactId, RunId};
    use ydun_runtime::Digest;

    use super::*;
    use crate::decisions::Basis;
    use crate::decisions::explain::{BenefitWords, RunHead};

    fn told(name: &str, value: Scalar) -> Attribute {
        Attribute::new(name, value)
    }

    fn decision() -> Decision {
        let at = "2020-11-02T09:00:00Z".parse().unwrap();
        let [artifact, dossier, outcome, digest] = [Digest::of(b""); 4];
        let basis = Basis {
            tenant: 561.try_into().unwrap(),
            case: CaseId::generate(),
            period: "2020-12-01..2020-12-31".parse().unwrap(),
            ruling: Ruling::Granted,
            artifact,
            dossier,
            outcome,
        };
        Decision {
            id: DecisionId::generate(),
            run: RunId::generate(),
            month_run: None,
            basis,
            lines: vec![],
            total: Dkk::from_kroner(1_900),
            digest,
            proposed: Mark { at, by: "abc".into() },
            status: Status::Approved(Mark { at, by: "def".into() }),
        }
    }

    fn explanation() -> Explanation {
        let condition = |label: &str, law: &str, state, facts: &[usize]| ExplainedCondition {
            label: label.into(),
            law: law.into(),
            state,
            note: vec![told("alder", Scalar::Integer(9))],
            facts: facts.to_vec(),
            missing: vec![],
        };
        let step = |label: &str, inputs: Vec<Attribute>, kroner| Step {
            id: label.into(),
            label: label.into(),
            law: "julehjælpsloven § 4".into(),
            inputs,
            value: Scalar::Amount(Dkk::from_kroner(kroner)),
        };
        let children = vec![
            told("sats", Scalar::Amount(Dkk::from_kroner(950))),
            told("børn under 18 år, der bor hjemme den første dag i måneden", Scalar::Integer(2)),
            told("lavest", Scalar::Amount(Dkk::from_kroner(100))),
        ];
        Explanation {
            case: "2020-00017".into(),
            benefit: "Julehjælp".into(),
            period: "2020-12-01..2020-12-31".parse().unwrap(),
            run: RunHead {
                id: RunId::generate(),
                artifact: Digest::of(b""),
                version: "1.0.0".into(),
                as_of: "2020-12-31".parse().unwrap(),
                known_at: "2020-11-02".parse().unwrap(),
            },
            decision: Some(decision()),
            answer: Answer::Outcome {
                verdict: Verdict::Granted,
                conditions: vec![
                    condition("Barnet er under 18 år", "§ 2", State::Met, &[1]),
                    condition(
                        "Barnet bor hos den, der søger om hjælp, på den første dag",
                        "§ 3",
                        State::NotAssessed,
                        &[],
                    ),
                ],
                lines: vec![ExplainedLine {
                    title: "Julehjælp".into(),
                    payee: "Bo Dam".into(),
                    payee_id: None,
                    about: None,
                    period: "2020-12-24..2020-12-26".parse().unwrap(),
                    amount: Dkk::from_kroner(1_900),
                    reference: Some("jul".into()),
                    steps: vec![
                        step("Sats pr. barn", vec![], 950),
                        step("Hjælp til to børn", children, 1_900),
                    ],
                }],
            },
            facts: vec![ExplainedFact {
                id: FactId::generate(),
                title: "Barn".into(),
                about: "Eva Dam".into(),
                valid: "2011-05-01..".parse().unwrap(),
                attributes: vec![told("født", Scalar::Day("2011-05-01".parse().unwrap()))],
                source: "ansøgning".into(),
                known_from: "2020-11-01".parse().unwrap(),
                known_until: Some("2020-12-02".parse().unwrap()),
            }],
            words: BenefitWords::default(),
        }
    }

    #[test]
    fn days_are_told_no_longer_than_needed() {
        let check = |days: &str, told: &str| assert_eq!(period(days.parse().unwrap()), told);
        check("2026-03-10..2026-03-10", "10. marts 2026");
        check("2026-03-01..2026-03-31", "marts 2026");
        check("2026-03-10..2026-03-11", "10.-11. marts 2026");
        check("2026-03-10..2026-04-10", "10. marts 2026 til 10. april 2026");
    }

    #[test]
    fn a_person_can_follow_the_amount_back_to_the_facts() {
        insta::assert_snapshot!(explanation(), @r"
        Julehjælp 2020-00017, december 2020
        ════════════════════════════════════════════════════════════════════════════════════════════
        Afgørelse: bevilling af 1.900,00 kr.
        Foreslået af abc 2. november 2020, godkendt af def 2. november 2020.
        Beregnet med version 1.0.0 pr. 31. december 2020 ud fra det, der var kendt 2. november 2020.
        Reglernes svar: bevilges.

        Betingelser
        ────────────────────────────────────────────────────────────────────────────────────────────
          ✓ Barnet er under 18 år                        § 2                             oplysning 1
              alder: 9
          – Barnet bor hos den, der søger om hjælp, på den første dag
                                                         § 3
              alder: 9

        Julehjælp, 24.-26. december 2020
        ────────────────────────────────────────────────────────────────────────────────────────────
          Til Bo Dam, reference: jul
          Sats pr. barn                                  julehjælpsloven § 4              950,00 kr.
          Hjælp til to børn                              julehjælpsloven § 4            1.900,00 kr.
              ud fra sats: 950,00 kr.; børn under 18 år, der bor hjemme den første dag i måneden: 2;
              lavest: 100,00 kr.
          ──────────────────────────────────────────────────────────────────────────────────────────
          Til udbetaling                                                                1.900,00 kr.

        Oplysninger
        ────────────────────────────────────────────────────────────────────────────────────────────
          1. Barn, Eva Dam, fra 1. maj 2011
              født: 1. maj 2011
              fra ansøgning, kendt fra 1. november 2020, rettet 2. december 2020
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        for line in explanation().to_string().lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }
}
