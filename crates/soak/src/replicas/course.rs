//! What happens to Redis, to the tokens and to the replicas in the course of a run.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::grants::KNOWN;

/// For how long Redis is away.
const AWAY: Duration = Duration::from_millis(1500);

/// What happens, and after how many hundredths of the updates.
const COURSE: [(u32, Incident); 8] = [
    (5, Incident::TokensEnd),
    (12, Incident::RedisGoes),
    (25, Incident::TokensEnd),
    (30, Incident::ReplicaCrashes),
    (42, Incident::TokensEnd),
    (50, Incident::RedisGoes),
    (65, Incident::TokensEnd),
    (80, Incident::TokensEnd),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Incident {
    /// All access tokens are revoked.
    TokensEnd,
    /// Redis is killed.
    RedisGoes,
    RedisComesBack,
    /// The next replica that gets a token crashes before the others can have it.
    ReplicaCrashes,
}

/// Which incidents are still to come, one after the other.
pub(super) struct Course {
    updates: u32,
    left: VecDeque<(u32, Incident)>,
    gone_since: Option<Instant>,
    /// A replica is still to crash.
    pub(super) is_crash_awaited: bool,
    pub(super) tokens_ended: u64,
    /// When Redis was away.
    pub(super) away: Vec<Range<Instant>>,
}

impl Course {
    pub(super) fn new(updates: u32) -> Self {
        Self {
            updates,
            left: COURSE.into(),
            gone_since: None,
            is_crash_awaited: false,
            tokens_ended: 0,
            away: Vec::new(),
        }
    }

    /// What happens now that so many updates were started.
    pub(super) fn next(&mut self, started: u32) -> Option<Incident> {
        if let Some(since) = self.gone_since {
            return (since.elapsed() >= AWAY).then_some(Incident::RedisComesBack);
        }
        // One thing after the other: a replica that doesn't know yet that Redis is back gets tokens alone.
        let is_new = self.away.last().is_some_and(|it| it.end.elapsed() < KNOWN);
        if self.is_crash_awaited || is_new {
            return None;
        }
        let (share, incident) = *self.left.front()?;
        if u64::from(started) * 100 < u64::from(self.updates) * u64::from(share) {
            return None;
        }
        self.left.pop_front();
        Some(incident)
    }

    /// The replica that was to crash had no lease: another one crashes.
    pub(super) fn await_another_crash(&mut self) {
        self.is_crash_awaited = false;
        self.left.push_front((0, Incident::ReplicaCrashes));
    }

    /// Takes note of what has happened, and began then.
    pub(super) fn note(&mut self, incident: Incident, begun: Instant) {
        match incident {
            Incident::TokensEnd => self.tokens_ended += 1,
            Incident::RedisGoes => self.gone_since = Some(begun),
            Incident::RedisComesBack => {
                self.away.extend(self.gone_since.take().map(|since| since..Instant::now()));
            }
            Incident::ReplicaCrashes => self.is_crash_awaited = true,
        }
    }

    /// Whether all of it has happened.
    pub(super) fn is_over(&self) -> bool {
        self.left.is_empty() && self.gone_since.is_none() && !self.is_crash_awaited
    }
}
