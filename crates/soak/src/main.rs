//! `cargo xtask soak`: makes a run, shows its progress, and prints its report.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser;
use letterhead_soak::{Plan, Replicas, replica, run};

/// Prove the clients under faults: many callers update resources of all three vendors at once while a
/// share of the requests goes wrong, and in the end what was applied is compared with what they reported. Needs
/// nothing but loopback, and with `--replicas` a Redis, which it starts itself. Exits 0 when every promise was kept, 1 when one was broken, 2 when it could not
/// run.
#[derive(Parser)]
#[command(name = "cargo xtask soak", bin_name = "cargo xtask soak")]
struct Arguments {
    /// How many updates to make; every sixteenth is the read of a list instead.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    updates: u32,
    /// Let so many replicas make them, each in a process of its own with 16 callers, that share on a Redis which
    /// goes away and comes back. Needs `redis-server`, of Debian's package of this name.
    #[arg(long, conflicts_with = "callers", value_parser = clap::value_parser!(u32).range(2..=64))]
    replicas: Option<u32>,
    /// How many callers make them at once.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(8..=10_000))]
    callers: u32,
    /// What the faults are drawn from; random unless given.
    #[arg(long)]
    seed: Option<u64>,
    /// The share of requests that go wrong, from 0 to 1.
    #[arg(long, default_value_t = 0.2, value_parser = share)]
    share: f64,
    /// Be a replica.
    #[arg(long, hide = true)]
    replica: bool,
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if arguments.replica {
        let outcome = runtime.block_on(replica());
        // Its input may be read for ever.
        runtime.shutdown_background();
        return outcome.map(|()| true);
    }
    let replicas = match arguments.replicas {
        Some(count) => Some(Replicas::new(count, env::current_exe()?)),
        None => None,
    };
    let plan = match &replicas {
        Some(replicas) => replicas.plan.clone(),
        None => Plan { callers: arguments.callers, ..Plan::default() },
    };
    let plan = Plan {
        updates: arguments.updates,
        seed: arguments.seed.unwrap_or(plan.seed),
        share: arguments.share,
        ..plan
    };
    let mut progress = Progress::of(&plan);
    let report = runtime.block_on(async {
        match replicas {
            Some(replicas) => {
                Replicas { plan, ..replicas }.run(|started| progress.show(started)).await
            }
            None => run(plan, |started| progress.show(started)).await,
        }
    })?;
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
