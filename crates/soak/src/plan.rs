//! What a run is like.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a run is like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many updates there are. Every sixteenth is the read of a whole list instead.
    pub updates: u32,
    /// How many callers make them at once; at least one of each kind of update is needed.
    pub callers: u32,
    /// Where the random numbers start that draw the faults.
    pub seed: u64,
    /// The share of requests that go wrong, from 0 to 1.
    pub share: f64,
    /// The kinds of faults that are drawn.
    pub faults: Vec<letterhead_sandbox::Fault>,
    /// Whether the token endpoints have faults too. A sign-in that fails for good fails all calls for a while.
    pub faults_at_sign_in: bool,
    /// The `Retry-After` of a throttled request, in seconds.
    pub retry_after: u32,
    /// How often the services refuse connections for a moment.
    pub outages: u32,
    /// The time after which no further update is started, so that a run that can't end fails.
    pub time_limit: Duration,
    /// How long access tokens live, in whole seconds: so short that many end during a run.
    pub token_life: Duration,
    /// How the callers behave.
    pub conduct: Conduct,
}

impl Default for Plan {
    /// 10,000 updates by 64 callers with a fifth of the requests faulted, and another seed each time.
    fn default() -> Self {
        Self {
            updates: 10_000,
            callers: 64,
            seed: fastrand::u64(..),
            share: 0.2,
            faults: letterhead_sandbox::Fault::ALL.to_vec(),
            faults_at_sign_in: true,
            retry_after: 1,
            outages: 20,
            time_limit: Duration::from_secs(600),
            token_life: Duration::from_secs(1),
            conduct: Conduct::Honest,
        }
    }
}

/// How callers behave: well, or in one of the ways that a run is there to catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conduct {
    /// They use the client as it is meant, and report what it returns.
    Honest,
    /// They retry an update of a customer's user themselves, with another request id for each attempt.
    NewRequestIdPerAttempt,
    /// They take the ETag out of the organization profile before they write it.
    DropsEtag,
    /// They write the organization profile also where it was read without its ETag.
    WritesWithoutEtag,
    /// They update a profile at Cloudflare from any response with status 200, and fill in what it lacks.
    UpdatesFromAnyResponse,
    /// They retry an update of a customer's user, with another request id, after a complete response of success
    /// that can't be decoded.
    RetriesUndecodable,
    /// They take a page of customers without its list for an empty one.
    ReadsMissingListAsEmpty,
    /// They follow the cursors of a list of customers wherever they lead, if not for ever.
    FollowsEveryCursor,
    /// They report as done what may or may not have been applied.
    ReportsUncertainAsDone,
    /// They report as never sent what may or may not have been applied.
    ReportsUncertainAsUnsent,
    /// They report as refused what may or may not have been applied.
    ReportsUncertainAsRefused,
    /// They set up a client for each update of a customer's user, each with tokens of its own.
    ClientPerCall,
    /// One of them waits for a response for ever.
    NeverEnds,
    /// Each replica has tokens and quotas of its own.
    SharesNothing,
    /// The replicas take the vendors' quotas for twice as large.
    DoublesQuotas,
}
