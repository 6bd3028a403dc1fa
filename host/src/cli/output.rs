//! Answers on the terminal: for people, or JSON for programs.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    Json,
}

impl Output {
    /// Writes an answer: `text` makes the version for people.
    pub(crate) fn answer<T: Serialize>(
        self,
        answer: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        match self {
            Self::Text => println!("{}", text(answer).trim_end()),
            Self::Json => println!("{}", serde_json::to_string_pretty(answer)?),
        }
        Ok(())
    }

    /// A counter on the terminal; nothing where a program reads.
    pub(crate) fn progress(self, of_what: &'static str) -> ProgressBar {
        match self {
            Self::Json => ProgressBar::hidden(),
            Self::Text => ProgressBar::new_spinner()
                .with_style(style("{spinner} {human_pos} {msg} ({per_sec}, {elapsed})"))
                .with_message(of_what),
        }
    }

    /// A bar towards a known number.
    pub(crate) fn bar(self, of_what: &'static str, length: u64) -> ProgressBar {
        let bar = self.progress(of_what);
        if self == Self::Text {
            bar.set_style(style("{bar:30} {human_pos}/{human_len} {msg} ({elapsed}, igen {eta})"));
        }
        bar.set_length(length);
        bar
    }
}

fn style(template: &'static str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates of this file are right")
}

/// Rows in columns: words flush left, numbers flush right.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let columns: Vec<Column> = (0..head.len()).map(|at| Column::of(head, rows, at)).collect();
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> =
            columns.iter().zip(cells).map(|(column, cell)| column.pad(cell)).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = columns.iter().map(|column| "─".repeat(column.width)).collect();
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    [line(head.to_vec()), rule.join("  ")].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

struct Column {
    width: usize,
    is_numeric: bool,
}

impl Column {
    fn of(head: &[&str], rows: &[Vec<String>], at: usize) -> Self {
        let cells = || rows.iter().map(|row| row[at].as_str());
        let width = cells().chain([head[at]]).map(|cell| cell.chars().count()).max();
        let filled: Vec<&str> = cells().filter(|cell| !cell.is_empty()).collect();
        Self {
            width: width.unwrap_or_default(),
            is_numeric: !filled.is_empty() && filled.into_iter().all(is_number),
        }
    }

    fn pad(&self, cell: &str) -> String {
        let width = self.width;
        if self.is_numeric { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
    }
}

/// `17`, `-1.234,50 kr.`
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_suffix(" kr.").unwrap_or(cell);
    digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_flush_right_and_words_left() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["2020-fil", "17", "12,50 kr."]),
            row(["Bo", "4", "-1.012,50 kr."]),
            row(["I alt", "", "-1.000,00 kr."]),
        ];
        insta::assert_snapshot!(table(&["Navn", "Sager", "Beløb"], &rows), @r"
        Navn      Sager          Beløb
        ────────  ─────  ─────────────
        2020-fil     17      12,50 kr.
        Bo            4  -1.012,50 kr.
        I alt            -1.000,00 kr.
        ");
    }
}
