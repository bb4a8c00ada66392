//! What the callers of one process share.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::clients::Clients;
use crate::kind::Kind;
use crate::ledger::Reported;
use crate::plan::Plan;
use crate::scene::Lists;

/// What the callers of one process share.
pub(crate) struct Stage {
    pub(crate) plan: Plan,
    pub(crate) clients: Clients,
    pub(crate) lists: Lists,
    /// Makes the ids of this run its own.
    pub(crate) salt: u64,
    part: Part,
    /// Up to where each kind has looked for its updates.
    next: Next,
    deadline: Instant,
    record: Box<dyn Fn(Event) + Send + Sync>,
}

/// Which of the updates are a process's: one part of so many.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) index: u32,
    pub(crate) of: u32,
}

/// From where on each kind looks for its updates.
type Next = [Mutex<u32>; Kind::ALL.len()];

/// What callers say of an update.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Event {
    Started(u32),
    Ended(u32, Reported),
}

impl Part {
    pub(crate) const WHOLE: Self = Self { index: 0, of: 1 };

    fn has(self, number: u32) -> bool {
        // Each part has each kind.
        number / Kind::PATTERN % self.of == self.index
    }
}

impl Stage {
    pub(crate) fn new(
        plan: Plan,
        clients: Clients,
        lists: Lists,
        salt: u64,
        record: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        Self {
            deadline: Instant::now() + plan.time_limit,
            plan,
            clients,
            lists,
            salt,
            part: Part::WHOLE,
            next: Next::default(),
            record: Box::new(record),
        }
    }

    /// With only a part of the updates, and none of a kind before a number.
    pub(crate) fn of_part(self, part: Part, next: [u32; Kind::ALL.len()]) -> Self {
        Self { part, next: next.map(Mutex::new), ..self }
    }

    pub(crate) fn next(&self, kind: Kind) -> Option<u32> {
        let mut next = self.next[kind as usize].lock().unwrap_or_else(PoisonError::into_inner);
        let number = (*next..self.plan.updates)
            .take_while(|_| Instant::now() < self.deadline)
            .find(|number| Kind::of_update(*number) == kind && self.part.has(*number));
        *next = number.map_or(self.plan.updates, |number| number + 1);
        // Before anyone takes the next one: those of a kind start in their order.
        self.record(Event::Started(number?));
        number
    }

    pub(crate) fn record(&self, event: Event) {
        (self.record)(event);
    }
}
