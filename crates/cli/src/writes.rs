//! Which writes of an apply may have taken effect: those that were sent, and weren't clearly refused.

use std::collections::{BTreeMap, BTreeSet};

use letterhead::RequestId;
use percent_encoding::percent_decode_str;

use crate::target::Target;

/// The writes of an apply, as its journal has them.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    /// How the paths end that the targets are written at, each with the ids of the requests that write it; none where
    /// nothing else is written there.
    ends: BTreeMap<Target, (String, BTreeSet<Option<RequestId>>)>,
    /// The attempts that may have taken effect, each with its path.
    sent: BTreeMap<(RequestId, u32), String>,
}

impl Writes {
    /// A target is about to be written, at a path that ends so, by the request with the id if there is one.
    pub(crate) fn begin(&mut self, target: &Target, end: &str, id: Option<RequestId>) {
        let (own, ids) = self.ends.entry(target.clone()).or_default();
        end.clone_into(own);
        ids.insert(id);
    }

    /// An attempt is about to be sent.
    pub(crate) fn send(&mut self, id: RequestId, attempt: u32, path: &str) {
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        self.sent.insert((id, attempt), path);
    }

    /// It is known that an attempt has done nothing.
    pub(crate) fn refuse(&mut self, id: RequestId, attempt: u32) {
        self.sent.remove(&(id, attempt));
    }

    /// Whether a write of the target may have taken effect.
    pub(crate) fn may_have_taken_effect(&self, target: &Target) -> bool {
        let Some((end, ids)) = self.ends.get(target) else { return false };
        let is_own = |id: &RequestId| ids.contains(&None) || ids.contains(&Some(*id));
        self.sent.iter().any(|((id, _), path)| is_own(id) && path.ends_with(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_or_was_refused_has_no_effect() {
        let id = |digit: &str| format!("{}-0000-4000-8000-000000000000", digit.repeat(8));
        let [one, other] = ["1", "2"].map(|digit| id(digit).parse().expect("an id"));
        let unit = Target::OrganizationalUnit("brand".to_owned());
        let mut writes = Writes::default();
        writes.send(one, 1, "/x/orgUnitBase/%40a%2Fb");
        assert!(!writes.may_have_taken_effect(&unit), "it isn't known where it is written");
        writes.begin(&unit, "/orgUnitBase/@a/b", None);
        assert!(writes.may_have_taken_effect(&unit));
        assert!(!writes.may_have_taken_effect(&Target::Support));
        // A later attempt says nothing about an earlier one without a response.
        writes.send(one, 2, "/x/orgUnitBase/%40a%2Fb");
        writes.refuse(one, 2);
        assert!(writes.may_have_taken_effect(&unit));
        writes.refuse(one, 1);
        writes.refuse(other, 1);
        assert!(!writes.may_have_taken_effect(&unit));
    }

    #[test]
    fn a_profile_and_its_assignment_have_their_own_writes() {
        let id = |digit: &str| format!("{}-0000-4000-8000-000000000000", digit.repeat(8));
        let [one, other, later] = ["1", "2", "3"].map(|digit| id(digit).parse().expect("an id"));
        let email = || "ada@fabrikam.example".to_owned();
        let (profile, assignment) = (Target::CampaignProfile(email()), Target::Assignment(email()));
        let mut writes = Writes::default();
        writes.begin(&profile, "/profile/@a", Some(one));
        writes.begin(&assignment, "/profile/@a", Some(other));
        writes.send(one, 1, "/x/profile/@a");
        assert!(writes.may_have_taken_effect(&profile));
        assert!(!writes.may_have_taken_effect(&assignment), "it is written at the same path");
        // A later request says nothing about an earlier one.
        writes.begin(&profile, "/profile/@a", Some(later));
        assert!(writes.may_have_taken_effect(&profile));
    }
}
