//! A server in a process of its own, so that its work isn't counted as a client's.

use std::error::Error;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{self, Child, Command, Stdio};
use std::{env, thread};

/// It ends when this is dropped.
pub(crate) struct Server {
    pub(crate) process: Child,
    /// What it printed when it was ready.
    pub(crate) line: String,
}

impl Server {
    /// This program with the argument `serve`: its first line says where it listens.
    pub(crate) fn own() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("serve");
        Self::start(command, |_| true)
    }

    /// A program that prints such a line once it listens.
    pub(crate) fn start(
        mut command: Command,
        is_ready: fn(&str) -> bool,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let Some(line) = lines.by_ref().map_while(Result::ok).find(|line| is_ready(line)) else {
            return Err(format!("the server didn't start: {}", process.wait()?).into());
        };
        // It can go on writing.
        thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, line })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Has the server's process end with its input, which is when the benchmark does.
pub(crate) fn end_with_input() {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
}
