//! A sandbox, a folder, and the program with both.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, RwLock};
use std::thread;

use letterhead_sandbox::Sandbox;
use rustix::pty::{OpenptFlags, openpt, ptsname, unlockpt};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_letterhead");

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

    /// Holds the requests to Cloudflare that begin with one of the lines, for as long as the gate is held.
    pub(crate) fn hold_requests(&mut self, lines: Vec<String>, gate: &Arc<RwLock<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("an address").to_string();
        let mut variables = self.variables.iter_mut();
        let url = variables.find(|(name, _)| name == "CLOUDFLARE_BASE_URL");
        let (_, url) = url.expect("the address of Cloudflare");
        let address = url.split('/').nth(2).expect("an address").to_owned();
        *url = url.replace(&address, &own);
        let gate = Arc::clone(gate);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (gate, lines, address) = (Arc::clone(&gate), lines.clone(), address.clone());
                let client = client.expect("a connection");
                // Who closes a connection ends its relay.
                thread::spawn(move || relay(client, &address, &lines, &gate));
            }
        });
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.path().join(name), content).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    /// Organizations at Cloudflare without a profile; their identifiers.
    pub(crate) fn put_organizations(&self, count: usize) -> Vec<String> {
        let ids: Vec<_> = (0..count).map(|number| format!("{number:032x}")).collect();
        for id in &ids {
            let path = format!("/client/v4/organizations/{id}");
            self.sandbox.put_resource(&path, json!({"id": id, "name": id}));
        }
        ids
    }

    pub(crate) fn journal(&self) -> PathBuf {
        let folder = self.folder.path().join("letterhead");
        fs::create_dir_all(&folder).expect("a folder");
        folder.join("journal.jsonl")
    }

    /// A lock that another process holds, until it is dropped.
    pub(crate) fn hold(&self, name: &str, holder: &str) -> fs::File {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let mut lock = fs::File::create(path).expect("a lock");
        lock.lock().expect("the lock");
        lock.write_all(holder.as_bytes()).expect("a lock");
        lock
    }

    /// The program in the folder, without settings.
    pub(crate) fn bare(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(PROGRAM);
        self.place(&mut command);
        command.args(arguments);
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

    /// The same, started by a line of the shell.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        self.place(&mut command);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.args(["-c", line, PROGRAM]);
        command
    }

    fn place(&self, command: &mut Command) {
        command.current_dir(self.folder.path());
        command.env_clear();
        command.env("XDG_STATE_HOME", self.folder.path()).env("HOME", self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    }

    pub(crate) fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
        self.command(arguments).output().expect("a process")
    }
}

/// Hands on what comes of a connection, and what comes back. A request begins with what one read gives.
fn relay(
    mut client: TcpStream,
    address: &str,
    lines: &[String],
    gate: &RwLock<()>,
) -> io::Result<()> {
    let mut server = TcpStream::connect(address)?;
    let (mut from, mut to) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to).and_then(|_| to.shutdown(Shutdown::Write)));
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let length = client.read(&mut bytes)?;
        if length == 0 {
            return server.shutdown(Shutdown::Write);
        }
        if lines.iter().any(|line| bytes[..length].starts_with(line.as_bytes())) {
            drop(gate.read());
        }
        server.write_all(&bytes[..length])?;
    }
}

/// What a terminal shows on which a command runs.
pub(crate) fn on_terminal(mut command: Command) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    unlockpt(&terminal).expect("a terminal");
    let name = ptsname(&terminal, Vec::new()).expect("a terminal").into_string().expect("UTF-8");
    let end = || OpenOptions::new().read(true).write(true).open(&name).expect("a terminal");
    command.env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end());
    let mut process = command.spawn().expect("a process");
    // From now on the process alone has the other end, and reading fails when that is closed.
    drop(command);
    let mut shown = Vec::new();
    let _ = fs::File::from(terminal).read_to_end(&mut shown);
    process.wait().expect("a process");
    String::from_utf8(shown).expect("UTF-8")
}

/// A company file for organizations at Cloudflare, which have a phone number.
pub(crate) fn company_of(phone: &str, organizations: &[String]) -> String {
    let entries: Vec<_> = organizations.iter().map(|id| format!("    - id: '{id}'\n")).collect();
    let entries = entries.concat();
    format!("company: {{phone: '{phone}'}}\ncloudflare:\n  organizations:\n{entries}")
}

/// All that can be seen of a process, with times and ids left out.
pub(crate) fn screen(output: &Output) -> String {
    let text = format!("{}--- notes\n{}", stdout(output), stderr(output));
    let is_id = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
    let is_time = |word: &str| word.len() >= 9 && word.ends_with('Z') && word.contains(':');
    let is_date =
        |word: &str| word.len() == 10 && word.starts_with("20") && word[4..].starts_with('-');
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', '.', ')']);
        let rest = &word[bare.len()..];
        match bare {
            _ if is_id(bare) => format!("[id]{rest}"),
            _ if is_time(bare) || is_date(bare) => format!("[time]{rest}"),
            _ => word.to_owned(),
        }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = text.lines().map(line).collect();
    format!("{}\n--- exit {:?}", lines.join("\n"), output.status.code())
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
