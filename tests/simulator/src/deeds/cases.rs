//! Cases open and close; facts come late, out of order, and turn out to be wrong.

use anyhow::{Context as _, Result};
use rust_decimal::Decimal;
use ydun::access::Register;
use ydun::cases::service::{NewCase, close, open};
use ydun::facts::Content;
use ydun::facts::service::{FactError, correct, record};
use ydun::parties::service::register;
use ydun::tax::{self, Card, TaxCard};
use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Period, Validity};

use crate::people::{self, CaseFile, Granted, Letter, Newcomer, Week, small};
use crate::town::{APPRENTICES, PARENTS, WORKERS};
use crate::world::{World, first_month};

impl World<'_> {
    pub(crate) async fn open_case(&mut self) -> Result<String> {
        if self.cases.len() >= self.plan.cases {
            return Ok("nobody moves in any more".to_owned());
        }
        let (serial, today, last) = (self.cases.len(), self.today(), self.last_month());
        let benefit = if self.one_in(3) { PARENTS } else { APPRENTICES };
        let newcomer = match benefit {
            PARENTS => people::parent(serial, &mut self.dice)?,
            _ => people::apprentice(serial, today, last, &mut self.dice)?,
        };
        let case = self.enter(benefit, &newcomer).await?;
        self.write_down(serial, newcomer, case).await?;
        Ok(format!("case {serial}, {benefit}"))
    }

    async fn enter(&mut self, benefit: &'static str, newcomer: &Newcomer) -> Result<CaseFile> {
        let act = self.town.act::<Register>(WORKERS[0]).await?;
        let opened = self.today();
        let mut tx = self.town.db.begin().await?;
        let mut parties = std::collections::BTreeMap::new();
        for (role, party) in &newcomer.parties {
            let id = register(&mut tx, &act, party.clone()).await?.id;
            self.numbers.insert(id, crate::check::at_bank(&party.identity.for_payment()));
            parties.insert(*role, id);
        }
        let roles = parties.iter().map(|(role, party)| ((*role).to_owned(), *party)).collect();
        let new = NewCase { benefit: benefit.to_owned(), external_key: None, opened, roles };
        let id = open(&mut tx, &act, new).await?.id;
        tx.commit().await?;
        let first = first_month().max(opened.month());
        let (weeks, granted) = (std::collections::BTreeMap::new(), None);
        Ok(CaseFile { id, benefit, parties, first, is_open: true, weeks, granted })
    }

    /// What is told at once is written down; the rest is on its way, and may take a while.
    async fn write_down(
        &mut self,
        serial: usize,
        newcomer: Newcomer,
        case: CaseFile,
    ) -> Result<()> {
        let mut contents: Vec<Content> = newcomer
            .facts
            .iter()
            .map(|told| people::content(told, &case.parties))
            .collect::<Result<_>>()?;
        if case.benefit == PARENTS {
            let wage = 15_000 + i64::from(small(&mut self.dice, 15_000));
            let since = case.first.first();
            contents.extend(people::facts_of_parent(self.modules, &case.parties, since, wage)?);
        }
        let parties = case.parties.clone();
        self.cases.push(case);
        self.tell(&Letter { case: serial, contents }).await?;
        if let Some(parent) = parties.get("parent") {
            self.card(*parent).await?;
        }
        for (day, told) in newcomer.requests {
            let late = if self.one_in(4) { small(&mut self.dice, 90) } else { 0 };
            let contents = told.iter().map(|told| people::content(told, &parties));
            let letter = Letter { case: serial, contents: contents.collect::<Result<_>>()? };
            let comes = day.plus_days(late).max(self.today());
            self.letters.insert((comes, self.letters.len()), letter);
        }
        Ok(())
    }

    pub(crate) async fn mail_comes(&mut self) -> Result<String> {
        let today = self.today();
        let mut come = 0;
        while let Some(entry) = self.letters.first_entry() {
            if entry.key().0 > today {
                break;
            }
            let letter = entry.remove();
            if self.cases[letter.case].is_open {
                self.tell(&letter).await?;
                come += 1;
            }
        }
        Ok(format!("{come} letters"))
    }

    /// Writes the facts of a letter down: all of them or none.
    async fn tell(&mut self, letter: &Letter) -> Result<()> {
        let act = self.town.act::<Register>(WORKERS[0]).await?;
        let (modules, file) = (self.modules, &self.cases[letter.case]);
        let (case, manifest) = (file.id, &modules.benefits[file.benefit].manifest);
        let contents = letter.contents.clone();
        let recorded = self.change(async |tx| {
            let mut recorded = Vec::new();
            for content in &contents {
                let fact = record(tx, &act, manifest, case, content.clone(), "brev").await?;
                recorded.push(fact);
            }
            Ok::<_, FactError>(recorded)
        });
        let recorded = recorded.await??;
        let file = &mut self.cases[letter.case];
        for (fact, content) in recorded.into_iter().zip(&letter.contents) {
            if let Some((days, hours)) = people::hours_of(content) {
                file.weeks.insert(days.first(), Week { fact, days, hours });
            }
            if content.kind == "hours-granted" {
                file.granted = Some(Granted { fact, since: content.valid.first() });
            }
        }
        Ok(())
    }

    pub(crate) async fn close_case(&mut self) -> Result<String> {
        let Some(place) = self.any(self.cases.len()) else { return Ok("no case".to_owned()) };
        if !self.cases[place].is_open || !self.one_in(4) {
            return Ok("stays open".to_owned());
        }
        let act = self.town.act::<Register>(WORKERS[1]).await?;
        let (id, today) = (self.cases[place].id, self.today());
        self.change(async |tx| close(tx, &act, id, today).await).await??;
        self.cases[place].is_open = false;
        self.note("case closed");
        Ok(format!("case {place}"))
    }

    pub(crate) async fn correct_fact(&mut self) -> Result<String> {
        let Some(place) = self.any(self.cases.len()) else { return Ok("no case".to_owned()) };
        if !self.cases[place].is_open {
            return Ok("the case is closed".to_owned());
        }
        match self.cases[place].granted {
            Some(granted) => self.correct_grant(place, granted).await,
            None => self.correct_week(place).await,
        }
    }

    async fn correct_week(&mut self, place: usize) -> Result<String> {
        let Some(week) = self.any(self.cases[place].weeks.len()) else {
            return Ok(format!("case {place} has told of no weeks"));
        };
        let (first, week) = self.cases[place].weeks.iter().nth(week).context("a week")?;
        let (first, week) = (*first, week.clone());
        // In tenths of an hour, at most the days' share of 37 hours.
        let most = u64::from(week.days.weekdays()) * 74;
        let hours = Decimal::new(i64::try_from(self.dice.roll(most + 1))?, 1);
        let about = self.cases[place].parties["apprentice"];
        let worked = Attribute::new("worked", Scalar::Number(hours));
        let content =
            fact("weekly-hours", about, Period::new(first, week.days.last())?.into(), worked);
        let fact = self.put_right(place, week.fact, content).await?;
        self.cases[place].weeks.insert(first, Week { fact, hours, ..week });
        Ok(format!("case {place}: {hours} hours in the week of {first}"))
    }

    /// The hours of a parent are others from the beginning, which touches every month there is.
    async fn correct_grant(&mut self, place: usize, granted: Granted) -> Result<String> {
        let hours = Decimal::from(1 + small(&mut self.dice, 37));
        let about = self.cases[place].parties["parent"];
        let told = Attribute::new("weekly-hours", Scalar::Number(hours));
        let content = fact("hours-granted", about, Validity::from_day(granted.since), told);
        let fact = self.put_right(place, granted.fact, content).await?;
        self.cases[place].granted = Some(Granted { fact, ..granted });
        Ok(format!("case {place}: {hours} hours granted"))
    }

    async fn put_right(
        &mut self,
        place: usize,
        wrong: ydun_domain::ids::FactId,
        content: Content,
    ) -> Result<ydun_domain::ids::FactId> {
        let worker = self.worker();
        let act = self.town.act::<Register>(worker).await?;
        let (modules, file) = (self.modules, &self.cases[place]);
        let (case, manifest) = (file.id, &modules.benefits[file.benefit].manifest);
        self.note("fact corrected");
        self.corrected.insert((case, self.today().year()));
        Ok(self
            .change(async |tx| {
                correct(tx, &act, manifest, (case, wrong), content.clone(), "ret").await
            })
            .await??)
    }

    pub(crate) async fn new_card(&mut self) -> Result<String> {
        let parents: Vec<PartyId> =
            self.cases.iter().filter_map(|file| file.parties.get("parent").copied()).collect();
        let Some(place) = self.any(parents.len()) else { return Ok("no parent".to_owned()) };
        self.card(parents[place]).await?;
        Ok(format!("parent {place}"))
    }

    async fn card(&mut self, party: PartyId) -> Result<()> {
        let percent = 30 + u8::try_from(self.dice.roll(25))?;
        let kroner = i64::try_from(self.dice.roll(6_000))?;
        let card = match self.dice.roll(3) {
            0 => Card::Secondary { percent },
            _ => Card::Main { percent, allowance: Dkk::from_kroner(kroner) },
        };
        let (known_from, source) = (self.today(), "eIndkomst".to_owned());
        let valid = Validity::from_day(known_from);
        let card = TaxCard { party, card, valid, known_from, source };
        let act = self.town.act::<Register>(WORKERS[0]).await?;
        self.change(async |tx| tax::service::record(tx, &act, vec![card.clone()]).await).await??;
        Ok(())
    }
}

fn fact(kind: &str, about: PartyId, valid: Validity, told: Attribute) -> Content {
    Content { kind: kind.to_owned(), about, valid, attributes: vec![told] }
}
