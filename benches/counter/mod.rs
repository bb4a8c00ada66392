//! What valgrind counts in a process: the same figure on a busy machine as on an idle one.

use std::env;
use std::io::ErrorKind;
use std::process::{Command, Stdio};

use crate::Fault;

/// A figure that valgrind shows at the end of a process.
pub(crate) struct Counter {
    #[allow(dead_code, reason = "not every benchmark shows it")]
    pub(crate) what: &'static str,
    arguments: &'static [&'static str],
    /// What stands before and after the figure.
    around: [&'static str; 2],
}

pub(crate) const INSTRUCTIONS: Counter = Counter {
    what: "instructions",
    arguments: &["--tool=callgrind", "--callgrind-out-file=/dev/null"],
    around: ["Collected : ", "\n"],
};

#[allow(dead_code, reason = "not every benchmark counts them")]
pub(crate) const ALLOCATIONS: Counter = Counter {
    what: "allocations",
    arguments: &["--tool=memcheck", "--undef-value-errors=no"],
    around: ["total heap usage: ", " allocs"],
};

/// What is still allocated at the end.
#[allow(dead_code, reason = "not every benchmark counts it")]
pub(crate) const HELD: Counter = Counter {
    what: "bytes",
    arguments: &["--tool=memcheck", "--undef-value-errors=no", "--leak-check=no"],
    around: ["in use at exit: ", " bytes"],
};

impl Counter {
    /// Whether valgrind is installed.
    pub(crate) fn is_there() -> Result<bool, Fault> {
        match Command::new("valgrind").arg("--version").stdout(Stdio::null()).status() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            status => Ok(status.map(|status| status.success())?),
        }
    }

    /// What this program counts for each time that it does the work of `arguments`, which end with how often
    /// it does it. What it takes to start is in both runs, and so not in their difference.
    #[allow(dead_code, reason = "not every benchmark counts so")]
    pub(crate) fn each(&self, arguments: &[&str], [few, many]: [u32; 2]) -> Result<f64, Fault> {
        let figures = [few, many].map(|times| self.count(arguments, times));
        let [of_few, of_many] = figures;
        Ok((of_many? - of_few?) / f64::from(many - few))
    }

    /// What this program counts in a run with `arguments`, which end with a number.
    pub(crate) fn count(&self, arguments: &[&str], times: u32) -> Result<f64, Fault> {
        let run = Command::new("valgrind")
            .args(self.arguments)
            .arg(env::current_exe()?)
            .args(arguments)
            .arg(times.to_string())
            .output()?;
        let report = String::from_utf8_lossy(&run.stderr);
        if !run.status.success() {
            return Err(format!("valgrind: {}\n{report}", run.status).into());
        }
        let [before, after] = self.around;
        let figure = report.split_once(before).and_then(|(_, rest)| rest.split_once(after));
        let (figure, _) = figure.ok_or_else(|| format!("valgrind counted nothing:\n{report}"))?;
        Ok(figure.replace(',', "").trim().parse()?)
    }
}
