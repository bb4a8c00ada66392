//! Time and memory of whole processes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Runs a command several times. GNU time knows a process's time to ten milliseconds, and bash to one.
const SCRIPT: &str = r#"TIMEFORMAT='%3U %3S'; report=$1 times=$2; shift 2
exec 3>&2
{ time for ((i = 0; i < times; i++)); do "$@" 2>&3 3>&- || exit; done; } 2>"$report""#;

/// Runs a command so many times one after the other, for so many seconds at most. What it took is of one time.
pub(super) fn run(command: &Command, times: u32, seconds: u32) -> anyhow::Result<Ended> {
    const TIME: &str = "/usr/bin/time";
    static RUN: AtomicUsize = AtomicUsize::new(0);
    if !Path::new(TIME).exists() {
        bail!("`{TIME}` measures, and isn't there; install Debian's package `time`");
    }
    let run = RUN.fetch_add(1, Ordering::Relaxed);
    let report = format!("letterhead-bench-{}-{run}", std::process::id());
    let report = std::env::temp_dir().join(report);
    let (memory, cpu) = (report.with_extension("memory"), report.with_extension("cpu"));
    let mut time = Command::new(TIME);
    time.args(["--quiet", "--format", "%M", "--output"])
        .arg(&memory)
        .args(["timeout", "--kill-after=5", &seconds.to_string(), "bash", "-c", SCRIPT, "bash"])
        .arg(&cpu)
        .arg(times.to_string())
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
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(124) {
        said = format!("it took more than {seconds} seconds");
    }
    let mut taken = None;
    if output.status.success() {
        let [memory] = figures(&memory)?;
        let [user, system] = figures(&cpu)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole KiB")]
        let memory = memory as u64;
        taken = Some(Taken { cpu: (user + system) / f64::from(times), memory });
    }
    for report in [memory, cpu] {
        let _ = fs::remove_file(report);
    }
    Ok(Ended { taken, said })
}

/// The figures of a report.
fn figures<const COUNT: usize>(report: &Path) -> anyhow::Result<[f64; COUNT]> {
    let text = fs::read_to_string(report).unwrap_or_default();
    let figures = text.trim().split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>();
    let figures = figures.ok().and_then(|figures| figures.try_into().ok());
    figures.with_context(|| format!("what was taken isn't known: `{}`", text.trim()))
}

/// The middle of some figures: of the time and of the memory by themselves.
pub(super) fn median(rounds: &[Taken]) -> Option<Taken> {
    let mut cpu: Vec<f64> = rounds.iter().map(|taken| taken.cpu).collect();
    let mut memory: Vec<u64> = rounds.iter().map(|taken| taken.memory).collect();
    cpu.sort_by(f64::total_cmp);
    memory.sort_unstable();
    Some(Taken { cpu: *cpu.get(rounds.len() / 2)?, memory: *memory.get(rounds.len() / 2)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("bash");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_is_taken_is_of_one_time() {
        let count = "for ((i = 0; i < 100000; i++)); do :; done";
        let one = run(&shell(count), 1, 60).unwrap().taken.unwrap();
        let several = run(&shell(count), 4, 60).unwrap().taken.unwrap();
        assert!(one.cpu > 0.0 && one.memory > 0);
        assert!(several.cpu < 3.0 * one.cpu, "{several:?} {one:?}");
    }

    #[test]
    fn a_failure_has_what_was_said_and_ends_it() {
        let ended = run(&shell("echo no >&2; exit 3"), 4, 60).unwrap();
        assert!(ended.taken.is_none());
        assert_eq!(ended.said, "no\n");
    }
}
