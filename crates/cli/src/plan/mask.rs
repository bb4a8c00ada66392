//! A plan without personal data.

use serde_json::Value;

use super::{Plan, TargetPlan};
use crate::mapping::is_impersonal;
use crate::output::MASK;

impl Plan {
    /// The plan with a mask in place of every value that may say something about a person. What isn't managed may be
    /// anything.
    pub(super) fn masked(&self) -> Self {
        let mut plan = Self { masked: true, ..self.clone() };
        plan.targets = self.targets.iter().map(TargetPlan::masked).collect();
        for unread in &mut plan.failed {
            unread.target = unread.target.masked();
        }
        plan
    }
}

impl TargetPlan {
    /// The same of one target.
    pub(crate) fn masked(&self) -> Self {
        // Whoever knows all but a phone number finds it by its hash.
        let mut target = Self { read: String::new(), etag: None, ..self.clone() };
        target.target = target.target.masked();
        target.label = target.label.as_ref().map(|_| MASK.to_owned());
        let changes = target.changes.iter_mut().chain(&mut target.fixed);
        for change in changes.filter(|change| !is_impersonal(&change.member)) {
            mask(&mut change.old);
            mask(&mut change.new);
        }
        for held in target.unmanaged.iter_mut().chain(&mut target.replaced) {
            mask(&mut held.value);
        }
        target
    }
}

fn mask(value: &mut Value) {
    if !crate::value::is_none(value) {
        *value = MASK.into();
    }
}
