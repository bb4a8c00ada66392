//! Properties over what the vendors may have: what is imported differs from nothing, and so does what is applied.

use letterhead_diagnostics::Look;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::company;
use crate::plan::TargetPlan;
use crate::select::select;
use crate::value::{edited, is_none, unfolded};

mod sandbox;

/// All kinds of targets, some of them twice.
fn every_target() -> Vec<Target> {
    let name = |name: &str| name.to_owned();
    vec![
        Target::Organization,
        Target::LegalBusiness,
        Target::Billing,
        Target::Support,
        Target::Network,
        Target::CloudflareOrganization(name("a1")),
        Target::CloudflareOrganization(name("b2")),
        Target::CloudflareAccount(name("c3")),
        Target::OrganizationalUnit(name("brand 4")),
        Target::GeographicalUnit(name("5")),
    ]
}

/// A text as people write it, or as nobody should.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-z]{1,6}( [A-Z][a-z]{1,6})?",
        1 => Just(String::new()),
        1 => "[ -~]{0,12}",
        1 => any::<String>(),
        1 => prop::sample::select(vec!["NO", "null", "~", "1e3", " padded ", "<b>&\"'", "14 Way\n2nd", "\u{202e}"])
            .prop_map(str::to_owned),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e12..1e12).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// The JSON of a resource as a vendor sends it: texts that hold JSON are texts.
fn resource(target: Target) -> impl Strategy<Value = (Target, String)> {
    let names: Vec<_> = target.shape().pointers().collect();
    let value = prop_oneof![6 => text().prop_map(Value::from), 1 => json_value()];
    let members = prop::collection::vec(prop::option::weighted(0.8, value), names.len());
    let free = prop::collection::btree_map("[a-z./~ ]{0,3}|.", json_value(), 0..4);
    let noise = prop_oneof![Just(None), text().prop_map(Some)];
    (members, free, noise).prop_map(move |(values, free, noise)| {
        let shape = target.shape();
        let mut json = r#"{"unknown":{"digits":1.000000000000000000000001}}"#.to_owned();
        for (pointer, value) in names.iter().zip(values) {
            if let Some(value) = value {
                json = edited(&json, pointer, &value, shape.texts).expect("JSON");
            }
        }
        for (name, value) in free.iter().filter(|_| !shape.texts.is_empty()) {
            let pointer =
                format!("/external_metadata/{}", letterhead_document::pointer::escaped(name));
            json = edited(&json, &pointer, value, shape.texts).expect("JSON");
        }
        // Free text where others have JSON.
        if let (Some(noise), Some(name)) = (noise, shape.texts.first()) {
            json = edited(&json, &format!("/{name}"), &noise.into(), &[]).expect("JSON");
        }
        (target.clone(), json)
    })
}

fn state() -> impl Strategy<Value = Vec<(Target, String)>> {
    every_target().into_iter().map(resource).collect::<Vec<_>>()
}

fn snapshot(target: &Target, json: &str) -> Snapshot {
    let value: Value = serde_json::from_str(json).expect("JSON");
    target.snapshot(&value).expect("JSON")
}

fn selected(file: &CompanyFile) -> Vec<Selected> {
    let session = Session::new(None, letterhead::partner_center::Cloud::Global);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    // It reads no list, so it needs no vendor.
    let (vendors, mut output) = (Vendors::new(&session), Output::discarded());
    runtime.block_on(select(file, &vendors, &mut output)).expect("targets")
}

fn imported(state: &[(Target, String)]) -> CompanyFile {
    let read = state.iter().map(|(target, json)| {
        (target.clone(), target.shape().members(&snapshot(target, json).document))
    });
    file_of(read.collect()).expect("a company file")
}

/// What would have to change, and the state after it was changed.
fn applied(file: &CompanyFile, state: &[(Target, String)]) -> (usize, Vec<(Target, String)>) {
    let selected = selected(file);
    let mut count = 0;
    let after = state.iter().map(|(target, json)| {
        let selected =
            selected.iter().find(|selected| selected.target == *target).expect("a target");
        let plan = TargetPlan::new(selected, &snapshot(target, json));
        count += plan.changes.len();
        let change = |json: String, change: &crate::target::Change| {
            edited(&json, &change.path, &change.new, target.shape().texts).expect("JSON")
        };
        (target.clone(), plan.changes.iter().fold(json.clone(), change))
    });
    let after = after.collect();
    (count, after)
}

