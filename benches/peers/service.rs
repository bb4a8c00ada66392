//! What the clients call: the sandbox or Prism, in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::{env, fs, io, process, thread};

use letterhead_sandbox::Sandbox;

use crate::Fault;

/// It ends when this is dropped.
pub(crate) struct Service {
    process: Child,
    pub(crate) base_url: String,
}

impl Service {
    pub(crate) fn sandbox() -> Result<Self, Fault> {
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let base_url = first_line(&mut process, |_| true)?;
        Ok(Self { process, base_url })
    }

    /// A server by others that prints a line once it listens.
    pub(crate) fn other(
        mut command: Command,
        base_url: String,
        is_ready: fn(&str) -> bool,
    ) -> Result<Self, Fault> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        first_line(&mut process, is_ready)?;
        Ok(Self { process, base_url })
    }

    /// How many seconds of CPU it has used.
    pub(crate) fn cpu(&self) -> Result<f64, Fault> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // After the name, which may have blanks in it: the state is the third field, and the times are 14 and 15.
        let (_, fields) = stat.rsplit_once(") ").ok_or("no such process")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let [user, system] = [fields[11].parse::<f64>()?, fields[12].parse::<f64>()?];
        // In hundredths on every Linux.
        Ok((user + system) / 100.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for a line of a process, and goes on reading, so that it can go on writing.
fn first_line(process: &mut Child, is_it: fn(&str) -> bool) -> Result<String, Fault> {
    let stdout = process.stdout.take().ok_or("the server has no output")?;
    let mut lines = BufReader::new(stdout).lines();
    let found = lines.by_ref().map_while(Result::ok).find(|line| is_it(line));
    let Some(line) = found else {
        return Err(format!("the server didn't start: {}", process.wait()?).into());
    };
    thread::spawn(move || lines.for_each(drop));
    Ok(line)
}

/// Is the sandbox, until the input ends.
pub(crate) fn serve() -> Result<(), Fault> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start().await?;
        sandbox.record_requests(false);
        println!("{}", sandbox.cloudflare_url());
        std::future::pending().await
    })
}
