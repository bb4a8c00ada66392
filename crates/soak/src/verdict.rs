//! Whether what was reported and what was applied agree.

use std::time::Duration;

use letterhead_sandbox::TokenGrant;

use crate::kind::Kind;
use crate::ledger::{Entry, Flaw, Ledger, Outcome, Reported};
use crate::promise::{Promise, Row};
use crate::scene::Scene;

/// The most that the memory may grow once a run is warm, in KiB. The services keep the responses to some
/// thousand writes, to recognize retries.
const GROWTH: u64 = 32 * 1024;

/// An update that was made.
struct Made<'a> {
    number: u32,
    kind: Kind,
    reported: Reported,
    entry: &'a Entry,
}

impl Made<'_> {
    /// Whether the wire had other ids for it than its caller has.
    fn has_other_ids(&self, ledger: &Ledger) -> bool {
        let Some((request_id, correlation_id)) = self.reported.ids else {
            return false;
        };
        let is_other = self.entry.request_id.is_some_and(|seen| seen != request_id);
        // An update that reads and writes has a request id for each call.
        let is_one_call = self.kind == Kind::User;
        ledger.number_of(correlation_id) != Some(self.number)
            || is_one_call && (self.entry.has_two_ids || is_other)
    }
}

/// The promises that the ledger decides. `is_last` says whether the organization profile is in the end as
/// the last write left it.
pub(crate) fn of_ledger(ledger: &Ledger, is_last: bool) -> Vec<Row> {
    let updates: Vec<_> = (0..)
        .zip(&ledger.entries)
        .filter_map(|(number, entry)| {
            let (kind, reported) = entry.reported?;
            Some(Made { number, kind, reported, entry })
        })
        .collect();
    let row = |promise, concerns: &dyn Fn(&Made) -> bool, breaks: &dyn Fn(&Made) -> bool| {
        let concerned = || updates.iter().filter(|update| concerns(update));
        let broken = concerned().filter(|update| breaks(update));
        let numbers = broken.map(|update| update.number);
        Row::of_updates(promise, concerned().count(), numbers)
    };
    let reported = |outcome| move |update: &Made| update.reported.outcome == outcome;
    let is_a_list = |update: &Made| update.kind.is_list();
    let has = |flaw| move |update: &Made| update.reported.flaw == Some(flaw);
    let is_applied = |update: &Made| update.entry.applied > 0;
    let is_of_partner_center = |update: &Made| update.kind.is_of_partner_center();
    let count = |promise, checked, broken| Row {
        promise,
        checked: Some(checked),
        broken,
        remark: String::new(),
    };
    let writes = ledger.entries.iter().map(|entry| u64::from(entry.applied));
    let all = ledger.entries.len() as u64;
    let profile = &ledger.profile;
    let mut ids = row(Promise::Ids, &is_of_partner_center, &|update| update.has_other_ids(ledger));
    ids.broken += ledger.unknown_ids;
    vec![
        row(
            Promise::DoneIsApplied,
            &|update| reported(Outcome::Done)(update) && !is_a_list(update),
            &|update| !is_applied(update),
        ),
        row(
            Promise::AppliedOnce,
            &|update| is_of_partner_center(update) && is_applied(update),
            &|update| update.entry.applied > 1,
        ),
        row(Promise::UnsentIsNotApplied, &reported(Outcome::Unsent), &is_applied),
        row(Promise::RefusedIsNotApplied, &reported(Outcome::Refused), &is_applied),
        count(Promise::NothingElse, writes.sum(), ledger.unknown_writes),
        count(Promise::NoOverwrite, profile.writes, profile.overwrites + u64::from(!is_last)),
        count(Promise::MembersKept, ledger.profiles_checked, ledger.members_lost),
        row(
            Promise::ListsComplete,
            &|update| reported(Outcome::Done)(update) && is_a_list(update),
            &has(Flaw::Incomplete),
        ),
        row(Promise::ListsEnd, &is_a_list, &has(Flaw::Endless)),
        ids,
        row(Promise::Ended, &|_| true, &reported(Outcome::Hung)),
        count(Promise::Finished, all, all - updates.len() as u64),
    ]
}

/// How many access tokens there were, and how many one client may need at most.
pub(crate) fn of_tokens(scene: &Scene, elapsed: Duration) -> Row {
    let [entra, ims] = [TokenGrant::EntraRefreshToken, TokenGrant::ImsClientCredentials]
        .map(|grant| scene.tokens(grant, elapsed));
    let excess = |(issued, most): (u64, u64)| issued.saturating_sub(most);
    Row {
        promise: Promise::Tokens,
        checked: Some(entra.0 + ims.0),
        broken: excess(entra) + excess(ims),
        remark: format!("Entra {} <= {}, IMS {} <= {}", entra.0, entra.1, ims.0, ims.1),
    }
}