/// The state as a vendor may write it anew: other blanks and another order in the texts, blanks around texts, and an
/// e-mail address in capital letters.
fn rewritten(state: &[(Target, String)]) -> Vec<(Target, String)> {
    let state = state.iter().map(|(target, json)| {
        let mut value: Value = serde_json::from_str(json).expect("JSON");
        for name in target.shape().texts {
            let text = value[*name].as_str().unwrap_or_default();
            if let Ok(members) = serde_json::from_str::<BTreeMap<String, Value>>(text) {
                let members =
                    members.iter().rev().map(|(name, value)| format!("{} :\t{value}", json!(name)));
                value[*name] =
                    format!("{{\n {} }}", members.collect::<Vec<_>>().join(" ,\n")).into();
            }
        }
        for (pointer, folds) in target.shape().pointers().map(|it| (it, target.shape().folds(it))) {
            if let Some(Value::String(text)) = value.pointer_mut(pointer) {
                // Some letters have several small ones.
                let capitals = text.to_uppercase();
                if folds && capitals.to_lowercase() == text.to_lowercase() {
                    *text = capitals;
                }
                *text = format!(" {text}\n");
            }
        }
        (target.clone(), value.to_string())
    });
    state.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_imported_differs_from_nothing(state in state()) {
        let yaml = imported(&state).to_yaml().expect("YAML");
        let file = company::parse("company.yaml", &yaml, Some(Look::default()));
        let file = file.map_err(|error| TestCaseError::fail(format!("{error:#}\n{yaml}")))?;
        let (count, after) = applied(&file, &state);
        prop_assert_eq!(count, 0, "{}", yaml);
        prop_assert_eq!(after, state);
    }

    #[test]
    fn what_is_applied_differs_from_nothing(state in state(), other in state()) {
        // Another state's values everywhere: each target gets some, loses some, and keeps what isn't managed.
        let file = imported(&other);
        let (_, after) = applied(&file, &state);
        for state in [&after, &rewritten(&after)] {
            let (count, again) = applied(&file, state);
            prop_assert_eq!(count, 0, "{}", file.to_yaml().expect("YAML"));
            prop_assert_eq!(&again, state);
        }
        for (_, json) in &after {
            prop_assert!(json.contains(r#""digits":1.000000000000000000000001"#));
        }
    }

    #[test]
    fn what_was_there_before_an_apply_is_known_after_it(state in state(), other in state()) {
        for selected in selected(&imported(&other)) {
            let (target, json) =
                state.iter().find(|(target, _)| *target == selected.target).expect("a target");
            let before = snapshot(target, json);
            let plan = TargetPlan::new(&selected, &before);
            let change = |json: String, change: &crate::target::Change| {
                edited(&json, &change.path, &change.new, target.shape().texts).expect("JSON")
            };
            let after = snapshot(target, &plan.changes.iter().fold(json.clone(), change));
            prop_assert_eq!(after.with(plan.old()).expect("JSON").hash(), before.hash());
        }
    }

    #[test]
    fn the_tables_are_inverse(state in state()) {
        for (target, json) in &state {
            let shape = target.shape();
            let document = snapshot(target, json).document;
            // Written into nothing, the members that a company has make the same members.
            let read = vec![(target.clone(), shape.members(&document))];
            let file = file_of(read.clone()).expect("a company file");
            let selected = selected(&file);
            let plan = TargetPlan::new(&selected[0], &Snapshot::default());
            let mut made = "{}".to_owned();
            for change in plan.changes.iter().chain(&plan.fixed) {
                let new = if change.new.is_array() && shape.texts.is_empty() { &change.new[0] } else { &change.new };
                made = edited(&made, &change.path, new, shape.texts).expect("JSON");
            }
            let made = unfolded(serde_json::from_str(&made).expect("JSON"), shape.texts);
            let known = |members: Members| members.into_iter().filter_map(|(member, value)| Some((member, value?)));
            let known = |members| known(members).filter(|(_, value)| !is_none(value)).collect::<BTreeMap<_, _>>();
            let differs = |fixed: &str| ["domains", "networkId"].contains(&fixed);
            let (one, other) = (known(shape.members(&made)), known(read[0].1.clone()));
            for (member, value) in &other {
                prop_assert!(differs(member) || one.get(member) == Some(value), "{} {:?}", member, one.get(member));
            }
        }
    }
}

#[test]
fn free_data_that_most_have_is_left_alone_where_there_is_none() {
    let organization = |id: &str| Target::CloudflareOrganization(id.to_owned());
    let with = r#"{"external_metadata":"{\"department\":\"metrology\"}"}"#;
    let state = [("a", with), ("b", with), ("c", "{}")];
    let state = state.map(|(id, json)| (organization(id), json.to_owned()));
    assert_eq!(applied(&imported(&state), &state).0, 0);
}
