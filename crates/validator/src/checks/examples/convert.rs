//! From the located tree to JSON Schema, for the validator.
//!
//! What other rules refuse is left out here, so that one fault of a schema isn't reported again at each of
//! its examples, and so that the validator takes whatever comes.

use std::collections::{BTreeMap, HashMap, HashSet};

use letterhead_document::{Kind as Value, Node};
use serde_json::{Map, Value as Json, json};

use crate::finding::Findings;
use crate::model::{Model, component};
use crate::rule::Rule;
use crate::rules::{references, schemas, structure};

/// Faults of a schema that make it refuse what its author means. Examples that show what is meant
/// would only report the same fault again.
const UNSETTLING: [&Rule; 21] = [
    &schemas::ARRAY_WITHOUT_ITEMS,
    &schemas::DUPLICATE_ALTERNATIVE,
    &schemas::EMPTY_COMPOSITION,
    &schemas::EMPTY_ENUM,
    &schemas::ENUM_NULL,
    &schemas::ENUM_VALUE_TYPE,
    &schemas::EXCLUSIVE_WITHOUT_BOUND,
    &schemas::FORMAT_NOT_FOR_TYPE,
    &schemas::IMPOSSIBLE_BOUNDS,
    &schemas::INVALID_PATTERN,
    &schemas::ITEMS_OUTSIDE_ARRAY,
    &schemas::KEYWORD_WITHOUT_EFFECT,
    &schemas::MULTIPLE_OF,
    &structure::OPENAPI_3_1,
    &schemas::PATTERN_DIALECT,
    &schemas::PROPERTIES_OUTSIDE_OBJECT,
    &references::REFERENCE_SIBLINGS,
    &schemas::REQUIRED_WITHOUT_PROPERTY,
    &structure::UNKNOWN_KEY,
    &schemas::UNKNOWN_TYPE,
    &structure::WRONG_TYPE,
];

/// Converts schemas, and the components that they lead to.
pub(super) struct Converter<'a, 'd> {
    model: &'a Model<'d>,
    components: BTreeMap<&'d str, Json>,
    open: Vec<(&'d str, &'d Node)>,
    /// How many schemas were converted since the components were last taken.
    size: usize,
    /// The component that is being converted, while no property or item was entered.
    within: Option<&'d str>,
    /// Where schemas are at fault.
    faults: HashSet<u32>,
    /// Whether each pattern compiles.
    patterns: HashMap<&'d str, bool>,
}

impl<'a, 'd> Converter<'a, 'd> {
    pub(super) fn new(model: &'a Model<'d>, findings: &Findings) -> Self {
        let faults = findings.list.iter().filter(|finding| UNSETTLING.contains(&finding.rule));
        Self {
            model,
            faults: faults
                .flat_map(|finding| [Some(finding.span), finding.also.as_ref().map(|also| also.0)])
                .flatten()
                .map(|span| span.start)
                .collect(),
            components: BTreeMap::new(),
            open: Vec::new(),
            size: 0,
            within: None,
            patterns: HashMap::new(),
        }
    }

    /// A schema, whose components are converted with it.
    pub(super) fn convert(&mut self, node: &'d Node) -> Json {
        let schema = self.schema(node);
        while let Some((name, node)) = self.open.pop() {
            self.within = Some(name);
            let schema = self.schema(node);
            self.within = None;
            self.components.insert(name, schema);
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
            components.map(|(name, schema)| (name.to_owned(), schema)).collect();
        Json::Object(Map::from_iter([("schemas".to_owned(), schemas.into())]))
    }

    fn schema(&mut self, node: &'d Node) -> Json {
        self.size += 1;
        if self.is_at_fault(node) {
            return json!({});
        }
        match node.get("$ref") {
            Some(target) => self.reference(node, target),
            None => self.inline(node),
        }
    }

    /// Whether it is unclear what a schema means to allow.
    fn is_at_fault(&self, node: &Node) -> bool {
        let is_fault = |node: &Node| self.faults.contains(&node.span.start);
        !self.faults.is_empty()
            && node.members().any(|(key, value)| match &value.kind {
                Value::Object(_) => self.faults.contains(&key.span.start),
                Value::Array(items) => {
                    self.faults.contains(&key.span.start) || items.iter().any(is_fault)
                }
                _ => self.faults.contains(&key.span.start) || is_fault(value),
            })
    }

    fn reference(&mut self, holder: &'d Node, target: &'d Node) -> Json {
        let named = target.as_str().and_then(|reference| {
            let (section, name) = component(reference)?;
            let is_plain = section == "schemas" && !name.contains(['/', '~', '%']);
            let node = self.model.target(reference)?;
            // What would have to be looked at again and again allows anything here.
            self.model.resolve(holder)?;
            let is_endless = self.within.is_some_and(|within| self.leads_to(node, within));
            (is_plain && !is_endless).then_some((reference, name, node))
        });
        let Some((reference, name, node)) = named else {
            return json!({});
        };
        if !self.components.contains_key(name) {
            self.components.insert(name, Json::Null);
            self.open.push((name, node));
        }
        json!({ "$ref": reference })
    }

    /// Whether a value of one schema is a value of a component, or of one of several with it.
    fn leads_to(&self, node: &'d Node, name: &str) -> bool {
        let mut open = vec![node];
        let mut seen: HashSet<*const Node> = HashSet::new();
        while let Some(node) = open.pop() {
            if !seen.insert(std::ptr::from_ref(node)) {
                continue;
            }
            if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
                if component(reference) == Some(("schemas", name)) {
                    return true;
                }
                open.extend(self.model.target(reference));
                continue;
            }
            let lists = ["allOf", "anyOf", "oneOf"].map(|list| node.get(list));
            open.extend(lists.into_iter().flatten().flat_map(Node::items));
            open.extend(node.get("not"));
        }
        false
    }

