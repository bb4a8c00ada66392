//! The journal: what every apply is about to do and what became of it, line by line, on disk before a write is sent.
//!
//! It is the only state. Without it history is lost and nothing else: every apply reads the vendors first.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use letterhead::{Attempt, BoxFuture, CorrelationId, Hook, HookResult, Outcome, RequestId};
use serde::{Deserialize, Serialize};

use crate::became::Became;
use crate::folder;
use crate::plan::Plan;
use crate::target::Target;
use crate::writes::Writes;

/// One line of the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    /// The apply that it belongs to: the correlation id of its calls.
    pub(crate) apply: CorrelationId,
    #[serde(flatten)]
    pub(crate) event: Event,
}

/// What happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Event {
    /// An apply began.
    Begun { who: String, plan: Plan },
    /// An apply went on that was interrupted.
    Resumed { who: String },
    /// A target is about to be written: its content is the apply's once a request to a path that ends so takes
    /// effect, and has the request id if there is one.
    Writing {
        target: Target,
        #[serde(default)]
        path: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<RequestId>,
    },
    /// A write is about to be sent.
    Sent { request_id: RequestId, operation: String, path: String, attempt: u32 },
    /// It is known what became of a request.
    Received {
        request_id: RequestId,
        attempt: u32,
        status: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// Whether it is clear that it has done nothing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        refused: bool,
    },
    /// A target is done with.
    Settled { target: Target, became: Became },
    /// An apply ended, with so many targets for `--resume`: those that it left as they were, and those that failed.
    Ended { left: usize },
}

impl Event {
    /// Tells the writes of an apply what it says about them.
    pub(crate) fn enter(&self, writes: &mut Writes) {
        match self {
            Self::Writing { target, path, request_id } => {
                writes.begin(target, path, *request_id);
            }
            Self::Sent { request_id, path, attempt, .. } => {
                writes.send(*request_id, *attempt, path);
            }
            Self::Received { request_id, attempt, refused: true, .. } => {
                writes.refuse(*request_id, *attempt);
            }
            _ => {}
        }
    }
}

/// The file, to append to.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: Mutex<Open>,
    is_shared: bool,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// How long the lines are that are whole.
    whole: u64,
    /// Why a line couldn't be written that nobody waited for.
    fault: Option<io::Error>,
    /// The writes since it was opened.
    writes: Writes,
}

impl Journal {
    /// Opens the journal, and makes it where there is none. Its owner alone can read it: it holds a company's data.
    ///
    /// # Errors
    /// A file that can't be had.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let open = || {
            folder::make(folder::holder(path))?;
            let mut options = OpenOptions::new();
            options.read(true).append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path)?;
            let is_shared = !keep_private(&file)?;
            let whole = file.seek(SeekFrom::End(0))?;
            let mut open = Open { file, whole, fault: None, writes: Writes::default() };
            if whole == 0 {
                // A link leads to the file that is new.
                folder::sync(folder::holder(&fs::canonicalize(path)?))?;
            } else {
                // A power cut may have left a part of a line. It stays, as a line of its own.
                let mut last = [0];
                open.file.seek(SeekFrom::End(-1))?;
                open.file.read_exact(&mut last)?;
                if last != *b"\n" {
                    open.append(b"\n")?;
                }
            }
            io::Result::Ok((open, is_shared))
        };
        let (open, is_shared) =
            open().with_context(|| format!("the journal `{}`", path.display()))?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(open), is_shared })
    }

    /// Whether others can read it all the same.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Appends a line, which is on disk when this returns.
    ///
    /// # Errors
    /// A line that can't be written, now or before.
    pub(crate) fn append(&self, apply: CorrelationId, event: Event) -> anyhow::Result<()> {
        let entry = Entry { at: Timestamp::now(), apply, event };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        let mut open = self.open_file();
        let written = open.append(&line);
        let written = open.fault.take().map_or(written, Err);
        if written.is_ok() {
            entry.event.enter(&mut open.writes);
        }
        written.with_context(|| format!("the journal `{}` can't be written", self.path.display()))
    }

    /// Whether a write of the target that was entered since the journal was opened may have taken effect.
    pub(crate) fn may_have_taken_effect(&self, target: &Target) -> bool {
        self.open_file().writes.may_have_taken_effect(target)
    }

    /// As [`append`](Self::append), where nothing can be stopped any more: what fails is reported by the next line.
    fn append_or_remember(&self, apply: CorrelationId, event: Event) {
        if let Err(error) = self.append(apply, event) {
            self.open_file().fault = Some(io::Error::other(error));
        }
    }

    fn open_file(&self) -> MutexGuard<'_, Open> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(line).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.whole += line.len() as u64,
            // A disk that is full has the first part of it, which the next line mustn't go on with.
            Err(_) => self.file.set_len(self.whole)?,
        }
        written
    }
}

