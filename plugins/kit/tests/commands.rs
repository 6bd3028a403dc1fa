//! The commands on a real module, started as a developer starts them.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The finished module of voksenlærling.
fn module() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/modules");
    let folder =
        std::env::var_os("YDUN_MODULES").map_or_else(|| PathBuf::from(built), PathBuf::from);
    let module = folder.join("voksenlaerling-1.0.0.wasm");
    assert!(module.is_file(), "build the modules first: cargo xtask modules");
    module
}

/// A folder with a copy of the module, which signing and packing may write beside.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("voksenlaerling-1.0.0.wasm");
    fs::copy(module(), &copy).unwrap();
    (folder, copy)
}

fn kit(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ydun-plugin"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn says(folder: &Path, arguments: &[&str], expected: &[&str]) -> String {
    let output = kit(folder, arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {said}{complaint}");
    for part in expected {
        assert!(said.contains(part), "{arguments:?} does not say '{part}': {said}");
    }
    said
}

#[track_caller]
fn refuses(folder: &Path, arguments: &[&str], expected: &[&str]) {
    let output = kit(folder, arguments);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success(), "{arguments:?}: {said}");
    for part in expected {
        assert!(said.contains(part), "{arguments:?} does not say '{part}': {said}");
    }
}

/// How many cases the module carries.
fn cases() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../voksenlaerling/cases");
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_module_is_checked_tested_and_looked_into() {
    let (folder, module) = folder();
    let module = module.to_str().unwrap();
    says(folder.path(), &["check", module], &["ok      1", "ok      8"]);
    says(folder.path(), &["test", module], &[&format!("{} cases, 0 failed", cases())]);
    says(folder.path(), &["inspect", module], &["voksenlaerling 1.0.0", "floats      none"]);
    says(
        folder.path(),
        &["coverage", module],
        &["deciding-municipality", &format!("{} cases", cases())],
    );
    says(folder.path(), &["profile", module], &["ordinary-month"]);
    says(folder.path(), &["wit"], &["package ydun:benefit@1.0.0;"]);
}

#[test]
fn a_case_is_run_and_explained() {
    let (folder, module) = folder();
    let module = module.to_str().unwrap();
    let expected =
        ["Bevilges", "7.326,00 kr. til employer", "Sats pr. time = 45,00 kr.", "LAB § 159"];
    says(folder.path(), &["explain", module, "--case", "ordinary-month"], &expected);
    says(folder.path(), &["run", module, "--case", "ordinary-month"], &["fuel", "memory"]);
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../voksenlaerling/cases/school-stay.csv");
    says(folder.path(), &["run", module, "--case", table], &["5.661,00 kr."]);
    let json = says(folder.path(), &["run", module, "--case", "wage-unknown", "--json"], &[]);
    let run: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(run["answer"]["Ok"]["Ok"]["verdict"], "incomplete");
    refuses(
        folder.path(),
        &["run", module, "--case", "other"],
        &["neither a file nor one of its cases"],
    );
}

#[test]
fn invented_dossiers_break_no_rule() {
    let (folder, module) = folder();
    let fuzz = ["fuzz", module.to_str().unwrap(), "--count", "300"];
    let said = says(folder.path(), &fuzz, &["300 dossiers of seed 1, no rule broken"]);
    assert!(said.lines().count() > 3, "only one kind of answer: {said}");
}

#[test]
fn a_version_differs_from_another_and_not_from_itself() {
    let (folder, module) = folder();
    let module = module.to_str().unwrap();
    let same = ["diff", module, module];
    says(folder.path(), &same, &["identical", &format!("{} dossiers", cases())]);
    let empty = folder.path().join("none");
    fs::create_dir(&empty).unwrap();
    let nothing = ["diff", module, module, "--corpus", empty.to_str().unwrap()];
    refuses(folder.path(), &nothing, &["there is no dossier"]);
}

