//! One apply at a time: locks that the system takes away with their process.

use std::env;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::folder;
use crate::output::Output;
use crate::shown;

/// The lock of all applies of a user, in the home folder: the same one whatever the journal is, and wherever the
/// environment has state. No journal's lock has a name like it.
const OF_USER: &str = ".local/state/letterhead/applying";

/// What it means that a user has no such lock.
const UNSEEN: &str = "note: an apply with another journal isn't noticed";

/// Held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Why a lock wasn't taken.
enum Untaken {
    /// Somebody else has it.
    Held(anyhow::Error),
    /// It can't be had at all.
    Fault(io::Error),
}

impl Lock {
    /// Takes the locks of an apply, or waits for them: that of all applies of the user, as far as there is a home
    /// folder to write in, and that of its journal. In this order everywhere, so that no two wait for each other. An
    /// apply that is alone by itself needs no more than the second.
    ///
    /// # Errors
    /// Somebody else has one of them: the error says who. A journal that is the lock of the user, and a lock of the
    /// journal that can't be had.
    pub(crate) fn take_all(
        journal: &Path,
        is_alone: bool,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Vec<Self>> {
        let path = of_user();
        let of_user =
            if is_alone { None } else { Self::of_user(path.as_deref(), who, waits, output)? };
        let is_users = |other: &Path| path.as_deref().is_some_and(|path| is_one(path, other));
        if is_users(journal) {
            bail!("the lock of all applies is no journal; name another file with `--journal`");
        }
        let mut locks: Vec<_> = of_user.into_iter().collect();
        // Whoever has a file locked waits for itself where it locks the file again.
        if locks.is_empty() || !is_users(&beside(journal)) {
            locks.push(Self::of_journal(journal, who, waits, output)?);
        }
        Ok(locks)
    }

    /// Takes the lock beside a journal, or waits for it.
    ///
    /// # Errors
    /// Somebody else has it: the error says who. One that can't be had.
    fn of_journal(
        journal: &Path,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Self> {
        let path = beside(journal);
        Self::take(&path, who, waits, output).map_err(|untaken| match untaken {
            Untaken::Held(error) => error,
            Untaken::Fault(error) => anyhow::Error::new(error).context(named(&path, output)),
        })
    }

    /// Takes the lock of all applies of the user. Nothing but somebody who has it keeps an apply from going on.
    fn of_user(
        path: Option<&Path>,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else {
            output.warning(&format!("{UNSEEN}: there is no home folder"));
            return Ok(None);
        };
        match Self::take(path, who, waits, output) {
            Ok(lock) => Ok(Some(lock)),
            Err(Untaken::Held(error)) => Err(error),
            Err(Untaken::Fault(error)) => {
                output.warning(&format!("{UNSEEN}: {}: {error}", named(path, output)));
                Ok(None)
            }
        }
    }

    fn take(path: &Path, who: &str, waits: bool, output: &mut Output) -> Result<Self, Untaken> {
        folder::make(folder::holder(path))?;
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = said(&mut file)?;
                let holder = shown::visible(output.personal(holder.trim()));
                if !waits {
                    let error =
                        format!("another apply is under way: {holder}; `--wait` waits for it");
                    return Err(Untaken::Held(anyhow::Error::msg(error)));
                }
                output.note(&format!("waiting for another apply: {holder}"));
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let before = said(&mut file)?;
        if !before.is_empty() && !is_of_lock(&before) {
            return Err(io::Error::other("it holds something else, which is left alone").into());
        }
        let (process, now) = (std::process::id(), jiff::Timestamp::now());
        let line = format!("{who}, process {process}, since {now}\n");
        // The lock holds whether or not the disk has room for a name.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(line.as_bytes()));
        Ok(Self { _file: file })
    }
}

impl From<io::Error> for Untaken {
    fn from(error: io::Error) -> Self {
        Self::Fault(error)
    }
}

/// What a file says.
fn said(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a lock says so: everything else is somebody's file.
fn is_of_lock(text: &str) -> bool {
    let parts = text.trim_end().rsplit_once(", since ");
    parts.is_some_and(|(holder, since)| {
        let process = holder.rsplit_once(", process ").map(|(_, process)| process);
        process.is_some_and(|process| process.parse::<u32>().is_ok())
            && since.parse::<jiff::Timestamp>().is_ok()
    })
}

fn named(path: &Path, output: &Output) -> String {
    // The home folder has a person's name.
    format!("the lock `{}`", output.personal(&path.display().to_string()))
}

/// The lock of all applies of the user, where there is a home folder.
fn of_user() -> Option<PathBuf> {
    let home = env::home_dir().filter(|home| !home.as_os_str().is_empty());
    home.map(|home| home.join(OF_USER))
}

/// The lock of a journal: a file of its own, whatever the journal is called.
fn beside(journal: &Path) -> PathBuf {
    let mut path = journal.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

/// Whether two paths lead to one file.
fn is_one(path: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    let identity = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;

        std::fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
    };
    #[cfg(not(unix))]
    let identity = |path: &Path| std::fs::canonicalize(path);
    path == other || matches!((identity(path), identity(other)), (Ok(one), Ok(two)) if one == two)
}

/// The user and the host.
pub(crate) fn who() -> String {
    let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let user = variable("USER").or_else(|| variable("USERNAME"));
    let host = std::fs::read_to_string("/etc/hostname").ok();
    let host = host.map(|name| name.trim().to_owned()).or_else(|| variable("COMPUTERNAME"));
    let unknown = || "unknown".to_owned();
    format!("{}@{}", user.unwrap_or_else(unknown), host.unwrap_or_else(unknown))
}
