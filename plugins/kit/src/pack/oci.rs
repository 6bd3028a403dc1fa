//! An OCI image layout: what `oras` and `skopeo` copy to a registry, and any registry back.
//!
//! One layer, the module itself, as registries of WebAssembly expect; the signatures travel as an
//! annotation, so that nothing can be copied without them. No time is written: the same module gives
//! the same image.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use ydun_manifest::Manifest;
use ydun_runtime::Digest;

const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const SIGNATURES: &str = "ydun.signatures";

pub(super) fn write(
    layout: &Path,
    manifest: &Manifest,
    component: &[u8],
    signatures: Option<&[u8]>,
) -> Result<()> {
    let layer = blob(layout, LAYER, component)?;
    let exports = ["calculation", "application"]
        .map(|name| format!("ydun:benefit/{name}@{}", manifest.interface));
    let config = json!({
        "created": "1970-01-01T00:00:00Z", "author": manifest.owner, "architecture": "wasm",
        "os": "wasip2", "layerDigests": [layer["digest"]],
        "component": { "exports": exports, "imports": [format!("ydun:benefit/trace@{}", manifest.interface)] },
    });
    let config = blob(layout, CONFIG, config.to_string().as_bytes())?;
    let image = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer],
        "annotations": annotations(manifest, signatures),
    });
    let mut image = blob(layout, MANIFEST, image.to_string().as_bytes())?;
    image["annotations"] = json!({ "org.opencontainers.image.ref.name": manifest.version });
    let index = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [image],
    });
    super::write(&layout.join("index.json"), index.to_string().as_bytes())?;
    super::write(&layout.join("oci-layout"), br#"{"imageLayoutVersion":"1.0.0"}"#)
}

/// Keeps some bytes under their digest, and says how they are referred to.
fn blob(layout: &Path, kind: &str, bytes: &[u8]) -> Result<Value> {
    let digest = Digest::of(bytes).to_string();
    super::write(&layout.join("blobs/sha256").join(&digest), bytes)?;
    Ok(json!({ "mediaType": kind, "digest": format!("sha256:{digest}"), "size": bytes.len() }))
}

fn annotations(manifest: &Manifest, signatures: Option<&[u8]>) -> Value {
    let mut annotations = json!({
        "org.opencontainers.image.title": manifest.title,
        "org.opencontainers.image.version": manifest.version,
        "org.opencontainers.image.vendor": manifest.owner,
        "org.opencontainers.image.licenses": manifest.licence,
    });
    if let Some(signatures) = signatures {
        annotations[SIGNATURES] = String::from_utf8_lossy(signatures).into();
    }
    annotations
}