/// Takes a file that was there from others, who may have been allowed to read it; says whether that could be done. Some
/// file systems have no modes, and the owner alone can change one.
fn keep_private(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        // A device isn't the program's own.
        let is_open = || {
            let metadata = file.metadata()?;
            io::Result::Ok(metadata.is_file() && metadata.permissions().mode() & 0o077 != 0)
        };
        if is_open()? {
            let is_set = file.set_permissions(fs::Permissions::from_mode(0o600)).is_ok();
            return Ok(is_set && !is_open()?);
        }
    }
    Ok(true)
}

/// What a journal holds.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) entries: Vec<Entry>,
    /// The lines that are no entries.
    pub(crate) unreadable: Vec<Unreadable>,
}

/// A line that is no entry.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// How many entries stand before it.
    pub(crate) before: usize,
    /// Whether it is the first part of one, as a power cut leaves it. Nothing was done that it would have said.
    pub(crate) is_torn: bool,
}

/// Reads a journal.
///
/// # Errors
/// A file that can't be read. None is an empty journal.
pub(crate) fn read(path: &Path) -> anyhow::Result<Lines> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => bail!("the journal `{}`: {error}", path.display()),
    };
    let mut lines = Lines::default();
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line) {
            Ok(entry) => lines.entries.push(entry),
            Err(error) => lines
                .unreadable
                .push(Unreadable { before: lines.entries.len(), is_torn: error.is_eof() }),
        }
    }
    Ok(lines)
}

/// Enters every write in the journal, before it is sent and when it is known what became of it.
pub(crate) struct Recorder(pub(crate) Arc<Journal>);

impl Hook for Recorder {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            if !attempt.method().is_safe() {
                let event = Event::Sent {
                    request_id: attempt.request_id(),
                    operation: attempt.operation().to_owned(),
                    path: attempt.url().path().to_owned(),
                    attempt: attempt.number(),
                };
                self.0.append(attempt.correlation_id(), event)?;
            }
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if !attempt.method().is_safe() {
                let event = Event::Received {
                    request_id: attempt.request_id(),
                    attempt: attempt.number(),
                    status: outcome.status().map(|status| status.as_u16()),
                    // What a vendor says in words may hold personal data.
                    error: outcome.error().map(|error| format!("{:?}", error.kind())),
                    refused: outcome.error().is_some_and(|error| !error.may_have_taken_effect()),
                };
                self.0.append_or_remember(attempt.correlation_id(), event);
            }
        })
    }
}

/// Where the journal is unless the command says otherwise.
///
/// # Errors
/// A process without a home folder.
pub(crate) fn usual_path() -> anyhow::Result<PathBuf> {
    let variable =
        |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("XDG_STATE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    let folder =
        folder.context("there is no home folder; say where the journal is with `--journal`")?;
    Ok(folder.join("letterhead/journal.jsonl"))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_mode_that_cannot_be_changed_is_no_error() {
        // A regular file that everybody can read, of which nobody can change the mode.
        let file = File::open("/proc/self/comm").expect("a file");
        assert!(!keep_private(&file).expect("a file"));
        let own = tempfile::tempdir().expect("a folder");
        let own = File::create(own.path().join("own")).expect("a file");
        assert!(keep_private(&own).expect("a file"));
    }
}
