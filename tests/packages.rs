//! How modules are delivered: a file, a folder, an image; and what is wrong with those that are not.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use ydun::modules::package::{Package, PackageError, read};
use ydun_runtime::{Digest, Signatures};

use crate::voksenlaerling::{component, next_version, package};

fn write(file: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

/// Writes a module and its signatures beside it.
fn deliver(file: &Path, package: &Package) {
    write(file, &package.component);
    let signatures = serde_json::to_vec(&package.signatures).unwrap();
    write(&file.with_extension("sig.json"), signatures);
}

#[track_caller]
fn refuses(found: Result<Package, PackageError>, why: &str) {
    let refused = found.unwrap_err().to_string();
    assert!(refused.contains(why), "{refused}");
}

#[test]
fn a_file_is_read_with_the_signatures_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("voksenlaerling-1.0.0.wasm");
    let signed = package(component());
    deliver(&file, &signed);
    assert_eq!(read(&file, None).unwrap(), signed);
    fs::remove_file(file.with_extension("sig.json")).unwrap();
    assert_eq!(read(&file, None).unwrap().signatures, Signatures::default());
    write(&file.with_extension("sig.json"), "no signatures");
    refuses(read(&file, None), "cannot be read");
    refuses(read(&folder.path().join("missing.wasm"), None), "cannot be read");
}

#[test]
fn a_folder_gives_the_module_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    refuses(read(folder.path(), None), "holds no module");
    let (first, second) = (package(component()), package(next_version()));
    deliver(&folder.path().join("ydun/voksenlaerling/1.0.0.wasm"), &first);
    write(&folder.path().join("ydun/voksenlaerling/README.md"), "not a module");
    write(&folder.path().join("README.md"), "not a folder");
    assert_eq!(read(folder.path(), None).unwrap(), first);

    deliver(&folder.path().join("ydun/voksenlaerling/1.1.0.wasm"), &second);
    deliver(&folder.path().join("k0561/julehjaelp/1.0.0.wasm"), &first);
    let all = "k0561:julehjaelp@1.0.0, voksenlaerling@1.0.0, voksenlaerling@1.1.0";
    refuses(read(folder.path(), None), all);
    let wanted = |name: &str| read(folder.path(), Some(&name.parse().unwrap()));
    assert_eq!(wanted("voksenlaerling@1.1.0").unwrap(), second);
    assert_eq!(wanted("k0561:julehjaelp@1.0.0").unwrap(), first);
    refuses(wanted("julehjaelp@1.0.0"), &format!("no julehjaelp@1.0.0; there is {all}"));
}

/// An image layout as it grows.
struct Layout {
    folder: TempDir,
    index: Vec<Value>,
}

impl Layout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#);
        Self { folder, index: Vec::new() }
    }

    /// Keeps a blob, and points at it.
    fn blob(&self, media_type: &str, content: &[u8]) -> Value {
        let digest = Digest::of(content).to_string();
        write(&self.folder.path().join("blobs/sha256").join(&digest), content);
        let digest = format!("sha256:{digest}");
        json!({ "mediaType": media_type, "digest": digest, "size": content.len() })
    }

    /// Adds an image, and points at it.
    fn image(&mut self, layers: &[Value], annotations: &Value) {
        let config = self.blob("application/vnd.wasm.config.v0+json", b"{}");
        let image = json!({
            "schemaVersion": 2, "config": config, "layers": layers, "annotations": annotations,
        });
        let image = serde_json::to_vec(&image).unwrap();
        self.index.push(self.blob("application/vnd.oci.image.manifest.v1+json", &image));
    }

    fn module(&mut self, package: &Package) {
        let layer = self.blob("application/wasm", &package.component);
        let signatures = serde_json::to_string(&package.signatures).unwrap();
        self.image(&[layer], &json!({ "ydun.signatures": signatures }));
    }

    fn read(&self, wanted: Option<&str>) -> Result<Package, PackageError> {
        let index = json!({ "schemaVersion": 2, "manifests": self.index });
        write(&self.folder.path().join("index.json"), index.to_string());
        let wanted = wanted.map(|wanted| wanted.parse().unwrap());
        read(self.folder.path(), wanted.as_ref())
    }
}

#[test]
fn an_image_gives_the_module_with_its_signatures() {
    let (first, second) = (package(component()), package(next_version()));
    let mut layout = Layout::new();
    refuses(layout.read(None), "holds no module");
    layout.module(&first);
    assert_eq!(layout.read(None).unwrap(), first);
    layout.module(&second);
    refuses(layout.read(None), "voksenlaerling@1.0.0, voksenlaerling@1.1.0");
    assert_eq!(layout.read(Some("voksenlaerling@1.0.0")).unwrap(), first);
    assert_eq!(layout.read(Some("voksenlaerling@1.1.0")).unwrap(), second);
}

#[test]
fn images_are_found_through_an_index_in_the_index() {
    let signed = package(component());
    let mut layout = Layout::new();
    layout.module(&signed);
    for deep in 1..=4 {
        let inner = json!({ "schemaVersion": 2, "manifests": layout.index }).to_string();
        layout.index =
            vec![layout.blob("application/vnd.oci.image.index.v1+json", inner.as_bytes())];
        match layout.read(None) {
            Ok(found) => assert_eq!((found, deep <= 3), (signed.clone(), true), "{deep}"),
            Err(error) => assert!(deep == 4 && error.to_string().contains("no end"), "{error}"),
        }
    }
}

#[test]
fn an_image_that_was_changed_or_is_no_module_is_refused() {
    let signed = package(component());
    let mut layout = Layout::new();
    let layer = layout.blob("application/wasm", &signed.component);
    layout.image(&[layer.clone(), layer.clone()], &json!({}));
    refuses(layout.read(None), "[application/wasm, application/wasm], not one of application/wasm");

    let mut layout = Layout::new();
    let layer = layout.blob("application/wasm", &signed.component);
    layout.image(&[layer], &json!({ "ydun.signatures": "{}" }));
    refuses(layout.read(None), "the signatures in");

    let mut layout = Layout::new();
    let layer = layout.blob("application/wasm", &signed.component);
    layout.image(&[layer], &json!({}));
    assert_eq!(layout.read(None).unwrap().signatures, Signatures::default());

    let mut layout = Layout::new();
    let other = layout.blob("application/vnd.oci.image.layer.v1.tar", b"files");
    layout.image(&[other], &json!({}));
    refuses(layout.read(None), "not one of application/wasm");

    let mut layout = Layout::new();
    layout.module(&signed);
    let digest = Digest::of(&signed.component).to_string();
    write(&layout.folder.path().join("blobs/sha256").join(digest), next_version());
    refuses(layout.read(None), "is not what it was");

    let mut layout = Layout::new();
    layout.index.push(json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1,
        "digest": "sha256:../../../../etc/hostname",
    }));
    refuses(layout.read(None), "is no sha256 digest");

    let mut layout = Layout::new();
    layout.module(&signed);
    write(&layout.folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"2.0.0"}"#);
    refuses(layout.read(None), "its layout has version 2.0.0");
}
