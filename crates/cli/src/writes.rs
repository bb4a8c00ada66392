//! Which writes of an apply may have taken effect: those that were sent, and weren't clearly refused.

use std::collections::BTreeMap;

use letterhead::RequestId;
use percent_encoding::percent_decode_str;

use crate::target::Target;

/// The writes of an apply, as its journal has them.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    /// How the paths end that the targets are written at.
    ends: BTreeMap<Target, String>,
    /// The attempts that may have taken effect, each with its path.
    sent: BTreeMap<(RequestId, u32), String>,
}

impl Writes {
    /// A target is about to be written, at a path that ends so.
    pub(crate) fn begin(&mut self, target: &Target, end: &str) {
        self.ends.insert(target.clone(), end.to_owned());
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
        let Some(end) = self.ends.get(target) else { return false };
        self.sent.values().any(|path| path.ends_with(end))
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
        writes.begin(&unit, "/orgUnitBase/@a/b");
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
}
