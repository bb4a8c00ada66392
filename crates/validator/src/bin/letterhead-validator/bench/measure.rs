//! Time and memory of whole processes.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::tools::quiet;

/// What a tool takes for a document.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    /// The shortest of several runs: what else the machine does only makes them longer.
    pub(super) time: Duration,
    /// The most memory it used, in KiB.
    pub(super) memory: u64,
}

/// Nobody waits longer.
const TIMEOUT: Duration = Duration::from_secs(300);
const QUICK_TIMEOUT: Duration = Duration::from_secs(60);
/// What takes so long is run once.
const LONG: Duration = Duration::from_secs(15);

/// Nothing where a tool doesn't end in time, or crashes.
pub(super) fn measure(
    command: &dyn Fn() -> Command,
    quick: bool,
) -> anyhow::Result<Option<Measured>> {
    let timeout = if quick { QUICK_TIMEOUT } else { TIMEOUT };
    // The first run measures the memory, and fills the caches for the others.
    let Some((first, memory)) = with_memory(&command(), timeout)? else {
        return Ok(None);
    };
    let mut times = vec![first];
    if !quick && first < LONG {
        times.clear();
        while times.len() < 5 {
            let Some((time, _)) = timed(&mut command(), timeout)? else {
                return Ok(None);
            };
            times.push(time);
        }
    }
    let time = times.into_iter().min();
    Ok(time.map(|time| Measured { time, memory }))
}

/// Runs a command to its end; nothing where that takes longer than `timeout`, or a signal ended it.
pub(super) fn timed(
    command: &mut Command,
    timeout: Duration,
) -> anyhow::Result<Option<(Duration, ExitStatus)>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("can't run `{program}`"))?;
    loop {
        let status = child.try_wait()?;
        let time = start.elapsed();
        if let Some(status) = status {
            return Ok(status.code().map(|_| (time, status)));
        }
        if time > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_micros(200).max(time / 200));
    }
}

/// The time of a command and the most memory that it ever uses, as GNU time reports it.
fn with_memory(command: &Command, timeout: Duration) -> anyhow::Result<Option<(Duration, u64)>> {
    const TIME: &str = "/usr/bin/time";
    if !Path::new(TIME).exists() {
        bail!("`{TIME}` measures memory, and isn't there; install Debian's package `time`");
    }
    let report = std::env::temp_dir().join(format!("letterhead-bench-{}", std::process::id()));
    let mut time = Command::new(TIME);
    time.args(["--quiet", "--format", "%M", "--output"])
        .arg(&report)
        .arg(command.get_program())
        .args(command.get_args());
    quiet(&mut time);
    let outcome = timed(&mut time, timeout)?;
    let text = fs::read_to_string(&report).unwrap_or_default();
    let _ = fs::remove_file(&report);
    let Some((time, _)) = outcome else {
        return Ok(None);
    };
    let memory = text.trim().lines().last().and_then(|line| line.parse().ok());
    let memory = memory.context("GNU time doesn't say how much memory was used")?;
    Ok(Some((time, memory)))
}
