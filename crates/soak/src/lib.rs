//! Whether letterhead can be lived on for years: many callers update resources of all three vendors and
//! read lists at once, through clients set up as a service would, while a share of all exchanges goes wrong. In the
//! end the journal of what the services applied is compared with what the callers were told.
//!
//! ```
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! use letterhead_soak::{Plan, run};
//!
//! let plan = Plan { updates: 40, callers: 8, seed: 7, ..Plan::default() };
//! let report = run(plan, |_| {}).await?;
//! assert!(report.holds(), "{report}");
//! # Ok::<(), letterhead_soak::Fault>(()) })?;
//! # Ok::<(), letterhead_soak::Fault>(())
//! ```
//!
//! A run needs nothing but loopback, and is bounded in count and in time. The seed decides which
//! exchanges of a proxy go wrong and how; which call meets them depends on the order of arrival.

mod caller;
mod careless;
mod door;
mod ledger;
mod lists;
mod memory;
mod promise;
mod report;
mod run;
mod scene;
mod verdict;

use std::time::Duration;

pub use ledger::Outcome;
pub use promise::{Promise, Row};
pub use report::Report;
pub use run::run;

/// Why a run couldn't be made.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What a run is like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many updates there are. Every sixteenth is the read of a whole list instead.
    pub updates: u32,
    /// How many callers make them at once; at least one of each [`Kind`] is needed.
    pub callers: u32,
    /// What the faults are drawn from.
    pub seed: u64,
    /// The share of exchanges that go wrong, from 0 to 1.
    pub share: f64,
    /// The kinds of faults that are drawn.
    pub faults: Vec<letterhead_sandbox::Fault>,
    /// Whether the token endpoints have faults too. A sign-in that fails for good fails all calls for a while.
    pub faults_at_sign_in: bool,
    /// For how many seconds a throttled client is told to wait.
    pub retry_after: u32,
    /// How often nobody listens for a moment.
    pub outages: u32,
    /// After which time no further update is started, so that a run that can't end fails.
    pub patience: Duration,
    /// How the callers behave.
    pub conduct: Conduct,
}

impl Default for Plan {
    /// 10,000 updates by 64 callers with a fifth of the exchanges faulted, and another seed each time.
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
            patience: Duration::from_secs(600),
            conduct: Conduct::Honest,
        }
    }
}

/// How callers behave: well, or in one of the ways that a run is there to catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// They use the client as it is meant, and pass on what it tells.
    Honest,
    /// They repeat an update of a customer's user themselves, so that each attempt has a request id of
    /// its own.
    FreshRequestIds,
    /// They take the ETag out of the organization profile before they write it.
    BlindOverwrite,
    /// They write the organization profile also where it was read without its ETag.
    WritesWithoutEtag,
    /// They build an update of a profile at Cloudflare on whatever a read responds with status 200, and fill
    /// in what it lacks.
    BuildsOnAnything,
    /// They repeat an update of a customer's user, with a request id of its own, where a complete response of
    /// success can't be decoded.
    RepeatsUndecodable,
    /// They take a page of customers without its list for an empty one.
    TakesNoListForEmpty,
    /// They follow the cursors of a list of customers wherever they lead, if not for ever.
    FollowsEveryCursor,
    /// They report as done what may or may not have been done.
    CreditsUncertain,
    /// They report as never sent what may or may not have been done.
    DeniesUncertain,
    /// They report as refused what may or may not have been done.
    DismissesUncertain,
    /// They set up a client for each update of a customer's user, each with tokens of its own.
    ClientPerCall,
    /// One of them waits for an answer without an end.
    NeverEnds,
}

/// A kind of update, each of which has callers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Partner Center: PATCH of a customer's user, which is repeated under one request id.
    User,
    /// Partner Center: read, change and write of one organization profile with an ETag.
    Organization,
    /// Cloudflare: read, change and write of an organization's profile, each with one writer.
    Cloudflare,
    /// Campaign Standard: PATCH of a profile.
    Campaign,
    /// Partner Center: the list of customers, as a stream of items.
    Customers,
    /// Cloudflare: the list of organizations, as a stream of pages.
    Organizations,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::User,
        Self::Organization,
        Self::Cloudflare,
        Self::Campaign,
        Self::Customers,
        Self::Organizations,
    ];

    /// The kind of a caller's updates. Few share the organization profile: the more there are, the
    /// longer each of them loses the race.
    fn of_caller(caller: u32) -> Self {
        match caller % 16 {
            0 | 8 => Self::Organization,
            1 | 6 | 9 | 15 => Self::User,
            2 | 5 | 10 | 13 => Self::Cloudflare,
            4 | 12 => Self::Customers,
            7 => Self::Organizations,
            _ => Self::Campaign,
        }
    }

    /// The kind of an update. Each kind has its share of a run, also while its vendor's sign-in fails
    /// and its callers wait: a run that makes few updates of a kind proves little about it.
    fn of_update(number: u32) -> Self {
        match number % 32 {
            0 | 16 => Self::Organization,
            1..=5 | 17..=21 => Self::User,
            6..=10 | 22..=26 => Self::Cloudflare,
            11 => Self::Customers,
            27 => Self::Organizations,
            _ => Self::Campaign,
        }
    }

    fn is_of_partner_center(self) -> bool {
        matches!(self, Self::User | Self::Organization | Self::Customers)
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Customers | Self::Organizations)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::User => "Partner Center, users",
            Self::Organization => "Partner Center, one profile",
            Self::Cloudflare => "Cloudflare, profiles",
            Self::Campaign => "Campaign Standard, profiles",
            Self::Customers => "Partner Center, customers",
            Self::Organizations => "Cloudflare, organizations",
        })
    }
}
