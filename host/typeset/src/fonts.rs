//! The typefaces of letters, built into the program.
//!
//! They come by npm with `cargo xtask assets`, as what the pages are made of does.

use typst::foundations::Bytes;
use typst::text::Font;

static FILES: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// The program was built before the fonts were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this program was built without fonts and can set no letter; run `cargo xtask assets` and build again"
)]
pub struct NoFonts;

pub(crate) fn built_in() -> Result<Vec<Font>, NoFonts> {
    let fonts: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    if fonts.is_empty() { Err(NoFonts) } else { Ok(fonts) }
}
