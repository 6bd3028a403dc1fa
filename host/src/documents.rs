//! What people send in with a case: bills, declarations, pictures of them.
//!
//! The bytes are kept once, by their digest. What they are is read from themselves: neither the file's name nor
//! what the browser says of it counts. Only kinds that any colleague can open, and that run nothing, are taken.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use ydun_domain::ids::DocumentId;

use crate::words::words;

pub use service::NotTaken;

/// The longest that is taken, in bytes.
pub const LENGTH_MAX: usize = 10 << 20;

words! {
    /// What the bytes are.
    Media("kind of document") {
        Pdf = "pdf",
        Jpeg = "jpeg",
        Png = "png",
    }

    /// By which way it came.
    Origin("way a document came") {
        /// A citizen or a company sent it in self-service.
        SelfService = "self-service",
    }
}

/// A document without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Document {
    pub id: DocumentId,
    /// As who sent it calls it.
    pub title: String,
    #[sqlx(try_from = "String")]
    pub media: Media,
    /// In bytes.
    pub length: i64,
    #[sqlx(try_from = "String")]
    pub origin: Origin,
    pub received_at: DateTime<Utc>,
}

impl Media {
    /// What some bytes are, by the signs they begin with.
    pub fn recognise(content: &[u8]) -> Option<Self> {
        const SIGNS: [(&[u8], Media); 3] = [
            (b"%PDF-", Media::Pdf),
            (&[0xFF, 0xD8, 0xFF], Media::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Media::Png),
        ];
        let found = SIGNS.iter().find(|(signs, _)| content.starts_with(signs));
        found.map(|(_, media)| *media)
    }

    /// As the web calls it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}
