//! Whether a run has calls of every vendor.

use letterhead_soak::Kind;
use letterhead_spec::VENDORS;

/// How a document names the update of a resource that is replaced whole.
const UPDATE: &str = ".update(";

#[test]
fn every_vendor_whose_resources_are_replaced_has_a_kind_of_call() {
    for vendor in VENDORS {
        let mut kinds = Kind::ALL.iter().map(Kind::to_string);
        let is_there = kinds.any(|kind| kind.starts_with(&format!("{}, ", vendor.name)));
        let mut lines = vendor.document().lines();
        let is_replaced = lines.any(|line| line.contains("x-convenience") && line.contains(UPDATE));
        assert!(is_there || !is_replaced, "{}: add a kind of call to `Kind`", vendor.name);
    }
    assert!(Kind::ALL.len() > 2);
}
