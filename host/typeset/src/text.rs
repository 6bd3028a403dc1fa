//! A letter as plain text, to be read in letters of one width: for a digital mailbox, a terminal and a test.

use std::fmt::{self, Display, Formatter};

use crate::letter::{Block, Column, Entry, Letter, Step, Table};

/// How wide the text is, in characters.
const WIDTH: usize = 72;

impl Display for Letter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.sender.municipality)?;
        writeln!(f, "Dato: {}", self.date.in_words())?;
        writeln!(f, "Sagsnummer: {}\n", self.case_number)?;
        paragraph(f, "", &self.title)?;
        writeln!(f, "{}", "=".repeat(WIDTH))?;
        for block in &self.blocks {
            writeln!(f)?;
            write!(f, "{block}")?;
        }
        writeln!(f, "\nVenlig hilsen\n")?;
        lines(f, &self.signature.lines)?;
        if !self.sender.contact.is_empty() {
            writeln!(f)?;
        }
        lines(f, &self.sender.contact)
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading(text) => {
                paragraph(f, "", text)?;
                writeln!(f, "{}", "-".repeat(WIDTH))
            }
            Self::Paragraph(text) => paragraph(f, "", text),
            Self::List(points) => points.iter().try_for_each(|point| hanging(f, "- ", point)),
            Self::Summary(entries) => entries.iter().try_for_each(|entry| summed_up(f, entry)),
            Self::Steps(steps) => steps.iter().try_for_each(|step| write!(f, "{step}")),
            Self::Table(table) => write!(f, "{table}"),
        }
    }
}

fn summed_up(f: &mut Formatter<'_>, entry: &Entry) -> fmt::Result {
    hanging(f, "* ", &format!("{}: {}", entry.label, entry.value))
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        apart(f, &self.label, &self.value)?;
        paragraph(f, "    ", &self.law)?;
        if self.given.is_empty() {
            return Ok(());
        }
        let told = |entry: &Entry| format!("{}: {}", entry.label, entry.value);
        let given: Vec<String> = self.given.iter().map(told).collect();
        paragraph(f, "    ", &given.join("; "))
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let titles: Vec<&str> = self.columns().iter().map(Column::title).collect();
        let rows = self.rows().iter().map(Vec::as_slice).chain(self.total());
        let widths: Vec<usize> = titles
            .iter()
            .enumerate()
            .map(|(column, title)| {
                let cells = rows.clone().map(|row| row[column].chars().count());
                cells.chain([title.chars().count()]).max().unwrap_or_default()
            })
            .collect();
        let mut write = |cells: Vec<&str>| writeln!(f, "{}", self.row(&cells, &widths));
        write(titles)?;
        for row in self.rows() {
            write(row.iter().map(String::as_str).collect())?;
        }
        match self.total() {
            Some(total) => write(total.iter().map(String::as_str).collect()),
            None => Ok(()),
        }
    }
}

impl Table {
    /// Words from the left of their column, figures to its right.
    fn row(&self, cells: &[&str], widths: &[usize]) -> String {
        let cell = |((cell, width), column): ((&&str, &usize), &Column)| {
            if column.has_figures() { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        };
        let cells: Vec<String> = cells.iter().zip(widths).zip(self.columns()).map(cell).collect();
        untied(cells.join("  ").trim_end())
    }
}

fn lines(f: &mut Formatter<'_>, lines: &[String]) -> fmt::Result {
    lines.iter().try_for_each(|line| writeln!(f, "{line}"))
}

/// In a text that is broken already, what is tied together need be so no longer.
fn untied(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// A label from the left and a figure to the right; on two lines where one has no room for both.
fn apart(f: &mut Formatter<'_>, label: &str, figure: &str) -> fmt::Result {
    let figure = untied(figure);
    let room = WIDTH.saturating_sub(label.chars().count());
    if figure.chars().count() < room {
        writeln!(f, "{label}{figure:>room$}")
    } else {
        paragraph(f, "", label)?;
        writeln!(f, "{figure:>WIDTH$}")
    }
}

/// A paragraph whose first line begins with a mark, and whose others stand below its text.
fn hanging(f: &mut Formatter<'_>, mark: &str, text: &str) -> fmt::Result {
    let indent = " ".repeat(mark.chars().count());
    for (place, line) in wrapped(text, WIDTH - indent.len()).enumerate() {
        writeln!(f, "{}{line}", if place == 0 { mark } else { &indent })?;
    }
    Ok(())
}

fn paragraph(f: &mut Formatter<'_>, indent: &str, text: &str) -> fmt::Result {
    wrapped(text, WIDTH - indent.len()).try_for_each(|line| writeln!(f, "{indent}{line}"))
}

/// The text in lines no wider than `width`, broken at blanks.
fn wrapped(text: &str, width: usize) -> impl Iterator<Item = String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is a first line");
        if last.is_empty() {
            word.clone_into(last);
        } else if last.chars().count() + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| untied(&line))
}
