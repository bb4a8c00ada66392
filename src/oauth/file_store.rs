//! A refresh token in a file that processes share.

use std::borrow::Cow;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::RefreshTokenStore;
use super::store::BoxError;
use crate::{BoxFuture, Secret};

/// How long to wait before a lock that another process holds is tried again.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Keeps the refresh token in a file of its own: the token and nothing else.
///
/// The file is replaced as a whole and readable by its owner only, so that neither a crash nor another
/// user gets hold of half a token or a whole one. A link is followed, and stays: its target is replaced.
///
/// Processes of one machine may share the file. They redeem the token one after the other, each what the
/// one before has stored: a file beside it, with `.lock` at the end of its name, is locked meanwhile, and
/// stays. Where the file system has no locks, or keeps them to one machine, two processes may redeem the
/// same token; the one that is refused reads the file again.
#[derive(Clone)]
pub struct FileStore(PathBuf);

impl FileStore {
    /// A store at `path`, whose folder has to be there and writable.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The path for people; not a bare name, which may be a token that was meant for
    /// [`MemoryStore`](crate::MemoryStore).
    fn shown(&self) -> Cow<'_, str> {
        match self.0.parent() {
            Some(folder) if folder != Path::new("") => self.0.to_string_lossy(),
            _ => "a name in the working directory".into(),
        }
    }

    /// The file itself, where the path is a link to it.
    fn target(&self) -> PathBuf {
        let Ok(linked) = self.0.read_link() else {
            return self.0.clone();
        };
        // A link whose target is gone can't be resolved as a whole.
        let resolved = self.0.canonicalize();
        resolved.unwrap_or_else(|_| folder(&self.0).join(linked))
    }

    fn read(&self) -> Result<Secret, BoxError> {
        let path = self.shown();
        let none = |what: String| io::Error::new(io::ErrorKind::NotFound, what);
        let text = std::fs::read_to_string(&self.0).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BoxError::from(none(format!(
                "there is no refresh token at `{path}`; a person has to sign in, and the token be \
                 written there"
            ))),
            _ => format!("the refresh token at `{path}` can't be read: {error}").into(),
        })?;
        let token = text.trim();
        if token.is_empty() {
            let what = format!("the file `{path}` is empty; it has to hold a refresh token");
            return Err(none(what).into());
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
            // Only then does the new name outlast a power failure. Not every file system can do this, and
            // the token is in place.
            #[cfg(unix)]
            let _ = File::open(folder(&target)).and_then(|folder| folder.sync_all());
            Ok::<(), BoxError>(())
        };
        replace().map_err(|error| {
            format!("the refresh token can't be written to `{}`: {error}", self.shown()).into()
        })
    }

    /// The file to lock; none where there is no token, which reading says better.
    fn lock_file(&self) -> Result<Option<File>, BoxError> {
        let mut path = self.target();
        if !path.is_file() {
            return Ok(None);
        }
        path.as_mut_os_string().push(".lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        match file {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let path = self.shown();
                Err(format!("the lock file of `{path}` can't be opened: {error}").into())
            }
        }
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

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
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
        Box::pin(async move { spawn_blocking(move || store.read()).await? })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        let store = self.clone();
        Box::pin(async move { spawn_blocking(move || store.write(&token)).await? })
    }

    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        let store = self.clone();
        Box::pin(async move {
            let Some(file) = spawn_blocking(move || store.lock_file()).await?? else {
                return Ok(Box::new(()) as Box<dyn Send>);
            };
            loop {
                // A thread that waits for the lock couldn't be stopped.
                match file.try_lock() {
                    Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE).await,
                    Err(TryLockError::Error(error)) => {
                        tracing::warn!(%error, "the refresh token's file can't be locked");
                        return Ok(Box::new(()) as Box<dyn Send>);
                    }
                    Ok(()) => return Ok(Box::new(file) as Box<dyn Send>),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

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
        assert_eq!(files(folder.path()), 1, "nothing is left behind");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_stays_and_its_target_is_replaced() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (link, path) = (here.path().join("link"), there.path().join("refresh-token"));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let store = FileStore::new(&link);
        store.load().await.unwrap_err();
        for token in ["first", "second"] {
            store.save(token.into()).await.unwrap();
            assert_eq!(store.load().await.unwrap().expose(), token);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), token);
            assert!(link.is_symlink());
        }
        let held = store.lock().await.unwrap();
        assert_eq!((files(here.path()), files(there.path())), (1, 2));
        drop(held);
    }

    #[tokio::test]
    async fn one_holds_the_lock_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refresh-token");
        std::fs::write(&path, "first").unwrap();
        let held = FileStore::new(&path).lock().await.unwrap();
        let other = FileStore::new(&path);
        let is_free = || other.lock_file().unwrap().unwrap().try_lock().is_ok();
        assert!(!is_free());
        let waiting = tokio::spawn({
            let other = other.clone();
            async move { other.lock().await.map(drop) }
        });
        drop(held);
        waiting.await.unwrap().unwrap();
        assert!(is_free());
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
        let folder_itself = FileStore::new(folder.path());
        drop(folder_itself.lock().await.unwrap());
        assert_eq!(files(folder.path()), 1, "nothing is locked without a token");
    }
}
