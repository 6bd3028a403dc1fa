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
    pub(crate) fn answer<T: Serialize>(self, answer: &T, text: impl FnOnce(&T) -> String) -> Result<()> {
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

/// Rows in columns, the last of them flush left, numbers flush right.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let is_numeric = |column: usize| {
        !rows.is_empty() && rows.iter().all(|row| row[column].starts_with(|c: char| c.is_ascii_digit() || c == '-'))
    };
    let right: Vec<bool> = (0..head.len()).map(is_numeric).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            if right[column] { format!("{cell:>0$}", widths[column]) } else { format!("{cell:<0$}", widths[column]) }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let rule = widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join("  ");
    let body = rows.iter().map(|row| line(row));
    [line(&head), rule].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_flush_right_and_words_left() {
        let rows = [vec!["Anna".into(), "12,50".into()], vec!["Bo".into(), "1.012,50".into()]];
        insta::assert_snapshot!(table(&["Navn", "Beløb"], &rows), @r"
        Navn     Beløb
        ────  ────────
        Anna     12,50
        Bo    1.012,50
        ");
    }
}
