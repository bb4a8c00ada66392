//! The program as a process, and what it wrote.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use letterhead_sandbox::Sandbox;

/// What the program wrote, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) notes: String,
}

impl Ran {
    /// All that can be seen of it, with ids and addresses that differ from run to run left out.
    pub(crate) fn screen(&self) -> String {
        let text = format!("{}--- notes\n{}--- exit {}", self.out, self.notes, self.code);
        let traced = |line: &str| match line.split_once("trace id ") {
            Some((before, _)) => format!("{before}trace id [id]\n"),
            None => format!("{line}\n"),
        };
        let text: String = text.lines().map(traced).collect();
        let is_id = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
        let is_part = |c: char| c.is_ascii_hexdigit() || c == '-';
        let mut screen = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(is_part) {
            let end = rest[at..].find(|c| !is_part(c)).map_or(rest.len(), |end| at + end);
            screen.push_str(&rest[..at]);
            screen.push_str(if is_id(&rest[at..end]) { "[id]" } else { &rest[at..end] });
            rest = &rest[end..];
        }
        screen + rest
    }
}

/// The program with these words and variables, and nothing else in its environment.
pub(crate) fn command(words: &[&str], variables: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_letterhead"));
    command.args(words).env_clear().envs(variables.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run_with(words: &[&str], variables: &[(String, String)], input: &str) -> Ran {
    let mut child = command(words, variables).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that reads nothing may be gone.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("its output");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let ran = Ran { code: status.code().unwrap_or(-1), out: text(stdout), notes: text(stderr) };
    // Whatever the test is about.
    crate::secrets::assert_hidden(&ran);
    ran
}

pub(crate) fn run(words: &[&str]) -> Ran {
    run_with(words, &[], "")
}

/// `letterhead --sandbox call` and these words.
pub(crate) fn call(words: &[&str]) -> Ran {
    run(&[&["--sandbox", "call"], words].concat())
}

/// A sandbox in a thread, and the environment that leads to it.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) folder: tempfile::TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let variables = sandbox.environment(folder.path()).expect("an environment");
        Self { sandbox, variables, folder }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) async fn run(&self, words: &[&str]) -> Ran {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let variables = self.variables.clone();
        let ran = tokio::task::spawn_blocking(move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            run_with(&words, &variables, "")
        });
        ran.await.expect("the program")
    }
}
