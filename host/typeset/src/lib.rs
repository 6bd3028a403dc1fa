//! Letters as paper: a typed letter becomes a PDF that a screen reader can read and an archive can keep,
//! and a plain text.
//!
//! Nothing here knows a case or a database. [`Letter`] says what a letter says, `letter.typ` how it
//! looks. The same letter gives the same bytes, so what was sent can be made again and compared.
//!
//! To add a kind of block: a variant of [`Block`], its look in `letter.typ`, its text in `text.rs`.

mod fonts;
mod letter;
mod press;
mod text;

pub use fonts::NoFonts;
pub use letter::{
    Block, Colour, Column, Entry, Letter, Logo, NotAColour, Print, Sender, Signature, Step, Table,
    tied,
};
pub use press::{NotSet, Press};
