//! Decoding and encoding loses nothing of whatever a schema allows.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

use super::{RoundTrip, Tested, document, of_operation};

/// Every response of success is decoded and encoded without loss.
pub(crate) fn every_response_survives<V: Tested>() {
    let document = document::<V>().to_json();
    let mut count = 0;
    let paths = document["paths"].as_object().unwrap().values();
    for operation in paths.flat_map(|item| item.as_object().unwrap().values()) {
        let Some(name) = operation["operationId"].as_str() else {
            continue;
        };
        let responses = operation["responses"].as_object().unwrap().iter();
        let success = responses.filter(|(status, _)| status.starts_with('2'));
        let mut schemas = success.map(|(_, it)| &it["content"]["application/json"]["schema"]);
        let Some(schema) = schemas.find(|schema| !schema.is_null()) else {
            continue;
        };
        let round_trip = of_operation(V::RESPONSES, name);
        assert_survives(&document, schema, name, *round_trip, false);
        let strange = if resolved(&document, schema)["type"] == "array" {
            format!("[{}]", strange())
        } else {
            strange()
        };
        assert_eq!(round_trip(strange.as_bytes()).unwrap(), strange, "{name}");
        count += 1;
    }
    assert!(count > 0);
}

/// Every object of the document that is built with setters has what they were given.
pub(crate) fn every_object_is_built<V: Tested>() {
    let document = document::<V>().to_json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut count = 0;
    for (name, built) in V::BUILT {
        if let Some(schema) = schemas.get(*name) {
            assert_survives(&document, schema, name, *built, true);
            count += 1;
        }
    }
    assert!(count > 0);
}

fn assert_survives(
    document: &Value,
    schema: &Value,
    name: &str,
    round_trip: RoundTrip,
    is_whole: bool,
) {
    let strategy = allowed(document, schema, 5, is_whole);
    // There are many more objects than responses, and the setters are alike.
    let cases = if is_whole { 8 } else { 64 };
    proptest!(ProptestConfig::with_cases(cases), |(value in strategy)| {
        let bytes = serde_json::to_vec(&value).unwrap();
        let again = round_trip(&bytes);
        prop_assert!(again.is_ok(), "{}: {:?} in {}", name, again, value);
        let again: Value = serde_json::from_str(&again.unwrap()).unwrap();
        prop_assert_eq!(again, value);
    });
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Any JSON that `schema` allows, plus members it doesn't know. Where it isn't whole, members are missing or
/// null that the schema requires: vendors do so.
fn allowed(document: &Value, schema: &Value, depth: u32, is_whole: bool) -> BoxedStrategy<Value> {
    let schema = resolved(document, schema);
    let value = match schema["type"].as_str() {
        Some("string") => {
            let listed: Vec<Value> = schema["enum"].as_array().cloned().unwrap_or_default();
            let any = any::<String>().prop_map(Value::from).boxed();
            if listed.is_empty() {
                any
            } else {
                prop_oneof![proptest::sample::select(listed), any].boxed()
            }
        }
        Some("integer") if schema["format"] == "int32" => {
            any::<i32>().prop_map(Value::from).boxed()
        }
        Some("integer") => any::<i64>().prop_map(Value::from).boxed(),
        Some("number") => any::<i32>().prop_map(|n| json!(f64::from(n) / 4.0)).boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("array") if depth == 0 => Just(json!([])).boxed(),
        Some("array") => {
            let item = allowed(document, &schema["items"], depth - 1, is_whole);
            prop::collection::vec(item, 0..3).prop_map(Value::from).boxed()
        }
        _ if schema["allOf"].is_array() => match schema["allOf"].as_array().unwrap().as_slice() {
            [only] => allowed(document, only, depth, is_whole),
            parts => object(document, &sum(document, parts), depth, is_whole),
        },
        _ if schema["anyOf"].is_array() || schema["oneOf"].is_array() => {
            let choices = ["anyOf", "oneOf"].into_iter();
            let choices = choices.filter_map(|it| schema[it].as_array()).flatten();
            let choices = choices.map(|choice| allowed(document, choice, depth, is_whole));
            prop::strategy::Union::new(choices).boxed()
        }
        _ if schema["enum"] == json!([null]) => Just(Value::Null).boxed(),
        Some("object") if depth == 0 && !is_whole => Just(json!({})).boxed(),
        Some("object") => object(document, schema, depth.saturating_sub(1), is_whole),
        None => anything(2),
        Some(other) => panic!("no strategy for a schema of type `{other}`"),
    };
    if schema["nullable"] == true {
        prop_oneof![1 => Just(Value::Null), 4 => value].boxed()
    } else {
        value
    }
}

/// The one object that the parts of an `allOf` make.
fn sum(document: &Value, parts: &[Value]) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in parts {
        let part = resolved(document, part);
        properties.extend(part["properties"].as_object().unwrap().clone());
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    json!({"properties": properties, "required": required})
}

fn object(document: &Value, schema: &Value, depth: u32, is_whole: bool) -> BoxedStrategy<Value> {
    let required = schema["required"].as_array();
    let known: Vec<(String, BoxedStrategy<Option<Value>>)> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, property)| {
            let value = allowed(document, property, depth, is_whole);
            let is_required = required.into_iter().flatten().any(|it| it == name);
            let value = match (is_whole, is_required) {
                (true, true) => value.prop_map(Some).boxed(),
                (true, false) => prop::option::of(value).boxed(),
                (false, _) => {
                    prop::option::of(prop_oneof![1 => Just(Value::Null), 8 => value]).boxed()
                }
            };
            (name.clone(), value)
        })
        .collect();
    let (names, values): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let unknown = prop::collection::btree_map("[a-zA-Z@._ -]{1,8}", anything(1), 0..3);
    (values, unknown)
        .prop_map(move |(values, unknown)| {
            let known = names.iter().cloned().zip(values);
            let known = known.filter_map(|(name, value)| Some((name, value?)));
            let mut members: Map<String, Value> =
                unknown.into_iter().filter(|(name, _)| !names.contains(name)).collect();
            members.extend(known);
            Value::Object(members)
        })
        .boxed()
}

fn anything(depth: u32) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(depth, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,4}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

/// An object whose members are valid JSON that no Rust type holds, or that one would write otherwise.
fn strange() -> String {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let members = [
        "1.0",
        "1e2",
        "1e400",
        "-0",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        r#""\ud800""#,
        r#""\u0041\/""#,
        r#"{ "b" : 1 , "a" : 2 , "b" : 3 }"#,
        &deep,
    ];
    let members = members.iter().enumerate();
    let members: Vec<_> = members.map(|(number, json)| format!("\"~{number}\":{json}")).collect();
    format!("{{{}}}", members.join(","))
}
