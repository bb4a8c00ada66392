//! Where a refresh token is kept: each redemption may replace it, and the replacement must not be
//! lost.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::{BoxFuture, Secret};

type BoxError = Box<dyn StdError + Send + Sync>;

/// Keeps the refresh token of a person's sign-in.
///
/// It is read before each redemption, so that processes may share a store, and written after each one
/// that brought a replacement.
pub trait RefreshTokenStore: fmt::Debug + Send + Sync + 'static {
    /// Reads the token.
    ///
    /// # Errors
    /// The store can't be read, or couldn't be written to: better known before a redemption. It becomes
    /// the source of the calls' errors and must not hold secrets.
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>>;

    /// Replaces the token.
    ///
    /// # Errors
    /// The store can't be written. It is logged and must not hold secrets.
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
/// user gets hold of half a token or a whole one.
#[derive(Clone)]
pub struct FileStore(PathBuf);

impl FileStore {
    /// A store at `path`, whose folder has to be there and writable.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The path for people; not a bare name, which may be a token that was meant for [`MemoryStore`].
    fn shown(&self) -> Cow<'_, str> {
        match self.0.parent() {
            Some(folder) if folder != Path::new("") => self.0.to_string_lossy(),
            _ => "a name in the working directory".into(),
        }
    }

    fn folder(&self) -> &Path {
        match self.0.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    fn read(&self) -> Result<Secret, BoxError> {
        let path = self.shown();
        let text = std::fs::read_to_string(&self.0).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!(
                "there is no refresh token at `{path}`; a person has to sign in, and the token be \
                 written there"
            ),
            _ => format!("the refresh token at `{path}` can't be read: {error}"),
        })?;
        let token = text.trim();
        if token.is_empty() {
            return Err(
                format!("the file `{path}` is empty; it has to hold a refresh token").into(),
            );
        }
        // A redemption may end the old token: it would be too late to find this out then.
        self.scratch()?;
        Ok(token.into())
    }

    fn write(&self, token: &Secret) -> Result<(), BoxError> {
        let replace = || {
            let mut file = self.scratch()?;
            file.write_all(token.expose().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&self.0)?;
            Ok::<(), BoxError>(())
        };
        replace().map_err(|error| {
            format!(
                "the refresh token can't be written to `{}`: {error}",
                self.shown()
            )
            .into()
        })
    }

    /// A private file beside the store, gone when it isn't kept.
    fn scratch(&self) -> Result<NamedTempFile, BoxError> {
        NamedTempFile::new_in(self.folder()).map_err(|error| {
            format!(
                "the folder `{}` can't be written, where the replacement of the refresh token belongs: \
                 {error}",
                self.folder().display()
            )
            .into()
        })
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStore").field(&self.shown()).finish()
    }
}

impl RefreshTokenStore for FileStore {
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
        // A token where a path belongs.
        let store = FileStore::new("hunter2-hunter2");
        let error = store.load().await.unwrap_err();
        let shown = format!("{store:?} {error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        let empty = folder.path().join("empty");
        std::fs::write(&empty, " \n").unwrap();
        let error = FileStore::new(&empty).load().await.unwrap_err().to_string();
        assert!(error.contains("is empty"), "{error}");
    }
}
