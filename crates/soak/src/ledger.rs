//! Each update: what its caller reported, and what the services applied.

use std::collections::BTreeMap;
use std::fmt;

use http::Method;
use letterhead::uuid::Uuid;
use letterhead::{CorrelationId, Error, RequestId};
use letterhead_sandbox::{AppliedWrite, RecordedRequest, Vendor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kind::Kind;

/// How an update ended, as its caller reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was applied.
    Done,
    /// It failed before anything was sent.
    Unsent,
    /// It was sent, and without effect.
    Refused,
    /// It failed, and may or may not have been done.
    Uncertain,
    /// It didn't end in its time.
    Hung,
}

impl Outcome {
    /// All outcomes, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Done, Self::Unsent, Self::Refused, Self::Uncertain, Self::Hung];

    pub(crate) fn of(error: &Error) -> Self {
        match (error.may_have_been_sent(), error.may_have_taken_effect()) {
            (_, true) => Self::Uncertain,
            (true, false) => Self::Refused,
            (false, false) => Self::Unsent,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Done => "done",
            Self::Unsent => "not sent",
            Self::Refused => "no effect",
            Self::Uncertain => "uncertain",
            Self::Hung => "hung",
        })
    }
}

/// What a caller reports.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Reported {
    pub(crate) outcome: Outcome,
    pub(crate) ids: Option<(RequestId, CorrelationId)>,
    /// What is wrong with a list that was read.
    pub(crate) flaw: Option<Flaw>,
}

/// What a list must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    /// It ended without an error, and lacks items or has some twice.
    Incomplete,
    /// Its reader gave up after many more pages than there are.
    Endless,
}

/// One update. All of them are there from the start, so that a long run needs no more memory than it
/// had then.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    pub(crate) reported: Option<(Kind, Reported)>,
    pub(crate) applied: u32,
    /// The request id under which it came first.
    pub(crate) request_id: Option<RequestId>,
    /// Whether it came under another one as well.
    pub(crate) has_two_ids: bool,
}

/// All updates of a run.
#[derive(Debug)]
pub(crate) struct Ledger {
    salt: u64,
    pub(crate) entries: Vec<Entry>,
    /// Writes with a marker that no update has.
    pub(crate) unknown_writes: u64,
    /// Requests to Partner Center whose ids aren't those of an update.
    pub(crate) unknown_ids: u64,
    pub(crate) profile: Profile,
    /// By path, the members that each replaced profile had at the start and that nobody changes.
    originals: BTreeMap<String, Map<String, Value>>,
    /// Replaced profiles that were checked, and those that lack a member from the start.
    pub(crate) profiles_checked: u64,
    pub(crate) members_lost: u64,
}

/// The organization profile, as one write after the other leaves it.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// The last marker of each writer.
    pub(crate) markers: BTreeMap<String, Value>,
    pub(crate) writes: u64,
    /// Writes that took back what another writer had written.
    pub(crate) overwrites: u64,
}

/// Each writer of the organization profile has a member that begins like this.
const WRITER: &str = "soakWriter";
/// Who wrote the organization profile last.
pub(crate) const LAST_WRITER: &str = "soakLastWriter";

pub(crate) fn member_of(writer: u32) -> String {
    format!("{WRITER}{writer}")
}

/// What an update writes.
pub(crate) fn marker(number: u32) -> String {
    format!("soak-{number}")
}

fn number_in(marker: &Value) -> Option<usize> {
    marker.as_str()?.strip_prefix("soak-")?.parse().ok()
}

impl Ledger {
    pub(crate) fn new(updates: u32, salt: u64) -> Self {
        Self {
            salt,
            entries: vec![Entry::default(); updates as usize],
            unknown_writes: 0,
            unknown_ids: 0,
            profile: Profile::default(),
            originals: BTreeMap::new(),
            profiles_checked: 0,
            members_lost: 0,
        }
    }

    /// Takes note of what a profile holds at the start.
    pub(crate) fn record_original(&mut self, path: String, profile: Value) {
        if let Value::Object(mut members) = profile {
            // The ETag is another one after each write, and the name is what is written.
            members.retain(|name, _| name != "attributes" && name != "business_name");
            self.originals.insert(path, members);
        }
    }

