//! What a run and its replicas say to each other: lines of JSON on the replica's input and output.

use std::io::{self, Write as _};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clients::Addresses;
use crate::kind::Kind;
use crate::plan::Conduct;
use crate::scene::Lists;
use crate::stage::{Event, Part};

/// What a replica begins with: the first line of its input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) addresses: Addresses,
    pub(super) redis: String,
    pub(super) lists: Lists,
    pub(super) salt: u64,
    pub(super) part: Part,
    /// How many updates all replicas make.
    pub(super) updates: u32,
    /// From where on each kind of update is made.
    pub(super) next: [u32; Kind::ALL.len()],
    pub(super) time_limit: Duration,
    pub(super) conduct: Conduct,
}

/// Each further line of a replica's input. It ends when the input does.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Whether to stand still as soon as it has a new token, until it is to go on.
    StandStill(bool),
}

/// Each line of a replica's output.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    Event(Event),
    /// It stands still with a new token: where it has a lease, nobody else can have one.
    StandsStill,
    /// It has made all of its updates.
    Finished,
}

impl Message {
    /// Says it to the run.
    pub(super) fn send(&self) {
        let Ok(line) = serde_json::to_string(self) else { return };
        // Where nobody reads, the input ends as well.
        let _ = writeln!(io::stdout(), "{line}");
    }
}
