//! Letters set in a second by one thread: each another case, another amount and other days.

use std::time::Instant;

use anyhow::{Result, ensure};
use ydun_domain::{Day, Dkk};
use ydun_typeset::{
    Block, Colour, Column, Entry, Letter, Press, Print, Sender, Signature, Step, Table, tied,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, default_value_t = 1_000)]
    letters: u32,
}

pub(crate) fn measure(arguments: &Arguments) -> Result<()> {
    ensure!(arguments.letters > 0, "no letters are nothing to measure; give --letters 1000");
    let started = Instant::now();
    let press = Press::new()?;
    press.pdf(&letter(0), Print::Normal)?;
    println!("the first letter: {} ms", started.elapsed().as_millis());

    let started = Instant::now();
    let mut bytes = 0;
    for number in 1..=arguments.letters {
        bytes += press.pdf(&letter(number), Print::Normal)?.len();
    }
    let micros = started.elapsed().as_micros().max(1);
    let letters = u128::from(arguments.letters);
    println!("{} letters a second on one thread", letters * 1_000_000 / micros);
    println!("{} kB each", bytes as u128 / letters / 1_000);
    Ok(())
}

/// A decision of two pages, as long as most are.
fn letter(number: u32) -> Letter {
    let amount = tied(&Dkk::from_oere(700_000 + i64::from(number)).to_string());
    let case_number = format!("2020-{number:05}");
    let steps = (40..=44).map(|week| Step {
        label: format!("Timer med tilskud i uge {week}"),
        law: tied("LAB § 159"),
        given: vec![Entry::new("arbejdet", "37"), Entry::new("loft", "37")],
        value: "37".to_owned(),
    });
    let conditions = (0..12).map(|place| {
        let label = format!("Betingelse nummer {place} i sag {case_number} er opfyldt");
        [label, tied("LAB § 154, stk. 1"), "opfyldt".to_owned()]
    });
    let columns = [Column::words("Betingelse"), Column::words("Regel"), Column::words("Svar")];
    Letter {
        id: case_number.clone(),
        sender: Sender {
            municipality: "Prøvekøbing Kommune".to_owned(),
            contact: vec!["Ydelsescentret".to_owned(), "Telefon 99 99 99 99".to_owned()],
            colour: Colour::default(),
            logo: None,
        },
        date: Day::new(2020, 11, 16).plus_days(number % 300),
        title: "I får tilskud til jeres voksenlærling".to_owned(),
        blocks: vec![
            Block::Paragraph(format!("Vi har besluttet, at I får {amount} i sag {case_number}.")),
            Block::Summary(vec![Entry::new("I får", amount)]),
            Block::Table(Table::new(columns, conditions.collect(), None)),
            Block::Heading("Sådan har vi regnet".to_owned()),
            Block::Steps(steps.collect()),
        ],
        signature: Signature { lines: vec!["Prøvekøbing Kommune".to_owned()] },
        case_number,
    }
}
