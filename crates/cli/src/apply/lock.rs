//! One apply at a time: a lock beside the journal, which the system takes away with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::output::Output;

/// Held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or waits for it.
    ///
    /// # Errors
    /// Somebody else has it: the error says who.
    pub(crate) fn take(
        journal: &Path,
        who: &str,
        waits: bool,
        output: &mut Output,
    ) -> anyhow::Result<Self> {
        let path = journal.with_extension("lock");
        let context = || format!("the lock `{}`", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(context)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).with_context(context)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(context)?;
                let holder = output.personal(holder.trim());
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
            writeln!(
                file,
                "{who}, process {}, since {}",
                std::process::id(),
                jiff::Timestamp::now()
            )
        };
        write().with_context(context)?;
        Ok(Self { _file: file })
    }
}

/// The user and the host.
pub(crate) fn who() -> String {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = variable("USER").or_else(|| variable("USERNAME"));
    let host = std::fs::read_to_string("/etc/hostname").ok();
    let host = host.map(|name| name.trim().to_owned()).or_else(|| variable("COMPUTERNAME"));
    let unknown = || "unknown".to_owned();
    format!("{}@{}", user.unwrap_or_else(unknown), host.unwrap_or_else(unknown))
}