    fn inline(&mut self, node: &'d Node) -> Json {
        let mut out = Map::new();
        for (key, value) in node.members() {
            if let Some(converted) = self.keyword(&key.text, value) {
                out.insert(key.text.to_string(), converted);
            }
        }
        exclusive(node, &mut out, "exclusiveMinimum", "minimum");
        exclusive(node, &mut out, "exclusiveMaximum", "maximum");
        range_of_format(&mut out);
        if node.get("nullable").is_some_and(Node::is_true) {
            return nullable(out);
        }
        Json::Object(out)
    }

    /// A keyword as JSON Schema has it; none where it is left out.
    fn keyword(&mut self, key: &str, value: &'d Node) -> Option<Json> {
        match (key, &value.kind) {
            ("type", Value::String(name)) => {
                let known = ["array", "boolean", "integer", "number", "object", "string"];
                known.contains(&name.as_str()).then(|| json!(name.as_str()))
            }
            ("pattern", Value::String(pattern)) => {
                self.compiles(pattern).then(|| json!(pattern.as_str()))
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
                let mut names: Vec<&str> = names.iter().filter_map(Node::as_str).collect();
                names.sort_unstable();
                names.dedup();
                Some(json!(names))
            }
            ("enum", Value::Array(values)) if !values.is_empty() => {
                Some(values.iter().map(Node::to_json).collect())
            }
            ("not", Value::Object(_)) => Some(self.schema(value)),
            ("items" | "additionalProperties", Value::Object(_)) => Some(self.inner(value)),
            ("allOf" | "anyOf" | "oneOf", Value::Array(members)) if !members.is_empty() => {
                Some(members.iter().map(|member| self.schema(member)).collect())
            }
            ("properties", Value::Object(members)) => {
                let mut properties = Map::new();
                for (name, property) in members {
                    properties.insert(name.text.to_string(), self.inner(property));
                }
                Some(Json::Object(properties))
            }
            _ => None,
        }
    }

    /// The schema of a part of the value.
    fn inner(&mut self, node: &'d Node) -> Json {
        let within = self.within.take();
        let schema = self.schema(node);
        self.within = within;
        schema
    }

    fn compiles(&mut self, pattern: &'d str) -> bool {
        *self.patterns.entry(pattern).or_insert_with(|| {
            regress::Regex::new(pattern).is_ok()
                && jsonschema::options().build(&json!({ "pattern": pattern })).is_ok()
        })
    }
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

/// `null` joins the type where that is all it takes, so that what else is wrong is reported as plainly as
/// without it.
fn nullable(mut out: Map<String, Json>) -> Json {
    let is_composed = ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| out.contains_key(*key));
    match out.get("type") {
        Some(Json::String(name)) if !is_composed => {
            let types = json!([name, "null"]);
            out.insert("type".to_owned(), types);
            if let Some(Json::Array(values)) = out.get_mut("enum")
                && !values.contains(&Json::Null)
            {
                values.push(Json::Null);
            }
            Json::Object(out)
        }
        _ => json!({ "anyOf": [{ "type": "null" }, out] }),
    }
}
