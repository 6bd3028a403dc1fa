//! Reading the order file, pain.001.001.03, with hard limits.
//!
//! [`read`] answers for the form: every element that the bank works with is there once and can be read.
//! Whether the content is right is the business of `rules`.

mod draft;
mod walk;

use chrono::NaiveDate;

use self::draft::Draft;
pub(crate) use self::walk::{Take, walk};
use super::amounts::Written;
use super::answers::Reason;

const MESSAGE: &str = "pain.001.001.03";
const LARGEST_FILE_BYTES: usize = 200 * 1024 * 1024;

/// A file of payment orders whose form is right.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) message_id: String,
    pub(crate) totals: Totals,
    pub(crate) blocks: Vec<Block>,
}

/// What a header says of what it stands over. Only the file's header has to count.
#[derive(Debug)]
pub(crate) struct Totals {
    pub(crate) count: Option<usize>,
    pub(crate) sum: Option<Written>,
}

/// Payments from one account on one day.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) id: String,
    pub(crate) totals: Totals,
    pub(crate) method: String,
    pub(crate) execution_day: NaiveDate,
    pub(crate) payer: String,
    pub(crate) payer_currency: Option<String>,
    pub(crate) transfers: Vec<Transfer>,
}

#[derive(Debug)]
pub(crate) struct Transfer {
    pub(crate) instruction_id: Option<String>,
    pub(crate) end_to_end_id: String,
    pub(crate) amount: Written,
    pub(crate) currency: String,
    /// Every number that the order has for the payee, in the order of the file.
    pub(crate) payees: Vec<PayeeNumber>,
    /// The first character, if any, that no Latin alphabet has.
    pub(crate) foreign: Option<char>,
}

/// A number and where it stood.
#[derive(Debug)]
pub(crate) struct PayeeNumber {
    pub(crate) place: Place,
    pub(crate) number: String,
    /// The text of `SchmeNm/Cd` or `SchmeNm/Prtry`.
    pub(crate) scheme: Option<Scheme>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `CdtrAcct/Id/IBAN`
    Iban,
    /// `CdtrAcct/Id/Othr`
    Account,
    /// `Cdtr/Id/PrvtId/Othr`
    Person,
    /// `Cdtr/Id/OrgId/Othr`
    Organisation,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Code(String),
    Proprietary(String),
}

/// The file is refused as a whole; the message id is there when it could be read.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) message_id: Option<String>,
    pub(crate) reason: Reason,
}

/// Reads a file of payment orders.
pub(crate) fn read(bytes: &[u8]) -> Result<Order, Unread> {
    let mut draft = Draft::default();
    let order = text_of(bytes).and_then(|xml| walk(xml, MESSAGE, &mut draft));
    let usable = |id: &String| draft::check_id("MsgId", id).is_ok();
    let message_id = draft.message_id.clone().filter(usable);
    order.and_then(|()| draft.finish()).map_err(|reason| Unread { message_id, reason })
}

/// The file as text: UTF-8 and not too large.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, Reason> {
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(bad_format("Filen er større end 200 MiB; del den i flere filer"));
    }
    let text = str::from_utf8(bytes).map_err(|_| bad_format("Filen er ikke skrevet i UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// How much of a file has to be read to know what to answer.
pub(crate) const READ_BYTES: u64 = LARGEST_FILE_BYTES as u64 + 1;

/// ISO 20022: the file's format is wrong.
fn bad_format(text: &str) -> Reason {
    Reason::new("FF01", text)
}
