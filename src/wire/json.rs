use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, MapAccess, Visitor};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Key;
use super::meaning::Meaning;
use crate::error::ErrorKind;
use crate::{Error, IntoOption};

/// A JSON value exactly as it came, which is decoded when it is asked for.
///
/// Whatever is valid JSON can be kept: `1.0` stays `1.0`, a number may have any number of digits, and
/// a value that no Rust type holds fails only whoever reads it. `Debug` shows its size and not its
/// text, which may be a secret.
///
/// ```
/// use letterhead::Json;
///
/// let total: Json = serde_json::from_str("1.0")?;
/// assert_eq!(total.as_str(), "1.0");
/// assert_eq!(total.read::<f64>()?, 1.0);
/// let list = Json::new(["a", "b"])?;
/// assert_eq!(list.as_str(), r#"["a","b"]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Two values are equal where they mean the same: blanks, the order of members and the way a number is
/// written make no difference, every digit does.
#[derive(Clone)]
pub struct Json(Repr);

#[derive(Clone)]
enum Repr {
    /// What a member is most often where its field can't hold it.
    Static(&'static str),
    Text(Box<RawValue>),
    /// A member of an object: its name and, from this byte on, its value.
    Member(Box<str>, u32),
}

/// Under this name `serde_json` reads and writes the text of a value.
const RAW: &str = "$serde_json::private::RawValue";

impl Json {
    pub(super) const NULL: Self = Self(Repr::Static("null"));
    pub(super) const EMPTY_LIST: Self = Self(Repr::Static("[]"));
    pub(super) const EMPTY_OBJECT: Self = Self(Repr::Static("{}"));

    /// Encodes `value`.
    ///
    /// # Errors
    /// A value that JSON can't hold, such as a map whose keys are no text.
    pub fn new(value: impl Serialize) -> Result<Self, Error> {
        let text = serde_json::value::to_raw_value(&value).map_err(|error| {
            let reason = "the value can't be written as JSON";
            Error::new(ErrorKind::InvalidRequest, reason).with_source(error)
        })?;
        Ok(Self(Repr::Text(text)))
    }

    /// The text of the value, without the blanks around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Static(text) => text,
            Repr::Text(text) => text.get(),
            Repr::Member(text, start) => &text[*start as usize..],
        }
    }

    /// The name of the member that this was read as, where it was.
    pub(super) fn member_name(&self) -> Option<&str> {
        match &self.0 {
            Repr::Member(text, start) => Some(&text[..*start as usize]),
            Repr::Static(_) | Repr::Text(_) => None,
        }
    }

    /// Decodes the value.
    ///
    /// # Errors
    /// The value isn't a `T`. The error shows nothing of it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.read_as(format_args!("the JSON value"))
    }

    /// As [`read`](Self::read), of a value that errors call so.
    pub(super) fn read_as<T: DeserializeOwned>(
        &self,
        name: fmt::Arguments<'_>,
    ) -> Result<T, Error> {
        serde_json::from_str(self.as_str()).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let reason = format!("{name} isn't what was asked for, at line {line} column {column}");
            Error::new(ErrorKind::Decode, reason).unsent()
        })
    }
}

/// What JSON always holds. A number that is none becomes null.
macro_rules! from {
    ($($value:ty,)*) => {$(
        impl From<$value> for Json {
            fn from(value: $value) -> Self {
                Self::new(value).unwrap_or(Self::NULL)
            }
        }
    )*};
}

from! { (), bool, i32, i64, u32, u64, f64, &str, String, &String, Value, &Value, }

impl IntoOption<Json> for Value {
    fn into_option(self) -> Result<Option<Json>, String> {
        Ok(Some(self.into()))
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        let (this, other) = (self.as_str(), other.as_str());
        this == other || Meaning::of(this) == Meaning::of(other)
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.as_str().len())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Static("null") => serializer.serialize_unit(),
            Repr::Static("[]") => [(); 0].serialize(serializer),
            Repr::Static(_) => serializer.collect_map::<(), (), _>([]),
            Repr::Text(text) => text.serialize(serializer),
            // As `RawValue` does.
            Repr::Member(..) => {
                let mut raw = serializer.serialize_struct(RAW, 1)?;
                raw.serialize_field(RAW, self.as_str())?;
                raw.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any valid JSON value")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
                let text = Box::<RawValue>::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Json(Repr::Text(text)))
            }

            // Of a format without raw text, and of what serde has buffered for `flatten` and
            // `untagged`, the value is taken instead.
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Json, D::Error> {
                Value::deserialize(deserializer).map(Json::from)
            }
        }

        deserializer.deserialize_newtype_struct(RAW, Either)
    }
}

/// Reads the value of the member with this name, and keeps both in one piece.
pub(crate) struct Named<'a>(pub(crate) &'a str);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, self)
    }
}

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        match map.next_key()? {
            Some(Key(name)) if name == RAW => map.next_value_seed(Text(self.0)),
            _ => Err(de::Error::custom("expected the text of a value")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let json = Json::from(Value::deserialize(deserializer)?);
        Text(self.0).visit_str(json.as_str())
    }
}

/// The text of the value of the member with this name.
struct Text<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a value")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Json, E> {
        let start = u32::try_from(self.0.len());
        let start = start.map_err(|_| E::custom("the name of a member is too long"))?;
        Ok(Json(Repr::Member([self.0, value].concat().into(), start)))
    }
}

impl JsonSchema for Json {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn valid_json_stays_as_it_came() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in [
            "1.0",
            "1e400",
            "-0",
            "123456789012345678901234567890",
            r#""\ud800""#,
            r#"{ "b" : [ 1.50 , {} ], "a":null }"#,
            &deep,
        ] {
            let json: Json = serde_json::from_str(text).unwrap();
            assert_eq!(json.as_str(), text);
            assert_eq!(serde_json::to_string(&json).unwrap(), text);
            assert_eq!(json, json.clone());
            assert!(!format!("{json:?}").contains(text));
        }
        assert!(serde_json::from_str::<Json>("{").unwrap_err().is_eof());
    }

    #[test]
    fn a_value_that_no_type_holds_fails_only_its_reader() {
        let json: Json = serde_json::from_str("1e400").unwrap();
        let error = json.read::<f64>().unwrap_err();
        assert!(error.is_decode() && !error.may_have_been_sent(), "{error}");
        assert_eq!(json.read::<Json>().unwrap(), json);
    }

    #[test]
    fn what_other_formats_and_buffers_hold_is_taken_as_a_value() {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Buffered {
            Object { member: Json },
        }
        let Buffered::Object { member } = serde_json::from_str(r#"{"member":{"a":1}}"#).unwrap();
        assert_eq!(member.as_str(), r#"{"a":1}"#);
        let of_value: Json = serde_json::from_value(json!([1, null])).unwrap();
        assert_eq!(of_value.as_str(), "[1,null]");
    }

    #[test]
    fn constants_are_json() {
        for (json, text) in
            [(Json::NULL, "null"), (Json::EMPTY_LIST, "[]"), (Json::EMPTY_OBJECT, "{}")]
        {
            assert_eq!(json.as_str(), text);
            assert_eq!(serde_json::to_string(&json).unwrap(), text);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_kept_or_refused(bytes: Vec<u8>) {
            if let Ok(json) = serde_json::from_slice::<Json>(&bytes) {
                prop_assert_eq!(json.as_str().as_bytes(), bytes.trim_ascii());
            }
        }
    }
}
