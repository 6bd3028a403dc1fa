//! What letters are written on: the municipality's head, and the press they are set with.

use std::sync::Arc;

use ydun_typeset::{Letter, NoFonts, NotSet, Press, Print, Sender};

/// Made once and shared by all who write.
#[derive(Clone, Debug)]
pub struct Stationery {
    pub sender: Sender,
    press: Arc<Result<Press, NoFonts>>,
}

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPdf {
    #[error(transparent)]
    NoFonts(#[from] NoFonts),
    #[error(transparent)]
    NotSet(#[from] NotSet),
}

impl Stationery {
    pub fn new(sender: Sender) -> Self {
        Self { sender, press: Arc::new(Press::new()) }
    }

    /// Setting takes a while: ask for it where waiting is allowed.
    pub fn pdf(&self, letter: &Letter, print: Print) -> Result<Vec<u8>, NoPdf> {
        let press = self.press.as_ref().as_ref().map_err(|none| *none)?;
        Ok(press.pdf(letter, print)?)
    }
}
