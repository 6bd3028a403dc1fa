//! Processes that die.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;

use ydun::payments::stop::{StopFile, Stopping};
use ydun::payments::{Answer, BankFormat, NotAnAnswer, Payment, PaymentFile};
use ydun::reports::{self, Item, ReportFile, ReportFormat};

/// Runs a process until it has said that it dies: then it is dropped where it waits.
pub(crate) async fn until_it_dies<F: Future>(dies: &Cell<bool>, process: F) -> Option<F::Output> {
    let mut process = pin!(process);
    poll_fn(|context| match process.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if dies.get() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// A format under which the process dies when half a file is written.
#[derive(Debug)]
pub(crate) struct DyingFormat<F>(F);

impl<F> DyingFormat<F> {
    pub(crate) fn new(format: F) -> Self {
        Self(format)
    }
}

/// Writes the first bytes, and no more.
fn half(to: &mut dyn io::Write) -> io::Result<()> {
    to.write_all(b"<Doc")?;
    to.flush()?;
    Err(io::Error::other("the process is killed"))
}

impl<F: BankFormat> BankFormat for DyingFormat<F> {
    fn extension(&self) -> &'static str {
        self.0.extension()
    }

    fn write(&self, _: &PaymentFile, _: &[Payment], to: &mut dyn io::Write) -> io::Result<()> {
        half(to)
    }

    fn stop_extension(&self) -> &'static str {
        self.0.stop_extension()
    }

    fn write_stops(&self, _: &StopFile, _: &[Stopping], to: &mut dyn io::Write) -> io::Result<()> {
        half(to)
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        self.0.read(answer)
    }
}

impl<F: ReportFormat> ReportFormat for DyingFormat<F> {
    fn write(&self, _: &ReportFile, _: &[Item], to: &mut dyn io::Write) -> io::Result<()> {
        half(to)
    }

    fn read(&self, answer: &[u8]) -> Result<reports::Answer, reports::NotAnAnswer> {
        self.0.read(answer)
    }
}
