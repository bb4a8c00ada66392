//! A run in which replicas, each in a process of its own, share on a Redis that goes away and comes back.

mod arrivals;
mod course;
mod grants;
mod message;
mod process;
mod replica;
mod run;
mod server;
mod sharing;

use std::path::PathBuf;
use std::time::Duration;

use letterhead_sandbox::Fault;

use crate::plan::Plan;

pub use replica::replica;

/// How many callers a replica has: all kinds of them.
const CALLERS: u32 = 16;

/// A run that is made by replicas.
#[derive(Debug, Clone)]
pub struct Replicas {
    /// What the run is like. Each replica has sixteen callers, whatever it says.
    pub plan: Plan,
    /// How many replicas there are.
    pub count: u32,
    /// The program that is a replica when it is started with `--replica`: it calls [`replica`].
    pub program: PathBuf,
}

impl Replicas {
    /// Ten thousand updates by so many replicas.
    ///
    /// The token endpoints have no faults: a refresh token that is good only once is lost for good with the
    /// response that has its replacement. No request is delivered twice, since that would count twice against
    /// a quota.
    #[must_use]
    pub fn new(count: u32, program: PathBuf) -> Self {
        let are_left_out = [Fault::DuplicateDelivery, Fault::TokensRevoked];
        let faults = Fault::ALL.iter().copied().filter(|fault| !are_left_out.contains(fault));
        let plan = Plan {
            callers: count * CALLERS,
            faults: faults.collect(),
            faults_at_sign_in: false,
            retry_after: 0,
            time_limit: Duration::from_secs(300),
            token_life: Duration::from_secs(5),
            ..Plan::default()
        };
        Self { plan, count, program }
    }
}
