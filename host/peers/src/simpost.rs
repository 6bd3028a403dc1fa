//! A postal service on one machine: takes letters from a folder and says what became of each.
//!
//! It looks at what the common services look at: that a file can be read, that the PDF is one, that
//! a printed letter has an address. A message that is handed over twice is carried once. What the real
//! services call the fates of a letter is not public, so the answers are in words of our own.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::{Deserialize, Serialize};

/// The largest message the digital mailbox takes, in bytes.
const MESSAGE_MAX: usize = 99_500_000;

/// Who cannot be reached, by the number a letter names its reader with.
#[derive(Clone, Debug, Default)]
pub struct Town {
    /// Exempt from Digital Post.
    pub exempt: BTreeSet<String>,
    /// No longer where their letters go.
    pub moved: BTreeSet<String>,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub message: String,
    /// Such as `2021-02-01`.
    pub on: String,
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Arrived,
    Failed(String),
}

/// A file is no letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

/// Carries the new letters of a folder, and puts an answer about each into another.
pub fn carry(town: &Town, from: &Path, answers: &Path, on: &str) -> io::Result<Vec<Answer>> {
    let mut told = Vec::new();
    let mut files: Vec<_> = fs::read_dir(from)?.collect::<io::Result<_>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "xml") {
            continue;
        }
        let answer = match read(&fs::read_to_string(&path)?) {
            Ok(letter) => letter.carried(town, on),
            Err(Refused(why)) => {
                return Err(io::Error::other(format!("{}: {why}", path.display())));
            }
        };
        let place = answers.join(format!("{}.json", answer.message));
        if !place.exists() {
            fs::write(place, serde_json::to_vec_pretty(&answer)?)?;
            told.push(answer);
        }
    }
    Ok(told)
}

/// A letter as the service sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Letter {
    message: String,
    reader: String,
    is_printed: bool,
}

impl Letter {
    fn carried(self, town: &Town, on: &str) -> Answer {
        let (lost, why) = if self.is_printed {
            (&town.moved, "modtageren er flyttet fra adressen")
        } else {
            (&town.exempt, "modtageren er fritaget for Digital Post")
        };
        let fate =
            if lost.contains(&self.reader) { Fate::Failed(why.to_owned()) } else { Fate::Arrived };
        Answer { message: self.message, on: on.to_owned(), fate }
    }
}

fn read(file: &str) -> Result<Letter, Refused> {
    if file.len() > MESSAGE_MAX {
        return Err(Refused("the file is larger than 99.5 MB".to_owned()));
    }
    let leaves = leaves(file)?;
    let one = |name: &str| {
        let found = leaves.iter().find(|(leaf, _)| leaf == name).map(|(_, text)| text.clone());
        found.ok_or_else(|| Refused(format!("there is no {name}")))
    };
    let is_printed = file.contains(":ForsendelseI ");
    let (message, reader, pdf) = if is_printed {
        if one("PostalAddressFirstLineText").is_err() {
            return Err(Refused("a letter to be printed has no address".to_owned()));
        }
        let number = one("CPRnummerIdentifikator").or_else(|_| one("CVRnummerIdentifikator"))?;
        (hyphenated(&one("AfsendelseIdentifikator")?)?, number, one("MeddelelseIndholdData")?)
    } else {
        let name = one("filename")?;
        if name.contains(['<', '>', ':', '"', '/', '\\', '|', '?', '*']) {
            return Err(Refused(format!("'{name}' is no name for a file")));
        }
        (one("messageUUID")?, one("recipientID")?, one("content")?)
    };
    let pdf = STANDARD.decode(&pdf).map_err(|_| Refused("the pages are no base64".to_owned()))?;
    if !pdf.starts_with(b"%PDF-") || !pdf.trim_ascii_end().ends_with(b"%%EOF") {
        return Err(Refused("the pages are no whole PDF".to_owned()));
    }
    Ok(Letter { message, reader, is_printed })
}

/// `0193…0001` as a UUID is written.
fn hyphenated(id: &str) -> Result<String, Refused> {
    if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refused(format!("'{id}' is no identifier of ours")));
    }
    Ok([&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-"))
}

/// The names, without prefix, and texts of the elements that have text.
fn leaves(file: &str) -> Result<Vec<(String, String)>, Refused> {
    let broken = |why: String| Refused(format!("the file is no XML: {why}"));
    let mut reader = Reader::from_str(file);
    let (mut name, mut leaves) = (String::new(), Vec::new());
    loop {
        match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Start(start) => {
                start.local_name().into_inner().clone_into(&mut name);
            }
            Event::Text(text) => leaves.push((name.clone(), text.xml10_content().into_owned())),
            Event::Eof => return Ok(leaves),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "01930000-0000-7000-8000-000000000001";

    fn digital(pdf: &[u8]) -> String {
        let pdf = STANDARD.encode(pdf);
        format!(
            "<memo:Message xmlns:memo='x'><memo:messageUUID>{UUID}</memo:messageUUID>\
             <memo:recipientID>0101901234</memo:recipientID><memo:filename>brev.pdf</memo:filename>\
             <memo:content>{pdf}</memo:content></memo:Message>"
        )
    }

    fn printed(address: &str) -> String {
        let (id, pdf) = (UUID.replace('-', ""), STANDARD.encode(b"%PDF-1.7 %%EOF\n"));
        format!(
            "<f:ForsendelseI xmlns:f='x'><f:AfsendelseIdentifikator>{id}</f:AfsendelseIdentifikator>\
             <f:CPRnummerIdentifikator>0101901234</f:CPRnummerIdentifikator>{address}\
             <f:MeddelelseIndholdData>{pdf}</f:MeddelelseIndholdData></f:ForsendelseI>"
        )
    }

    const LINE: &str = "<f:PostalAddressFirstLineText>Torvet 1</f:PostalAddressFirstLineText>";

    #[test]
    fn a_whole_letter_is_carried_and_another_is_refused() {
        assert!(read(&digital(b"%PDF-1.7 %%EOF\n")).is_ok());
        assert!(read(&digital(b"%PDF-1.7")).unwrap_err().0.contains("no whole PDF"));
        assert!(read(&printed(LINE)).is_ok_and(|letter| letter.message == UUID));
        assert!(read(&printed("")).unwrap_err().0.contains("no address"));
        assert!(read("<a>").is_err());
    }

    #[test]
    fn who_is_exempt_or_has_moved_is_not_reached() {
        let lost = BTreeSet::from(["0101901234".to_owned()]);
        let fate = |file: &str, town: &Town| read(file).unwrap().carried(town, "2021-02-01").fate;
        let town = Town { exempt: lost.clone(), ..Town::default() };
        assert!(matches!(fate(&digital(b"%PDF-1.7 %%EOF\n"), &town), Fate::Failed(_)));
        assert_eq!(fate(&printed(LINE), &town), Fate::Arrived);
        let town = Town { moved: lost, ..Town::default() };
        assert!(matches!(fate(&printed(LINE), &town), Fate::Failed(_)));
    }

    #[test]
    fn a_message_that_is_handed_over_twice_is_carried_once() {
        let [from, answers] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for name in ["a.xml", "b.xml"] {
            fs::write(from.path().join(name), digital(b"%PDF-1.7 %%EOF\n")).unwrap();
        }
        let told = carry(&Town::default(), from.path(), answers.path(), "2021-02-01").unwrap();
        assert_eq!(told.len(), 1);
        assert!(
            carry(&Town::default(), from.path(), answers.path(), "2021-02-02").unwrap().is_empty()
        );
    }
}
