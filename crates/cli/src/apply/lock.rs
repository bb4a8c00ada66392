//! One apply at a time: locks that the system takes away with their process.

use std::env;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::folder;
use crate::output::Output;
use crate::shown;

/// The lock of all applies of a user, in the home folder: the same one whatever the journal is, and wherever the
/// environment has state.
const OF_USER: &str = ".local/state/letterhead/apply.lock";

/// What it means that a user has no such lock.
const UNSEEN: &str = "note: an apply with another journal isn't noticed";

/// Held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock beside a journal, or waits for it.
    ///
    /// # Errors
    /// Somebody else has it: the error says who.
    pub(crate) fn of_journal(
        journal: &Path,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Self> {
        let path = beside(journal);
        let file = open(&path).with_context(|| named(&path))?;
        Self::take(file, &path, who, waits, output)
    }

    /// Takes the lock of all applies of the user, or waits for it; none where there is no home folder to write in.
    ///
    /// # Errors
    /// Somebody else has it: the error says who.
    pub(crate) fn of_user(
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Option<Self>> {
        let home = env::home_dir().filter(|home| !home.as_os_str().is_empty());
        let Some(path) = home.map(|home| home.join(OF_USER)) else {
            output.note(&format!("{UNSEEN}: there is no home folder"));
            return Ok(None);
        };
        match open(&path) {
            Ok(file) => Self::take(file, &path, who, waits, output).map(Some),
            Err(error) => {
                output.note(&format!("{UNSEEN}: {}: {error}", named(&path)));
                Ok(None)
            }
        }
    }

    fn take(
        mut file: File,
        path: &Path,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Self> {
        let context = || named(path);
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(context)?;
                let holder = shown::visible(output.personal(holder.trim()));
                if !waits {
                    bail!("another apply is under way: {holder}; `--wait` waits for it");
                }
                output.note(&format!("waiting for another apply: {holder}"));
                file.lock().with_context(context)?;
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(context),
        }
        let mut write = || {
            file.set_len(0)?;
            file.rewind()?;
            let (process, now) = (std::process::id(), jiff::Timestamp::now());
            writeln!(file, "{who}, process {process}, since {now}")
        };
        write().with_context(context)?;
        Ok(Self { _file: file })
    }
}

fn named(path: &Path) -> String {
    format!("the lock `{}`", path.display())
}

/// The lock of a journal: a file of its own, whatever the journal is called.
fn beside(journal: &Path) -> PathBuf {
    let mut path = journal.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

fn open(path: &Path) -> io::Result<File> {
    folder::make(folder::holder(path))?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
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
