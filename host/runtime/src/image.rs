//! Compiled modules kept on disk, so that a start takes milliseconds instead of seconds.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wasmtime::component::Component;

use crate::canonical::Digest;
use crate::engine::Sandbox;
use crate::fault::Fault;
use crate::module::compile;

const MAC_BYTES: usize = 32;

/// A folder of compiled modules, each sealed with the host's key.
///
/// Machine code runs outside every sandbox, so a file is used only when its seal shows that this
/// host wrote it, for this component and this engine. Anything else is compiled anew.
pub struct ImageStore {
    folder: PathBuf,
    key: [u8; 32],
}

impl std::fmt::Debug for ImageStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ImageStore({})", self.folder.display())
    }
}

impl ImageStore {
    /// Makes the folder when it is not there. Whoever knows `key` can run code in this process.
    pub fn open(folder: impl Into<PathBuf>, key: [u8; 32]) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, key })
    }

    /// The compiled component: from the folder when it is sealed there, else compiled and kept.
    pub(crate) fn compiled(&self, sandbox: &Sandbox, component: &[u8]) -> Result<Component, Fault> {
        let name = Name::of(sandbox, component);
        if let Some(compiled) = self.read(sandbox, &name) {
            return Ok(compiled);
        }
        let compiled = compile(sandbox, component)?;
        if let Err(error) = self.keep(&name, &compiled) {
            tracing::warn!(%error, image = %self.path(&name).display(), "a compiled module could not be kept");
        }
        Ok(compiled)
    }

    fn read(&self, sandbox: &Sandbox, name: &Name) -> Option<Component> {
        let path = self.path(name);
        let file = fs::read(&path).ok()?;
        let Some((seal, image)) = file.split_at_checked(MAC_BYTES) else {
            return refuse(&path, "it is cut short");
        };
        if self.seal(name, image).verify_slice(seal).is_err() {
            return refuse(&path, "its seal is not this host's");
        }
        #[expect(unsafe_code, reason = "wasmtime cannot check machine code; the seal is our check")]
        // SAFETY: the image must be what `serialize` returned. The seal covers every byte read, the
        // component and the engine, and only a holder of the host's key can make one.
        let compiled = unsafe { Component::deserialize(sandbox.engine(), image) };
        compiled.map_or_else(|_| refuse(&path, "the engine does not know it"), Some)
    }

    /// Written beside and renamed, so that nobody reads half a file.
    fn keep(&self, name: &Name, compiled: &Component) -> io::Result<()> {
        let image = compiled.serialize().map_err(|error| io::Error::other(format!("{error:#}")))?;
        let path = self.path(name);
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        let mut file = fs::File::create(&beside)?;
        file.write_all(&self.seal(name, &image).finalize().into_bytes())?;
        file.write_all(&image)?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    }

    fn seal(&self, name: &Name, image: &[u8]) -> Hmac<Sha256> {
        let mut seal =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("a seal takes a key of any length");
        seal.update(&name.component.0);
        seal.update(&name.engine.0);
        seal.update(image);
        seal
    }

    fn path(&self, name: &Name) -> PathBuf {
        let engine = name.engine.to_string();
        self.folder.join(format!("{}-{}.image", name.component, &engine[..16]))
    }
}

/// Which component, compiled by which engine.
struct Name {
    component: Digest,
    engine: Digest,
}

impl Name {
    fn of(sandbox: &Sandbox, component: &[u8]) -> Self {
        Self {
            component: Digest::of(component),
            engine: Digest::of(sandbox.fingerprint().as_bytes()),
        }
    }
}

fn refuse(path: &Path, why: &str) -> Option<Component> {
    tracing::warn!(image = %path.display(), why, "a compiled module is not used, it is compiled anew");
    None
}