/// The memory in KiB once the run was warm, and in the end.
pub(crate) fn of_memory(memory: Option<(u64, u64)>) -> Row {
    let remark = match memory {
        None => "not measured".to_owned(),
        Some((warm, last)) => format!("{} MiB, then {} MiB", warm / 1024, last / 1024),
    };
    Row {
        promise: Promise::Memory,
        checked: memory.map(|_| 2),
        broken: memory.map_or(0, |(warm, last)| u64::from(last > warm + GROWTH)),
        remark,
    }
}

#[cfg(test)]
mod tests {
    use letterhead::RequestId;
    use letterhead::uuid::Uuid;
    use serde_json::json;

    use super::*;

    const SALT: u64 = 7;

    /// A ledger in which each promise was kept, and something was looked at for it.
    fn sound() -> Ledger {
        let mut ledger = Ledger::new(4, SALT);
        let outcomes = [Outcome::Done, Outcome::Unsent, Outcome::Refused, Outcome::Uncertain];
        for (number, outcome) in (0..).zip(outcomes) {
            let request_id = RequestId::from(Uuid::from_u128(number.into()));
            let ids = Some((request_id, Ledger::correlation_id(SALT, number, 0)));
            let reported = Reported { outcome, ids, flaw: None };
            ledger.report(number, Kind::User, reported);
            ledger.entries[number as usize].request_id = Some(request_id);
        }
        ledger.entries[0].applied = 1;
        ledger
    }

    fn broken(spoil: impl FnOnce(&mut Ledger)) -> Vec<Promise> {
        let mut ledger = sound();
        spoil(&mut ledger);
        let rows = of_ledger(&ledger, true);
        let broken = rows.iter().filter(|row| row.broken > 0);
        broken.map(|row| row.promise).collect()
    }

    #[test]
    fn each_promise_is_broken_by_what_it_forbids_and_by_nothing_else() {
        let other = RequestId::from(Uuid::from_u128(99));
        let nobody = Ledger::correlation_id(SALT + 1, 0, 0);
        let reported = |outcome| Reported { outcome, ids: None, flaw: None };
        let list = |flaw| Reported { flaw: Some(flaw), ..reported(Outcome::Done) };
        assert_eq!(broken(|_| {}), []);
        assert_eq!(broken(|ledger| ledger.entries[3].applied = 1), []);
        for (spoil, promise) in [
            (
                &(|ledger: &mut Ledger| ledger.entries[0].applied = 0) as &dyn Fn(&mut Ledger),
                Promise::DoneIsApplied,
            ),
            (&|ledger| ledger.entries[0].applied = 2, Promise::AppliedOnce),
            (&|ledger| ledger.entries[1].applied = 1, Promise::UnsentIsNotApplied),
            (&|ledger| ledger.entries[2].applied = 1, Promise::RefusedIsNotApplied),
            (&|ledger| ledger.unknown_writes = 1, Promise::NothingElse),
            (&|ledger| ledger.profile.overwrites = 1, Promise::NoOverwrite),
            (&|ledger| ledger.members_lost = 1, Promise::MembersKept),
            (
                &|ledger| ledger.report(3, Kind::Customers, list(Flaw::Incomplete)),
                Promise::ListsComplete,
            ),
            (
                &|ledger| ledger.report(3, Kind::Organizations, list(Flaw::Endless)),
                Promise::ListsEnd,
            ),
            (&|ledger| ledger.unknown_ids = 1, Promise::Ids),
            (&|ledger| ledger.entries[0].has_two_ids = true, Promise::Ids),
            (&|ledger| ledger.entries[0].request_id = Some(other), Promise::Ids),
            (
                &|ledger| {
                    let ids = Some((other, nobody));
                    ledger.report(
                        3,
                        Kind::Organization,
                        Reported { ids, ..reported(Outcome::Uncertain) },
                    );
                },
                Promise::Ids,
            ),
            (&|ledger| ledger.report(3, Kind::User, reported(Outcome::Hung)), Promise::Ended),
            (&|ledger| ledger.entries[3].reported = None, Promise::Finished),
        ] {
            assert_eq!(broken(spoil), [promise]);
        }
    }

    #[test]
    fn a_profile_may_gain_members_and_lose_none() {
        let mut ledger = sound();
        let original = json!({"email": "a@b.example", "attributes": {"etag": "1"}});
        ledger.record_original("/profile".to_owned(), original);
        ledger.check_members("/profile", &json!({"email": "a@b.example", "soakWriter1": "soak-1"}));
        ledger.check_members("/elsewhere", &json!({}));
        assert_eq!((ledger.profiles_checked, ledger.members_lost), (1, 0));
        ledger.check_members("/profile", &json!({"email": ""}));
        ledger.check_members("/profile", &json!({}));
        assert_eq!((ledger.profiles_checked, ledger.members_lost), (3, 2));
    }

    #[test]
    fn memory_may_grow_a_little() {
        let kib = |warm, last| of_memory(Some((warm, last))).broken;
        assert_eq!([kib(90_000, 60_000), kib(50_000, 50_000 + GROWTH)], [0, 0]);
        assert_eq!(kib(50_000, 50_001 + GROWTH), 1);
        assert_eq!(of_memory(None).checked, None);
    }
}
