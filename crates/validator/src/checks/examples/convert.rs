//! From the located tree to JSON Schema, for the validator.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::{Kind as Value, Node};
use serde_json::{Map, Value as Json, json};

use super::unclear::Unclear;
use crate::checks::schemas::{is_nullable, patterns};
use crate::model::Model;

/// Where a converted schema has its pattern as the author wrote it, if that is another one.
pub(super) const WRITTEN: &str = "x-written-pattern";

/// Converts schemas, and those that they lead to.
pub(super) struct Converter<'a, 'd> {
    model: &'a Model<'d>,
    unclear: &'a Unclear,
    /// The schemas that references lead to, by their numbers.
    components: BTreeMap<usize, Json>,
    numbers: HashMap<*const Node, usize>,
    open: Vec<(usize, &'d Node)>,
    /// How many schemas were converted since the components were last taken.
    size: usize,
    /// The target that is being converted, while no property or item was entered.
    within: Option<&'d Node>,
    /// Whether each pattern compiles.
    patterns: HashMap<&'d str, bool>,
    /// The names of the members that the values have.
    members: HashSet<&'d str>,
}

impl<'a, 'd> Converter<'a, 'd> {
    /// `values` are those that are held against the schemas.
    pub(super) fn new(
        model: &'a Model<'d>,
        unclear: &'a Unclear,
        values: impl Iterator<Item = &'d Node>,
    ) -> Self {
        let mut members = HashSet::new();
        values.for_each(|value| names(value, &mut members));
        Self {
            members,
            model,
            unclear,
            components: BTreeMap::new(),
            numbers: HashMap::new(),
            open: Vec::new(),
            size: 0,
            within: None,
            patterns: HashMap::new(),
        }
    }

    /// A schema without one of its keywords, whose components are converted with it.
    pub(super) fn convert(&mut self, node: &'d Node, but: &str) -> Json {
        let schema = self.schema(node, but);
        while let Some((number, node)) = self.open.pop() {
            self.within = Some(node);
            let schema = self.schema(node, "");
            self.within = None;
            self.components.insert(number, schema);
        }
        schema
    }

    /// How many schemas have been converted since the components were last taken.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The components that everything converted since they were last taken leads to.
    pub(super) fn take_components(&mut self) -> Json {
        self.size = 0;
        let components = std::mem::take(&mut self.components).into_iter();
        let schemas: Map<String, Json> =
            components.map(|(number, schema)| (number.to_string(), schema)).collect();
        Json::Object(Map::from_iter([("schemas".to_owned(), schemas.into())]))
    }

    fn schema(&mut self, node: &'d Node, but: &str) -> Json {
        self.size += 1;
        match node.get("$ref") {
            Some(target) => self.reference(node, target),
            None => self.inline(node, but),
        }
    }

    fn reference(&mut self, holder: &'d Node, target: &'d Node) -> Json {
        let target = target.as_str().and_then(|reference| {
            let node = self.model.target(reference)?;
            // What would have to be looked at again and again allows anything here.
            self.model.resolve(holder)?;
            let is_endless = self.within.is_some_and(|within| self.leads_to(node, within));
            (!is_endless).then_some(node)
        });
        let Some(node) = target else {
            return json!({});
        };
        let next = self.numbers.len();
        let number = *self.numbers.entry(std::ptr::from_ref(node)).or_insert(next);
        if let Entry::Vacant(vacant) = self.components.entry(number) {
            vacant.insert(Json::Null);
            self.open.push((number, node));
        }
        json!({ "$ref": format!("#/components/schemas/{number}") })
    }

    /// Whether a value of one schema is a value of another one, or of one of several with it.
    fn leads_to(&self, node: &'d Node, goal: &Node) -> bool {
        let mut open = vec![node];
        let mut seen: HashSet<*const Node> = HashSet::new();
        while let Some(node) = open.pop() {
            if std::ptr::eq(node, goal) {
                return true;
            }
            if !seen.insert(std::ptr::from_ref(node)) {
                continue;
            }
            if let Some(reference) = node.reference() {
                open.extend(self.model.target(reference));
                continue;
            }
            let lists = ["allOf", "anyOf", "oneOf"].map(|list| node.get(list));
            open.extend(lists.into_iter().flatten().flat_map(Node::items));
            open.extend(node.get("not"));
        }
        false
    }

    fn inline(&mut self, node: &'d Node, but: &str) -> Json {
        if but.is_empty() && node.takes_only_null() {
            return json!({"type": "null"});
        }
        let mut out = Map::new();
        for (key, value) in node.members().filter(|(key, _)| key.text != but) {
            if let Some(converted) = self.keyword(&key.text, value) {
                out.insert(key.text.to_string(), converted);
            }
        }
        // Messages show the pattern as it is written.
        if let (Some(built), Some(written)) = (out.get("pattern"), node.text("pattern"))
            && built != written
        {
            out.insert(WRITTEN.to_owned(), written.into());
        }
        exclusive(node, &mut out, "exclusiveMinimum", "minimum");
        exclusive(node, &mut out, "exclusiveMaximum", "maximum");
        range_of_format(&mut out);
        if out.contains_key("enum") && self.unclear.is_enum(node) {
            // The list says what is meant, whatever contradicts it.
            out.retain(|key, _| key == "enum");
            if let Some(Json::Array(values)) = out.get_mut("enum") {
                let words = values.iter().filter(|value| value.is_number() || value.is_boolean());
                let words: Vec<Json> = words.map(|value| value.to_string().into()).collect();
                values.extend(words);
            }
        }
        if is_nullable(node) {
            nullable(&mut out);
        }
        Json::Object(out)
    }