#[test]
fn a_module_is_signed_verified_and_packed() {
    let (folder, module) = folder();
    let module = module.to_str().unwrap();
    let keygen = ["keygen", "--name", "Prøve", "--may-sign", "national"];
    let publisher = says(folder.path(), &keygen, &["\"may-sign\": \"national\""]);
    refuses(folder.path(), &keygen, &["publisher.pem cannot be made"]);
    let trust = folder.path().join("trust.json");
    fs::write(&trust, format!("{{\"publishers\": [{publisher}]}}")).unwrap();
    let verify = ["verify", module, "--trust", "trust.json"];
    refuses(folder.path(), &verify, &["Modulet er ikke underskrevet.", "YDV-SIGNATURE-MISSING"]);

    let sign = ["sign", module, "--key", "publisher.pem", "--signed-on", "2026-11-22"];
    says(folder.path(), &sign, &["benefit voksenlaerling\nversion 1.0.0\n"]);
    says(folder.path(), &verify, &["Prøve signed it on 2026-11-22"]);

    says(folder.path(), &["pack", module], &["ydun/voksenlaerling:1.0.0"]);
    let plain = folder.path().join("dist/files/ydun/voksenlaerling");
    let packed = fs::read(plain.join("1.0.0.wasm")).unwrap();
    assert_eq!(packed, fs::read(module).unwrap());
    assert!(plain.join("1.0.0.sig.json").is_file());
    check_layout(&folder.path().join("dist/oci/ydun/voksenlaerling"), &packed);

    let mut changed = packed;
    *changed.last_mut().unwrap() ^= 1;
    fs::write(module, changed).unwrap();
    refuses(folder.path(), &["check", module], &["FAILED"]);
}

/// Every blob is what its name says, and the one layer is the module.
fn check_layout(layout: &Path, module: &[u8]) {
    let json = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
    let blob = |descriptor: &serde_json::Value| {
        let digest = descriptor["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
        let bytes = fs::read(layout.join("blobs/sha256").join(digest)).unwrap();
        assert_eq!(ydun_runtime::Digest::of(&bytes).to_string(), digest);
        assert_eq!(bytes.len() as u64, descriptor["size"].as_u64().unwrap());
        bytes
    };
    let index = json(fs::read(layout.join("index.json")).unwrap());
    let image = json(blob(&index["manifests"][0]));
    let layers = image["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 1);
    assert_eq!(blob(&layers[0]), module);
    assert_eq!(json(blob(&image["config"]))["layerDigests"][0], layers[0]["digest"]);
    let signatures = image["annotations"]["ydun.signatures"].as_str().unwrap();
    assert!(signatures.contains("voksenlaerling"));
}

#[test]
fn a_form_is_shown_in_plain_html() {
    let (folder, module) = folder();
    let module = module.to_str().unwrap();
    let manifest = says(folder.path(), &["inspect", module, "--json"], &[]);
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let key = manifest["forms"][0]["key"].as_str().unwrap();
    let title = manifest["forms"][0]["title"].as_str().unwrap();
    let print = ["form", "print", module, "--form", key];
    says(folder.path(), &print, &["<html lang=\"da\">", "<legend>", "<label for=", title]);
    refuses(folder.path(), &["form", "print", module, "--form", "other"], &["there are"]);
}

#[test]
fn a_new_benefit_has_everything_it_needs_and_no_hole() {
    let folder = tempfile::tempdir().unwrap();
    let new = ["new", "k0561:prøve"];
    refuses(folder.path(), &new, &["is no name such as julehjaelp"]);
    says(folder.path(), &["new", "k0561:julehjaelp", "--title", "Julehjælp"], &["Next:"]);
    let package = folder.path().join("julehjaelp");
    for file in ["Cargo.toml", "manifest.json", "src/lib.rs", "README.md"] {
        let text = fs::read_to_string(package.join(file)).unwrap();
        assert!(!text.contains("{{"), "{file}");
    }
    let manifest = fs::read(package.join("manifest.json")).unwrap();
    let manifest: ydun_runtime::Manifest = serde_json::from_slice(&manifest).unwrap();
    manifest.check().unwrap();
    assert_eq!((manifest.id.as_str(), manifest.title.as_str()), ("k0561:julehjaelp", "Julehjælp"));
    refuses(folder.path(), &["new", "julehjaelp"], &["is there already"]);
    refuses(folder.path(), &["check", "."], &["is no package of a module", "ydun-plugin new"]);
}
