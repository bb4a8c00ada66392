//! `cargo xtask soak`: makes a run, shows its progress, and prints its report.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser;
use letterhead_soak::{Plan, run};

/// Prove the clients under faults: many callers update resources of all three vendors at once while a
/// share of the requests goes wrong, and in the end what was applied is compared with what they reported. Needs
/// nothing but loopback. Exits 0 when every promise was kept, 1 when one was broken, 2 when it could not
/// run.
#[derive(Parser)]
#[command(name = "cargo xtask soak", bin_name = "cargo xtask soak")]
struct Arguments {
    /// How many updates to make; every sixteenth is the read of a list instead.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    updates: u32,
    /// How many callers make them at once.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(8..=10_000))]
    callers: u32,
    /// What the faults are drawn from; random unless given.
    #[arg(long)]
    seed: Option<u64>,
    /// The share of requests that go wrong, from 0 to 1.
    #[arg(long, default_value_t = 0.2, value_parser = share)]
    share: f64,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it is a number from 0 to 1".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    letterhead_command::run(|| soak(&arguments))
}

fn soak(arguments: &Arguments) -> anyhow::Result<bool> {
    let plan = Plan::default();
    let plan = Plan {
        updates: arguments.updates,
        callers: arguments.callers,
        seed: arguments.seed.unwrap_or(plan.seed),
        share: arguments.share,
        ..plan
    };
    let mut progress = Progress::of(&plan);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(run(plan, |started| progress.show(started)))?;
    progress.clear();
    write!(io::stdout().lock(), "{report}")?;
    Ok(report.holds())
}

/// A line on a terminal, and nothing elsewhere.
struct Progress {
    updates: u32,
    seed: u64,
    shown: Option<u32>,
    is_terminal: bool,
}

impl Progress {
    fn of(plan: &Plan) -> Self {
        Self {
            updates: plan.updates,
            seed: plan.seed,
            shown: None,
            is_terminal: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, started: u32) {
        let step = (self.updates / 200).max(1);
        if !self.is_terminal || self.shown.is_some_and(|shown| started < shown + step) {
            return;
        }
        self.shown = Some(started);
        let Self { updates, seed, .. } = self;
        // Nobody misses a line that can't be shown.
        let _ = write!(io::stderr(), "\r{started} of {updates} updates, seed {seed}");
    }

    fn clear(&self) {
        if self.is_terminal {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
