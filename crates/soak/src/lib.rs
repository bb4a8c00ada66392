//! A long run under faults. Many callers update resources of all three vendors and read lists at once, through
//! clients that are set up as a service would do it, while a share of all requests goes wrong. In the end the
//! writes that the services applied are compared with what the callers reported.
//!
//! ```
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! use letterhead_soak::{Plan, run};
//!
//! let plan = Plan { updates: 40, callers: 8, seed: 7, ..Plan::default() };
//! let report = run(plan, |_| {}).await?;
//! assert!(report.holds(), "{report}");
//! # anyhow::Ok(()) })?;
//! # anyhow::Ok(())
//! ```
//!
//! With [`Replicas`] several processes make the updates, and share on a Redis that goes away and comes back.
//!
//! A run needs nothing but loopback, and that Redis, and is bounded in count and in time. The seed decides which
//! requests to a proxy go wrong and how. Which calls they belong to depends on the order of arrival.

mod audit;
mod caller;
mod careless;
mod clients;
mod door;
mod kind;
mod ledger;
mod lists;
mod memory;
mod plan;
mod promise;
mod replicas;
mod report;
mod run;
mod scene;
mod stage;
mod update;
mod verdict;

pub use kind::Kind;
pub use ledger::Outcome;
pub use plan::{Conduct, Plan};
pub use promise::{Promise, Row};
pub use replicas::{Replicas, replica};
pub use report::Report;
pub use run::run;
