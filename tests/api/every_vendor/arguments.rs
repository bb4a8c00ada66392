//! The arguments of a call, from a request that succeeds.

use std::collections::BTreeMap;

use letterhead_document::Document;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::plain;

/// Arguments by their plain names.
#[derive(Default)]
pub(crate) struct Arguments(BTreeMap<String, Vec<Value>>);

impl Arguments {
    /// Those of a request for an operation: what stands in its path and its query, and its body.
    pub(crate) fn of(
        document: &Document,
        operation: &str,
        target: &str,
        body: Option<&Value>,
    ) -> Self {
        let mut arguments = Self::default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut operations = document.operations();
        let declared = operations.find(|it| it.id() == Some(operation)).unwrap();
        let template = declared.path.text.trim_matches('/');
        let parts: Vec<_> = template.split('/').collect();
        let segments: Vec<_> = path.trim_end_matches('/').split('/').collect();
        // What stands in front of the operation's path is the base URL's.
        let own = &segments[segments.len() - parts.len()..];
        for (part, segment) in parts.iter().zip(own) {
            if let Some((_, rest)) = part.split_once('{') {
                let (name, _) = rest.split_once('}').unwrap();
                arguments.add(name, decode(segment).into());
            }
        }
        for (name, value) in pairs(query) {
            arguments.add(&name, value.into());
        }
        if let Some(body) = body {
            arguments.add("body", body.clone());
        }
        arguments
    }

    fn add(&mut self, name: &str, value: Value) {
        self.0.entry(plain(name)).or_default().push(value);
    }

    /// What an argument is, if it is there.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let values = self.0.remove(&plain(name))?;
        let all = Value::from(values.clone());
        let text = values[0].as_str().unwrap_or_default();
        let number = serde_json::from_str(text).unwrap_or_default();
        let forms = [values[0].clone(), number, all];
        let mut read = forms.into_iter().filter_map(|it| serde_json::from_value(it).ok());
        Some(read.next().unwrap_or_else(|| panic!("`{name}` can't be {values:?}")))
    }

    /// Stops where the call has no setter for an argument.
    pub(crate) fn assert_taken(&self) {
        let names: Vec<_> = self.0.keys().collect();
        assert!(names.is_empty(), "no setter for {names:?}");
    }
}

/// The decoded pairs of a query.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// Percent-decodes a text.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

#[test]
fn arguments_are_read_as_what_a_setter_takes() {
    let mut arguments = Arguments::default();
    for (name, value) in [("perPage", "2"), ("org", "7"), ("kind", "a"), ("kind", "b")] {
        arguments.add(name, value.into());
    }
    assert_eq!(arguments.take::<i64>("per_page"), Some(2));
    assert_eq!(arguments.take::<String>("org").as_deref(), Some("7"));
    let kinds = arguments.take::<Vec<String>>("kind");
    assert_eq!(json!(kinds), json!(["a", "b"]));
    assert_eq!(arguments.take::<bool>("kind"), None);
    assert_eq!(decode("a%2fb%"), "a/b%");
}
