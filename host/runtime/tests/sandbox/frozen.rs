//! Released versions of the interface, held to the byte.
//!
//! To the byte, and not to the types alone: what a field means, such as that both days of a period are
//! included, stands in its comment, and modules and stored decisions rest on that as much as on types.
//! No printer is needed either, which another version of the tools could change.

use std::fs;
use std::path::{Path, PathBuf};

use ydun_runtime::Digest;

/// Every interface file there is, and its digest. A row is added at a release, and never changed.
const RELEASED: [(&str, &str); 1] = [(
    "ydun-benefit/1.0/benefit.wit",
    "74db8e99c54fc40801a062bdb1792624175f5f5aedecca01a17e2813c549d8d4",
)];

const ADVICE: &str = "a released version of the interface is never edited, because decisions made with it are \
    calculated again for years. Take the change back, and make an optional interface of its own or the next \
    version in a folder of its own; wit/README.md says how";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

#[test]
fn a_released_interface_is_never_edited() {
    for (file, released) in RELEASED {
        let bytes = fs::read(folder().join(file)).unwrap_or_default();
        assert_eq!(Digest::of(&bytes).to_string(), released, "{file}: {ADVICE}");
    }
}

#[test]
fn every_interface_is_held_to_its_digest() {
    let mut there = Vec::new();
    let mut folders = vec![folder()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "wit") {
                let file = path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
                there.push(file);
            }
        }
    }
    assert_eq!(
        there,
        RELEASED.map(|(file, _)| file),
        "add a new interface here when it is released"
    );
}
