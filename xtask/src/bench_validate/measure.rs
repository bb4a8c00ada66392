//! Time and memory of whole processes.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::tools::quiet;

/// What a tool takes for a document.
pub(super) struct Measured {
    /// The median; none where it didn't end in time, or crashed.
    pub(super) time: Option<Duration>,
    /// In KiB.
    pub(super) memory: Option<u64>,
}

/// Nobody waits longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn measure(command: &dyn Fn() -> Command, quick: bool) -> anyhow::Result<Measured> {
    let mut times = Vec::new();
    let mut runs = if quick { 1 } else { 5 };
    while times.len() < runs {
        let Some((time, _)) = timed(&mut command(), PATIENCE)? else {
            return Ok(Measured {
                time: None,
                memory: None,
            });
        };
        times.push(time);
        // The median of three tells as much about what takes long.
        if time > Duration::from_secs(10) {
            runs = runs.min(3);
        }
    }
    times.sort();
    Ok(Measured {
        time: Some(times[times.len() / 2]),
        memory: Some(memory(&command())?),
    })
}

/// Runs a command to its end; nothing where that takes longer than `patience`, or a signal ended it.
pub(super) fn timed(
    command: &mut Command,
    patience: Duration,
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
        if time > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_micros(200).max(time / 200));
    }
}

/// The most memory that a command ever holds, as GNU time tells it.
fn memory(command: &Command) -> anyhow::Result<u64> {
    const TIME: &str = "/usr/bin/time";
    if !Path::new(TIME).exists() {
        bail!("`{TIME}` measures memory, and isn't there; install Debian's package `time`");
    }
    let folder = std::env::temp_dir().join(format!("letterhead-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let told = folder.join("memory");
    let mut time = Command::new(TIME);
    time.args(["--quiet", "--format", "%M", "--output"])
        .arg(&told)
        .arg(command.get_program())
        .args(command.get_args());
    quiet(&mut time);
    timed(&mut time, PATIENCE)?;
    let text = fs::read_to_string(&told).unwrap_or_default();
    fs::remove_dir_all(&folder)?;
    let number = text
        .trim()
        .lines()
        .last()
        .and_then(|line| line.parse().ok());
    number.context("GNU time doesn't say how much memory was used")
}
