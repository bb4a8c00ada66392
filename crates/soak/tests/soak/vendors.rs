//! Whether a run has calls of every vendor.

use letterhead_soak::Kind;
use letterhead_spec::VENDORS;

/// Vendors without a kind of call, each with the reason.
const LEFT_OUT: [(&str, &str); 0] = [];

#[test]
fn every_vendor_has_a_kind_of_call_or_a_reason_for_none() {
    for vendor in VENDORS {
        let mut kinds = Kind::ALL.iter().map(Kind::to_string);
        let is_there = kinds.any(|kind| kind.starts_with(&format!("{}, ", vendor.name)));
        let is_left_out = LEFT_OUT.iter().any(|(id, _)| *id == vendor.id);
        assert!(
            is_there != is_left_out,
            "{}: add a kind of call to `Kind`, or a reason to `LEFT_OUT`",
            vendor.name
        );
    }
}
