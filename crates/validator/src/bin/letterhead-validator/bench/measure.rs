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
    /// Of each round; of what takes long, of the first one only.
    times: Vec<Duration>,
    /// The most memory it used in each round, in KiB; of what takes long, in the first run only.
    memories: Vec<u64>,
}

/// Nobody waits longer.
const TIMEOUT: Duration = Duration::from_secs(900);
/// What takes so long is run once.
const LONG: Duration = Duration::from_secs(15);

impl Measured {
    /// The shortest time: what else the machine does only makes it longer.
    pub(super) fn time(&self) -> Duration {
        self.times.iter().copied().min().unwrap_or_default()
    }

    /// The median of the most memory that it used, in KiB: that of a program with a garbage collector differs by a tenth.
    pub(super) fn memory(&self) -> u64 {
        let mut memories = self.memories.clone();
        memories.sort_unstable();
        memories[memories.len() / 2]
    }

    /// How many times as long as another one it took in each round that both were in, the least first.
    pub(super) fn ratios(&self, other: &Self) -> Vec<f64> {
        let pairs = self.times.iter().zip(&other.times);
        let mut ratios: Vec<f64> = pairs.map(|(time, unit)| time.div_duration_f64(*unit)).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }
}

/// Runs all commands in turn, round after round, so that those of a round meet the same machine; nothing
/// where one doesn't end in time, or crashes.
pub(super) fn measure(
    commands: &[Option<&dyn Fn() -> Command>],
    rounds: usize,
) -> anyhow::Result<Vec<Option<Measured>>> {
    let mut row = Vec::new();
    for command in commands {
        // The first run fills the caches for the others.
        let first = command.map(|command| with_memory(&command(), TIMEOUT)).transpose()?.flatten();
        row.push(
            first.map(|(time, memory)| Measured { times: vec![time], memories: vec![memory] }),
        );
    }
    let is_long = |measured: &Measured| measured.time() > LONG;
    for round in 0..rounds {
        for (command, measured) in commands.iter().zip(&mut row) {
            let (Some(command), Some(found)) = (command, measured.as_mut()) else {
                continue;
            };
            if is_long(found) {
                continue;
            }
            match timed(&mut command(), TIMEOUT)? {
                // The first time was with cold caches.
                Some((time, _)) if round == 0 => found.times = vec![time],
                Some((time, _)) => found.times.push(time),
                None => {
                    *measured = None;
                    continue;
                }
            }
            // Apart from the times, which GNU time would make longer.
            found.memories.extend(with_memory(&command(), TIMEOUT)?.map(|(_, memory)| memory));
        }
    }
    Ok(row)
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
