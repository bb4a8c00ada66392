//! What a run proves.

use std::fmt;

/// What a run proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// What was reported as done was applied.
    DoneIsApplied,
    /// Nothing is applied twice where all attempts of a call have the same request id.
    AppliedOnce,
    /// What was reported as never sent was not applied.
    UnsentIsNotApplied,
    /// What was reported as refused was not applied.
    RefusedIsNotApplied,
    /// Nothing was applied that no caller asked for.
    NothingElse,
    /// No write undid another one, where there is an ETag.
    NoOverwrite,
    /// A profile keeps every member that it had at the start, through every write.
    MembersKept,
    /// A list that ends without an error has each of its items once.
    ListsComplete,
    /// Every list ends, in an error where its pages don't.
    ListsEnd,
    /// One request id for a call and one correlation id for an update: on the wire, and as reported.
    Ids,
    /// No more access tokens than one refresh at a time needs.
    Tokens,
    /// Replicas redeem no refresh token twice.
    RefreshTokens,
    /// Replicas together send no more requests than a quota allows, in any stretch of time.
    Quota,
    /// Every call ended in its time.
    Ended,
    /// Every update was made.
    Finished,
    /// The memory doesn't grow with the updates.
    Memory,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DoneIsApplied => "reported done: applied",
            Self::AppliedOnce => "applied once (Partner Center)",
            Self::UnsentIsNotApplied => "reported not sent: not applied",
            Self::RefusedIsNotApplied => "reported no effect: not applied",
            Self::NothingElse => "nothing else was applied",
            Self::NoOverwrite => "no write with an ETag lost",
            Self::MembersKept => "no member of a profile lost",
            Self::ListsComplete => "lists complete, nothing twice",
            Self::ListsEnd => "every list ends",
            Self::Ids => "ids stay with their call",
            Self::Tokens => "one token refresh at a time",
            Self::RefreshTokens => "no refresh token redeemed twice",
            Self::Quota => "all replicas within one quota",
            Self::Ended => "every call ended in time",
            Self::Finished => "every update was made",
            Self::Memory => "memory does not grow",
        })
    }
}

/// One promise and what was found.
#[derive(Debug, Clone)]
pub struct Row {
    /// The promise.
    pub promise: Promise,
    /// How many were checked; none where that couldn't be measured.
    pub checked: Option<u64>,
    /// How many broke it.
    pub broken: u64,
    /// Further facts, for people.
    pub remark: String,
}

impl Row {
    /// A row about updates, which names some of those that broke the promise.
    pub(crate) fn of_updates(
        promise: Promise,
        checked: usize,
        broken: impl Iterator<Item = u32>,
    ) -> Self {
        let broken: Vec<u32> = broken.collect();
        let some = broken.iter().take(3).map(u32::to_string);
        let some = some.collect::<Vec<_>>().join(", ");
        Self {
            promise,
            checked: Some(checked as u64),
            broken: broken.len() as u64,
            remark: if some.is_empty() { some } else { format!("such as {some}") },
        }
    }
}
