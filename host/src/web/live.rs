//! Telling a page that what it shows has moved, by server-sent events.
//!
//! What is told is a mark of the rows and nothing of what is in them: the page then asks for itself anew, as its
//! reader. The rows are asked every other second, so it makes no difference which process does the work, and
//! a browser whose server was started again connects by itself and goes on.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::sleep;

use super::desk::Desk;
use crate::access::Look;
use crate::operations::progress::work;

const PAUSE: Duration = Duration::from_secs(2);

/// Whether the server is about to end: then the streams end too, as it waits for them.
#[derive(Clone, Debug)]
pub(super) struct Closing(pub(super) watch::Receiver<bool>);

impl Closing {
    async fn comes(&mut self) {
        // Where the one who would say so is gone, nobody will.
        if self.0.wait_for(|closing| *closing).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

struct Watch {
    desk: Desk,
    closing: Option<Closing>,
    /// The mark that was told last.
    told: Option<String>,
}

/// Marks of the work under way, the first at once and then whenever something has moved.
///
/// It ends with the login, with the right to look, and with the server.
pub(super) fn marks(
    desk: Desk,
    closing: Option<Closing>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = Watch { desk, closing, told: None };
    let marks = unfold(watch, |mut watch| async move {
        let mark = watch.next().await?;
        let event = Event::default().event("flyttet").id(&mark).data(&mark);
        watch.told = Some(mark);
        Some((Ok(event), watch))
    });
    Sse::new(marks).keep_alive(KeepAlive::default())
}

impl Watch {
    /// The next mark that differs from what was told; none when the stream is at its end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.told.is_some() && self.pause().await.is_none() {
                return None;
            }
            let mark = self.mark().await?;
            if self.told.as_ref() != Some(&mark) {
                return Some(mark);
            }
        }
    }

    /// Waits a while; none when the server is about to end.
    async fn pause(&mut self) -> Option<()> {
        match &mut self.closing {
            None => sleep(PAUSE).await,
            Some(closing) => tokio::select! {
                () = sleep(PAUSE) => {}
                () = closing.comes() => return None,
            },
        }
        Some(())
    }

    async fn mark(&self) -> Option<String> {
        if !self.desk.is_logged_in().await.ok()? {
            return None;
        }
        let act = self.desk.may::<Look>().await.ok()?;
        let work = work(&mut self.desk.app.db.read().await.ok()?, &act).await;
        work.inspect_err(|error| tracing::error!("the work under way could not be read: {error}"))
            .ok()
            .map(|work| work.mark())
    }
}
