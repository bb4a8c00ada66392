//! A sandbox, a folder, and the program with both.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use letterhead_sandbox::Sandbox;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A sandbox that a program can reach, and a folder for its files.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
    variables: Vec<(String, String)>,
    /// The sandbox lives in it.
    _runtime: Runtime,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = runtime.block_on(Sandbox::start()).expect("a sandbox");
        let variables = sandbox.environment(folder.path()).expect("an environment");
        Self { sandbox, folder, variables, _runtime: runtime }
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.path().join(name), content).expect("a file");
    }

    pub(crate) fn journal(&self) -> PathBuf {
        let folder = self.folder.path().join("letterhead");
        fs::create_dir_all(&folder).expect("a folder");
        folder.join("journal.jsonl")
    }

    /// The program in the folder, without settings.
    pub(crate) fn bare(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_letterhead"));
        command.args(arguments).current_dir(self.folder.path());
        command.env_clear().env("XDG_STATE_HOME", self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The program in the folder, with the settings for the sandbox.
    pub(crate) fn command(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Command {
        let mut command = self.bare(arguments);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
        self.command(arguments).output().expect("a process")
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
