//! simbank: a bank of its own, to pay through on one machine.
//!
//! It reads payment orders (ISO 20022 pain.001.001.03) and requests to stop them (camt.055.001.09),
//! checks them as a bank would, keeps books and answers (pain.002.001.03, camt.029.001.10). It tells what
//! moves on the payers' accounts (camt.054.001.02, camt.053.001.02). The day is told to it; it has no
//! clock. Payments go to NemKonto by CPR, CVR, SE or P number, or to an account. No money moves.
//!
//! To add a check: `orders` for the form of the file, `rules` for what the bank asks of the content.

mod account;
mod amounts;
mod answers;
mod bank_days;
mod books;
mod delivery;
mod folder;
mod orders;
mod payees;
mod rules;
mod schema;
mod script;
mod statement;
mod stops;
mod xml;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

pub use self::amounts::Oere;
pub use self::answers::{Answer, GroupStatus};
pub use self::bank_days::is_bank_day;
pub use self::books::BooksError;
pub use self::delivery::{Delivery, Message};
pub use self::folder::{FolderError, work};
pub use self::payees::{BadPayee, Kind, Payee};
pub use self::schema::{Schema, SchemaError};
pub use self::script::{Script, ScriptError};
pub use self::statement::Statement;

use self::answers::{Block, Line, Reason};
use self::books::{Books, Money, Payment, ReceivedFile, State};
use self::orders::{Order, Unread};
use self::script::{Decision, Instruction, Later};
use self::stops::StopAnswer;

/// ISO 20022: seen before.
const DUPLICATE: &str = "AM05";
/// What ISO 20022 writes where an id could not be read.
const NO_ID: &str = "NOTPROVIDED";

/// The bank, with its books open.
#[derive(Debug)]
pub struct Simbank {
    books: Books,
    path: PathBuf,
    schema: Option<Schema>,
    script: Script,
}

impl Simbank {
    /// Opens the bank on its books; without a file it begins new ones. [`Simbank::save`] writes them.
    pub fn open(books: &Path) -> Result<Self, BooksError> {
        let path = books.to_owned();
        Ok(Self { books: Books::open(books)?, path, schema: None, script: Script::default() })
    }

    /// Checks every file against the schema of pain.001.001.03 too.
    pub fn with_schema(self, schema: Schema) -> Self {
        Self { schema: Some(schema), ..self }
    }

    pub fn with_script(self, script: Script) -> Self {
        Self { script, ..self }
    }

    pub fn save(&self) -> Result<(), BooksError> {
        self.books.save(&self.path)
    }

    /// Works on a file on a day: first what is due from before, then the file. Returns pain.002 documents.
    pub fn process(&mut self, file: &[u8], day: NaiveDate) -> Vec<Vec<u8>> {
        let mut answers = self.advance(day);
        answers.extend(self.receive(file, day));
        answers.iter().map(Answer::xml).collect()
    }

    /// Decides what was pending since an earlier day, and hands out the money whose day has come.
    pub fn advance(&mut self, day: NaiveDate) -> Vec<Answer> {
        self.books.advance(day)
    }

    /// Works for a day on new files, by name: settles what is due, answers, and tells what has moved on
    /// the accounts. Returns what reaches the senders on that day.
    pub fn work(&mut self, files: &[(String, Vec<u8>)], day: NaiveDate) -> Vec<Message> {
        let mut answers = self.advance(day);
        let mut others = self.told(day, Self::pending_stops);
        for (name, file) in files.iter().filter(|(_, file)| !stops::is_request(file)) {
            answers.extend(self.receive_named(name, file, day));
        }
        for (_, file) in files.iter().filter(|(_, file)| stops::is_request(file)) {
            others.extend(self.told(day, |bank, day| bank.stop(file, day).into_iter().collect()));
        }
        for report in self.books.account_reports(day) {
            let said = serde_json::to_string(&report).expect("a report is plain data");
            let id = self.books.next_id(report.day().max(day), &said);
            others.push(Message::new(id, |id| report.xml(id), report.summary()));
        }
        let answers = answers.iter().map(Answer::message).collect();
        self.books.held.deliver(answers, others, self.script.delivery(), day)
    }

    /// Answers to requests to stop, as messages.
    fn told(
        &mut self,
        day: NaiveDate,
        say: impl FnOnce(&mut Self, NaiveDate) -> Vec<StopAnswer>,
    ) -> Vec<Message> {
        let mut messages = Vec::new();
        for answer in say(self, day) {
            let said = serde_json::to_string(&answer).expect("an answer is plain data");
            let id = self.books.next_id(day, &said);
            messages.push(Message::new(id, |id| answer.xml(id, day), answer.summary()));
        }
        messages
    }

    fn pending_stops(&mut self, day: NaiveDate) -> Vec<StopAnswer> {
        self.books.decide_pending_stops(day)
    }

    /// Acts on a request to stop. The same content again changes nothing and is not answered again; what
    /// cannot be read stops nothing.
    fn stop(&mut self, file: &[u8], day: NaiveDate) -> Option<StopAnswer> {
        if !self.books.stops.digests.insert(digest_of(file)) {
            return None;
        }
        let request = stops::read(file).ok()?;
        let case_id = request.case_id.as_ref();
        let payments = request
            .payments
            .iter()
            .map(|id| (id.clone(), self.books.stop(id, day, case_id)))
            .collect();
        Some(StopAnswer { case_id: request.case_id.clone(), payments })
    }

    /// Answers a file. The same content again gets the same answers again, and nothing is paid.
    pub fn receive(&mut self, file: &[u8], day: NaiveDate) -> Vec<Answer> {
        self.answer(file, &digest_of(file), day)
    }

