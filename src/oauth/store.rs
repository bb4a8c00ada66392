//! Where a refresh token is kept: each redemption may replace it, and the replacement must not be
//! lost.

use std::error::Error as StdError;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::{BoxFuture, Secret};

type BoxError = Box<dyn StdError + Send + Sync>;

/// How long, and how often, a process waits for another one's redemption: half a minute in all.
const LOCK_WAIT: Duration = Duration::from_millis(20);
const LOCK_ATTEMPTS: u32 = 1500;

/// Keeps the refresh token of a person's sign-in.
///
/// It is read before each redemption and written after each one that brought a replacement, both under
/// [`lock`](Self::lock), so that processes may share a store. The access token that came along is used
/// before the replacement is written; one that can't be written is kept in memory and redeemed next.
pub trait RefreshTokenStore: fmt::Debug + Send + Sync + 'static {
    /// Keeps other processes from redeeming the token until the guard is dropped. Without an
    /// implementation a store is one process's own.
    ///
    /// # Errors
    /// The lock can't be had.
    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        Box::pin(async { Ok(Box::new(()) as Box<dyn Send>) })
    }

    /// Reads the token.
    ///
    /// # Errors
    /// The store can't be read, or couldn't be written to: better known before a redemption. An
    /// [`io::Error`] that says [`NotFound`](io::ErrorKind::NotFound) means that a person has to sign in
    /// first.
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>>;

    /// Replaces the token.
    ///
    /// # Errors
    /// The store can't be written.
    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>>;
}

/// Keeps the refresh token in memory: for a process that is given a new one at each start.
#[derive(Debug)]
pub struct MemoryStore(Mutex<Secret>);

impl MemoryStore {
    /// A store that starts with `token`.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(Mutex::new(token.into()))
    }
}

impl RefreshTokenStore for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        let token = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Box::pin(async { Ok(token) })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = token;
        Box::pin(async { Ok(()) })
    }
}

/// Keeps the refresh token in a file of its own: the token and nothing else.
///
/// The file is replaced as a whole and readable by its owner only, so that neither a crash nor another
/// user gets hold of half a token or a whole one. A link is followed, and its target replaced. Several
/// processes may use one file: they take turns with a lock on a file beside it, whose name ends in
/// `.lock`.
#[derive(Clone, Debug)]
pub struct FileStore(PathBuf);

impl FileStore {
    /// A store at `path`, whose folder has to be there and writable.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The file itself, where the path is that of a link.
    fn target(&self) -> PathBuf {
        std::fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone())
    }

    /// Waits for the other processes. The lock is gone when the file is closed, be it by a crash.
    fn locked(&self) -> Result<File, BoxError> {
        let mut path = self.target().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let fault = |reason: String| -> BoxError {
            format!("the lock `{}` can't be had: {reason}", path.display()).into()
        };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| fault(error.to_string()))?;
        for _ in 0..LOCK_ATTEMPTS {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_WAIT),
                Err(TryLockError::Error(error)) => return Err(fault(error.to_string())),
            }
        }
        Err(fault("another process doesn't let go of it".to_owned()))
    }

    fn read(&self) -> Result<Secret, BoxError> {
        let path = self.0.display();
        let text = std::fs::read_to_string(&self.0).map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::NotFound => format!(
                    "there is no refresh token at `{path}`; a person has to sign in, and the token be \
                     written there"
                ),
                _ => format!("the refresh token at `{path}` can't be read: {error}"),
            };
            io::Error::new(error.kind(), reason)
        })?;
        let token = text.trim();
        if token.is_empty() {
            let reason = format!(
                "the file `{path}` is empty; a person has to sign in, and it has to hold the refresh token"
            );
            return Err(io::Error::new(io::ErrorKind::NotFound, reason).into());
        }
        // A redemption may end the old token: it would be too late to find this out then.
        scratch(folder(&self.target()))?;
        Ok(token.into())
    }

    fn write(&self, token: &Secret) -> Result<(), BoxError> {
        let replace = || {
            let target = self.target();
            let mut file = scratch(folder(&target))?;
            file.write_all(token.expose().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&target)?;
            // Else a crash of the machine may bring the old token back.
            #[cfg(unix)]
            File::open(folder(&target))?.sync_all()?;
            Ok::<(), BoxError>(())
        };
        replace().map_err(|error| {
            format!(
                "the refresh token can't be written to `{}`: {error}",
                self.0.display()
            )
            .into()
        })
    }
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A private file beside the store, gone when it isn't kept.
fn scratch(folder: &Path) -> Result<NamedTempFile, BoxError> {
    NamedTempFile::new_in(folder).map_err(|error| {
        format!(
            "the folder `{}` can't be written, where the replacement of the refresh token belongs: \
             {error}",
            folder.display()
        )
        .into()
    })
}

impl RefreshTokenStore for FileStore {
    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        let store = self.clone();
        Box::pin(async move {
            let lock = tokio::task::spawn_blocking(move || {
                // Where there is nothing to redeem, or no way to keep what comes, `load` says so.
                let is_usable = store.0.exists() && scratch(folder(&store.target())).is_ok();
                is_usable.then(|| store.locked()).transpose()
            });
            Ok(Box::new(lock.await??) as Box<dyn Send>)
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        let store = self.clone();
        Box::pin(async move { tokio::task::spawn_blocking(move || store.read()).await? })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        let store = self.clone();
        Box::pin(async move { tokio::task::spawn_blocking(move || store.write(&token)).await? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_replaced_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refresh-token");
        std::fs::write(&path, "first\n").unwrap();
        let store = FileStore::new(&path);
        assert_eq!(store.load().await.unwrap().expose(), "first");
        store.save("second".into()).await.unwrap();
        assert_eq!(store.load().await.unwrap().expose(), "second");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left behind");
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_file_is_said_before_a_redemption() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/refresh-token");
        let error = FileStore::new(&path).load().await.unwrap_err().to_string();
        assert!(error.contains("a person has to sign in"), "{error}");
        let error = FileStore::new(&path).save("t".into()).await.unwrap_err();
        assert!(error.to_string().contains("can't be written"), "{error}");
        let empty = folder.path().join("empty");
        std::fs::write(&empty, " \n").unwrap();
        let error = FileStore::new(&empty).load().await.unwrap_err().to_string();
        assert!(error.contains("is empty"), "{error}");
    }
}
