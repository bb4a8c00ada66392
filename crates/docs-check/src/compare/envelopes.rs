//! Samples that have an envelope around entries, or lack one.

use letterhead_document::Schema;

use super::schemas::member_of_any_case;
use crate::json::{Node, Sample};

/// How many members of a sample a schema knows.
pub(super) fn known(schema: Schema<'_>, sample: &Node) -> usize {
    match &sample.value {
        Sample::Object { members, .. } => {
            let is_known = |name: &str| member_of_any_case(schema, name).is_some();
            members.iter().filter(|(name, ..)| is_known(name)).count()
        }
        _ => 0,
    }
}

/// The entries of a sample that is an envelope around them, where the schema is that of an entry.
pub(super) fn enveloped<'s>(schema: Schema<'_>, sample: &'s Node) -> Option<(&'s str, &'s [Node])> {
    let Sample::Object { members, .. } = &sample.value else {
        return None;
    };
    if schema.properties().is_empty() || known(schema, sample) > 0 {
        return None;
    }
    members.iter().find_map(|(name, _, value)| {
        let Sample::Array(entries) = &value.value else {
            return None;
        };
        let is_entry = |entry: &Node| match &entry.value {
            Sample::Object { members, .. } => known(schema, entry) * 2 > members.len(),
            _ => false,
        };
        let are_entries = !entries.is_empty() && entries.iter().any(is_entry);
        are_entries.then_some((name.as_str(), entries.as_slice()))
    })
}

/// The schema of an entry, where the sample is one and the schema is an envelope around many.
pub(super) fn entry<'d>(schema: Schema<'d>, sample: &Node) -> (Schema<'d>, bool) {
    let known = |schema: Schema<'d>| known(schema, sample);
    let members = schema.properties().into_iter();
    let mut lists = members.filter_map(|(_, member)| Some((member, member.items().next()?)));
    match &sample.value {
        // One page of the vendor's shows the entries without their envelope.
        Sample::Array(_) if schema.items().next().is_none() => match lists.next() {
            Some((list, _)) => (list, true),
            None => (schema, false),
        },
        Sample::Object { members, .. } if !members.is_empty() => {
            let best = lists.map(|(_, entry)| entry);
            let best = best.max_by_key(|entry| known(*entry));
            match best.filter(|entry| known(schema) == 0 && known(*entry) * 2 > members.len()) {
                Some(entry) => (entry, true),
                None => (schema, false),
            }
        }
        _ => (schema, false),
    }
}