    /// The same for a file in a folder: one that lies there still is not answered again.
    fn receive_named(&mut self, name: &str, file: &[u8], day: NaiveDate) -> Vec<Answer> {
        let digest = digest_of(file);
        let answers = self.answer(file, &digest, day);
        let received = self.books.file_with(&digest).expect("every answered file is in the books");
        if received.names.insert(name.to_owned()) { answers } else { Vec::new() }
    }

    fn answer(&mut self, file: &[u8], digest: &str, day: NaiveDate) -> Vec<Answer> {
        match self.books.file_with(digest) {
            Some(known) => known.answers.clone(),
            None => vec![self.judge(file, digest, day)],
        }
    }

    /// What the payee has at its disposal.
    pub fn balance(&self, payee: &Payee) -> Oere {
        self.books.accounts.payees.get(payee).map_or(Oere::ZERO, |account| account.balance_oere)
    }

    /// What the payers have been debited: the sum of all accepted payments, settled or not.
    pub fn total_debited(&self) -> Oere {
        self.books.accounts.debited()
    }

    /// What all payees together have at their disposal.
    pub fn total_settled(&self) -> Oere {
        self.books.accounts.settled()
    }

    /// The figures of the books.
    pub fn statement(&self) -> Statement {
        Statement::of(&self.books)
    }

    fn judge(&mut self, file: &[u8], digest: &str, day: NaiveDate) -> Answer {
        let read = orders::read(file).and_then(|order| self.check(file, order));
        let message_id = match &read {
            Ok(order) => order.message_id.clone(),
            Err(unread) => unread.message_id.clone().unwrap_or_else(|| NO_ID.to_owned()),
        };
        let number = self.books.files.len();
        let received = ReceivedFile::new(message_id.clone(), digest.to_owned());
        self.books.files.push(received);
        let (reason, blocks) = match read {
            Ok(order) => (None, self.enter(order, number, day)),
            Err(unread) => (Some(unread.reason), Vec::new()),
        };
        let status = match reason {
            Some(_) => GroupStatus::Rejected,
            None => GroupStatus::of(blocks.iter().flat_map(|block| &block.lines)),
        };
        let answer =
            Answer { id: String::new(), day, to_message: message_id, status, reason, blocks };
        self.books.give(answer, number)
    }

    /// What speaks against the file as a whole.
    fn check(&self, file: &[u8], order: Order) -> Result<Order, Unread> {
        let refused = self.schema_complaint(file).or_else(|| {
            let used = self.books.knows_message(&order.message_id);
            used.then(|| {
                Reason::new(DUPLICATE, "MsgId er brugt før til en fil med et andet indhold")
            })
        });
        match refused.map_or_else(|| rules::check_totals(&order), Err) {
            Ok(()) => Ok(order),
            Err(reason) => Err(Unread { message_id: Some(order.message_id), reason }),
        }
    }

    fn schema_complaint(&self, file: &[u8]) -> Option<Reason> {
        let text = orders::text_of(file).ok()?;
        let complaint = self.schema.as_ref()?.complaint(text)?;
        Some(Reason::new("FF01", &format!("Filen følger ikke skemaet: {complaint}")))
    }

    fn enter(&mut self, order: Order, file: usize, day: NaiveDate) -> Vec<Block> {
        order.blocks.into_iter().map(|block| self.enter_block(block, file, day)).collect()
    }

    fn enter_block(&mut self, block: orders::Block, file: usize, day: NaiveDate) -> Block {
        let standing = rules::check_block(&block, day);
        let mut lines = Vec::with_capacity(block.transfers.len());
        for transfer in &block.transfers {
            let (state, later) = self.decide(&block, transfer, standing.clone(), day);
            lines.push(Line {
                instruction_id: transfer.instruction_id.clone(),
                end_to_end_id: transfer.end_to_end_id.clone(),
                amount_oere: state.amount(),
                status: state.status(),
            });
            // An id that was there before keeps its first payment.
            let id = &transfer.end_to_end_id;
            if !self.books.payments.contains_key(id) {
                let payment = Payment { file, execution_day: block.execution_day, later, state };
                self.books.payments.insert(id.clone(), payment);
                self.books.record_if_settled(id, day);
            }
        }
        Block { status: GroupStatus::of(lines.iter()), id: block.id, lines }
    }

    /// Pays, waits or refuses. `standing` is what the block as a whole has against it.
    fn decide(
        &mut self,
        block: &orders::Block,
        transfer: &orders::Transfer,
        standing: Result<(), Reason>,
        day: NaiveDate,
    ) -> (State, Later) {
        let id = &transfer.end_to_end_id;
        let refused = |reason| {
            let payee = rules::payee_of(transfer).ok();
            let amount_oere = transfer.amount.oere();
            (State::Rejected { payee, amount_oere, reason }, Later::default())
        };
        if self.books.payments.contains_key(id) {
            return refused(Reason::new(DUPLICATE, "EndToEndId er brugt før"));
        }
        let (payee, amount_oere) = match standing.and_then(|()| rules::check_transfer(transfer)) {
            Ok(right) => right,
            Err(reason) => return refused(reason),
        };
        let (instruction, later) = self.script.for_payment(id, &payee);
        let money = Money { payer: block.payer.clone(), payee, amount_oere };
        match instruction {
            Instruction::Now(Decision::Accept) => {
                (self.books.accounts.accept(money, block.execution_day, day), later)
            }
            Instruction::Now(Decision::Reject(reason)) => refused(reason),
            Instruction::Later(then) => (State::Pending { money, since: day, then }, later),
        }
    }
}

fn digest_of(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}
