//! The modules in memory, each loaded once.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ydun_runtime::{Digest, Fault, ImageStore, Module, Sandbox};

use super::store;
use crate::db::Read;

const KEY_BYTES: usize = 32;

/// Loads modules from the database, and keeps them.
///
/// Compiled code is kept in the data folder, sealed with this host's own key, so that a start takes
/// milliseconds instead of seconds.
#[derive(Clone, Debug)]
pub struct Registry(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sandbox: Sandbox,
    images: ImageStore,
    loaded: Mutex<HashMap<Digest, Arc<Module>>>,
}

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder for compiled modules cannot be used")]
    Folder(#[source] io::Error),
    #[error("the host's key cannot be read or made")]
    Key(#[source] io::Error),
    #[error(
        "the host's key, {0}, is not {KEY_BYTES} bytes; remove the file, and a new one is made"
    )]
    Broken(String),
}

/// Why a module cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the module {0} is not installed; see `ydun module list`")]
    NotInstalled(Digest),
    #[error("the stored module {0} is no longer what was installed")]
    Changed(Digest),
    #[error("the module {digest} cannot be loaded")]
    Fault { digest: Digest, source: Fault },
    #[error("the module could not be read")]
    Store(#[from] sqlx::Error),
}

impl Registry {
    /// Makes what is missing in the data folder: a place for compiled modules, and the host's key.
    pub fn open(sandbox: Sandbox, data: &Path) -> Result<Self, OpenError> {
        fs::create_dir_all(data).map_err(OpenError::Folder)?;
        let key = host_key(&data.join("host.key"))?;
        let images = ImageStore::open(data.join("modules"), key).map_err(OpenError::Folder)?;
        Ok(Self(Arc::new(Inner { sandbox, images, loaded: Mutex::default() })))
    }

    pub fn sandbox(&self) -> &Sandbox {
        &self.0.sandbox
    }

    /// The module with this digest, loaded the first time it is asked for.
    pub async fn module(&self, db: &mut Read, digest: Digest) -> Result<Arc<Module>, LoadError> {
        if let Some(module) = self.loaded(digest) {
            return Ok(module);
        }
        let component =
            store::component(db, digest).await?.ok_or(LoadError::NotInstalled(digest))?;
        let registry = self.clone();
        let loading = tokio::task::spawn_blocking(move || registry.load(digest, &component));
        loading.await.expect("loading does not panic and is never cancelled")
    }

    fn loaded(&self, digest: Digest) -> Option<Arc<Module>> {
        self.0.loaded.lock().expect("nothing panics while it is held").get(&digest).cloned()
    }

    fn load(&self, digest: Digest, component: &[u8]) -> Result<Arc<Module>, LoadError> {
        if Digest::of(component) != digest {
            return Err(LoadError::Changed(digest));
        }
        let module = Module::load_stored(&self.0.sandbox, component, &self.0.images);
        let module = Arc::new(module.map_err(|source| LoadError::Fault { digest, source })?);
        let mut loaded = self.0.loaded.lock().expect("nothing panics while it is held");
        Ok(loaded.entry(digest).or_insert(module).clone())
    }
}

/// The key that seals this host's compiled modules, made when it is not there.
fn host_key(path: &Path) -> Result<[u8; KEY_BYTES], OpenError> {
    match private_file(path) {
        Ok(mut file) => {
            let key = random_key();
            file.write_all(&key).and_then(|()| file.sync_all()).map_err(OpenError::Key)?;
            Ok(key)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let key = fs::read(path).map_err(OpenError::Key)?;
            key.try_into().map_err(|_| OpenError::Broken(path.display().to_string()))
        }
        Err(error) => Err(OpenError::Key(error)),
    }
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn random_key() -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).expect("the operating system gives random bytes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_key_is_made_once_and_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        let key = host_key(&path).unwrap();
        assert_eq!(host_key(&path).unwrap(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_that_was_cut_short_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        fs::write(&path, b"short").unwrap();
        assert!(matches!(host_key(&path), Err(OpenError::Broken(_))));
    }
}
