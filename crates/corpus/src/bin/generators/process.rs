//! Time and memory of whole processes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// What a process and its children took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// Of the processor, in seconds.
    pub(super) cpu: f64,
    /// The most memory of one of them, in KiB.
    pub(super) memory: u64,
}

/// How a process ended.
pub(super) struct Ended {
    /// None where it failed, or took too long.
    pub(super) taken: Option<Taken>,
    /// What it says of a failure.
    pub(super) said: String,
}

/// Runs a command to its end, for so many seconds at most.
pub(super) fn run(command: &Command, seconds: u32) -> anyhow::Result<Ended> {
    const TIME: &str = "/usr/bin/time";
    if !Path::new(TIME).exists() {
        bail!("`{TIME}` measures, and isn't there; install Debian's package `time`");
    }
    let report = std::env::temp_dir().join(format!("letterhead-bench-{}", std::process::id()));
    let mut time = Command::new(TIME);
    time.args(["--quiet", "--format", "%U %S %M", "--output"])
        .arg(&report)
        .args(["timeout", "--kill-after=5", &seconds.to_string()])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        time.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => time.env(name, value),
            None => time.env_remove(name),
        };
    }
    let output = time.output().with_context(|| format!("can't run `{TIME}`"))?;
    let text = fs::read_to_string(&report).unwrap_or_default();
    let _ = fs::remove_file(&report);
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(124) {
        said = format!("it took more than {seconds} seconds");
    }
    let taken = if output.status.success() { Some(read(&text)?) } else { None };
    Ok(Ended { taken, said })
}

fn read(text: &str) -> anyhow::Result<Taken> {
    let line = text.trim().lines().last().unwrap_or_default();
    let figures: Option<Vec<f64>> = line.split(' ').map(|figure| figure.parse().ok()).collect();
    let Some([user, system, memory]) = figures.as_deref() else {
        bail!("GNU time doesn't say what was taken: `{line}`");
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole KiB")]
    let memory = *memory as u64;
    Ok(Taken { cpu: user + system, memory })
}

/// The middle of some figures: of the time and of the memory by themselves.
pub(super) fn median(rounds: &[Taken]) -> Option<Taken> {
    let mut cpu: Vec<f64> = rounds.iter().map(|taken| taken.cpu).collect();
    let mut memory: Vec<u64> = rounds.iter().map(|taken| taken.memory).collect();
    cpu.sort_by(f64::total_cmp);
    memory.sort_unstable();
    Some(Taken { cpu: *cpu.get(rounds.len() / 2)?, memory: *memory.get(rounds.len() / 2)? })
}