    /// Looks for what a profile held at the start.
    pub(crate) fn check_members(&mut self, path: &str, profile: &Value) {
        if let Some(original) = self.originals.get(path) {
            self.profiles_checked += 1;
            let is_whole = original.iter().all(|(name, it)| profile.get(name) == Some(it));
            self.members_lost += u64::from(!is_whole);
        }
    }

    /// The profiles of which is known what they held at the start.
    pub(crate) fn profiles(&self) -> Vec<String> {
        self.originals.keys().cloned().collect()
    }

    /// The correlation id of an update: its number can be read from it. Further
    /// calls of the same update have other numbers.
    pub(crate) fn correlation_id(salt: u64, number: u32, call: u32) -> CorrelationId {
        let rest = u64::from(call) << 32 | u64::from(number);
        Uuid::from_u64_pair(salt, rest).into()
    }

    pub(crate) fn report(&mut self, number: u32, kind: Kind, reported: Reported) {
        self.entries[number as usize].reported = Some((kind, reported));
    }

    /// Enters a write that the sandbox applied.
    pub(crate) fn record_write(&mut self, write: &AppliedWrite) {
        let body = &write.body;
        self.check_members(&write.target, body);
        let marker = match (write.vendor, &write.method) {
            (Vendor::PartnerCenter, &Method::PUT) => {
                let writer = body[LAST_WRITER].as_str().unwrap_or_default();
                self.profile.written(body, writer);
                &body[writer]
            }
            (Vendor::PartnerCenter, _) => &body["displayName"],
            (Vendor::Cloudflare, _) => &body["business_name"],
            _ => &body["firstName"],
        };
        match number_in(marker).and_then(|number| self.entries.get_mut(number)) {
            Some(entry) => entry.applied += 1,
            None => self.unknown_writes += 1,
        }
    }

    /// Enters a request; only those to Partner Center have ids.
    pub(crate) fn record_request(&mut self, recorded: &RecordedRequest) {
        if !recorded.path().starts_with("/v1/") {
            return;
        }
        let id = |name| recorded.header(name)?.parse::<Uuid>().ok();
        let (request_id, correlation_id) = (id("ms-requestid"), id("ms-correlationid"));
        let update = correlation_id.and_then(|id| self.update_of(id));
        let (Some(request_id), Some((call, number))) = (request_id, update) else {
            self.unknown_ids += 1;
            return;
        };
        let request_id = RequestId::from(request_id);
        let entry = &mut self.entries[number as usize];
        if call == 0 {
            entry.has_two_ids |= *entry.request_id.get_or_insert(request_id) != request_id;
        }
    }

    /// The update that has a correlation id.
    pub(crate) fn number_of(&self, id: CorrelationId) -> Option<u32> {
        let (_, number) = self.update_of(id.into())?;
        Some(number)
    }

    fn update_of(&self, id: Uuid) -> Option<(u32, u32)> {
        let (salt, rest) = id.as_u64_pair();
        let call = u32::try_from(rest >> 32).ok()?;
        let number = u32::try_from(rest & u64::from(u32::MAX)).ok()?;
        let is_update = salt == self.salt && (number as usize) < self.entries.len();
        is_update.then_some((call, number))
    }
}

impl Profile {
    fn written(&mut self, body: &Value, writer: &str) {
        self.writes += 1;
        let markers = markers_in(body);
        let is_kept = |(member, marker): (&String, &Value)| {
            member == writer || markers.get(member) == Some(marker)
        };
        self.overwrites += u64::from(!self.markers.iter().all(is_kept));
        self.markers = markers;
    }
}

/// The writers' members of an organization profile.
pub(crate) fn markers_in(profile: &Value) -> BTreeMap<String, Value> {
    let members = profile.as_object().into_iter().flatten();
    members
        .filter(|(member, _)| member.starts_with(WRITER))
        .map(|(member, marker)| (member.clone(), marker.clone()))
        .collect()
}
