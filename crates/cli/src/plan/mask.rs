//! A plan without personal data.

use serde_json::Value;

use super::Plan;
use crate::mapping::is_impersonal;

const MASK: &str = "***";

/// The plan with a mask in place of every value that may say something about a person. What isn't managed may be
/// anything.
pub(crate) fn masked(mut plan: Plan) -> Plan {
    for target in &mut plan.targets {
        target.label = target.label.as_ref().map(|_| MASK.to_owned());
        let changes = target.changes.iter_mut().chain(&mut target.fixed);
        for change in changes.filter(|change| !is_impersonal(&change.member)) {
            mask(&mut change.old);
            mask(&mut change.new);
        }
        for held in target.unmanaged.iter_mut().chain(&mut target.replaced) {
            mask(&mut held.value);
        }
    }
    plan
}

fn mask(value: &mut Value) {
    if !crate::value::is_none(value) {
        *value = MASK.into();
    }
}
