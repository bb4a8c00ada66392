use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use thin_vec::ThinVec;

use super::json::Named;
use super::{Json, Key};
use crate::{Error, IntoOption};

/// The members of a JSON object, each value exactly as it came.
///
/// In `extra` of a type it holds what the document doesn't know, and nulls and empty lists of what it
/// does. `Debug` shows names only, since a value may be a secret.
///
/// ```
/// use letterhead::JsonObject;
///
/// let mut extra = JsonObject::default();
/// extra.insert("employees", 12);
/// assert_eq!(extra.get_raw("employees"), Some("12"));
/// assert_eq!(extra.get::<u32>("employees").transpose()?, Some(12));
/// assert_eq!(extra.get::<u32>("branches").transpose()?, None);
/// # Ok::<(), letterhead::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
// Every object of every response has one, which is empty in most of them: then it is a pointer and no more.
pub struct JsonObject(ThinVec<Member>);

/// A member, whose value knows the name where both were read in one piece.
#[derive(Clone)]
struct Member {
    name: Option<Cow<'static, str>>,
    value: Json,
}

impl JsonObject {
    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a member `name`, be it null.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.json(name).is_some()
    }

    /// Decodes the member `name`; none where there is no such member.
    ///
    /// # Errors
    /// The member isn't a `T`. The error shows nothing of it.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<Result<T, Error>> {
        let json = self.json(name)?;
        Some(json.read_as(format_args!("the member {name:?}")))
    }

    /// The JSON text of the member `name`, exactly as it came.
    #[must_use]
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        self.json(name).map(Json::as_str)
    }

    /// The member `name` as it came.
    #[must_use]
    pub fn json(&self, name: &str) -> Option<&Json> {
        self.find(name).ok().map(|at| &self.0[at].value)
    }

    /// Sets the member `name`: to a text, a number, a [`Value`], or any [`Json`]. The value that was
    /// there is returned.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        let (name, value) = (name.into(), value.into());
        let at = self.find(&name);
        let member = Member { name: Some(name.into()), value };
        match at {
            Ok(at) => Some(std::mem::replace(&mut self.0[at], member).value),
            Err(at) => {
                self.0.insert(at, member);
                None
            }
        }
    }

    /// Takes the member `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.find(name).ok()?;
        Some(self.0.remove(at).value)
    }

    /// The members by name, each with its JSON text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().map(|(name, value)| (name, value.as_str()))
    }

    /// The members by name.
    pub(crate) fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.0.iter().map(|member| (member.name(), &member.value))
    }

    /// Adds a member that the document knows; [`sort`](Self::sort) has to follow.
    pub(crate) fn push(&mut self, name: &'static str, value: Json) {
        self.push_member(Member { name: Some(name.into()), value });
    }

    /// Reads the value of the member `name`, and adds it; [`sort`](Self::sort) has to follow.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value_seed(Named(name))?;
        self.push_member(Member { name: None, value });
        Ok(())
    }

    fn push_member(&mut self, member: Member) {
        // Most objects that have one have no other.
        if self.0.is_empty() {
            self.0.reserve_exact(1);
        }
        self.0.push(member);
    }

    /// The place of the member `name`, or where it would be.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|member| member.name().cmp(name))
    }

    /// Puts the members that were pushed in order. Of those with one name the last stays.
    pub(crate) fn sort(&mut self) {
        if self.0.len() > 1 {
            self.0.sort_by(|one, other| one.name().cmp(other.name()));
            self.0.dedup_by(|later, kept| {
                let is_twin = later.name() == kept.name();
                if is_twin {
                    std::mem::swap(later, kept);
                }
                is_twin
            });
        }
    }
}

impl Member {
    fn name(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None => self.value.member_name().unwrap_or_default(),
        }
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.value == other.value
    }
}

impl Eq for Member {}

impl FromIterator<(String, Json)> for JsonObject {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Self {
        let mut object = Self::default();
        for (name, value) in members {
            object.push_member(Member { name: Some(name.into()), value });
        }
        object.sort();
        object
    }
}

impl From<Map<String, Value>> for JsonObject {
    fn from(members: Map<String, Value>) -> Self {
        let members = members.into_iter();
        members.map(|(name, value)| (name, value.into())).collect()
    }
}

impl IntoOption<JsonObject> for Map<String, Value> {
    fn into_option(self) -> Result<Option<JsonObject>, String> {
        Ok(Some(self.into()))
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members().map(|(name, _)| name)).finish()
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members())
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = JsonObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonObject, A::Error> {
                let mut object = JsonObject::default();
                while let Some(Key(name)) = map.next_key()? {
                    object.read(&name, &mut map)?;
                }
                object.sort();
                Ok(object)
            }
        }

        deserializer.deserialize_map(All)
    }
}

impl JsonSchema for JsonObject {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "JsonObject".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "object", "additionalProperties": true})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_set_and_removed() {
        let mut object: JsonObject =
            serde_json::from_str(r#"{"b": 1.0, "a": null, "c": [1, 2], "b": 2.0}"#).unwrap();
        assert_eq!(object.len(), 3);
        assert_eq!(object.get_raw("b"), Some("2.0"), "the last one counts");
        assert!(object.contains("a") && !object.contains("d"));
        assert_eq!(object.get::<Vec<u8>>("c").unwrap().unwrap(), [1, 2]);
        assert!(object.get::<u8>("c").unwrap().is_err());
        object.insert("d", "x");
        assert_eq!(object.insert("a", 1), Some(Json::NULL));
        assert_eq!(
            serde_json::to_string(&object).unwrap(),
            r#"{"a":1,"b":2.0,"c":[1, 2],"d":"x"}"#
        );
        for name in ["a", "b", "c", "d"] {
            assert!(object.remove(name).is_some());
        }
        assert!(object.is_empty() && object.remove("a").is_none());
        assert_eq!(object, JsonObject::default());
    }

    #[test]
    fn debug_shows_names_only() {
        let object: JsonObject = serde_json::from_str(r#"{"password":"hunter2"}"#).unwrap();
        assert_eq!(format!("{object:?}"), r#"{"password"}"#);
    }

    #[test]
    fn an_empty_one_is_a_pointer() {
        assert_eq!(size_of::<JsonObject>(), size_of::<usize>());
    }
}
