//! An OCI image layout: a folder of blobs named by their digests, and an index of the images in it.
//!
//! An image has one layer, the component. Its signatures are an annotation of the image, so that
//! nothing can be copied without them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ydun_runtime::verify::manifest_of;
use ydun_runtime::{Digest, Signatures};

use super::{Package, PackageError, Wanted, bytes, choose, signatures};

/// The file that says a folder is an image layout.
pub(super) const MARK: &str = "oci-layout";

const COMPONENT: &str = "application/wasm";
/// The annotation that holds the signatures, as JSON.
const SIGNATURES: &str = "ydun.signatures";
/// Images in an index, and an index in an index: no honest layout is deeper or wider.
const IMAGES_MAX: usize = 1_000;
const DEPTH_MAX: usize = 3;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layout {
    image_layout_version: String,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

/// Points at a blob.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

#[derive(Deserialize)]
struct Image {
    layers: Vec<Descriptor>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// Reads the module that is wanted, or the only one.
pub(super) fn read(folder: &Path, wanted: Option<&Wanted>) -> Result<Package, PackageError> {
    let store = Store { folder };
    store.check_version()?;
    let mut modules = Vec::new();
    for image in store.images()? {
        let package = store.package(&image)?;
        let manifest = manifest_of(&package.component).map_err(|fault| store.broken(fault))?;
        let name = Wanted { benefit: manifest.id, version: manifest.version.to_string() };
        modules.push((name, package));
    }
    choose(folder, modules, wanted)
}

struct Store<'a> {
    folder: &'a Path,
}

impl Store<'_> {
    fn broken(&self, why: impl std::fmt::Display) -> PackageError {
        PackageError::Image { folder: self.folder.to_owned(), why: why.to_string() }
    }

    fn check_version(&self) -> Result<(), PackageError> {
        let layout: Layout = self.json(&bytes(&self.folder.join(MARK))?)?;
        if layout.image_layout_version.starts_with("1.") {
            return Ok(());
        }
        Err(self.broken(format_args!("its layout has version {}", layout.image_layout_version)))
    }

    /// Every image the index leads to.
    fn images(&self) -> Result<Vec<Image>, PackageError> {
        let index: Index = self.json(&bytes(&self.folder.join("index.json"))?)?;
        let mut found = Vec::new();
        self.collect(index, DEPTH_MAX, &mut found)?;
        Ok(found)
    }

    fn collect(
        &self,
        index: Index,
        depth: usize,
        found: &mut Vec<Image>,
    ) -> Result<(), PackageError> {
        for descriptor in index.manifests {
            let blob = self.blob(&descriptor)?;
            if descriptor.media_type == "application/vnd.oci.image.index.v1+json" {
                let depth =
                    depth.checked_sub(1).ok_or_else(|| self.broken("its index has no end"))?;
                self.collect(self.json(&blob)?, depth, found)?;
            } else {
                found.push(self.json(&blob)?);
            }
            if found.len() > IMAGES_MAX {
                return Err(self.broken(format_args!("it has more than {IMAGES_MAX} images")));
            }
        }
        Ok(())
    }

    fn package(&self, image: &Image) -> Result<Package, PackageError> {
        let signatures = match image.annotations.get(SIGNATURES) {
            Some(json) => signatures(self.folder, json.as_bytes())?,
            None => Signatures::default(),
        };
        Ok(Package { component: self.component(image)?, signatures })
    }

    fn component(&self, image: &Image) -> Result<Vec<u8>, PackageError> {
        match &image.layers[..] {
            [layer] if layer.media_type == COMPONENT => self.blob(layer),
            layers => {
                let kinds: Vec<&str> =
                    layers.iter().map(|layer| layer.media_type.as_str()).collect();
                let kinds = kinds.join(", ");
                Err(self
                    .broken(format_args!("it has the layers [{kinds}], not one of {COMPONENT}")))
            }
        }
    }

    /// The bytes a descriptor points at, when they are the ones it means.
    fn blob(&self, descriptor: &Descriptor) -> Result<Vec<u8>, PackageError> {
        let blob = bytes(&self.path(descriptor)?)?;
        let is_meant = descriptor.digest == format!("sha256:{}", Digest::of(&blob))
            && descriptor.size == blob.len() as u64;
        if is_meant {
            Ok(blob)
        } else {
            Err(self.broken(format_args!("the blob {} is not what it was", descriptor.digest)))
        }
    }

    /// Only a digest becomes part of a path.
    fn path(&self, descriptor: &Descriptor) -> Result<PathBuf, PackageError> {
        let digest = descriptor.digest.strip_prefix("sha256:");
        match digest.and_then(|hex| hex.parse::<Digest>().ok()) {
            Some(digest) => Ok(self.folder.join("blobs/sha256").join(digest.to_string())),
            None => Err(self.broken(format_args!("'{}' is no sha256 digest", descriptor.digest))),
        }
    }

    fn json<T: DeserializeOwned>(&self, json: &[u8]) -> Result<T, PackageError> {
        serde_json::from_slice(json).map_err(|error| self.broken(error))
    }
}
