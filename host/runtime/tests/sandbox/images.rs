//! Compiled modules on disk: used when sealed, compiled anew when anything is off.

use std::fs;
use std::path::{Path, PathBuf};

use ydun_runtime::{ImageStore, Module, Sandbox};

use crate::fixture;
use crate::guest::Guest;

const KEY: [u8; 32] = [7; 32];

fn load_and_run(sandbox: &Sandbox, folder: &Path, key: [u8; 32]) {
    let images = ImageStore::open(folder, key).unwrap();
    let module = Module::load_stored(sandbox, &Guest::default().component(), &images).unwrap();
    assert_eq!(module.calculate(&fixture::dossier()).answer.unwrap().unwrap(), fixture::outcome());
}

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("one image is there, not {files:?}") };
    file.clone()
}

#[test]
fn an_image_that_is_not_the_hosts_own_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = fixture::sandbox();
    load_and_run(&sandbox, folder.path(), KEY);
    let image = only_file(folder.path());
    let sealed = fs::read(&image).unwrap();

    let mut flipped = sealed.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for tampered in
        [flipped, sealed[..sealed.len() / 2].to_vec(), sealed[..10].to_vec(), Vec::new()]
    {
        fs::write(&image, tampered).unwrap();
        load_and_run(&sandbox, folder.path(), KEY);
        assert!(fs::read(&image).unwrap() == sealed, "the image is whole again");
    }
}

#[test]
fn an_image_under_another_key_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = fixture::sandbox();
    load_and_run(&sandbox, folder.path(), KEY);
    let image = only_file(folder.path());
    let sealed = fs::read(&image).unwrap();
    load_and_run(&sandbox, folder.path(), [8; 32]);
    assert!(fs::read(&image).unwrap() != sealed, "it was sealed with the other key");
}

/// Renamed to another component's name, a sealed image is still that of its own component.
#[test]
fn an_image_of_another_module_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = fixture::sandbox();
    load_and_run(&sandbox, folder.path(), KEY);
    let good = only_file(folder.path());

    let other = Guest::calculating("unreachable").component();
    let images = ImageStore::open(folder.path(), KEY).unwrap();
    Module::load_stored(&sandbox, &other, &images).unwrap();
    let bad = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| *path != good);
    fs::copy(bad.unwrap(), &good).unwrap();
    load_and_run(&sandbox, folder.path(), KEY);
}

#[test]
fn an_image_that_is_in_order_is_read_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = fixture::sandbox();
    load_and_run(&sandbox, folder.path(), KEY);
    let image = only_file(folder.path());
    let written = fs::metadata(&image).unwrap().modified().unwrap();
    load_and_run(&sandbox, folder.path(), KEY);
    assert_eq!(fs::metadata(&image).unwrap().modified().unwrap(), written);
}