    /// A keyword as JSON Schema has it; none where it is left out.
    fn keyword(&mut self, key: &str, value: &'d Node) -> Option<Json> {
        let is_limit = matches!(value.kind, Value::Number(_)) || key == "pattern";
        if is_limit && self.unclear.has(value) {
            return None;
        }
        match (key, &value.kind) {
            ("type", Value::String(name)) => {
                let known = ["array", "boolean", "integer", "number", "object", "string"];
                known.contains(&name.as_str()).then(|| json!(name.as_str()))
            }
            ("pattern", Value::String(pattern)) => {
                self.compiles(pattern).then(|| json!(patterns::portable(pattern)))
            }
            ("format", Value::String(format)) => Some(json!(format.as_str())),
            ("multipleOf", Value::Number(step)) => {
                step.as_f64().is_some_and(|step| step > 0.0).then(|| json!(step))
            }
            ("minimum" | "maximum", Value::Number(bound)) => Some(json!(bound)),
            (
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
                | "maxProperties",
                Value::Number(limit),
            ) => limit.is_u64().then(|| json!(limit)),
            (
                "uniqueItems" | "readOnly" | "writeOnly" | "additionalProperties",
                Value::Bool(flag),
            ) => Some(json!(flag)),
            ("required", Value::Array(names)) => {
                let clear = names.iter().filter(|name| !self.unclear.has(name));
                let mut names: Vec<&str> = clear.filter_map(Node::as_str).collect();
                names.sort_unstable();
                names.dedup();
                Some(json!(names))
            }
            ("enum", Value::Array(values)) if !values.is_empty() => {
                Some(values.iter().map(Node::to_json).collect())
            }
            ("not", Value::Object(_)) => Some(self.schema(value, "")),
            ("items" | "additionalProperties", Value::Object(_)) => Some(self.inner(value)),
            ("allOf" | "anyOf" | "oneOf", Value::Array(members)) if !members.is_empty() => {
                let clear = members.iter().filter(|member| !self.unclear.has_member(member));
                let clear: Vec<&Node> = clear.collect();
                Some(clear.into_iter().map(|member| self.schema(member, "")).collect())
            }
            ("properties", Value::Object(members)) => {
                let mut properties = Map::new();
                for (name, property) in members {
                    let property = if self.members.contains(name.text.as_str()) {
                        self.inner(property)
                    } else {
                        self.missing(property)
                    };
                    properties.insert(name.text.to_string(), property);
                }
                Some(Json::Object(properties))
            }
            _ => None,
        }
    }

    /// The schema of a part of the value.
    fn inner(&mut self, node: &'d Node) -> Json {
        let within = self.within.take();
        let schema = self.schema(node, "");
        self.within = within;
        schema
    }

    /// What matters of a property that no value has: whether one of the two sides has no such property.
    fn missing(&self, node: &'d Node) -> Json {
        let mut out = Map::new();
        let mut open = vec![node];
        let mut seen: HashSet<*const Node> = HashSet::new();
        while let Some(node) = open.pop() {
            if !seen.insert(std::ptr::from_ref(node)) {
                continue;
            }
            for flag in ["readOnly", "writeOnly"] {
                if node.get(flag).is_some_and(Node::is_true) {
                    out.insert(flag.to_owned(), true.into());
                }
            }
            open.extend(node.reference().and_then(|reference| self.model.target(reference)));
            open.extend(["allOf", "anyOf", "oneOf"].iter().flat_map(|list| node.list(list)));
        }
        Json::Object(out)
    }

    fn compiles(&mut self, pattern: &'d str) -> bool {
        *self.patterns.entry(pattern).or_insert_with(|| patterns::is_buildable(pattern))
    }
}

/// The names of all members in a value.
fn names<'d>(value: &'d Node, found: &mut HashSet<&'d str>) {
    for (key, inner) in value.members() {
        found.insert(&key.text);
        names(inner, found);
    }
    value.items().iter().for_each(|item| names(item, found));
}

fn exclusive(node: &Node, out: &mut Map<String, Json>, flag: &str, bound: &str) {
    if node.get(flag).is_some_and(Node::is_true)
        && let Some(limit) = out.remove(bound)
    {
        out.insert(flag.to_owned(), limit);
    }
}

/// The formats of integers are ranges; of two bounds on one side the schema's own is kept.
fn range_of_format(out: &mut Map<String, Json>) {
    if out.get("type") != Some(&json!("integer")) {
        return;
    }
    let (min, max) = match out.get("format").and_then(Json::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    for (bound, exclusive, limit) in
        [("minimum", "exclusiveMinimum", min), ("maximum", "exclusiveMaximum", max)]
    {
        if !out.contains_key(bound) && !out.contains_key(exclusive) {
            out.insert(bound.to_owned(), json!(limit));
        }
    }
}

/// `null` joins the type that stands beside it. A list of values has to name it itself.
fn nullable(out: &mut Map<String, Json>) {
    if let Some(Json::String(name)) = out.get("type") {
        let types = json!([name, "null"]);
        out.insert("type".to_owned(), types);
    }
}
